"""The first line of a card: who, when, what kind. Painted, not made of labels: a card is filled in while scrolling."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QToolTip, QWidget

from margent.annotations import Annotation
from margent.ui.cardtext import KIND_ICONS, author_of, kind_word, short_time, times_of
from margent.ui.style import Style
from margent.ui.tips import as_tip

_WIDEST = 130
_ICON = 13


class Byline(QWidget):
    """The author in bold and the time, as “You · 08:41”; the full times as a tip."""

    def __init__(self, style: Style, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self._annotation: Annotation | None = None
        self._bold = style.ui_font(12, 600)
        self._plain = style.ui_font(12)
        self._author = ""
        self._time = ""

    @property
    def text(self) -> str:
        """What is written there."""
        return f"{self._author} · {self._time}"

    def show_annotation(self, annotation: Annotation) -> None:
        """Say who and when."""
        self._annotation = annotation
        self._author = author_of(annotation, self._owner)
        self._time = short_time(annotation.created)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the line."""
        painter = QPainter(self)
        self.paint_line(painter)
        painter.end()

    def paint_line(self, painter: QPainter) -> None:
        """Paint author and time from the side where reading begins."""
        metrics = QFontMetrics(self._bold)
        author = metrics.elidedText(self._author, Qt.TextElideMode.ElideRight, self._style.px(_WIDEST))
        wide = metrics.horizontalAdvance(author) + 1
        self._write(painter, QRect(0, 0, wide, self.height()), author, bold=True)
        rest = QRect(wide + self._style.px(4), 0, self.width(), self.height())
        self._write(painter, rest, f"· {self._time}", bold=False)

    def _write(self, painter: QPainter, rect: QRect, text: str, *, bold: bool) -> None:
        painter.setFont(self._bold if bold else self._plain)
        painter.setPen(self._style.colour("text" if bold else "muted"))
        side = QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(self.turned(rect), side, text)

    def turned(self, rect: QRect) -> QRect:
        """`rect`, meant for left to right, where it belongs in the direction of the interface."""
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def event(self, event: QEvent) -> bool:
        """Tell the full times; worked out only when somebody asks."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._annotation is not None:
            QToolTip.showText(event.globalPos(), self.tip(event.pos()), self)
            return True
        return super().event(event)

    def tip(self, at: QPoint) -> str:  # noqa: ARG002 - subclasses look where the pointer is
        """What is said when the pointer rests at a place."""
        if self._annotation is None:
            return ""
        return as_tip(f"{self._author}\n{times_of(self._annotation)}")


class CardHeader(Byline):
    """A byline with, at the other side, a lock for private notes, the tick of a task, and the kind."""

    def __init__(self, style: Style, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(style, owner, parent)
        self.tick = QCheckBox(self)
        # From right to left Qt puts the box farther in.
        wide = 22 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else 26
        self.tick.setFixedSize(QSize(style.px(wide), style.px(20)))
        self.tick.hide()

    @property
    def kind(self) -> str:
        """The kind as it is written there; "" for a plain note."""
        return "" if self._annotation is None or self._annotation.kind == "note" else kind_word(self._annotation.kind)

    @property
    def icon(self) -> str:
        """The drawing beside the kind; "" for a plain note."""
        return KIND_ICONS[self._annotation.kind] if self._annotation is not None and self.kind else ""

    def show_annotation(self, annotation: Annotation) -> None:
        """Say who, when, what kind, whether done and whether private."""
        super().show_annotation(annotation)
        self.tick.setVisible(annotation.is_task)
        if annotation.is_task:
            self.tick.setChecked(annotation.done)
            self.tick.setAccessibleName(self.tr("Done: %1").replace("%1", self.kind))
            self.tick.setToolTip(self.tr("Done") if annotation.done else self.tr("Open"))
            self._place_tick()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tick beside the kind."""
        super().resizeEvent(event)
        self._place_tick()

    def _place_tick(self) -> None:
        if self._annotation is not None and self._annotation.is_task:
            self.tick.move(self.turned(self._places()["tick"]).topLeft())

    def _places(self) -> dict[str, QRect]:
        """Where things stand, from the far side inwards, as if reading went from left to right."""
        annotation, px = self._annotation, self._style.px
        places: dict[str, QRect] = {}
        right = self.width()
        if annotation is None:
            return places
        if self.kind:
            wide = QFontMetrics(self._plain).horizontalAdvance(self.kind) + 1
            places["kind"] = QRect(right - wide, 0, wide, self.height())
            right -= wide + px(4)
        if self.icon:
            places["icon"] = self._square(right)
            right -= px(_ICON + 3)
        if annotation.is_task:
            places["tick"] = QRect(right - self.tick.width(), 0, self.tick.width(), self.tick.height())
            right -= self.tick.width() + px(3)
        if annotation.private:
            places["lock"] = self._square(right)
        return places

    def _square(self, right: int) -> QRect:
        side = self._style.px(_ICON)
        return QRect(right - side, (self.height() - side) // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the line with all that belongs to it."""
        painter = QPainter(self)
        self.paint_line(painter)
        places = self._places()
        if self._annotation is not None:
            for name, icon in (("icon", self.icon), ("lock", "lock")):
                if name in places:
                    self._style.icon(icon, _ICON, "muted").paint(painter, self.turned(places[name]))
        if "kind" in places:
            self._write(painter, places["kind"], self.kind, bold=False)
        painter.end()

    def tip(self, at: QPoint) -> str:
        """The lock explains itself."""
        places = self._places()
        if "lock" in places and self.turned(places["lock"]).contains(at):
            return self.tr("Private: stays out of briefs")
        return super().tip(at)
