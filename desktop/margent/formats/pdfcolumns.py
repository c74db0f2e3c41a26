"""Words of a page into lines in the order they are read: columns are parted by the white between them.

A gutter is an upright stretch of white with lines of prose on both sides. The tallest one divides its part of the page
into what stands above it, its left, its right and what stands below; each of these is divided again. So a title or
table across two columns ends their gutter, and a gutter begins anew under it.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from statistics import median
from typing import TYPE_CHECKING, Final

from margent.formats.pdfletters import leans_left
from margent.formats.pdfpage import Box, Cell, Line
from margent.formats.pdfwords import Word, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ACROSS: Final = 0.2
_UP: Final = 0.5
"""Of the usual size of letters: the grid on which white is looked for."""
_WIDTH: Final = 4
"""Cells of the grid that a gutter is wide at the least."""
_LINES: Final = 3
"""Lines that stand on both sides of a gutter at the least."""
_PROSE: Final = 14
"""Letters that the lines beside a gutter usually have at the least; cells of a table have fewer."""
_RUN = re.compile("0{3,}")
_WIDE: Final = 1.6
"""Of the letters' size: a gap that parts cells of a table and never words of a line."""


def lines_of(words: Sequence[Word], rules: Sequence[Box] = (), page: int = 0) -> list[Line]:
    """The lines of a page in reading order. `rules` are the lines drawn on it: a table's tell it from columns."""
    if not words:
        return []
    size = median(word.face.size for word in words)
    rightwards = sum(leans_left(word.text) for word in words) * 2 > len(words)
    gutters = find_gutters(words, rules, max(size, 4.0))
    lines: list[Line] = []
    for number, zone in enumerate(_zones(list(words), gutters, rightwards=rightwards)):
        own = _lines(zone)
        box = Box(
            min(line.left for line in own),
            min(line.base for line in own),
            max(line.right for line in own),
            max(line.base + line.size for line in own),
        )
        for line in own:
            line.page, line.number, line.column = page, number, box
        lines.extend(own)
    return lines


def mirrored(lines: Sequence[Line]) -> None:
    """Turn a page that is read from the right about, so that lines begin at the left for all that comes after."""
    for line in lines:
        line.left, line.right = -line.right, -line.left
        line.column = line.column._replace(left=-line.column.right, right=-line.column.left)
        line.cells = tuple(cell._replace(left=-cell.right, right=-cell.left) for cell in line.cells)


# -- gutters ----------------------------------------------------------------------------------------------------------


def find_gutters(words: Sequence[Word], rules: Sequence[Box], size: float) -> list[Box]:
    """The white between columns of a page whose letters usually are of `size` points."""
    candidates = _white(words, size)
    ordered = sorted(words, key=lambda word: word.base)
    bases = [word.base for word in ordered]
    accepted: list[Box] = []
    smaller: list[Box] = []
    added: list[Box] = []
    for box in candidates:
        if any(_meet(box, other) for other in accepted):
            continue
        level = ordered[bisect_left(bases, box.bottom - 0.3 * size) : bisect_right(bases, box.top - 0.3 * size)]
        verdict = _parts_columns(box, _between(box, level, accepted), rules, size)
        if verdict:
            accepted.append(box)
        elif verdict is None:
            smaller.append(box)
    wide = 2 * size * _ACROSS
    for box in smaller:
        # Two lines left over above a picture stand in the columns that the rest of the page has.
        if any(box.left <= sure.left + wide and box.right >= sure.right - wide for sure in accepted) and not any(
            _meet(box, other) for other in [*accepted, *added]
        ):
            added.append(box)
    return accepted + added


