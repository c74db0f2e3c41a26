"""The one object the panes share through the window: the library, the open document, undo, and what is announced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QUndoGroup, QUndoStack

from margent.annotations import Annotation, DocumentRecord
from margent.errors import MargentError, StaleError
from margent.ui.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from margent.annotations import Change, Value
    from margent.importing import Content, ImportReport, Progress
    from margent.library.store import Library
    from margent.reading import Reading, Suggest
    from margent.settings import Folders, Settings
    from margent.ui.imports import Imports
    from margent.ui.undo import ChangeCommand

_WATCH_MS = 700
"""How often another process's writes are looked for; one pragma of some 20 microseconds."""
_PLACE_MS = 1000
_MANY = 400
"""Above so many values a change, or a document, is written and read in a worker: it would hold the window up."""
_AFTER_MS = 20
_T = TypeVar("_T")
_OPENING_MS = 1500
"""After how long the opening of the library is told; ordinarily it takes a fifth of that."""
_ANCHORED = ("revision", "start", "end", "exact", "prefix", "suffix", "state")
"""What of an annotation depends on the text it stands on."""


class Session(QObject):
    """Owns the library once a worker has opened it, and the document being read.

    Signals state facts: `leaving` another document will be read next, so write what is pending; `opened` a document
    is now being read (None: none is); `changed` a Change was written; `saved` whether all that was typed is on disk;
    `failed` a sentence for the reader, `told` one when nothing went wrong; `ready` the library is open; `delayed` it
    takes longer than usual to open (a sentence); `damaged` it cannot be opened (the error); `reloaded` the open
    document was taken afresh, `elsewhere` another process has written; `importing` documents will be brought in (by
    this Imports); `imported` one came in (its record); `renewed` a bundled document has a newer text (the Change).
    """

    leaving = Signal()
    opened = Signal(object)
    changed = Signal(object)
    saved = Signal(bool)
    failed = Signal(str)
    told = Signal(str)
    imported = Signal(object)
    importing = Signal(object)
    renewed = Signal(object)
    ready = Signal()
    delayed = Signal(str)
    damaged = Signal(object)
    reloaded = Signal()
    elsewhere = Signal()
    settings_changed = Signal(object)
    _heard = Signal(object)

    def __init__(self, folders: Folders, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folders = folders
        self.settings = settings
        self.reading: Reading | None = None
        self.undo_group = QUndoGroup(self)
        """One undo stack a document; the open document's is the active one."""
        self._stacks: dict[str, QUndoStack] = {}
        self.jobs = Jobs(self)
        self._library: Library | None = None
        self._waiting: list[Callable[[], None]] = []
        self._renewals: list[Change] = []
        """What newer texts of bundled documents did when the library was opened."""
        self._sitting = 0
        self._typing = False
        self._asked = 0
        """How often a document was asked for."""
        self._on_library = False
        """Whether it is the library as a whole that is looked at."""
        self._written = 0
        """How many changes were announced."""
        self._reloads = 0
        """How often a document was to be read afresh."""
        self._apart_now = 0
        """How many works are being waited for while the window is painted."""
        self._imports: Imports | None = None
        self._import_asked = 0
        """`_asked` when the last import began."""
        self._closed = False
        self._place: tuple[int, float] | None = None
        self._heard.connect(self._hear_worker)  # queued where another thread sends it, and none else does
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_MS)
        self._watch.timeout.connect(self._look_elsewhere)
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.setInterval(_OPENING_MS)
        self._opening.timeout.connect(self._say_opening)
        self._place_timer = QTimer(self)
        self._place_timer.setSingleShot(True)
        self._place_timer.setInterval(_PLACE_MS)
        self._place_timer.timeout.connect(self.write_place)

    # -- the library ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the library in a worker, with the bundled documents in it and the day's backup made."""
        self.jobs.run(self._open_library, self._library_opened, self._not_opened)
        self._opening.start()

    def _not_opened(self, error: MargentError) -> None:
        self._opening.stop()
        self.damaged.emit(error)

    def _say_opening(self) -> None:
        """A library of another version, or one that comes from a backup, gets its tables or its index anew."""
        self.delayed.emit(
            self.tr(
                "The library is being brought up to date. You can read meanwhile; "
                "highlights and notes can be made as soon as it is ready."
            )
        )

    def when_ready(self, call: Callable[[], None]) -> None:
        """Call `call` once the library is open; at once when it is."""
        if self._library is not None:
            call()
        else:
            self._waiting.append(call)

    @property
    def library(self) -> Library:
        """The open library. Raises MargentError while there is none."""
        if self._library is None:
            raise MargentError("The library is still being opened; try again in a moment.")
        return self._library

    @property
    def is_ready(self) -> bool:
        """Whether the library is open."""
        return self._library is not None

    def _open_library(self) -> Library:
        from margent import importing  # noqa: PLC0415 - imports that the first page does not wait for
        from margent.library.store import Library  # noqa: PLC0415

        library = Library.open(self.folders.library)
        library.notify = self._renewals.append
        try:
            importing.seed(library)
        except BaseException:
            library.close()  # whoever mends the file or tries again has it to themselves
            raise
        return library

    def _library_opened(self, library: Library) -> None:
        self._opening.stop()
        if self._closed:
            library.close()
            return
        self._library = library
        library.notify = self._hear
        self._watch.start()
        self._keep_up()
        waiting, self._waiting = self._waiting, []
        self.ready.emit()
        for call in waiting:
            call()
        renewals, self._renewals = self._renewals, []
        for change in renewals:
            for value in change.after.values():
                if isinstance(value, DocumentRecord) and len(change.after) > 1:
                    self.did(change, value.id)
            self.renewed.emit(change)
        if self.settings.daily_backup:
            self._back_up_daily()

    def _keep_up(self) -> None:
        """Show the newest text of what was shown before the library was open: a bundled one may have been renewed.

        An annotation on an older text would not be there the next time.
        """
        reading = self.reading
        if reading is not None:
            try:
                newest = self.library.record(reading.record.id).revision
            except MargentError as error:
                self._fail(error)
                return
            if newest != reading.record.revision:
                self.reload()

    def _back_up_daily(self) -> None:
        from margent.library.backup import back_up  # noqa: PLC0415

        folder = self.folders.library
        self.jobs.run(lambda: back_up(folder), failed=lambda error: self.failed.emit(str(error)))

    def close(self) -> None:
        """Write what is pending and let the library go. What workers still bring is not shown any more."""
        self._closed = True
        self.write_place()
        self._watch.stop()
        self._opening.stop()
        self.jobs.close()
        if self._library is not None:
            self._library.close()
            self._library = None
        # Python's collector frees a command before the stack that still counts on it, and Qt then frees it again.
        for stack in self._stacks.values():
            stack.clear()

    # -- documents --------------------------------------------------------------------------------------------

    def show(self, reading: Reading | None) -> None:
        """Read this document from now on; each document has an undo history of its own."""
        self.leaving.emit()
        if self._closed:
            return
        self.write_place()
        self.reading = reading
        self.undo_group.setActiveStack(self._stack(reading.record.id if reading is not None else ""))
        self.opened.emit(reading)
        if reading is not None:
            self.when_ready(self._note_opened)
            self.when_ready(lambda: self._suggest(reading))

    def _suggest(self, reading: Reading) -> None:
        """Work out the suggested passages in a worker; long texts take a while, the page need not wait."""
        document, themes = reading.document, list(reading.themes.values())

        def work() -> tuple[Suggest, dict[str, list[tuple[int, int]]]]:
            from margent.themes import Matcher  # noqa: PLC0415 - brings in the stemmers

            matcher = Matcher(document)
            return lambda _, theme: matcher.suggest(theme), {t.id: matcher.suggest(t) for t in themes if t.words}

        def done(result: tuple[Suggest, dict[str, list[tuple[int, int]]]]) -> None:
            if self.reading is reading:
                reading.set_suggest(*result)
                self.reloaded.emit()

        self.jobs.run(work, done, leave=True)

    def _note_opened(self) -> None:
        if self.reading is not None:
            document = self.reading.record.id
            self._attempt(lambda library: library.touch_opened(document))

    def open_document(self, document: str, *, at: int | None = None) -> None:
        """Read a document of the library, `at` a position (code points) or where reading stopped.

        Of several asked for in a row the last one is shown, whichever worker is done first.
        """
        self._asked += 1
        turn = self._asked

        def work() -> tuple[Reading, int]:
            written = self._written
            return self.library.reading(document), written

        def done(result: tuple[Reading, int]) -> None:
            reading, written = result
            if turn != self._asked:
                return
            if written != self._written and self._library is not None:
                # A change was written while the worker read, and what it has may be from before that.
                self.open_document(document, at=at)
                return
            if at is not None:
                reading.place = at
            self.show(reading)

        self.when_ready(lambda: self.jobs.run(work, done, self._fail))

    def open_last(self) -> None:
        """Read what was read last, else the bundled brief."""

        def go() -> None:
            records = self.library.records()
            if records:
                self.open_document(records[0].id)
            else:
                self.show(None)

        self.when_ready(go)

    @property
    def imports(self) -> Imports:
        """What brings documents in; made, and announced by `importing`, when it is first asked for."""
        if self._imports is None:
            from margent.ui.imports import Imports  # noqa: PLC0415 - most starts bring nothing in

            self._imports = Imports(self.jobs, lambda: self.library, self)
            self._imports.progressed.connect(self._came_in)
            self._imports.ended.connect(self._imported)
            self.importing.emit(self._imports)
        return self._imports

    @property
    def is_importing(self) -> bool:
        """Whether documents are being brought in."""
        return self._imports is not None and self._imports.running

    def import_files(self, items: Sequence[Path | Content]) -> None:
        """Bring in files, folders, archives or contents; a document that was named by itself is read then."""
        if not items:
            return

        def go() -> None:
            imports = self.imports
            if not imports.running:
                self._import_asked = self._asked
            imports.begin(items)

        self.when_ready(go)

    @Slot(object)
    def _came_in(self, now: Progress) -> None:
        if now.added is not None and not self._closed:
            self.imported.emit(now.added)

    @Slot(object)
    def _imported(self, report: ImportReport) -> None:
        """Read the last document, unless a folder brought a whole shelf, or another one was asked for meanwhile.

        Of several that came while the library is looked at, the reader will choose one there.
        """
        came = len(report.added) + len(report.known)
        if self._on_library and len(report.documents) > 1:
            return
        stayed = self._import_asked == self._asked
        if report.last is not None and came <= report.asked and stayed and not self._closed:
            self.open_document(report.last.id)
            self._import_asked = self._asked

    def recent(self) -> list[DocumentRecord]:
        """Documents by when they were last opened, newest first; empty while the library opens."""
        return self._library.records()[:12] if self._library is not None else []

    # -- changes ----------------------------------------------------------------------------------------------

    def do(self, change: Change) -> bool:
        """Apply a change and make it undoable; whether it was written. An empty change is no change."""
        if not change.after:
            return False
        try:
            applied = self._write(change)
        except MargentError as error:
            self._fail(error)
            self.reload()
            return False
        if not change.merge:
            self._sitting += 1
        self._remember(applied, self.undo_group.activeStack() or self._stack(""))
        return True

    def did(self, change: Change, document: str) -> None:
        """Make a change undoable that a worker has written, among those of a document."""
        active = self.undo_group.activeStack()
        self._sitting += 1
        self._remember(change, self._stack(document))
        if active is not None:
            self.undo_group.setActiveStack(active)

    def _remember(self, applied: Change, stack: QUndoStack) -> None:
        from margent.ui.undo import ChangeCommand  # noqa: PLC0415 - the first page comes before the first change

        command = ChangeCommand(applied, self._apply_again, self._fail_and_reload, self._sitting)
        self._push(command, stack)

    def _push(self, command: ChangeCommand, stack: QUndoStack) -> None:
        """Put a command on a stack, but not while one of its own is being undone: Qt would take both for undone."""
        if self._apart_now:
            QTimer.singleShot(_AFTER_MS, self, lambda: self._push(command, stack))
        else:
            stack.push(command)

    def _write(self, change: Change) -> Change:
        """Apply a change. A note deleted elsewhere while somebody writes in it comes back with what was written."""
        try:
            return self.library.apply(change)
        except StaleError:
            if not change.merge:
                raise
            written = {key: value for key, value in change.after.items() if isinstance(value, Annotation)}
            moved = self._on_newest(change, written)
            if moved is not None:
                return self.library.apply(moved)
            keys = {*written, *(value.parent for value in written.values())}
            gone = [value for value in self.library.annotations(deleted=True) if value.id in keys]
            if not gone:
                raise
            from margent.edits import restore  # noqa: PLC0415 - rare

            back = self.library.apply(restore(gone))
            now = {key: value for key, value in back.after.items() if isinstance(value, Annotation) and key in written}
            noted = {key: replace(value, note=written[key].note) for key, value in now.items()}
            applied = self.library.apply(
                replace(change, before={**change.before, **now}, after={**change.after, **noted})
            )
        self.failed.emit(
            self.tr("This note was deleted elsewhere while you were writing in it. It is back, with what you wrote.")
        )
        return back.then(applied)

    def _on_newest(self, change: Change, written: Mapping[str, Annotation]) -> Change | None:
        """What was typed on an older text of the document, on the newest one; None where no note has gone on."""
        document = next((value.document for value in written.values()), None)
        standing = {value.id: value for value in self.library.annotations(document)} if document else {}
        before: dict[str, Value | None] = {}
        after: dict[str, Value | None] = {}
        for key, value in written.items():
            was = change.before.get(key)
            now = standing.get(key if was is not None else value.parent or "")
            if now is None or now.revision == value.revision:
                return None
            if was is not None and (not isinstance(was, Annotation) or was.note != now.note):
                return None
            where = {name: getattr(now, name) for name in _ANCHORED}
            before[key], after[key] = (now if was is not None else None), replace(value, **where)
        return replace(change, before=before, after=after)

    def _stack(self, document: str) -> QUndoStack:
        if document not in self._stacks:
            self._stacks[document] = QUndoStack(self.undo_group)
        self.undo_group.setActiveStack(self._stacks[document])
        return self._stacks[document]

    def work_on(self, document: str) -> None:
        """Have Undo take back what was done in a document; "" stands for what is done to the library as a whole."""
        self._on_library = document == ""
        self._stack(document)

    def end_sitting(self) -> None:
        """What is typed from now on is an undo step of its own."""
        self._sitting += 1

    @property
    def all_saved(self) -> bool:
        """Whether all that was typed is on disk."""
        return not self._typing

    def typing(self, on: bool) -> None:
        """Say that something typed is not on disk yet, or is again."""
        if on != self._typing:
            self._typing = on
            self.saved.emit(not on)

    def reload(self) -> None:
        """Take everything afresh from the library, keeping the place; for writes by another process."""
        if self.reading is None or self._library is None:
            return
        old = self.reading
        try:
            fresh = self._fresh(old)
        except MargentError as error:
            self._fail(error)
            return
        if self.reading is not old:
            return  # something else has been opened meanwhile
        if fresh.record.revision == old.record.revision:
            fresh.place = old.place
            old.take(fresh)
            self.reloaded.emit()
        else:
            self._show_text(fresh)

    def _fresh(self, old: Reading) -> Reading:
        """What the library has of a document now; with many annotations it takes a while."""
        library, key = self.library, old.record.id
        self._reloads += 1
        if len(old) <= _MANY:
            return library.reading(key)
        while True:
            # What was read before another reading began may be older than what that one has shown.
            then = self._written, self._reloads
            fresh = self._apart(lambda: library.reading(key))
            if then == (self._written, self._reloads):
                return fresh

    def _show_text(self, fresh: Reading) -> None:
        """Read on in another text of the same document, at the words that were being read."""
        from margent.bookmark import carried  # noqa: PLC0415 - rare

        old = self.reading
        if old is not None:
            fresh.place = carried(old.document.text, fresh.document.text, old.place)
        self.show(fresh)

    def keep_place(self, position: int, progress: float) -> None:
        """Remember where the reader is; written a second later, or when the document is left."""
        if self.reading is None:
            return
        self.reading.place = position
        if progress > self.reading.record.progress:
            self.reading.record = replace(self.reading.record, progress=progress)
        self._place = (position, self.reading.record.progress)
        if not self._place_timer.isActive():
            self._place_timer.start()

    def kept(self, key: str) -> str:
        """A text that was kept in the library under `key`; "" when there is none."""
        return self.library.kept(key)

    def keep(self, key: str, text: str) -> bool:
        """Keep a text in the library under `key`; whether it was written. Not an edit: there is no undo."""
        return self._attempt(lambda library: library.keep(key, text))

    def bin(self) -> list[Annotation]:
        """What is in the bin of the whole library."""
        return self.library.bin()

    def set_settings(self, settings: Settings) -> None:
        """Take over and write settings; views hear of it at once."""
        from margent.settings import save  # noqa: PLC0415

        if settings == self.settings:
            return
        self.settings = settings
        self.settings_changed.emit(settings)
        try:
            save(self.folders.settings, settings)
        except MargentError as error:
            self._fail(error)

    # -- within -----------------------------------------------------------------------------------------------

    def _hear(self, change: Change) -> None:
        """Announce a change in the thread of the window, whichever thread has written it."""
        if QThread.currentThread() is self.thread():
            self._announce(change)
        else:
            self._heard.emit((change, self._written))

    @Slot(object)
    def _hear_worker(self, message: tuple[Change, int]) -> None:
        """Announce what a worker has written; where the window wrote meanwhile, what is newer is asked of the disk."""
        change, written = message
        overtaken = written != self._written
        self._announce(change)
        if overtaken:
            self.reload()

    def _announce(self, change: Change) -> None:
        self._written += 1
        reading = self.reading
        if reading is not None:
            told = change.after.get(reading.record.id)
            if isinstance(told, DocumentRecord) and told.revision != reading.record.revision:
                self.reload()
            else:
                reading.apply(change)
        self.changed.emit(change)
        if not self._typing:
            self.saved.emit(True)

    def _apply_again(self, change: Change) -> None:
        library = self.library
        if len(change.after) <= _MANY:
            library.apply(change)
            return
        self.saved.emit(False)
        self._apart(lambda: library.apply(change))

    def _apart(self, work: Callable[[], _T]) -> _T:
        """What long work comes to. It is done in a worker, and the window is painted meanwhile; what is typed waits.

        Raises what the work raises.
        """
        from PySide6.QtCore import QEventLoop, Qt  # noqa: PLC0415 - rare
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

        loop = QEventLoop()
        outcome: list[tuple[Any, BaseException | None]] = []

        def guarded() -> None:
            try:
                outcome.append((work(), None))
            except BaseException as error:  # noqa: BLE001 - raised again below
                outcome.append((None, error))

        self.jobs.run(guarded, lambda _: loop.quit())
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        self._apart_now += 1
        try:
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        finally:
            self._apart_now -= 1
            QGuiApplication.restoreOverrideCursor()
        if not outcome:
            raise MargentError("The program ended before this was done: look at it when you start it again.")
        value, error = outcome[0]
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]

    def _look_elsewhere(self) -> None:
        try:
            changed = self._library is not None and self._library.changed_elsewhere()
        except MargentError as error:
            self._watch.stop()
            self._fail(error)
            return
        if changed:
            self.elsewhere.emit()
            self.reload()

    def write_place(self) -> None:
        """Write where the reader is, now."""
        self._place_timer.stop()
        place, self._place = self._place, None
        if place is None or self.reading is None or self._library is None:
            return
        record = self.reading.record
        position, progress = place
        self._attempt(lambda library: library.set_place(record.id, record.revision, position, progress))

    def _attempt(self, call: Callable[[Library], object]) -> bool:
        try:
            call(self.library)
        except MargentError as error:
            self._fail(error)
            return False
        return True

    def _fail(self, error: MargentError) -> None:
        self.failed.emit(str(error))

    def _fail_and_reload(self, error: MargentError) -> None:
        self._fail(error)
        self.reload()
