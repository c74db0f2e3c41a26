"""Another program's file taken in again, in any order and on several documents: no text is lost, none comes twice."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import Annotation, DocumentRecord, Theme
from margent.exchange import incoming
from margent.exchange.incoming import Prepared
from margent.exchange.parcel import Parcel, Remark
from margent.formats import read as read_document
from margent.library.backup import check
from margent.library.store import Library

TEXT = b"# Access brief\n\nThe corridor reopened on 3 May after long talks.\n\nTraffic stays below last year.\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library")
    yield library
    assert check(library) == []
    library.close()


def add(library: Library, data: bytes = TEXT) -> DocumentRecord:
    return library.add_document(read_document(data, "brief.md"), origin="brief.md", original=data)


def parcel(note: str, day: int, *, key: str = "", year: int = 2024) -> Parcel:
    moment = datetime(year, 1, day, tzinfo=UTC)
    made = datetime(2024, 1, 1, tzinfo=UTC)
    answer = Remark(foreign="A", note="Yes.", author="Eva", created=made)
    remark = Remark(
        id=key, foreign="X", exact="The corridor reopened", note=note, author="Zoe", created=made, modified=moment,
        replies=(answer,),
    )  # fmt: skip
    return Parcel("Other", "Access brief", remarks=(remark,))


def take(library: Library, record: DocumentRecord, one: Parcel) -> Prepared:
    prepared = incoming.prepare(one, library, record)
    library.apply(prepared.change)
    return prepared


def heads(library: Library, record: DocumentRecord) -> list[Annotation]:
    return [value for value in library.annotations(record.id) if value.parent is None]


def notes(library: Library) -> set[str]:
    return {value.note for value in library.annotations()} - {"Yes."}


def test_an_older_file_after_a_newer_one_takes_nothing_back(library: Library) -> None:
    record = add(library)
    for note, day in (("First.", 1), ("Third.", 3), ("Second.", 2)):
        take(library, record, parcel(note, day))
    assert notes(library) == {"Third."}, "nor is a text that nobody wrote here kept beside it"


def test_what_was_written_here_stays_where_the_file_has_a_later_text(library: Library) -> None:
    record = add(library)
    take(library, record, parcel("First.", 1))
    (head,) = heads(library, record)
    library.apply(edits.set_note(head, "My own thought."))
    prepared = take(library, record, parcel("Theirs.", 1, year=2999))
    assert notes(library) == {"Theirs.", "My own thought."}
    (mine,) = (value for value in library.annotations() if value.note == "My own thought.")
    assert mine.parent == head.id
    assert prepared.counted() == {"conflict": 1, "new": 1}
    assert incoming.prepare(parcel("Theirs.", 1, year=2999), library, record).change.after == {}


def test_undoing_that_and_doing_it_again_comes_to_the_same(library: Library) -> None:
    record = add(library)
    take(library, record, parcel("First.", 1))
    before = set(library.annotations())
    kept = library.lineage([value.id for value in before])
    change = library.apply(incoming.prepare(parcel("Second.", 2), library, record).change)
    assert set(library.apply(change.inverse()).after.values()) <= before
    assert (set(library.annotations()), library.lineage([value.id for value in before])) == (before, kept)
    take(library, record, parcel("Second.", 2))
    assert notes(library) == {"Second."}


def test_what_is_in_the_bin_is_told(library: Library) -> None:
    record = add(library)
    change = library.apply(incoming.prepare(parcel("First.", 1), library, record).change)
    library.apply(change.inverse())
    prepared = take(library, record, parcel("First.", 1))
    assert notes(library) == set()
    assert any("2 annotation(s) of the file are in your bin" in problem for problem in prepared.problems)


def test_the_same_file_on_a_second_document_gives_it_notes_of_its_own(library: Library) -> None:
    first, second = add(library), add(library, TEXT + b"\nOne line more.\n")
    take(library, first, parcel("First.", 1))
    for _ in range(2):
        take(library, second, parcel("First.", 1))
    (one,), (other,) = heads(library, first), heads(library, second)
    assert one.id != other.id
    assert [value.parent for value in library.annotations(second.id) if value.parent] == [other.id]
    library.apply(edits.delete([one]))
    assert incoming.prepare(parcel("First.", 1), library, second).change.after == {}


def test_an_id_that_a_theme_has_is_left_to_it(library: Library) -> None:
    record = add(library)
    (theme,) = library.apply(edits.new_theme("Roads", "navy")).after.values()
    assert isinstance(theme, Theme)
    take(library, record, parcel("First.", 1, key=theme.id))
    assert [value.id == theme.id for value in heads(library, record)] == [False]
    assert [known.name for known in library.theme_list()] == ["Roads"]
