"""Word by word: what stayed, what went and what came, from which both texts can be made again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.difference import Part, difference, shortened

WORDS = st.sampled_from(
    ["the", "The", "council", "budget", "of", "2026", "Almaty", "мәтін", "水", "e\u0301", "a-b", ""]
)
GAPS = st.sampled_from([" ", ", ", "\n", "  ", ". ", "“", ""])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=30).map(lambda pairs: "".join(word + gap for word, gap in pairs))


def told(old: str, new: str) -> str:
    signs = {"same": "%s", "removed": "[-%s-]", "added": "{+%s+}"}
    return "".join(signs[part.op] % part.text for part in difference(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("The same.", "The same.", "The same."),
        ("", "New.", "{+New.+}"),
        ("Old.", "", "[-Old.-]"),
        (
            "States shall send their reports before March.",
            "States shall send their annual reports before March.",
            "States shall send their {+annual +}reports before March.",
        ),
        (
            "States shall send their reports before the end of March.",
            "States shall send their reports before the end of April.",
            "States shall send their reports before the end of [-March-]{+April+}.",
        ),
        ("The Council meets in spring", "The council meets in spring", "The [-Council-]{+council+} meets in spring"),
        ("Water, trade and rail", "Water, trade, and rail", "Water, trade{+,+} and rail"),
    ],
)
def test_what_changed_is_told_by_whole_words(old: str, new: str, expected: str) -> None:
    assert told(old, new) == expected


@given(TEXTS, TEXTS)
def test_both_texts_can_be_made_again_from_the_parts(old: str, new: str) -> None:
    found = difference(old, new)
    assert "".join(part.text for part in found if part.op != "added") == old
    assert "".join(part.text for part in found if part.op != "removed") == new
    assert all(part.text for part in found)
    assert all(first.op != second.op for first, second in pairwise(found))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_letters_will_do(old: str, new: str) -> None:
    found = difference(old, new)
    assert "".join(part.text for part in found if part.op != "added") == old
    assert "".join(part.text for part in found if part.op != "removed") == new


def test_a_text_that_did_not_change_has_one_part() -> None:
    assert difference("One two", "One two") == [Part("same", "One two")]


def test_long_stretches_that_stayed_are_shortened_to_what_is_beside_a_change() -> None:
    long = "one two three four five six seven eight nine ten"
    found = [Part("same", long), Part("removed", "X"), Part("same", long), Part("added", "Y"), Part("same", long)]
    short = shortened(found, 10)
    assert [part.op for part in short] == [part.op for part in found]
    assert [part.text for part in short] == ["… nine ten", "X", "one two … nine ten", "Y", "one two …"]
    assert shortened([Part("same", "one two"), Part("added", "Y")], 10)[0].text == "one two"
