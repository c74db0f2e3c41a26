"""*For the meeting*: the questions to raise and the actions to take from the open document, to be ticked off."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLabel, QStyleOptionViewItem, QVBoxLayout, QWidget

from margent import edits
from margent.annotations import Annotation, Change
from margent.reading import Reading
from margent.ui.noterows import plain
from margent.ui.rowpaint import area_of, is_mirrored, mirrored, mirrored_rect, paint_ground, paint_tick
from margent.ui.rows import Index, Rows
from margent.ui.rowsview import GUTTER, ClickedRows, RowDelegate, beside_gutter
from margent.ui.style import Style


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A question or action, and the words that stand for it."""

    annotation: Annotation
    text: str


def meeting_rows(reading: Reading, known: Rows[MeetingRow]) -> Iterator[tuple[str, MeetingRow]]:
    """Open questions, then open actions, then what is ticked; each in reading order. Rows of `known` are used again."""
    tasks = [annotation for annotation in reading.in_order() if annotation.is_task]
    tasks.sort(key=lambda a: 2 if a.done else int(a.kind == "action"))
    for task in tasks:
        row = known.get(task.id)
        if row is None or row.annotation is not task:
            row = MeetingRow(task, plain(task.note) or " ".join(task.exact.split()))
        yield task.id, row


class MeetingModel(Rows[MeetingRow]):
    """Questions and actions in a list. `ticked` carries an id and whether it is to be done."""

    ticked = Signal(str, bool)

    def text(self, value: MeetingRow) -> str:
        """What there is to raise or do."""
        return value.text

    def tip(self, value: MeetingRow) -> str:
        """With what it is."""
        return f"{self._kind(value.annotation)}\n{value.text}"

    def spoken(self, value: MeetingRow) -> str:
        """The same in a sentence."""
        return f"{self._kind(value.annotation)}: {value.text}"

    def check_state(self, value: MeetingRow) -> Qt.CheckState:
        """Whether it is done."""
        return Qt.CheckState.Checked if value.annotation.done else Qt.CheckState.Unchecked

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a tick; the row shows it when it is so."""
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid():
            self.ticked.emit(self.key(index), Qt.CheckState(value) == Qt.CheckState.Checked)
        return False

    def _kind(self, annotation: Annotation) -> str:
        if annotation.kind == "question":
            return self.tr("Answered question") if annotation.done else self.tr("Open question")
        return self.tr("Finished action") if annotation.done else self.tr("Open action")


class MeetingDelegate(RowDelegate):
    """Paints a box to tick and one or two lines of text."""

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """By the number of lines."""
        font, around = self._style.ui_font(), self._style.px(13)
        spacing = self._lines.spacing(font)
        counts = self._lines.counts((row.text for row in rows.values()), font, width - self._style.px(34))
        return [count * spacing + around for count in counts]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, MeetingModel)
        row, style, area = rows.value(index), self._style, area_of(option)
        done = row.annotation.done
        painter.save()
        paint_ground(painter, option, style)
        paint_tick(painter, mirrored(self.box(area), area, option), style, ticked=done)
        font = style.ui_font()
        text = QRect(area.left() + style.px(28), area.top() + style.px(6), area.width() - style.px(34), area.height())
        colour, rtl = style.colour("muted" if done else "text"), is_mirrored(option)
        self._lines.paint(painter, mirrored(text, area, option), row.text, font, colour, 2, mirrored=rtl)
        painter.restore()

    def editorEvent(
        self, _event: QEvent, _model: QAbstractItemModel, _option: QStyleOptionViewItem, _index: Index, /
    ) -> bool:
        """A press must not tick by Qt's own rule, which knows nothing of where this box is."""
        return False

    def box(self, area: QRect) -> QRect:
        """Where the box of a row in `area` is, from left to right."""
        side = self._style.px(16)
        return QRect(area.left() + self._style.px(6), area.center().y() - side // 2 + 1, side, side)


class MeetingList(QWidget):
    """A heading, and the questions and actions below it. A click on a box ticks, elsewhere it goes to the words."""

    changeRequested = Signal(object)
    annotationRequested = Signal(str)
    heightChanged = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._reading: Reading | None = None
        self.model = MeetingModel(self)
        self._delegate = MeetingDelegate(style)
        self.view = _MeetingView(self.model, self._delegate, self.tr("For the meeting"), self, gutter=style.px(GUTTER))
        self.heading = QLabel(self.tr("For the meeting"))
        self.heading.setProperty("section", True)
        self.heading.setContentsMargins(style.px(8), style.px(12), style.px(8), style.px(4))
        self.empty = QLabel(self.tr("No open questions or actions"))
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(style.px(8), style.px(2), style.px(8), style.px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addLayout(beside_gutter(self.empty, style))
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self._show(some=False)
        self.model.ticked.connect(self._tick)
        self.view.clickedAt.connect(self._clicked)
        self.view.opened.connect(lambda index: self.annotationRequested.emit(self.model.key(index)))
        self.view.toggled.connect(self._toggle)
        self.view.contentHeightChanged.connect(self.heightChanged)
        style.changed.connect(self.view.viewport().update)

    def open(self, reading: Reading | None) -> None:
        """Show the questions and actions of a document."""
        other = reading is not self._reading
        self._reading = reading
        self.setVisible(reading is not None)
        self.refresh(None)
        if other:
            self.view.scrollToTop()

    def refresh(self, change: Change | None) -> None:
        """Redraw what a change (None: anything) touched."""
        if change is not None and not any(
            isinstance(value, Annotation) and value.is_task
            for values in (change.before, change.after)
            for value in values.values()
        ):
            return
        rows = list(meeting_rows(self._reading, self.model)) if self._reading is not None else ()
        self.model.put(rows)
        some = self.model.rowCount() > 0
        if some != self._some:
            self._show(some=some)
            self.heightChanged.emit()

    def height_wanted(self, width: int) -> int:
        """The height in pixels at which nothing scrolls, at a width in pixels."""
        if self._reading is None:
            return 0
        below = self.view.content_height() if self._some else self.empty.heightForWidth(width - self._style.px(GUTTER))
        return self.heading.sizeHint().height() + below

    def _show(self, *, some: bool) -> None:
        self._some = some
        self.view.setVisible(some)
        self.empty.setVisible(not some)

    def _clicked(self, index: QModelIndex, point: QPoint) -> None:
        area = self.view.visualRect(index)
        box = mirrored_rect(self._delegate.box(area), area, rtl=self.view.isRightToLeft())
        if box.adjusted(-6, -8, 6, 8).contains(point):
            self._toggle(index)
        else:
            self.annotationRequested.emit(self.model.key(index))

    def _toggle(self, index: Index) -> None:
        if index.isValid():
            self._tick(self.model.key(index), not self.model.value(index).annotation.done)

    def _tick(self, key: str, done: bool) -> None:
        row = self.model.get(key)
        if row is not None and row.annotation.done != done:
            self.changeRequested.emit(edits.set_done([row.annotation], done))


class _MeetingView(ClickedRows):
    """The list; Space ticks."""

    toggled = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick with Space."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.toggled.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
