"""Where marked elements of the HTML come to stand in the text, for importers that know positions by element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.document import Block


@dataclass(slots=True)
class Point:
    """An edge of an element: a block and a place in its text, known once that block is complete."""

    end: bool
    block: int = -1
    offset: int = 0


class Places:
    """The edges of every element whose id begins with a prefix."""

    def __init__(self, prefix: str) -> None:
        """With "" for `prefix` no element is marked."""
        self._prefix = prefix
        self._spans: dict[str, tuple[Point, Point]] = {}

    def new(self, name: str) -> tuple[Point, Point] | None:
        """The edges of the element with this id, to be settled; None for one that is not marked or was there before."""
        if not self._prefix or not name.startswith(self._prefix) or name in self._spans:
            return None
        return self._spans.setdefault(name, (Point(end=False), Point(end=True)))

    def spans(self, blocks: Sequence[Block]) -> dict[str, tuple[int, int]]:
        """Start and end of each marked element, in code points of the text of `blocks` joined by newlines."""
        if not self._spans:
            return {}
        starts = [0]
        for block in blocks:
            starts.append(starts[-1] + len(block.text) + 1)
        length = max(starts[-1] - 1, 0)

        def place(point: Point) -> int:
            if point.block < 0:
                return 0
            return min(starts[min(point.block, len(blocks))] + point.offset, length)

        found: dict[str, tuple[int, int]] = {}
        for name, (first, last) in self._spans.items():
            start = place(first)
            found[name] = start, max(start, place(last))
        return found
