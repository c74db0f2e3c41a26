"""Before anything is merged: which document it is about, and what would become of each note, by author."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from margent.annotations import Annotation
from margent.ui.arrivals import ArrivalDelegate, ArrivalModel, arrivals, author_word, said
from margent.ui.rowsview import RowsView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.exchange.merging import Row
    from margent.ui.style import Style

_FATES = ("conflict", "new", "changed", "restored", "deleted")


class TakeInDialog(QDialog):
    """Shows what a file would do; accepting it means doing it.

    `places` are the documents it may be about, as (id, title), the likeliest first; "" stands for a document that is
    not in the library yet. `placeChosen` asks for the preview of another one, which `show_rows` then brings.
    """

    placeChosen = Signal(str)

    def __init__(
        self, style: Style, name: str, places: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Take in annotations"))
        self.resize(style.px(600), style.px(560))
        self._busy = True
        heading = QLabel(name)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setProperty("title", True)
        heading.setWordWrap(True)
        self.place = QComboBox()
        self.place.setAccessibleName(self.tr("Document"))
        for key, title in places:
            self.place.addItem(title or self.tr("A new document"), key)
        self.place.setVisible(len(places) > 1)
        self.only = QLabel(self.place.currentText())
        self.only.setTextFormat(Qt.TextFormat.PlainText)
        self.only.setWordWrap(True)
        self.only.setVisible(len(places) == 1)
        self.place.currentIndexChanged.connect(self._chosen)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.model = ArrivalModel(self)
        self.view = RowsView(self.model, ArrivalDelegate(style), self.tr("What would come in"))
        self.problems = QLabel()
        self.problems.setWordWrap(True)
        self.problems.setProperty("muted", True)
        self.problems.setTextFormat(Qt.TextFormat.PlainText)
        self.problems.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(10))
        column.addWidget(heading)
        label = QLabel(self.tr("On the document"))
        label.setProperty("section", True)
        label.setBuddy(self.place)
        column.addWidget(label)
        column.addWidget(self.place)
        column.addWidget(self.only)
        column.addWidget(self.summary)
        column.addWidget(self.view, 1)
        column.addWidget(self.problems)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        box.rejected.connect(self.reject)
        self.merge = box.addButton(self.tr("Merge"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.merge.setProperty("primary", True)
        self.merge.setDefault(True)
        self.merge.setEnabled(False)
        box.accepted.connect(self.accept)
        column.addWidget(box)
        self.summary.setText(self.tr("Comparing…"))
        style.changed.connect(self.view.viewport().update)

    def chosen(self) -> str:
        """The id of the document it is to go to; "" for a new one."""
        return str(self.place.currentData())

    def show_rows(
        self, rows: Sequence[Row], problems: Sequence[str], *, new: bool, changes: bool = False
    ) -> None:  # fmt: skip
        """Show what would happen; `new` says that the document itself would come in too, `changes` that something
        would be written: themes and a document in the bin have no row of their own.
        """
        self.model.put(arrivals(rows))
        self.problems.setText("\n".join(problems))
        self.problems.setVisible(bool(problems))
        shown = self.model.rowCount() > 0
        self.view.setVisible(shown)
        self.merge.setEnabled(shown or new or changes)
        self.summary.setText(self._told(rows, new=new, changes=changes))

    def _told(self, rows: Sequence[Row], *, new: bool, changes: bool) -> str:
        by_author: dict[str, Counter[str]] = {}
        for row in rows:
            if isinstance(row.after, Annotation) and row.fate in _FATES:
                by_author.setdefault(row.after.author, Counter())[row.fate] += 1
        lines = [
            f"{author_word(author)}: " + ", ".join(f"{counts[fate]} {said(fate)}" for fate in _FATES if counts[fate])
            for author, counts in sorted(by_author.items())
        ]
        if new:
            lines.insert(0, self.tr("The document is not in your library yet and comes in too."))
        if changes and not lines:
            return self.tr("No notes come in that you do not have already; what else would change is said below.")
        return "\n".join(lines) or self.tr("There is nothing in it that you do not have already.")

    def _chosen(self) -> None:
        self.merge.setEnabled(False)
        self.summary.setText(self.tr("Comparing…"))
        self.placeChosen.emit(self.chosen())
