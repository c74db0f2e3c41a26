"""The main window: the views, what is said over their foot, what is dropped on it, and how it is closed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPoint, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from margent.ui.readview import STATUS_BAR, ReadView
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent

    from margent.annotations import Change
    from margent.importing import Content, ImportReport
    from margent.reading import Reading
    from margent.ui.briefview import BriefView
    from margent.ui.chrome import MessageBar
    from margent.ui.exchanges import Exchanges
    from margent.ui.history import History
    from margent.ui.importpanel import ImportPanel
    from margent.ui.imports import Imports
    from margent.ui.librarian import Librarian
    from margent.ui.menus import Menus
    from margent.ui.revisions import Revisions
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.themework import ThemeWork

_FIRST_SIZE = QSize(1440, 900)
"""The window's size when it is opened for the first time; a screen without room for it is filled instead."""
_AHEAD_MS = 2500
"""After so long on the first page the library is made ready to be looked at."""
_FRAME = QSize(16, 48)
"""Allowance for the frame a window manager puts around the window, which nobody knows before it is shown."""


class MainWindow(QMainWindow):
    """Puts the views together; its actions and menus come when the first page is on the screen."""

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__()
        self._session = session
        self._style = style
        self._cramped = QSize()
        self.brief: BriefView | None = None
        self.librarian: Librarian | None = None
        """Made when the library is first looked at, and with it its view."""
        self._document = ""
        self.setObjectName("window")
        self.setWindowTitle("Margent")
        self.setMinimumSize(QSize(720, 480))
        self.setAcceptDrops(True)
        self.actions_by_name: dict[str, QAction] = {}
        """Empty until the first page is on the screen."""
        self.menus: Menus | None = None
        self._early: list[QKeyEvent] | None = []
        """What was pressed before the window was complete; None from then on."""
        self.import_panel: ImportPanel | None = None
        """Made with the first import."""
        self.read = ReadView(session, style, self.actions_by_name, self)
        holder = QWidget(self)
        self._holder = holder
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.views = QStackedWidget(holder)
        self.views.addWidget(self.read)
        column.addWidget(self.views, 1)
        self._messages: MessageBar | None = None
        self._exchanges: Exchanges | None = None
        self._themes: ThemeWork | None = None
        self._revisions: Revisions | None = None
        self._history: History | None = None
        self.setCentralWidget(holder)
        session.opened.connect(self._opened)
        session.failed.connect(self._fail)
        session.told.connect(self._say)
        session.damaged.connect(self._damaged)
        session.delayed.connect(self._delayed)
        session.changed.connect(self._outdate)
        self.views.currentChanged.connect(self._outdate)
        session.importing.connect(self._importing)
        session.renewed.connect(self._renewed)
        self.read.painted.connect(self._make_actions)
        self.read.completed.connect(self._complete)
        self.read.link_requested.connect(self._follow_link)
        self.read.footnote_requested.connect(self._show_footnote)
        self.read.dossier_requested.connect(lambda theme: self.library().show_dossier(theme))
        self.read.reader.contextMenuRequested.connect(self._show_page_menu)
        self._restore_geometry()

    # -- actions ----------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        """What the keys do, as soon as the first page is on the screen."""
        from margent.ui.handlers import Handlers  # noqa: PLC0415 - not on the way to the first page
        from margent.ui.menus import Menus  # noqa: PLC0415

        handlers = Handlers(self, self._session, self._style)
        self.menus = Menus(self, self._session, self._style, handlers.table())

    def _complete(self) -> None:
        if self.menus is not None:
            self.menus.fill()
        QTimer.singleShot(0, self, self._catch_up)
        QTimer.singleShot(_AHEAD_MS, self, self._look_ahead)

    def _look_ahead(self) -> None:
        """Fill the library's shelves while the first page is read, so that they stand when they are asked for."""
        if self.librarian is None:
            from margent.ui.lookahead import look_ahead  # noqa: PLC0415 - long after the first page

            look_ahead(self)

    def _catch_up(self) -> None:
        """Do what the keys asked for that were pressed before there was anything that they act on."""
        from PySide6.QtGui import QKeySequence  # noqa: PLC0415 - brings in QtGui's actions, which come after the page

        early, self._early = self._early, None
        for event in early or ():
            keys = QKeySequence(event.keyCombination())
            action = next((a for a in self.actions_by_name.values() if keys in a.shortcuts() and a.isEnabled()), None)
            if action is not None:
                action.trigger()
            else:
                QGuiApplication.sendEvent(self.focusWidget() or self, event)

    # -- what the session says --------------------------------------------------------------------------------

    def _opened(self, reading: Reading | None) -> None:
        title = on_a_line(reading.record.title) if reading is not None else ""
        self.setWindowTitle(f"{title} — Margent" if title else "Margent")
        before, self._document = self._document, reading.record.id if reading is not None else ""
        in_library = self.librarian is not None and self.views.currentWidget() is self.librarian.view
        # A newer text of what is being read already is no reason to leave the library.
        if in_library and before == self._document:
            self._session.work_on("")
        elif self.views.currentWidget() is not self.read:
            self.show_article()

    def _fail(self, text: str) -> None:
        self.messages.fail(text)

    def _say(self, text: str) -> None:
        self.messages.say(text)

    def _delayed(self, text: str) -> None:
        messages = self.messages
        if messages.text():  # what went wrong is not to be covered by what takes its time
            return
        messages.hold(text)
        self._session.when_ready(lambda: messages.dismiss() if messages.text() == text else None)

    def _outdate(self, _happened: object) -> None:
        """Undo, on a message, would take back something else after another change and in another view."""
        if self._messages is not None:
            self._messages.outdate()

    def _damaged(self, error: object) -> None:
        from margent.library.errors import DamagedLibraryError  # noqa: PLC0415 - rare
        from margent.ui.recovery import recover, refuse  # noqa: PLC0415

        if not isinstance(error, DamagedLibraryError):
            refuse(self, str(error))
            QTimer.singleShot(0, self.close)
        elif recover(self, self._session.folders.library, str(error)):
            self._session.start()
        else:
            QTimer.singleShot(0, self.close)

    # -- what is shown ----------------------------------------------------------------------------------------

    @property
    def messages(self) -> MessageBar:
        """What is said over the foot of the window; made when there is something to say."""
        if self._messages is None:
            from margent.ui.chrome import MessageBar  # noqa: PLC0415 - not on the way to the first page

            self._messages = MessageBar(self._style, self._holder)
            self._messages.set_floor(STATUS_BAR)
        return self._messages

    def show_document(self, document: str) -> None:
        """Read a document of the library, in the Read view."""
        self.flush()
        if self.views.currentWidget() is not self.read:
            self.show_article()
        self._session.open_document(document)

    def open_files(self, items: Sequence[Path | Content]) -> None:
        """Bring files and folders into the library, and read the last one that was named; merge annotations."""
        self.flush()
        from margent.ui.exchanges import holds_annotations  # noqa: PLC0415 - not on the way to the first page

        notes = [item for item in items if isinstance(item, Path) and holds_annotations(item)]
        self._session.import_files([item for item in items if item not in notes])
        if notes:
            self.exchanges.take_in(notes)

    @property
    def themes(self) -> ThemeWork:
        """What suggests themes and shares them; made when it is first asked for."""
        if self._themes is None:
            from margent.ui.themework import ThemeWork  # noqa: PLC0415 - most sittings ask for none

            self._themes = ThemeWork(self, self._session, self._style)
        return self._themes

    @property
    def exchanges(self) -> Exchanges:
        """What takes annotations in and sends them out; made when it is first asked for."""
        if self._exchanges is None:
            from margent.ui.exchanges import Exchanges  # noqa: PLC0415 - most sittings exchange nothing

            self._exchanges = Exchanges(self._session, self._style, self)
            self._exchanges.told.connect(self.messages.say)
            self._exchanges.merged.connect(self.revisions.tell_merged)
            self._exchanges.failed.connect(self.messages.fail)
        return self._exchanges

    def _importing(self, imports: Imports) -> None:
        from margent.ui.importpanel import ImportPanel  # noqa: PLC0415 - most starts bring nothing in

        self.import_panel = ImportPanel(self._style, imports, self.messages, self._holder, STATUS_BAR)
        self.import_panel.wholePageRequested.connect(self._show_whole_page)
        imports.ended.connect(self._arrived)
        imports.ended.connect(self._offer_revisions)

    def _show_whole_page(self, document_id: str) -> None:
        self.flush()
        self.revisions.whole_page(document_id)

    def _arrived(self, report: ImportReport) -> None:
        if self.librarian is not None:
            self.librarian.arrived(report)

    def _offer_revisions(self, report: ImportReport) -> None:
        if report.held and not report.cancelled:
            self.revisions.offer(report.held)

    @property
    def revisions(self) -> Revisions:
        """Who gives documents newer texts; made with its first use."""
        if self._revisions is None:
            from margent.ui.revisions import Revisions  # noqa: PLC0415 - not on the way to the first page

            self._revisions = Revisions(self, self._session, self._style)
            self._revisions.checkRequested.connect(self.read.check_moved)
        return self._revisions

    @property
    def history(self) -> History:
        """Who shows older texts and compares them; made with its first use."""
        if self._history is None:
            from margent.ui.history import History  # noqa: PLC0415 - not on the way to the first page

            self._history = History(self, self._session, self._style)
        return self._history

    def _renewed(self, change: Change) -> None:
        self.revisions.tell_renewed(change)

    def show_brief(self) -> None:
        """Choose points of the document and see the brief that they make."""
        reading = self._session.reading
        if reading is None:
            return
        self.flush()
        if self.brief is None:
            from margent.ui.briefview import BriefView  # noqa: PLC0415

            self.brief = BriefView(self._session, self._style, self.actions_by_name, self)
            self.views.addWidget(self.brief)
            self.brief.failed.connect(self.messages.fail)
            self.brief.said.connect(self.messages.say)
        self.brief.open(reading)
        self.views.setCurrentWidget(self.brief)
        self.brief.points.setFocus()

    def library(self, *, by_steps: bool = False) -> Librarian:
        """Who leads to the library and back from there; made, and completed unless (`by_steps`) the caller does it."""
        if self.librarian is None:
            from margent.ui.librarian import Librarian  # noqa: PLC0415 - not on the way to the first page

            self.librarian = Librarian(self, self._session, self._style)
        if not by_steps:
            self.librarian.complete()
        return self.librarian

    def show_library(self) -> None:
        """Look at all documents, or go back to the page from there."""
        if self.librarian is not None and self.views.currentWidget() is self.librarian.view:
            self.show_article()
        else:
            self.library().enter()

    @property
    def view_name(self) -> str:
        """Which view is shown: "read", "brief", "library", "past" or "compare"."""
        shown = self.views.currentWidget()
        if shown is self.read:
            return "read"
        if self._history is not None and shown is not None and shown in (self._history.past, self._history.compared):
            return "past" if shown is self._history.past else "compare"
        return "brief" if shown is self.brief else "library"

    def show_article(self) -> None:
        """Go back to the page."""
        reading = self._session.reading
        self._session.work_on(reading.record.id if reading is not None else "")
        self.views.setCurrentWidget(self.read)
        self.read.reader.setFocus()

    def flush(self) -> None:
        """Write what is being typed, now."""
        if self.read.margin is not None:
            self.read.margin.flush()
        if self.brief is not None:
            self.brief.keep()

    # -- links and footnotes ----------------------------------------------------------------------------------

    def _show_page_menu(self, at: QPoint, _position: int) -> None:
        from margent.ui.pagemenu import page_menu  # noqa: PLC0415

        reader = self.read.reader
        found = reader.annotation_at(reader.viewport().mapFromGlobal(at)) if reader.selection() is None else ""
        if found:
            self.read.set_current(found)
        menu = page_menu(self.actions_by_name, self, marking=bool(found) or reader.selection() is not None)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _follow_link(self, address: str) -> None:
        if self._session.settings.ask_links:
            from margent.ui.linkdialog import may_open  # noqa: PLC0415

            if not may_open(self, address):
                return
        from PySide6.QtCore import QUrl  # noqa: PLC0415 - together 1 ms, and most pages' links are never followed
        from PySide6.QtGui import QDesktopServices  # noqa: PLC0415

        QDesktopServices.openUrl(QUrl(address))

    def _show_footnote(self, label: str, anchor: QRect) -> None:
        from margent.ui.footnote import show_footnote  # noqa: PLC0415

        if self._session.reading is not None:
            show_footnote(self._style, self.read.reader, self._session.reading.document, label, anchor)

    # -- the window itself ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files that are dropped are brought into the library."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_files(paths)

    def show(self) -> None:
        """Show the window; a screen that has no room for the first size is filled."""
        if self._cramped == self.size():
            self._cramped = QSize()
            self.showMaximized()
        else:
            super().show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nothing else wanted closes the message, ends the showing of a theme, stops an import."""
        if self._early is not None:
            self._early.append(event.clone())
            return
        sidebar = self.read.sidebar
        if event.key() != QtCore.Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.messages.text():
            self.messages.dismiss()
        elif sidebar is not None and sidebar.passage_label():
            sidebar.choose_theme("")
        elif self.import_panel is not None and self.import_panel.isVisible():
            self.import_panel.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything is on disk before the window goes, or the reader says that it may be lost."""
        self.flush()
        unsaved = self.read.margin.unsaved() if self.read.margin is not None else []
        unsaved += self.brief.unsaved() if self.brief is not None else []
        if unsaved:
            from margent.ui.unsaved import may_lose  # noqa: PLC0415 - rare

            if not may_lose(self, unsaved):
                event.ignore()
                return
        if self._session.is_importing:
            from margent.ui.unsaved import may_stop  # noqa: PLC0415 - rare

            if not may_stop(self, self._session.imports):
                event.ignore()
                return
        settings = self._session.settings
        if self.read.sidebar is not None and settings.sidebar:
            self._session.set_settings(replace(settings, sidebar_width=self.read.sidebar_width()))
        self._state().setValue("geometry", self.saveGeometry())
        self.hide()  # a backup may have to be finished, and there is nothing more to be seen or done
        self._session.close()
        event.accept()

    def _state(self) -> QSettings:
        from PySide6.QtCore import QSettings  # noqa: PLC0415 - a first start has nothing to read

        return QSettings(str(self._session.folders.config / "window.ini"), QSettings.Format.IniFormat)

    def _restore_geometry(self) -> None:
        path = self._session.folders.config / "window.ini"
        if not path.exists() or not self.restoreGeometry(self._state().value("geometry")):
            screen = QGuiApplication.primaryScreen().availableSize()
            room = QSize(screen.width() - _FRAME.width(), screen.height() - _FRAME.height())
            self.resize(_FIRST_SIZE.boundedTo(room))
            self._cramped = self.size() if self.size() != _FIRST_SIZE else QSize()
