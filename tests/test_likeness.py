"""Whether a file is another state of a document: a name in common, and words in common."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from margent.annotations import DocumentRecord
from margent.assets import CONTENT
from margent.document import Block, Document
from margent.formats import read
from margent.likeness import Kin, known_as, likeness, sameness

BRIEF = read((CONTENT / "eu-kazakhstan.md").read_bytes(), "eu-kazakhstan.md")
GUIDE = read((CONTENT / "guide.md").read_bytes(), "guide.md")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def record(document: Document, origin: str, key: str = "1") -> DocumentRecord:
    return DocumentRecord(
        id=key, revision=key, title=document.title, origin=origin, source=document.source, created=NOW, modified=NOW
    )


def akin(document: Document, name: str, records: list[DocumentRecord]) -> list[DocumentRecord]:
    return Kin(records).of(document, name)


def edited(text: str, one_in: int) -> str:
    """`text` with one word in so many replaced."""
    words, dice = text.split(" "), random.Random(1)
    return " ".join("changed" if dice.randrange(one_in) == 0 else word for word in words)


@pytest.mark.parametrize("one_in", [100, 20, 12])
def test_an_edited_text_is_the_same_document(one_in: int) -> None:
    again = Document("Another title", (Block("paragraph", edited(BRIEF.text, one_in)),))
    known = record(BRIEF, "brief.md")
    assert known_as(again, "brief.md", [(known, BRIEF.text)]) == known


def test_a_text_that_was_cut_or_grew_is_the_same_document() -> None:
    half = Document(BRIEF.title, (Block("paragraph", BRIEF.text[: len(BRIEF.text) // 2]),))
    known = record(BRIEF, "x.md")
    assert known_as(half, "other.md", [(known, BRIEF.text)]) == known
    assert known_as(BRIEF, "other.md", [(known, half.text)]) == known


def test_another_text_of_the_same_name_is_not() -> None:
    assert known_as(GUIDE, "brief.md", [(record(BRIEF, "brief.md"), BRIEF.text)]) is None


def test_the_same_text_under_another_name_and_title_is_not_offered() -> None:
    other = replace(BRIEF, title="Something else", source="")
    assert known_as(other, "other.md", [(record(replace(BRIEF, source=""), "brief.md"), BRIEF.text)]) is None


def test_the_likest_of_several_is_offered() -> None:
    far, near = (record(BRIEF, "brief.md", key) for key in "ab")
    candidates = [(far, edited(BRIEF.text, 6)), (near, edited(BRIEF.text, 30))]
    assert known_as(BRIEF, "brief.md", candidates) == near
    assert known_as(BRIEF, "brief.md", []) is None


@pytest.mark.parametrize(
    "name",
    ["Brief.md", "brief.docx", "brief (2).md", "brief_v2.md", "brief - Copy.md", "brief v1.3.pdf", "Brief-20260301.md"],
)  # fmt: skip
def test_what_people_put_behind_a_name_does_not_make_another_document(name: str) -> None:
    assert akin(Document("T", ()), name, [record(BRIEF, "brief.md")])


@pytest.mark.parametrize("name", ["briefing.md", "a brief.md", "v2.md", "2026-03-01.md", "brief 2.md", "brief-17.md"])
def test_another_name_is_another_name(name: str) -> None:
    assert not akin(Document("T", ()), name, [record(BRIEF, "brief.md")])


def test_title_and_source_tell_too_and_deleted_documents_do_not() -> None:
    there = replace(record(BRIEF, "a.md"), title="The  Title", source="https://example.org/x")
    assert akin(Document("the title", ()), "b.md", [there])
    assert akin(Document("other", (), source="https://example.org/x"), "b.md", [there])
    assert not akin(Document("other", ()), "b.md", [replace(there, source="")])
    assert not akin(Document("the title", ()), "b.md", [replace(there, deleted=NOW)])


def test_short_texts_are_compared_by_their_letters() -> None:
    assert likeness("Meeting on Monday at nine, room four.", "Meeting on Monday at ten, room four.") > 0.4
    assert likeness("Meeting on Monday at nine, room four.", "Shopping: bread, milk, a new lamp.") < 0.4
    assert likeness("", "") <= 1


def test_of_a_long_series_only_the_last_few_are_looked_at() -> None:
    records = [record(BRIEF, "brief.md", str(number)) for number in range(50)]
    kin = Kin(records)
    found = kin.of(BRIEF, "brief.md")
    assert [value.id for value in found] == [str(number) for number in range(8)], "those given first are preferred"
    kin.add(record(BRIEF, "brief.md", "new"))
    assert kin.of(BRIEF, "brief.md")[0].id == "new"


def test_sameness_is_told_of_the_longer_text_and_minds_the_order_of_words() -> None:
    assert sameness("One two three four", "one, two THREE four!") == 1
    assert sameness("One two three four", "Five six") == 0
    assert sameness("One two three four", "") == 0
    whole = sameness(BRIEF.text, BRIEF.text.replace("Kazakhstan", "the country"))
    assert 0.8 < whole < 1
    assert sameness("four three two one", "one two three four") < 0.5
    assert sameness(BRIEF.text, BRIEF.text[: len(BRIEF.text) // 2]) == pytest.approx(0.5, abs=0.1)
