"""How far the reading of one file has come, told by the format that reads it to whoever waits for it."""

from collections.abc import Callable
from contextvars import ContextVar


def _nobody(_: float) -> None:
    return


_LISTENER: ContextVar[Callable[[float], None]] = ContextVar("listener", default=_nobody)


def advance(done: int, total: int) -> None:
    """Say that `done` of `total` parts (pages, chapters) of the file have been read; cheap, call it after each part.

    A file whose reading says nothing for a minute is given up.
    """
    _LISTENER.get()(done / total if total > 0 else 0.0)


def listen(listener: Callable[[float], None]) -> None:
    """Tell `listener` the share that has been read (0–1), in this thread from now on."""
    _LISTENER.set(listener)
