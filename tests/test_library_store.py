import hashlib
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from margent import edits
from margent.annotations import THEME_COLOURS, Annotation, Change, DocumentRecord, Theme, new_id, now
from margent.document import Block, Document, GivenTheme, Mark
from margent.errors import MargentError, StaleError
from margent.library import glance, writing
from margent.library.backup import check
from margent.library.files import connect
from margent.library.index import Index
from margent.library.store import Library
from margent.revising import carry

PICTURE = hashlib.sha256(b"a map").hexdigest()
BRIEF = Document(
    "Rail corridor",
    (
        Block("heading", "Rail corridor", level=1, target="rail"),
        Block("paragraph", "Oil and gas draw money from Europe.", (Mark("strong", 0, 3),)),
        Block("table", "a\tb\nc\td", align=("left", "right"), heading_row=True),
        Block("picture", "A map", target=PICTURE),
        Block("paragraph", "Courts 🛤 and civil society matter too."),
    ),
    summary="What it is about.",
    authors=("A. Novak", "B. Ómarr"),
    date="2026-11-24",
    language="en",
    source="https://example.org/brief",
    themes=(
        GivenTheme("Energy", "olive", ("oil", "gas"), ((14, 25), (26, 30))),
        GivenTheme("Law and  order", spans=((74, 80),)),
    ),
    pictures={PICTURE: b"a map"},
    notices=("A video could not be carried.",),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library")) as opened:
        yield opened


@pytest.fixture
def brief(library: Library) -> DocumentRecord:
    return library.add_document(BRIEF, origin="brief.md", original=b"# Rail corridor")


def highlight(library: Library, record: DocumentRecord, start: int = 14, end: int = 25, **rest: object) -> Annotation:
    text = library.text(record.revision)
    return only(library.apply(edits.annotate(record, text, start, end, **rest)))  # type: ignore[arg-type]


def only(change: Change) -> Annotation:
    (value,) = change.after.values()
    assert isinstance(value, Annotation)
    return value


def reopened(library: Library) -> Library:
    library.close()
    return Library.open(library.folder)


# -- documents --------------------------------------------------------------------------------------------------------


def test_a_document_comes_back_as_it_was_read(library: Library, brief: DocumentRecord) -> None:
    with closing(reopened(library)) as again:
        assert again.document(brief.revision) == BRIEF
        assert again.text(brief.revision) == BRIEF.text
        assert again.record(brief.id) == brief
        assert again.records() == [brief]
    assert (brief.title, brief.authors, brief.source) == (BRIEF.title, BRIEF.authors, BRIEF.source)
    assert (brief.summary, brief.date, brief.language) == (BRIEF.summary, BRIEF.date, BRIEF.language)
    assert (brief.origin, brief.words, brief.progress, brief.opened) == ("brief.md", BRIEF.words(), 0.0, None)


def test_themes_of_the_author_become_themes_of_the_library(library: Library, brief: DocumentRecord) -> None:
    energy, law = library.theme_list()
    assert (energy.name, energy.colour, energy.words) == ("Energy", "olive", ("oil", "gas"))
    assert (law.name, law.colour) == ("Law and order", THEME_COLOURS[0])
    reading = library.reading(brief.id)
    assert reading.passages(energy.id) == [(14, 25, "given"), (26, 30, "given")]
    assert reading.passages(law.id) == [(74, 80, "given")]


def test_a_theme_that_is_there_already_is_used_whatever_its_case(library: Library, brief: DocumentRecord) -> None:
    energy, _ = library.theme_list()
    library.apply(edits.set_words(energy, ["pipeline"]))
    twin = replace(BRIEF, themes=(GivenTheme("ENERGY ", "navy", ("coal",), ((0, 4),)), GivenTheme("Trade", "no such")))
    record = library.add_document(twin, origin="twin.md", original=b"twin")
    names = {theme.name: theme for theme in library.theme_list()}
    assert sorted(names) == ["Energy", "Law and order", "Trade"]
    assert (names["Energy"].colour, names["Energy"].words) == ("olive", ("pipeline",))
    assert names["Trade"].colour == THEME_COLOURS[1]
    assert library.reading(record.id).passages(energy.id) == [(0, 4, "given")]
    library.apply(edits.delete_theme(library.theme_list()[0]))
    library.add_document(twin, origin="third.md", original=b"third")
    assert len([theme for theme in library.theme_list() if theme.name == "ENERGY"]) == 1


def test_new_themes_take_the_colour_that_the_fewest_have(library: Library) -> None:
    for number in range(len(THEME_COLOURS) + 1):
        library.add_document(
            Document("x", (), themes=(GivenTheme(f"Theme {number:02}"),)), origin="x", original=bytes([number])
        )
    assert [theme.colour for theme in library.theme_list()] == [*THEME_COLOURS, THEME_COLOURS[0]]


def test_the_same_file_is_not_added_twice(library: Library, brief: DocumentRecord) -> None:
    again = library.add_document(replace(BRIEF, title="Renamed"), origin="copy.md", original=b"# Rail corridor")
    assert again == brief
    assert library.by_hash(hashlib.sha256(b"# Rail corridor").hexdigest()) == brief
    assert library.by_hash("0" * 64) is None
    assert len(library.passages()) == 3


def test_the_file_of_a_deleted_document_comes_in_anew(library: Library, brief: DocumentRecord) -> None:
    gone = library.apply(Change("Delete", {brief.id: brief}, {brief.id: replace(brief, deleted=now())}))
    assert library.records() == []
    again = library.add_document(BRIEF, origin="brief.md", original=b"# Rail corridor")
    assert again.id != brief.id
    assert library.was_added(brief.id)
    library.apply(gone.inverse())
    assert {record.id for record in library.records()} == {brief.id, again.id}
    assert library.document(brief.revision) == library.document(again.revision) == BRIEF


def test_documents_come_with_the_one_read_last_first(library: Library) -> None:
    first, second, _ = (
        library.add_document(Document(name, ()), origin=name, original=name.encode())
        for name in ("one", "two", "three")
    )
    assert [record.title for record in library.records()] == ["three", "two", "one"]
    library.touch_opened(first.id)
    assert [record.title for record in library.records()] == ["one", "three", "two"]
    assert library.record(first.id).opened is not None
    assert library.record(second.id).opened is None


@pytest.mark.parametrize(
    ("reference", "title"),
    [
        ("abcd1234", "Rail corridor"),
        ("ABCD1", "Rail corridor"),
        ("rail  corridor", "Rail corridor"),
        ("water", "Water, and the Caspian"),
        ("Rail", "Rail"),
        ("the caspian", "Water, and the Caspian"),
    ],
)
def test_a_document_is_found_by_id_or_title(library: Library, reference: str, title: str) -> None:
    add_three(library)
    assert library.find(reference).title == title


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("ail", ["“Rail”", "“Rail corridor”", "2 documents", "abcd1234"]),
        ("nothing", ["nothing", "“Water, and the Caspian”"]),
        ("", ["“Rail”"]),
    ],
)
def test_a_reference_to_none_or_several_lists_the_candidates(library: Library, reference: str, says: list[str]) -> None:
    add_three(library)
    with pytest.raises(MargentError) as caught:
        library.find(reference)
    assert all(part in str(caught.value) for part in says)


