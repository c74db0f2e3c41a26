"""Rows of a PDF whose parts stand under each other, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from margent.formats.pdfdraft import Draft
from margent.formats.pdfjoining import join
from margent.formats.pdfmarkers import bullet, depth, leader
from margent.formats.pdfpage import Cell
from margent.formats.pdfwords import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.formats.pdfjoining import Vocabulary
    from margent.formats.pdfmeasure import Measure
    from margent.formats.pdfpage import Line

_ROWS: Final = 3
"""Rows with two cells or more that make a table at the least."""
_COLUMNS: Final = 24


def table_at(lines: Sequence[Line], index: int, measure: Measure, vocabulary: Vocabulary) -> tuple[Draft, int] | None:
    """The table that begins at line `index`, and the index of the line after it; None where none begins."""
    if not _is_row(lines[index]):
        return None
    end = _end(lines, index, measure)
    rows = lines[index:end]
    if sum(len(line.cells) > 1 for line in rows) < _ROWS:
        return None
    columns = _columns(rows)
    if not 2 <= len(columns) <= _COLUMNS or not _is_sound(rows, columns):
        return None
    return _draft(rows, columns, vocabulary), end


def _is_row(line: Line) -> bool:
    if len(line.cells) < 2 or leader(line.text) or line.face.mono:
        return False
    if len(line.cells) == 2 and (bullet(line.text) or depth(line.text)):
        # A bullet or a number with its item or heading.
        return line.cells[0].end - line.cells[0].start > 8
    return True


def _end(lines: Sequence[Line], index: int, measure: Measure) -> int:
    """Where the rows that begin at `index` end: at a wide gap, another column, or prose over the whole width."""
    end = index + 1
    last_row = extra = index
    while end < len(lines):
        line, before = lines[end], lines[end - 1]
        if (line.page, line.number) != (before.page, before.number) or before.base - line.base > 3.2 * measure.leading(
            line
        ):
            break
        if _is_row(line):
            last_row = end
        elif any(abs(line.left - cell.left) < 2 for cell in lines[last_row].cells[1:]):
            # A further line of a cell.
            if before.base - line.base > 1.35 * measure.leading(line):
                break
            extra = end
        elif end - last_row > 2 or line.right - line.left > 0.6 * (line.column.right - line.column.left):
            break
        end += 1
    return max(last_row, extra if extra > last_row else 0) + 1


def _columns(rows: Sequence[Line]) -> list[tuple[float, float]]:
    """The horizontal stretches that cells of the rows cover, those of rows with one cell left out."""
    spans = sorted((cell.left, cell.right) for line in rows if len(line.cells) > 1 for cell in line.cells)
    found: list[tuple[float, float]] = []
    for left, right in spans:
        if found and left < found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _is_sound(rows: Sequence[Line], columns: list[tuple[float, float]]) -> bool:
    """Whether the rows fill the columns well enough to be a table and not words that happen to stand apart."""
    many = [line for line in rows if len(line.cells) > 1]
    filled = sum(len(line.cells) for line in many)
    return filled >= 0.6 * len(many) * len(columns) and len(many) >= 0.5 * len(rows)


def _draft(rows: Sequence[Line], columns: list[tuple[float, float]], vocabulary: Vocabulary) -> Draft:
    draft = Draft("table")
    table: list[list[list[tuple[Line, int, int]]]] = []
    for place, line in enumerate(rows):
        row: list[list[tuple[Line, int, int]]] = [[] for _ in columns]
        for cell in line.cells or (Cell(0, len(line.text), line.left, line.right),):
            row[_column(cell.left, cell.right, columns)].append((line, cell.start, cell.end))
        close = place and rows[place - 1].base - line.base < 1.35 * line.size
        if not line.cells and table and close and not row[0]:
            # The second line of a cell above.
            for above, parts in zip(table[-1], row, strict=True):
                above.extend(parts)
        else:
            table.append(row)
    for number, row in enumerate(table):
        draft.text += "\n" if number else ""
        for column, parts in enumerate(row):
            draft.text += "\t" if column else ""
            for part, (line, start, end) in enumerate(parts):
                if part:
                    draft.text, between = join(draft.text, line.text[start:end], vocabulary)
                    draft.text += between
                shift = len(draft.text) - start
                if not draft.turns:
                    draft.turns.append((0, line.page))
                draft.marks.extend(
                    (kind, max(first, start) + shift, min(last, end) + shift, target)
                    for kind, first, last, target in line.marks
                    if first < end and last > start
                )
                draft.text += line.text[start:end].replace("\t", " ")
    draft.lines.extend(rows)
    draft.marks = joined(draft.marks)
    draft.heading_row = len(table) > 1 and rows[0].face.bold and not rows[-1].face.bold
    return draft


def _column(left: float, right: float, columns: list[tuple[float, float]]) -> int:
    """The column that a cell covers most of; of equal ones the first."""
    covered = [min(right, end) - max(left, start) for start, end in columns]
    return covered.index(max(covered))
