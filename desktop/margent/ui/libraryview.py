"""The Library view: shelves on the left, their documents in the middle, what is known of them on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QFileSystemWatcher, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent.library.files import BACKUPS
from margent.shelving import ALL, BIN, IN_COLLECTION, OF_THEME, STATES, Shelves, last_backup, on_shelf, shelves_of
from margent.ui.chrome import IconButton, StatusBar, Toolbar
from margent.ui.collectionspane import CollectionsPane
from margent.ui.preview import Preview
from margent.ui.searcher import Searcher
from margent.ui.searchresults import SearchResults
from margent.ui.shelfactions import ShelfActions
from margent.ui.shelfmodel import ShelfModel, opened_text
from margent.ui.shelftable import ShelfTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent

    from margent.annotations import Annotation, Status
    from margent.query import Hit, SearchResult
    from margent.shelf import ShelfRow
    from margent.ui.dossierpane import DossierPane
    from margent.ui.session import Session
    from margent.ui.style import Style

FOLD_BELOW = 1100
"""Width in pixels under which the preview gives its room to the table unless it is asked for."""
_SIDEBAR = 272
_NARROW_SIDEBAR = 216
_PREVIEW = 360
_SEARCH = 300
"""Widths in pixels of the design."""
_FIRST_PAINT_MS = 60
"""Pause after coming here before the library is read again, where it has been read before."""
_NOTES_MS = 60
"""Pause in walking through the table after which notes are read for the preview."""


class LibraryView(QWidget):
    """All documents, found by shelf or by search.

    `openRequested` carries a document's id, `hitRequested` also a Hit (or None) and the words that were searched for,
    `noteRequested` a document's and an annotation's id, `passageRequested` a document's id, the span
    (code points) of a passage of it and its theme's id, `dossierRequested` the id of the theme whose dossier is shown;
    `closed` says that the reader wants to go back to the page.
    `said` and `failed` carry a sentence, `deleted` one after which undoing is offered.
    """

    openRequested = Signal(str)
    hitRequested = Signal(str, object, str)
    noteRequested = Signal(str, str)
    passageRequested = Signal(str, int, int, str)
    dossierRequested = Signal(str)
    closed = Signal()
    deleted = Signal(str)
    said = Signal(str)
    failed = Signal(str)

    def __init__(
        self, session: Session, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._style = style
        self._actions = actions
        self._shelves = Shelves()
        self._known = False
        self._entered = False
        self._stale = True
        self._reading = False
        self._narrow = False
        self._preview_wanted: bool | None = None
        self._in_dossier = False
        self.dossier: DossierPane | None = None
        """Made with the first dossier."""
        self._by_hand = False
        self._backed_up: datetime | None = None
        self._backups = QFileSystemWatcher(self)
        self._backups.directoryChanged.connect(self._look_for_backup)
        self.model = ShelfModel(self)
        self.searcher = Searcher(session, self)
        self._notes_timer = QTimer(self)
        self._notes_timer.setSingleShot(True)
        self._notes_timer.setInterval(_NOTES_MS)
        self._notes_timer.timeout.connect(self._read_notes)
        self.pane = CollectionsPane(style, self)
        self.table = ShelfTable(style, self.model, self)
        self.preview = Preview(style, session.settings.author, self)
        self.results = SearchResults(style, self)
        self.doing = ShelfActions(self, session, style)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_toolbar())
        column.addWidget(self._make_body(), 1)
        self.status = StatusBar(self)
        column.addWidget(self.status)
        self._restore_layout()
        self._connect()

    # -- building ---------------------------------------------------------------------------------------------

    def _make_toolbar(self) -> Toolbar:
        self.toolbar = bar = Toolbar(self)
        self.import_button = QToolButton()
        self.import_button.setText(self.tr("Import…"))
        self.import_button.setIcon(self._style.icon("plus"))
        self.import_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.import_button.setToolTip(self._actions["open"].toolTip())
        self.import_button.setAccessibleName(self.tr("Import documents"))
        self.import_button.setFixedHeight(30)
        self.import_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.import_button.clicked.connect(self._actions["open"].trigger)
        bar.add_left(self.import_button)
        self.side_button = IconButton(self._style, "panel-left", self.tr("Shelves  Ctrl+B"))
        self.side_button.setCheckable(True)
        self.side_button.setChecked(True)
        self.side_button.setShortcut("")
        self.side_button.toggled.connect(self._show_side)
        bar.add_left(self.side_button)
        self.search = _SearchField(self._style, self)
        bar.add_middle(self.search)
        self.help_button = IconButton(self._style, "circle-help", self.tr("What can be searched for"))
        self.help_button.clicked.connect(self._show_help)
        bar.add_middle(self.help_button)
        self.preview_button = IconButton(self._style, "columns-2", self.tr("About the document"))
        self.preview_button.setCheckable(True)
        self.preview_button.clicked.connect(self._want_preview)
        bar.add_right(self.preview_button)
        for name in ("typography", "undo", "redo"):
            action = self._actions[name]
            bar.add_right(IconButton(self._style, action.property("drawing"), action.text(), action=action))
        self.read_button = QPushButton(self.tr("Read ▸"))
        self.read_button.setProperty("primary", True)
        self.read_button.setToolTip(self.tr("Read the chosen document  Enter"))
        self.read_button.setAccessibleName(self.tr("Read"))
        self.read_button.clicked.connect(self._read)
        bar.right.addSpacing(6)
        bar.add_right(self.read_button)
        return bar

    def _make_body(self) -> QWidget:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._side = _holder("sidebar", self.pane)
        self._side.setMinimumWidth(180)
        self._side.setMaximumWidth(480)
        self._right = _holder("preview", self.preview)
        self._right.setMinimumWidth(240)
        self._right.setMaximumWidth(560)
        middle = self._make_middle()
        for widget in (self._side, middle, self._right):
            self._splitter.addWidget(widget)
        self._splitter.splitterMoved.connect(self._moved_by_hand)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([self._style.px(_SIDEBAR), 2000, self._style.px(_PREVIEW)])
        return self._splitter

    def _make_middle(self) -> QWidget:
        style = self._style
        middle = QWidget()
        middle.setObjectName("page")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle.setMinimumWidth(260)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = _ShelfBar(style)
        self.bar.hide()
        column.addWidget(self.bar)
        shelf = QWidget()
        row = QHBoxLayout(shelf)
        row.setContentsMargins(style.px(18), style.px(12), style.px(18), 0)
        row.addWidget(self.table)
        self.empty = _Empty(style, self._actions)
        self.pages = QStackedWidget()
        for page in (shelf, self.empty, self.results):
            self.pages.addWidget(page)
        column.addWidget(self.pages, 1)
        return middle

    def _connect(self) -> None:
        session = self._session
        self.pane.changeRequested.connect(session.do)
        self.pane.chosen.connect(self._shelf_chosen)
        self.pane.dropped.connect(self.doing.file_under)
        self.pane.dossierRequested.connect(self.show_dossier)
        self.pane.refused.connect(self.failed)
        self.pane.left.connect(self._leave)
        self.bar.dossierRequested.connect(self.show_dossier)
        self.table.opened.connect(self._opened)
        self.table.chosen.connect(self._show_preview)
        self.table.menuWanted.connect(self.doing.popup)
        self.table.deleteWanted.connect(self.doing.delete)
        self.table.left.connect(self._leave)
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
        self.pages.currentChanged.connect(self._show_preview)
        self.searcher.found.connect(self._show_found)
        self.searcher.failed.connect(self.failed)
        session.changed.connect(self._changed)
        session.reloaded.connect(self._changed)
        session.imported.connect(self._changed)
        session.settings_changed.connect(lambda settings: self.preview.set_author(settings.author))
        self._style.changed.connect(self._show_icons)
        # Find in the article has the same keys, and is out of action here.
        find = QShortcut(QKeySequence("Ctrl+F"), self, self.begin_search)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _show_icons(self) -> None:
        self.import_button.setIcon(self._style.icon("plus"))

    # -- keeping in step --------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Come here: show what the library has now, with the keyboard in the table."""
        if not self._entered:
            self._entered = True
            self._choose_first()
        self._stale = True
        if self._known:
            # What is known is painted first: a worker that reads would take turns with it.
            QTimer.singleShot(_FIRST_PAINT_MS, self, self.refresh)
        else:
            self.refresh()
        self._watch_backups()
        if not self.search.text():
            self._focus_page()

    def _choose_first(self) -> None:
        """Stand on the document that is read, or else on the first one."""
        if self.model.rowCount():
            reading = self._session.reading
            here = reading.record.id if reading is not None else ""
            self.table.choose([here if self.model.row(here) >= 0 else self.model.keys()[0]])

    def _watch_backups(self) -> None:
        """Hear of the day's backup; its folder is made with the first one."""
        library = self._session.folders.library
        wanted = [str(folder) for folder in (library, library / BACKUPS) if folder.is_dir()]
        watched = set(self._backups.directories())
        for folder in wanted:
            if folder not in watched:
                self._backups.addPath(folder)

    def _look_for_backup(self) -> None:
        self._watch_backups()
        self._backed_up = last_backup(self._session.folders.library)
        self._show_status()

    def _changed(self, *_: object) -> None:
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the shelves again, in a worker; of several wishes while one is read, one is fulfilled."""
        if self._reading or not self._stale or not self._session.is_ready:
            if not self._session.is_ready:
                self._session.when_ready(self._changed)
            return
        self._stale = False
        self._reading = True
        library = self._session.library
        folder = self._session.folders.library

        def work() -> tuple[Shelves, datetime | None]:
            return shelves_of(library), last_backup(folder)

        def done(result: tuple[Shelves, datetime | None]) -> None:
            self._reading = False
            self.show_shelves(result[0], result[1])
            if self._stale and self.isVisible():
                self.refresh()

        def failed(error: Exception) -> None:
            self._reading = False
            self.failed.emit(str(error))

        self._session.jobs.run(work, done, failed)

    def show_shelves(self, shelves: Shelves, backed_up: datetime | None = None) -> None:
        """Show what a library has, keeping what is chosen and where one is."""
        first = not self._known
        self._known = True
        self._shelves = shelves
        self._backed_up = backed_up
        self.pane.show_shelves(shelves)
        if self._in_dossier and self.dossier is not None:
            self.pane.choose(OF_THEME + self.dossier.theme)
        self._show_rows()
        if first:
            self._choose_first()
        self._show_preview()
        self._show_status()
        if self.search.text().strip():
            self.searcher.ask(self.search.text())

    @property
    def shelves(self) -> Shelves:
        """What is being shown of the library."""
        return self._shelves

    def _show_rows(self) -> None:
        shelf = self.pane.shelf
        themes = {theme.id: theme for theme in self._shelves.themes}
        before, row = self.table.chosen_keys(), self.table.currentIndex().row()
        rows = on_shelf(self._shelves, shelf)
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
        elif self.model.rowCount():
            self.pages.setCurrentIndex(0)
        else:
            self.empty.tell(self.pane.shelf)
            self.pages.setCurrentWidget(self.empty)

    def _show_status(self) -> None:
        shelves = self._shelves
        parts = [
            self.tr("%n document(s)", None, len(shelves.rows)),
            self.tr("%n highlight(s)", None, shelves.highlights),
            self.tr("%n note(s)", None, shelves.notes),
        ]
        self.status.leading.setText(" · ".join(parts))
        when = self._backed_up
        self.status.state.setText(
            self.tr("Backed up %1").replace("%1", opened_text(when)) if when is not None else self.tr("Not backed up")
        )

    # -- what is chosen ---------------------------------------------------------------------------------------

    def chosen(self) -> list[ShelfRow]:
        """The chosen documents, in the order of the table."""
        rows = (self.model.get(key) for key in self.table.chosen_keys())
        return [row for row in rows if row is not None]

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
        rows, deleted = self._previewed(), self.pane.shelf == BIN
        self.preview.show_rows(rows, deleted=deleted)
        self.read_button.setEnabled(len(rows) == 1 and not deleted)
        self._notes_timer.start()

    def _previewed(self) -> list[ShelfRow]:
        """What the preview tells of: the document that a hit or a place in a dossier stands in."""
        shown = self.pages.currentWidget()
        if shown is self.dossier and self.dossier is not None:
            document = self.dossier.document_id()
        elif shown is self.results:
            document = self.results.document()
        else:
            return self.chosen()
        return [row for row in self._shelves.rows if row.record.id == document]

    def _read_notes(self) -> None:
        rows = self._previewed()
        if len(rows) != 1 or not rows[0].notes or not self._session.is_ready or self._right.isHidden():
            self.preview.show_notes(())
            return
        document, library = rows[0].record.id, self._session.library

        def done(notes: list[Annotation]) -> None:
            if [row.record.id for row in self._previewed()] == [document]:
                self.preview.show_notes(notes)

        self._session.jobs.run(lambda: library.latest_notes(document), done, lambda e: self.failed.emit(str(e)))

    def _read(self) -> None:
        rows = self._previewed()
        if len(rows) == 1:
            self._opened(rows[0].record.id)

    def _opened(self, document: str) -> None:
        if self.pane.shelf == BIN:
            self.said.emit(self.tr("This document is in the bin. Restore it to read it."))
        else:
            self.openRequested.emit(document)

    def _leave(self) -> None:
        self.closed.emit()

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
            self._leave()

    def _hit_opened(self, document: str, hit: Hit | None) -> None:
        self.hitRequested.emit(document, hit, self.search.text())

    def _show_help(self) -> None:
        from margent.ui.searchhelp import SearchHelp  # noqa: PLC0415 - rarely asked for

        popover = SearchHelp(self)
        spot = self.search.mapToGlobal(self.search.rect().bottomLeft())
        popover.popup(spot)

    # -- layout -----------------------------------------------------------------------------------------------

    def _show_side(self, shown: bool) -> None:
        self._side.setVisible(shown)

    def toggle_side(self) -> None:
        """Show the shelves, or hide them."""
        self.side_button.toggle()

    def _moved_by_hand(self) -> None:
        self._by_hand = True

    def panes(self) -> list[QWidget]:
        """What F6 goes through."""
        middle = self.results.view if self.pages.currentWidget() is self.results else self.table
        return [pane for pane in (self.search, self.pane.view, middle, self.preview.first()) if pane.isVisible()]

    def _want_preview(self, wanted: bool) -> None:
        self._preview_wanted = wanted
        self._fold()
        self._read_notes()

    def _fold(self) -> None:
        narrow = self.width() < FOLD_BELOW
        if narrow != self._narrow:
            # What was chosen for the one width says nothing of the other.
            self._narrow = narrow
            self._preview_wanted = None
            if not self._by_hand:
                side = self._style.px(_NARROW_SIDEBAR if narrow else _SIDEBAR)
                self._splitter.setSizes([side, 2000, self._style.px(_PREVIEW)])
        shown = not narrow if self._preview_wanted is None else self._preview_wanted
        if shown != self._right.isVisibleTo(self._splitter):
            self._right.setVisible(shown)
        self.preview_button.setChecked(shown)
        self.search.set_room(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the preview where it would leave the table too little room."""
        super().resizeEvent(event)
        self._fold()

    def showEvent(self, event: QShowEvent) -> None:
        """Days pass: what is told of them is told anew."""
        super().showEvent(event)
        self.model.renew()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep how the columns are laid out."""
        super().hideEvent(event)
        self.keep_layout()

    def _settings(self) -> QSettings:
        return QSettings(str(self._session.folders.config / "window.ini"), QSettings.Format.IniFormat)

    def keep_layout(self) -> None:
        """Write down widths, order and sorting."""
        kept = self._settings()
        kept.setValue("library/columns", self.table.layout_state())
        if self._by_hand:
            kept.setValue("library/panes", self._splitter.saveState())
            kept.setValue("library/by hand", "yes")

    def _restore_layout(self) -> None:
        kept = self._settings()
        for key, restore in (
            ("library/columns", self.table.restore_layout),
            ("library/panes", self._splitter.restoreState),
        ):
            value = kept.value(key)
            if isinstance(value, QByteArray):
                restore(value)
        self._by_hand = kept.value("library/by hand", "") == "yes"


class _SearchField(QLineEdit):
    """Arrows walk through what was found, Enter goes there, Escape ends it."""

    stepped = Signal(int)
    entered = Signal()
    cancelled = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setPlaceholderText(self.tr("Search titles, text and notes in the library"))
        self.setAccessibleName(self.tr("Search titles, text and notes in the library"))
        self.setFixedHeight(30)
        self.setClearButtonEnabled(True)
        self.keys = QLabel(self.tr("Ctrl F"), self)
        self.keys.setProperty("muted", True)
        self.keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._show_keys)

    def set_room(self, width: int) -> None:
        """Be as wide as a view `width` pixels wide has room for."""
        self.setFixedWidth(max(150, min(self._style.px(_SEARCH + 80), width - self._style.px(560))))
        self._show_keys()

    def _show_keys(self) -> None:
        hint = self.keys.sizeHint()
        room = self.fontMetrics().horizontalAdvance(self.placeholderText()) + hint.width() + 36
        # From right to left the two would stand on each other wherever the words are Latin.
        room_for_it = self.width() > room and not self.isRightToLeft()
        self.keys.setVisible(not self.text() and not self.hasFocus() and room_for_it)
        self.keys.setGeometry(self.width() - hint.width() - 10, 0, hint.width(), self.height())

    def sizeHint(self) -> QSize:
        """As wide as was said."""
        return QSize(self.width(), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """The hint goes while somebody types here."""
        done = super().event(event)
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Resize}:
            self._show_keys()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that mean something here."""
        match event.key():
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape:
                self.cancelled.emit()
            case _:
                super().keyPressEvent(event)


