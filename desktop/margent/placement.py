"""Where the cards of the margin stand: numbers in, numbers out, so that it can be proved without a window."""

from collections.abc import Sequence


def place(
    wanted: Sequence[float],
    heights: Sequence[float],
    *,
    gap: float = 8,
    focus: int | None = None,
    top: float | None = None,
) -> list[float]:
    """The tops of cards in pixels: order kept, no two closer than `gap`, none moved that has room.

    `wanted` are the tops the cards would have beside their marks, in reading order; `heights` are as many.
    Without `focus` a card that lacks room is pushed down by the one before it and by no more than needed, and no
    card stands higher than `top`. The card `focus` (an index) stands exactly where it is wanted, be that above
    `top`; the cards before it then give way upwards, above `top` if they must, and those after it downwards.

    The result is a fixed point (placing it again moves nothing) and monotone (wanting a card lower never lifts
    another one), so cards do not jitter while one of them grows. Linear in the number of cards.
    Raises ValueError when the sequences differ in length, IndexError when `focus` is no card.
    """
    if len(wanted) != len(heights):
        raise ValueError(f"{len(wanted)} places for {len(heights)} cards")
    if focus is not None and not 0 <= focus < len(wanted):
        raise IndexError(f"card {focus} of {len(wanted)}")
    tops: list[float] = []
    lowest = top
    for index, (want, height) in enumerate(zip(wanted, heights, strict=True)):
        stands = want if lowest is None or index == focus else max(want, lowest)
        tops.append(stands)
        lowest = stands + height + gap
    for index in range(focus - 1 if focus is not None else -1, -1, -1):
        tops[index] = min(tops[index], tops[index + 1] - gap - heights[index])
    return tops
