"""The bin: what was deleted, from the whole library, to be looked through and taken back. Nothing is ever emptied."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from margent import edits
from margent.annotations import Annotation, Change, Colour
from margent.folding import fold
from margent.ui.cardtext import short_time
from margent.ui.noterows import COLOUR_NAMES, plain, said
from margent.ui.quoterows import QuoteDelegate, Words
from margent.ui.rows import Rows
from margent.ui.rowsview import RowsView
from margent.ui.style import Style


@dataclass(frozen=True, slots=True)
class BinRow:
    """A deleted annotation, the title of its document, and its note as plain text."""

    annotation: Annotation
    title: str
    note: str
    folded: str
    """Title, quotation, note and author, folded for searching."""


def bin_rows(values: Iterable[Annotation], titles: Mapping[str, str], words: str) -> Iterator[tuple[str, BinRow]]:
    """Rows for deleted annotations that hold all `words`, last deleted first; `titles` by document id."""
    wanted = fold(words, spaces=True).text.split()
    newest = sorted(values, key=lambda a: (a.deleted or datetime.min.replace(tzinfo=UTC), a.id), reverse=True)
    for value in newest:
        title = titles.get(value.document, "")
        folded = fold(f"{title}\n{value.exact}\n{value.note}\n{value.author}", spaces=True).text
        if all(word in folded for word in wanted):
            yield value.id, BinRow(value, title, plain(value.note), folded)


class BinModel(Rows[BinRow]):
    """Deleted annotations in a list."""

    def text(self, value: BinRow) -> str:
        """The quotation."""
        return value.annotation.exact

    def tip(self, value: BinRow) -> str:
        """With where it stood, and the note."""
        return "\n".join((self.heading(value), value.annotation.exact, value.annotation.note)).rstrip()

    def spoken(self, value: BinRow) -> str:
        """The same, read aloud."""
        return ". ".join(part for part in (value.title, value.annotation.exact, value.note) if part)

    def description(self, value: BinRow) -> str:
        """Its colour, and when it was deleted."""
        return f"{said(COLOUR_NAMES[value.annotation.colour])}, {self.deleted(value)}"

    def heading(self, row: BinRow) -> str:
        """The title of the document, with what it was where that was a reply."""
        title = row.title or self.tr("A document that is no longer there")
        return self.tr("Reply in %1").replace("%1", title) if row.annotation.parent is not None else title

    def deleted(self, row: BinRow) -> str:
        """When it was deleted."""
        when = row.annotation.deleted
        if when is None:
            return ""
        return self.tr("deleted %1").replace("%1", short_time(when))


class BinDelegate(QuoteDelegate):
    """Paints a deleted annotation: title and time of deletion, the quotation, the note."""

    def edge(self, row: BinRow) -> Colour:
        """The colour of its mark."""
        return row.annotation.colour

    def heading(self, rows: Rows[Any], row: BinRow) -> str:
        """The title of its document."""
        assert isinstance(rows, BinModel)
        return rows.heading(row)

    def aside(self, rows: Rows[Any], row: BinRow) -> Words:
        """When it was deleted."""
        assert isinstance(rows, BinModel)
        return Words(rows.deleted(row), self.small, "muted")

    def texts(self, row: BinRow) -> tuple[Words, ...]:
        """The quotation and the note."""
        return Words(row.annotation.exact, self.quote, "text"), Words(row.note, self.note, "muted")


class BinDialog(QDialog):
    """Lists deleted annotations and asks for those chosen to be restored.

    `values` are the deleted annotations of the library, `titles` the titles of documents by id. It stays open while
    changes are made: `refresh` takes over what a change says of the bin.
    """

    changeRequested = Signal(object)

    def __init__(
        self, style: Style, values: Iterable[Annotation], titles: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values = {value.id: value for value in values}
        self._titles = titles
        self.setWindowTitle(self.tr("Bin"))
        self.resize(style.px(560), style.px(520))
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search what was deleted"))
        self.field.setAccessibleName(self.tr("Search what was deleted"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(style.icon("search", 14, "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.model = BinModel(self)
        self.view = RowsView(self.model, BinDelegate(style), self.tr("Deleted annotations"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.opened.connect(self._restore)
        self.view.selectionModel().selectionChanged.connect(self._show_chosen)
        self.empty = QLabel()
        self.empty.setProperty("muted", True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self._lay_out(style)
        style.changed.connect(self.view.viewport().update)
        self._show()

    def _lay_out(self, style: Style) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(10))
        column.addWidget(self.field)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        line = QFrame()
        line.setProperty("line", True)
        column.addWidget(line)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        self.restore = box.addButton(self.tr("Restore"), QDialogButtonBox.ButtonRole.ActionRole)
        self.restore.setProperty("primary", True)
        self.restore.clicked.connect(self._restore)
        # Enter restores what is chosen in the list; a default button would take it in the search field too.
        for button in box.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        column.addWidget(self.count)
        column.addWidget(box)

    def refresh(self, change: Change | None) -> None:
        """Take over what a change did: what was deleted comes in, what was restored goes."""
        if change is None:
            return
        for key, after in change.after.items():
            if isinstance(after, Annotation) and after.deleted is not None:
                self._values[key] = after
            elif isinstance(after or change.before.get(key), Annotation):
                self._values.pop(key, None)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow down in the search field goes on to the list."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.view.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        self.model.put(bin_rows(self._values.values(), self._titles, self.field.text()))
        shown = self.model.rowCount()
        self.view.setVisible(shown > 0)
        self.empty.setVisible(shown == 0)
        self.field.setEnabled(bool(self._values))
        self.empty.setText(
            self.tr("Nothing deleted matches.")
            if self._values
            else self.tr("The bin is empty. What you delete waits here.")
        )
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = len(self.view.selected_keys())
        shown, every = self.model.rowCount(), len(self._values)
        self.restore.setEnabled(chosen > 0)
        if chosen > 1:
            text = self.tr("%n chosen", None, chosen)
        elif shown < every:
            text = self.tr("%1 of %2").replace("%1", str(shown)).replace("%2", str(every))
        else:
            text = self.tr("%n deleted annotation(s)", None, every) if every else ""
        self.count.setText(text)

    def _restore(self) -> None:
        """Ask for what is chosen; a reply comes back with the annotation it answers."""
        chosen = {key: self._values[key] for key in self.view.selected_keys()}
        for value in list(chosen.values()):
            if value.parent is not None and value.parent in self._values:
                chosen[value.parent] = self._values[value.parent]
        if chosen:
            self.changeRequested.emit(edits.restore(chosen.values()))
