"""What the margin folds to in a narrow window: a small mark beside each note, and the card as a pop-over on top."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from margent.annotations import Annotation
from margent.placement import place
from margent.reading import Reading
from margent.ui.card import Card, paint_ground
from margent.ui.cards import Cards
from margent.ui.cardtext import KIND_ICONS, spoken
from margent.ui.style import Style
from margent.ui.surface import SHADOW, Surface
from margent.ui.tips import as_tip

MARK = 26
"""Pixels a mark is wide and high."""
CARD = 300
"""Pixels a card is wide as a pop-over."""
_EDGE = 3
_ICON = 14
_GAP = 4


class CardMark(QAbstractButton):
    """A card folded to an icon: its kind, and the mark's colour at the edge. A click or Enter opens the card."""

    hovered = Signal(str)
    reached = Signal(str)
    stepped = Signal(int)
    left = Signal()

    def __init__(self, style: Style, owner: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self._lit = False
        self._current = False
        self.annotation: Annotation | None = None
        self.setFixedSize(QSize(MARK, MARK))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_annotation(self, annotation: Annotation, replies: int, *, current: bool, hovered: bool) -> None:
        """Stand for an annotation."""
        state = (annotation, current, hovered)
        if state != (self.annotation, self._current, self._lit):
            self.annotation, self._current, self._lit = state
            name = spoken(annotation, self._owner, replies)
            self.setAccessibleName(name)
            self.setToolTip(as_tip(name))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint a card in small."""
        style, annotation = self._style, self.annotation
        if annotation is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self._current or self.hasFocus()
        thick = 2.0 if ring else 1.0
        box = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        edge = style.mark_strong(annotation.colour)
        shape = paint_ground(painter, box, 6, style.colour("card"), edge, _EDGE + thick / 2, mirrored=mirrored)
        role = "focus" if ring else "control" if self._lit else "line"
        painter.setPen(QPen(style.colour(role), thick))
        painter.drawPath(shape)
        square = QRect(0, 0, _ICON, _ICON)
        square.moveCenter(QPointF(self.width() / 2 + (-1 if mirrored else 1), self.height() / 2).toPoint())
        style.icon(KIND_ICONS[annotation.kind], _ICON, "text" if self._lit or ring else "muted").paint(painter, square)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light the mark in the text."""
        if self.annotation is not None:
            self.hovered.emit(self.annotation.id)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Its light goes out."""
        self.hovered.emit("")
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here by keyboard makes the annotation the current one."""
        super().focusInEvent(event)
        if self.annotation is not None:
            self.reached.emit(self.annotation.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go to other marks, Enter opens, Escape goes back to the text."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not event.modifiers():
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class CardPopover(Surface):
    """A card over the text, beside its mark. It closes when the reader turns to something else.

    `closed` says that it is to be taken away; whoever opened it puts the card somewhere and calls `deleteLater`.
    """

    closed = Signal()

    def __init__(self, style: Style, card: Card, window: QWidget, strip: QWidget) -> None:
        super().__init__(style, window)
        self.setObjectName("cardpopover")
        self.setAccessibleName(QCoreApplication.translate("Card", "Note"))
        self._card = card
        self._window = window
        self._strip = strip
        card.setParent(self)
        card.show()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.installEventFilter(self)
            application.focusChanged.connect(self._focus_changed)

    @property
    def card(self) -> Card:
        """The card in it."""
        return self._card

    def room(self) -> QRect:
        """The card is the panel."""
        return self._card.geometry()

    def fit(self, level: int) -> None:
        """Stand beside the strip, `level` pixels below its top where the window leaves room for that."""
        width = self.look.px(CARD)
        height = self._card.wanted_height(width)
        window = self._window
        strip = QRect(self._strip.mapTo(window, QPoint(0, 0)), self._strip.size())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = strip.right() + 5 if rtl else strip.left() - width - 4
        lowest = min(strip.bottom(), window.height()) - height - 4
        y = max(strip.top() + 4, min(strip.top() + level, lowest))
        self.setGeometry(x - SHADOW, y - SHADOW, width + 2 * SHADOW, height + 2 * SHADOW)
        self._card.setGeometry(SHADOW, SHADOW, width, height)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click elsewhere in the window closes it; menus that belong to it are windows of their own."""
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and self._is_foreign(watched)
        ):
            self.closed.emit()
        return super().eventFilter(watched, event)

    def _is_foreign(self, watched: QObject) -> bool:
        if not isinstance(watched, QWidget) or watched.window() is not self.window():
            return False
        inside = watched is self or self.isAncestorOf(watched)
        return not inside and watched is not self._strip and not self._strip.isAncestorOf(watched)

    @Slot(QWidget, QWidget)
    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        came_from_here = old is not None and (old is self or self.isAncestorOf(old))
        if came_from_here and new is not None and self._is_foreign(new):
            self.closed.emit()


class FoldedMarks(QWidget):
    """The strip of marks. `opened` asks for an annotation's card; the others are as the margin's own."""

    opened = Signal(str)
    hovered = Signal(str)
    reached = Signal(str)
    left = Signal()

    def __init__(self, style: Style, owner: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self._marks: list[CardMark] = []
        self.setAccessibleName(QCoreApplication.translate("Card", "Notes"))

    def arrange(self, placed: list[tuple[Annotation, int]], replies: dict[str, int], current: str, lit: str) -> None:
        """Show marks for annotations, in order, with their tops in pixels; those out of sight are left out."""
        seen = [(a, top) for a, top in placed if top + MARK > 0 and top < self.height()]
        while len(self._marks) < len(seen):
            self._marks.append(self._new_mark())
        x = (self.width() - MARK) // 2
        entry = next((n for n, (a, _) in enumerate(seen) if a.id == current), 0)
        for index, mark in enumerate(self._marks):
            if index >= len(seen):
                mark.hide()
                continue
            annotation, top = seen[index]
            mark.show_annotation(
                annotation,
                replies.get(annotation.id, 0),
                current=annotation.id == current,
                hovered=annotation.id == lit,
            )
            mark.setFocusPolicy(Qt.FocusPolicy.TabFocus if index == entry else Qt.FocusPolicy.NoFocus)
            mark.move(x, top)
            mark.show()
        self.setFocusProxy(self._marks[entry] if seen else None)  # type: ignore[arg-type]

    def _new_mark(self) -> CardMark:
        mark = CardMark(self._style, self._owner, self)
        mark.hovered.connect(self.hovered)
        mark.reached.connect(self.reached)
        mark.left.connect(self.left)
        mark.stepped.connect(lambda by: self._step(mark, by))
        mark.clicked.connect(lambda: self.opened.emit(mark.annotation.id if mark.annotation is not None else ""))
        return mark

    def _step(self, mark: CardMark, by: int) -> None:
        shown = [other for other in self._marks if not other.isHidden()]
        index = shown.index(mark) + by
        if 0 <= index < len(shown):
            shown[index].setFocus(Qt.FocusReason.TabFocusReason)


class Fold(QObject):
    """The folded margin: its strip of marks, and the one card that may be open on top."""

    activated = Signal(str)
    hovered = Signal(str)
    left = Signal()

    def __init__(self, style: Style, owner: str, margin: QWidget, cards: Cards) -> None:
        super().__init__(margin)
        self._style = style
        self._margin = margin
        self._cards = cards
        self._reading: Reading | None = None
        self._popover: CardPopover | None = None
        self._levels: dict[str, int] = {}
        self.marks = FoldedMarks(style, owner, margin)
        self.marks.opened.connect(self.toggle)
        self.marks.hovered.connect(self.hovered)
        self.marks.reached.connect(self.activated)
        self.marks.left.connect(self.left)
        self.marks.setGeometry(margin.rect())
        self.marks.show()
        margin.setFocusProxy(self.marks)

    def arrange(
        self, reading: Reading | None, entries: list[Annotation], wanted: list[float], current: str, lit: str
    ) -> None:
        """Put the marks level with the text, and the open card with its mark."""
        self._reading = reading
        focus = next((n for n, entry in enumerate(entries) if entry.id == current), None)
        tops = [round(top) for top in place(wanted, [MARK] * len(wanted), gap=_GAP, focus=focus)]
        counts = {key: len(replies) for key, replies in reading.replies.items()} if reading is not None else {}
        self.marks.arrange(list(zip(entries, tops, strict=True)), counts, current, lit)
        self._levels = {entry.id: top for entry, top in zip(entries, tops, strict=True)}
        popover = self._popover
        if popover is not None and popover.card.annotation is not None:
            if popover.card.annotation.id in self._levels:
                popover.fit(self._levels[popover.card.annotation.id])
            else:
                self.close()

    def toggle(self, annotation: str) -> None:
        """Open an annotation's card and give it the keyboard, or close it if it is the one that is open."""
        was_open = self.shows(annotation)
        self.close()
        if not was_open:
            self.activated.emit(annotation)
            self.open(annotation)
            if annotation in self._cards.used:
                self._cards.used[annotation].setFocus(Qt.FocusReason.PopupFocusReason)

    def shows(self, annotation: str) -> bool:
        """Whether an annotation's card is open."""
        return self._popover is not None and self._popover.card is self._cards.used.get(annotation)

    def open(self, annotation: str) -> None:
        """Open an annotation's card beside its mark."""
        reading = self._reading
        if reading is None or annotation not in reading.annotations or self.shows(annotation):
            return
        self.close()
        card = self._cards.bring(reading, reading.annotations[annotation], self._cards.used.keys())
        card.set_current(True)
        card.set_reachable(True)
        self._popover = CardPopover(self._style, card, self._margin.window(), self._margin)
        self._popover.closed.connect(self.close)
        self._popover.fit(self._levels.get(annotation, 0))

    @Slot()
    def close(self) -> None:
        """Close the card that is open; it stays when something on it could not be saved."""
        popover = self._popover
        if popover is None:
            return
        key = next((key for key, card in self._cards.used.items() if card is popover.card), "")
        self._popover = None
        if key and not self._cards.put_away(key):
            self._popover = popover
            return
        self._cards.bereft = None
        popover.card.setParent(self._margin)
        popover.hide()
        popover.deleteLater()

    def end(self) -> None:
        """Unfold: take everything away."""
        self.close()
        self.marks.hide()
        self.marks.deleteLater()
        self.deleteLater()