def test_nothing_is_found_in_an_empty_library(library: Library) -> None:
    with pytest.raises(MargentError, match="empty"):
        library.find("brief")


def add_three(library: Library) -> None:
    library.add_document(Document("Rail corridor", ()), origin="", original=b"1", id="abcd1234" * 4)
    library.add_document(Document("Rail", ()), origin="", original=b"2", id="1234abcd" * 4)
    library.add_document(Document("Water, and the Caspian", ()), origin="", original=b"3", id="00001111" * 4)


def test_what_is_not_there_is_told(library: Library) -> None:
    for ask in (library.record, library.document, library.text, library.reading, library.touch_opened):
        with pytest.raises(MargentError, match="There is no"):
            ask("0" * 32)
    assert library.place("0" * 32) == 0


# -- bundled documents ------------------------------------------------------------------------------------------------

FIXED = "b0" * 16
NEWER = Document("Rail corridor, second edition", (Block("paragraph", "All of it is new."),))


def test_a_bundled_document_is_put_in_once(library: Library) -> None:
    for _ in range(2):
        library.seed([(BRIEF, b"first", FIXED)])
    (record,) = library.records()
    assert (record.id, record.origin, library.was_added(FIXED)) == (FIXED, "bundled", True)
    assert len(library.passages()) == 3


def test_a_bundled_document_that_was_deleted_stays_deleted(library: Library) -> None:
    library.seed([(BRIEF, b"first", FIXED)])
    record = library.record(FIXED)
    library.apply(Change("Delete", {FIXED: record}, {FIXED: replace(record, deleted=now())}))
    library.seed([(BRIEF, b"first", FIXED)])
    library.seed([(NEWER, b"second", FIXED)])
    assert library.records() == []
    assert library.record(FIXED).revision == record.revision


def test_a_newer_bundled_text_is_a_new_revision_where_nothing_is_noted(library: Library) -> None:
    library.seed([(BRIEF, b"first", FIXED)])
    old = library.record(FIXED)
    library.set_place(FIXED, old.revision, 60, 0.8)
    for _ in range(2):
        library.seed([(NEWER, b"second", FIXED)])
    record = library.record(FIXED)
    assert record.revision != old.revision
    assert (record.title, record.created, record.progress) == (NEWER.title, old.created, 0.8)
    reading = library.reading(FIXED)
    assert reading.document == NEWER
    assert reading.place == 0
    assert library.document(old.revision) == BRIEF
    library.seed([(BRIEF, b"first", FIXED)])
    assert library.record(FIXED) == record


def test_a_newer_bundled_text_waits_where_notes_would_have_to_go_along_unasked(library: Library) -> None:
    library.seed([(BRIEF, b"first", FIXED)])
    note = highlight(library, library.record(FIXED), note="Why?")
    library.seed([(NEWER, b"second", FIXED)], carry=False)
    assert library.annotations() == [note]
    library.apply(edits.delete([note]))
    library.seed([(NEWER, b"second", FIXED)], carry=False)
    assert library.document(library.record(FIXED).revision) == NEWER


