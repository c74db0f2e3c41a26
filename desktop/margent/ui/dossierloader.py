"""What belongs to a theme, read in workers: first what the library holds, then, as it is found, what is suggested."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from margent.annotations import DocumentRecord, Passage, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.annotations import Change
    from margent.dossier import DossierRow
    from margent.errors import MargentError
    from margent.library.store import Library
    from margent.ui.jobs import Job
    from margent.ui.session import Session

MOST = 10_000
"""Suggestions that are looked for at most: nobody reads more, and better signal words find fewer."""
_TELL_SECONDS = 0.25
"""How often what was found is shown…"""
_SHOWN_AT_ONCE = 2_000
"""…and after so many suggestions half as often, for a longer list takes longer to show."""


class Found(NamedTuple):
    """How far the search for suggestions is."""

    done: int
    of: int
    rows: list[DossierRow]


class DossierLoader(QObject):
    """Keeps the rows of one theme. `changed` says that they are others now, `progressed` how many documents of how
    many were looked at for suggestions, `ended` that this is over; `gone` that there is no such theme any more.
    """

    changed = Signal()
    progressed = Signal(int, int)
    ended = Signal()
    gone = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._key = ""
        self._turn = 0
        self._job: Job | None = None
        self._pending: set[str] | None = set()
        """Documents whose suggestions are to be looked for again; None for all."""
        self._looking: set[str] | None = set()
        """Documents that a search under way looks at; None for all."""
        self._suggested: dict[str, DossierRow] = {}
        self.theme: Theme | None = None
        self.stored: list[DossierRow] = []
        self.complete = False
        """Whether every document was looked at."""

    @property
    def key(self) -> str:
        """The id of the theme; "" for none."""
        return self._key

    @property
    def running(self) -> bool:
        """Whether suggestions are being looked for."""
        return self._job is not None

    def suggested(self) -> list[DossierRow]:
        """What was suggested so far."""
        return list(self._suggested.values())

    def open(self, theme: str) -> None:
        """Load the dossier of a theme (its id); "" lets go of the one there is."""
        self.stop()
        self._key = theme
        self._suggested = {}
        self.stored = []
        self.theme = None
        self._pending = None
        self._load()

    def stop(self) -> None:
        """Look for no more suggestions; what was found stays."""
        self._turn += 1
        job, self._job = self._job, None
        if job is not None:
            job.stop()
            self.complete = False
            self.ended.emit()

    def outdate(self, change: Change | None) -> None:
        """Note what a change (None: anything) makes out of date; `refresh` brings it up to date."""
        if change is None or self._pending is None:
            self._pending = None
            return
        for key, after in change.after.items():
            before = change.before.get(key)
            value = after if after is not None else before
            if isinstance(value, Theme) and key == self._key:
                if not (isinstance(before, Theme) and isinstance(after, Theme) and before.words == after.words):
                    self._pending = None
                    return
            elif isinstance(value, Passage) and value.theme == self._key:
                self._pending.add(value.document)
            elif isinstance(value, DocumentRecord):
                self._pending.add(key)

    def refresh(self) -> None:
        """Read again what is out of date."""
        if self._key and self._session.is_ready:
            self._load()

    def _load(self) -> None:
        key = self._key
        if key:
            self._session.when_ready(lambda: self._read(key))

    def _read(self, key: str) -> None:
        if key != self._key:
            return
        library = self._session.library

        def work() -> tuple[Theme | None, list[DossierRow]]:
            theme = next((one for one in library.theme_list() if one.id == key), None)
            return theme, library.theme_rows([key]) if theme is not None else []

        def done(found: tuple[Theme | None, list[DossierRow]]) -> None:
            if key != self._key:
                return
            self.theme, self.stored = found
            if self.theme is None:
                self.stop()
                self.gone.emit()
                return
            self.changed.emit()
            if self._pending is None or self._pending:
                self._look()

        self._session.jobs.run(work, done, self._fail)

    def _look(self) -> None:
        """Look for suggestions in the documents that are pending, after those that a search under way has left."""
        wanted, complete = self._pending, self.complete
        if self._job is not None:
            # What the search under way has not come to is looked at by the new one.
            wanted = None if wanted is None or self._looking is None else wanted | self._looking
            self.stop()
        self._looking = wanted
        turn, key, library = self._turn, self._key, self._session.library
        documents = None if wanted is None else sorted(wanted)
        self._pending = set()
        self.complete = documents is not None and complete
        room = MOST - sum(len(row.entries) for row in self._suggested.values() if documents is not None)

        def work(job: Job) -> tuple[list[DossierRow], bool]:
            return _suggestions(library, key, documents, max(room, 1), job)

        fresh: set[str] = set()

        def take(rows: Sequence[DossierRow]) -> None:
            for row in rows:
                fresh.add(row.record.id)
                self._suggested[row.record.id] = row
            if rows:
                self.changed.emit()

        def progress(found: Found) -> None:
            if turn == self._turn:
                take(found.rows)
                self.progressed.emit(found.done, found.of)

        def done(result: tuple[list[DossierRow], bool]) -> None:
            if turn != self._turn:
                return
            rows, complete = result
            looked = set(self._suggested) if documents is None else set(documents)
            stale = (looked - fresh) - {row.record.id for row in rows}
            for gone in stale & set(self._suggested):
                del self._suggested[gone]
            self._job = None
            self.complete = complete if documents is None else self.complete
            take(rows)
            if stale:
                self.changed.emit()
            self.ended.emit()

        def failed(error: MargentError) -> None:
            if turn == self._turn:
                self._job = None
                self.ended.emit()
                self._fail(error)

        self._job = self._session.jobs.begin(work, done, failed, progress)

    def _fail(self, error: MargentError) -> None:
        self.failed.emit(str(error))


def _suggestions(
    library: Library, theme: str, documents: Sequence[str] | None, room: int, job: Job
) -> tuple[list[DossierRow], bool]:
    """What was found since it was last told, and whether every document was looked at."""
    batch: list[DossierRow] = []
    count, told, complete = 0, time.monotonic(), True

    def going(done: int, of: int) -> bool:
        nonlocal batch, told, complete
        if time.monotonic() - told >= _TELL_SECONDS * (1 + count / _SHOWN_AT_ONCE):
            job.tell(Found(done, of, batch))
            batch, told = [], time.monotonic()
        complete = not job.stopped() and count < room
        return complete

    for row in library.suggested_rows([theme], documents=documents, going=going):
        batch.append(row)
        count += len(row.entries)
    return batch, complete
