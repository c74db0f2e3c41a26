"""The reading place in a newer text: never anywhere but beside words that were around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.bookmark import carried

A = "The corridor was closed for repairs."
B = "Ministers met in Astana on Monday."
C = "Freight rose by a tenth that year."
NEW = "An introduction that was not there."


@pytest.mark.parametrize(
    ("old", "at", "new", "expected"),
    [
        ([A, B, C], B, [NEW, A, B, C], B),
        ([A, B, C], "Astana on", [NEW, A, B, C], "Astana on"),
        ([A, B, C], B, [NEW, A, "Ministers met elsewhere.", C], C),
        ([A, B], B, [NEW, A, "Ministers met elsewhere."], "Ministers met elsewhere."),
        ([A, "2.", B, "2.", C], C, ["2.", C, "2."], C),
        ([A, B, A, C], C, [A, B, A], ""),
        ([A, B], A, [NEW, A, B], NEW),
        ([A, B], B, ["Nothing of all this.", "Not a word."], "Nothing"),
    ],
)
def test_reading_goes_on_where_it_stopped(old: list[str], at: str, new: list[str], expected: str) -> None:
    before, after = "\n".join(old), "\n".join(new)
    place = carried(before, after, before.index(at))
    assert after[place:].startswith(expected)
    if not expected:
        assert place == len(after)


def test_of_equal_lines_the_one_at_the_same_height_is_meant() -> None:
    old = "\n".join([A, B, C] * 10)
    new = "\n".join([NEW, *[A, B, C] * 10])
    place = old.index(B, old.index(B, old.index(B) + 1) + 1)
    assert carried(old, new, place) == place + len(NEW) + 1


@given(st.lists(st.text("ab \n", max_size=30)), st.lists(st.text("ab \n", max_size=30)), st.integers(-5, 500))
def test_the_place_is_in_the_text(old: list[str], new: list[str], position: int) -> None:
    before, after = "\n".join(old), "\n".join(new)
    assert 0 <= carried(before, after, position) <= len(after)


@given(st.lists(st.sampled_from([A, B, C, "", "1."])), st.integers(0, 200))
def test_the_same_text_keeps_its_place(lines: list[str], position: int) -> None:
    text = "\n".join(lines)
    assert carried(text, text, position) == min(position, len(text))
