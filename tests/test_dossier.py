"""A dossier: which entries become points, what is shown of it, and the brief that is made of it."""

from dataclasses import replace

import pytest

from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.brief.dossiers import dossier_brief
from margent.brief.render import render_joint
from margent.document import Block, Document
from margent.dossier import (
    Counts,
    DossierRow,
    Entry,
    Narrowing,
    authors,
    counted,
    joined,
    key_of,
    narrowed,
    suggested_entries,
    ticked_first,
)
from margent.reading import Reading

ENERGY = Theme(id="e", name="Énergie", words=("copper",))
DOCUMENT = Document(
    "Rail",
    (
        Block("paragraph", "It carries copper."),
        Block("paragraph", "It is slow."),
        Block("paragraph", "More copper."),
        Block("paragraph", "Zinc comes later."),
    ),
)
RECORD = DocumentRecord(id="d", revision="r", title="The rail corridor")
OTHER = DocumentRecord(id="o", revision="s", title="Other")


def place(words: str) -> tuple[int, int]:
    start = DOCUMENT.text.index(words)
    return start, start + len(words)


def noted(key: str, words: str, **more: object) -> Entry:
    start, end = place(words)
    value = Annotation(id=key, document="d", revision="r", start=start, end=end, exact=words, themes=("e",))
    return Entry(start, end, words, "annotation", ("e",), replace(value, **more))  # type: ignore[arg-type]


def passage(words: str, source: str = "chosen") -> Entry:
    return Entry(*place(words), words, source, ("e",))  # type: ignore[arg-type]


SLOW = noted("a", "slow", note="Why so slow?", author="B. Adams")
LOST = noted("l", "Zinc", state="orphaned")
SECRET = noted("p", "Zinc", private=True, note="Ours")
ROW = DossierRow(RECORD, (passage("It carries copper.", "given"), SLOW, passage("More copper.", "suggested"), SECRET))


def test_annotations_and_passages_are_ticked_but_not_private_ones_and_suggestions() -> None:
    assert ticked_first(ROW) == {key_of("d", ROW.entries[0]), "a"}


def test_a_passage_that_an_annotation_quotes_from_is_left_to_the_annotation() -> None:
    whole = passage("It is slow.")
    assert ticked_first(DossierRow(RECORD, (whole, SLOW))) == {"a"}
    hidden = noted("h", "slow", private=True)
    assert ticked_first(DossierRow(RECORD, (whole, hidden))) == {key_of("d", whole)}
    lost = noted("h", "slow", state="orphaned")
    assert ticked_first(DossierRow(RECORD, (whole, lost))) == {key_of("d", whole), "h"}


def test_suggestions_join_what_stands_and_orphans_go_to_the_end() -> None:
    suggested = [
        DossierRow(OTHER, (passage("It is slow.", "suggested"),)),
        DossierRow(RECORD, (passage("It carries copper.", "suggested"), passage("More copper.", "suggested"))),
    ]
    stored = [DossierRow(RECORD, (LOST, passage("It carries copper."), SLOW))]
    rows = joined(stored, suggested)
    assert [row.record.id for row in rows] == ["d", "o"]
    assert [(entry.text, entry.source) for entry in rows[0].entries] == [
        ("It carries copper.", "chosen"),  # kept since it was suggested
        ("slow", "annotation"),
        ("More copper.", "suggested"),
        ("Zinc", "annotation"),
    ]
    assert counted(rows) == Counts(passages=1, annotations=2, suggested=2, documents=2)


@pytest.mark.parametrize(
    ("by", "texts"),
    [
        (Narrowing(), ["It carries copper.", "slow", "More copper.", "Zinc"]),
        (Narrowing(sort="annotations"), ["slow", "Zinc"]),
        (Narrowing(sort="passages"), ["It carries copper."]),
        (Narrowing(sort="suggested"), ["More copper."]),
        (Narrowing(document="o"), []),
        (Narrowing(author=""), ["Zinc"]),
        (Narrowing(author="B. Adams"), ["slow"]),
        (Narrowing(words="WHY slów"), ["slow"]),
        (Narrowing(words="corridor copper"), ["It carries copper.", "More copper."]),
        (Narrowing(words="nothing"), []),
    ],
)
def test_what_is_looked_at(by: Narrowing, texts: list[str]) -> None:
    rows = narrowed([ROW], by, "A. Novak")
    assert [entry.text for row in rows for entry in row.entries] == texts
    assert bool(by) == (by != Narrowing())


def test_the_reader_is_named_first_among_authors_by_either_name() -> None:
    own = noted("o", "Zinc", author="A. Novak")
    assert authors([ROW, DossierRow(OTHER, (own,))], "A. Novak") == ["", "B. Adams"]


def a_reading() -> Reading:
    values = [entry.annotation for entry in (SLOW, SECRET) if entry.annotation is not None]
    kept = Passage(id="kept", theme="e", document="d", revision="r", start=0, end=18, origin="given")
    return Reading(RECORD, DOCUMENT, annotations=values, themes=[ENERGY], passages=[kept])


def test_just_what_is_ticked_becomes_points_in_reading_order() -> None:
    keys = {key_of("d", entry) for entry in ROW.entries}
    everything = dossier_brief([ROW, DossierRow(OTHER, ())], keys, ENERGY, lambda _: a_reading())
    (part,) = everything.parts
    assert [point.annotation.exact for point in part.points] == ["It carries copper.", "slow", "More copper.", "Zinc"]
    assert part.points[0].annotation.id == "kept"
    assert all(point.themes[0] == "Énergie" for point in part.points)
    text = render_joint(everything)
    assert text.startswith("<!-- margent:begin brief e -->")
    assert "# Énergie" in text
    assert "> More copper." in text
    assert "The rail corridor" in text  # the one document it is from
    assert render_joint(dossier_brief([ROW], keys, ENERGY, lambda _: a_reading())) == text
    few = dossier_brief([ROW], {"a"}, ENERGY, lambda _: a_reading())
    assert [point.annotation.id for point in few.parts[0].points] == ["a"]
    assert dossier_brief([ROW], set(), ENERGY, lambda _: a_reading()).parts == ()


def test_a_passage_whose_words_are_others_by_now_is_left_out() -> None:
    stale = ROW._replace(entries=(passage("More copper.")._replace(text="Less copper."), SLOW))
    keys = {key_of("d", entry) for entry in stale.entries}
    brief = dossier_brief([stale], keys, ENERGY, lambda _: a_reading())
    assert [point.annotation.id for point in brief.parts[0].points] == ["a"]


def test_what_was_dismissed_is_not_suggested_again() -> None:
    start, end = place("More copper.")
    dismissed = Passage(id="x", theme="e", document="d", revision="r", start=start, end=end, origin="dismissed")
    assert [e.text for e in suggested_entries([ENERGY], DOCUMENT, [])] == ["It carries copper.", "More copper."]
    assert [e.text for e in suggested_entries([ENERGY], DOCUMENT, [dismissed])] == ["It carries copper."]
