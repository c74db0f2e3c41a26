"""Documents as the library view sees them: status, collections, counts, revisions, and the notes a file brings."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent import edits
from margent.annotations import (
    UNSAID,
    Annotation,
    Change,
    Collection,
    DocumentRecord,
    Status,
    Theme,
    status_of,
)
from margent.document import Block, Document, GivenAnnotation
from margent.errors import MargentError, StaleError
from margent.library.adding import _worded
from margent.library.backup import check
from margent.library.catalogue import first
from margent.library.files import connect
from margent.library.glance import glance
from margent.library.store import Library
from margent.shelf import ShelfRow
from margent.shelving import Field, ordered

TEXT = Document("Brief", (Block("paragraph", "Oil and gas 🛢 draw money."), Block("paragraph", "Courts matter too.")))
THEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library")) as opened:
        yield opened


@pytest.fixture
def brief(library: Library) -> DocumentRecord:
    return library.add_document(TEXT, origin="brief.md", original=b"brief")


def only(change: Change) -> Any:
    (value,) = change.after.values()
    return value


def shelved(library: Library, name: str, parent: Collection | None = None) -> Collection:
    made = only(library.apply(edits.make_collection(name, parent)))
    assert isinstance(made, Collection)
    return made


# -- status and details -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "progress", "status"),
    [
        ("", 0.0, "to_read"),
        ("", 0.01, "reading"),
        ("", 0.979, "reading"),
        ("", 0.98, "finished"),
        ("to_read", 1.0, "to_read"),
        ("finished", 0.0, "finished"),
        ("reading", 0.0, "reading"),
    ],
)
def test_what_the_reader_says_of_a_document_counts_before_its_progress(
    said: Status, progress: float, status: Status
) -> None:
    assert status_of(DocumentRecord(id="d", revision="r", title="T", status=said, progress=progress)) == status


def test_a_status_is_kept_and_undone(library: Library, brief: DocumentRecord) -> None:
    change = library.apply(edits.set_status([brief], "finished"))
    assert library.record(brief.id).status == "finished"
    library.set_place(brief.id, brief.revision, 5, 0.2)
    library.apply(change.inverse())
    assert (library.record(brief.id).status, library.record(brief.id).progress) == ("", 0.2)


def test_details_are_written_and_the_rest_stays(library: Library, brief: DocumentRecord) -> None:
    library.apply(edits.edit_document(brief, title="  A  better title ", authors=["A. Novak", " ", "A. Novak"]))
    now = library.record(brief.id)
    assert (now.title, now.authors) == ("A better title", ("A. Novak",))
    library.apply(edits.edit_document(now, date="2026", language="kk", source=" a  book ", summary=" Two\n\nparts "))
    later = library.record(brief.id)
    assert (later.title, later.date, later.language, later.source) == ("A better title", "2026", "kk", "a book")
    assert later.summary == "Two\n\nparts"
    assert edits.edit_document(later, title="A better title").after == {}
    with pytest.raises(MargentError, match="title"):
        edits.edit_document(later, title=" ")


# -- the bin ----------------------------------------------------------------------------------------------------------


def test_a_deleted_document_takes_its_notes_along_and_brings_them_back(library: Library, brief: DocumentRecord) -> None:
    made = only(library.apply(edits.annotate(brief, TEXT.text, 0, 3, note="Why?")))
    library.apply(edits.delete_documents([brief]))
    assert library.shelf() == []
    (row,) = library.shelf(deleted=True)
    assert (row.record.id, row.highlights, row.notes) == (brief.id, 1, 1)
    library.apply(edits.restore_documents([row.record]))
    assert library.shelf(deleted=True) == []
    assert library.reading(brief.id).annotations == {made.id: made}


# -- collections ------------------------------------------------------------------------------------------------------


def test_documents_stand_in_collections_in_the_order_given(library: Library, brief: DocumentRecord) -> None:
    outer = shelved(library, "Energy")
    inner = shelved(library, "Gas", outer)
    assert library.collections() == [outer, inner]
    library.apply(edits.file_documents([brief], inner))
    library.apply(edits.file_documents([library.record(brief.id)], outer))
    now = library.record(brief.id)
    assert now.collections == (inner.id, outer.id)
    assert edits.file_documents([now], outer).after == {}
    found = glance(library.folder, brief.id)
    assert found is not None
    assert found.record == now == library.records()[0] == library.shelf()[0].record
    change = library.apply(edits.unfile_documents([now], inner))
    assert library.record(brief.id).collections == (outer.id,)
    library.apply(change.inverse())
    assert library.record(brief.id).collections == (inner.id, outer.id)


def test_a_change_against_other_collections_is_refused(library: Library, brief: DocumentRecord) -> None:
    shelf = shelved(library, "Energy")
    stale = edits.set_status([brief], "reading")
    library.apply(edits.file_documents([brief], shelf))
    with pytest.raises(StaleError):
        library.apply(stale)
    assert library.record(brief.id).status == ""


def test_a_collection_is_renamed_moved_and_deleted_with_what_it_holds(library: Library, brief: DocumentRecord) -> None:
    outer, other = shelved(library, "Energy"), shelved(library, "Trade")
    inner = shelved(library, "Gas", outer)
    library.apply(edits.file_documents([brief], inner))
    inner = only(library.apply(edits.rename_collection(inner, " Oil  and gas ")))
    assert inner.name == "Oil and gas"
    inner = only(library.apply(edits.move_collection(inner, other, library.collections())))
    assert inner.parent == other.id
    gone = library.apply(edits.delete_collection(other, library.collections()))
    assert [shelf.name for shelf in library.collections()] == ["Energy"]
    assert [shelf.name for shelf in library.collections(deleted=True)] == ["Oil and gas", "Trade"]
    library.apply(gone.inverse())
    assert [shelf.name for shelf in library.collections()] == ["Energy", "Oil and gas", "Trade"]
    assert library.record(brief.id).collections == (inner.id,)
    assert check(library) == []


def test_collections_stand_at_most_one_in_another(library: Library) -> None:
    outer, other = shelved(library, "Energy"), shelved(library, "Trade")
    inner = shelved(library, "Gas", outer)
    for refused in (
        lambda: edits.make_collection("Shale", inner),
        lambda: edits.move_collection(outer, other, library.collections()),
        lambda: edits.move_collection(other, inner, library.collections()),
        lambda: edits.move_collection(other, other, library.collections()),
        lambda: edits.make_collection(" \n"),
        lambda: edits.rename_collection(outer, ""),
    ):
        with pytest.raises(MargentError):
            refused()


# -- the table --------------------------------------------------------------------------------------------------------


def test_the_shelf_counts_what_stands(library: Library, brief: DocumentRecord) -> None:
    other = library.add_document(Document("Other", ()), origin="o", original=b"o")
    energy, law, gone = (only(library.apply(edits.new_theme(name, "teal"))) for name in ("Energy", "Law", "Gone"))
    assert isinstance(energy, Theme)
    made = [
        only(library.apply(edits.annotate(brief, TEXT.text, start, start + 3, note=note, themes=themes)))
        for start, note, themes in ((0, "Why?", [law.id, gone.id]), (4, "", [law.id]), (8, "x", [energy.id]))
    ]
    library.apply(edits.reply(made[0], "Because."))
    library.apply(edits.delete([made[2]]))
    library.apply(edits.set_passage(brief, energy, 0, 3, "chosen"))
    library.apply(edits.set_passage(brief, energy, 4, 9, "dismissed"))
    library.apply(edits.delete_theme(gone))
    assert library.shelf() == [ShelfRow(other, 0, 0, ()), ShelfRow(brief, 2, 1, (law.id, energy.id))]


def test_the_latest_notes_come_first(library: Library, brief: DocumentRecord) -> None:
    first, second, _, gone = (
        only(library.apply(edits.annotate(brief, TEXT.text, 0, 3, note=note))) for note in ("1", "2", "", "3")
    )
    library.apply(edits.delete([gone]))
    library.apply(edits.reply(second, "answer"))
    library.apply(edits.set_note(first, "1, again"))
    assert [value.note for value in library.latest_notes(brief.id)] == ["1, again", "answer", "2"]
    assert [value.note for value in library.latest_notes(brief.id, 1)] == ["1, again"]
    assert library.latest_notes("nobody") == []


def test_the_past_of_a_document_and_its_files(library: Library) -> None:
    key = "b0" * 16
    newer = Document("New", (Block("paragraph", "All new."),))
    library.seed([(TEXT, b"first", key)])
    library.seed([(newer, b"second", key)])
    first, second = library.revisions(key)
    assert (first.number, first.words, first.file, second.number, second.words) == (1, TEXT.words(), "bundled", 2, 2)
    assert (second.id, second.document) == (library.record(key).revision, key)
    assert (library.original(first.id), library.original(second.id)) == (b"first", b"second")
    assert library.revisions("nobody") == []
    with pytest.raises(MargentError, match="no revision"):
        library.original("nobody")


# -- what a file brings -----------------------------------------------------------------------------------------------


def test_notes_in_a_file_become_annotations_in_their_makers_names(library: Library) -> None:
    answers = (
        GivenAnnotation(0, 3, "Answer", author="B", created=THEN, replies=(GivenAnnotation(0, 3, "And another"),)),
    )
    document = replace(
        TEXT,
        annotations=(
            GivenAnnotation(0, 4, "Why?", author="A", created=THEN, colour="pink", done=True, replies=answers),
            GivenAnnotation(4, 7, style="underline", colour="ultraviolet"),
            GivenAnnotation(12, 12, "A pin beside a word"),
        ),
        pages=((0, "i"), (27, "ii")),
    )
    record = library.add_document(document, origin="brief.docx", original=b"docx")
    reading = library.reading(record.id)
    assert reading.document.pages == document.pages
    assert reading.document.page_at(30) == "ii"
    commented, underlined, pinned = reading.in_order()
    assert (commented.exact, commented.author, commented.created, commented.colour) == ("Oil", "A", THEN, "pink")
    assert (commented.modified, commented.done) == (THEN, True)
    assert [(value.note, value.author) for value in reading.replies[commented.id]] == [
        ("Answer", "B"),
        ("And another", UNSAID),
    ]
    assert (underlined.style, underlined.colour, underlined.author) == ("underline", "yellow", UNSAID)
    assert pinned.exact == "🛢"
    assert check(library) == []


def test_a_note_on_a_file_without_words_is_kept_as_an_orphan(library: Library) -> None:
    document = Document("Scan", (), annotations=(GivenAnnotation(0, 0, "On the picture"),))
    record = library.add_document(document, origin="scan.pdf", original=b"scan")
    (value,) = library.reading(record.id).orphans()
    assert (value.note, value.start, value.end) == ("On the picture", 0, 0)
    assert check(library) == []


@given(st.text(alphabet="ab \n\t", max_size=12), st.integers(-2, 14), st.integers(-2, 14))
def test_a_note_is_put_on_words_wherever_its_file_puts_it(text: str, start: int, end: int) -> None:
    first, last = _worded(text, start, end)
    found = text[first:last]
    assert found == found.strip()
    assert bool(found) == bool(text.strip())
    wanted = text[max(0, start) : max(0, end)].strip()
    if wanted:
        assert found == wanted


def test_a_document_with_notes_is_not_added_twice(library: Library) -> None:
    document = replace(TEXT, annotations=(GivenAnnotation(0, 3, "Why?"),))
    for _ in range(2):
        library.add_document(document, origin="brief.docx", original=b"docx")
    assert len(library.annotations()) == 1


# -- anchors in other revisions ---------------------------------------------------------------------------------------


def test_an_annotation_that_moves_to_another_revision_leaves_its_anchor(library: Library) -> None:
    key = "b0" * 16
    library.seed([(TEXT, b"first", key)])
    old = library.record(key)
    library.seed([(Document("New", (Block("paragraph", "Gas and oil."),)), b"second", key)])
    new = library.record(key)
    made = only(edits.annotate(new, "Gas and oil.", 8, 11, note="Why?"))
    made = only(library.apply(Change("x", {made.id: None}, {made.id: made})))
    back = replace(made, revision=old.revision, start=0, end=3, exact="Oil", prefix="", suffix="")
    for value in (back, made, back):
        before = next(iter(library.annotations()))
        assert isinstance(before, Annotation)
        library.apply(Change("Carry", {made.id: before}, {made.id: replace(value, id=made.id)}))
    with library._reading() as connection:
        found = connection.exec_driver_sql(
            'SELECT annotation, revision, start, "end", exact FROM anchor ORDER BY exact'
        )
        assert found.fetchall() == [(made.id, old.revision, 0, 3, "Oil"), (made.id, new.revision, 8, 11, "oil")]


# -- the catalogue ----------------------------------------------------------------------------------------------------


@pytest.fixture
def many(library: Library) -> list[DocumentRecord]:
    """Thirty documents: some opened, some finished, with one to four highlights, themes and a collection."""
    themes = [only(library.apply(edits.new_theme(name, "teal"))) for name in ("Energy", "Law", "Water")]
    shelf = shelved(library, "Council")
    records = []
    for number in range(30):
        title = f"{'ЁлкаÄpfelzebra“Quote'[number % 20]} {number % 7}"
        record = library.add_document(replace(TEXT, title=title), origin="x.md", original=str(number).encode())
        for place in range(number % 4):
            note, filed = "n" * (place % 2), [themes[(number + place) % 3].id]
            made = only(library.apply(edits.annotate(record, TEXT.text, place, place + 3, note=note, themes=filed)))
            if place == 2:
                library.apply(edits.reply(made, "Because."))
        if number % 3 == 0:
            library.touch_opened(record.id)
            library.set_place(record.id, record.revision, 3, number / 30)
        if number % 5 == 0:
            library.apply(edits.set_status([library.record(record.id)], "finished"))
            library.apply(edits.file_documents([library.record(record.id)], shelf))
        records.append(record)
    library.apply(edits.delete_documents([library.record(records[7].id)]))
    return records


def test_some_documents_are_read_as_all_of_them_are(library: Library, many: list[DocumentRecord]) -> None:
    whole, gone = library.shelf(), library.shelf(deleted=True)
    wanted = [record.id for record in many[3:11]]
    assert library.shelf(only=wanted) == [row for row in whole if row.record.id in wanted]
    assert library.shelf(only=wanted, deleted=True) == gone
    assert library.shelf(only=[]) == library.shelf(only=["nobody"]) == []
    assert [row.record for row in whole] == library.records()


@pytest.mark.parametrize("field", ["title", "highlights", "notes", "read", "opened"])
@pytest.mark.parametrize("descending", [True, False])
def test_the_first_documents_of_an_order_are_found_without_the_rest(
    library: Library, many: list[DocumentRecord], field: Field, descending: bool
) -> None:
    found = first(library.folder, field, descending=descending, limit=12)
    assert found is not None
    assert found.partial
    themes = {theme.id: theme for theme in library.theme_list()}
    assert found.rows == ordered(library.shelf(), field, themes, descending=descending)[:12]
    assert (list(found.collections), list(found.themes)) == (library.collections(), library.theme_list())


def test_the_first_documents_by_theme_are_left_to_the_open_library(library: Library, tmp_path: Path) -> None:
    assert first(library.folder, "themes", descending=True, limit=12) is None
    assert first(tmp_path / "nowhere", "title", descending=True, limit=12) is None


def test_the_first_documents_of_a_library_that_somebody_spoilt_are_left_to_those_who_tell_of_it(
    library: Library, many: list[DocumentRecord]
) -> None:
    library.apply(edits.new_theme("Energy", "amber"))
    with closing(connect(library.path)) as connection:
        connection.execute("UPDATE theme SET name = x'00ff'")
    assert first(library.folder, "title", descending=True, limit=12) is None


def test_reading_the_shelf_stops_for_others_again_and_again(library: Library, many: list[DocumentRecord]) -> None:
    stops: list[int] = []
    assert library.shelf(between=lambda: stops.append(1)) == library.shelf()
    assert stops
