"""The mouse on the page: selecting by letters, words or blocks, links, marks, and what a tooltip says."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QObject, QPointF, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolTip

if TYPE_CHECKING:
    from PySide6.QtGui import QHelpEvent, QMouseEvent

    from margent.ui.column import Column
    from margent.ui.gutter import Gutter
    from margent.ui.marks import Marks
    from margent.ui.pageview import PageView
    from margent.ui.reader import Reader
    from margent.ui.shapes import Shapes

_Type = QEvent.Type
_BUTTONS = {_Type.MouseButtonPress, _Type.MouseButtonDblClick, _Type.MouseButtonRelease}
_TICK = 30
"""Milliseconds between two steps of scrolling while a selection is drawn beyond an edge."""
_WORDS = 24


class Pointer(QObject):
    """Handles the mouse events of the reader's viewport."""

    def __init__(
        self, reader: Reader, column: Column, view: PageView, marks: Marks, gutter: Gutter, shapes: Shapes
    ) -> None:
        super().__init__(reader)
        self._reader = reader
        self._column = column
        self._view = view
        self._marks = marks
        self._gutter = gutter
        self._shapes = shapes
        self._origin: tuple[int, int] | None = None
        self._unit = "letter"
        self._pressed = QPointF()
        self._dragged = False
        self._last = QPointF()
        self._doubled = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    def handle(self, event: QMouseEvent) -> bool:
        """Act on what the mouse does in the viewport; whether it was something to act on."""
        kind = event.type()
        if kind in _BUTTONS and event.button() != QtCore.Qt.MouseButton.LeftButton:
            return False
        match kind:
            case _Type.MouseButtonPress:
                self._press(event)
            case _Type.MouseButtonDblClick:
                self._double(event)
            case _Type.MouseMove:
                self._move(event)
            case _Type.MouseButtonRelease:
                self._release(event)
        return True

    def listen(self) -> None:
        """Hear of more of the viewport than what the mouse does; when the page is there.

        To hand Python an event that may be of any class, PySide makes all of them first, which takes 3 ms.
        """
        self._reader.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of what is pointed at; mirror the page with the interface."""
        match event.type():
            case _Type.ToolTip:
                self._tip(cast("QHelpEvent", event))
                return True
            case _Type.Leave:
                self._hover("")
                self._link(None)
            case _Type.LayoutDirectionChange:
                self._reader.fit()
        return super().eventFilter(watched, event)

    # -- selecting ------------------------------------------------------------------------------------------------

    def _press(self, event: QMouseEvent) -> None:
        at = self._pressed = self._last = event.position()
        self._dragged = False
        position = self._view.position_at(at.x(), at.y())
        third = event.timestamp() - self._doubled < QApplication.doubleClickInterval()
        if third and self._doubled:
            self._doubled = 0
            self._begin("block", position)
        elif event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier:
            self._unit, self._origin = "letter", None
            self._dragged = True
            self._reader.set_caret(position, extend=True)
        else:
            self._begin("letter", position)

    def _double(self, event: QMouseEvent) -> None:
        self._doubled = event.timestamp()
        self._begin("word", self._character(event.position()))

    def _begin(self, unit: str, position: int) -> None:
        self._unit = unit
        self._origin = self._span(position)
        self._dragged = unit != "letter"
        self._reader.select(*self._origin)

    def _character(self, at: QPointF) -> int:
        """The letter under the pointer, or the place nearest to it."""
        found = self._view.character_at(at.x(), at.y())
        return found if found >= 0 else self._view.position_at(at.x(), at.y())

    def _span(self, position: int) -> tuple[int, int]:
        if self._unit == "letter":
            return position, position
        if self._unit == "word":
            return self._column.word_of(position)
        return self._column.block_of(position)

    def _move(self, event: QMouseEvent) -> None:
        at = self._last = event.position()
        if not event.buttons() & QtCore.Qt.MouseButton.LeftButton:
            self._point(at)
            return
        if not self._dragged and (at - self._pressed).manhattanLength() < QApplication.startDragDistance() // 2:
            return
        self._dragged = True
        self._extend(at)
        outside = at.y() < 0 or at.y() >= self._view.height
        if outside and not self._timer.isActive():
            self._timer.start()
        elif not outside:
            self._timer.stop()

    def _extend(self, at: QPointF) -> None:
        y = min(max(at.y(), 0), self._view.height - 1)
        if self._origin is None:
            self._reader.set_caret(self._view.position_at(at.x(), y), extend=True)
            return
        where = QPointF(at.x(), y)
        position = self._character(where) if self._unit == "word" else self._view.position_at(at.x(), y)
        first, last = self._span(position)
        if position < self._origin[0]:
            self._reader.select(self._origin[1], first)
        else:
            self._reader.select(self._origin[0], max(last, self._origin[1]))

    def _tick(self) -> None:
        y = self._last.y()
        beyond = y if y < 0 else y - self._view.height + 1
        self._reader.scroll_by(round(max(-60, min(60, beyond * 0.6))) or (1 if beyond > 0 else -1))
        self._extend(self._last)

    def _release(self, event: QMouseEvent) -> None:
        self._timer.stop()
        if self._dragged:
            self._reader.settle()
        else:
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        anchor = self._view.anchor_at(at.x(), at.y())
        if anchor is not None:
            self._reader.follow(anchor.start)
            return
        found = self._marks.at(at.x(), at.y())
        if self._marks.current in found:
            # Clicking again goes on to the next of the marks that lie on one another.
            found = found[found.index(self._marks.current) + 1 :] + found
        self._reader.activated.emit(found[0] if found else "")

    # -- pointing -------------------------------------------------------------------------------------------------

    def _point(self, at: QPointF) -> None:
        anchor = self._view.anchor_at(at.x(), at.y())
        self._link((anchor.start, anchor.end) if anchor is not None else None)
        inside = 0 <= at.x() - self._view.left <= self._view.column_width
        shape = QtCore.Qt.CursorShape.IBeamCursor if inside else QtCore.Qt.CursorShape.ArrowCursor
        if anchor is not None:
            shape = QtCore.Qt.CursorShape.PointingHandCursor
        if self._reader.viewport().cursor().shape() != shape:
            self._reader.viewport().setCursor(shape)
        found = self._marks.at(at.x(), at.y()) if inside else []
        self._hover(found[0] if found else "")

    def _link(self, span: tuple[int, int] | None) -> None:
        if self._shapes.hovered != span:
            self._shapes.hovered = span
            self._reader.viewport().update()

    def _hover(self, annotation: str) -> None:
        if self._marks.hovered != annotation:
            self._reader.set_hovered(annotation)
            self._reader.hovered.emit(annotation)

    def _tip(self, event: QHelpEvent) -> None:
        text = self.tip_at(QPointF(event.pos()))
        if text:
            from margent.ui.tips import as_tip  # noqa: PLC0415 - the first page comes without a tooltip

            QToolTip.showText(event.globalPos(), as_tip(text), self._reader.viewport())
        else:
            QToolTip.hideText()
            event.ignore()

    def tip_at(self, at: QPointF) -> str:
        """What a tooltip says at a point: an address, a footnote, a theme, or the first words of a note."""
        anchor = self._view.anchor_at(at.x(), at.y())
        if anchor is not None:
            return self._footnote(anchor.target) if anchor.note else anchor.target
        reading = self._marks.reading
        if reading is None:
            return ""
        theme = self._gutter.at(at.x(), at.y())
        if theme:
            return reading.themes[theme].name
        found = self._marks.at(at.x(), at.y())
        if not found:
            return ""
        annotation = reading.annotations[found[0]]
        names = ", ".join(reading.themes[theme].name for theme in annotation.themes if theme in reading.themes)
        return "\n".join(line for line in (names, _shortened(annotation.note)) if line)

    def _footnote(self, label: str) -> str:
        blocks = self._column.document.blocks
        return next((_shortened(b.text) for b in reversed(blocks) if b.kind == "footnote" and b.target == label), "")


def primary_selection(text: str) -> None:
    """Offer text to a click of the middle button, where the desktop knows such a thing."""
    clipboard = QGuiApplication.clipboard()
    if text and clipboard.supportsSelection():
        clipboard.setText(text, clipboard.Mode.Selection)


def _shortened(text: str) -> str:
    words = text.split()
    return " ".join(words[:_WORDS]) + ("…" if len(words) > _WORDS else "")
