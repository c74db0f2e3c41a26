"""Others' annotations come onto the right document and the right words, or say that they do not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from margent.annotations import UNSAID, Annotation, DocumentRecord, Theme
from margent.exchange.attaching import attach, candidates, chosen
from margent.exchange.parcel import Parcel, Remark

TEXT = (
    "The corridor reopened on 3 May after talks.\nTraffic stays below the level of last year. The parties met twice.\n"
    "The minister rejected the second draft of the protocol. The parties met twice."
)
OTHER = "Green hydrogen: state of projects.\nNothing here is about roads, and nobody met."
RECORD = DocumentRecord(id="d", revision="r", title="Access brief")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 13, tzinfo=UTC)
QUOTE = Remark(foreign="1", exact="The corridor reopened on 3 May", note="Ask.", author="Ana", created=NOON)


def annotations(*remarks: Remark, **more: object) -> list[Annotation]:
    result = attach(Parcel("Other", "Access brief", remarks=remarks), RECORD, TEXT, {}, ())
    return [value for value in result.change.after.values() if isinstance(value, Annotation)]


def test_words_are_found_and_all_that_the_file_says_is_kept() -> None:
    remark = replace(QUOTE, kind="question", colour="blue", style="underline", private=True, modified=LATER)
    (value,) = annotations(remark)
    assert TEXT[value.start : value.end] == value.exact == QUOTE.exact
    assert (value.state, value.note, value.author, value.kind, value.colour, value.style, value.private) == (
        "placed", "Ask.", "Ana", "question", "blue", "underline", True,
    )  # fmt: skip
    assert (value.created, value.modified, value.document, value.revision) == (NOON, LATER, "d", "r")
    assert value.suffix.startswith(" after talks")


def test_nobody_is_named_whom_the_file_does_not_name() -> None:
    assert annotations(replace(QUOTE, author=""))[0].author == UNSAID


def test_changed_words_are_to_be_checked_and_kept_as_they_were() -> None:
    quote = "The minister accepted the second draft of the protocol."
    (value,) = annotations(replace(QUOTE, exact=quote, prefix="The parties met twice.\n", suffix=" The parties met"))
    assert (value.state, value.exact) == ("moved", quote)
    assert "rejected" in TEXT[value.start : value.end]


def test_words_that_are_not_there_keep_their_note_as_an_orphan_with_their_context() -> None:
    (value,) = annotations(replace(QUOTE, exact="Quite another sentence altogether", prefix="before ", suffix=" after"))
    assert (value.state, value.note, value.exact) == ("orphaned", "Ask.", "Quite another sentence altogether")
    assert (value.prefix, value.suffix) == ("before ", " after")


def test_a_note_on_the_whole_document_stands_on_no_words() -> None:
    (value,) = annotations(Remark(foreign="2", note="A good brief."))
    assert (value.state, value.exact, value.note) == ("orphaned", "", "A good brief.")


@pytest.mark.parametrize(
    ("ends", "state", "quote"),
    [
        ({"exact": "The corridor", "last": "after talks."}, "placed", "The corridor reopened on 3 May after talks."),
        ({"exact": "The corridor", "until": "Traffic stays"}, "placed", "The corridor reopened on 3 May after talks."),
        ({"exact": "The corridor", "last": "The parties met twice."}, "moved", TEXT[: TEXT.index("\nThe minister")]),
        ({"exact": "The corridor", "last": "nowhere at all"}, "orphaned", "The corridor … nowhere at all"),
    ],
)
def test_a_range_of_which_only_the_ends_are_told(ends: dict[str, str], state: str, quote: str) -> None:
    (value,) = annotations(Remark(foreign="r", **ends))  # type: ignore[arg-type]
    assert (value.state, value.exact) == (state, quote)


def test_a_place_that_is_only_counted_is_to_be_checked() -> None:
    (value,) = annotations(Remark(foreign="c", start=4, end=12, note="Ask."))
    assert (value.state, value.exact, value.start) == ("moved", "corridor", 4)
    (value,) = annotations(Remark(foreign="c", start=4, end=5000, note="Ask."))
    assert (value.state, value.exact) == ("orphaned", "")


def test_notes_on_the_whole_document_are_no_lost_ones() -> None:
    remarks = (QUOTE, Remark(foreign="2", note="A good brief."), replace(QUOTE, foreign="3", exact="Not there at all."))
    result = attach(Parcel("Other", "Access brief", remarks=remarks), RECORD, TEXT, {}, ())
    assert (result.placed, result.moved, result.orphaned, result.whole) == (1, 0, 1, 1)


def test_of_two_places_that_read_alike_the_position_does_not_decide_silently() -> None:
    (value,) = annotations(replace(QUOTE, exact="The parties met twice."))
    assert value.state == "moved"
    around = {"prefix": "below the level of last year. ", "suffix": "\nThe minister rejected the second"}
    (told,) = annotations(replace(QUOTE, exact="The parties met twice.", **around))
    assert (told.state, told.start) == ("placed", TEXT.index("The parties"))


def test_importing_again_adds_nothing_and_a_later_note_is_taken() -> None:
    parcel = Parcel("Other", "Access brief", remarks=(replace(QUOTE, replies=(Remark(note="Yes.", author="Bek"),)),))
    first = attach(parcel, RECORD, TEXT, {}, ())
    stored = {key: value for key, value in first.change.after.items() if isinstance(value, Annotation)}
    assert len(stored) == 2
    again = attach(parcel, RECORD, TEXT, stored, ())
    assert (again.change.after, again.known) == ({}, 2)
    newer = replace(parcel, remarks=(replace(QUOTE, note="Ask twice.", modified=LATER),))
    kept = {key: after for key, (_, after) in first.change.lineage.items()}
    third = attach(newer, RECORD, TEXT, stored, (), brought=kept)
    assert [value.note for value in third.change.after.values() if isinstance(value, Annotation)] == ["Ask twice."]


@pytest.mark.parametrize("edited", [LATER, None])
def test_an_older_note_takes_no_later_one_away(edited: datetime | None) -> None:
    parcel = Parcel("Other", remarks=(replace(QUOTE, modified=edited and NOON),))
    (mine,) = annotations(QUOTE)
    stored = {mine.id: replace(mine, note="Mine.", modified=LATER)}
    result = attach(parcel, RECORD, TEXT, stored, ())
    assert (result.change.after, result.differing) == ({}, 1)


def test_what_was_deleted_stays_deleted() -> None:
    (mine,) = annotations(QUOTE)
    parcel = Parcel("Other", "Access brief", remarks=(replace(QUOTE, modified=LATER, note="New."),))
    assert attach(parcel, RECORD, TEXT, {mine.id: replace(mine, deleted=NOON)}, ()).change.after == {}


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_states_of_one_remark_in_a_file_the_later_one_counts_each_time(turned: bool) -> None:
    reply = Remark(foreign="r", note="Yes.", author="Bek", created=NOON, modified=NOON)
    states = [
        replace(QUOTE, modified=LATER, note="Ask twice.", replies=(reply,)),
        replace(QUOTE, modified=NOON, note="Ask.", replies=(replace(reply, modified=LATER, note="Yes, twice."),)),
    ]
    parcel = Parcel("Other", "Access brief", remarks=tuple(reversed(states) if turned else states))
    first = attach(parcel, RECORD, TEXT, {}, ())
    values = {key: value for key, value in first.change.after.items() if isinstance(value, Annotation)}
    assert {value.note for value in values.values()} == {"Ask twice.", "Yes, twice."}
    assert attach(parcel, RECORD, TEXT, values, ()).change.after == {}


def test_two_remarks_that_say_the_same_are_two() -> None:
    assert len(annotations(replace(QUOTE, foreign="", start=3), replace(QUOTE, foreign="", start=4))) == 2


def test_answers_stand_under_what_they_answer_in_their_authors_names() -> None:
    reply = Remark(note="Agreed.", author="Bek", created=LATER)
    value, answer = annotations(replace(QUOTE, replies=(reply,)))
    assert (answer.parent, answer.author, answer.note, answer.created) == (value.id, "Bek", "Agreed.", LATER)
    assert (answer.start, answer.end) == (value.start, value.end)


def test_tags_become_themes_and_the_same_name_is_the_same_theme() -> None:
    themes = (Theme(id="t", name="Trade", colour="navy"),)
    remarks = (replace(QUOTE, themes=("trade", "Access")), replace(QUOTE, foreign="2", themes=("access", "Trade")))
    result = attach(Parcel("Other", remarks=remarks), RECORD, TEXT, {}, themes)
    made = [value for value in result.change.after.values() if isinstance(value, Theme)]
    assert [theme.name for theme in made] == ["Access"]
    filed = [value.themes for value in result.change.after.values() if isinstance(value, Annotation)]
    assert filed == [("t", made[0].id), (made[0].id, "t")]


RECORDS = (RECORD, DocumentRecord(id="e", revision="s", title="Green hydrogen: state of projects"))
TEXTS = {"d": TEXT, "e": OTHER, "f": TEXT.replace("3 May", "4 May")}


def meant(parcel: Parcel, *records: DocumentRecord) -> str | None:
    found = chosen(candidates(parcel, records or RECORDS, lambda record: TEXTS[record.id]))
    return found.id if found else None


QUOTES = (QUOTE, replace(QUOTE, exact="Traffic stays below the level of last year."))


@pytest.mark.parametrize(
    ("parcel", "document"),
    [
        (Parcel("O", "Access brief", remarks=QUOTES), "d"),
        (Parcel("O", "a book of another name", remarks=QUOTES), "d"),
        (Parcel("O", "GREEN HYDROGEN: state of projects", remarks=QUOTES), None),
        (Parcel("O", "Access brief", remarks=(replace(QUOTE, exact="is not in any of them"),)), None),
        (Parcel("O", "nothing", remarks=()), None),
    ],
    ids=["title and quotations", "quotations", "quotations against the title", "the title alone", "nothing"],
)
def test_which_document_is_meant(parcel: Parcel, document: str | None) -> None:
    assert meant(parcel) == document


def test_notes_on_a_whole_document_are_of_the_one_with_the_address() -> None:
    address = "https://example.org/brief"
    there = replace(RECORD, source=address)
    note = Remark(foreign="n", note="A good brief.")
    assert meant(Parcel("O", "Other", source=address, remarks=(note,)), there, RECORDS[1]) == "d"
    assert meant(Parcel("O", "Access brief", remarks=(note,)), there, RECORDS[1]) is None
    assert meant(Parcel("O", "", source=address, remarks=(note,)), there, replace(there, id="e")) is None


def test_of_two_that_may_be_meant_somebody_is_asked() -> None:
    both = (RECORD, DocumentRecord(id="f", revision="q", title="Access brief, second draft"))
    assert meant(Parcel("O", "", remarks=(QUOTES[1],)), *both) is None
    found = candidates(Parcel("O", "", remarks=QUOTES), both, lambda record: TEXTS[record.id])
    assert [one.record.id for one in found] == ["d", "f"]
