"""The library view's rows in step with the library: the whole once, what a change touches from then on."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import DocumentRecord, Theme
from margent.document import Block, Document
from margent.errors import MargentError
from margent.library.store import Library
from margent.settings import Settings, folders
from margent.shelving import Shelves, counts, shelves_of
from margent.ui.session import Session
from margent.ui.shelfreader import ShelfReader

TEXT = "Oil and gas draw money."


class Bench:
    """An open session of four documents, the shelves of its library, and how often they were read in full."""

    def __init__(self, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session, self.qtbot = session, qtbot
        self.whole = 0
        self.renewed = 0
        self.reader = ShelfReader(session)
        self.reader.renewed.connect(self._count)
        shelf = session.library.shelf

        def counted(*, only: Any = None, **rest: Any) -> Any:
            self.whole += only is None and not rest.get("deleted")
            return shelf(only=only, **rest)

        monkeypatch.setattr(session.library, "shelf", counted)

    def _count(self) -> None:
        self.renewed += 1

    def enter(self) -> None:
        self.reader.enter("opened", descending=True)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.reader.is_settled, timeout=10_000)

    def record(self, title: str) -> DocumentRecord:
        return next(record for record in self.session.library.records() if record.title == title)

    def assert_in_step(self) -> None:
        now, found = shelves_of(self.session.library), self.reader.shelves
        assert (list(found.rows), list(found.deleted)) == (now.rows, now.deleted)
        assert (list(found.collections), list(found.themes)) == (now.collections, now.themes)
        assert counts(found) == counts(now)
        assert not found.partial


@pytest.fixture
def bench(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    where = folders()
    where.library.mkdir(parents=True)
    with closing(Library.open(where.library)) as library:
        for title in ("One", "Two", "Three"):
            document = Document(title, (Block("paragraph", TEXT),))
            library.add_document(document, origin="a.md", original=title.encode())
    session = Session(where, Settings(daily_backup=False))
    session.start()
    qtbot.waitUntil(lambda: session.is_ready and not session.jobs.busy, timeout=20_000)
    yield Bench(session, qtbot, monkeypatch)
    session.close()


def note(bench: Bench) -> None:
    bench.session.do(edits.annotate(bench.record("Two"), TEXT, 0, 3, note="Why?"))


def theme(bench: Bench) -> None:
    change = edits.new_theme("Energy", "teal")
    bench.session.do(change)
    (made,) = change.after
    bench.session.do(edits.annotate(bench.record("Two"), TEXT, 0, 3, themes=[made]))


def finished(bench: Bench) -> None:
    bench.session.do(edits.set_status([bench.record("One"), bench.record("Three")], "finished"))


def binned(bench: Bench) -> None:
    bench.session.do(edits.delete_documents([bench.record("One")]))


def filed(bench: Bench) -> None:
    change = edits.make_collection("Council")
    (made,) = change.after.values()
    bench.session.do(change.then(edits.file_documents([bench.record("Two")], made)))  # type: ignore[arg-type]


def read(bench: Bench) -> None:
    bench.session.open_document(bench.record("Three").id)
    bench.qtbot.waitUntil(lambda: bench.session.reading is not None and not bench.session.jobs.busy, timeout=10_000)
    bench.session.keep_place(9, 0.4)


def came_in(bench: Bench) -> None:
    document = Document("Four", (Block("paragraph", TEXT),))
    bench.session.imported.emit(bench.session.library.add_document(document, origin="a.md", original=b"four"))


def nothing(_bench: Bench) -> None:
    pass


CHANGES = [note, theme, finished, binned, filed, read, came_in, nothing]


@pytest.mark.parametrize("change", CHANGES)
def test_what_happened_meanwhile_is_there_when_one_comes_back_without_reading_all(
    bench: Bench, change: Callable[[Bench], None]
) -> None:
    bench.enter()
    assert bench.whole == 1
    bench.reader.leave()
    change(bench)
    bench.renewed = 0
    bench.reader.enter("opened", descending=True)
    # At once, in the same call: nothing old is painted.
    bench.assert_in_step()
    assert bench.renewed == (change is not nothing)
    assert bench.reader.is_settled
    bench.session.undo_group.undo()
    bench.assert_in_step()


@pytest.mark.parametrize("change", [note, theme, finished, binned, filed])
def test_a_change_shows_at_once_while_one_looks_and_so_does_taking_it_back(
    bench: Bench, change: Callable[[Bench], None]
) -> None:
    bench.enter()
    whole = bench.whole
    change(bench)
    bench.assert_in_step()
    bench.session.undo_group.undo()
    bench.assert_in_step()
    assert bench.whole - whole == 2, "assert_in_step reads it, nobody else"
    bench.session.undo_group.redo()
    bench.settle()
    bench.assert_in_step()


def test_a_theme_that_goes_or_comes_back_leaves_and_enters_every_row(bench: Bench) -> None:
    def standing(name: str) -> Theme:
        return next(theme for theme in bench.session.library.theme_list() if theme.name == name)

    bench.enter()
    theme(bench)
    made = standing("Energy")
    bench.session.do(edits.rename_theme(made, "Zinc"))
    bench.settle()
    bench.assert_in_step()
    bench.session.do(edits.delete_theme(standing("Zinc")))
    bench.assert_in_step()
    bench.session.undo_group.undo()
    bench.settle()
    bench.assert_in_step()


def test_a_change_while_a_worker_reads_is_not_lost(bench: Bench) -> None:
    bench.reader.enter("opened", descending=True)
    note(bench)
    binned(bench)
    bench.settle()
    bench.assert_in_step()


def test_what_another_process_wrote_comes_while_one_looks(bench: Bench) -> None:
    bench.enter()
    with closing(Library.open(bench.session.folders.library)) as other:
        record = next(record for record in other.records() if record.title == "One")
        other.apply(edits.set_status([record], "finished"))
    bench.qtbot.waitUntil(lambda: counts(bench.reader.shelves).get("finished") == 1, timeout=10_000)
    bench.settle()
    bench.assert_in_step()


def test_the_first_documents_are_there_before_the_library_is_open(qtbot: QtBot) -> None:
    where = folders()
    where.library.mkdir(parents=True)
    with closing(Library.open(where.library)) as library:
        for title in ("One", "Two"):
            library.add_document(Document(title, (Block("paragraph", TEXT),)), origin="a", original=title.encode())
    session = Session(where, Settings(daily_backup=False))
    reader = ShelfReader(session)
    reader.enter("title", descending=False)
    assert [row.record.title for row in reader.shelves.rows] == ["One", "Two"]
    assert reader.shelves.partial
    session.start()
    qtbot.waitUntil(lambda: reader.is_settled, timeout=20_000)
    assert len(reader.shelves.rows) == 4, "the bundled documents came with the opening"
    session.close()


def test_reading_ahead_waits_for_the_library_and_goes_aside_for_others(qtbot: QtBot) -> None:
    where = folders()
    where.library.mkdir(parents=True)
    session = Session(where, Settings(daily_backup=False))
    reader, asides = ShelfReader(session), []
    reader.ahead(lambda: asides.append(1))
    session.start()
    qtbot.waitUntil(lambda: reader.is_settled, timeout=20_000)
    assert len(reader.shelves.rows) == 2
    assert asides
    session.close()


def test_a_library_that_cannot_be_read_is_told_and_read_again_at_the_next_visit(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.enter()
    said: list[str] = []
    bench.reader.failed.connect(said.append)

    def broken(**_: object) -> Shelves:
        raise MargentError("The disk is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(bench.session.library, "shelf", broken)
        note(bench)
    assert said == ["The disk is gone."]
    bench.enter()
    bench.assert_in_step()
