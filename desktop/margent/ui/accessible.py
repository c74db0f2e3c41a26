"""The page as screen readers see it: one document with its text, a caret and a selection.

QAccessible takes a factory written in Python, and the interfaces it makes live as long as their widget, so the page is
a real text interface and not a picture with a description: with caret browsing a screen reader speaks the letter,
word or line the caret comes to, and can read on from there. Words and lines around an offset are found by Qt, which
asks for the whole text each time (that method cannot be overridden from Python); of a very long document only the
part around the caret is therefore given. Nothing is computed, and no event is sent, while no assistive technology
is there. Offsets of this interface are UTF-16 units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInterface,
    QAccessibleTextSelectionEvent,
)
from PySide6.QtWidgets import QAccessibleWidget

from margent.ui.page import Units

if TYPE_CHECKING:
    from margent.ui.reader import Reader

MOST = 120_000
"""Code points given at once."""


class Accessible:
    """What the reader tells assistive technology, and the part of the text that is given to it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._text: str | None = None
        self._start = self._end = 0
        self._units = Units("")
        QAccessible.installFactory(make_interface)

    def part(self) -> tuple[int, int, Units]:
        """Start and end of the part of the text that is given, and its conversions."""
        text = self._reader.text
        caret = self._reader.caret
        if self._text is not text or not self._start <= caret <= self._end:
            self._text = text
            self._start, self._end = part_around(text, caret)
            self._units = Units(text[self._start : self._end])
        return self._start, self._end, self._units

    def caret_moved(self) -> None:
        """Say that caret and selection are elsewhere."""
        if not QAccessible.isActive():
            return
        reader = self._reader
        start, _, units = self.part()
        QAccessible.updateAccessibility(QAccessibleTextCursorEvent(reader, units.of(reader.caret - start)))
        first, last = reader.selection() or (reader.caret, reader.caret)
        event = QAccessibleTextSelectionEvent(reader, units.of(max(first - start, 0)), units.of(max(last - start, 0)))
        QAccessible.updateAccessibility(event)


def part_around(text: str, caret: int) -> tuple[int, int]:
    """At most about MOST code points of `text` around `caret`, from one line's start to another's end."""
    if len(text) <= MOST:
        return 0, len(text)
    start = text.rfind("\n", 0, max(0, caret - MOST // 2)) + 1
    end = text.find("\n", min(len(text), caret + MOST // 2))
    return start, end if end >= 0 else len(text)


class PageInterface(QAccessibleWidget):
    """The reader as a document."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, QAccessible.Role.Document)
        self._words = PageText(reader)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:  # noqa: ANN401 - void* in Qt
        """The text interface; a page has no other."""
        return self._words if kind == QAccessible.InterfaceType.TextInterface else None

    def state(self) -> QAccessible.State:
        """Text that can be selected and not edited."""
        state = super().state()
        state.readOnly = state.multiLine = state.selectableText = 1
        return state


class PageText(QAccessibleTextInterface):
    """The text, caret and selection of a reader."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def characterCount(self) -> int:
        """Units of the part that is given."""
        start, end, units = self._reader.accessible.part()
        return units.of(end - start)

    def text(self, startOffset: int, endOffset: int) -> str:
        """The text between two offsets."""
        return self._reader.text[self._point(startOffset) : self._point(endOffset)]

    def cursorPosition(self) -> int:
        """Where the caret is."""
        return self._offset(self._reader.caret)

    def setCursorPosition(self, position: int) -> None:
        """Put the caret somewhere and show it."""
        point = self._point(position)
        self._reader.select(point, point)
        self._reader.scroll_to(point, "nearest")

    def selectionCount(self) -> int:
        """One or none."""
        return int(self._reader.selection() is not None)

    def selection(self, selectionIndex: int) -> Any:  # noqa: ANN401, ARG002 - two out parameters in Qt
        """Start and end of the selection."""
        first, last = self._reader.selection() or (self._reader.caret, self._reader.caret)
        return self._offset(first), self._offset(last)

    def addSelection(self, startOffset: int, endOffset: int) -> None:
        """Select; there is one selection only."""
        self.setSelection(0, startOffset, endOffset)

    def removeSelection(self, selectionIndex: int) -> None:  # noqa: ARG002 - Qt's signature
        """Select nothing."""
        self._reader.clear_selection()

    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:  # noqa: ARG002 - Qt's
        """Select the text between two offsets."""
        self._reader.select(self._point(startOffset), self._point(endOffset))

    def characterRect(self, offset: int) -> QRect:
        """Where a character is on the screen."""
        point = self._point(offset)
        rect = self._reader.rect_of(point, point + 1)
        return QRect(self._reader.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        """The offset at a point of the screen."""
        return self._offset(self._reader.position_at(self._reader.viewport().mapFromGlobal(point)))

    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:  # noqa: ARG002 - Qt's signature
        """Bring a piece of text into view."""
        self._reader.scroll_to(self._point(startIndex), "nearest")

    def _point(self, offset: int) -> int:
        start, end, units = self._reader.accessible.part()
        return min(start + units.point(max(0, offset)), end)

    def _offset(self, point: int) -> int:
        start, end, units = self._reader.accessible.part()
        return units.of(min(max(point, start), end) - start)


def make_interface(key: str, thing: QObject) -> QAccessibleInterface | None:
    """QAccessible's factory: an interface for a Reader, None for every other class."""
    return PageInterface(thing) if key == "Reader" else None  # type: ignore[arg-type]
