"""Searching the library while somebody types: one search at a time, and only the newest query's result is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from margent.errors import MargentError
    from margent.query import Group, SearchResult
    from margent.ui.session import Session

_LIMIT = 50


class Searcher(QObject):
    """`found` carries the query and its SearchResult, in the order of asking; what was overtaken is never shown."""

    found = Signal(str, object)
    foundIn = Signal(object)
    """The Group with all places of one document."""
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted = ""
        self._running = False

    def ask(self, query: str) -> None:
        """Search for this now; a search that runs for something else is not waited for, only its end."""
        self._wanted = query
        if query.strip() and not self._running:
            self._running = True
            self._session.when_ready(self._run)

    def ask_in(self, document: str) -> None:
        """Look for all places of what was asked last in one document (id); `foundIn` tells, unless it is overtaken."""
        query, library = self._wanted, self._session.library

        def done(group: Group | None) -> None:
            if group is not None and query == self._wanted:
                self.foundIn.emit(group)

        self._session.jobs.run(
            lambda: library.search_in(document, query), done, lambda error: self.failed.emit(str(error))
        )

    def _run(self) -> None:
        query, library = self._wanted, self._session.library

        def done(result: SearchResult) -> None:
            self._running = False
            if query == self._wanted:
                self.found.emit(query, result)
            else:
                self.ask(self._wanted)

        def failed(error: MargentError) -> None:
            self._running = False
            if query == self._wanted:
                self.failed.emit(str(error))
            else:
                self.ask(self._wanted)

        self._session.jobs.run(lambda: library.search(query, _LIMIT), done, failed)
