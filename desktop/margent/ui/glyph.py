"""Buttons small enough for a card, an icon or a few words; the general tool button is padded for a toolbar."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from margent.ui.style import Style


class Glyph(QAbstractButton):
    """An icon of `size` pixels in a button `width` by `height`, all in pixels of the design."""

    def __init__(
        self, style: Style, icon: str, name: str, parent: QWidget | None = None, *, size: int = 14, width: int = 26,
        height: int = 24,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._style = style
        self._icon = icon
        self._size = size
        self._over = False
        self.setFixedSize(QSize(style.px(width), style.px(height)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_name(name)

    def set_name(self, name: str, keys: str = "") -> None:
        """What it does, for pointers and screen readers; `keys` is the shortcut for the same."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {keys}".rstrip())

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the icon, the ground under the pointer, and the ring while it has the keyboard."""
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = style.px(5)
        active = self._over or self.isDown() or self.hasFocus()
        if self._over or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("pressed" if self.isDown() else "hover"))
            painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(style.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, radius, radius)
        side = style.px(self._size)
        square = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        style.icon(self._icon, self._size, "text" if active else "muted").paint(painter, square)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is here."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        self._over = False
        self.update()
        super().leaveEvent(event)


class Words(QAbstractButton):
    """A button that is just a few muted words, without a ground, in line with the text around it."""

    def __init__(self, style: Style, text: str, name: str, parent: QWidget | None = None, *, size: float = 12) -> None:
        super().__init__(parent)
        self._style = style
        self._over = False
        self._font = style.ui_font(size)
        self.setFont(self._font)
        self.setText(text)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """As large as the words, with room for a ring above and below."""
        metrics = QFontMetrics(self._font)
        return QSize(metrics.horizontalAdvance(self.text()) + 4, metrics.height() + self._style.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the words, and the ring while they have the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.setPen(self._style.colour("text" if self._over or self.hasFocus() else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(self._style.colour("focus"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is here."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        self._over = False
        self.update()
        super().leaveEvent(event)
