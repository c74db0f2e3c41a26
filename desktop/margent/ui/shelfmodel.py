"""The documents of the library as a table: what stands in its cells, in words for the eye and for the ear."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QDate,
    QDateTime,
    QLocale,
    QMimeData,
    QModelIndex,
    Qt,
    QTime,
    Signal,
)

from margent.annotations import status_of
from margent.shelf import ShelfRow
from margent.shelving import DESCENDING, FIELDS, Field, ordered
from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.rows import KEY, Index, Keyed
from margent.ui.tips import as_tip
from margent.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from PySide6.QtCore import QObject

    from margent.annotations import DocumentRecord, Theme

DOCUMENTS = "application/x-margent-documents"
"""Ids of documents that are dragged, one a line, in UTF-8."""
_HEADINGS: dict[Field, str] = {
    "title": QT_TRANSLATE_NOOP("Shelf", "Title"),
    "themes": QT_TRANSLATE_NOOP("Shelf", "Themes"),
    "highlights": QT_TRANSLATE_NOOP("Shelf", "Highlights"),
    "notes": QT_TRANSLATE_NOOP("Shelf", "Notes"),
    "read": QT_TRANSLATE_NOOP("Shelf", "Read"),
    "opened": QT_TRANSLATE_NOOP("Shelf", "Last opened"),
}
_LOOKED_AT = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_MOVED = _LOOKED_AT | Qt.ItemFlag.ItemIsDragEnabled
_TITLE = _MOVED | Qt.ItemFlag.ItemIsEditable
_SUFFIX = 6
"""Letters of the longest suffix that is told as a kind of file."""


@value(frozen=True, slots=True)
class Cells:
    """What is painted of a document."""

    title: str
    origin: str
    themes: tuple[Theme, ...]
    highlights: str
    notes: str
    read: float
    """How far it is read, 0–1."""
    opened: str


class ShelfModel(Keyed[ShelfRow], QAbstractTableModel):
    """Documents in a table. `renamed` carries a document's id and the title that was typed for it."""

    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._themes: Mapping[str, Theme] = {}
        self._cells: dict[str, Cells] = {}
        self._shown: Sequence[ShelfRow] = ()
        self._field: Field = "opened"
        self._descending = True
        self._editable = True

    # -- what there is ----------------------------------------------------------------------------------------

    def show(self, rows: Sequence[ShelfRow], themes: Mapping[str, Theme], *, editable: bool = True) -> None:
        """Show these documents in the order that was chosen; what is in the bin is not `editable`."""
        self._themes = themes
        self._shown = rows
        self._editable = editable
        self._cells = {}
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; of documents that do not differ in it, the one that was opened last stands first."""
        if 0 <= column < len(FIELDS):
            self._field = FIELDS[column]
            self._descending = order == Qt.SortOrder.DescendingOrder
            self._arrange()

    @property
    def order(self) -> tuple[Field, bool]:
        """The field it is ordered by, and whether the largest comes first."""
        return self._field, self._descending

    def _arrange(self) -> None:
        rows = ordered(self._shown, self._field, self._themes, descending=self._descending)
        self.put((row.record.id, row) for row in rows)

    def renew(self) -> None:
        """Say anew what depends on the day and on the language."""
        self._cells = {}
        self.touch()

    def last_column(self) -> int:
        """The number of the last column."""
        return len(FIELDS) - 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an invalid index is a value
        """One column a field."""
        return 0 if parent.isValid() else len(FIELDS)

    def titles(self, keys: Iterable[str]) -> list[str]:
        """The titles of documents, by their ids."""
        return [self._values[key].record.title for key in keys]

    def records(self, indexes: Iterable[Index]) -> list[DocumentRecord]:
        """The documents of some rows, each once, in the order of the table."""
        rows = sorted({index.row() for index in indexes})
        return [self._values[self._keys[row]].record for row in rows]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be chosen and dragged, and a title be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if not self._editable:
            return _LOOKED_AT
        return _TITLE if index.column() == 0 else _MOVED

    def mimeTypes(self) -> list[str]:
        """Documents are dragged as such."""
        return [DOCUMENTS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of dragged documents."""
        data = QMimeData()
        ids = "\n".join(record.id for record in self.records(indexes))
        data.setData(DOCUMENTS, ids.encode())
        return data

    # -- what is said of it -----------------------------------------------------------------------------------

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What columns are called, and how a click orders by them first."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(FIELDS):
            return None
        field = FIELDS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return QCoreApplication.translate("Shelf", _HEADINGS[field])
            case Qt.ItemDataRole.InitialSortOrderRole:
                return Qt.SortOrder.DescendingOrder if field in DESCENDING else Qt.SortOrder.AscendingOrder
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell holds, what it says when pointed at, and what a screen reader reads."""
        if not index.isValid():
            return None
        field = FIELDS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._text(self.cells(index), field)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._said(self.value(index), self.cells(index), field)
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(self._tip(self.value(index), self.cells(index), field))
            case _ if role == KEY:
                return self.key(index)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new title; the row shows it when it is so."""
        title = " ".join(str(value).split())
        if role == Qt.ItemDataRole.EditRole and title and title != self.value(index).record.title:
            self.renamed.emit(self.key(index), title)
        return False

    def cells(self, index: Index) -> Cells:
        """What is painted of a row."""
        key = self._keys[index.row()]
        known = self._cells.get(key)
        if known is None:
            known = self._cells[key] = self._made(self._values[key])
        return known

    def _made(self, row: ShelfRow) -> Cells:
        record, locale = row.record, QLocale()
        return Cells(
            record.title or self.tr("Untitled"),
            origin_of(record),
            tuple(self._themes[key] for key in row.themes if key in self._themes),
            locale.toString(row.highlights),
            locale.toString(row.notes),
            1.0 if status_of(record) == "finished" else record.progress,
            opened_text(record.opened),
        )

    def _text(self, cells: Cells, field: Field) -> str:
        match field:
            case "title":
                return cells.title
            case "themes":
                return ", ".join(theme.name for theme in cells.themes)
            case "highlights":
                return cells.highlights
            case "notes":
                return cells.notes
            case "read":
                return percent(cells.read)
        return cells.opened

    def _said(self, row: ShelfRow, cells: Cells, field: Field) -> str:
        text = self._text(cells, field)
        match field:
            case "title":
                return f"{text}, {cells.origin}"
            case "themes":
                return self.tr("Themes: %1").replace("%1", text) if text else self.tr("No themes")
            case "highlights":
                return self.tr("%n highlight(s)", None, row.highlights)
            case "notes":
                return self.tr("%n note(s)", None, row.notes)
            case "read":
                return self.tr("%1 read").replace("%1", text)
        return self.tr("Last opened: %1").replace("%1", text)

    def _tip(self, row: ShelfRow, cells: Cells, field: Field) -> str:
        if field == "title":
            return f"{cells.title}\n{cells.origin}"
        if field == "themes":
            return "\n".join(theme.name for theme in cells.themes)
        if field == "opened" and row.record.opened is not None:
            moment = row.record.opened.astimezone()
            at = QDateTime(moment.year, moment.month, moment.day, moment.hour, moment.minute, 0)
            return QLocale().toString(at, QLocale.FormatType.LongFormat)
        return self._said(row, cells, field)


