"""What stands after a killed process, a full disk, or a lock that somebody does not give back."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord
from margent.document import Block, Document
from margent.errors import MargentError
from margent.library import files
from margent.library.backup import check
from margent.library.store import Library

TEXT = Document("Brief", (Block("paragraph", "Some words to mark."),))

WRITER = """
import sys
from pathlib import Path
from margent import edits
from margent.library.store import Library
library = Library.open(Path(sys.argv[1]))
record = library.records()[0]
for number in range(int(sys.argv[2]), 1_000_000):
    library.apply(edits.annotate(record, "Some words to mark.", 0, 4, note=str(number)))
    print(number, flush=True)
"""

FULL = """
import resource, signal, sys
from pathlib import Path
from margent import edits
from margent.errors import MargentError
from margent.library.store import Library
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
library = Library.open(Path(sys.argv[1]))
record = library.records()[0]
log = Path(sys.argv[1], "library.db-wal")
library.apply(edits.annotate(record, "Some words to mark.", 0, 4, note="first"))
resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 5000, resource.RLIM_INFINITY))
try:
    library.apply(edits.annotate(record, "Some words to mark.", 0, 4, note="lost" * 9000))
except MargentError as error:
    print(error)
assert [value.note for value in library.annotations()] == ["first"]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
library.apply(edits.annotate(record, "Some words to mark.", 0, 4, note="second"))
library.close()
"""

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


VISITOR = """
import sys
from pathlib import Path
from margent import edits
from margent.library.glance import glance
from margent.library.store import Library
folder = Path(sys.argv[1])
for number in range(12):
    library = Library.open(folder)
    record = library.records()[0]
    library.apply(edits.annotate(record, "Some words to mark.", 0, 4, note="x" * 3000))
    library.close()
    found = glance(folder)
    assert found is None or found.document.text == "Some words to mark."
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library")) as opened:
        opened.add_document(TEXT, origin="brief.md", original=b"brief")
        yield opened


@pytest.fixture
def brief(library: Library) -> DocumentRecord:
    return library.records()[0]


def test_every_note_that_was_applied_outlives_a_killed_process(library: Library) -> None:
    library.close()
    chance = random.Random(20261124)
    told = 0
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, str(library.folder), str(told)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = max(told, int(process.stdout.readline()) + 1)
            time.sleep(chance.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            for line in process.stdout:
                told = max(told, int(line) + 1) if line.endswith("\n") else told
        with closing(Library.open(library.folder)) as again:
            kept = {int(value.note) for value in again.annotations()}
            assert kept >= set(range(told))
            assert check(again) == []
        told = max(kept) + 1
    assert told > 20


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_write_that_the_disk_refuses_changes_nothing_and_is_told(library: Library) -> None:
    library.close()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(library.folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "library.db" in done.stdout
    assert "othing was changed" in done.stdout
    with closing(Library.open(library.folder)) as again:
        assert sorted(value.note for value in again.annotations()) == ["first", "second"]
        assert check(again) == []


def test_processes_that_come_and_go_take_nothing_for_damage(library: Library) -> None:
    library.close()
    command = [sys.executable, "-c", VISITOR, str(library.folder)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate(timeout=60)[1] for process in started] == ["", "", ""]
    with closing(Library.open(library.folder)) as again:
        assert len(again.annotations()) == 36
        assert check(again) == []


def full(library: Library) -> Callable[[], None]:
    """Leave the library no room to grow, and give the way to make room again."""
    driver = library._writer.connection.driver_connection
    assert driver is not None
    (most,) = driver.execute("PRAGMA max_page_count").fetchone()
    driver.execute("PRAGMA max_page_count = 1")

    def make_room() -> None:
        driver.execute(f"PRAGMA max_page_count = {most}")

    return make_room


def attempts(library: Library, brief: DocumentRecord, made: Annotation) -> dict[str, Callable[[], object]]:
    return {
        "edit": lambda: library.apply(edits.set_note(made, "lost" * 9000)),
        "note": lambda: library.apply(edits.annotate(brief, TEXT.text, 0, 4, note="lost" * 9000)),
        "document": lambda: library.add_document(TEXT, origin="other.md", original=b"other" * 9000),
        "bundled": lambda: library.seed([(TEXT, b"other" * 9000, "ab" * 16)]),
    }


@pytest.mark.parametrize("kind", ["edit", "note", "document", "bundled"])
def test_on_a_full_disk_nothing_is_half_written(library: Library, brief: DocumentRecord, kind: str) -> None:
    (made,) = library.apply(edits.annotate(brief, TEXT.text, 0, 4, note="kept")).after.values()
    assert isinstance(made, Annotation)
    heard: list[Change] = []
    library.notify = heard.append
    attempt = attempts(library, brief, made)[kind]
    make_room = full(library)
    for _ in range(2):
        with pytest.raises(MargentError, match="disk is full") as caught:
            attempt()
        assert "library.db" in str(caught.value)
        assert (library.annotations(), library.records(), heard) == ([made], [brief], [])
    make_room()
    attempt()
    assert (library.annotations(), library.records()) != ([made], [brief])
    assert check(library) == []


def test_a_library_that_another_process_holds_is_told_and_then_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.05)
    with closing(Library.open(tmp_path / "library")) as library:
        brief = library.add_document(TEXT, origin="brief.md", original=b"brief")
        (made,) = library.apply(edits.annotate(brief, TEXT.text, 0, 4)).after.values()
        assert isinstance(made, Annotation)
        command = [sys.executable, "-c", HOLDER, str(library.path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdin is not None
            assert holder.stdout.readline() == "held\n"
            tries = {
                **attempts(library, brief, made),
                "place": lambda: library.set_place(brief.id, brief.revision, 3, 0.5),
                "opened": lambda: library.touch_opened(brief.id),
            }
            for attempt in tries.values():
                with pytest.raises(MargentError, match="held by another program") as caught:
                    attempt()
                assert "library.db" in str(caught.value)
            assert library.annotations() == [made]
            assert library.reading(brief.id).record == brief
            holder.stdin.write("\n")
        for attempt in tries.values():
            attempt()
        assert library.place(brief.id) == 3
        assert not library.changed_elsewhere()


def test_a_writer_waits_for_another_that_is_soon_done(library: Library, brief: DocumentRecord) -> None:
    command = [sys.executable, "-c", HOLDER, str(library.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        holder.stdin.write("\n")
        holder.stdin.close()
        library.apply(edits.annotate(brief, TEXT.text, 0, 4))
    assert len(library.annotations()) == 1
