"""Long work off the GUI thread: a job gets values, returns values, and its result is delivered in the GUI thread."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from margent.errors import MargentError

_T = TypeVar("_T")


class Job:
    """What work that can be stopped is given: it asks whether to go on, and says how far it is.

    Not a Qt object, for the thread may be the last to let it go.
    """

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._stop = threading.Event()
        self.tell = tell
        """Says how far the work is; called in its thread."""

    def stop(self) -> None:
        """Ask the work to end as soon as it can."""
        self._stop.set()

    def stopped(self) -> bool:
        """Whether the work is to end. May be asked from any thread, as often as one likes."""
        return self._stop.is_set()


class Jobs(QObject):
    """Runs functions in threads and delivers what they return, or the MargentError they raise, one at a time.

    A job's other exceptions are bugs: they are raised again in the GUI thread, where they surface.
    """

    _finished = Signal(object)
    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: set[threading.Thread] = set()
        self._left: set[threading.Thread] = set()
        """Those that nobody waits for."""
        self._jobs: dict[threading.Thread, Job] = {}
        self._lock = threading.Lock()
        self._over = False
        # Signals sent by another thread wait for this one; to ask for that by name would bring in all names of Qt
        # (Style.brush).
        self._finished.connect(self._deliver)
        self._told.connect(self._pass_on)

    def run(
        self,
        work: Callable[[], _T],
        then: Callable[[_T], None] | None = None,
        failed: Callable[[MargentError], None] | None = None,
        *,
        leave: bool = False,
    ) -> None:
        """Call `work` in a thread of its own, then `then` with what it returned, or `failed` with its error.

        `leave` it behind when the program ends, for work that only computes.
        """
        thread = self._thread(work, then, failed)
        if leave:
            self._left.add(thread)
        thread.start()

    def begin(
        self,
        work: Callable[[Job], _T],
        then: Callable[[_T], None] | None = None,
        failed: Callable[[MargentError], None] | None = None,
        progress: Callable[[Any], None] | None = None,
    ) -> Job:
        """The same for work that can be stopped and says how far it is: it gets the job, which is returned too.

        `progress` is called in the GUI thread with each value that the work tells, in their order.
        """
        job = Job(lambda value: self._emit(self._told, (progress, value)))
        thread = self._thread(lambda: work(job), then, failed)
        self._jobs[thread] = job
        thread.start()
        return job

    def _thread(
        self,
        work: Callable[[], _T],
        then: Callable[[_T], None] | None,
        failed: Callable[[MargentError], None] | None,
    ) -> threading.Thread:
        def target() -> None:
            outcome: tuple[Any, BaseException | None]
            try:
                outcome = (work(), None)
            except BaseException as error:  # noqa: BLE001 - carried to the GUI thread and raised there
                outcome = (None, error)
            self._emit(self._finished, (thread, outcome, then, failed))

        thread = threading.Thread(target=target, name="margent-job", daemon=True)
        self._threads.add(thread)
        return thread

    def _emit(self, signal: Any, message: object) -> None:  # noqa: ANN401 - a bound signal
        """Send to the GUI thread, unless this object may be gone there."""
        with self._lock:
            if not self._over:
                signal.emit(message)

    def stop(self) -> None:
        """Ask every job that can be stopped to end."""
        for job in self._jobs.values():
            job.stop()

    def wait(self, seconds: float = 30.0) -> None:
        """Let the running jobs end, at most `seconds` in all; their results are then delivered as usual."""
        deadline = time.monotonic() + seconds
        for thread in self._threads - self._left:
            thread.join(max(0.0, deadline - time.monotonic()))

    def close(self, seconds: float = 30.0) -> None:
        """Stop what can be stopped and wait for the rest. What is left behind is not heard of any more."""
        self.stop()
        self.wait(seconds)
        with self._lock:
            self._over = True
        self._threads = {thread for thread in self._threads - self._left if not thread.is_alive()}

    @property
    def busy(self) -> bool:
        """Whether a job runs or its result has yet to be delivered."""
        return bool(self._threads)

    @Slot(object)
    def _pass_on(self, message: tuple[Callable[[Any], None] | None, Any]) -> None:
        progress, value = message
        if progress is not None:
            progress(value)

    @Slot(object)
    def _deliver(self, message: tuple[threading.Thread, tuple[Any, BaseException | None], Any, Any]) -> None:
        thread, (value, error), then, failed = message
        self._threads.discard(thread)
        self._left.discard(thread)
        self._jobs.pop(thread, None)
        if error is None:
            if then is not None:
                then(value)
        elif isinstance(error, MargentError) and failed is not None:
            failed(error)
        else:
            raise error
