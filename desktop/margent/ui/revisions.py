"""Newer texts of documents: asked for, written in a worker as one change, and what became of the notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QProgressDialog, QWidget

from margent.annotations import Annotation, DocumentRecord
from margent.errors import StaleError
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from margent.annotations import Change, State
    from margent.document import Document
    from margent.errors import MargentError
    from margent.importing import Held
    from margent.library.store import Library
    from margent.ui.jobs import Job
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.window import MainWindow

_QUIET_MS = 500
"""Work that is done by then shows nothing."""
_TRIES = 3
"""How often a change is worked out because something was written meanwhile."""


class Newer(NamedTuple):
    """A text that is to become the newest one of a document."""

    document_id: str
    document: Document
    data: bytes
    origin: str
    """The name of the file it was read from."""


def tally(change: Change) -> Counter[State]:
    """How many annotations, replies and deleted ones left out, come to each state by a change of revision."""
    return Counter(
        value.state
        for value in change.after.values()
        if isinstance(value, Annotation) and value.parent is None and value.deleted is None
    )


def _is_newer(change: Change, record: DocumentRecord) -> bool:
    """Whether a change gives a document another text."""
    was = change.before.get(record.id)
    return isinstance(was, DocumentRecord) and was.revision != record.revision


class Wait(QProgressDialog):
    """Shows that work is under way once it takes a while; closing it asks for its end."""

    def __init__(self, said: str, parent: QWidget) -> None:
        super().__init__(said, QCoreApplication.translate("Wait", "Cancel"), 0, 0, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumDuration(_QUIET_MS)
        self.setAutoClose(False)
        self.setAutoReset(False)

    def advance(self, share: float) -> None:
        """Show how much has been done (0–1)."""
        self.setRange(0, 100)
        self.setValue(round(100 * share))

    def end(self) -> None:
        """Go away: the work is done."""
        self.blockSignals(True)
        self.reset()
        self.close()
        self.deleteLater()


def _write(library: Library, newer: Newer, job: Job) -> Change | None:
    """Work out what becomes of everything, and write it with the text; None when it was stopped before that."""
    from margent.annotations import new_id  # noqa: PLC0415 - with the worker's other imports
    from margent.revising import revise  # noqa: PLC0415

    for left in reversed(range(_TRIES)):
        standing = library.standing(newer.document_id)
        change = revise(standing, newer.document, new_id()).change
        if job.stopped():
            return None
        try:
            return library.add_revision(
                newer.document_id, newer.document, origin=newer.origin, original=newer.data, change=change
            )
        except StaleError:
            if not left:
                raise
    return None


class Revisions(QObject):
    """Gives documents newer texts and says what became of what stands on them.

    `checkRequested`: the reader wants to see the annotations that are not surely in their places.
    """

    checkRequested = Signal()

    def __init__(self, window: MainWindow, session: Session, style: Style) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._style = style
        self._waiting: list[Newer] = []
        self._done: list[tuple[str, Change]] = []
        self._busy = False
        self._check = QAction(self.tr("Check them"), self)
        self._check.setProperty("lasting", True)
        self._check.triggered.connect(self._show_what_moved)

    # -- asking -----------------------------------------------------------------------------------------------

    def offer(self, held: Sequence[Held]) -> None:
        """Ask what is to become of files that look like newer texts of known documents, and do that."""
        from margent.ui.newerdialog import NewerDialog  # noqa: PLC0415 - rare

        if not held:
            return
        dialog = NewerDialog(self._style, held, self._window)
        dialog.answered.connect(self._answered)
        dialog.open()

    def _answered(self, newer: Sequence[Held], own: Sequence[Held]) -> None:
        if own:
            self._keep_apart(own, last=not newer)
        self.add([Newer(one.record.id, one.document, one.data, one.origin) for one in newer])

    def _keep_apart(self, files: Sequence[Held], *, last: bool) -> None:
        """Make documents of their own of these files; read the last one unless something else follows."""
        session = self._session

        def work() -> list[DocumentRecord]:
            add = session.library.add_document
            return [add(one.document, origin=one.origin, original=one.data) for one in files]

        def done(records: list[DocumentRecord]) -> None:
            for record in records:
                session.imported.emit(record)
            if last and records:
                session.open_document(records[-1].id)

        session.jobs.run(work, done, self._fail)

    def from_file(self, path: Path) -> None:
        """Make a file the newest text of the document that is being read."""
        reading = self._session.reading
        if reading is None:
            return
        document_id, title = reading.record.id, reading.record.title

        def work(job: Job) -> Newer | None:
            from margent.formats import load  # noqa: PLC0415 - the parsers are needed here alone
            from margent.formats.apart import Apart, Cancelled  # noqa: PLC0415
            from margent.formats.pictures import beside  # noqa: PLC0415

            data = load(path)
            with Apart() as apart:
                try:
                    document = apart.read(data, path.name, beside(path), job.stopped, job.tell)
                except Cancelled:
                    return None
            return Newer(document_id, document, data, path.name)

        said = self.tr("Reading %1 as a newer text of “%2”").replace("%1", path.name).replace("%2", title)
        self._read(said, work)

    def whole_page(self, document_id: str) -> None:
        """Make all of the page that a document came from its text, where that is the page's article alone."""
        from margent.formats.notices import ARTICLE_ONLY  # noqa: PLC0415 - rare

        library = self._session.library
        record = library.record(document_id)
        shown = library.document(record.revision)
        if ARTICLE_ONLY not in shown.notices:
            said = self.tr("“%1” is not the article of a web page: all of its file is shown already.")
            self._window.messages.say(said.replace("%1", on_a_line(record.title)))
            return
        name = record.origin or record.title

        def work(job: Job) -> Newer | None:
            from margent.formats.apart import Apart, Cancelled  # noqa: PLC0415 - the parsers are needed here alone
            from margent.formats.keptpictures import kept, stand_in  # noqa: PLC0415

            data = library.original(record.revision)
            with Apart() as apart:
                try:
                    pictures = None
                    if shown.pictures:
                        pictures = kept(shown, apart.read(data, name, stand_in, job.stopped))
                    document = apart.read(data, name, pictures, job.stopped, job.tell, whole=True)
                except Cancelled:
                    return None
            return Newer(document_id, document, data, name)

        self._read(self.tr("Reading all of %1").replace("%1", name), work)

    def _read(self, said: str, work: Callable[[Job], Newer | None]) -> None:
        """Let a worker read a text, and make it the newest one of its document."""

        def done(found: Newer | None) -> None:
            wait.end()
            if found is not None:
                self.add([found])

        def failed(error: MargentError) -> None:
            wait.end()
            self._fail(error)

        wait = Wait(said, self._window)
        job = self._session.jobs.begin(work, done, failed, wait.advance)
        wait.canceled.connect(job.stop)

    # -- doing ------------------------------------------------------------------------------------------------

    def add(self, texts: Sequence[Newer]) -> None:
        """Make these the newest texts of their documents, one after the other."""
        self._waiting += texts
        if not self._busy:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            written, self._done = self._done, []
            self._tell(written)
            return
        self._busy = True
        self._window.flush()
        newer = self._waiting.pop(0)
        title = on_a_line(self._session.library.record(newer.document_id).title)
        said = self.tr("Looking for the places of your notes in the newer text of “%1”").replace("%1", title)
        wait = Wait(said, self._window)

        def done(change: Change | None) -> None:
            wait.end()
            self._busy = False
            if change is not None:
                self._session.did(change, newer.document_id)
                self._done.append((newer.document_id, change))
            self._next()

        def failed(error: MargentError) -> None:
            wait.end()
            self._busy = False
            self._fail(error)
            self._next()

        job = self._session.jobs.begin(lambda job: _write(self._session.library, newer, job), done, failed)
        wait.canceled.connect(job.stop)

    # -- telling ----------------------------------------------------------------------------------------------

    def _tell(self, done: Sequence[tuple[str, Change]]) -> None:
        if not done:
            return
        document_id, _change = done[-1]
        states = sum((tally(one) for _, one in done), Counter())
        if len(done) == 1:
            number = len(self._session.library.revisions(document_id))
            head = self.tr("Revision %1").replace("%1", str(number))
        else:
            head = self.tr("%n document(s) have a newer text", None, len(done))
        if self._session.reading is None or self._session.reading.record.id != document_id:
            self._session.open_document(document_id)
        self._say(head, states)

    def _say(self, head: str, states: Counter[State]) -> None:
        text = f"{head}: {self.summary(states)}" if states.total() else f"{head}."
        uncertain = states["moved"] + states["orphaned"]
        self._offer_check(text, offered=bool(uncertain))

    def _offer_check(self, text: str, *, offered: bool) -> None:
        """Say what became of the annotations; it goes when it is undone, and with the first step by key or menu."""
        self._window.messages.say(text, self._check if offered else None)
        for name in ("next_check", "previous_check", "undo"):
            step = self._window.actions_by_name[name]
            step.triggered.connect(self._checking, Qt.ConnectionType.UniqueConnection)

    @Slot()
    def _checking(self) -> None:
        self._window.messages.withdraw(self._check)

    def summary(self, states: Counter[State]) -> str:
        """What became of the annotations, in one line."""
        parts = []
        if states["placed"]:
            parts.append(self.tr("%n annotation(s) on the same words", None, states["placed"]))
        if states["moved"]:
            parts.append(self.tr("%n to check", None, states["moved"]))
        if states["orphaned"]:
            parts.append(self.tr("%n without its words", None, states["orphaned"]))
        return ", ".join(parts)

    def tell_merged(self, said: str, change: Change) -> None:
        """Annotations came in: say `said`, and what became of places that are uncertain, or all on a newer text."""
        newer = any(isinstance(value, DocumentRecord) and _is_newer(change, value) for value in change.after.values())
        if newer:
            states = tally(change)
        else:
            new = {key: value for key, value in change.after.items() if change.before.get(key) is None}
            states = tally(replace(change, after=new))
            del states["placed"]
        uncertain = states["moved"] + states["orphaned"]
        told = f"{said} {self.summary(states)}." if states.total() else said
        self._offer_check(told, offered=bool(uncertain))

    def tell_renewed(self, change: Change) -> None:
        """A bundled document came with a newer text: worth a word only to those who wrote on it."""
        record = next((v for v in change.after.values() if isinstance(v, DocumentRecord)), None)
        states = tally(change)
        if record is not None and states.total():
            head = self.tr("“%1” came with a newer text").replace("%1", record.title)
            reading = self._session.reading
            here = reading is not None and reading.record.id == record.id
            uncertain = states["moved"] + states["orphaned"]
            self._offer_check(f"{head}: {self.summary(states)}", offered=bool(uncertain and here))

    def _show_what_moved(self) -> None:
        if self._window.views.currentWidget() is not self._window.read:
            self._window.show_article()
        self.checkRequested.emit()

    def _fail(self, error: MargentError) -> None:
        self._window.messages.fail(str(error))
