import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, now
from margent.document import Block, Document, GivenTheme, Mark
from margent.library import glance as module
from margent.library.files import connect
from margent.library.glance import document_of_file, glance
from margent.library.store import Library
from margent.reading import Reading

PICTURE = "ab" * 32
BRIEF = Document(
    "Brief",
    (
        Block("heading", "Brief", level=1),
        Block("paragraph", "Oil and gas 🛢 draw money from Europe.", (Mark("link", 0, 3, "#oil"),)),
        Block("picture", "A map", target=PICTURE),
        Block("picture", "A lost map", target="cd" * 32),
    ),
    authors=("A. Novak",),
    themes=(GivenTheme("Energy", words=("oil", "gas"), spans=((6, 9),)), GivenTheme("Europe", spans=((30, 40),))),
    pictures={PICTURE: b"a map"},
    notices=("Something was left out.",),
)
OTHER = Document("Other", (Block("paragraph", "Other words."),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed library of two documents, with a bit of everything in the one that was read last."""
    with closing(Library.open(tmp_path / "library")) as library:
        brief = library.add_document(BRIEF, origin="brief.md", original=b"brief")
        library.add_document(OTHER, origin="other.md", original=b"other")
        energy, europe = library.theme_list()
        made = note(library, edits.annotate(brief, BRIEF.text, 6, 9, note="Why?", themes=[europe.id, energy.id]))
        note(library, edits.annotate(brief, BRIEF.text, 30, 40, style="underline", private=True))
        note(library, edits.reply(made, "Because.", author="B"))
        library.apply(edits.set_done([note(library, edits.set_kind([made], "action"))], True))
        library.apply(edits.delete([note(library, edits.annotate(brief, BRIEF.text, 0, 5))]))
        library.apply(edits.set_passage(brief, energy, 10, 20, "chosen"))
        library.apply(edits.drop_passage(library.passages()[1]))
        library.apply(edits.delete_theme(note(library, edits.new_theme("Gone", "rose"))))
        library.set_place(brief.id, brief.revision, 20, 0.4)
        library.touch_opened(brief.id)
    return library.folder


def note(library: Library, change: Change) -> Any:
    (value,) = library.apply(change).after.values()
    return value


def full(folder: Path, document: str) -> dict[str, object]:
    with closing(Library.open(folder)) as library:
        return vars(library.reading(document))


def records(folder: Path) -> list[DocumentRecord]:
    with closing(Library.open(folder)) as library:
        return library.records()


def listing(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_a_glance_shows_what_the_library_gives(folder: Path) -> None:
    brief, other = records(folder)
    for document in (brief, other):
        found = glance(folder, document.id)
        assert isinstance(found, Reading)
        assert vars(found) == full(folder, document.id)
    assert len(found.annotations) == 0


def test_without_a_name_it_is_the_document_that_was_read_last(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        for record in reversed(library.records()):
            library.touch_opened(record.id)
            found = glance(folder)
            assert found is not None
            assert found.record == library.records()[0]
            assert found.record.id == record.id


def test_before_anything_was_read_it_is_the_newest(tmp_path: Path) -> None:
    with closing(Library.open(tmp_path)) as library:
        for title in ("First", "Second"):
            library.add_document(Document(title, ()), origin="", original=title.encode())
        found = glance(tmp_path)
        assert found is not None
        assert (found.record, found.place) == (library.records()[0], 0)


def test_a_closed_library_gets_no_file_from_a_glance(folder: Path) -> None:
    before = listing(folder)
    assert glance(folder) is not None
    assert listing(folder) == before
    assert list(before) == ["library.db"]


def test_a_library_in_use_is_read_with_its_newest_commit(folder: Path) -> None:
    with closing(Library.open(folder)) as library:
        made = note(library, edits.annotate(library.records()[0], BRIEF.text, 0, 5, note="just now"))
        with library._writing():
            found = glance(folder)
        assert found is not None
        assert found.annotations[made.id].note == "just now"
        assert not library.changed_elsewhere()


def test_what_a_crash_left_is_read_and_left(folder: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    with closing(Library.open(folder)) as library:
        note(library, edits.annotate(library.records()[0], BRIEF.text, 0, 5, note="just now"))
        shutil.copytree(folder, crashed)
    names = {path.name: path.read_bytes() for path in crashed.iterdir() if path.suffix != ".db-shm"}
    found = glance(crashed)
    assert found is not None
    assert "just now" in {value.note for value in found.annotations.values()}
    assert {path.name: path.read_bytes() for path in crashed.iterdir() if path.suffix != ".db-shm"} == names


# -- whenever something is unusual ------------------------------------------------------------------------------------


def nothing(folder: Path) -> None:
    shutil.rmtree(folder)


def no_file(folder: Path) -> None:
    (folder / "library.db").unlink()


def empty(folder: Path) -> None:
    os.truncate(folder / "library.db", 0)


def noise(folder: Path) -> None:
    (folder / "library.db").write_bytes(b"Dear diary, " * 1000)


def cut(folder: Path) -> None:
    os.truncate(folder / "library.db", 8192)


def sql(statement: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "library.db")) as connection, connection:
            connection.execute(statement)

    return act


def wal_without_index(folder: Path) -> None:
    (folder / "library.db-wal").write_bytes(b"x" * 5000)


def journal(folder: Path) -> None:
    (folder / "library.db-journal").write_bytes(b"x" * 5000)


def a_folder(folder: Path) -> None:
    no_file(folder)
    (folder / "library.db").mkdir()


UNUSUAL = {
    "no folder": nothing,
    "no file": no_file,
    "empty": empty,
    "noise": noise,
    "cut": cut,
    "newer": sql("UPDATE alembic_version SET version_num = '9999'"),
    "older": sql("UPDATE alembic_version SET version_num = '0000'"),
    "no version": sql("DELETE FROM alembic_version"),
    "another program's": sql("PRAGMA application_id = 7"),
    "no table": sql("DROP TABLE theme"),
    "no text": sql("DELETE FROM revision"),
    "other text": sql("UPDATE revision SET text = text || '!'"),
    "no blocks": sql("UPDATE revision SET blocks = '['"),
    "odd blocks": sql("UPDATE revision SET blocks = '[null]'"),
    "odd facts": sql("UPDATE revision SET about = '{}'"),
    "odd time": sql("UPDATE annotation SET created = 'yesterday'"),
    "no document": sql("UPDATE document SET deleted = created"),
    "a log without its index": wal_without_index,
    "a journal": journal,
    "a folder": a_folder,
}


@pytest.mark.parametrize("happening", UNUSUAL)
def test_a_glance_at_anything_unusual_is_nothing(folder: Path, tmp_path: Path, happening: str) -> None:
    UNUSUAL[happening](folder)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert glance(folder) is None
    assert document_of_file(folder, tmp_path / "absent.md") is None
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_document_that_is_not_there_or_deleted_is_nothing(folder: Path) -> None:
    assert glance(folder, "0" * 32) is None
    with closing(Library.open(folder)) as library:
        record = library.records()[0]
        library.apply(Change("Delete", {record.id: record}, {record.id: replace(record, deleted=now())}))
    assert glance(folder, record.id) is None


def test_a_library_somebody_holds_for_himself_is_nothing(folder: Path) -> None:
    with closing(connect(folder / "library.db")) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("UPDATE meta SET value = 'x'")
        assert glance(folder) is None
        holder.execute("ROLLBACK")


def test_a_file_that_is_written_meanwhile_is_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read without locks, a file must be the same afterwards; else pages of two states may have been mixed."""
    whole = module._reading

    def interrupted(*arguments: Any) -> Reading:
        def write() -> None:
            with closing(Library.open(folder)) as library:
                library.touch_opened(library.records()[0].id)

        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        return whole(*arguments)

    monkeypatch.setattr(module, "_reading", interrupted)
    assert glance(folder) is None


# -- a file on the command line ---------------------------------------------------------------------------------------


def test_a_file_is_recognised_by_its_content(folder: Path, tmp_path: Path) -> None:
    known = {record.title: record.id for record in records(folder)}
    for content, expected in ((b"brief", known["Brief"]), (b"other", known["Other"]), (b"new", None)):
        (tmp_path / "renamed.md").write_bytes(content)
        assert document_of_file(folder, tmp_path / "renamed.md") == expected
    assert document_of_file(folder, tmp_path) is None


# -- cost -------------------------------------------------------------------------------------------------------------


def test_a_glance_imports_neither_sqlalchemy_nor_qt(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from margent.library.glance import glance\n"
        "from margent.library.recovery import backups\n"
        "from margent.library.backup import back_up\n"
        "assert glance(Path(sys.argv[1])) is not None\n"
        "assert back_up(Path(sys.argv[1])) is not None\n"
        "found = {name.partition('.')[0] for name in sys.modules} & {'sqlalchemy', 'alembic', 'PySide6'}\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, timeout=60)


def test_annotations_are_values_of_the_library(folder: Path) -> None:
    found = glance(folder)
    assert found is not None
    assert all(isinstance(value, Annotation) and value.private in {True, False} for value in found.in_order())
