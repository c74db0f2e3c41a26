"""Work for moments in which nobody does anything."""

import threading
from collections.abc import Iterator
from time import perf_counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from margent.ui import idle
from margent.ui.idle import Idle


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(200, 100)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def touch(window: QWidget, how: str, turn: int = 0) -> None:
    """As the system tells the window of it, not as a widget is told."""
    handle = window.windowHandle()
    if how == "key":
        QTest.keyClick(handle, Qt.Key.Key_A)
    elif how == "press":
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    else:
        QTest.mouseMove(handle, QPoint(20 + turn, 30))


@pytest.mark.parametrize("how", ["key", "press", "move"])
def test_steps_wait_until_nobody_does_anything(
    window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(idle, "_QUIET", 0.15)
    taken: list[float] = []

    def steps() -> Iterator[None]:
        for _ in range(3):
            taken.append(perf_counter())
            yield

    work = Idle(window)
    work.run(steps())
    last = perf_counter()
    for turn in range(5):
        qtbot.wait(40)
        touch(window, how, turn)
        last = perf_counter()
    assert not taken
    qtbot.waitUntil(lambda: len(taken) == 3, timeout=5000)
    assert taken[0] - last >= 0.14


def test_a_worker_waits_too_and_goes_on_when_it_is_told_to(
    window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "_QUIET", 0.1)
    work = Idle(window)
    work.run(iter(()))
    touch(window, "key")
    begun = perf_counter()
    worker = threading.Thread(target=work.wait)
    worker.start()
    qtbot.waitUntil(lambda: not worker.is_alive(), timeout=5000)
    assert perf_counter() - begun >= 0.09
    monkeypatch.setattr(idle, "_QUIET", 60.0)
    worker = threading.Thread(target=work.wait)
    worker.start()
    qtbot.wait(30)
    assert worker.is_alive()
    work.end()
    qtbot.waitUntil(lambda: not worker.is_alive(), timeout=5000)


def test_a_worker_does_not_wait_for_ever(window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_QUIET", 60.0)
    monkeypatch.setattr(idle, "_PATIENCE", 0.1)
    work = Idle(window)
    begun = perf_counter()
    work.wait()
    assert perf_counter() - begun < 5


def test_a_worker_that_was_told_to_go_on_waits_no_more(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_QUIET", 60.0)
    work = Idle(window)
    waited = idle.Event.wait

    def told_meanwhile(event: threading.Event, timeout: float | None = None) -> bool:
        work.end()
        work._waited = 0.0  # as a worker would write it that had read it before
        return waited(event, timeout)

    monkeypatch.setattr(idle.Event, "wait", told_meanwhile)
    begun = perf_counter()
    work.wait()
    assert perf_counter() - begun < 1
