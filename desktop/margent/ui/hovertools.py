"""The tools of a card that is pointed at. They float on its edge, so that no card changes size under a pointer."""

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from margent.ui.card import Card
from margent.ui.cardtools import CardTools
from margent.ui.style import Style
from margent.ui.surface import SHADOW, Surface

_OVERLAP = 9
"""Pixels of the card that the tools cover, above its first line."""
_LINGER_MS = 120


class HoverTools(Surface):
    """One row of tools for whichever card is pointed at; for the mouse only, the current card has its own."""

    chosen = Signal(str, QPoint)

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(style, parent)
        self._card: Card | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(*(SHADOW + 2,) * 4)
        self.tools = CardTools(style, parent=self)
        self.tools.chosen.connect(self._choose)
        for button in self.tools.buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(self.tools)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LINGER_MS)
        self._timer.timeout.connect(self._leave)
        self.hide()

    def show_for(self, card: Card) -> None:
        """Float on the upper edge of a card."""
        if card.annotation is None:
            return
        self._card = card
        self._timer.stop()
        self.tools.show_state(card.annotation)
        self.adjustSize()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = card.x() + 6 if mirrored else card.geometry().right() - 6 - self.room().width()
        y = max(0, card.y() + _OVERLAP - self.room().height())
        self.move(x - SHADOW, y - SHADOW)
        self.show()
        self.raise_()

    def linger(self) -> None:
        """The pointer has left the card; go unless it came here."""
        self._timer.start()

    def put_away(self) -> None:
        """Go, now."""
        self._timer.stop()
        self._card = None
        self.hide()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The card stays lit while the pointer is on its tools."""
        self._timer.stop()
        if self._card is not None and self._card.annotation is not None:
            self._card.hovered.emit(self._card.annotation.id)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone from the tools."""
        if self._card is not None:
            self._card.hovered.emit("")
        super().leaveEvent(event)

    def _leave(self) -> None:
        if not self.room().contains(self.mapFromGlobal(QCursor.pos())):
            self.put_away()

    def _choose(self, tool: str, at: QPoint) -> None:
        card = self._card
        self.put_away()
        if card is not None:
            card.perform(tool, at)