def test_a_newer_bundled_text_takes_along_what_the_reader_put_on_the_old_one(library: Library) -> None:
    library.seed([(BRIEF, b"first", FIXED)])
    record = library.record(FIXED)
    kept, lost = highlight(library, record, note="Why?"), highlight(library, record, 0, 4)
    library.apply(edits.delete([gone := highlight(library, record)]))
    library.apply(edits.set_passage(record, library.theme_list()[0], 14, 25, "chosen"))
    newer = Document("Rail", (Block("paragraph", "All is new, but for this."), BRIEF.blocks[1]))
    library.seed([(newer, b"second", FIXED)])
    now = library.record(FIXED)
    reading = library.reading(FIXED)
    assert (reading.annotations[kept.id].start, reading.annotations[kept.id].exact) == (26, "Oil and gas")
    assert (reading.annotations[kept.id].state, reading.annotations[lost.id].state) == ("placed", "orphaned")
    assert [(value.id, value.revision) for value in library.bin()] == [(gone.id, now.revision)]
    assert reading.passages(library.theme_list()[0].id) == [(26, 37, "chosen")]
    assert check(library) == []


# -- newer texts ------------------------------------------------------------------------------------------------------


def test_a_newer_text_and_what_stands_on_it_are_one_undo_step(library: Library, brief: DocumentRecord) -> None:
    made = highlight(library, brief, note="Why?")
    library.apply(edits.reply(made, "Because."))
    before, reading = state(library), library.reading(brief.id)
    newer = replace(BRIEF, title="Second", blocks=(Block("paragraph", "A word before."), *BRIEF.blocks), themes=())
    heard: list[Change] = []
    library.notify = heard.append
    change = library.add_revision(brief.id, newer, origin="brief-2.md", original=b"second")
    assert heard == [change]
    after = state(library)
    assert library.reading(brief.id).document == replace(newer, pictures={PICTURE: b"a map"})
    assert library.record(brief.id).title == "Second"
    assert {value.start for value in library.annotations()} == {29}
    assert [(found.number, found.file) for found in library.revisions(brief.id)] == [(1, "brief.md"), (2, "brief-2.md")]
    old = library.annotations(revision=brief.revision)
    assert [(value.start, value.exact, value.revision) for value in old] == 2 * [(14, "Oil and gas", brief.revision)]
    library.apply(change.inverse())
    assert state(library) == before
    assert shown(library.reading(brief.id)) == shown(reading)
    assert [value.revision for value in library.annotations(revision=brief.revision)] == 2 * [brief.revision]
    library.apply(change)
    assert state(library) == after
    assert check(library) == []


def test_a_newer_text_that_was_taken_back_is_offered_again_and_not_stored_twice(
    library: Library, brief: DocumentRecord
) -> None:
    made = highlight(library, brief, note="Why?")
    newer = replace(BRIEF, blocks=(Block("paragraph", "A word before."), *BRIEF.blocks))
    digests = [hashlib.sha256(data).hexdigest() for data in (b"# Rail corridor", b"second")]
    first = library.add_revision(brief.id, newer, origin="b.md", original=b"second")
    passages = len(library.passages(revision=library.record(brief.id).revision))
    assert [found.id if (found := library.by_hash(digest)) else None for digest in digests] == 2 * [brief.id]
    library.apply(first.inverse())
    assert library.by_hash(digests[1]) is None
    assert glance.document_of_file(library.folder, _file(library.folder / "b.md", b"second")) is None
    assert [library.taken_back(digest) is not None for digest in digests] == [False, True]
    again = library.add_revision(brief.id, newer, origin="b.md", original=b"second")
    record = library.record(brief.id)
    assert record.revision == first.after[brief.id].revision == again.after[brief.id].revision  # type: ignore[union-attr]
    assert [found.number for found in library.revisions(brief.id)] == [1, 2]
    assert [(value.id, value.start, value.revision) for value in library.annotations()] == [
        (made.id, 29, record.revision)
    ]
    assert len(library.passages(revision=record.revision)) == passages
    assert glance.document_of_file(library.folder, library.folder / "b.md") == brief.id
    library.apply(again.inverse())
    assert [(value.start, value.revision) for value in library.annotations()] == [(14, brief.revision)]
    assert check(library) == []


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_an_earlier_text_can_be_gone_back_to_by_its_file(library: Library, brief: DocumentRecord) -> None:
    library.add_revision(brief.id, NEWER, origin="b.md", original=b"second")
    library.add_revision(brief.id, BRIEF, origin="b.md", original=b"# Rail corridor")
    assert library.record(brief.id).revision == brief.revision
    assert len(library.revisions(brief.id)) == 2
    assert check(library) == []


