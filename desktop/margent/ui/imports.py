"""What is brought into the library while the window is open: one import at a time, in a worker, that can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from margent.errors import MargentError
    from margent.importing import Content, ImportReport
    from margent.library.store import Library
    from margent.ui.jobs import Job, Jobs


class Imports(QObject):
    """Brings in what is asked for, one batch after the other.

    `started` a batch begins; `progressed` how far it is (importing.Progress); `ended` what became of it
    (importing.ImportReport); `failed` the library could not be written any more (the error).
    """

    started = Signal()
    progressed = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, library: Callable[[], Library], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._library = library
        self._job: Job | None = None
        self._waiting: list[list[Path | Content]] = []

    @property
    def running(self) -> bool:
        """Whether a batch is under way."""
        return self._job is not None

    def begin(self, items: Sequence[Path | Content]) -> None:
        """Bring these in, when what is under way has come in."""
        self._waiting.append(list(items))
        if self._job is None:
            self._next()

    def stop(self) -> None:
        """End what is under way and forget what waits; what has come in stays."""
        self._waiting.clear()
        if self._job is not None:
            self._job.stop()

    def _next(self) -> None:
        items, library = self._waiting.pop(0), self._library()

        def work(job: Job) -> ImportReport:
            from margent.importing import import_paths  # noqa: PLC0415 - brings in what the window does without

            return import_paths(library, items, progress=job.tell, cancelled=job.stopped, hold=True)

        self._job = self._jobs.begin(work, self._end, self._fail, self.progressed.emit)
        self.started.emit()

    def _end(self, report: ImportReport) -> None:
        self._job = None
        self.ended.emit(report)
        self._go_on()

    def _fail(self, error: MargentError) -> None:
        self._job = None
        self._waiting.clear()
        self.failed.emit(error)

    def _go_on(self) -> None:
        if self._waiting and self._job is None:
            self._next()
