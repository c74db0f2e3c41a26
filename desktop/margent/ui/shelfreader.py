"""Keeps what the library view shows in step with the library, by reading as little of it as it must.

The whole is read once, in a worker. From then on a change says which documents it touches, and those alone are read
again: while the view is looked at at once, otherwise when somebody comes back to it. Who comes before the whole has
been read is shown the first documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.errors import MargentError
from margent.library import catalogue
from margent.shelving import Shelves, patched, shelves_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from margent.annotations import Change, Value
    from margent.reading import Reading
    from margent.shelving import Field
    from margent.ui.session import Session

_AT_ONCE = 300
"""So many documents are read again while the window waits, about ten milliseconds; more are left to a worker."""
_FIRST = 120
"""Documents that are read before the rest: more than the highest screen shows."""
_ARRIVAL_MS = 120
"""Documents that come in one after the other are shown together after so long."""


class ShelfReader(QObject):
    """The shelves of a session's library.

    `renewed` says that they differ from before, `failed` carries a sentence, `wanted` says that somebody looks now: a
    reading ahead should let nobody go first any more.
    """

    wanted = Signal()
    renewed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.shelves = Shelves(partial=True)
        self.is_known = False
        """Whether the library has been read, be it only its first documents."""
        self._watched = False
        self._reading = False
        self._again = False
        """Whether the whole has to be read once more."""
        self._touched: set[str] = set()
        """Documents of which `shelves` may be wrong."""
        self._gone: set[str] = set()
        """Themes that stood once: when they come back, so do their places in rows."""
        self._meanwhile: set[str] = set()
        """Those that were touched since a worker began to read."""
        self._arrivals = QTimer(self)
        self._arrivals.setSingleShot(True)
        self._arrivals.setInterval(_ARRIVAL_MS)
        self._arrivals.timeout.connect(self._follow)
        session.changed.connect(self._hear)
        session.leaving.connect(self._left)
        session.opened.connect(self._opened)
        session.imported.connect(self._imported)
        session.elsewhere.connect(self._hear_elsewhere)

    @property
    def is_settled(self) -> bool:
        """Whether the shelves are those of the library, and nobody is reading."""
        return not (self.shelves.partial or self._reading or self._again or self._touched)

    def ahead(self, between: Callable[[], object]) -> None:
        """Read the library before anybody asks for it; `between` is called in the worker to let others go first."""

        def go() -> None:
            if not self.is_known and not self._reading:
                self._read(between)

        self._session.when_ready(go)

    def enter(self, field: Field, *, descending: bool) -> None:
        """Be in step from now on, for a table in this order. What `renewed` tells at once is painted first."""
        self._watched = True
        self.wanted.emit()
        self._session.write_place()
        if self._session.reading is not None:
            self._touch({self._session.reading.record.id})
        if not self.is_known:
            found = catalogue.first(self._session.folders.library, field, descending=descending, limit=_FIRST)
            if found is not None:
                self._take(found)
        self._session.when_ready(self._follow)

    def settle(self) -> None:
        """Take in now what came in a moment ago."""
        self._arrivals.stop()
        self._follow()

    def leave(self) -> None:
        """Nobody looks any more."""
        self._watched = False

    # -- what happens -----------------------------------------------------------------------------------------

    def _hear(self, change: Change) -> None:
        values = [*change.before.values(), *change.after.values()]
        self._touch({v.document for v in values if isinstance(v, Annotation | Passage)})
        self._touch({v.id for v in values if isinstance(v, DocumentRecord)})
        self._again |= any(self._concerns_all(value, change.after.get(key)) for key, value in change.before.items())
        self._follow()

    def _concerns_all(self, before: Value | None, after: Value | None) -> bool:
        """Whether rows of documents that a change does not name may tell of other themes, or in another order."""
        then, now = (value if isinstance(value, Theme) and value.deleted is None else None for value in (before, after))
        if then is not None and now is None:
            self._gone.add(then.id)
        came_back = now is not None and then is None and (before is not None or now.id in self._gone)
        return came_back or (then is not None and now is not None and then.name != now.name)

    def _hear_elsewhere(self) -> None:
        self._again = True
        self._follow()

    def _left(self) -> None:
        """How far a document was read is written when it is left."""
        if self._session.reading is not None:
            self._touch({self._session.reading.record.id})

    def _opened(self, reading: Reading | None) -> None:
        if reading is not None:
            self._touch({reading.record.id})

    def _imported(self, record: DocumentRecord) -> None:
        self._touch({record.id})
        if not self._arrivals.isActive():
            self._arrivals.start()

    def _touch(self, documents: set[str]) -> None:
        self._touched |= documents
        self._meanwhile |= documents

    # -- reading ----------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Bring the shelves in step, if anybody looks."""
        if not self._watched or not self._session.is_ready:
            return
        if self.shelves.partial or self._again or len(self._touched) > _AT_ONCE:
            self._read()
        if self.is_known and len(self._touched) <= _AT_ONCE:
            self._read_touched()

    def _read_touched(self) -> None:
        touched, self._touched = self._touched, set()
        try:
            now = shelves_of(self._session.library, only=sorted(touched))
        except MargentError as error:
            self._again = True
            self.failed.emit(str(error))
            return
        then = patched(self.shelves, touched, now)
        if then is not self.shelves:
            self._take(then)

    def _read(self, between: Callable[[], object] = bool) -> None:
        """Read the whole in a worker; of several wishes while it is read one is fulfilled."""
        if self._reading:
            return
        self._reading, self._again = True, False
        self._meanwhile = set()
        library = self._session.library

        def done(found: Shelves) -> None:
            self._reading = False
            self._touched = self._meanwhile
            self._take(found)
            self._follow()

        def failed(error: MargentError) -> None:
            self._reading, self._again = False, True
            self.failed.emit(str(error))

        self._session.jobs.run(lambda: shelves_of(library, between=between), done, failed)

    def _take(self, shelves: Shelves) -> None:
        self.shelves = shelves
        self.is_known = True
        self.renewed.emit()
