"""An older text of a document, to be read with its notes as they stood on it; nothing is written there any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from margent.ui.cardtext import day_of
from margent.ui.chrome import Toolbar
from margent.ui.margin import Margin
from margent.ui.reader import Reader
from margent.ui.readview import FOLD_BELOW, typography
from margent.ui.scrollmarks import MarkedScrollBar

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from margent.reading import Reading
    from margent.settings import Settings
    from margent.shelf import RevisionRecord
    from margent.ui.style import Style

_MARGIN = 300
_FOLDED = 36


class Past(NamedTuple):
    """An older text with what stood on it, and its place among the others."""

    reading: Reading
    revision: RevisionRecord
    of: int
    """How many revisions there are."""


class PastView(QWidget):
    """The page and the margin of an older revision, under a strip that says so.

    `closed`: back to the newest text; `compareRequested` carries the revision's id.
    """

    closed = Signal()
    compareRequested = Signal(str)
    linkActivated = Signal(str)
    footnoteRequested = Signal(str, QRect)

    def __init__(self, style: Style, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._past: Past | None = None
        self.toolbar = Toolbar(self)
        self.back = QPushButton(self.tr("‹ Back to the newest"), self)
        self.back.clicked.connect(self.closed)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.compare = QPushButton(self.tr("Compare with the newest"), self)
        self.compare.clicked.connect(self._compare)
        self.toolbar.add_left(self.back)
        self.toolbar.add_middle(self.label)
        self.toolbar.add_right(self.compare)
        self.reader = Reader(style, typography(settings), self)
        self.reader.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.margin = Margin(style, self.reader, settings.author)
        self._holder = QWidget(self)
        self._holder.setObjectName("margin")
        self._holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = QVBoxLayout(self._holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.margin)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.reader, 1)
        row.addWidget(self._holder)
        row.addWidget(MarkedScrollBar(style, self.reader.verticalScrollBar()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(row, 1)
        self._connect()
        self._fold()

    def _connect(self) -> None:
        reader, margin = self.reader, self.margin
        reader.viewChanged.connect(margin.arrange)
        reader.activated.connect(self.set_current)
        reader.hovered.connect(margin.set_hovered)
        reader.linkActivated.connect(self.linkActivated)
        reader.footnoteRequested.connect(self.footnoteRequested)
        reader.contextMenuRequested.connect(self._show_menu)
        margin.activated.connect(self.set_current)
        margin.hovered.connect(reader.set_hovered)
        margin.left.connect(reader.setFocus)
        margin.linkActivated.connect(self.linkActivated)

    def open(self, past: Past, place: int) -> None:
        """Show an older text from `place` (code points) on."""
        self._past = past
        said = (
            self.tr("Revision %1 of %2, %3 – read only")
            .replace("%1", str(past.revision.number))
            .replace("%2", str(past.of))
            .replace("%3", day_of(past.revision.created))
        )
        self.label.setText(said)
        self.setAccessibleName(said)
        self.reader.open(past.reading)
        self.reader.scroll_to(place, "top")
        self.margin.open(past.reading)
        self.reader.setFocus()

    @property
    def past(self) -> Past | None:
        """What is shown."""
        return self._past

    def set_current(self, annotation: str) -> None:
        """Light an annotation on the page and in the margin."""
        self.reader.set_current(annotation)
        self.margin.set_current(annotation)

    def follow_settings(self, settings: Settings) -> None:
        """Set the text as the settings say."""
        self.reader.set_typography(typography(settings))
        self.margin.set_author(settings.author)

    def _compare(self) -> None:
        if self._past is not None:
            self.compareRequested.emit(self._past.revision.id)

    def _show_menu(self, at: QPoint, _position: int) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self._style.icon("copy"), self.tr("Copy"), self._copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.reader.selection() is not None)
        menu.addAction(self.tr("Select all"), lambda: self.reader.select(0, len(self.reader.text)))
        menu.popup(at)

    def _copy(self) -> None:
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - with its use

        QGuiApplication.clipboard().setText(self.reader.selected_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the margin where it would leave the text too little room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        folded = self.width() < FOLD_BELOW
        self._holder.setFixedWidth(_FOLDED if folded else _MARGIN)
        self.margin.set_folded(folded)
