"""Words by their stems: the same whatever pieces a long text is taken in, and without a list of all its words."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent import stemming
from margent.stemming import Stems, words_of

_LETTERS = "abAZéß .,\n\u0301\u00a0\u200bқй中กا\u064e’-1_"


@given(st.text(_LETTERS, max_size=120), st.integers(1, 20))
def test_a_long_text_has_the_same_words_as_its_pieces(text: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stemming, "_PIECE", size)
        pieces = list(stemming._pieces(text))
        keys = Stems("en").text(text)
    assert "".join(pieces) == text
    assert [word for piece in pieces for word in words_of(piece)] == words_of(text)
    assert keys.split() == Stems("en").text(text).split()


def test_a_long_text_takes_no_more_than_a_few_times_itself() -> None:
    text = "The corridors were reopened, and agreements signed.\n" * 80_000
    stems = Stems("en")
    stems.text(text[:1000])
    tracemalloc.start()
    try:
        stems.text(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(text)


def test_stems_are_forgotten_before_they_take_a_library_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stemming, "_REMEMBERED", 10)
    stems = Stems("en")
    assert [stems.key(f"reforms{number}" if number % 2 else "reforms") for number in range(100)][::2] == ["reform"] * 50
    assert len(stems._known) <= 10