def _white(words: Sequence[Word], size: float) -> list[Box]:
    """Upright stretches without any word, tallest first."""
    across, up = size * _ACROSS, size * _UP
    left, low = min(word.left for word in words), min(word.base for word in words) - size
    columns = min(4000, math.ceil((max(word.right for word in words) - left) / across) + 1)
    rows = min(4000, math.ceil((max(word.base for word in words) + 2 * size - low) / up) + 1)
    taken = [0] * (columns + 1)
    for word in words:
        tall = min(word.face.size, 3 * size)
        bottom, top = int((word.base - 0.15 * tall - low) / up), int((word.base + 0.7 * tall - low) / up)
        mask = ((1 << (top - bottom + 1)) - 1) << max(0, bottom)
        for cell in range(
            max(0, int((word.left - left) / across)), min(columns, int((word.right - left) / across)) + 1
        ):
            taken[cell] |= mask
    found: dict[tuple[int, int], list[int]] = {}
    runs: dict[int, list[tuple[int, int]]] = {}
    for cell in range(1, columns - _WIDTH):
        mask = taken[cell] | taken[cell + 1] | taken[cell + 2] | taken[cell + 3]
        spans = runs.get(mask)
        if spans is None:
            spans = runs[mask] = [run.span() for run in _RUN.finditer(format(mask, f"0{rows}b")[::-1][:rows])]
        for span in spans:
            found.setdefault(span, []).append(cell)
    boxes = []
    for (bottom, top), cells in found.items():
        start = cells[0]
        for before, cell in zip(cells, [*cells[1:], 1 << 30], strict=True):
            if cell > before + 1:
                boxes.append(
                    Box(left + start * across, low + bottom * up, left + (before + _WIDTH) * across, low + top * up)
                )
                start = cell
    return sorted(boxes, key=lambda box: (box.bottom - box.top, box.left - box.right))


def _meet(first: Box, second: Box) -> bool:
    return (
        first.left < second.right
        and second.left < first.right
        and first.bottom < second.top
        and second.bottom < first.top
    )


def _between(box: Box, words: Sequence[Word], gutters: Sequence[Box]) -> Sequence[Word]:
    """The words in the columns on both sides of `box`, not those beyond the next of `gutters`."""
    beside = [other for other in gutters if other.bottom < box.top and box.bottom < other.top]
    left = max((other.left for other in beside if other.right <= box.left), default=-math.inf)
    right = min((other.right for other in beside if other.left >= box.right), default=math.inf)
    if left == -math.inf and right == math.inf:
        return words
    return [word for word in words if left <= word.left and word.right <= right]


