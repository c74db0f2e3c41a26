"""What was ticked in a dossier, in this sitting and the next."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from margent.settings import Settings, folders
from margent.ui.dossierticks import DossierTicks
from margent.ui.session import Session


def opened(qtbot: QtBot) -> Session:
    where = folders()
    where.library.mkdir(parents=True, exist_ok=True)
    session = Session(where, Settings(daily_backup=False))
    session.start()
    qtbot.waitUntil(lambda: session.is_ready and not session.jobs.busy, timeout=20_000)
    return session


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    session = opened(qtbot)
    yield session
    session.close()


def test_ticks_are_there_in_the_next_sitting(session: Session, qtbot: QtBot) -> None:
    ticks = DossierTicks(session)
    ticks.put("t", ["a", "b"], on=True)
    ticks.put("t", ["b", "d:3:9"], on=False)
    ticks.put("u", ["a"], on=False)
    ticks.keep()
    session.close()
    again = opened(qtbot)
    later = DossierTicks(again)
    assert later.of("t") == {"a": True, "b": False, "d:3:9": False}
    assert later.of("u") == {"a": False}
    assert later.of("v") == {}
    later.forget("t")
    later.keep()
    assert DossierTicks(again).of("t") == {}
    again.close()


def test_ticks_are_written_by_themselves_a_moment_later(session: Session, qtbot: QtBot) -> None:
    DossierTicks(session, session).put("t", ["a"], on=True)
    qtbot.waitUntil(lambda: DossierTicks(session).of("t") == {"a": True}, timeout=5000)


@pytest.mark.parametrize("text", ["{", "[]", "[1, 2]", '[["a"]]', "null", "7"])
def test_what_cannot_be_read_counts_for_nothing(session: Session, text: str) -> None:
    session.keep("ticks:t", text)
    assert DossierTicks(session).of("t") == {}


def test_before_the_library_is_open_nothing_is_known_and_nothing_forgotten(session: Session, qtbot: QtBot) -> None:
    session.keep("ticks:t", '[["a"], []]')
    session.close()
    again = Session(folders(), Settings(daily_backup=False))
    ticks = DossierTicks(again)
    assert ticks.of("t") == {}
    again.start()
    qtbot.waitUntil(lambda: again.is_ready and not again.jobs.busy, timeout=20_000)
    assert ticks.of("t") == {"a": True}
    again.close()
