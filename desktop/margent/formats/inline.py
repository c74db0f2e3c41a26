"""The text of one block while it is collected: white space as a browser leaves it, and the marks that lie on it."""

import re
import unicodedata
from collections.abc import Iterable

from margent.document import Mark, MarkKind, sorted_marks
from margent.formats.places import Point

_SPACE = re.compile("[ \t\n\r\f\v\u2028\u2029]+")
"""What a browser collapses, and the two separators that no page can show; no-break spaces stay."""


class Inline:
    """Text with marks, piece by piece. Marks may span several blocks: they stay open when one is taken."""

    def __init__(self, *, breaks: bool = True) -> None:
        """Without `breaks` a forced line break becomes a space: headings and cells are one line."""
        self.breaks = breaks
        self._parts: list[str] = []
        self._length = 0
        self._last = ""
        self._marks: list[Mark] = []
        self._open: list[tuple[MarkKind, str, int] | None] = []
        self._standing: set[tuple[MarkKind, str]] = set()
        self._points: list[tuple[Point, int]] = []
        self.settled: list[tuple[Point, int]] = []
        """The points that lay in the text which was taken last, with their places in it."""

    def __len__(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        """Put text at the end, its white space collapsed."""
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and self._last in {"", " ", "\n"}:
            text = text[1:]
        if text:
            self._put(text)

    def line_break(self) -> bool:
        """Break the line here. False when one stands here already, so that a paragraph ends rather than a line."""
        if not self.breaks:
            self.add(" ")
            return True
        if self._last == " ":
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
            self._points = [(point, min(place, self._length)) for point, place in self._points]
            self._last = self._parts[-1][-1:] or (self._parts[-2][-1:] if len(self._parts) > 1 else "")
        if self._last == "\n":
            return False
        if self._length:
            self._put("\n")
        return True

    def open(self, kind: MarkKind, target: str = "") -> None:
        """Begin a mark at the end of the text; one that stands already (bold in bold) is counted, not doubled."""
        if (kind, target) in self._standing:
            self._open.append(None)
            return
        self._standing.add((kind, target))
        self._open.append((kind, target, self._length))

    def close(self) -> None:
        """End the mark that was begun last."""
        mark = self._open.pop()
        if mark is not None:
            kind, target, start = mark
            self._standing.discard((kind, target))
            self._marks.append(Mark(kind, start, self._length, target))

    def point(self, point: Point) -> None:
        """Remember that `point` lies at the end of the text so far."""
        self._points.append((point, self._length))

    def take(self) -> tuple[str, tuple[Mark, ...]]:
        """The text (NFC, no white space at its ends) and its marks; what comes after begins a new one."""
        text = "".join(self._parts).rstrip(" \n")
        marks = [
            *self._marks,
            *(Mark(kind, start, self._length, target) for kind, target, start in filter(None, self._open)),
        ]
        self._parts.clear()
        self._marks.clear()
        self._length = 0
        self._last = ""
        self._open = [mark and (mark[0], mark[1], 0) for mark in self._open]
        points, self._points = self._points, []
        if not text.strip():
            self.settled = [(point, 0) for point, _ in points]
            return "", ()
        self.settled = _settled(text, points) if points else []
        return composed(text, tidy(text, marks))

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._last = text[-1]


def tidy(text: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """`marks` without white space at their ends, neighbours of a kind joined, in order."""
    last: dict[tuple[MarkKind, str], int] = {}
    kept: list[Mark] = []
    for kind, start, end, target in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        stop = min(end, len(text))
        while start < stop and text[start].isspace():
            start += 1  # noqa: PLW2901 - the loop's own copy moves inwards
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop <= start:
            continue
        place = last.get((kind, target))
        if place is not None and _joins(kind, text[kept[place].end : start]):
            kept[place] = kept[place]._replace(end=max(kept[place].end, stop))
            continue
        last[kind, target] = len(kept)
        kept.append(Mark(kind, start, stop, target))
    return sorted_marks(kept)


def _joins(kind: MarkKind, between: str) -> bool:
    """Whether two marks of a kind with `between` between them are one to the reader."""
    if kind == "noteref":
        return False
    return not between or (kind != "code" and between.isspace() and "\n" not in between)


def composed(text: str, marks: Iterable[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """`text` in NFC with its marks on the same words; an accent stays with its letter, whatever mark divides them."""
    marks = tuple(marks)
    if unicodedata.is_normalized("NFC", text):
        return text, marks
    whole, where = _composed(text, {edge for mark in marks for edge in (mark.start, mark.end)})
    return whole, sorted_marks(Mark(kind, where[start], where[end], target) for kind, start, end, target in marks)


def _settled(text: str, points: list[tuple[Point, int]]) -> list[tuple[Point, int]]:
    """`points` with their places in `text` after it was composed."""
    inside = [(point, min(place, len(text))) for point, place in points]
    if unicodedata.is_normalized("NFC", text):
        return inside
    where = _composed(text, {place for _, place in inside})[1]
    return [(point, where[place]) for point, place in inside]


def _composed(text: str, stops: Iterable[int]) -> tuple[str, dict[int, int]]:
    """`text` in NFC, and where each of `stops` comes to lie in it."""
    where: dict[int, int] = {}
    done = ""
    position = 0
    parts: list[str] = []
    length = 0
    for stop in sorted({0, len(text), *stops}):
        piece = unicodedata.normalize("NFC", done + text[position:stop])
        where[stop] = length + len(piece)
        # Only what follows the last letter can still compose with what comes next.
        cut = len(piece) - 1
        while cut > 0 and unicodedata.combining(piece[cut]):
            cut -= 1
        cut = max(cut - 2, 0)
        parts.append(piece[:cut])
        length += cut
        done = piece[cut:]
        position = stop
    whole = "".join(parts) + done
    return whole, {stop: min(place, len(whole)) for stop, place in where.items()}
