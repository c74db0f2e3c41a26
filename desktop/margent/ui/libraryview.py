"""The Library view: shelves on the left, their documents in the middle, what is known of them on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from margent.shelving import ALL, BIN, OF_THEME, on_shelf
from margent.ui.backupwatch import BackupWatch
from margent.ui.chrome import StatusBar
from margent.ui.collectionspane import CollectionsPane
from margent.ui.emptyshelf import EmptyShelf
from margent.ui.librarybar import LibraryBar
from margent.ui.librarypanes import LibraryPanes
from margent.ui.preview import Preview
from margent.ui.searcher import Searcher
from margent.ui.searchresults import SearchResults
from margent.ui.shelfactions import ShelfActions
from margent.ui.shelfbar import ShelfBar
from margent.ui.shelfmodel import ShelfModel, opened_text
from margent.ui.shelfreader import ShelfReader
from margent.ui.shelftable import ShelfTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent

    from margent.annotations import Annotation
    from margent.query import Hit, SearchResult
    from margent.shelf import ShelfRow
    from margent.shelving import Shelves
    from margent.ui.dossierpane import DossierPane
    from margent.ui.session import Session
    from margent.ui.style import Style

_NOTES_MS = 60
"""Pause in walking through the table after which notes are read for the preview."""


class LibraryView(QWidget):
    """All documents, found by shelf or by search.

    `openRequested` carries a document's id, `hitRequested` also a Hit (or None) and the words that were searched for,
    `noteRequested` a document's and an annotation's id, `passageRequested` a document's id, the span
    (code points) of a passage of it and its theme's id, `dossierRequested` the id of the theme whose dossier is shown;
    `closed` says that the reader wants to go back to the page.
    `said` and `failed` carry a sentence, `done` one after which undoing is offered.
    """

    openRequested = Signal(str)
    hitRequested = Signal(str, object, str)
    noteRequested = Signal(str, str)
    passageRequested = Signal(str, int, int, str)
    dossierRequested = Signal(str)
    closed = Signal()
    done = Signal(str)
    said = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        style: Style,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
        *,
        by_steps: bool = False,
    ) -> None:
        """Make it whole, or (`by_steps`) as far as the first of the steps that `step` takes; see there."""
        super().__init__(parent)
        self._session = session
        self._style = style
        self._actions = actions
        self._entered = False
        self._in_dossier = False
        self.dossier: DossierPane | None = None
        """Made with the first dossier."""
        self._made = False
        """Events come to a widget that is not shown as well, and so before there is all that they are about."""
        self._steps = self._make()
        if not by_steps:
            self.complete()

    # -- building ---------------------------------------------------------------------------------------------

    def step(self) -> bool:
        """Make some more of the view, in some milliseconds; False when there is nothing left to make.

        Before that nothing else may be asked of it.
        """
        return next(self._steps, None) is not None

    def complete(self) -> None:
        """Make what is left to make."""
        while self.step():
            pass

    def _make(self) -> Iterator[bool]:
        style, session = self._style, self._session
        self.reader = ShelfReader(session, self)
        self.backups = BackupWatch(session.folders.library, self)
        self.model = ShelfModel(self)
        self.searcher = Searcher(session, self)
        self._notes_timer = QTimer(self)
        self._notes_timer.setSingleShot(True)
        self._notes_timer.setInterval(_NOTES_MS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = LibraryBar(style, self._actions, self)
        self.search = self.toolbar.search
        column.addWidget(self.toolbar)
        yield True
        self._panes = LibraryPanes(style, self)
        column.addWidget(self._panes, 1)
        self.status = StatusBar(self)
        column.addWidget(self.status)
        self.pane = CollectionsPane(style, self)
        self._panes.add_side(self.pane)
        yield True
        self.table = ShelfTable(style, self.model, self)
        self.results = SearchResults(style, self)
        self._panes.add_middle(self._make_middle())
        yield True
        self.preview = Preview(style, session.settings.author, self)
        self._panes.add_preview(self.preview)
        yield True
        self.doing = ShelfActions(self, session, style)
        self._restore_layout()
        self._connect()
        self._made = True
        yield True

    def _make_middle(self) -> QWidget:
        style = self._style
        middle = QWidget()
        middle.setObjectName("page")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle.setMinimumWidth(260)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = ShelfBar(style)
        self.bar.hide()
        column.addWidget(self.bar)
        shelf = QWidget()
        row = QHBoxLayout(shelf)
        row.setContentsMargins(style.px(18), style.px(12), style.px(18), 0)
        row.addWidget(self.table)
        self.empty = EmptyShelf(style, self._actions)
        self.pages = QStackedWidget()
        for page in (shelf, self.empty, self.results):
            self.pages.addWidget(page)
        column.addWidget(self.pages, 1)
        return middle

    def _connect(self) -> None:
        session, bar = self._session, self.toolbar
        bar.readWanted.connect(self._read)
        bar.helpWanted.connect(self._show_help)
        bar.side_button.toggled.connect(self._panes.side.setVisible)
        bar.preview_button.clicked.connect(self._want_preview)
        self._panes.previewShown.connect(bar.preview_button.setChecked)
        self.pane.changeRequested.connect(session.do)
        self.pane.chosen.connect(self._shelf_chosen)
        self.pane.dropped.connect(self.doing.file_under)
        self.pane.dossierRequested.connect(self.show_dossier)
        self.pane.refused.connect(self.failed)
        self.pane.left.connect(self.closed)
        self.bar.dossierRequested.connect(self.show_dossier)
        self.table.opened.connect(self._opened)
        self.table.chosen.connect(self._show_preview)
        self.table.menuWanted.connect(self.doing.popup)
        self.table.deleteWanted.connect(self.doing.delete)
        self.table.left.connect(self.closed)
        self.model.renamed.connect(self.doing.rename)
        self.preview.openRequested.connect(self._read)
        self.preview.editRequested.connect(self.doing.edit_details)
        self.preview.restoreRequested.connect(self.doing.restore)
        self.preview.noteRequested.connect(self.noteRequested)
        self.search.textChanged.connect(self._search)
        self.search.stepped.connect(self.results.step)
        self.search.entered.connect(self._search_entered)
        self.search.cancelled.connect(self._end_search)
        self.results.left.connect(self._end_search)
        self.results.openRequested.connect(self._hit_opened)
        self.results.documentChanged.connect(self._show_preview)
        self.results.wholeWanted.connect(self.searcher.ask_in)
        self.searcher.foundIn.connect(self.results.unfold)
        self.pages.currentChanged.connect(self._show_preview)
        self.searcher.found.connect(self._show_found)
        self.searcher.failed.connect(self.failed)
        self.reader.renewed.connect(self._show_shelves)
        self.reader.failed.connect(self.failed)
        self.backups.changed.connect(self._show_status)
        self._notes_timer.timeout.connect(self._read_notes)
        session.changed.connect(self._renew_notes)
        session.settings_changed.connect(lambda settings: self.preview.set_author(settings.author))
        # Find in the article has the same keys, and is out of action here.
        find = QShortcut(QKeySequence("Ctrl+F"), self, self.begin_search)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- keeping in step --------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Come here: show what the library has now, with the keyboard in the table."""
        field, descending = self.model.order
        self.reader.enter(field, descending=descending)
        if not self._entered:
            self._entered = True
            self._choose_first()
        self._notes_timer.start()
        self.backups.look()
        if not self.search.text():
            self._focus_page()

    def _choose_first(self) -> None:
        """Stand on the document that is read, or else on the first one."""
        if self.model.rowCount():
            reading = self._session.reading
            here = reading.record.id if reading is not None else ""
            self.table.choose([here if self.model.row(here) >= 0 else self.model.keys()[0]])

    @property
    def shelves(self) -> Shelves:
        """What is being shown of the library."""
        return self.reader.shelves

    def _show_shelves(self) -> None:
        """Show what the library has, keeping what is chosen and where one is."""
        first = not self.model.rowCount()
        self.pane.show_shelves(self.shelves)
        if self._in_dossier and self.dossier is not None:
            self.pane.choose(OF_THEME + self.dossier.theme)
        self._show_rows()
        if first and not self.table.chosen_keys():
            self._choose_first()
        self._show_preview()
        self._show_status()
        if self.search.text().strip():
            self.searcher.ask(self.search.text())

    def _show_rows(self) -> None:
        shelf = self.pane.shelf
        themes = {theme.id: theme for theme in self.shelves.themes}
        before, row = self.table.chosen_keys(), self.table.currentIndex().row()
        rows = on_shelf(self.shelves, shelf)
        self.model.show(rows, themes, editable=shelf != BIN)
        if before and not self.table.chosen_keys() and rows:
            # What was chosen went elsewhere: the next one takes its place, so that Delete can be pressed again.
            self.table.choose([self.model.keys()[min(max(row, 0), len(rows) - 1)]])
        theme = themes.get(shelf.removeprefix(OF_THEME)) if shelf.startswith(OF_THEME) else None
        self.bar.show_theme(theme, len(rows))
        self._show_page()

    def _show_page(self) -> None:
        if self._in_dossier:
            self.bar.hide()
        if self.search.text().strip():
            self.pages.setCurrentWidget(self.results)
        elif self._in_dossier and self.dossier is not None:
            self.pages.setCurrentWidget(self.dossier)
        elif self.model.rowCount() or self.shelves.partial:
            self.pages.setCurrentIndex(0)  # of a shelf that has not been read nobody knows whether it is empty
        else:
            self.empty.tell(self.pane.shelf)
            self.pages.setCurrentWidget(self.empty)

    def _show_status(self) -> None:
        shelves = self.shelves
        if shelves.partial:
            return
        parts = [
            self.tr("%n document(s)", None, len(shelves.rows)),
            self.tr("%n highlight(s)", None, shelves.highlights),
            self.tr("%n note(s)", None, shelves.notes),
        ]
        self.status.leading.setText(" · ".join(parts))
        when = self.backups.last
        self.status.state.setText(
            self.tr("Backed up %1").replace("%1", opened_text(when)) if when is not None else self.tr("Not backed up")
        )

    def show_arrived(self, documents: Sequence[str]) -> None:
        """Show documents (ids) that came in, and choose them."""
        self.search.clear()
        self.leave_dossier()
        self.reader.settle()
        if not set(documents) <= set(self.model.keys()):
            self.pane.choose(ALL)
        self.table.choose(documents)
        self._focus_page()

    def keys_of(self, action: str) -> QKeySequence:
        """The keys of an action of the window."""
        return self._actions[action].shortcut()

    # -- what is chosen ---------------------------------------------------------------------------------------

    def chosen(self) -> list[ShelfRow]:
        """What the preview tells of and what is done is done to: the chosen documents, in the order of the table.

        Where a hit or a place in a dossier is looked at, it is the document that this stands in.
        """
        shown = self.pages.currentWidget()
        if shown is self.dossier and self.dossier is not None:
            document = self.dossier.document_id()
        elif shown is self.results:
            document = self.results.document()
        else:
            rows = (self.model.get(key) for key in self.table.chosen_keys())
            return [row for row in rows if row is not None]
        return [row for row in self.shelves.rows if row.record.id == document]

    @property
    def in_bin(self) -> bool:
        """Whether what is chosen is in the bin. What is found while the bin is looked at is not."""
        return self.pane.shelf == BIN and self.pages.currentWidget() not in (self.results, self.dossier)

    def _shelf_chosen(self, key: str) -> None:
        if self.search.text():
            self.search.clear()
        if self._in_dossier and self.dossier is not None:
            # From one dossier to the next; any other shelf leaves them.
            if key.startswith(OF_THEME):
                self.dossier.open(key.removeprefix(OF_THEME))
            else:
                self._in_dossier = False
        self._show_rows()
        self.table.scrollToTop()
        self._show_preview()

    def _show_preview(self, *_: object) -> None:
        rows, deleted = self.chosen(), self.in_bin
        self.preview.show_rows(rows, deleted=deleted)
        self.toolbar.read_button.setEnabled(len(rows) == 1 and not deleted)
        self._notes_timer.start()

    def _renew_notes(self) -> None:
        """Other words in a note leave its document's row as it is."""
        if self.isVisible():
            self._notes_timer.start()

    def _read_notes(self) -> None:
        rows = self.chosen()
        if len(rows) != 1 or not rows[0].notes or not self._session.is_ready or self._panes.preview.isHidden():
            self.preview.show_notes(())
            return
        document, library = rows[0].record.id, self._session.library

        def done(notes: list[Annotation]) -> None:
            if [row.record.id for row in self.chosen()] == [document]:
                self.preview.show_notes(notes)

        self._session.jobs.run(lambda: library.latest_notes(document), done, lambda e: self.failed.emit(str(e)))

    def _read(self) -> None:
        rows = self.chosen()
        if len(rows) == 1:
            self._opened(rows[0].record.id)

    def _opened(self, document: str) -> None:
        if self.in_bin:
            self.said.emit(self.tr("This document is in the bin. Restore it to read it."))
        else:
            self.openRequested.emit(document)

    def _focus_page(self) -> None:
        page = self.dossier if self._in_dossier and self.dossier is not None else self.table
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- dossiers ---------------------------------------------------------------------------------------------

    def show_dossier(self, theme: str) -> None:
        """Show what belongs to a theme (its id) in all documents."""
        self.search.clear()
        if self.dossier is None:
            from margent.ui.dossiers import dossier_of  # noqa: PLC0415 - many sittings look at none

            self.dossier = dossier_of(self, self._session, self._style)
            self.pages.addWidget(self.dossier)
            self.dossier.left.connect(self.leave_dossier)
            self.dossier.documentChanged.connect(self._show_preview)
        self.dossier.open(theme)
        self._in_dossier = True
        self.pane.choose(OF_THEME + theme)
        self._show_page()
        self._focus_page()
        self.dossierRequested.emit(theme)

    def theme(self) -> str:
        """The id of the theme whose documents or dossier are looked at; "" for none."""
        shelf = self.pane.shelf
        return shelf.removeprefix(OF_THEME) if shelf.startswith(OF_THEME) else ""

    def leave_dossier(self) -> None:
        """Go back to the documents."""
        if self._in_dossier and self.dossier is not None:
            self._in_dossier = False
            self.dossier.loader.stop()
            self._show_rows()
            self._show_preview()
            self._focus_page()

    # -- searching --------------------------------------------------------------------------------------------

    def begin_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search(self, text: str) -> None:
        self.searcher.ask(text)
        if not text.strip():
            self._show_page()

    def _show_found(self, query: str, result: SearchResult) -> None:
        self.results.show_result(query, result)
        self._show_page()

    def _search_entered(self) -> None:
        if self.search.text().strip():
            self.results.open_current()

    def _end_search(self) -> None:
        had = bool(self.search.text())
        self.search.clear()
        self._show_page()
        self._focus_page()
        if not had:
            self.closed.emit()

    def _hit_opened(self, document: str, hit: Hit | None) -> None:
        self.hitRequested.emit(document, hit, self.search.text())

    def _show_help(self) -> None:
        from margent.ui.searchhelp import SearchHelp  # noqa: PLC0415 - rarely asked for

        popover = SearchHelp(self)
        spot = self.search.mapToGlobal(self.search.rect().bottomLeft())
        popover.popup(spot)

    # -- layout -----------------------------------------------------------------------------------------------

    def toggle_side(self) -> None:
        """Show the shelves, or hide them."""
        self.toolbar.side_button.toggle()

    def panes(self) -> list[QWidget]:
        """What F6 goes through."""
        middle = self.results.view if self.pages.currentWidget() is self.results else self.table
        return [pane for pane in (self.search, self.pane.view, middle, self.preview.first()) if pane.isVisible()]

    def _want_preview(self, wanted: bool) -> None:
        self._panes.want_preview(wanted)
        self._read_notes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the preview where it would leave the table too little room."""
        super().resizeEvent(event)
        if self._made:
            self._panes.fold(self.width())
            self.search.set_room(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        """Days pass: what is told of them is told anew."""
        super().showEvent(event)
        if self._made:
            self.model.renew()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep how the columns are laid out."""
        super().hideEvent(event)
        if self._made:
            if not event.spontaneous():  # in a window that is an icon now the view is still what is looked at
                self.reader.leave()
            self.keep_layout()

    def _settings(self) -> QSettings:
        return QSettings(str(self._session.folders.config / "window.ini"), QSettings.Format.IniFormat)

    def keep_layout(self) -> None:
        """Write down widths, order and sorting."""
        kept = self._settings()
        kept.setValue("library/columns", self.table.layout_state())
        self._panes.keep(kept)

    def _restore_layout(self) -> None:
        kept = self._settings()
        value = kept.value("library/columns")
        if isinstance(value, QByteArray):
            self.table.restore_layout(value)
        self._panes.restore(kept)
