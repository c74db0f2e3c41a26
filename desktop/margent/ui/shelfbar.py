"""Above the table of documents while a theme is looked at: which one, and the way to its dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

if TYPE_CHECKING:
    from margent.annotations import Theme
    from margent.ui.style import Style


class ShelfBar(QWidget):
    """Above the table while a theme is looked at: which one, and the way to its dossier."""

    dossierRequested = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._theme = ""
        self._text = QLabel()
        self._text.setProperty("strong", True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(self.tr("Open dossier"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(lambda: self.dossierRequested.emit(self._theme))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(30), style.px(12), style.px(18), 0)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)

    def show_theme(self, theme: Theme | None, documents: int) -> None:
        """Tell of a theme, or go."""
        self.setVisible(theme is not None)
        if theme is not None:
            self._theme = theme.id
            self._text.setText(theme.name + " · " + self.tr("%n document(s)", None, documents))
