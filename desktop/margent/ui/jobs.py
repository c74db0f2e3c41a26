"""Long work off the GUI thread: a job gets values, returns values, and its result is delivered in the GUI thread."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from margent.errors import MargentError

_T = TypeVar("_T")


class Jobs(QObject):
    """Runs functions in threads and delivers what they return, or the MargentError they raise, one at a time.

    A job's other exceptions are bugs: they are raised again in the GUI thread, where they surface.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: set[threading.Thread] = set()
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], _T],
        then: Callable[[_T], None] | None = None,
        failed: Callable[[MargentError], None] | None = None,
    ) -> None:
        """Call `work` in a thread of its own, then `then` with what it returned, or `failed` with its error."""

        def target() -> None:
            outcome: tuple[Any, BaseException | None]
            try:
                outcome = (work(), None)
            except BaseException as error:  # noqa: BLE001 - carried to the GUI thread and raised there
                outcome = (None, error)
            self._finished.emit((thread, outcome, then, failed))

        thread = threading.Thread(target=target, name="margent-job", daemon=True)
        self._threads.add(thread)
        thread.start()

    def wait(self, seconds: float = 30.0) -> None:
        """Let the running jobs end, at most `seconds` each; their results are then delivered as usual."""
        for thread in list(self._threads):
            thread.join(seconds)

    @property
    def busy(self) -> bool:
        """Whether a job runs or its result has yet to be delivered."""
        return bool(self._threads)

    @Slot(object)
    def _deliver(self, message: tuple[threading.Thread, tuple[Any, BaseException | None], Any, Any]) -> None:
        thread, (value, error), then, failed = message
        self._threads.discard(thread)
        if error is None:
            if then is not None:
                then(value)
        elif isinstance(error, MargentError) and failed is not None:
            failed(error)
        else:
            raise error