class _ShelfBar(QWidget):
    """Above the table while a theme is looked at: which one, and the way to its dossier."""

    dossierRequested = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._theme = ""
        self._text = QLabel()
        self._text.setProperty("strong", True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(self.tr("Open dossier"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(lambda: self.dossierRequested.emit(self._theme))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(30), style.px(12), style.px(18), 0)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)

    def show_theme(self, theme: object, documents: int) -> None:
        """Tell of a Theme, or go."""
        from margent.annotations import Theme  # noqa: PLC0415

        self.setVisible(isinstance(theme, Theme))
        if isinstance(theme, Theme):
            self._theme = theme.id
            self._text.setText(theme.name + " · " + self.tr("%n document(s)", None, documents))


class _Empty(QWidget):
    """Where a shelf is empty: why, and what can be done."""

    def __init__(self, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setProperty("title", True)
        self._text = QLabel()
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        self.button = QPushButton(self.tr("Import documents…"))
        self.button.clicked.connect(actions["open"].trigger)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(40), 0, style.px(40), style.px(60))
        column.setSpacing(style.px(8))
        column.addStretch(1)
        for widget in (self._title, self._text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)

    def tell(self, shelf: str) -> None:
        """Say why this shelf is empty."""
        title, text = self._words(shelf)
        self._title.setText(title)
        self._text.setText(text)
        self.button.setVisible(shelf == ALL)

    def _words(self, shelf: str) -> tuple[str, str]:
        if shelf == ALL:
            return self.tr("No documents yet"), self.tr("Drop files or a folder here, or press Ctrl+O.")
        if shelf == BIN:
            return self.tr("The bin is empty"), self.tr("Documents that you delete wait here.")
        if shelf.startswith(IN_COLLECTION):
            return self.tr("Nothing in this collection"), self.tr("Drag documents onto it, or use their menu.")
        if shelf.startswith(OF_THEME):
            return (
                self.tr("No document has this theme"),
                self.tr("It shows here when you choose a passage or file a note under it."),
            )
        words: dict[Status, tuple[str, str]] = {
            "reading": (self.tr("Nothing being read"), self.tr("Documents that you have begun show here.")),
            "to_read": (self.tr("Nothing to read"), self.tr("Documents that you have not begun show here.")),
            "finished": (self.tr("Nothing finished"), self.tr("Documents that you have read to the end show here.")),
        }
        return words[next(state for state in STATES if state == shelf)]


def _holder(name: str, content: QWidget) -> QWidget:
    holder = QWidget()
    holder.setObjectName(name)
    holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(content)
    return holder
