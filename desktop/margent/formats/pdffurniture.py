"""What a PDF repeats at the edges of its pages: running heads, footers and page numbers, told from the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from margent.formats.pdfpage import Line
    from margent.formats.pdfwords import Word

_ROWS: Final = 4
"""Rows at each edge of a page that are looked at."""
_COUNTED: Final = 8
"""Numbers in the margin that count lines, at the least."""
_KNOWN: Final = 2
"""The same on a page after one that has them."""
_EDGE: Final = 0.16
"""Of the page's height: what lies further in is text, however often it is repeated."""
_ROMAN = re.compile(r"(?=[ivxlc])(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    edge: Literal["top", "bottom"]
    rank: int
    base: float
    text: str
    mask: str
    lines: tuple[int, ...]
    """Which of the page's lines stand in it."""


def without_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[tuple[float, float]]) -> Iterator[list[Line]]:
    """The lines of each page, one page after the other, without its running heads, footers and page numbers.

    `heights` are the lowest and highest point of each page. A row counts as furniture when it comes again on other
    pages at the same height with nothing but its numbers changed, or stands where the page numbers stand; and only
    when all that is nearer to the edge is furniture too.
    """
    rows = [row for number, lines in enumerate(pages) for row in _edge_rows(number, lines, heights[number])]
    again = _repeated(rows, len(pages))
    numbered = _numbered(rows, len(pages))
    dropped: list[set[int]] = [set() for _ in range(len(pages))]
    reached: dict[tuple[int, str], int] = {}
    for row in sorted(rows, key=lambda each: (each.page, each.edge, each.rank)):
        if reached.get((row.page, row.edge), -1) != row.rank - 1:
            continue
        if row in again or row in numbered:
            dropped[row.page].update(row.lines)
            reached[row.page, row.edge] = row.rank
    for number, lines in enumerate(pages):
        yield [line for place, line in enumerate(lines) if place not in dropped[number]]


class LineNumbers:
    """Takes the numbers that count lines out of one page after the other: where they were, a few are enough."""

    def __init__(self) -> None:
        self._are_met = False

    def without(self, words: Sequence[Word]) -> list[Word]:
        """The words of the next page without those numbers."""
        kept = without_line_numbers(words, _KNOWN if self._are_met else _COUNTED)
        self._are_met = self._are_met or len(kept) < len(words)
        return kept


def without_line_numbers(words: Sequence[Word], least: int = _COUNTED) -> list[Word]:
    """The words of a page without the numbers that count its lines in the margin, if there are `least`.

    They are the outermost words of their lines, stand under each other and grow by the same step from line to line.
    """
    numbers = [word for word in words if word.text.isascii() and word.text.isdecimal() and len(word.text) < 5]
    if len(numbers) < least:
        return list(words)
    found: set[int] = set()
    for edge in ("right", "left"):
        under: dict[int, list[Word]] = {}
        for word in numbers:
            under.setdefault(round(getattr(word, edge) / 2), []).append(word)
        for group in under.values():
            ordered = sorted(group, key=lambda word: -word.base)
            steps = Counter(int(after.text) - int(before.text) for before, after in pairwise(ordered))
            step, count = steps.most_common(1)[0] if steps else (0, 0)
            if len(ordered) < least or step < 1 or count < 0.9 * (len(ordered) - 1):
                continue
            rest = [word for word in words if all(word is not each for each in ordered)]
            lowest, highest = min(word.left for word in ordered), max(word.right for word in ordered)
            if rest and (highest <= min(word.left for word in rest) or lowest >= max(word.right for word in rest)):
                found.update(map(id, ordered))
    return [word for word in words if id(word) not in found]


def numeral(text: str) -> int | None:
    """The value of an Arabic or Roman numeral; None for anything else."""
    if text.isascii() and text.isdecimal() and len(text) < 6:
        return int(text)
    if not text.isascii() or not _ROMAN.fullmatch(text):
        return None
    values = [_VALUES[letter] for letter in text.lower()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def mask(text: str) -> str:
    """`text` with every number as "#", so that the same line on two pages is the same."""
    parts = re.findall(r"\d+|[^\W\d_]+|[^\w\s]|_", text)
    return " ".join("#" if part.isdecimal() or (len(part) < 8 and numeral(part)) else part.casefold() for part in parts)


def _edge_rows(number: int, lines: Sequence[Line], height: tuple[float, float]) -> Iterable[_Row]:
    low, high = height
    room = _EDGE * (high - low)
    grouped: list[list[int]] = []
    for place in sorted(range(len(lines)), key=lambda each: -lines[each].base):
        if grouped and lines[grouped[-1][0]].base - lines[place].base < 3:
            grouped[-1].append(place)
        else:
            grouped.append([place])
    for edge, order in (("top", grouped), ("bottom", grouped[::-1])):
        for rank, places in enumerate(order[:_ROWS]):
            base = lines[places[0]].base
            if (edge == "top" and base < high - room) or (edge == "bottom" and base > low + room):
                break
            text = " ".join(lines[place].text for place in sorted(places, key=lambda each: lines[each].left))
            side: Literal["top", "bottom"] = "top" if edge == "top" else "bottom"
            yield _Row(number, side, rank, base, text, mask(text), tuple(places))


def _repeated(rows: Sequence[_Row], pages: int) -> set[_Row]:
    """Rows that come again: on three pages, or on two of a short document or close to each other."""
    alike: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        if any(char.isalpha() for char in row.mask):
            alike.setdefault((row.edge, row.mask), []).append(row)
    found: set[_Row] = set()
    for group in alike.values():
        for row in group:
            near = [other for other in group if other.page != row.page and abs(other.base - row.base) < 5]
            if len(near) >= 2 or (near and (pages <= 4 or min(abs(o.page - row.page) for o in near) <= 2)):
                found.add(row)
    return found


def _numbered(rows: Sequence[_Row], pages: int) -> set[_Row]:
    """Rows that stand where page numbers stand: a number in them grows by one from page to page."""
    found: set[_Row] = set()
    for edge in ("top", "bottom"):
        slots: dict[int, list[_Row]] = {}
        for row in rows:
            if row.edge == edge and row.rank <= 2:
                slots.setdefault(round(row.base / 3), []).append(row)
        for slot in list(slots):
            group = [*slots[slot], *slots.get(slot + 1, [])]
            steps = Counter(step for row in group for step in _steps(row))
            if not steps:
                continue
            step, count = steps.most_common(1)[0]
            own = {row for row in group if step in _steps(row)}
            lone = {row for row in own if len(row.mask) <= 12}
            if count >= 2 and (count >= 0.5 * len(group) or len(lone) == count):
                found |= own
                if count >= 4 and count >= 0.6 * len(group):
                    found.update(row for row in group if row.rank == 0)
            elif pages == 1:
                found.update(row for row in lone if row.rank == 0 and step == 1)
    return found


def _steps(row: _Row) -> set[int]:
    """By how much each number that stands first or last in a row exceeds the index of its page."""
    words = re.findall(r"\d+|[^\W\d_]+", row.text)
    ends = [*words[:2], *words[-2:]]
    values = (numeral(word) for word in ends if len(word) < 8)
    return {value - row.page for value in values if value is not None}
