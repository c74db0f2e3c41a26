"""What stands in the place of the table where a shelf is empty: why it is, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from margent.shelving import ALL, BIN, IN_COLLECTION, OF_THEME, STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from margent.annotations import Status
    from margent.ui.style import Style


class EmptyShelf(QWidget):
    """Where a shelf is empty: why, and what can be done."""

    def __init__(self, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setProperty("title", True)
        self._text = QLabel()
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        self.button = QPushButton(self.tr("Import documents…"))
        self.button.clicked.connect(actions["open"].trigger)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(40), 0, style.px(40), style.px(60))
        column.setSpacing(style.px(8))
        column.addStretch(1)
        for widget in (self._title, self._text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)

    def tell(self, shelf: str) -> None:
        """Say why this shelf is empty."""
        title, text = self._words(shelf)
        self._title.setText(title)
        self._text.setText(text)
        self.button.setVisible(shelf == ALL)

    def _words(self, shelf: str) -> tuple[str, str]:
        if shelf == ALL:
            return self.tr("No documents yet"), self.tr("Drop files or a folder here, or press Ctrl+O.")
        if shelf == BIN:
            return self.tr("The bin is empty"), self.tr("Documents that you delete wait here.")
        if shelf.startswith(IN_COLLECTION):
            return self.tr("Nothing in this collection"), self.tr("Drag documents onto it, or use their menu.")
        if shelf.startswith(OF_THEME):
            return (
                self.tr("No document has this theme"),
                self.tr("It shows here when you choose a passage or file a note under it."),
            )
        words: dict[Status, tuple[str, str]] = {
            "reading": (self.tr("Nothing being read"), self.tr("Documents that you have begun show here.")),
            "to_read": (self.tr("Nothing to read"), self.tr("Documents that you have not begun show here.")),
            "finished": (self.tr("Nothing finished"), self.tr("Documents that you have read to the end show here.")),
        }
        return words[next(state for state in STATES if state == shelf)]
