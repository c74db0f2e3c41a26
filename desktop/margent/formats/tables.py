"""A table's cells while they are collected, and the one block they become."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from margent.document import Align, Block, Mark, sorted_marks
from margent.formats.places import Point

_WIDEST = 256
"""Columns up to which spans are honoured; beyond them a table is data that no page can show."""
_CELLS = 500_000
"""Cells up to which short rows are filled up."""

_Cell = tuple[str, tuple[Mark, ...]]
_EMPTY: _Cell = ("", ())


@dataclass
class Table:
    """Rows of cells. A cell that spans several places stands in the first, and the others are empty."""

    rows: list[list[_Cell]] = field(default_factory=list)
    heading_row: bool = False
    _aligns: dict[int, Align] = field(default_factory=dict)
    _below: dict[int, int] = field(default_factory=dict)
    """By column, how many more rows a cell from above reaches into."""
    _points: list[tuple[Point, int, int, int]] = field(default_factory=list)
    """Points with their row, column and place in the cell."""
    _cells: list[tuple[int, list[int]]] = field(default_factory=list)
    """For each row of the block its number among `rows`, where its cells begin in the text, and where it ends."""

    def row(self) -> None:
        """Begin a row."""
        reached = len(self.rows[-1]) if self.rows else 0
        self._below = {column: more - (column >= reached) for column, more in self._below.items() if more > 0}
        self.rows.append([])
        self._skip_taken()

    def cell(self, cell: _Cell, attributes: Mapping[str, str], *, heading: bool) -> None:
        """Put a cell into the row that was begun last; `attributes` are the tag's own."""
        if not self.rows:
            self.row()
        row = self.rows[-1]
        if len(self.rows) == 1 and not row:
            self.heading_row = heading
        elif len(self.rows) == 1:
            self.heading_row = self.heading_row and heading
        across = _number(attributes.get("colspan", ""), _WIDEST)
        down = _number(attributes.get("rowspan", ""), 1000)
        column = len(row)
        alignment = _alignment(attributes)
        if alignment:
            self._aligns.setdefault(column, alignment)
        room = max(1, min(across, _WIDEST - column))
        row.append(cell)
        row.extend([_EMPTY] * (room - 1))
        if down > 1 and column < _WIDEST:
            self._below.update(dict.fromkeys(range(column, column + room), down - 1))
        self._skip_taken()

    def points(self, points: Iterable[tuple[Point, int]]) -> None:
        """Keep points that lie in the cell that comes next."""
        row = max(len(self.rows) - 1, 0)
        column = len(self.rows[-1]) if self.rows else 0
        self._points.extend((point, row, column, place) for point, place in points)

    def settled(self) -> list[tuple[Point, int]]:
        """The points with their places in the text of the block, once it is made."""
        return [(point, self._place(row, column, place)) for point, row, column, place in self._points]

    def _place(self, row: int, column: int, place: int) -> int:
        row = bisect_left(self._cells, row, key=itemgetter(0))
        if row == len(self._cells):
            return self._cells[-1][1][-1] if self._cells else 0
        cells = self._cells[row][1]
        return cells[column] + place if column < len(cells) - 1 else cells[-1]

    def block(self) -> Block | None:
        """The table as a block; None when no cell has any text."""
        kept = [(index, row) for index, row in enumerate(self.rows) if any(text for text, _ in row)]
        rows = [row for _, row in kept]
        if not rows:
            return None
        heading_row = self.heading_row and rows[0] is self.rows[0] and len(rows) > 1
        width = max(map(len, rows))
        while width > 1 and all(len(row) < width or not row[width - 1][0] for row in rows):
            width -= 1
        if width * len(rows) <= max(_CELLS, 4 * sum(map(len, rows))):
            rows = [row[:width] + [_EMPTY] * (width - len(row)) for row in rows]
        marks: list[Mark] = []
        lines: list[str] = []
        position = 0
        for (index, _), row in zip(kept, rows, strict=True):
            cells = [position]
            for text, own in row:
                marks.extend(Mark(m.kind, m.start + position, m.end + position, m.target) for m in own)
                position += len(text) + 1
                cells.append(position)
            cells[-1] -= 1
            self._cells.append((index, cells))
            lines.append("\t".join(text for text, _ in row))
        return Block(
            "table",
            "\n".join(lines),
            sorted_marks(marks),
            align=tuple(self._aligns.get(column, "left") for column in range(width)),
            heading_row=heading_row,
        )

    def _skip_taken(self) -> None:
        row = self.rows[-1]
        while self._below.get(len(row), 0) > 0:
            self._below[len(row)] -= 1
            row.append(_EMPTY)


def _number(text: str, most: int) -> int:
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 9 else 1


def _alignment(attributes: Mapping[str, str]) -> Align | None:
    stated = attributes.get("style", "").partition("text-align:")[2] or attributes.get("align", "")
    match stated.split(";")[0].strip().lower():
        case "left" | "start" | "justify":
            return "left"
        case "center":
            return "center"
        case "right" | "end":
            return "right"
        case _:
            return None
