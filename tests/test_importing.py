"""Files into the library, once each; and the bundled documents, which stay away once deleted."""

from dataclasses import replace
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import Change
from margent.errors import MargentError
from margent.importing import BRIEF, BUNDLED, GUIDE, import_file, seed
from margent.library.store import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library")


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
