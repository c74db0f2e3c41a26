r"""Text as it stands on the page: layouts, and the only two conversions between code points and Qt's UTF-16 units.

A document is never laid out whole. Its unit is the strip: a block, a row of a table, or a stretch of a long
block. A strip holds flows, one QTextLayout each (a table's row has one a cell); between strips, and between the cells
of a row, stands exactly one character of the document's text, a break, space or tab, which no flow holds. Every offset
that leaves this module is a code point in `Document.text`; lengths are pixels in the strip's own coordinates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTextLayout, QTextLine, QTextOption

from margent.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QColor, QFont

    from margent.document import Align

_RIGHT_TO_LEFT = (
    *(("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc")),
    *(("\U00010800", "\U00010fff"), ("\U0001e800", "\U0001efff")),
)
"""First and last characters of the scripts that are written from right to left; to compile a pattern takes longer."""
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What nobody sees and only turns the direction of text."""
_LETTER = re.compile(r"[^\W\d_]")
_LONG = 4000
_ENDLESS = rf"[^\s\u0e00-\U0010ffff]{{{_LONG}}}"
"""Compiled where a text that long is set: it takes as long as the first page's own work."""
"""What is no word: data that got into a text. Scripts that do without spaces have ends of words all the same."""
_LINE_SEPARATOR = "\u2028"
_NEAR = 6
"""Pixels beside the number of a note that belong to it."""


@value(frozen=True, slots=True)
class Typography:
    """How text is set, as the reader chose it."""

    face: str = "Source Serif 4"
    size: int = 18
    """Pixels."""
    leading: float = 1.55
    """Distance from line to line, in sizes."""
    measure: int = 66
    """Characters that fit a line on average."""


class Line(NamedTuple):
    """One line of a flow: its characters, as UTF-16 units of the layout, and the box it stands in."""

    first: int
    last: int
    top: int
    height: int
    baseline: float
    left: float
    right: float
    """Where its ink ends; a space at which the line was broken hangs beyond."""
    over: float
    under: float
    """What a mark covers: the letters and a little more, never beyond the box."""


class Units:
    """Both conversions between the code points of a text and its UTF-16 units."""

    __slots__ = ("_pairs",)

    def __init__(self, text: str) -> None:
        self._pairs = surrogate_pairs(text)

    def of(self, point: int) -> int:
        """The UTF-16 index of a code point."""
        if not self._pairs:
            return point
        # The k-th pair begins at unit pairs[k], which is code point pairs[k] - k.
        return point + bisect_left(range(len(self._pairs)), point, key=lambda k: self._pairs[k] - k)

    def point(self, units: int) -> int:
        """The code point at a UTF-16 index; an index inside a surrogate pair falls on its start."""
        return units - (bisect_left(self._pairs, units) if self._pairs else 0)


