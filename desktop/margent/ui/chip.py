"""The themes on a card: each with its colour and a way to take it off, and on the card in use a way to add one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from margent.annotations import Theme
from margent.ui.glyph import Words
from margent.ui.style import Style
from margent.ui.tips import as_tip

_WIDEST = 200
_LEAD = 16


class Chip(QAbstractButton):
    """One theme of an annotation. The cross, or Delete while it has the focus, asks for it to be removed."""

    removeRequested = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._theme = Theme(id="", name="")
        self._font = style.ui_font(11)
        self._over = False
        self.setFont(self._font)
        self.setAccessibleDescription(self.tr("Delete takes it off"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Stand for a theme."""
        if theme != self._theme:
            self._theme = theme
            self.setText(theme.name.replace("&", "&&"))
            self.setToolTip(as_tip(theme.name))
            self.setAccessibleName(self.tr("Theme %1").replace("%1", theme.name))
            self.updateGeometry()
            self.update()

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
        painter.setPen(QPen(style.colour("focus"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("hover" if self._over else "chip"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.theme(self._theme.colour))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        radius = px(3.5)
        dot = px(9) if not mirrored else self.width() - px(9)
        painter.drawEllipse(QPointF(dot + 0.5, self.height() / 2), radius, radius)
        painter.setPen(style.colour("text" if self._active else "muted"))
        painter.setFont(self._font)
        lead, trail = px(_LEAD), self._trail()
        words = self.rect().adjusted(trail if mirrored else lead, 0, -lead if mirrored else -trail, 0)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter, self.shown_name)
        if self._active:
            style.icon("x", 10, "text").paint(painter, self._cross().toRect())
        painter.end()

    @property
    def shown_name(self) -> str:
        """The name as it stands there now, shortened where there is no room for it."""
        room = self.width() - self._style.px(_LEAD) - self._trail()
        return QFontMetrics(self._font).elidedText(self._theme.name, Qt.TextElideMode.ElideRight, room)

    @property
    def _active(self) -> bool:
        return self._over or self.hasFocus()

    def _trail(self) -> int:
        # The chip does not grow under the pointer: where the cross comes, the name gives way.
        return self._style.px(18 if self._active else 8)

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


class ThemesRow(QWidget):
    """Chips in lines, as words are. Chips are kept and given other themes: a card is filled in while scrolling."""

    removeRequested = Signal(str)
    addRequested = Signal(QPoint)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._chips: list[Chip] = []
        self._shown = 0
        self._reachable = False
        self._add: Words | None = None

    def show_themes(self, themes: Sequence[Theme], *, offer: bool) -> None:
        """Show chips for themes, and with `offer` the words that ask for another."""
        while len(self._chips) < len(themes):
            chip = Chip(self._style, self)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus if self._reachable else Qt.FocusPolicy.NoFocus)
            chip.removeRequested.connect(self.removeRequested)
            self._chips.append(chip)
        for chip, theme in zip(self._chips, themes, strict=False):
            chip.set_theme(theme)
            chip.show()
        for chip in self._chips[len(themes) : self._shown]:
            chip.hide()
        self._shown = len(themes)
        if offer and self._add is None:
            self._add = Words(self._style, self.tr("+ theme"), self.tr("Add a theme"), self, size=11)
            self._add.clicked.connect(self._ask)
        if self._add is not None:
            self._add.setVisible(offer)

    def set_reachable(self, reachable: bool) -> None:
        """Whether Tab comes to the chips."""
        if reachable != self._reachable:
            self._reachable = reachable
            for chip in self._chips:
                chip.setFocusPolicy(Qt.FocusPolicy.TabFocus if reachable else Qt.FocusPolicy.NoFocus)

    def height_for(self, width: int) -> int:
        """Put the chips in their places for a width; the height in pixels that they need, 0 when there are none."""
        gap = self._style.px(4)
        x = y = high = 0
        words = [self._add] if self._add is not None and not self._add.isHidden() else []
        for part in (*self._chips[: self._shown], *words):
            size = part.sizeHint()
            wide = min(size.width(), width)
            if x and x + wide > width:
                x, y, high = 0, y + high + gap, 0
            area, spot = QRect(0, 0, width, 1), QRect(x, y, wide, size.height())
            part.setGeometry(QStyle.visualRect(self.layoutDirection(), area, spot))
            x += wide + gap
            high = max(high, size.height())
        return y + high

    def _ask(self) -> None:
        if self._add is not None:
            self.addRequested.emit(self._add.mapToGlobal(self._add.rect().bottomLeft()))


def _removes(event: QKeyEvent) -> bool:
    return event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and not event.modifiers()
