"""The name of a theme on a card, with the theme's colour and a way to take it off."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from margent.annotations import Theme
from margent.ui.style import Style

_WIDEST = 200


class Chip(QAbstractButton):
    """One theme of an annotation. The cross, or Delete while it has the focus, asks for it to be removed."""

    removeRequested = Signal(str)

    def __init__(self, style: Style, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._theme = theme
        self._font = style.ui_font(11)
        self._over = False
        self.setFont(self._font)
        self.setText(theme.name)
        self.setToolTip(theme.name)
        self.setAccessibleName(self.tr("Theme %1").replace("%1", theme.name))
        self.setAccessibleDescription(self.tr("Delete takes it off"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def theme(self) -> Theme:
        """The theme it stands for."""
        return self._theme

    def sizeHint(self) -> QSize:
        """As wide as the name, up to a limit."""
        px = self._style.px
        metrics = QFontMetrics(self._font)
        wide = metrics.horizontalAdvance(self._theme.name) + px(26)
        return QSize(min(wide, px(_WIDEST)), metrics.height() + px(4))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the chip: a dot and the name, and a cross while the pointer or the keyboard is here."""
        style, px = self._style, self._style.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        active = self._over or self.hasFocus()
        painter.setPen(QPen(style.colour("focus"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("hover" if self._over else "chip"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.theme(self._theme.colour))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        radius = px(3.5)
        dot = px(9) if not mirrored else self.width() - px(9)
        painter.drawEllipse(QPointF(dot + 0.5, self.height() / 2), radius, radius)
        painter.setPen(style.colour("text" if active else "muted"))
        painter.setFont(self._font)
        lead, trail = px(16), px(8)
        words = self.rect().adjusted(trail if mirrored else lead, 0, -lead if mirrored else -trail, 0)
        name = QFontMetrics(self._font).elidedText(self._theme.name, Qt.TextElideMode.ElideRight, words.width())
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter, name)
        if active:
            # The cross stands on the end of the name; the chip does not grow under the pointer.
            cover = self._cross().adjusted(-3, -1, 2, 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("hover" if self._over else "chip"))
            painter.drawRect(cover)
            style.icon("x", 10, "text").paint(painter, self._cross().toRect())
        painter.end()

    def _cross(self) -> QRectF:
        side = self._style.px(10)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self._style.px(5) if mirrored else self.width() - side - self._style.px(5)
        return QRectF(x, (self.height() - side) / 2, side, side)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the cross."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide it."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the cross removes; one on the name does not."""
        inside = self._cross().adjusted(-4, -6, 4, 6).contains(event.position())
        super().mouseReleaseEvent(event)
        if inside and event.button() == Qt.MouseButton.LeftButton:
            self.removeRequested.emit(self._theme.id)

    def event(self, event: QEvent) -> bool:
        """Delete means this chip here, not the note."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _removes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace remove."""
        if _removes(event):
            self.removeRequested.emit(self._theme.id)
        else:
            super().keyPressEvent(event)


def _removes(event: QKeyEvent) -> bool:
    return event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and not event.modifiers()
