"""Work that can wait until nobody does anything: step by step in the window's thread, with pauses in a worker's."""

from __future__ import annotations

from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

_QUIET = 0.4
"""Seconds after the last key or movement of the pointer from which on nobody is taken to do anything."""
_PATIENCE = 30.0
"""Seconds that a worker waits in all: then its work is more wanted than that nothing is felt of it."""
_BREATH_MS = 4
"""Between two steps, for what the window has to do by itself."""
_INPUT = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
    )
)


class Idle(QObject):
    """Knows when somebody last did something in a window, for as long as it has something to do itself."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._watched = window.windowHandle()
        self._last = perf_counter()
        self._waited = 0.0
        self._over = Event()
        """Set in the window's thread, where a number that a worker counts up could be lost."""
        self._steps: Iterator[object] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def run(self, steps: Iterator[object]) -> None:
        """Take all steps, each of some milliseconds, in moments in which nobody does anything."""
        self._steps = steps
        if self._watched is not None:
            self._watched.installEventFilter(self)
        self._timer.start(_BREATH_MS)

    def wait(self) -> None:
        """Let a worker go on when nobody does anything. Called there, between parts of its work."""
        while not self._over.is_set() and self._rest() > 0 and self._waited < _PATIENCE:
            pause = max(0.001, min(self._rest(), 0.05))
            self._waited += pause
            self._over.wait(pause)

    def end(self) -> None:
        """Watch the window no longer; whoever waits goes on."""
        self._timer.stop()
        self._over.set()
        if self._watched is not None:
            self._watched.removeEventFilter(self)

    def _rest(self) -> float:
        """Seconds until nobody is taken to do anything."""
        return self._last + _QUIET - perf_counter()

    def _go_on(self) -> None:
        rest = self._rest()
        if rest > 0:
            self._timer.start(round(rest * 1000) + 1)
        elif next(self._steps, self) is not self:
            self._timer.start(_BREATH_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What people do comes through the window first; its other events are few."""
        if event.type() in _INPUT:
            self._last = perf_counter()
        return super().eventFilter(watched, event)
