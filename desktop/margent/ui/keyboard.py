"""The keys of the page: scrolling, and with caret browsing the caret; selecting with Shift works in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QObject, QRectF, QTimer
from PySide6.QtGui import QGuiApplication

from margent.ui.caret import Caret, Move

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QKeyEvent, QPainter

    from margent.ui.column import Column
    from margent.ui.pageview import PageView
    from margent.ui.reader import Reader

_MOVES: tuple[tuple[str, Move], ...] = (
    ("NextChar", "right"),
    ("PreviousChar", "left"),
    ("NextWord", "word right"),
    ("PreviousWord", "word left"),
    ("NextLine", "down"),
    ("PreviousLine", "up"),
    ("StartOfLine", "line start"),
    ("EndOfLine", "line end"),
    ("NextPage", "page down"),
    ("PreviousPage", "page up"),
    ("StartOfBlock", "block start"),
    ("EndOfBlock", "block end"),
    ("StartOfDocument", "start"),
    ("EndOfDocument", "end"),
)
"""What stands behind MoveTo and behind Select in the names of Qt's standard keys, and what it does."""


class Keyboard(QObject):
    """Turns keys into scrolling, or into movements of the caret, and draws the caret."""

    def __init__(self, reader: Reader, column: Column, view: PageView) -> None:
        super().__init__(reader)
        self._reader = reader
        self._view = view
        self._caret = Caret(column, view)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._blink)
        self._lit = True
        self._selecting = False
        self.browsing = False
        """Whether keys move a caret rather than the view."""

    def set_browsing(self, on: bool) -> None:
        """Show a caret that the keys move, or let them scroll."""
        self.browsing = on
        if on:
            start, end = self._view.span()
            if not start <= self._reader.caret <= end:
                place = self._reader.place()
                self._reader.select(place, place)
        self.awake()

    def awake(self) -> None:
        """Show the caret and count its time afresh: it moved, or the focus came or went."""
        self._lit = True
        self._timer.stop()
        period = QGuiApplication.styleHints().cursorFlashTime()
        if self.browsing and self._reader.hasFocus() and period > 0:
            self._timer.start(period // 2)
        self._reader.viewport().update()

    def placed(self) -> None:
        """The caret was put somewhere by other means than keys."""
        self._caret.forget()
        if self.browsing:
            self.awake()

    def _blink(self) -> None:
        self._lit = not self._lit
        self._reader.viewport().update(self._rect().toAlignedRect().adjusted(-2, -2, 2, 2))

    def _rect(self) -> QRectF:
        rect = self._view.caret(self._reader.caret)
        return QRectF(round(rect.x()) - 1, rect.top() + 2, 2, max(rect.height() - 4, 12))

    def paint(self, painter: QPainter, colour: QColor) -> None:
        """Draw the caret."""
        if self.browsing and self._lit and self._reader.hasFocus():
            start, end = self._view.span()
            if start <= self._reader.caret <= end:
                painter.fillRect(self._rect(), colour)

    # -- keys -----------------------------------------------------------------------------------------------------

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; whether it was one of the page's."""
        keys = QtGui.QKeySequence.StandardKey
        for key, name in _MOVES:
            if event.matches(keys[f"Select{key}"]):
                self._go(name, extend=True)
                self._selecting = True
                return True
            if event.matches(keys[f"MoveTo{key}"]):
                if self.browsing:
                    self._go(name, extend=False)
                    return True
                return self._scroll(name)
        match event.key():
            case QtCore.Qt.Key.Key_Space:
                back = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
                return self._scroll("page up" if back else "page down")
            case QtCore.Qt.Key.Key_Home | QtCore.Qt.Key.Key_End if not event.modifiers():
                return self._scroll("start" if event.key() == QtCore.Qt.Key.Key_Home else "end")
            case QtCore.Qt.Key.Key_Return | QtCore.Qt.Key.Key_Enter if self.browsing:
                self._reader.follow(self._reader.caret)
                return True
            case QtCore.Qt.Key.Key_Escape if self._reader.selection() is not None:
                self._reader.clear_selection()
                return True
        return False

    def release(self, event: QKeyEvent) -> None:
        """A selection made with keys is settled when Shift is let go."""
        if event.key() == QtCore.Qt.Key.Key_Shift and not event.isAutoRepeat() and self._selecting:
            self._selecting = False
            self._reader.settle()

    def _go(self, move: Move, *, extend: bool) -> None:
        reader = self._reader
        span, before = reader.selection(), reader.caret
        if span is not None and not extend and move in {"left", "right"}:
            position = span[move == "right"]
        else:
            position = self._caret.moved(reader.caret, move)
        reader.set_caret(position, extend=extend)
        reader.scroll_to(position, "nearest")
        reader.accessible.moved(before, move, extend=extend)
        self.awake()

    def _scroll(self, move: Move) -> bool:
        view, reader = self._view, self._reader
        page = max(40, view.height - 2 * view.line_height)
        match move:
            case "up" | "down":
                reader.scroll_by(3 * view.line_height * (1 if move == "down" else -1))
            case "page up" | "page down":
                reader.scroll_by(page if move == "page down" else -page)
            case "start" | "line start":
                reader.scroll_to(0, "top")
            case "end" | "line end":
                reader.scroll_to_end()
            case _:
                return False
        return True