class Flow:
    """One QTextLayout, the stretch of the document it shows, and where it stands in its strip."""

    __slots__ = (
        "_starts",
        "_turned",
        "_units",
        "bidi",
        "end",
        "layout",
        "lines",
        "right_to_left",
        "start",
        "width",
        "x",
        "y",
    )

    def __init__(self, text: str, start: int, font: QFont) -> None:
        self.start = start
        self.end = start + len(text)
        """Code points in the document's text."""
        self._units = Units(text)
        characters = set() if text.isascii() else set(text)
        self.bidi = any(map(from_right_to_left, characters))
        self._turned = self.bidi or not characters.isdisjoint(_DIRECTIONS)
        self.right_to_left = self.bidi and reads_right_to_left(text)
        self.layout = QTextLayout(text.replace("\n", _LINE_SEPARATOR), font)
        self.layout.setCacheEnabled(True)  # or every draw would shape the text again
        self.lines: list[Line] = []
        self._starts: list[int] = []
        self.x = 0
        self.y = 0
        self.width = 0

    # -- code points and UTF-16 -----------------------------------------------------------------------------------

    def units(self, position: int) -> int:
        """The layout's UTF-16 index of a code point of the document; positions outside fall on the nearer end."""
        return self._units.of(min(max(position, self.start), self.end) - self.start)

    def position(self, units: int) -> int:
        """The document's code point at a UTF-16 index of the layout; one inside a surrogate pair falls on its start."""
        return self.start + self._units.point(units)

    def text(self) -> str:
        """What the layout shows, in the document's own characters."""
        return self.layout.text().replace(_LINE_SEPARATOR, "\n")

    @property
    def span(self) -> tuple[int, int]:
        """The code points it shows."""
        return self.start, self.end

    def ranges(self, spans: Sequence[tuple[int, int]], colour: QColor) -> list[QTextLayout.FormatRange]:
        """For QTextLayout.draw: the stretches `spans` of the document in another colour."""
        from PySide6.QtGui import QTextCharFormat  # noqa: PLC0415 - costs 3 ms and is rarely needed

        found = []
        for start, end in spans:
            piece = QTextLayout.FormatRange()
            piece.start = self.units(start)
            piece.length = self.units(end) - piece.start
            piece.format = QTextCharFormat()
            piece.format.setForeground(colour)
            found.append(piece)
        return found

    # -- moving through the text ----------------------------------------------------------------------------------

    def beside(self, position: int, *, right: bool) -> int:
        """The place of a caret one character further on the screen; the same where the flow ends at that side."""
        step = self.layout.rightCursorPosition if right else self.layout.leftCursorPosition
        return self.position(step(self.units(position)))

    def word_at(self, position: int) -> tuple[int, int]:
        """The word, or the stretch between words, that a code point belongs to."""
        finder = self._words()
        units = min(self.units(position), max(0, self.units(self.end) - 1))
        finder.setPosition(units)
        first = units if finder.isAtBoundary() else finder.toPreviousBoundary()
        finder.setPosition(units)
        last = finder.toNextBoundary()
        return self.position(max(first, 0)), self.position(last) if last >= 0 else self.end

    def word_beside(self, position: int, *, forward: bool) -> int:
        """The start of the next word or of the one before; the flow's end or start where there is none."""
        finder = self._words()
        finder.setPosition(self.units(position))
        step = finder.toNextBoundary if forward else finder.toPreviousBoundary
        while (found := step()) >= 0:
            if finder.boundaryReasons() & QtCore.QTextBoundaryFinder.BoundaryReason.StartOfItem:
                return self.position(found)
        return self.end if forward else self.start

    def _words(self) -> QtCore.QTextBoundaryFinder:
        return QtCore.QTextBoundaryFinder(QtCore.QTextBoundaryFinder.BoundaryType.Word, self.layout.text())

    # -- laying out -----------------------------------------------------------------------------------------------

    def lay(
        self,
        width: int,
        pitch: int,
        *,
        align: Align = "left",
        wrap: bool = True,
        tab: float = 0.0,
    ) -> int:
        """Break the text into lines of `width`, baselines `pitch` apart; its height.

        `align` is meant for text from left to right and mirrored for the other. A line that holds something taller
        than `pitch` takes the room it needs.
        """
        self.width = width
        option = QTextOption()
        side = mirrored(align) if self.right_to_left else align
        if side != "left":
            flags = QtCore.Qt.AlignmentFlag
            option.setAlignment(flags.AlignRight if side == "right" else flags.AlignHCenter)
        if self._turned:
            # Other text has no letter by which Qt could take it for anything but text from left to right.
            directions = QtCore.Qt.LayoutDirection
            option.setTextDirection(directions.RightToLeft if self.right_to_left else directions.LeftToRight)
        modes = QTextOption.WrapMode
        # For each line Qt looks for the end of the word it breaks, so an endless one would take time without end.
        text = self.layout.text()
        endless = len(text) >= _LONG and re.search(_ENDLESS, text) is not None
        broken = modes.WrapAnywhere if endless else modes.WrapAtWordBoundaryOrAnywhere
        option.setWrapMode(broken if wrap else modes.ManualWrap)
        if tab:
            option.setTabStopDistance(tab)
        layout = self.layout
        layout.setTextOption(option)
        self.lines = []
        top = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            ascent, descent, height = line.ascent(), line.descent(), line.height()
            box = max(pitch, round(height))
            baseline = top + round((box - height) / 2 + ascent)
            line.setPosition(QPointF(0, baseline - ascent))
            ink = line.naturalTextRect()
            first = line.textStart()
            over = max(top, baseline - ascent * 1.1)
            under = min(top + box, baseline + descent * 1.35)
            last = first + line.textLength()
            self.lines.append(Line(first, last, top, box, baseline, ink.left(), ink.right(), over, under))
            top += box
        layout.endLayout()
        self._starts = [line.first for line in self.lines]
        return top

    def line_of(self, position: int) -> int:
        """Index of the line that holds a code point of the document."""
        return max(0, bisect_right(self._starts, self.units(position)) - 1)

    def line_at(self, y: float) -> int:
        """Index of the line at, or nearest to, a height in the strip."""
        y -= self.y
        return next((n for n, line in enumerate(self.lines) if y < line.top + line.height), len(self.lines) - 1)

    def bounds(self, index: int) -> tuple[int, int]:
        """First and last place for a caret in line `index`: code points in the document."""
        line = self.lines[index]
        last = self.position(line.last)
        if index < len(self.lines) - 1 and last > self.position(line.first):
            # The place behind the space or break that ends a line is the start of the next one.
            last -= 1
        return self.position(line.first), last

    def caret(self, position: int) -> QRectF:
        """Where a caret before a code point stands, in the strip, without width."""
        index = self.line_of(position)
        line = self.lines[index]
        return QRectF(self.x + self._x(index, self.units(position)), self.y + line.top, 0, line.height)

    def position_near(self, index: int, x: float) -> int:
        """The code point whose caret in line `index` is nearest to `x` of the strip."""
        first, last = self.bounds(index)
        found = self.layout.lineAt(index).xToCursor(x - self.x)
        return min(max(self.position(found), first), last)

    def character_at(self, x: float, y: float) -> int:
        """The code point whose glyph is at a point of the strip, or -1 where there is none."""
        if not self.y <= y < self.y + (self.lines[-1].top + self.lines[-1].height):
            return -1
        index = self.line_at(y)
        line = self.lines[index]
        if not line.left <= x - self.x <= line.right:
            return -1
        units = self.layout.lineAt(index).xToCursor(x - self.x, QTextLine.CursorPosition.CursorOnCharacter)
        return self.position(units)

    def runs(self, start: int, end: int) -> Iterator[tuple[Line, float, float]]:
        """The code points `start:end` as they stand: line, left and right in the flow, in reading order."""
        first, last = self.units(start), self.units(end)
        if first >= last:
            return
        for index in range(max(0, bisect_right(self._starts, first) - 1), len(self.lines)):
            line = self.lines[index]
            if line.first >= last:
                break
            cut = self._runs if self.bidi else self._run
            for left, right in cut(index, max(first, line.first), min(last, line.last)):
                if right > left:
                    yield line, left, right

    def _x(self, index: int, units: int) -> float:
        return _first(self.layout.lineAt(index).cursorToX(units))

    def _run(self, index: int, first: int, last: int) -> list[tuple[float, float]]:
        """Text of one direction: a stretch of it is one run."""
        line = self.lines[index]
        left = self._x(index, first)
        right = self._x(index, last) if last < line.last else line.right
        return [(left, min(right, line.right))]

    def _runs(self, index: int, first: int, last: int) -> list[tuple[float, float]]:
        """Text of both directions: what is together in the text may stand apart on the line."""
        boxes = [run.boundingRect() for run in self.layout.lineAt(index).glyphRuns(first, last - first)]
        found: list[tuple[float, float]] = []
        for left, right in sorted((box.left(), box.right()) for box in boxes):
            if found and left - found[-1][1] < 0.5:
                found[-1] = (found[-1][0], max(right, found[-1][1]))
            else:
                found.append((left, right))
        return found


