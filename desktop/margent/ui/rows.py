"""Models of keyed values that change as little as it must, so that a view keeps selection, scroll and focus.

Qt's views lose their place when a model is reset. Panes are redrawn from an announcement that may mean anything (a
tick, an undo, a merge of two libraries), so the model finds out by itself which rows went, came or moved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from margent.ui.tips import as_tip

Index = QModelIndex | QPersistentModelIndex
Value = TypeVar("Value")

KEY = int(Qt.ItemDataRole.UserRole) + 1
"""The role of a row's key."""

_MANY = 60
"""Above so many runs of rows to take out or put in, they are brought together first and go or come at once."""


if TYPE_CHECKING:
    _Model = QAbstractItemModel
else:

    class _Model:
        """Qt's lists and tables are made by classes of their own, and Python cannot give an object two of Qt's."""


class Keyed(_Model, Generic[Value]):
    """Values in order, each under a key of its own: what a list and a table of them have in common.

    To be named before one of Qt's models among the bases of a class, which says in `data` what views show.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self._values: dict[str, Value] = {}
        self._places: dict[str, int] | None = None

    # -- what there is ----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an invalid index is a value
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._keys)

    def last_column(self) -> int:
        """The number of the last column: 0 in a list."""
        return 0

    def keys(self) -> Sequence[str]:
        """The keys in order."""
        return self._keys

    def values(self) -> Iterator[Value]:
        """The values in order."""
        return map(self._values.__getitem__, self._keys)

    def key(self, index: Index) -> str:
        """The key of a row; "" for no row."""
        return self._keys[index.row()] if index.isValid() else ""

    def value(self, index: Index) -> Value:
        """What stands in the row of a valid `index`."""
        return self._values[self._keys[index.row()]]

    def get(self, key: str) -> Value | None:
        """What stands under `key`."""
        return self._values.get(key)

    def row(self, key: str) -> int:
        """The row of `key`; -1 when it has none."""
        if self._places is None:
            self._places = {known: row for row, known in enumerate(self._keys)}
        return self._places.get(key, -1)

    def index_of(self, key: str) -> QModelIndex:
        """The index of `key`; an invalid one when it has none."""
        row = self.row(key)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    # -- keeping in step --------------------------------------------------------------------------------------

    def put(self, rows: Iterable[tuple[str, Value]]) -> None:
        """Show these rows, by key and value, and tell views only what differs. Keys are not repeated."""
        new = dict(rows)
        keys = list(new)
        gone = _runs(row for row, key in enumerate(self._keys) if key not in new)
        if len(gone) > _MANY:
            kept = [key for key in self._keys if key in new]
            self._reorder(kept + [key for key in self._keys if key not in new])
            gone = [(len(kept), len(self._keys) - 1)]
        for first, last in reversed(gone):
            self._remove(first, last)
        old = self._values
        standing = [key for key in keys if key in old]
        if standing != self._keys:
            self._reorder(standing)
        self._values = {key: new[key] for key in standing}
        self._tell(_runs(row for row, key in enumerate(self._keys) if not _equal(old[key], new[key])))
        came = _runs(row for row, key in enumerate(keys) if key not in old)
        if len(came) > _MANY:
            self._insert(len(self._keys), [key for key in keys if key not in old], new)
            self._reorder(keys)
            return
        for first, last in came:
            self._insert(first, keys[first : last + 1], new)

    def touch(self) -> None:
        """Tell views that every row may look different now."""
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, self.last_column()))

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, last)
        for key in self._keys[first : last + 1]:
            del self._values[key]
        del self._keys[first : last + 1]
        self._places = None
        self.endRemoveRows()

    def _insert(self, row: int, keys: list[str], values: Mapping[str, Value]) -> None:
        self.beginInsertRows(QModelIndex(), row, row + len(keys) - 1)
        self._keys[row:row] = keys
        self._values.update((key, values[key]) for key in keys)
        self._places = None
        self.endInsertRows()

    def _reorder(self, keys: list[str]) -> None:
        """Take the same keys in another order; what points at a row goes on pointing at it."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        names = [(self._keys[index.row()], index.column()) for index in held]
        self._keys = keys
        self._places = None
        self.changePersistentIndexList(held, [self.index(self.row(name), column) for name, column in names])
        self.layoutChanged.emit()

    def _tell(self, runs: list[tuple[int, int]]) -> None:
        if len(runs) > _MANY:
            runs = [(runs[0][0], runs[-1][1])]
        for first, last in runs:
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.last_column()))


class Rows(Keyed[Value], QAbstractListModel):
    """Keyed values in a list. Subclasses say what views show of a value, each in a method of its own."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row says: to type ahead by, when pointed at, read aloud, and whether it is ticked."""
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(self.value(index))
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(self.tip(self.value(index)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(self.value(index))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.description(self.value(index))
            case Qt.ItemDataRole.CheckStateRole:
                return self.check_state(self.value(index))
            case _ if role == KEY:
                return self.key(index)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be chosen, and ticked where it has a tick."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if self.check_state(self.value(index)) is None else flags | Qt.ItemFlag.ItemIsUserCheckable

    def text(self, value: Value) -> str:
        """The words of a row."""
        raise NotImplementedError

    def tip(self, value: Value) -> str:
        """What is shown when it is pointed at; "" for nothing."""
        return self.text(value)

    def spoken(self, value: Value) -> str:
        """What a screen reader reads."""
        return self.text(value)

    def description(self, value: Value) -> str | None:  # noqa: ARG002
        """What a screen reader adds to that."""
        return None

    def check_state(self, value: Value) -> Qt.CheckState | None:  # noqa: ARG002
        """Whether a row is ticked; None where it cannot be."""
        return None


def _equal(old: object, new: object) -> bool:
    return old is new or old == new


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rows that follow each other as (first, last), both included; `rows` rise."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
