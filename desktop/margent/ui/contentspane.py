"""The Contents tab: the document's headings, with the place one reads at."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from margent.reading import Reading
from margent.ui.rowpaint import area_of, is_mirrored, is_on, mirrored, paint_ground
from margent.ui.rows import Index, Rows
from margent.ui.rowsview import GUTTER, RowDelegate, RowsView, beside_gutter
from margent.ui.style import Style

_INDENT = 14
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading, where its block begins (code points), and how deep it stands below the outermost, from 0."""

    text: str
    start: int
    depth: int


def heading_rows(reading: Reading) -> list[HeadingRow]:
    """The headings of a document in order; empty ones lead nowhere and are left out."""
    document = reading.document
    found = [(index, block) for index, block in document.headings() if block.text.strip()]
    outermost = min((block.level for _, block in found), default=1)
    return [
        HeadingRow(" ".join(block.text.split()), document.starts[index], block.level - outermost)
        for index, block in found
    ]


class ContentsModel(Rows[HeadingRow]):
    """Headings in a list."""

    def text(self, value: HeadingRow) -> str:
        """The words of a heading."""
        return value.text

    def spoken(self, value: HeadingRow) -> str:
        """The words, and how deep it stands."""
        return self.tr("%1, level %2").replace("%2", str(value.depth + 1)).replace("%1", value.text)


class ContentsDelegate(RowDelegate):
    """Paints a heading, indented; the one whose section is being read is bold and has a bar at its edge."""

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """One line, or two for a long heading."""
        style = self._style
        font = style.ui_font(13, 600)
        spacing, around = self._lines.spacing(font), style.px(12)
        return [
            self._lines.counts([row.text], font, width - self._left(row) - style.px(8))[0] * spacing + around
            for row in rows.values()
        ]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, ContentsModel)
        row, style, area = rows.value(index), self._style, area_of(option)
        here = is_on(option, QStyle.StateFlag.State_Selected)
        painter.save()
        paint_ground(painter, option, style)
        if here:
            bar = QRect(area.left() + style.px(3), area.top() + style.px(8), style.px(3), area.height() - style.px(16))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("accent"))
            painter.drawRoundedRect(mirrored(bar, area, option), 1.5, 1.5)
        left = self._left(row)
        text = QRect(area.left() + left, area.top() + style.px(6), area.width() - left - style.px(8), area.height())
        font = style.ui_font(13, 600 if here else 400)
        colour = style.colour("text" if here or row.depth == 0 else "muted")
        self._lines.paint(
            painter, mirrored(text, area, option), row.text, font, colour, 2, mirrored=is_mirrored(option)
        )
        painter.restore()

    def _left(self, row: HeadingRow) -> int:
        return self._style.px(12 + _INDENT * min(row.depth, _DEEPEST))


class ContentsPane(QWidget):
    """The headings; a click or Enter asks for the place of one."""

    positionRequested = Signal(int)
    heightChanged = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._starts: list[int] = []
        self.model = ContentsModel(self)
        self.view = RowsView(self.model, ContentsDelegate(style), self.tr("Contents"), self, gutter=style.px(GUTTER))
        self.empty = QLabel(self.tr("This document has no headings."))
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(style.px(8), style.px(6), style.px(8), style.px(6))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addLayout(beside_gutter(self.empty, style))
        self.setFocusProxy(self.view)
        self.view.clicked.connect(self._wanted)
        self.view.opened.connect(self._wanted)
        self.view.contentHeightChanged.connect(self.heightChanged)
        style.changed.connect(self.view.viewport().update)

    def open(self, reading: Reading | None) -> None:
        """Show the headings of a document."""
        rows = heading_rows(reading) if reading is not None else []
        self._starts = [row.start for row in rows]
        self.model.put((str(number), row) for number, row in enumerate(rows))
        self.view.setVisible(bool(rows))
        self.empty.setVisible(reading is not None and not rows)
        self.set_place(reading.place if reading is not None else 0)
        self.heightChanged.emit()

    def height_wanted(self, width: int) -> int:
        """The height in pixels at which nothing scrolls, at a width in pixels."""
        return self.view.content_height() if self._starts else self.empty.heightForWidth(width - self._style.px(GUTTER))

    def set_place(self, position: int) -> None:
        """Mark the heading under which `position` (code points) stands."""
        index = self.model.index(bisect_right(self._starts, position) - 1, 0)
        selection = self.view.selectionModel()
        if not index.isValid():
            selection.clearSelection()
        elif not selection.isSelected(index):
            selection.select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if not self.view.hasFocus():
                self.view.scrollTo(index)

    def _wanted(self, index: QModelIndex) -> None:
        if index.isValid():
            self.positionRequested.emit(self.model.value(index).start)
