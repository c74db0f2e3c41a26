"""The left side of the library view: which shelf is looked at, and all that can be done with collections."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QMenu, QToolTip, QVBoxLayout, QWidget

from margent import edits
from margent.annotations import Collection
from margent.errors import MargentError
from margent.shelving import ALL, BIN, IN_COLLECTION, OF_THEME, STATES, Shelves
from margent.ui.rowsview import ClickedRows
from margent.ui.shelfmodel import DOCUMENTS
from margent.ui.shelfrows import COLLECTION, COLLECTIONS, ShelfEntryDelegate, ShelfList, shelf_entries
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent

    from margent.annotations import Change
    from margent.ui.rows import Index
    from margent.ui.style import Style

_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Escape)


class CollectionsPane(QWidget):
    """Shelves, collections and themes in one list, one of which is chosen.

    `chosen` carries the key of the shelf that was chosen (see shelving), `dropped` the ids of documents and the key of
    the shelf they were dropped on, `dossierRequested` the id of a theme, `refused` a sentence why something cannot be.
    """

    changeRequested = Signal(object)
    chosen = Signal(str)
    dropped = Signal(object, str)
    dossierRequested = Signal(str)
    refused = Signal(str)
    left = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._shelves = Shelves()
        self._chosen = ALL
        self._made = ""
        self.model = ShelfList(self)
        self._delegate = ShelfEntryDelegate(style)
        self.view = _ShelvesView(self.model, self._delegate, self.tr("Shelves"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(12), style.px(12), style.px(12), style.px(8))
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.view.claim(*_KEYS)
        self.view.clickedAt.connect(self._pressed)
        self.view.opened.connect(self._entered)
        self.view.clickedTwice.connect(self._entered)
        self.view.keyPressed.connect(self._key)
        self.view.menuWanted.connect(lambda index, spot: self.menu_for(self.model.key(index)).popup(spot))
        self.view.moved.connect(self._moved)
        self.view.documentsDropped.connect(self.dropped)
        self.view.collectionDropped.connect(self._collection_dropped)
        self.model.renamed.connect(self._rename)
        style.changed.connect(self.view.viewport().update)

    # -- showing ----------------------------------------------------------------------------------------------

    def show_shelves(self, shelves: Shelves) -> None:
        """Show what a library has; a collection that was made here is ready to be named."""
        self._shelves = shelves
        self.model.put(shelf_entries(shelves))
        if self.model.row(self._chosen) < 0:
            self.choose(ALL)
        self._mark_chosen()
        made, self._made = self._made, ""
        if made:
            self._edit(made)

    @property
    def shelf(self) -> str:
        """The key of the chosen shelf."""
        return self._chosen

    def choose(self, key: str) -> None:
        """Look at a shelf; `chosen` is emitted when that is another one."""
        if key == self._chosen or self.model.row(key) < 0:
            return
        self._chosen = key
        self._mark_chosen()
        self.chosen.emit(key)

    def _mark_chosen(self) -> None:
        index = self.model.index_of(self._chosen)
        if index.isValid():
            self.view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if not self.view.currentIndex().isValid():
                self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    # -- what rows do -----------------------------------------------------------------------------------------

    def _pressed(self, index: QModelIndex, _point: QPoint) -> None:
        self._opened(index)

    def _entered(self, index: Index) -> None:
        """Enter and two clicks lead further into a theme."""
        key = self.model.key(index)
        if key.startswith(OF_THEME):
            self.dossierRequested.emit(key.removeprefix(OF_THEME))
        else:
            self._opened(index)

    def _opened(self, index: Index) -> None:
        key = self.model.key(index)
        if key == COLLECTIONS:
            self.new()
        elif key:
            self.choose(key)

    def _moved(self, index: QModelIndex) -> None:
        """Arrow keys choose as they go, as in every list beside a table."""
        key = self.model.key(index)
        if key and key != COLLECTIONS:
            self.choose(key)

    def _key(self, key: int) -> None:
        index = self.view.currentIndex()
        collection = self._collection(self.model.key(index))
        match key:
            case Qt.Key.Key_Space if index.isValid():
                self._opened(index)
            case Qt.Key.Key_F2 if collection is not None:
                self.view.edit(index)
            case Qt.Key.Key_Delete if collection is not None:
                self.delete(collection)
            case Qt.Key.Key_Escape:
                self.left.emit()

    def _collection(self, key: str) -> Collection | None:
        entry = self.model.get(key)
        return entry.collection if entry is not None else None

    # -- collections ------------------------------------------------------------------------------------------

    def new(self, parent: Collection | None = None) -> None:
        """Ask for a collection, which is then named in its row."""
        self.changeRequested.emit(self.make(parent)[0])

    def make(self, parent: Collection | None = None) -> tuple[Change, Collection]:
        """The change that makes a collection, and the collection; it is named in its row when it is there."""
        change = edits.make_collection(self._free_name(), parent)
        (collection,) = change.after.values()
        assert isinstance(collection, Collection)
        self._made = collection.id
        return change, collection

    def delete(self, collection: Collection) -> None:
        """Put a collection away, with those inside it; its documents stay."""
        self.changeRequested.emit(edits.delete_collection(collection, self._shelves.collections))

    def move_collection(self, collection: Collection, into: Collection | None) -> None:
        """Put a collection into another one, or on its own."""
        try:
            change = edits.move_collection(collection, into, self._shelves.collections)
        except MargentError as error:
            self.refused.emit(str(error))
            return
        self.changeRequested.emit(change)

    def _free_name(self) -> str:
        taken = {collection.name for collection in self._shelves.collections}
        name = plain = self.tr("New collection")
        number = 2
        while name in taken:
            name = f"{plain} {number}"
            number += 1
        return name

    def _rename(self, key: str, name: str) -> None:
        collection = self._collection(key)
        if collection is None:
            return
        if not name:
            spot = self.view.visualRect(self.model.index_of(key)).bottomLeft()
            QToolTip.showText(self.view.viewport().mapToGlobal(spot), self.tr("A collection needs a name."), self.view)
            return
        self.changeRequested.emit(edits.rename_collection(collection, name))

    def _edit(self, collection: str) -> None:
        index = self.model.index_of(IN_COLLECTION + collection)
        if index.isValid():
            self.view.setFocus()
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(index)
            self.view.edit(index)

    def _collection_dropped(self, collection: str, key: str) -> None:
        dragged, onto = self._collection(IN_COLLECTION + collection), self._collection(key)
        if dragged is not None and dragged is not onto:
            self.move_collection(dragged, onto)

    # -- the menu ---------------------------------------------------------------------------------------------

    def menu_for(self, key: str) -> QMenu:
        """What can be done with a row; the menu goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        icon, collection = self._style.icon, self._collection(key)
        if key.startswith(OF_THEME):
            theme = key.removeprefix(OF_THEME)
            menu.addAction(icon("tags"), self.tr("Open dossier"), lambda: self.dossierRequested.emit(theme))
        elif collection is not None:
            self._fill(menu, collection)
        else:
            menu.addAction(icon("plus"), self.tr("New collection"), self.new)
        return menu

    def _fill(self, menu: QMenu, collection: Collection) -> None:
        icon, key = self._style.icon, collection.id
        rename = menu.addAction(icon("pencil"), self.tr("Rename"), partial(self._edit, key))
        rename.setShortcut(Qt.Key.Key_F2)
        if collection.parent is None:
            menu.addAction(icon("plus"), self.tr("New collection inside"), lambda: self.new(collection))
        move = QMenu(self.tr("Move into"), menu)
        holds = any(other.parent == key for other in self._shelves.collections)
        for other in self._shelves.collections:
            if other.parent is None and other.id not in {key, collection.parent} and not holds:
                name = on_a_line(other.name).replace("&", "&&")
                move.addAction(name, partial(self.move_collection, collection, other))
        if not move.isEmpty():
            menu.addMenu(move)
        if collection.parent is not None:
            menu.addAction(icon("arrow-up"), self.tr("Take out"), partial(self.move_collection, collection, None))
        menu.addSeparator()
        delete = menu.addAction(icon("trash-2"), self.tr("Delete collection"), partial(self.delete, collection))
        delete.setShortcut(Qt.Key.Key_Delete)


