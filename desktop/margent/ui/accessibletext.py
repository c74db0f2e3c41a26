"""The interfaces behind accessible.py: the reader as a document, and its text, caret and selection.

Apart from it so that a start without assistive technology does not load these classes. Offsets are UTF-16 units of
the part of the text that is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleTextInterface
from PySide6.QtWidgets import QAccessibleWidget

if TYPE_CHECKING:
    from margent.ui.reader import Reader


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