def _parts_columns(box: Box, beside: Sequence[Word], rules: Sequence[Box], size: float) -> bool | None:
    """Whether prose stands on both sides of the white `box`; None when there is too little text to tell.

    `beside` are the words at its height.
    """
    middle = (box.left + box.right) / 2
    left, right = ([w for w in beside if (w.left + w.right) / 2 < middle], [w for w in beside if w.left > middle])
    if not left or not right:
        return False
    common = min(max(w.base for w in left), max(w.base for w in right)) - max(
        min(w.base for w in left), min(w.base for w in right)
    )
    crossed = {round(rule.bottom) for rule in rules if rule.left < box.left - 5 and rule.right > box.right + 5}
    if sum(box.bottom < each < box.top for each in crossed) >= 3:
        return False
    sides = [_rows(left), _rows(right)]
    if min(map(len, sides)) < _LINES or common < (_LINES - 1) * size:
        return None
    for rows in sides:
        if median(sum(len(word.text) for word in row) for row in rows) < _PROSE:
            return False
        if sum(word.face.mono for row in rows for word in row) * 2 > sum(map(len, rows)):
            return False
    # Lines of prose run up to the gutter; cells of a table end where their words do.
    ends = [max(word.right for word in row) for row in sides[0]]
    edge = max(ends)
    return sum(end > edge - 2.5 * size for end in ends) >= 0.3 * len(ends)


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words by the line they stand on, from the top, raised ones apart."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda each: -each.base):
        if rows and rows[-1][0].base - word.base <= 0.3 * max(word.face.size, rows[-1][0].face.size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _zones(words: list[Word], gutters: list[Box], *, rightwards: bool) -> Iterable[list[Word]]:
    """Words by the part of the page they stand in, the parts in reading order."""
    if not words:
        return
    inside = [box for box in gutters if _splits(box, words)]
    if not inside:
        yield words
        return
    box = max(inside, key=lambda each: each.top - each.bottom)
    rest = [other for other in gutters if other is not box]
    middle = (box.left + box.right) / 2
    above, left, right, below = [], [], [], []
    for word in words:
        height = word.base + 0.3 * word.face.size
        if height > box.top:
            above.append(word)
        elif height < box.bottom:
            below.append(word)
        elif (word.left + word.right) / 2 < middle:
            left.append(word)
        else:
            right.append(word)
    for part in (above, right, left, below) if rightwards else (above, left, right, below):
        yield from _zones(part, rest, rightwards=rightwards)


def _splits(box: Box, words: list[Word]) -> bool:
    middle = (box.left + box.right) / 2
    sides = {word.left > middle for word in words if box.bottom <= word.base + 0.3 * word.face.size <= box.top}
    return len(sides) == 2


# -- lines ------------------------------------------------------------------------------------------------------------


def _lines(words: list[Word]) -> list[Line]:
    rows = _merge_raised(_rows(words))
    return [_line(row) for row in rows]


def _merge_raised(rows: list[list[Word]]) -> list[list[Word]]:
    """Rows with those that are only raised or lowered parts of a neighbour put into it."""
    out: list[list[Word]] = []
    sizes = [max(word.face.size for word in row) for row in rows]
    hosts: dict[int, int] = {}
    for index, row in enumerate(rows):
        for other in (index + 1, index - 1):
            if not 0 <= other < len(rows) or other in hosts:
                continue
            # A letter or two may be as large as the rest: the E of TeX.
            if sizes[index] > 0.87 * sizes[other] and (
                len(row) >= len(rows[other]) or any(len(word.text) > 2 for word in row)
            ):
                continue
            rise = (row[0].base - rows[other][0].base) / sizes[other]
            if -0.35 < rise < 0.7 and all(_fits(word, rows[other], sizes[other]) for word in row):
                hosts[index] = other
                break
    for index, row in enumerate(rows):
        if index in hosts:
            continue
        small = [word for raised, host in hosts.items() if host == index for word in rows[raised]]
        for word in small:
            if word.face.size <= 0.87 * sizes[index]:
                kind = "superscript" if word.base > row[0].base else "subscript"
                word.marks.append((kind, 0, len(word.text), ""))
        out.append([*row, *small])
    return out


def _fits(word: Word, row: list[Word], size: float) -> bool:
    """Whether `word` stands at a word of `row` without covering any."""
    near = any(
        -0.3 * size < word.left - each.right < size or -0.3 * size < each.left - word.right < size for each in row
    )
    covers = any(word.left < each.right - 0.3 * size and each.left + 0.3 * size < word.right for each in row)
    return near and not covers


def _line(row: list[Word]) -> Line:
    ordered = sorted(row, key=lambda word: word.left)
    if sum(leans_left(word.text) for word in ordered) * 2 > len(ordered):
        ordered = _reading(ordered)
    letters: dict[object, int] = {}
    for word in ordered:
        letters[word.face] = letters.get(word.face, 0) + len(word.text)
    face = max(ordered, key=lambda word: letters[word.face]).face
    total = sum(letters.values())
    looks = {
        name: sum(len(word.text) for word in ordered if getattr(word.face, name)) >= 0.9 * total
        for name in ("bold", "italic", "mono")
    }
    text = ""
    marks: list[tuple[str, int, int, str]] = []
    cells: list[Cell] = []
    start, left = 0, ordered[0].left
    for number, word in enumerate(ordered):
        before = ordered[number - 1] if number else None
        if before is not None:
            gap = word.left - before.right if word.left >= before.left else before.left - word.right
            if gap > _WIDE * face.size:
                cells.append(Cell(start, len(text), left, before.right))
                start, left = len(text) + 1, word.left
            if (word.after_space and gap > -0.1 * face.size) or gap > 0.15 * face.size:
                text += " "
        marks.extend((kind, first + len(text), last + len(text), target) for kind, first, last, target in word.marks)
        text += word.text
    cells.append(Cell(start, len(text), left, max(word.right for word in ordered)))
    main = [word for word in ordered if word.face.size > 0.87 * face.size]
    return Line(
        text,
        min(word.left for word in ordered),
        max(word.right for word in ordered),
        median(word.base for word in main),
        face if looks == {"bold": face.bold, "italic": face.italic, "mono": face.mono} else face._replace(**looks),
        joined(marks, between=1),
        tuple(cells) if len(cells) > 1 else (),
    )


def _reading(words: list[Word]) -> list[Word]:
    """Words of a line that is read from the right; what is written from left to right in it keeps its own order."""
    out: list[Word] = []
    run: list[Word] = []
    for word in reversed(words):
        if any(char.isalpha() for char in word.text) and not leans_left(word.text):
            run.insert(0, word)
            continue
        out.extend(run)
        run = []
        out.append(word)
    return [*out, *run]