class _ShelvesView(ClickedRows):
    """The list, with its keys, and what may be dropped on its rows.

    `documentsDropped` carries ids of documents and the key of the row, `collectionDropped` the id of a collection and
    the key of the row; `moved` says that an arrow key led to a row, `clickedTwice` that one was double-clicked.
    """

    keyPressed = Signal(int)
    moved = Signal(QModelIndex)
    clickedTwice = Signal(QModelIndex)
    documentsDropped = Signal(object, str)
    collectionDropped = Signal(str, str)

    def __init__(self, rows: ShelfList, delegate: ShelfEntryDelegate, name: str, parent: QWidget | None = None) -> None:
        super().__init__(rows, delegate, name, parent)
        self._list = rows
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on the keys that mean something here."""
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in _KEYS and not event.modifiers() and not editing:
            self._ring = True
            self.keyPressed.emit(event.key())
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self.moved.emit(self.currentIndex())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has chosen the row; the second leads further."""
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.clickedTwice.emit(index)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Documents and collections may come in."""
        data = event.mimeData()
        if data.hasFormat(DOCUMENTS) or data.hasFormat(COLLECTION):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The row that would take it is lit."""
        index = self.indexAt(event.position().toPoint())
        takes = self._takes(index, documents=event.mimeData().hasFormat(DOCUMENTS))
        row = index.row() if takes else -1
        if row != self._hover:
            self._hover = row
            self.viewport().update()
        event.setAccepted(takes)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """No row is lit any more."""
        self._hover = -1
        self.viewport().update()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped where."""
        index, data = self.indexAt(event.position().toPoint()), event.mimeData()
        documents = data.hasFormat(DOCUMENTS)
        self._hover = -1
        self.viewport().update()
        if not self._takes(index, documents=documents):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        key = self._list.key(index)
        if documents:
            ids = bytes(data.data(DOCUMENTS).data()).decode().split("\n")
            self.documentsDropped.emit(ids, key)
        else:
            self.collectionDropped.emit(bytes(data.data(COLLECTION).data()).decode(), key)

    def _takes(self, index: QModelIndex, *, documents: bool) -> bool:
        if not index.isValid():
            return False
        key, entry = self._list.key(index), self._list.value(index)
        if documents:
            return entry.collection is not None or key in {*STATES, BIN}
        return key == COLLECTIONS or (entry.collection is not None and entry.depth == 0)
