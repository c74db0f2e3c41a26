"""Every annotation becomes a point with its words, its place and what was answered; quotations suit the clipboard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from margent.annotations import Annotation, DocumentRecord, Theme
from margent.brief.points import Place, excerpt, gather, locator, places_of, quotation
from margent.document import Block, Document, Mark
from margent.reading import Reading

TIME = datetime(2026, 11, 2, tzinfo=UTC)
DOCUMENT = Document(
    "The *title*",
    (
        Block("heading", "The *title*", level=1),
        Block("paragraph", "Before any section."),
        Block("heading", "1. Energy1", (Mark("noteref", 9, 10, "1"),), level=2),
        Block("paragraph", "Supply2 is short.", (Mark("noteref", 6, 7, "2"),)),
        Block("rule"),
        Block("item", "an item", level=1),
        Block("table", "Year\tOil\n2024\t12\n2025\t13", heading_row=True, align=("left", "right")),
        Block("heading", "Deep", level=4),
        Block("paragraph", "Deep words."),
        Block("heading", "2. Trade", level=2),
        Block("paragraph", "Last words."),
        Block("footnote", "Ibid.", target="1"),
    ),
)


def annotation(key: str, start: int, end: int, **more: Any) -> Annotation:
    values: dict[str, Any] = {
        "id": key, "document": "d", "revision": "r", "start": start, "end": end, "exact": DOCUMENT.text[start:end],
        "created": TIME, "modified": TIME,
    }  # fmt: skip
    return Annotation(**{**values, **more})


def on(words: str, key: str = "a1", **more: Any) -> Annotation:
    start = DOCUMENT.text.index(words)
    return annotation(key, start, start + len(words), **more)


def reading(*annotations: Annotation, source: str = "", themes: tuple[Theme, ...] = ()) -> Reading:
    record = DocumentRecord(id="d", revision="r", title=DOCUMENT.title, source=source)
    return Reading(record, DOCUMENT, annotations=annotations, themes=themes)


PLACES = [
    ("The *title*", (), 0, ""),
    ("Before", (), 1, ""),
    ("1. Energy", ("1. Energy",), 0, ""),
    ("Supply", ("1. Energy",), 1, ""),
    ("an item", ("1. Energy",), 2, ""),
    ("2024", ("1. Energy",), 3, ""),
    ("Deep words", ("1. Energy", "Deep"), 1, ""),
    ("Last", ("2. Trade",), 1, ""),
    ("Ibid", (), 0, "1"),
]


@pytest.mark.parametrize(("words", "section", "paragraph", "footnote"), PLACES)
def test_a_point_knows_its_place(words: str, section: tuple[str, ...], paragraph: int, footnote: str) -> None:
    (point,) = gather(reading(on(words)))
    assert point.place == Place(section, paragraph, footnote)
    assert point.section == section


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(), ""),
        (Place(("1. A", "2. *B*")), "2. \\*B\\*"),
        (Place(("A",), 3), "A, ¶ 3"),
        (Place((), 3), "¶ 3"),
        (Place((), 0, "7"), "footnote 7"),
    ],
)
def test_a_place_is_said_shortly(place: Place, shown: str) -> None:
    assert locator(place) == shown


def test_an_empty_document_has_a_place_for_what_was_lost() -> None:
    assert places_of(Document("", ())) == [Place()]


EXCERPTS = [
    ("Supply2 is", [("paragraph", "Supply is")]),
    ("y1\nSupply2", [("heading", "y"), ("paragraph", "Supply")]),
    ("short.\n\nan", [("paragraph", "short."), ("item", "an")]),
    ("2024\t12", [("table", "2024\t12")]),
    ("12\n2025\t13", [("table", "\t12\n2025\t13")]),
    ("Ibid", [("footnote", "Ibid")]),
]


@pytest.mark.parametrize(("words", "blocks"), EXCERPTS)
def test_a_quotation_has_its_words_block_by_block(words: str, blocks: list[tuple[str, str]]) -> None:
    start = DOCUMENT.text.index(words)
    found = excerpt(DOCUMENT, start, start + len(words))
    assert [(block.kind, block.text) for block in found] == blocks


@pytest.mark.parametrize(("words", "heading"), [("Year\tOil\n2024", True), ("2024\t12\n2025", False)])
def test_only_the_first_row_of_a_table_is_its_heading(words: str, heading: bool) -> None:
    start = DOCUMENT.text.index(words)
    (block,) = excerpt(DOCUMENT, start, start + len(words))
    assert block.heading_row is heading


def test_points_come_in_reading_order_with_orphans_last_and_none_missing() -> None:
    values = [
        on("Last", "a1"),
        on("Supply", "a2"),
        on("Supply2 is", "a3"),
        annotation("a4", 0, 5, state="orphaned", exact="gone\nwords"),
        on("Before", "a5", state="moved"),
    ]
    points = gather(reading(*values))
    assert [point.annotation.id for point in points] == ["a5", "a2", "a3", "a1", "a4"]
    assert [block.text for block in points[-1].quote] == ["gone", "words"]
    assert points[-1].place == Place()


def test_a_highlight_on_the_number_of_a_footnote_still_has_words() -> None:
    start = DOCUMENT.text.index("Supply2") + 6
    (point,) = gather(reading(annotation("a1", start, start + 1)))
    assert [block.text for block in point.quote] == ["2"]


def test_themes_are_named_in_their_order_without_those_that_are_gone() -> None:
    themes = (Theme(id="t1", name="One"), Theme(id="t2", name="Two"), Theme(id="t3", name="Gone", deleted=TIME))
    (point,) = gather(reading(on("Last", themes=("t2", "t3", "none", "t1")), themes=themes))
    assert point.themes == ("Two", "One")


@pytest.mark.parametrize(
    ("parent_private", "chosen", "replies"),
    [(False, False, ["open"]), (False, True, ["open"]), (True, False, None), (True, True, ["open", "hidden"])],
)
def test_private_ones_leave_only_when_chosen_and_replies_never_before_them(
    parent_private: bool, chosen: bool, replies: list[str] | None
) -> None:
    parent = on("Last", private=parent_private)
    later = TIME + timedelta(hours=1)
    answers = [
        replace(parent, id="b1", parent="a1", note="open", private=False),
        replace(parent, id="b2", parent="a1", note="hidden", private=True, created=later),
    ]
    points = gather(reading(parent, *answers), include_private=chosen)
    assert [[reply.note for reply in point.replies] for point in points] == ([] if replies is None else [replies])


CLIPBOARD = [
    ("Last words.", "", "> Last words.\n>\n> — The \\*title\\*, 2. Trade, ¶ 1\n"),
    (
        "is short.\n\nan item",
        "https://example.org/a_b",
        "> is short.\n>\n> - an item\n>\n> — The \\*title\\*, 1. Energy, ¶ 1, <https://example.org/a_b>\n",
    ),
    ("Ibid", "Report *12*", "> Ibid\n>\n> — The \\*title\\*, footnote 1, Report \\*12\\*\n"),
    ("\nLast words", "", "> Last words\n>\n> — The \\*title\\*, 2. Trade, ¶ 1\n"),
    ("2024\t12", "", "> 2024 | 12\n>\n> — The \\*title\\*, 1. Energy, ¶ 3\n"),
]


@pytest.mark.parametrize(("words", "source", "written"), CLIPBOARD)
def test_the_clipboard_gets_a_quotation_with_its_source(words: str, source: str, written: str) -> None:
    start = DOCUMENT.text.index(words)
    assert quotation(reading(source=source), start, start + len(words)) == written


def test_nothing_is_quoted_where_there_are_no_words() -> None:
    start = DOCUMENT.text.index("\n\nan item")
    assert quotation(reading(), start, start + 1) == ""


def test_a_quotation_from_a_nameless_document_names_nothing() -> None:
    bare = Document("", (Block("heading", "words", level=1),))
    value = Reading(DocumentRecord(id="d", revision="r", title=""), bare)
    assert quotation(value, 0, 5) == "> **words**\n>\n> — words\n"
    plain = Reading(DocumentRecord(id="d", revision="r", title=""), Document("", (Block("footnote", "words"),)))
    assert quotation(plain, 0, 5) == "> words\n>\n> — footnote *\n"
    lone = Reading(DocumentRecord(id="d", revision="r", title=""), Document("", (Block("rule"), Block("code", "x"))))
    assert quotation(lone, 1, 2) == "> ```\n> x\n> ```\n>\n> — ¶ 1\n"


PAGED = replace(DOCUMENT, pages=((0, "iv"), (DOCUMENT.text.index("Deep words"), "12")))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Before", "p. iv, ¶ 1"),
        ("Supply", "1. Energy, p. iv, ¶ 1"),
        ("Deep words", "Deep, p. 12, ¶ 1"),
        ("Ibid", "footnote 1, p. 12"),
    ],
)
def test_a_text_with_pages_has_the_page_before_the_paragraph(words: str, shown: str) -> None:
    paged = Reading(DocumentRecord(id="d", revision="r", title=PAGED.title), PAGED, annotations=[on(words)])
    (point,) = gather(paged)
    assert locator(point.place) == shown
    start = PAGED.text.index(words)
    assert f", {shown}\n" in quotation(paged, start, start + len(words))


def test_a_text_without_pages_names_none() -> None:
    (point,) = gather(reading(on("Supply")))
    assert point.place.page == ""
    assert locator(point.place) == "1. Energy, ¶ 1"
