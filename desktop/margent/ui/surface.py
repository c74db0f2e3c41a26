"""A panel that floats over the text: rounded, with a hairline and a soft shadow, painted inside its own rectangle."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from margent.ui.style import Style

SHADOW = 12
"""Pixels on each side that the shadow takes of the widget."""
_RADIUS = 8
_DROP = 3
_DEPTH = 0.011


class Surface(QFrame):
    """Lay out within `room`; the widget is SHADOW wider on each side. A click on it goes no further."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        style.changed.connect(self.update)

    def room(self) -> QRect:
        """The panel itself, without its shadow."""
        return self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the shadow in rings that add up towards the panel, then the panel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colour = self.look.colour("shadow")
        colour.setAlphaF(_DEPTH)
        painter.setBrush(colour)
        box = QRectF(self.room())
        for spread in range(SHADOW - _DROP, 0, -1):
            grown = box.adjusted(-spread, _DROP - spread, spread, _DROP + spread)
            painter.drawRoundedRect(grown, _RADIUS + spread, _RADIUS + spread)
        painter.setBrush(self.look.colour("card"))
        painter.setPen(QPen(self.look.colour("line"), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the text below the shadow have its clicks, not the text below the panel."""
        event.setAccepted(self.room().contains(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """As for the press."""
        event.setAccepted(self.room().contains(event.position().toPoint()))
