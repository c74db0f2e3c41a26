"""Makes the library view ready while the first page is read, so that it stands when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from margent.ui.idle import Idle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from margent.ui.window import MainWindow


def look_ahead(window: MainWindow) -> Idle:
    """Begin to make the library view of a window and to fill its shelves, in moments in which nobody does anything."""
    idle = Idle(window)
    idle.run(_steps(window, idle))
    return idle


def _steps(window: MainWindow, idle: Idle) -> Iterator[None]:
    from margent.ui import librarian  # noqa: PLC0415, F401 - read in the first step

    yield
    view = window.library(by_steps=True).view
    yield
    while view.step():
        yield
    view = window.library().view
    view.reader.wanted.connect(idle.end)
    view.reader.renewed.connect(idle.end)
    view.reader.failed.connect(idle.end)
    yield
    view.reader.ahead(idle.wait)