def test_what_another_version_read_from_the_same_file_is_a_text_of_its_own(
    library: Library, brief: DocumentRecord
) -> None:
    library.add_revision(brief.id, NEWER, origin="b.md", original=b"second")
    other = replace(BRIEF, blocks=BRIEF.blocks[:2], themes=(), pictures={})
    library.add_revision(brief.id, other, origin="b.md", original=b"# Rail corridor")
    assert [found.number for found in library.revisions(brief.id)] == [1, 2, 3]
    assert library.reading(brief.id).document.text == other.text


def test_reading_goes_on_at_the_same_words_in_a_newer_text_and_after_undo(
    library: Library, brief: DocumentRecord
) -> None:
    place = BRIEF.text.index("civil")
    library.set_place(brief.id, brief.revision, place, 0.5)
    newer = replace(BRIEF, blocks=(Block("paragraph", "A word before."), *BRIEF.blocks))
    change = library.add_revision(brief.id, newer, origin="b.md", original=b"second")
    there = newer.text.index("civil")
    assert library.place(brief.id) == library.reading(brief.id).place == there
    seen = glance.glance(library.folder, brief.id)
    assert seen is None or seen.place == there
    library.set_place(brief.id, library.record(brief.id).revision, newer.text.index("Courts"), 0.5)
    library.apply(change.inverse())
    assert library.place(brief.id) == BRIEF.text.index("Courts")


def test_the_first_screen_goes_on_at_the_same_words_in_a_newer_text(tmp_path: Path) -> None:
    with closing(Library.open(tmp_path)) as library:
        brief = library.add_document(BRIEF, origin="brief.md", original=b"# Rail corridor")
        library.set_place(brief.id, brief.revision, BRIEF.text.index("civil"), 0.5)
        newer = replace(BRIEF, blocks=(Block("paragraph", "A word before."), *BRIEF.blocks))
        library.add_revision(brief.id, newer, origin="b.md", original=b"second")
    seen = glance.glance(tmp_path, brief.id)
    assert seen is not None
    assert seen.place == newer.text.index("civil")


def shown(reading: Any) -> object:
    return (
        reading.document,
        [(value.id, value.start, value.state) for value in reading.in_order()],
        reading.record.title,
    )


def test_a_newer_text_is_refused_when_it_is_the_same_or_the_document_was_changed(
    library: Library, brief: DocumentRecord
) -> None:
    with pytest.raises(MargentError, match="very file"):
        library.add_revision(brief.id, BRIEF, origin="copy.md", original=b"# Rail corridor")
    made = highlight(library, brief)
    change = carry(library.standing(brief.id), NEWER, new_id())
    library.apply(edits.set_note(made, "meanwhile"))
    before = state(library)
    with pytest.raises(StaleError):
        library.add_revision(brief.id, NEWER, origin="x", original=b"second", change=change)
    assert state(library) == before
    assert len(library.revisions(brief.id)) == 1


def test_passages_of_an_older_text_do_not_count(library: Library, brief: DocumentRecord) -> None:
    assert len(library.shelf()[0].themes) == 2
    library.add_revision(brief.id, NEWER, origin="x", original=b"second")
    assert library.shelf()[0].themes == ()
    assert [group.title for group in library.search("energy").groups] == []


# -- edits ------------------------------------------------------------------------------------------------------------


def test_an_annotation_comes_back_as_it_was_written(library: Library, brief: DocumentRecord) -> None:
    energy, law = library.theme_list()
    made = highlight(
        library, brief, colour="pink", style="underline", kind="question", note="Why?\n\n— *who* pays 🛤",
        themes=[law.id, energy.id], private=True, author="A. Novak",
    )  # fmt: skip
    assert library.annotations() == [made]
    with closing(reopened(library)) as again:
        assert again.annotations(brief.id) == again.annotations(revision=brief.revision) == [made]
        assert again.annotations("0" * 32) == again.annotations(revision="0" * 32) == []
        assert again.reading(brief.id).annotations == {made.id: made}
    assert made.themes == (law.id, energy.id)


def test_the_order_of_an_annotations_themes_is_kept(library: Library, brief: DocumentRecord) -> None:
    energy, law = (theme.id for theme in library.theme_list())
    made = highlight(library, brief, themes=[energy, law])
    for themes in ((law, energy), (), (law,), (law, energy)):
        made = only(library.apply(Change("x", {made.id: made}, {made.id: replace(made, themes=themes)})))
        assert library.annotations() == [made]
        assert made.themes == themes


def test_replies_stand_with_their_parent_even_written_before_it(library: Library, brief: DocumentRecord) -> None:
    made = only(edits.annotate(brief, BRIEF.text, 14, 25))
    answer = only(edits.reply(made, "Because.", author="B"))
    library.apply(Change("Merge", dict.fromkeys([answer.id, made.id]), {answer.id: answer, made.id: made}))
    reading = library.reading(brief.id)
    assert list(reading.annotations) == [made.id]
    assert [reply.note for reply in reading.replies[made.id]] == ["Because."]


