"""Between the library view and the page: what was chosen there is read here, at the place that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from margent.ui.libraryview import LibraryView
from margent.ui.menus import menu_button
from margent.values import value

if TYPE_CHECKING:
    from margent.importing import ImportReport
    from margent.query import Hit
    from margent.reading import Reading
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.window import MainWindow

_SEVERAL = 2
"""So many documents that come in are looked at in the library first."""


@value(frozen=True, slots=True)
class _Goal:
    """Where to go once a document is on the page."""

    document: str
    annotation: str = ""
    position: int | None = None
    """Code points; None for where reading stopped."""
    words: str = ""
    """What to find from there on."""
    theme: str = ""
    """The theme of which the words from `position` to `end` are a passage, by its id."""
    end: int = 0


class Librarian(QObject):
    """Makes the library view of a window with its first use, and leads from it to the page and back."""

    dossierRequested = Signal(str)

    def __init__(self, window: MainWindow, session: Session, style: Style) -> None:
        """To be completed before anything but `view.step` is asked for."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._style = style
        self._goal: _Goal | None = None
        self._complete = False
        self.view = LibraryView(session, style, window.actions_by_name, window, by_steps=True)
        self.view.hide()

    def complete(self) -> None:
        """Make what is left of the view, and put it into the window."""
        if self._complete:
            return
        self._complete = True
        view, window = self.view, self._window
        view.complete()
        window.views.addWidget(view)
        view.openRequested.connect(lambda document: self._go(_Goal(document)))
        view.noteRequested.connect(lambda document, note: self._go(_Goal(document, annotation=note)))
        view.hitRequested.connect(self._go_to_hit)
        view.passageRequested.connect(self._go_to_passage)
        view.dossierRequested.connect(self.dossierRequested)
        view.closed.connect(window.show_article)
        view.said.connect(self._say)
        view.failed.connect(self._fail)
        view.done.connect(self._offer_undo)
        self._session.opened.connect(self._opened)
        self._add_menu()

    # The window makes what it says things with when there is something to say.

    def _say(self, text: str) -> None:
        self._window.messages.say(text)

    def _fail(self, text: str) -> None:
        self._window.messages.fail(text)

    def _offer_undo(self, text: str) -> None:
        self._window.messages.say(text, self._window.actions_by_name["undo"])

    def _add_menu(self) -> None:
        """The window's menu is within reach here too."""
        if self._window.menus is None:
            return
        button = menu_button("", self.tr("Menu"))
        button.setToolTip(self.tr("Menu  F10"))
        button.setShortcut(QKeySequence("F10"))
        button.setMenu(self._window.menus.main)
        button.setIcon(self._style.icon("menu"))
        self.view.toolbar.left.insertWidget(0, button)

    def enter(self) -> None:
        """Show the library, and have Undo take back what is done in it."""
        self._window.flush()
        self._session.work_on("")
        self._window.views.setCurrentWidget(self.view)
        self.view.enter()

    def arrived(self, report: ImportReport) -> None:
        """Show documents that were brought in while the library is looked at; into a collection that is shown they go.

        A single one is read, which the session sees to.
        """
        if self._window.views.currentWidget() is not self.view:
            return
        reading = self._session.reading
        if reading is not None and report.documents == [reading.record.id]:
            self._window.show_article()  # it is on the page already
        elif len(report.documents) >= _SEVERAL:
            self.view.doing.file_arrived(report.documents)
            self.view.show_arrived(report.documents)

    def search(self) -> None:
        """Show the library with the cursor in its search field."""
        if self._window.views.currentWidget() is not self.view:
            self.enter()
        self.view.begin_search()

    def _go_to_hit(self, document: str, hit: Hit | None, words: str) -> None:
        if hit is None or hit.where == "title":
            self._go(_Goal(document))
        else:
            found = hit.snippet[slice(*hit.marks[0])] if hit.marks and hit.where in {"text", "quote"} else ""
            self._go(_Goal(document, hit.annotation, hit.start, found or (words if hit.where == "text" else "")))

    def show_dossier(self, theme: str) -> None:
        """Show what belongs to a theme (its id) in the whole library."""
        if self._window.views.currentWidget() is not self.view:
            self.enter()
        self.view.show_dossier(theme)

    def _go_to_passage(self, document: str, start: int, end: int, theme: str) -> None:
        self._go(_Goal(document, position=start, end=end, theme=theme))

    def _go(self, goal: _Goal) -> None:
        self._goal = goal
        reading = self._session.reading
        if reading is not None and reading.record.id == goal.document:
            self._window.show_article()
            self._arrive()
        else:
            self._session.open_document(goal.document, at=goal.position)

    def _opened(self, reading: Reading | None) -> None:
        if self._goal is not None and reading is not None and reading.record.id == self._goal.document:
            self._arrive()
        else:
            self._goal = None

    def _arrive(self) -> None:
        goal, self._goal = self._goal, None
        read = self._window.read
        if goal is None:
            return
        read.complete()
        if goal.position is not None:
            read.go_to(goal.position)
            if goal.theme and read.sidebar is not None:
                read.sidebar.choose_passage(goal.theme, goal.position, goal.end)
        if goal.annotation:
            read.go_to_annotation(goal.annotation)
        if goal.words and read.finding is not None and goal.position is not None:
            read.finding.begin(goal.position, goal.words)
        read.reader.setFocus()
