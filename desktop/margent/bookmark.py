"""Where reading stopped, in a newer text of the document: at the same words, or beside what stood around them."""

from collections.abc import Iterator

_LINES = 200
"""So many lines on either side are looked for, the nearest first."""
_TELLING = 16
"""Code points of a line that tell where one is; shorter ones ("Summary", "2.") stand anywhere."""


def carried(old: str, new: str, position: int) -> int:
    """The place in `new` where a reader goes on who stopped at `position` of `old`, all in code points.

    The line itself if it is there, else beside the nearest line that is; the beginning when none of them is, for any
    other place would be nonsense.
    """
    position = max(0, min(position, len(old)))
    if old == new or not position:
        return min(position, len(new))
    for start, end in _lines(old, position):
        line = old[start:end]
        if len(line.strip()) < _TELLING:
            continue
        place = _nearest(new, line, start * len(new) // max(1, len(old)))
        if place is not None:
            inside = max(0, min(position - start, len(line)))
            return min(len(new), place + inside + (1 if end < position else 0))
    return 0


def _lines(text: str, position: int) -> Iterator[tuple[int, int]]:
    """The line at `position`, then those around it by turns, the one below before the one above."""
    start, end = text.rfind("\n", 0, position) + 1, text.find("\n", position)
    above, below = start, len(text) if end < 0 else end
    yield above, below
    for _ in range(_LINES):
        if below < len(text):
            first, end = below + 1, text.find("\n", below + 1)
            below = len(text) if end < 0 else end
            yield first, below
        if above > 0:
            last = above - 1
            above = text.rfind("\n", 0, last) + 1
            yield above, last


def _nearest(text: str, line: str, place: int) -> int | None:
    """Where `line` stands as a whole line nearest to `place`."""
    bounded, wanted = f"\n{text}\n", f"\n{line}\n"
    after = bounded.find(wanted, place)
    before = bounded.rfind(wanted, 0, place + len(wanted) - 1)
    found = [spot for spot in (before, after) if spot >= 0]
    return min(found, key=lambda spot: abs(spot - place)) if found else None