class Shape(NamedTuple):
    """Something drawn that is not text of the document: a panel, a rule, a bar, a bullet, a picture."""

    kind: str
    rect: QRectF
    text: str = ""
    """A bullet's, number's or label's characters; a picture's key."""
    font: QFont | None = None


class Anchor(NamedTuple):
    """A stretch of text that leads somewhere: a link, or the number of a footnote."""

    start: int
    end: int
    target: str
    note: bool
    """Whether `target` is a footnote's label."""


class Strip:
    """A block, a row of a table or a stretch of a listing, laid out."""

    __slots__ = ("anchors", "block", "end", "flows", "height", "meta", "origin", "shapes", "start", "top", "washes")

    def __init__(self, block: int, origin: int, start: int, end: int) -> None:
        self.block = block
        """Index in `Document.blocks`."""
        self.origin = origin
        """Where the block begins; what is marked in a block counts from there."""
        self.start = start
        self.end = end
        self.top = 0
        """Where its content begins, under the room left above it."""
        self.height = 0
        """With the room above it."""
        self.flows: list[Flow] = []
        self.meta: Flow | None = None
        """A line of facts about the document, drawn here and no part of its text."""
        self.shapes: list[Shape] = []
        self.anchors: list[Anchor] = []
        self.washes: list[tuple[int, int, str]] = []
        """Stretches of text on a soft ground of their own, with its kind: "code" or "marked"."""

    def flow_of(self, position: int) -> Flow:
        """The flow that holds a code point of the document; a flow's end belongs to it."""
        return self.flows[max(0, bisect_right(self.flows, position, key=lambda flow: flow.start) - 1)]

    def flow_at(self, x: float) -> Flow:
        """The flow at, or nearest to, `x` of the strip."""
        return min(self.flows, key=lambda flow: max(flow.x - x, x - flow.x - flow.width))

    def position_at(self, x: float, y: float) -> int:
        """The code point whose caret is nearest to a point of the strip."""
        flow = self.flow_at(x)
        return flow.position_near(flow.line_at(y), x)

    def anchor_at(self, x: float, y: float) -> Anchor | None:
        """The link or note reference at a point of the strip."""
        if not self.anchors:
            return None
        position = self.flow_at(x).character_at(x, y)
        found = next((a for a in self.anchors if a.start <= position < a.end), None)
        # The number of a note is small: what is near it counts as well.
        return found or next((a for a in self.anchors if a.note and self._near(a, x, y)), None)

    def _near(self, anchor: Anchor, x: float, y: float) -> bool:
        boxes = self.rects(anchor.start, anchor.end)
        return any(box.adjusted(-_NEAR, -2, _NEAR, 2).contains(x, y) for box in boxes)

    def caret(self, position: int) -> QRectF:
        """Where a caret before a code point of the strip stands."""
        return self.flow_of(position).caret(position)

    def rects(self, start: int, end: int, *, full: bool = False) -> list[QRectF]:
        """The boxes that the code points `start:end` take up: as high as marks are, or (full) as the lines."""
        found = []
        for flow in self.flows:
            if flow.start < end and flow.end > start:
                for line, left, right in flow.runs(start, end):
                    top, bottom = (line.top, line.top + line.height) if full else (line.over, line.under)
                    found.append(QRectF(flow.x + left, flow.y + top, right - left, bottom - top))
        return found

    def baselines(self, start: int, end: int) -> list[tuple[float, float, float]]:
        """Left, right and baseline of each run of the code points `start:end`."""
        return [
            (flow.x + left, flow.x + right, flow.y + line.baseline)
            for flow in self.flows
            if flow.start < end and flow.end > start
            for line, left, right in flow.runs(start, end)
        ]

    def text(self) -> str:
        """What its layouts show, as the document has it."""
        return "\t".join([flow.text() for flow in self.flows])


