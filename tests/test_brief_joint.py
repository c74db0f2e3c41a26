"""Briefs over several documents: each point says where it is from, and re-exports know each other again."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.brief.filing import write
from margent.brief.points import gather, gather_theme
from margent.brief.render import JointBrief, brief_of, joint_brief_of, render, render_joint
from margent.document import Block, Document
from margent.errors import MargentError
from margent.reading import Reading

GOLDEN = Path(__file__).parent / "data" / "brief"
TIME = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
THEMES = (
    Theme(id="e", name="Energy", words=("copper",), created=TIME, modified=TIME),
    Theme(id="t", name="Trade & rail", created=TIME, modified=TIME),
)
EU = Document(
    "EU–Kazakhstan *upgrade*",
    (
        Block("heading", "EU–Kazakhstan *upgrade*", level=1),
        Block("paragraph", "Talks begin in May."),
        Block("heading", "1. Energy", level=2),
        Block("paragraph", "Copper is dear. Oil is not."),
        Block("paragraph", "Rare earths come next, and copper again."),
    ),
    pages=((0, "1"), (40, "2")),
)
RAIL = Document("The rail corridor", (Block("paragraph", "It carries copper. It is slow."), Block("paragraph", "End.")))
EMPTY = Document("Nothing marked", (Block("paragraph", "Nobody marked this."),))


def note(document: Document, key: str, words: str, **more: object) -> Annotation:
    start = document.text.index(words)
    value = Annotation(
        id=key, document=document.title[:2], revision="r", start=start, end=start + len(words), exact=words,
        created=TIME, modified=TIME,
    )  # fmt: skip
    return replace(value, **more)  # type: ignore[arg-type]


def chosen(document: Document, key: str, words: str, theme: str, origin: str = "chosen") -> Passage:
    start = document.text.index(words)
    return Passage(
        id=key, theme=theme, document=document.title[:2], revision="r", start=start, end=start + len(words),
        origin=origin, created=TIME, modified=TIME,  # type: ignore[arg-type]
    )  # fmt: skip


def a_reading(document: Document, *annotations: Annotation, passages: tuple[Passage, ...] = (), **of: str) -> Reading:
    record = DocumentRecord(id=document.title[:2], revision="r", title=document.title, created=TIME, modified=TIME)
    return Reading(
        replace(record, **of),  # type: ignore[arg-type]
        document,
        annotations=annotations,
        themes=THEMES,
        passages=passages,
        suggest=lambda _text, theme: [(0, 2)] if theme.words else [],
    )


def library() -> list[Reading]:
    eu = a_reading(
        EU,
        note(EU, "a1", "Talks begin", kind="question", note="When in May?", themes=("t",)),
        note(EU, "a2", "Copper is dear", kind="action", done=True, note="Ask for prices", themes=("t", "e")),
        note(EU, "a3", "Oil", private=True, note="SECRET", themes=("e",)),
        note(EU, "a4", "Talks", state="orphaned", exact="lost words", themes=("e",)),
        passages=(
            chosen(EU, "p1", "Rare earths come next", "e"),
            chosen(EU, "p2", "Copper", "e"),
            chosen(EU, "p3", "copper again", "e", "dismissed"),
        ),
        source="https://example.org/eu",
        date="2026-05-01",
    )
    rail = a_reading(
        RAIL,
        note(RAIL, "b1", "carries copper", note="How much?", kind="question", author="Ana", themes=("e",)),
        note(RAIL, "b2", "It is slow", style="underline"),
    )
    return [eu, a_reading(EMPTY), rail]


def joint() -> JointBrief:
    brief = joint_brief_of(library(), title="Central Asia & the EU")
    return replace(brief, introduction="For *Tuesday*.", prepared="2 November 2026", exporter="Ana")


@pytest.mark.parametrize("template", ["meeting", "theme", "order"])
def test_the_sample_over_two_documents_is_written_as_approved(template: str) -> None:
    assert render_joint(joint(), template) == (GOLDEN / f"joint_{template}.md").read_text("utf-8")


@pytest.mark.parametrize("template", ["meeting", "theme", "order"])
def test_every_point_is_there_once_says_its_document_and_none_is_private(template: str) -> None:
    text = render_joint(joint(), template)
    for key in ("a1", "a2", "a4", "b1", "b2"):
        assert text.count(f"<!-- margent:{key} -->") == 1
    assert "SECRET" not in text
    assert "Nothing marked" not in text, "a document without points is no part of it"
    assert "5 points in 2 documents" in text
    for title in (r"EU–Kazakhstan \*upgrade\*", "The rail corridor"):
        assert title in text


def test_a_whole_document_is_not_written_from_several() -> None:
    with pytest.raises(MargentError, match="several documents cannot hold a whole one"):
        render_joint(joint(), "whole")


def test_a_template_of_the_readers_own_that_wants_a_whole_document_is_refused_alike(tmp_path: Path) -> None:
    (tmp_path / "mine.md.j2").write_text("{{ title }}\n{{ whole.title }}\n", "utf-8")
    with pytest.raises(MargentError, match="several documents cannot hold a whole one"):
        render_joint(joint(), "mine", user_folder=tmp_path)


@pytest.mark.parametrize("template", ["meeting", "theme", "order", "whole"])
def test_a_brief_of_one_document_is_the_same_either_way(template: str) -> None:
    eu = library()[0]
    one = JointBrief((brief_of(eu),), eu.record.title, key=eu.record.id)
    assert render_joint(one, template) == render(brief_of(eu), template)


def test_a_theme_brings_its_annotations_and_the_passages_that_none_of_them_touches() -> None:
    eu = library()[0]
    points = gather_theme(eu, "e")
    assert [point.annotation.id for point in points] == ["a2", "p1", "a4"]
    assert [point.themes[0] for point in points] == ["Energy"] * 3
    assert points[0].themes == ("Energy", "Trade & rail")
    assert points[1].quote[0].text == "Rare earths come next"
    assert points[1].place == next(p.place for p in gather(eu) if p.annotation.id == "a2")._replace(paragraph=2)
    private = gather_theme(eu, "e", include_private=True)
    assert [point.annotation.id for point in private] == ["a2", "a3", "p1", "a4"]


def test_a_theme_is_written_as_one_brief_over_the_documents_that_have_it() -> None:
    brief = joint_brief_of(library(), title="Energy", theme="e")
    text = render_joint(brief, "theme")
    assert [part.record.title for part in brief.parts] == [EU.title, RAIL.title]
    assert text.count("\n## ") == 2, "the theme, and what is no longer in the text"
    assert text.startswith("<!-- margent:begin brief e -->\n\n# Energy\n")
    assert "— EU–Kazakhstan \\*upgrade\\*, 1. Energy, p. 2, ¶ 2\n" in text


def test_a_brief_of_a_theme_is_known_again_when_another_document_has_joined(tmp_path: Path) -> None:
    path = tmp_path / "energy.md"
    readings = library()
    write(path, render_joint(joint_brief_of(readings[:1], title="Energy", theme="e")))
    path.write_text(path.read_text("utf-8").replace("> Copper is dear", "By hand.\n\n> Copper is dear"), "utf-8")
    write(path, render_joint(joint_brief_of(readings, title="Energy", theme="e")))
    text = path.read_text("utf-8")
    assert text.count("By hand.") == 1
    assert text.count("margent:begin brief") == 1
    assert "carries copper" in text


def test_a_brief_is_known_by_its_documents_in_whatever_order() -> None:
    readings = library()
    first, second = (joint_brief_of(r, title="x").name for r in (readings, readings[::-1]))
    assert first == second != joint_brief_of(readings[:1], title="x").name
    assert joint_brief_of(readings, title="x", theme="e").name == "e"


def test_without_any_point_there_is_still_a_brief() -> None:
    text = render_joint(joint_brief_of([a_reading(EMPTY)], title="Nothing"), "meeting")
    assert "# Nothing\n\nAnnotated brief · 0 points\n" in text
