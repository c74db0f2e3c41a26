"""The states of a document's text, from the newest to the first, to be read and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from margent.ui.cardtext import day_of, full_time
from margent.ui.tips import as_tip, on_a_line

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from margent.shelf import RevisionRecord
    from margent.ui.style import Style


class RevisionRow(NamedTuple):
    """A revision and how many annotations stood on it in which state."""

    revision: RevisionRecord
    states: Counter[str]


class RevisionsDialog(QDialog):
    """Lists `rows`, the first revision first; `current` is the id of the one that the document shows.

    `readRequested` carries a revision's id, `compareRequested` two.
    """

    readRequested = Signal(str)
    compareRequested = Signal(str, str)

    def __init__(
        self, style: Style, title: str, rows: Sequence[RevisionRow], current: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = list(rows)
        self._current = current
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Revisions of “%1”").replace("%1", on_a_line(title)))
        self.resize(style.px(760), style.px(min(420, 170 + 30 * len(self._rows))))
        self.list = QTreeWidget(self)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHeaderLabels(
            [self.tr("Revision"), self.tr("Date"), self.tr("File"), self.tr("Words"), self.tr("Notes on it")]
        )
        self.list.setAccessibleName(self.tr("Revisions"))
        for row in reversed(self._rows):
            self.list.addTopLevelItem(self._item(row))
        header = self.list.header()
        header.setObjectName("revisionsheader")
        for column in (0, 1, 3, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.read = box.addButton(self.tr("Read"), QDialogButtonBox.ButtonRole.ActionRole)
        self.compare = box.addButton(self.tr("Compare"), QDialogButtonBox.ButtonRole.ActionRole)
        for button in box.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        self.read.clicked.connect(self._read)
        self.compare.clicked.connect(self._compare)
        box.rejected.connect(self.reject)
        self.list.itemActivated.connect(self._read)
        self.list.itemSelectionChanged.connect(self._show_chosen)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(20, 18, 20, 16)
        column_box.setSpacing(style.px(12))
        column_box.addWidget(self.list, 1)
        column_box.addWidget(box)
        first = self.list.topLevelItem(min(1, len(self._rows) - 1))
        if first is not None:
            self.list.setCurrentItem(first)
        self._show_chosen()

    def _item(self, row: RevisionRow) -> QTreeWidgetItem:
        revision = row.revision
        number = str(revision.number)
        if revision.id == self._current:
            number = self.tr("%1 (shown now)").replace("%1", number)
        file = self.tr("Bundled with Margent") if revision.file == "bundled" else on_a_line(revision.file)
        words = QLocale().toString(revision.words)
        item = QTreeWidgetItem([number, day_of(revision.created), file, words, self._notes(row)])
        item.setData(0, Qt.ItemDataRole.UserRole, revision.id)
        item.setToolTip(1, full_time(revision.created))
        item.setToolTip(2, as_tip(revision.file))
        item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _notes(self, row: RevisionRow) -> str:
        states = row.states
        parts = [self.tr("%n placed", None, states["placed"])]
        if states["moved"]:
            parts.append(self.tr("%n to check", None, states["moved"]))
        if states["orphaned"]:
            parts.append(self.tr("%n without words", None, states["orphaned"]))
        return " · ".join(parts) if states.total() else self.tr("none")

    def chosen(self) -> list[str]:
        """Ids of the revisions chosen, the older one first."""
        ids = {item.data(0, Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()}
        return [row.revision.id for row in self._rows if row.revision.id in ids]

    def pair(self) -> tuple[str, str] | None:
        """What would be compared: the two that are chosen, else the one with the newest, the newest with the last."""
        ids = [row.revision.id for row in self._rows]
        chosen = self.chosen()
        if len(chosen) == 2:
            return chosen[0], chosen[1]
        if len(chosen) != 1 or len(ids) < 2:
            return None
        here, now = ids.index(chosen[0]), ids.index(self._current)
        if here == now:
            return (ids[now - 1], ids[now]) if now else None
        return ids[min(here, now)], ids[max(here, now)]

    def _show_chosen(self) -> None:
        self.read.setEnabled(len(self.chosen()) == 1)
        self.compare.setEnabled(self.pair() is not None)

    def _read(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self.accept()
            self.readRequested.emit(chosen[0])

    def _compare(self) -> None:
        pair = self.pair()
        if pair is not None:
            self.accept()
            self.compareRequested.emit(*pair)
