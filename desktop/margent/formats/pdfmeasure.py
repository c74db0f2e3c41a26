"""What is usual in a PDF: the size of its text, the distance of its lines, how far they reach in their column."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from margent.formats.pdfpage import Line

_LEADING: Final = 1.25
"""Of the letters' size: how far lines are apart where a document has too few to tell."""


class Measure:
    """The usual measures of a document's lines, which are given in reading order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[float] = Counter()
        bold: Counter[bool] = Counter()
        for line in lines:
            letters[line.size] += len(line.text)
            bold[line.face.bold] += len(line.text)
        self.size: float = letters.most_common(1)[0][0] if letters else 10.0
        """Points of most letters."""
        self.bold_tells: bool = bold[True] < 0.4 * (bold[True] + bold[False])
        """Whether bold letters are few enough to mean something."""
        self.indents: bool = _indents(lines)
        """Whether paragraphs are told by the indentation of their first line."""
        self._leadings = _leadings(lines)
        self._reach = _reaches(lines)

    def leading(self, line: Line) -> float:
        """How far below `line` the next one of its paragraph stands, points."""
        learnt = self._leadings.get(round(line.size), _LEADING * line.size)
        # Of headings there are more distances between two than between the lines of one.
        return min(learnt, 1.3 * line.size) if line.size > 1.1 * self.size else learnt

    def reach(self, lines: Sequence[Line], index: int) -> float:
        """The right edge that line `index` would reach if its paragraph went on, points.

        The smaller of how far its column goes and how far the lines around it go, so that neither a table in the
        column nor a narrower quotation deceives.
        """
        line = lines[index]
        near = [
            other.right
            for other in lines[max(0, index - 4) : index + 5]
            if (other.page, other.number) == (line.page, line.number) and abs(other.size - line.size) < 0.6
        ]
        return max(line.right, min(max(near), self._reach.get((line.page, line.number), max(near))))


def usual_size(lines: Iterable[Line]) -> float:
    """Points of most letters; 10 where there are none."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 10.0


def _leadings(lines: Sequence[Line]) -> dict[int, float]:
    """The most frequent distance of two lines of one look, by their rounded size."""
    steps: dict[int, Counter[float]] = {}
    for line, after in pairwise(lines):
        step = line.base - after.base
        alike = abs(line.size - after.size) < 0.3 and (line.page, line.number) == (after.page, after.number)
        if alike and 0.8 * line.size < step < 2.6 * line.size:
            steps.setdefault(round(line.size), Counter())[round(step * 2) / 2] += 1
    found: dict[int, float] = {}
    for size, counter in steps.items():
        total = sum(counter.values())
        if total >= 3:
            # The smallest distance that is common: that of lines, where that of paragraphs is frequent too.
            found[size] = min(step for step, count in counter.items() if count >= 0.25 * max(counter.values()))
    return found


def _reaches(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    rights: dict[tuple[int, int], list[float]] = {}
    for line in lines:
        rights.setdefault((line.page, line.number), []).append(line.right)
    return {place: sorted(own)[int(0.9 * (len(own) - 1))] for place, own in rights.items() if len(own) >= 5}


def _indents(lines: Sequence[Line]) -> bool:
    """Whether more paragraphs begin with a line set in by one to four letters than not."""
    inward = outward = 0
    for before, line, after in zip(lines, islice(lines, 1, None), islice(lines, 2, None), strict=False):
        if not (before.page, before.number) == (line.page, line.number) == (after.page, after.number):
            continue
        if before.right > before.column.right - 3 * before.size or before.text[-1:] not in ".!?”":
            continue
        if 0.8 * line.size < line.left - after.left < 4.5 * line.size:
            inward += 1
        elif abs(line.left - after.left) < 0.3 * line.size:
            outward += 1
    return inward > outward
