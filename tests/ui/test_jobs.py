"""Work in threads, results in the GUI thread."""

import sys
import threading
import time
from types import TracebackType

import pytest
from pytestqt.qtbot import QtBot

from margent.errors import MargentError
from margent.ui.jobs import Job, Jobs


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


def test_a_job_tells_how_far_it_is_in_the_gui_thread_and_in_order(qtbot: QtBot) -> None:
    jobs = Jobs()
    seen: list[tuple[object, int]] = []

    def work(job: Job) -> str:
        for number in range(20):
            job.tell(number)
        return "done"

    def here(value: object) -> None:
        seen.append((value, threading.get_ident()))

    jobs.begin(work, here, None, here)
    qtbot.waitUntil(lambda: not jobs.busy, timeout=5000)
    assert seen == [(value, threading.get_ident()) for value in [*range(20), "done"]]


def test_a_job_that_is_stopped_hears_of_it(qtbot: QtBot) -> None:
    jobs = Jobs()
    ended: list[bool] = []

    def work(job: Job) -> bool:
        while not job.stopped():
            time.sleep(0.01)
        return True

    one, _ = jobs.begin(work, ended.append), jobs.begin(work, ended.append)
    one.stop()
    qtbot.waitUntil(lambda: ended == [True], timeout=5000)
    jobs.stop()
    jobs.wait(5)
    qtbot.waitUntil(lambda: not jobs.busy, timeout=5000)
    assert ended == [True, True]


def test_nobody_waits_for_what_is_left_behind() -> None:
    jobs = Jobs()
    stop = threading.Event()
    jobs.run(lambda: stop.wait(10), leave=True)
    jobs.run(lambda: None)
    before = time.monotonic()
    jobs.close(10)
    assert time.monotonic() - before < 2
    stop.set()
    # The thread holds the object too, and must not be the last to let it go: Qt wants it gone in the GUI thread.
    for thread in threading.enumerate():
        if thread.name == "margent-job":
            thread.join(10)


def test_what_is_left_behind_is_not_heard_of_when_the_rest_is_gone(qtbot: QtBot) -> None:
    """A thread that told a deleted object what it found would end the program with a crash."""
    stop, seen = threading.Event(), list[object]()
    for _ in range(20):
        jobs = Jobs()
        jobs.run(lambda: stop.wait(10), seen.append, leave=True)
        jobs.close(1)
        assert not jobs.busy
        jobs.deleteLater()
    qtbot.wait(10)
    stop.set()
    qtbot.wait(50)
    assert seen == []


def test_all_jobs_together_are_waited_for_no_longer_than_was_said() -> None:
    jobs = Jobs()
    stop = threading.Event()
    for _ in range(5):
        jobs.run(lambda: stop.wait(10))
    before = time.monotonic()
    jobs.wait(0.3)
    assert time.monotonic() - before < 1.2
    stop.set()
    jobs.wait(10)
