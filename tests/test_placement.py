from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.placement import place

Margin: TypeAlias = tuple[list[float], list[float], float, int | None, float | None]

# Whole and quarter pixels are what layouts give, and their sums are exact.
pixels = st.integers(-4000, 40000).map(lambda quarter: quarter / 4)
sizes = st.integers(0, 2000).map(lambda quarter: quarter / 4)


@st.composite
def margins(draw: st.DrawFn, focused: bool | None = None) -> Margin:
    cards = draw(st.lists(st.tuples(pixels, sizes), min_size=1, max_size=40))
    if draw(st.booleans()):
        cards.sort(key=lambda card: card[0])
    wanted = [want for want, _ in cards]
    heights = [height for _, height in cards]
    gap = draw(st.sampled_from([0, 4, 8, 12.5]))
    choose = draw(st.booleans()) if focused is None else focused
    focus = draw(st.integers(0, len(cards) - 1)) if choose else None
    top = draw(st.one_of(st.none(), pixels))
    return wanted, heights, gap, focus, top


@pytest.mark.parametrize(
    ("wanted", "heights", "focus", "top", "expected"),
    [
        ([], [], None, None, []),
        ([10], [50], None, None, [10]),
        ([10, 100], [50, 50], None, None, [10, 100]),
        ([10, 20, 300], [50, 50, 50], None, None, [10, 68, 300]),
        ([10, 10, 10], [50, 20, 30], None, None, [10, 68, 96]),
        ([-30, 0], [10, 10], None, 5, [5, 23]),
        ([100, 110, 120], [50, 50, 50], 1, None, [52, 110, 168]),
        ([100, 110, 120], [50, 50, 50], 2, None, [4, 62, 120]),
        ([0, 10, 300], [50, 50, 50], 1, 0, [-48, 10, 300]),
        ([0, 500, 510], [50, 50, 50], 2, 0, [0, 452, 510]),
    ],
)
def test_cards_stand_where_there_is_room(
    wanted: list[float], heights: list[float], focus: int | None, top: float | None, expected: list[float]
) -> None:
    assert place(wanted, heights, focus=focus, top=top) == expected


@given(margins())
def test_no_two_cards_overlap_and_their_order_is_kept(margin: Margin) -> None:
    wanted, heights, gap, focus, top = margin
    tops = place(wanted, heights, gap=gap, focus=focus, top=top)
    assert len(tops) == len(wanted)
    for above, height, below in zip(tops, heights, tops[1:], strict=False):
        assert below - (above + height) >= gap


@given(margins(focused=True))
def test_the_focused_card_takes_exactly_its_place(margin: Margin) -> None:
    wanted, heights, gap, focus, top = margin
    assert place(wanted, heights, gap=gap, focus=focus, top=top)[focus] == wanted[focus]


@given(margins(focused=False))
def test_a_card_with_room_does_not_move_and_one_without_moves_as_little_as_it_can(margin: Margin) -> None:
    wanted, heights, gap, _, top = margin
    tops = place(wanted, heights, gap=gap, top=top)
    free = top
    for want, height, stands in zip(wanted, heights, tops, strict=True):
        assert stands == (want if free is None else max(want, free))
        free = stands + height + gap


@given(margins(focused=True))
def test_cards_around_the_focused_one_move_only_when_it_or_a_neighbour_presses(margin: Margin) -> None:
    wanted, heights, gap, focus, top = margin
    tops = place(wanted, heights, gap=gap, focus=focus, top=top)
    alone = place(wanted[:focus], heights[:focus], gap=gap, top=top)
    for index in range(focus):
        touches = tops[index] + heights[index] + gap == tops[index + 1]
        assert tops[index] == alone[index] or (touches and tops[index] < alone[index])
    for index in range(focus + 1, len(tops)):
        touches = tops[index - 1] + heights[index - 1] + gap == tops[index]
        assert tops[index] == wanted[index] or (touches and tops[index] > wanted[index])


@given(margins())
def test_placing_again_moves_nothing(margin: Margin) -> None:
    wanted, heights, gap, focus, top = margin
    tops = place(wanted, heights, gap=gap, focus=focus, top=top)
    assert place(tops, heights, gap=gap, focus=focus, top=top) == tops


@given(margins(), st.integers(0, 39), st.integers(0, 500))
def test_wanting_a_card_lower_lifts_no_card(margin: Margin, index: int, by: int) -> None:
    wanted, heights, gap, focus, top = margin
    lower = list(wanted)
    lower[index % len(wanted)] += by
    before = place(wanted, heights, gap=gap, focus=focus, top=top)
    after = place(lower, heights, gap=gap, focus=focus, top=top)
    assert all(new >= old for old, new in zip(before, after, strict=True))


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 places for 1"):
        place([1, 2], [10])
    with pytest.raises(IndexError, match="card 2 of 2"):
        place([1, 2], [10, 10], focus=2)
    with pytest.raises(IndexError, match="card -1"):
        place([1, 2], [10, 10], focus=-1)
