"""What can be done with the chosen documents: a menu of it, and the changes it asks for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from margent import edits
from margent.annotations import status_of
from margent.errors import MargentError
from margent.shelving import BIN, IN_COLLECTION, STATES, nested
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from margent.annotations import Collection, DocumentRecord, Status
    from margent.ui.libraryview import LibraryView
    from margent.ui.session import Session
    from margent.ui.style import Style


class ShelfActions(QObject):
    """Edits of documents as the library view asks for them; every one can be undone."""

    def __init__(self, view: LibraryView, session: Session, style: Style) -> None:
        super().__init__(view)
        self._view = view
        self._session = session
        self._style = style

    # -- what is done -----------------------------------------------------------------------------------------

    def rename(self, document: str, title: str) -> None:
        """Give a document another title."""
        for record in self._records([document]):
            self._session.do(edits.edit_document(record, title=title))

    def set_status(self, status: Status) -> None:
        """Say how far the chosen documents are read; "" leaves it to the progress."""
        records = self._chosen()
        if self._view.in_bin or not self._session.do(edits.set_status(records, status)):
            return
        # On most shelves the rows look as before.
        said = {
            "to_read": self.tr("%n document(s) to read.", None, len(records)),
            "reading": self.tr("%n document(s) being read.", None, len(records)),
            "finished": self.tr("%n document(s) finished.", None, len(records)),
            "": self.tr("%n document(s) as far as they are read.", None, len(records)),
        }
        self._view.done.emit(said[status])

    def delete(self) -> None:
        """Put the chosen documents into the bin."""
        if self._view.in_bin:
            return
        records = self._chosen()
        if records and self._session.do(edits.delete_documents(records)):
            self._view.done.emit(self.tr("%n document(s) moved to the bin.", None, len(records)))

    def restore(self) -> None:
        """Take the chosen documents out of the bin."""
        self._session.do(edits.restore_documents(self._chosen()))

    def edit_details(self) -> None:
        """Show the details of the chosen document, to be put right."""
        from margent.ui.metadatadialog import MetadataDialog  # noqa: PLC0415 - with its first use

        records = self._chosen()
        if len(records) != 1:
            return
        dialog = MetadataDialog(self._style, records[0], self._view)
        dialog.finished.connect(dialog.deleteLater)
        if dialog.exec():
            try:
                change = dialog.change()
            except MargentError as error:
                self._view.failed.emit(str(error))
                return
            self._session.do(change)

    def file_under(self, documents: Iterable[str], shelf: str) -> None:
        """Put documents on a shelf: into a collection or the bin, or give them its state."""
        records = self._records(documents)
        if shelf == BIN:
            self._session.do(edits.delete_documents(records))
        elif shelf.startswith(IN_COLLECTION):
            for collection in self._view.shelves.collections:
                if collection.id == shelf.removeprefix(IN_COLLECTION):
                    self._file(records, collection)
        else:
            for state in STATES:
                if state == shelf:
                    self._session.do(edits.set_status(records, state))

    def _file(self, records: Sequence[DocumentRecord], collection: Collection) -> None:
        if self._session.do(edits.file_documents(records, collection)):
            text = self.tr("%n document(s) added to “%1”.", None, len(records))
            self._view.said.emit(text.replace("%1", on_a_line(collection.name)))

    def file_arrived(self, documents: Iterable[str]) -> None:
        """Put documents that came in while a collection was looked at into it."""
        shelf = self._view.pane.shelf
        for collection in self._view.shelves.collections:
            if shelf == IN_COLLECTION + collection.id:
                # What the view knows of them may still be on its way.
                try:
                    rows = self._session.library.shelf(only=list(documents))
                except MargentError as error:
                    self._view.failed.emit(str(error))
                    return
                self._file([row.record for row in rows], collection)

    def _unfile(self, collection: Collection) -> None:
        self._session.do(edits.unfile_documents(self._chosen(), collection))

    def _file_in_new(self, records: Sequence[DocumentRecord]) -> None:
        """Make a collection and put documents into it, as one change."""
        change, collection = self._view.pane.make()
        self._session.do(change.then(edits.file_documents(records, collection)))

    def _chosen(self) -> list[DocumentRecord]:
        return [row.record for row in self._view.chosen()]

    def _records(self, documents: Iterable[str]) -> list[DocumentRecord]:
        rows = (self._view.model.get(document) for document in documents)
        return [row.record for row in rows if row is not None]

    # -- the menu ---------------------------------------------------------------------------------------------

    def popup(self, spot: QPoint) -> None:
        """Show the menu at a place on the screen."""
        self.menu().popup(spot)

    def menu(self) -> QMenu:
        """What can be done with the chosen documents; the menu goes when it is closed."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        records, icon = self._chosen(), self._style.icon
        if self._view.in_bin:
            menu.addAction(icon("archive-restore"), self.tr("Restore"), self.restore)
            return menu
        if len(records) == 1:
            document = records[0].id
            read = menu.addAction(icon("book-open"), self.tr("Read"), lambda: self._view.openRequested.emit(document))
            read.setShortcut(Qt.Key.Key_Return)
            rename = menu.addAction(icon("pencil"), self.tr("Rename"), self._view.table.rename)
            rename.setShortcut(Qt.Key.Key_F2)
            menu.addAction(icon("info"), self.tr("Edit details…"), self.edit_details)
            menu.addSeparator()
        self._add_states(menu, records)
        self._add_collections(menu, records)
        menu.addSeparator()
        delete = menu.addAction(icon("trash-2"), self.tr("Move to the bin"), self.delete)
        delete.setShortcut(Qt.Key.Key_Delete)
        return menu

    def _add_states(self, menu: QMenu, records: Sequence[DocumentRecord]) -> None:
        names: dict[Status, str] = {
            "to_read": self.tr("To read"),
            "reading": self.tr("Reading"),
            "finished": self.tr("Finished"),
        }
        now = {status_of(record) for record in records}
        for state, name in names.items():
            action = menu.addAction(name, partial(self.set_status, state))
            action.setShortcut(self._view.keys_of(state))
            action.setCheckable(True)
            action.setChecked(now == {state})
        if any(record.status for record in records):
            action = menu.addAction(self.tr("As far as it is read"), partial(self.set_status, ""))
            action.setShortcut(self._view.keys_of("as_read"))
        menu.addSeparator()

    def _add_collections(self, menu: QMenu, records: Sequence[DocumentRecord]) -> None:
        into = menu.addMenu(self._style.icon("library"), self.tr("Add to collection"))
        out: list[Collection] = []
        for collection, depth in nested(self._view.shelves.collections):
            within = [record for record in records if collection.id in record.collections]
            if within:
                out.append(collection)
            if len(within) < len(records):
                name = "    " * depth + on_a_line(collection.name).replace("&", "&&")
                into.addAction(name, partial(self._file, records, collection))
        if not into.isEmpty():
            into.addSeparator()
        into.addAction(self._style.icon("plus"), self.tr("New collection"), partial(self._file_in_new, records))
        for collection in out:
            name = on_a_line(collection.name).replace("&", "&&")
            menu.addAction(self.tr("Remove from “%1”").replace("%1", name), partial(self._unfile, collection))