def test_undo_and_redo_of_every_kind_of_edit(library: Library, brief: DocumentRecord) -> None:
    energy, law = library.theme_list()
    made = highlight(library, brief, themes=[energy.id], kind="action")
    library.apply(edits.set_passage(brief, energy, 0, 4, "chosen"))
    steps = [
        lambda: edits.annotate(brief, BRIEF.text, 0, 4),
        lambda: edits.reply(standing(library, made.id), "Answer"),
        lambda: edits.set_note(standing(library, made.id), "A note"),
        lambda: edits.set_colour([standing(library, made.id)], "blue"),
        lambda: edits.set_style([standing(library, made.id)], "underline"),
        lambda: edits.set_kind([standing(library, made.id)], "question"),
        lambda: edits.set_done([standing(library, made.id)], True),
        lambda: edits.set_private([standing(library, made.id)], True),
        lambda: edits.add_theme([standing(library, made.id)], law.id),
        lambda: edits.attach(standing(library, made.id), BRIEF.text, 0, 4),
        lambda: edits.new_theme("Trade", "rose", ["tariff"]),
        lambda: edits.rename_theme(law, "Rights"),
        lambda: edits.set_passage(brief, energy, 5, 9, "dismissed"),
        lambda: edits.drop_passage(library.passages()[0]),
        lambda: edits.merge_themes(*library.theme_list()[:2], library.annotations(), library.passages()),
        lambda: edits.delete_theme(library.theme_list()[0]),
        lambda: edits.delete(library.annotations()),
    ]
    applied = []
    states = [state(library)]
    for step in steps:
        applied.append(library.apply(step()))
        states.append(state(library))
        assert states[-1] != states[-2]
    for index in reversed(range(len(steps))):
        library.apply(applied[index].inverse())
        assert state(library) == states[index]
    for index, change in enumerate(applied):
        library.apply(change)
        assert state(library) == states[index + 1]


def standing(library: Library, key: str) -> Annotation:
    return next(value for value in library.annotations() if value.id == key)


def state(library: Library) -> dict[str, object]:
    """All that stands, but for when it was modified."""
    values = [*library.annotations(), *library.theme_list(), *library.passages(), *library.records()]
    return {value.id: replace(value, modified=value.created) for value in values}


def test_what_is_undone_or_deleted_is_kept_in_the_bin(library: Library, brief: DocumentRecord) -> None:
    change = library.apply(edits.annotate(brief, BRIEF.text, 14, 25, note="Keep me"))
    library.apply(change.inverse())
    assert library.annotations() == []
    (kept,) = library.bin()
    assert kept.note == "Keep me"
    assert kept.deleted is not None
    assert library.annotations(deleted=True) == [kept]
    back = only(library.apply(edits.restore([kept])))
    assert library.annotations() == [back]
    assert library.bin() == []


def test_the_bin_shows_what_was_deleted_last_first_with_its_replies(library: Library, brief: DocumentRecord) -> None:
    first, second, third = (highlight(library, brief, note=note) for note in ("first", "second", "third"))
    for seconds, text in enumerate(("to first", "again to first")):
        answer = replace(only(edits.reply(first, text)), created=first.created + timedelta(seconds=seconds))
        library.apply(Change("Reply", {answer.id: None}, {answer.id: answer}))
    lone = only(library.apply(edits.reply(third, "to third")))
    for moment, value in enumerate((first, second, lone)):
        gone = replace(value, deleted=value.modified + timedelta(hours=moment))
        library.apply(Change("Delete", {value.id: value}, {value.id: gone}))
    assert [value.note for value in library.bin()] == ["to third", "second", "first", "to first", "again to first"]


