"""The field in which the library is searched: what its keys mean, and the hint that tells its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from margent.ui.style import Style

_WIDTH = 300
"""In pixels of the design, where there is room."""


class SearchField(QLineEdit):
    """Arrows walk through what was found, Enter goes there, Escape ends it."""

    stepped = Signal(int)
    entered = Signal()
    cancelled = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setPlaceholderText(self.tr("Search titles, text and notes in the library"))
        self.setAccessibleName(self.tr("Search titles, text and notes in the library"))
        self.setFixedHeight(30)
        self.setClearButtonEnabled(True)
        self.keys = QLabel(self.tr("Ctrl F"), self)
        self.keys.setProperty("muted", True)
        self.keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._show_keys)

    def set_room(self, width: int) -> None:
        """Be as wide as a view `width` pixels wide has room for."""
        self.setFixedWidth(max(150, min(self._style.px(_WIDTH + 80), width - self._style.px(560))))
        self._show_keys()

    def _show_keys(self) -> None:
        hint = self.keys.sizeHint()
        room = self.fontMetrics().horizontalAdvance(self.placeholderText()) + hint.width() + 36
        # From right to left the two would stand on each other wherever the words are Latin.
        room_for_it = self.width() > room and not self.isRightToLeft()
        self.keys.setVisible(not self.text() and not self.hasFocus() and room_for_it)
        self.keys.setGeometry(self.width() - hint.width() - 10, 0, hint.width(), self.height())

    def sizeHint(self) -> QSize:
        """As wide as was said."""
        return QSize(self.width(), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """The hint goes while somebody types here."""
        done = super().event(event)
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Resize}:
            self._show_keys()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that mean something here."""
        match event.key():
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape:
                self.cancelled.emit()
            case _:
                super().keyPressEvent(event)
