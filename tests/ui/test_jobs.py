"""Work in threads, results in the GUI thread."""

import sys
import threading
import time
from types import TracebackType

import pytest
from pytestqt.qtbot import QtBot

from margent.errors import MargentError
from margent.ui.jobs import Jobs


def test_work_runs_elsewhere_and_its_result_arrives_here(qtbot: QtBot) -> None:
    jobs = Jobs()
    seen: list[object] = []
    jobs.run(threading.get_ident, lambda ident: seen.append((ident, threading.get_ident())))
    assert seen == []
    qtbot.waitUntil(lambda: not jobs.busy, timeout=5000)
    ((there, here),) = seen  # type: ignore[misc]
    assert here == threading.get_ident()
    assert there != here


def test_an_error_for_the_reader_goes_to_failed_alone(qtbot: QtBot) -> None:
    jobs = Jobs()
    done: list[object] = []
    failed: list[str] = []

    def work() -> None:
        raise MargentError("The file x.md is gone.")

    jobs.run(work, done.append, lambda error: failed.append(str(error)))
    qtbot.waitUntil(lambda: not jobs.busy, timeout=5000)
    assert (done, failed) == ([], ["The file x.md is gone."])


@pytest.mark.parametrize("error", [ZeroDivisionError("bug"), MargentError("nobody listens")])
def test_a_bug_surfaces_in_the_gui_thread(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    jobs = Jobs()
    raised: list[tuple[BaseException, int]] = []

    def hook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        raised.append((value, threading.get_ident()))

    def work() -> None:
        raise error

    monkeypatch.setattr(sys, "excepthook", hook)
    jobs.run(work)
    qtbot.waitUntil(lambda: bool(raised), timeout=5000)
    assert raised == [(error, threading.get_ident())]
    assert not jobs.busy


def test_busy_until_the_result_was_delivered(qtbot: QtBot) -> None:
    jobs = Jobs()
    states: list[bool] = []
    jobs.run(lambda: None, lambda _: states.append(True))
    jobs.wait(5)
    assert jobs.busy, "the thread has ended, but nobody has heard of it"
    qtbot.waitUntil(lambda: not jobs.busy, timeout=5000)
    assert states == [True]


def test_waiting_has_an_end() -> None:
    jobs = Jobs()
    stop = threading.Event()
    jobs.run(lambda: stop.wait(10))
    before = time.monotonic()
    jobs.wait(0.05)
    assert time.monotonic() - before < 2
    stop.set()
    jobs.wait(10)


def test_many_jobs_all_arrive(qtbot: QtBot) -> None:
    jobs = Jobs()
    seen: list[int] = []
    for number in range(50):
        jobs.run(lambda number=number: number, seen.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: not jobs.busy, timeout=10000)
    assert sorted(seen) == list(range(50))