def test_modified_only_ever_grows(library: Library, brief: DocumentRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    made = highlight(library, brief)
    times = [made.modified]
    monkeypatch.setattr(writing, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    for note in "abc":
        made = only(library.apply(edits.set_note(made, note)))
        times.append(made.modified)
    with closing(reopened(library)) as again:
        made = only(again.apply(edits.set_note(made, "later")))
    times.append(made.modified)
    assert all(late > early for early, late in pairwise(times))
    assert all(moment.microsecond % 1000 == 0 and moment.tzinfo is UTC for moment in times)


def test_one_change_carries_one_moment(library: Library, brief: DocumentRecord) -> None:
    values = [highlight(library, brief) for _ in range(3)]
    change = library.apply(edits.set_colour(values, "green"))
    assert len({value.modified for value in change.after.values() if value is not None}) == 1


def test_what_apply_returns_is_what_is_stored(library: Library, brief: DocumentRecord) -> None:
    """Times finer than a millisecond or of another zone, and characters no database holds, are settled on writing."""
    zone = timezone(timedelta(hours=5, minutes=30))
    made = replace(
        only(edits.annotate(brief, BRIEF.text, 14, 25, note="a\ud800b\x00c", author="N\x00", themes=[])),
        created=datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=zone),
    )
    settled = only(library.apply(Change("x", {made.id: None}, {made.id: made})))
    assert library.annotations() == [settled]
    assert (settled.note, settled.author) == ("abc", "N")
    assert settled.created == datetime(2026, 1, 1, 21, 34, 5, 678_000, tzinfo=UTC)
    assert only(library.apply(edits.set_note(settled, "next"))).created == settled.created


def test_a_moment_without_a_zone_is_a_bug(library: Library, brief: DocumentRecord) -> None:
    made = only(edits.annotate(brief, BRIEF.text, 14, 25))
    with pytest.raises(ValueError, match="time zone"):
        library.apply(Change("x", {made.id: None}, {made.id: replace(made, created=datetime(2026, 1, 1))}))  # noqa: DTZ001
    assert library.annotations() == []


@pytest.mark.parametrize("other", ["changed", "deleted", "made twice", "gone", "restored"])
def test_a_change_against_a_stale_value_writes_nothing(library: Library, brief: DocumentRecord, other: str) -> None:
    made = highlight(library, brief, note="SECRET note")
    bystander = highlight(library, brief, 0, 4)
    stale = edits.set_colour([bystander, made], "pink")
    match other:
        case "changed":
            library.apply(edits.set_note(made, "another"))
        case "deleted":
            library.apply(edits.delete([made]))
        case "made twice":
            stale = Change("x", {made.id: None}, {made.id: made})
        case "gone":
            ghost = replace(made, id=new_id())
            stale = edits.set_colour([bystander, ghost], "pink")
        case "restored":
            (gone,) = library.apply(edits.delete([made])).after.values()
            library.apply(edits.restore([gone]))  # type: ignore[list-item]
            stale = edits.restore([gone])  # type: ignore[list-item]
    before = state(library)
    heard: list[Change] = []
    library.notify = heard.append
    with pytest.raises(StaleError) as caught:
        library.apply(stale)
    assert "SECRET" not in str(caught.value)
    assert state(library) == before
    assert heard == []


def test_where_a_document_was_read_to_is_no_part_of_an_edit(library: Library, brief: DocumentRecord) -> None:
    change = library.apply(Change("Rename", {brief.id: brief}, {brief.id: replace(brief, title="Renamed")}))
    library.touch_opened(brief.id)
    library.set_place(brief.id, brief.revision, 30, 0.5)
    library.apply(change.inverse())
    record = library.record(brief.id)
    assert (record.title, record.progress) == (brief.title, 0.5)
    assert record.opened is not None


def test_a_change_is_announced_once_after_it_is_on_disk(library: Library, brief: DocumentRecord) -> None:
    heard: list[tuple[Change, int]] = []
    library.notify = lambda change: heard.append((change, len(library.annotations())))
    change = library.apply(edits.annotate(brief, BRIEF.text, 14, 25))
    assert heard == [(change, 1)]
    library.apply(Change("Nothing", {}, {}))
    library.touch_opened(brief.id)
    assert len(heard) == 1


def test_a_change_stays_written_when_its_announcement_fails(library: Library, brief: DocumentRecord) -> None:
    def fail(_: Change) -> None:
        raise RuntimeError("a view broke")

    library.notify = fail
    with pytest.raises(RuntimeError):
        library.apply(edits.annotate(brief, BRIEF.text, 14, 25))
    assert len(library.annotations()) == 1


def test_thousands_of_values_in_one_change(library: Library, brief: DocumentRecord) -> None:
    energy, law = library.theme_list()
    made = [only(edits.annotate(brief, BRIEF.text, 14, 25, themes=[energy.id])) for _ in range(1200)]
    library.apply(Change("Merge", dict.fromkeys(a.id for a in made), {a.id: a for a in made}))
    merged = library.apply(edits.merge_themes(energy, law, library.annotations(), library.passages()))
    assert {a.themes for a in library.annotations()} == {(law.id,)}
    library.apply(merged.inverse())
    assert {a.themes for a in library.annotations()} == {(energy.id,)}


# -- reading ----------------------------------------------------------------------------------------------------------


def test_the_place_is_kept_for_each_document(library: Library, brief: DocumentRecord) -> None:
    other = library.add_document(NEWER, origin="x", original=b"x")
    assert (library.place(brief.id), library.reading(brief.id).place) == (0, 0)
    library.set_place(brief.id, brief.revision, 30, 0.25)
    library.set_place(brief.id, brief.revision, 20, 0.5)
    library.touch_opened(other.id)
    with closing(reopened(library)) as again:
        assert (again.place(brief.id), again.place(other.id)) == (20, 0)
        assert again.reading(brief.id).place == 20
        assert again.record(brief.id).progress == 0.5


def test_a_reading_suggests_passages_with_the_function_it_is_given(library: Library, brief: DocumentRecord) -> None:
    energy = library.theme_list()[0]
    reading = library.reading(brief.id, suggest=lambda document, _: [(len(document.text) - 4, len(document.text))])
    assert reading.passages(energy.id)[-1][2] == "suggested"


def test_deleted_values_are_not_in_a_reading(library: Library, brief: DocumentRecord) -> None:
    library.apply(edits.delete([highlight(library, brief)]))
    energy = library.theme_list()[0]
    library.apply(edits.delete_theme(energy))
    passage = library.passages(brief.id)[0]
    library.apply(Change("x", {passage.id: passage}, {passage.id: None}))
    reading = library.reading(brief.id)
    assert (len(reading), energy.id in reading.themes) == (0, False)
    assert passage.id not in {p.id for theme in reading.themes for p in reading.stored_passages(theme)}
    assert len(library.passages(revision=brief.revision)) == 2
    assert [p.id for p in library.passages(deleted=True)] == [passage.id]
    assert [theme.name for theme in library.theme_list(deleted=True)] == ["Energy"]


# -- threads and processes --------------------------------------------------------------------------------------------


def test_opened_in_a_worker_and_used_in_another_thread(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as worker:
        library = worker.submit(Library.open, tmp_path).result()
        record = library.add_document(BRIEF, origin="x", original=b"x")
        made = highlight(library, record)
        assert worker.submit(library.annotations).result() == [made]
        worker.submit(library.apply, edits.set_note(made, "from the worker")).result()
        assert library.annotations()[0].note == "from the worker"
        library.close()


def test_reads_and_writes_at_once_from_several_threads(library: Library, brief: DocumentRecord) -> None:
    stop = threading.Event()

    def read() -> int:
        rounds = 0
        while not stop.is_set():
            library.reading(brief.id)
            rounds += 1
        return rounds

    def write(count: int) -> None:
        for _ in range(count):
            library.apply(edits.annotate(brief, BRIEF.text, 14, 25))

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for writer in [pool.submit(write, 25) for _ in range(2)]:
            writer.result()
        stop.set()
        assert all(reader.result() for reader in readers)
    assert len(library.annotations()) == 50
    assert not library.changed_elsewhere()


def test_writes_by_others_are_noticed_and_own_ones_are_not(library: Library, brief: DocumentRecord) -> None:
    assert not library.changed_elsewhere()
    for _ in range(400):  # enough for the write-ahead log to start over
        library.set_place(brief.id, brief.revision, 1, 0.1)
    highlight(library, brief)
    library.add_document(NEWER, origin="x", original=b"x")
    assert not library.changed_elsewhere()
    with closing(Library.open(library.folder)) as other:
        assert not library.changed_elsewhere()
        highlight(other, brief)
        highlight(library, brief)
        assert library.changed_elsewhere()
        assert not library.changed_elsewhere()
        assert other.changed_elsewhere()
    assert not library.changed_elsewhere()


def test_a_write_by_another_process_is_noticed_and_seen(library: Library, brief: DocumentRecord) -> None:
    code = (
        "import sys; from pathlib import Path; from margent import edits; from margent.library.store import Library\n"
        "library = Library.open(Path(sys.argv[1])); record = library.records()[0]\n"
        "library.apply(edits.annotate(record, library.text(record.revision), 14, 25, note='from outside'))\n"
        "library.close()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(library.folder)], check=True, timeout=60)
    assert library.changed_elsewhere()
    assert [value.note for value in library.annotations()] == ["from outside"]


def test_asking_for_changes_elsewhere_does_not_wait_for_a_writer(library: Library, brief: DocumentRecord) -> None:
    asked: list[bool] = []

    def ask(_: Change) -> None:
        with ThreadPoolExecutor(1) as pool:
            asked.append(pool.submit(library.changed_elsewhere).result(timeout=5))

    with library._writing():
        ask(Change("x", {}, {}))
    library.notify = ask
    highlight(library, brief)
    assert asked == [False, False]


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    library.close()
    for call in (library.records, lambda: library.touch_opened("x")):
        with pytest.raises(MargentError, match="closed"):
            call()
    assert not library.changed_elsewhere()
    assert {path.name for path in library.folder.iterdir()} == {"library.db"}


def test_what_concerns_one_document_reads_no_whole_table(library: Library, brief: DocumentRecord) -> None:
    """Cost follows the document that is open, not the library: every search goes by an index."""
    made = highlight(library, brief)
    asked: dict[str, Any] = {}

    def note(_a: object, _b: object, statement: str, parameters: Any, _c: object, many: bool) -> None:
        asked[statement] = parameters[0] if many else parameters

    event.listen(library._engine, "before_cursor_execute", note)
    library.reading(brief.id)
    library.annotations(brief.id)
    library.passages(brief.id)
    library.by_hash("0" * 64)
    library.set_place(brief.id, brief.revision, 1, 0.1)
    library.apply(edits.set_note(made, "next"))
    library.apply(edits.add_theme(library.annotations(revision=brief.revision), library.theme_list()[0].id))
    library.apply(edits.drop_passage(library.passages(revision=brief.revision)[0]))
    plans = []
    with closing(connect(library.path)) as connection:
        for statement, parameters in asked.items():
            plans += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert len(plans) > 12
    scans = {plan for plan in plans if plan.startswith("SCAN")}
    assert scans <= {"SCAN theme"}


def test_what_the_reader_wrote_is_in_no_traceback(library: Library, brief: DocumentRecord) -> None:
    made = replace(only(edits.annotate(brief, BRIEF.text, 14, 25, note="SECRET")), end=-1)
    with pytest.raises(DBAPIError) as caught:
        library.apply(Change("x", {made.id: None}, {made.id: made}))
    assert "SECRET" not in str(caught.value)
    assert library.annotations() == []


def test_opening_imports_neither_alembic_nor_the_orm(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from margent.library.store import Library\n"
        "for _ in range(2): Library.open(Path(sys.argv[1])).close()\n"
        "assert not {'alembic', 'sqlalchemy.orm', 'PySide6'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)


def test_a_text_is_kept_under_its_key(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    assert library.kept("brief:1") == ""
    library.keep("brief:1", "one")
    library.keep("brief:1", "two")
    library.keep("brief:2", "other")
    library.close()
    again = Library.open(tmp_path)
    assert (again.kept("brief:1"), again.kept("brief:2")) == ("two", "other")
    again.close()


def test_an_annotation_on_a_text_that_was_renewed_meanwhile_is_refused(library: Library) -> None:
    library.seed([(BRIEF, b"old", FIXED)])
    old = library.record(FIXED)
    library.seed([(NEWER, b"new", FIXED)])
    with pytest.raises(StaleError):
        library.apply(edits.annotate(old, BRIEF.text, 0, 5, note="Nobody would see it"))
    assert library.annotations(FIXED) == []


def test_a_reply_to_a_note_that_was_deleted_meanwhile_is_refused(library: Library, brief: DocumentRecord) -> None:
    change = edits.annotate(brief, BRIEF.text, 0, 5)
    (parent,) = library.apply(change).after.values()
    assert isinstance(parent, Annotation)
    library.apply(edits.delete([parent]))
    with pytest.raises(StaleError):
        library.apply(edits.reply(parent, "Nobody would see it"))
    (gone,) = library.annotations(deleted=True)
    (back,) = library.apply(edits.restore([gone])).after.values()
    assert isinstance(back, Annotation)
    library.apply(edits.reply(back, "Seen"))
    assert sorted(value.note for value in library.annotations()) == ["", "Seen"]


def test_the_states_on_each_revision_are_those_of_its_annotations(library: Library, brief: DocumentRecord) -> None:
    kept, lost = highlight(library, brief), highlight(library, brief, 0, 4)
    library.apply(edits.reply(kept, "Yes."))
    library.apply(edits.delete([highlight(library, brief, 5, 9)]))
    first = brief.revision
    library.add_revision(brief.id, NEWER, origin="b.md", original=b"second")
    second = library.record(brief.id).revision
    counted = {
        revision: Counter(
            value.state for value in library.annotations(brief.id, revision=revision) if value.parent is None
        )
        for revision in (first, second)
    }
    assert library.states(brief.id) == counted
    assert counted[first] == {"placed": 2}
    assert counted[second]["orphaned"] == 2, lost


def test_a_library_that_cannot_be_made_ready_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Library.open(tmp_path).close()
    made: list[sqlite3.Connection] = []

    def listed(path: Path, **how: bool) -> sqlite3.Connection:
        made.append(connect(path, **how))
        return made[-1]

    def broken(_index: Index, _connection: object) -> None:
        raise MargentError("The index is broken.")

    monkeypatch.setattr("margent.library.engine.connect", listed)
    monkeypatch.setattr(Index, "prepare", broken)
    with pytest.raises(MargentError, match="index"):
        Library.open(tmp_path)
    assert made
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_disk_that_is_full_while_a_file_is_stored_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def blobopen(self, *_: object) -> None:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    before = library.records()
    with monkeypatch.context() as patch:
        patch.setattr("margent.library.adding.driver", lambda _: Full())
        with pytest.raises(MargentError, match="disk is full"):
            library.add_document(NEWER, origin="c.md", original=b"other")
    assert library.records() == before
    library.add_document(NEWER, origin="c.md", original=b"other")


@pytest.mark.parametrize("origin", ["chosen", "dismissed"])
def test_a_newer_bundled_text_that_is_not_to_carry_waits_for_passages_too(library: Library, origin: Any) -> None:
    library.seed([(BRIEF, b"first", FIXED)])
    record = library.record(FIXED)
    (theme,) = library.apply(edits.new_theme("Money", "amber")).after.values()
    assert isinstance(theme, Theme)
    put = library.apply(edits.set_passage(record, theme, 0, 5, origin))
    library.seed([(NEWER, b"second", FIXED)], carry=False)
    assert library.record(FIXED).revision == record.revision
    library.apply(put.inverse())
    library.seed([(NEWER, b"second", FIXED)], carry=False)
    assert library.record(FIXED).revision != record.revision


def test_what_is_remembered_of_a_text_is_there_again_when_its_return_is_taken_back(library: Library) -> None:
    record = library.add_document(BRIEF, origin="brief.md", original=b"first")
    first = library.add_revision(record.id, NEWER, origin="brief.md", original=b"second")
    revision = library.record(record.id).revision
    library.apply(first.inverse())
    library.remember({revision: '{"seen":["a"],"past":[]}'})
    change = carry(library.standing(record.id), NEWER, "a" * 32)
    change = replace(change, lineage={"a" * 32: ("", '{"seen":["b"],"past":[]}')})
    again = library.add_revision(record.id, NEWER, origin="brief.md", original=b"second", change=change)
    assert library.lineage([revision]) == {revision: '{"seen":["b"],"past":[]}'}
    library.apply(again.inverse())
    assert library.lineage([revision]) == {revision: '{"seen":["a"],"past":[]}'}