def percent(part: float) -> str:
    """A part (0–1) in per cent, as the reader's country writes it."""
    return QCoreApplication.translate("Shelf", "%1%").replace("%1", str(round(100 * part)))


def origin_of(record: DocumentRecord) -> str:
    """Where a document came from, in a few words: “Bundled brief”, “imported from DOCX”."""
    if record.origin == "bundled":
        from margent.importing import GUIDE  # noqa: PLC0415 - with it comes all that imports

        guide = record.id == GUIDE
        return QCoreApplication.translate("Shelf", "Bundled guide" if guide else "Bundled brief")
    suffix = record.origin.rpartition(".")[2] if "." in record.origin else ""
    kind = suffix.upper() if suffix.isalnum() and len(suffix) <= _SUFFIX else record.origin
    if not kind:
        return QCoreApplication.translate("Shelf", "Source not given")
    return QCoreApplication.translate("Shelf", "imported from %1").replace("%1", kind)


_BUNDLED = (QT_TRANSLATE_NOOP("Shelf", "Bundled guide"), QT_TRANSLATE_NOOP("Shelf", "Bundled brief"))


def opened_text(moment: datetime | None, today: date | None = None) -> str:
    """When that was, short: “today 08:40”, “yesterday”, “21 Nov”, “21 Nov 2025”; “new” for never."""
    if moment is None:
        return QCoreApplication.translate("Shelf", "new")
    local = moment.astimezone()
    day = today or datetime.now().astimezone().date()
    if local.date() == day:
        time = QLocale().toString(QTime(local.hour, local.minute), "HH:mm")
        return QCoreApplication.translate("Shelf", "today %1").replace("%1", time)
    if local.date() == day - timedelta(days=1):
        return QCoreApplication.translate("Shelf", "yesterday")
    return day_text(moment, day)


def day_text(moment: datetime, today: date | None = None) -> str:
    """The day of a moment, in the local time zone: “21 Nov”, “21 Nov 2025” in another year than today's."""
    local = moment.astimezone()
    year = (today or datetime.now().astimezone().date()).year
    return QLocale().toString(
        QDate(local.year, local.month, local.day), "d MMM" if local.year == year else "d MMM yyyy"
    )