def surrogate_pairs(text: str) -> list[int]:
    """The UTF-16 indices at which pairs of surrogates begin; empty for nearly every text."""
    if text.isascii() or max(set(text)) <= "\uffff":
        return []
    beyond = [index for index, character in enumerate(text) if character > "\uffff"]
    return [index + before for before, index in enumerate(beyond)]


def reads_right_to_left(text: str) -> bool:
    """Whether the first strong letter of `text` is of a script written from right to left."""
    if text.isascii():
        return False
    letter = _LETTER.search(text)
    return letter is not None and from_right_to_left(letter[0])


def from_right_to_left(character: str) -> bool:
    """Whether a character belongs to a script that is written from right to left."""
    return any(first <= character <= last for first, last in _RIGHT_TO_LEFT)


def mirrored(align: Align) -> Align:
    """The other side, for text from right to left."""
    if align == "left":
        return "right"
    return "left" if align == "right" else align


def _first(found: object) -> float:
    """The x of what PySide makes of QTextLine.cursorToX: a pair whose second is the position, adjusted."""
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]


def page_text(strips: Sequence[Strip], text: str) -> str:
    """What `strips` show together, with the characters of `text` that stand between them."""
    shown = [strip.text() + text[strip.end : strip.end + 1] for strip in strips]
    return "".join(shown)
