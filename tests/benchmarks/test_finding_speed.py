"""Find in a text of 7 MB, told as a multiple of a bare str.find over the same text."""

import time
from collections.abc import Callable

import pytest

from margent.finding import Finder

pytestmark = pytest.mark.benchmark

PROSE = "The corridor reopened on 3 May, and the Parties agreed to it — l’été prochain.\n"
TEXT = PROSE * 90_000 + "The last word is zymurgy."


def seconds(action: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return min(times)


@pytest.mark.parametrize(
    ("query", "words"), [("zymurgy", False), ("zymurgy", True), ("last word is", False), ("absent words", False)]
)
def test_the_only_hit_at_the_end_of_a_long_text(query: str, words: bool) -> None:
    floor = seconds(lambda: TEXT.find("zymurgy"))
    finder = Finder(TEXT)
    folding = seconds(lambda: Finder(TEXT).folded())
    finder.folded()
    took = seconds(lambda: next(finder.find(query, words=words), None))
    print(
        f"\n{len(TEXT) / 1e6:.1f} MB, {query!r}{' as words' * words}: {took * 1000:.1f} ms, "
        f"{took / floor:.1f} × str.find ({floor * 1000:.1f} ms); folding once {folding * 1000:.0f} ms"
    )
    assert took < 0.02 or took / floor < 10


def test_the_next_hit_costs_nothing_and_a_letter_is_counted_in_one_sweep() -> None:
    finder = Finder(TEXT)
    finder.folded()
    following = seconds(lambda: next(finder.find("corridor", start=len(TEXT) // 2)))
    counting = seconds(lambda: finder.count("e"))
    floor = seconds(lambda: TEXT.count("e"))
    print(
        f"\nnext hit {following * 1e6:.0f} µs; counting a letter {counting * 1000:.1f} ms, "
        f"{counting / floor:.1f} × str.count"
    )
    assert following < 0.001
    assert counting / floor < 10
