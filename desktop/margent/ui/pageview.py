"""Which part of the column is in view, and where everything is on the screen: geometry without a widget.

The view holds on to a strip and to the pixel where it begins, never to a depth in the column: depths are partly
guessed, and refining them must not move the text under somebody's eyes. Across a new width or typography it holds on
to a place in the text. x and y are pixels of the viewport, positions are code points in `Document.text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from margent.ui.column import Column
    from margent.ui.page import Anchor, Strip
    from margent.ui.typesetter import Typesetter

Where = Literal["top", "centre", "nearest"]

FOOT = 96
"""Room below the last strip."""
AIR = 16
"""Room left above a line that is brought to the top, and around one that is brought into view."""
_LEFT = 46
_RIGHT = 28
"""Room beside the text: for the bars of the gutter, and so that it does not touch the edge."""
_NARROWEST = 160


class Shown(NamedTuple):
    """A strip in view and the y at which it begins."""

    number: int
    strip: Strip
    y: int


class PageView:
    """A window of a given size on a column."""

    def __init__(self, column: Column, typesetter: Typesetter) -> None:
        self._column = column
        self._typesetter = typesetter
        self.width = 0
        self.height = 0
        self.left = _LEFT
        """x of the column."""
        self.mirrored = False
        """Whether the gutter stands at the right of the text: the interface runs from right to left."""
        self._number = 0
        self._y = 0
        self._held: tuple[int, int] | None = None
        self._shown: list[Shown] | None = None

    @property
    def column_width(self) -> int:
        """Width of the column in pixels."""
        return self._typesetter.width

    @property
    def line_height(self) -> int:
        """From line to line, in pixels."""
        return self._typesetter.faces.pitch

    # -- the window -----------------------------------------------------------------------------------------------

    def resize(self, width: int, height: int) -> bool:
        """Take the size of the viewport; whether the text was broken into other lines."""
        self.width, self.height = width, height
        setter = self._typesetter
        room = max(_NARROWEST, width - _LEFT - _RIGHT)
        column = min(setter.faces.full_width, room)
        before, after = (_RIGHT, _LEFT) if self.mirrored else (_LEFT, _RIGHT)
        self.left = max(before, min((width - column) // 2, width - column - after))
        if column == setter.width:
            self._shown = None
            return False
        self.hold()
        setter.set_width(column)
        self.remeasure()
        return True

    def hold(self) -> None:
        """Remember the place in the text, and the pixel, that the next `remeasure` is to keep."""
        if self._held is None and len(self._column):
            position = self.place()
            self._held = (position, round(self.top_of(position)))

    def remeasure(self) -> None:
        """All heights are others: lay out afresh around the place held."""
        held = self._held
        self._column.measure()
        self._shown = None
        if held is not None:
            self._put(*held)
            self._held = held

    def reset(self) -> None:
        """Stand at the beginning: the document is another."""
        self._number = self._y = 0
        self._held = None
        self._shown = None

    def invalidate(self) -> None:
        """Strips were forgotten; the view stays where it is."""
        self._shown = None

    # -- moving ---------------------------------------------------------------------------------------------------

    def scroll_by(self, pixels: int) -> None:
        """Move down the text; exact over a few screens, by guessed depth beyond."""
        self._held = None
        if abs(pixels) > 4 * max(self.height, 200):
            self.set_value(self.value() + pixels)
            return
        self._y -= pixels
        self._shown = None

    def value(self) -> int:
        """How deep the top of the view is in the column."""
        self.shown()
        return self._column.tops[self._number] - self._y if len(self._column) else 0

    def maximum(self) -> int:
        """The deepest `value`."""
        return max(0, self._column.height + FOOT - self.height)

    def set_value(self, value: int) -> None:
        """Go to a depth in the column, as scroll bars tell it."""
        self._held = None
        self._shown = None
        if not len(self._column):
            return
        if value >= self.maximum() and value > 0:
            self._number = len(self._column) - 1
            self._y = self.height - FOOT - self._column.strip(self._number).height
            return
        self._number = self._column.number_under(max(0, value))
        self._y = self._column.tops[self._number] - max(0, value)

    def scroll_to(self, position: int, where: Where) -> None:
        """Bring the line that holds `position` into view: to the top, a third down, or by the least that is needed."""
        if not len(self._column):
            return
        top = round(self.top_of(position))
        number = self._column.number_at(position)
        line = self._column.strip(number).caret(position).height()
        edge = min(self.height // 6, 3 * AIR)
        if where == "nearest":
            top = round(self.top_of(position))
            if edge <= top <= self.height - edge - line:
                return
            if -self.height < top < edge:
                self._put(position, edge)
            elif edge <= top < 2 * self.height:
                self._put(position, int(self.height - edge - line))
            else:
                self._put(position, self.height // 3)
        elif where == "centre":
            self._put(position, self.height // 3)
        elif position <= self._column.starts[0]:
            self.set_value(0)
        else:
            self._put(position, AIR)
            self._held = (position, round(self.top_of(position)))

    def _put(self, position: int, y: int) -> None:
        """Bring the top of a line to `y`, as far as the ends of the column allow."""
        self._number = self._column.number_at(position)
        self._y = y - round(self._column.strip(self._number).caret(position).top())
        self._held = None
        self._shown = None

    # -- what is in view ------------------------------------------------------------------------------------------

    def shown(self) -> list[Shown]:
        """The strips in view, laid out, from top to bottom."""
        if self._shown is None:
            self._settle()
            self._shown = self._fill()
            if self._shown:
                last = self._shown[-1]
                short = self.height - FOOT - (last.y + last.strip.height)
                if last.number == len(self._column) - 1 and short > 0:
                    self._y += short
                    self._settle()
                    self._shown = self._fill()
        return self._shown

    def _settle(self) -> None:
        """Hold on to the first strip that reaches into the view."""
        column = self._column
        if not len(column):
            self._number = self._y = 0
            return
        while self._y > 0 and self._number > 0:
            self._number -= 1
            self._y -= column.strip(self._number).height
        while self._number < len(column) - 1 and self._y + column.strip(self._number).height <= 0:
            self._y += column.strip(self._number).height
            self._number += 1
        if self._number == 0:
            self._y = min(self._y, 0)

    def _fill(self) -> list[Shown]:
        found = []
        number, y = self._number, self._y
        while number < len(self._column) and y < self.height:
            strip = self._column.strip(number)
            found.append(Shown(number, strip, y))
            y += strip.height
            number += 1
        return found

    def place(self) -> int:
        """The first position whose line is fully in view."""
        if self._held is not None:
            return self._held[0]
        for shown in self.shown():
            for flow in shown.strip.flows[:1]:
                for line in flow.lines:
                    if shown.y + flow.y + line.top >= 0:
                        return flow.position(line.first)
        return self._column.starts[self._number] if len(self._column) else 0

    def span(self) -> tuple[int, int]:
        """First and last position in view, lines that are cut by an edge included."""
        shown = self.shown()
        if not shown:
            return 0, 0
        first, last = shown[0], shown[-1]
        start = min(flow.position(flow.lines[flow.line_at(-first.y)].first) for flow in first.strip.flows)
        end = max(flow.position(flow.lines[flow.line_at(self.height - last.y)].last) for flow in last.strip.flows)
        return start, end

    def top_of(self, position: int) -> float:
        """The y of the line that holds `position`; a guess where it is far away."""
        column = self._column
        if not len(column):
            return 0.0
        number = column.number_at(position)
        for shown in self.shown():
            if shown.number == number:
                return shown.y + shown.strip.caret(position).top()
        y = self._y + column.tops[number] - column.tops[self._number]
        if column.is_laid(number):
            return y + column.strip(number).caret(position).top()
        following = column.starts[number + 1] if number + 1 < len(column) else len(column.document.text) + 1
        share = (position - column.starts[number]) / max(1, following - column.starts[number])
        return y + column.heights[number] * min(share, 1.0)

    def caret(self, position: int) -> QRectF:
        """Where a caret before `position` stands; a guess in y where it is far away."""
        number = self._column.number_at(position)
        strip = self._column.strip(number)
        rect = strip.caret(position)
        return QRectF(self.left + rect.x(), self.top_of(position), 0, rect.height())

    def rects(self, start: int, end: int, *, full: bool = False) -> list[QRectF]:
        """The boxes in view that the text from `start` to `end` takes up: as high as marks, or (full) as lines."""
        found = []
        for shown in self.shown():
            if shown.strip.start < end and shown.strip.end >= start:
                found += [r.translated(self.left, shown.y) for r in shown.strip.rects(start, end, full=full)]
        return found

    def baselines(self, start: int, end: int) -> list[tuple[float, float, float]]:
        """Left, right and y of the baseline of each run in view of the text from `start` to `end`."""
        return [
            (self.left + left, self.left + right, shown.y + y)
            for shown in self.shown()
            if shown.strip.start < end and shown.strip.end >= start
            for left, right, y in shown.strip.baselines(start, end)
        ]

    def blocks(self, start: int, end: int) -> list[QRectF]:
        """The areas in view of the text from `start` to `end`: whole blocks as one, parts of them line by line."""
        found: list[QRectF] = []
        joined = False
        for shown in self.shown():
            strip = shown.strip
            if strip.end < start or strip.start >= end:
                continue
            if start <= strip.start and strip.end <= end:
                area = QRectF(self.left - 8, shown.y + strip.top - 3, self.column_width + 16, 0)
                area.setBottom(shown.y + strip.height + 3)
                if joined:
                    area.setTop(found.pop().top())
                found.append(area)
                joined = True
            else:
                found += [
                    r.translated(self.left, shown.y).adjusted(-2, 0, 2, 0) for r in strip.rects(start, end, full=True)
                ]
                joined = False
        return found

    def anchor_of(self, position: int) -> Anchor | None:
        """The link or note reference that a position is in."""
        if not len(self._column):
            return None
        anchors = self._column.strip(self._column.number_at(position)).anchors
        return next((a for a in anchors if a.start <= position < a.end), None)

    # -- what is at a point ---------------------------------------------------------------------------------------

    def _under(self, y: float) -> Shown | None:
        shown = self.shown()
        return next((s for s in reversed(shown) if s.y <= y), shown[0] if shown else None)

    def position_at(self, x: float, y: float) -> int:
        """The position whose caret is nearest to a point."""
        shown = self._under(y)
        return shown.strip.position_at(x - self.left, y - shown.y) if shown is not None else 0

    def character_at(self, x: float, y: float) -> int:
        """The position of the character drawn at a point, or -1."""
        shown = self._under(y)
        if shown is None:
            return -1
        return shown.strip.flow_at(x - self.left).character_at(x - self.left, y - shown.y)

    def anchor_at(self, x: float, y: float) -> Anchor | None:
        """The link or note reference at a point."""
        shown = self._under(y)
        return shown.strip.anchor_at(x - self.left, y - shown.y) if shown is not None else None
