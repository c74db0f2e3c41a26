"""The reader as a node of the accessibility tree; apart from accessible.py to be loaded only when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from margent.ui.reader import Reader


class AccessiblePage(QAccessibleWidget):
    """A document that is read."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, QAccessible.Role.Document)

    def state(self) -> QAccessible.State:
        """Text of many lines that cannot be changed."""
        state = super().state()
        state.readOnly = state.multiLine = state.selectableText = 1
        return state


def interface(thing: QObject) -> AccessiblePage:
    """The interface of a reader, kept by it."""
    reader = cast("Reader", thing)
    page = AccessiblePage(reader)
    reader.accessible.interface = page
    return page
