"""Files into the library, once each; and the bundled documents, which stay away once deleted."""

import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import Change
from margent.assets import CONTENT
from margent.errors import MargentError
from margent.formats import read
from margent.formats.apart import Apart
from margent.importing import BRIEF, BUNDLED, GUIDE, Progress, import_file, import_paths, seed
from margent.library.store import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library")) as opened:
        yield opened


def test_a_file_comes_in_with_its_name_and_the_same_content_only_once(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A title\n\nWords.\n", "utf-8")
    record, notices = import_file(library, path)
    assert (record.title, record.origin, notices) == ("A title", "a.md", [])
    copy = tmp_path / "b.md"
    copy.write_bytes(path.read_bytes())
    again, told = import_file(library, copy)
    assert again.id == record.id
    assert told == ["b.md is already in your library, as “A title”."]
    assert len(library.records()) == 1


@pytest.mark.parametrize("content", [None, bytes(range(256)) * 8])
def test_what_is_no_text_is_named_and_leaves_the_library_as_it_was(
    library: Library, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "strange.bin"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MargentError, match=r"strange\.bin"):
        import_file(library, path)
    assert library.records() == []


def test_the_bundled_documents_come_once_the_brief_first(library: Library) -> None:
    seed(library)
    seed(library)
    assert [record.id for record in library.records()] == [BRIEF, GUIDE]
    assert set(BUNDLED) == {BRIEF, GUIDE}


def test_a_bundled_document_that_was_deleted_stays_deleted(library: Library) -> None:
    seed(library)
    record = library.record(GUIDE)
    library.apply(Change("Delete", {GUIDE: record}, {GUIDE: replace(record, deleted=record.created)}))
    seed(library)
    assert [found.id for found in library.records()] == [BRIEF]


def test_seeding_leaves_annotations_alone(library: Library) -> None:
    seed(library)
    record = library.record(BRIEF)
    library.apply(edits.annotate(record, library.text(record.revision), 0, 4, note="Mine"))
    seed(library)
    assert [value.note for value in library.annotations()] == ["Mine"]
    assert library.record(BRIEF).revision == record.revision


def zipped(entries: Mapping[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def titles(library: Library) -> set[str]:
    return {record.title for record in library.records()}


def test_a_folder_comes_in_in_order_and_each_failure_has_its_line(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    (folder / "sub").mkdir(parents=True)
    (folder / "10.md").write_text("# Ten")
    (folder / "2.md").write_text("# Two")
    (folder / "3.txt").write_bytes(b"")
    (folder / "sub" / "4.md").write_text("# Two")
    told: list[Progress] = []
    report = import_paths(library, [folder, tmp_path / "gone.md"], progress=told.append)
    assert [(added.name, added.record.title) for added in report.added] == [("f/2.md", "Two"), ("f/10.md", "Ten")]
    assert [(known.name, known.record.title) for known in report.known] == [("f/sub/4.md", "Two")]
    assert [failed.name for failed in report.failed] == ["f/3.txt", "gone.md"]
    assert report.failed[0].reason == "3.txt is empty: there is nothing to read in it."
    assert [(now.done, now.total, now.name) for now in told] == [
        (0, 5, "f/2.md"), (1, 5, "f/3.txt"), (2, 5, "f/10.md"), (3, 5, "f/sub/4.md"), (4, 5, "gone.md"), (5, 5, ""),
    ]  # fmt: skip
    assert [now.added.title if now.added else "" for now in told] == ["", "Two", "", "Ten", "", ""]
    assert report.last is not None
    assert report.last.title == "Ten"
    assert not report.cancelled


def test_an_archive_brings_its_documents_and_one_in_it_too(library: Library, tmp_path: Path) -> None:
    deep = zipped({"deep.md": "# Deep"})
    inner = zipped({"inner.md": "# Inner", "deeper.zip": deep})
    path = tmp_path / "all.zip"
    path.write_bytes(zipped({"b/two.md": "# Two", "b/one.txt": "", "inner.zip": inner, "x.png": "x"}))
    told: list[Progress] = []
    report = import_paths(library, [path], progress=told.append)
    assert titles(library) == {"Two", "Inner"}
    assert {added.record.origin for added in report.added} == {"two.md", "inner.md"}
    assert [tuple(failed) for failed in report.failed] == [
        ("all.zip/b/one.txt", "one.txt is empty: there is nothing to read in it."),
        (
            "all.zip/inner.zip/deeper.zip",
            "all.zip/inner.zip/deeper.zip stands in an archive in an archive: unpack it and open the files.",
        ),
    ]
    assert (told[-1].done, told[-1].total) == (4, 4)


def test_a_picture_beside_a_document_in_an_archive_comes_along(library: Library, tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(60)
    path = tmp_path / "a.zip"
    text = "# A\n\n![in](../img/a%20map.png)\n\n![out](../../../etc/passwd)\n" + "Words. " * 2000
    path.write_bytes(zipped({"text/a.md": text, "img/a map.png": picture}))
    report = import_paths(library, [path])
    document = library.document(report.added[0].record.revision)
    assert list(document.pictures.values()) == [picture]


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"a.png": "x"}, "a.zip holds no file that Margent reads."),
        ({"../a.md": "x"}, "a.zip holds a file whose name leads out of the archive"),
        ({"a.md": bytes(20_000_000)}, "a.zip holds a file that unpacks to over 200 times its size"),
    ],
)
def test_a_hostile_archive_is_one_line_and_nothing_comes_in(
    library: Library, tmp_path: Path, entries: dict[str, str | bytes], sentence: str
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(entries))
    report = import_paths(library, [path])
    (failed,) = report.failed
    assert failed.reason.startswith(sentence)
    assert library.records() == []


def test_stopping_between_files_keeps_what_came_in(library: Library, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.md").write_text(f"# {number}")
    report = import_paths(library, [tmp_path], cancelled=lambda: len(library.records()) == 2)
    assert report.cancelled
    assert titles(library) == {"0", "1"}
    assert len(report.added) == 2


def test_stopping_inside_a_file_ends_its_reading_and_leaves_nothing_of_it(library: Library, tmp_path: Path) -> None:
    code = f"import sys; sys.path[:] = {sys.path!r}; from margent.formats import apart\n"
    code += "def reader(*_):\n    while True: pass\napart.serve(reader)"
    (tmp_path / "a.md").write_text("# A\n\n" + "Words. " * 5000)
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    with Apart([sys.executable, "-c", code]) as apart:
        start = time.monotonic()
        report = import_paths(library, [tmp_path], cancelled=stop.is_set, apart=apart)
    assert time.monotonic() - start < 5
    assert report.cancelled
    assert (report.added, report.failed, library.records()) == ([], [], [])


def test_a_file_that_breaks_its_reader_is_one_line_and_the_others_come_in(library: Library, tmp_path: Path) -> None:
    code = f"import os, sys; sys.path[:] = {sys.path!r}; from margent.formats import apart, read\n"
    code += "apart.serve(lambda data, name, picture: os.abort() if name == 'b.md' else read(data, name, picture))"
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n" + "Words. " * 5000)
    with Apart([sys.executable, "-c", code]) as apart:
        report = import_paths(library, [tmp_path], apart=apart)
    assert titles(library) == {"a", "c"}
    (failed,) = report.failed
    assert failed.reason.startswith("b.md could not be read: it broke the program that reads Markdown.")


def test_another_state_of_a_document_comes_in_and_is_told(library: Library, tmp_path: Path) -> None:
    text = (CONTENT / BUNDLED[BRIEF]).read_text("utf-8")
    (tmp_path / "brief.md").write_text(text, "utf-8")
    (tmp_path / "brief v2.md").write_text(text.replace("Kazakhstan", "the country"), "utf-8")
    (tmp_path / "brief v3.md").write_text("# Brief\n\n" + "Nothing in common but the name. " * 30, "utf-8")
    first = import_paths(library, [tmp_path / "brief.md"])
    second = import_paths(library, [tmp_path / "brief v2.md", tmp_path / "brief v3.md"])
    assert first.revision_of == []
    (newer,) = second.revision_of
    assert newer.path == tmp_path / "brief v2.md"
    assert newer.record.id == first.added[0].record.id
    assert newer.added.id == second.added[0].record.id


def test_where_the_reader_is_to_be_asked_another_state_is_held_and_nothing_of_it_is_written(
    library: Library, tmp_path: Path
) -> None:
    text = (CONTENT / BUNDLED[BRIEF]).read_text("utf-8")
    (tmp_path / "brief.md").write_text(text, "utf-8")
    (tmp_path / "brief v2.md").write_text(text.replace("Kazakhstan", "the country"), "utf-8")
    first = import_paths(library, [tmp_path / "brief.md"], hold=True)
    second = import_paths(library, [tmp_path / "brief v2.md"], hold=True)
    (held,) = second.held
    assert (second.added, second.revision_of, second.last) == ([], [], None)
    assert held.record.id == first.added[0].record.id
    assert (held.name, held.origin) == ("brief v2.md", "brief v2.md")
    assert held.data == (tmp_path / "brief v2.md").read_bytes()
    assert "the country" in held.document.text
    assert 0.7 < held.share < 1
    assert len(library.records()) == 1


def test_a_file_whose_revision_was_taken_back_is_held_again_and_an_older_one_is_known(
    library: Library, tmp_path: Path
) -> None:
    text = (CONTENT / BUNDLED[BRIEF]).read_text("utf-8")
    old, new = tmp_path / "brief.md", tmp_path / "brief v2.md"
    old.write_text(text, "utf-8")
    new.write_text(text.replace("Kazakhstan", "the country"), "utf-8")
    record = import_paths(library, [old], hold=True).added[0].record
    (held,) = import_paths(library, [new], hold=True).held
    change = library.add_revision(record.id, held.document, origin=held.origin, original=held.data)
    assert [known.name for known in import_paths(library, [old, new], hold=True).known] == ["brief.md", "brief v2.md"]
    library.apply(change.inverse())
    report = import_paths(library, [old, new], hold=True)
    assert [known.name for known in report.known] == ["brief.md"]
    assert [(held.name, held.record.id) for held in report.held] == [("brief v2.md", record.id)]


def test_a_newer_text_that_was_taken_back_is_held_again_under_any_name(library: Library, tmp_path: Path) -> None:
    record = library.add_document(read(b"# One\n\nThe first text.", "a.md"), origin="a.md", original=b"first")
    data = b"# Quite another\n\nNothing in common."
    document = read(data, "b.md")
    change = library.add_revision(record.id, document, origin="b.md", original=data)
    (tmp_path / "b.md").write_bytes(data)
    assert [known.record.id for known in import_paths(library, [tmp_path / "b.md"], hold=True).known] == [record.id]
    library.apply(change.inverse())
    report = import_paths(library, [tmp_path / "b.md"], hold=True)
    assert [held.record.id for held in report.held] == [record.id]
    assert not report.known


def test_a_document_that_is_an_archive_is_one_document(library: Library, tmp_path: Path) -> None:
    """What reads it says what is wrong with it; it is not taken apart."""
    path = tmp_path / "renamed.zip"
    path.write_bytes(zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>", "notes.md": "# Notes"}))
    report = import_paths(library, [path])
    assert titles(library) == set()
    assert len(report.failed) == 1
