"""Briefs say all that was highlighted and nothing that is private, the same bytes each time, in good Markdown."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from margent.annotations import Annotation, DocumentRecord, Theme
from margent.brief.render import brief_of, render
from margent.document import Block, Document, Mark
from margent.formats.markdown import read
from margent.reading import Reading

GOLDEN = Path(__file__).parent / "data" / "brief"
TEMPLATES = ("meeting", "theme", "order", "whole")
COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BEGUN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def record(document: Document) -> DocumentRecord:
    return DocumentRecord(
        id="d0c",
        revision="5ef",
        title=document.title,
        authors=document.authors,
        date=document.date,
        source=document.source,
        created=BEGUN,
        modified=BEGUN,
    )


def annotation(key: str, start: int, end: int, document: Document, **more: Any) -> Annotation:
    text = document.text
    values: dict[str, Any] = {
        "id": key,
        "document": "d0c",
        "revision": "5ef",
        "start": start,
        "end": end,
        "exact": text[start:end],
        "prefix": text[max(0, start - 128) : start],
        "suffix": text[end : end + 128],
        "created": BEGUN,
        "modified": BEGUN + timedelta(minutes=5),
    }
    return Annotation(**{**values, **more})


def on(words: str, key: str, document: Document, **more: Any) -> Annotation:
    start = document.text.index(words)
    return annotation(key, start, start + len(words), document, **more)


def reply(key: str, parent: Annotation, note: str, author: str = "", *, private: bool = False) -> Annotation:
    later = BEGUN + timedelta(days=1)
    return replace(
        parent, id=key, parent=parent.id, note=note, author=author, private=private, kind="note", done=False, themes=(),
        created=later, modified=later,
    )  # fmt: skip


def linked(text: str, *marks: tuple[str, str, str]) -> dict[str, Any]:
    found = [Mark(kind, text.index(words), text.index(words) + len(words), target) for kind, words, target in marks]  # type: ignore[arg-type]
    return {"text": text, "marks": tuple(sorted(found, key=lambda m: (m.start, -m.end)))}


def sample_document() -> Document:
    return Document(
        "EU–Kazakhstan: what an upgrade covers",
        (
            Block("heading", "EU–Kazakhstan: what an upgrade covers", level=1),
            Block("paragraph", "The agreement of 2015 is to be widened. Talks begin in May."),
            Block("heading", "1. Energy & raw materials", level=2),
            Block(
                "paragraph",
                **linked(
                    "Kazakh supply is a way to depend less on the sellers it has today1, says the Commission.",
                    ("strong", "depend less", ""),
                    ("noteref", "1", "1"),
                    ("link", "the Commission", "https://example.org/energy_(2026)"),
                ),
            ),
            Block("item", "cleaner and more efficient energy", level=1),
            Block("item", "rare earths, in two steps:", level=1),
            Block("item", "a survey by 2027", level=2, ordered=True, number=1),
            Block("item", "mines by 2030", level=2, ordered=True, number=2),
            Block("item", "hydrogen", level=1),
            Block("quotation", "We will buy what is clean.", quote=1),
            Block("quotation", "And only that.", quote=1),
            Block(
                "table",
                "Year\tCrude, %\n2024\t12.5\n2025\t13.1",
                heading_row=True,
                align=("left", "right"),
            ),
            Block("heading", "2. Trade", level=2),
            Block("paragraph", "The rail corridor sits between Europe and Asia. It carries 5 * 10^6 t.\nOr more."),
            Block("code", "share = crude / total\n\n\nprint(share)", target="python"),
            Block("picture", "Map of the corridor", target="ab" * 32),
            Block("heading", "Links", level=3),
            Block("paragraph", "مرحبا بالعالم 🌍, said the envoy; “yes”, said all."),
            Block("footnote", "Ibid.", target="1"),
        ),
        authors=("A. Novak", "B. Ek"),
        date="2026-10-05",
        source="https://example.org/eu_kazakhstan",
    )


def sample() -> Reading:
    document = sample_document()
    energy = Theme(id="e", name="Energy & raw materials")
    trade = Theme(id="t", name="Trade")
    supply = on(
        "Kazakh supply is a way to depend less", "a01", document, kind="question", themes=("e", "t"),
        note="By how much? We need last year’s share of crude imports.\n\nAsk the desk first.",
    )  # fmt: skip
    corridor = on("rail corridor", "a02", document, kind="action", themes=("t",), done=True, note="Ask who pays.")
    efficient = on("efficient energy\nrare earths", "a03", document, themes=("e",), author="Ana Ruiz")
    return Reading(
        record(document),
        document,
        themes=[energy, trade],
        annotations=[
            supply,
            corridor,
            efficient,
            on("less on the sellers it has today1", "a04", document, note="Overlaps *the first*.", author="Ana Ruiz"),
            on("mines by 2030", "a05", document, kind="position", note="- not before 2035\n- not without a survey"),
            on("what is clean", "a06", document, style="underline"),
            on("13.1", "a07", document, note="Where is this from?", kind="question"),
            on("2. Trade", "a08", document, themes=("t",)),
            on("share = crude", "a09", document),
            on("Map", "a10", document, note="# Big\n\nSee <b>page 4</b>."),
            on("بالعالم 🌍", "a11", document, note="مرحبا"),
            on("Ibid", "a12", document, note="Of what?"),
            on("is to be widened", "a13", document, private=True, note="SECRET"),
            annotation(
                "a14", 3, 9, document, state="orphaned", exact="words that\nwent", note="Kept.", kind="action",
                themes=("e",),
            ),
            on("Talks begin in May.", "a15", document, state="moved", exact="Talks began\nin May."),
            reply("b01", supply, "12.5 %, says the table.", "Ana Ruiz"),
            reply("b02", supply, "SECRET reply", private=True),
            reply("b03", efficient, "Agreed:\n\n- twice"),
            reply("b04", corridor, "SECRET too", private=True),
        ],
    )  # fmt: skip


def written(template: str, **more: Any) -> str:
    return render(brief_of(sample(), prepared="24 November 2026", exporter="", **more), template)


def records(text: str) -> list[dict[str, Any]]:
    """The annotations of a whole document, read back from its comments."""
    found = re.findall(r"^<!-- margent:record (\{.*\}) -->$", text, re.MULTILINE)
    return [json.loads(value) for value in found]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_sample_is_written_as_people_read_and_approved_it(template: str) -> None:
    assert written(template) == (GOLDEN / f"{template}.md").read_text("utf-8")


IDS = [f"a{n:02}" for n in range(1, 16)]
MARK = re.compile(r"^<!-- margent:(?:begin )?([0-9a-f]{3}) -->$", re.MULTILINE)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_shared_annotation_is_there_once_and_no_private_one(template: str) -> None:
    text = written(template)
    assert sorted(MARK.findall(text)) == [key for key in IDS if key != "a13"]
    assert "SECRET" not in text
    assert not {"a13", "b02", "b04"} & set(re.findall(r"[ab]\d\d", text))
    assert "is to be widened. " not in text.replace("The agreement of 2015 is to be widened. ", "")


@pytest.mark.parametrize("template", TEMPLATES)
def test_private_ones_leave_when_chosen_but_not_private_replies_to_shared_ones(template: str) -> None:
    text = written(template, include_private=True)
    assert sorted(MARK.findall(text)) == IDS
    assert "private" in text
    for secret in ("SECRET reply", "SECRET too", "b02", "b04"):
        assert secret not in text


def test_a_private_annotation_that_was_chosen_brings_its_replies_and_leaves_none_otherwise() -> None:
    document = sample_document()
    parent = on("rare earths", "a01", document, private=True, note="HIDDEN")
    replies = [reply("b01", parent, "HIDDEN answer", private=True), reply("b02", parent, "HIDDEN open answer")]
    reading = Reading(record(document), document, annotations=[parent, *replies])
    for template in TEMPLATES:
        without = render(brief_of(reading), template)
        assert not re.search("HIDDEN|a01|b01|b02|==rare", without)
        chosen = render(brief_of(reading, include_private=True), template)
        assert chosen.count("HIDDEN answer") >= 1
        assert chosen.count("HIDDEN open answer") >= 1


@pytest.mark.parametrize("template", TEMPLATES)
def test_that_there_are_private_replies_cannot_be_told(template: str) -> None:
    document = sample_document()
    parent = on("rare earths", "a01", document)
    alone = Reading(record(document), document, annotations=[parent])
    answered = Reading(record(document), document, annotations=[parent, reply("b01", parent, "x", private=True)])
    assert render(brief_of(alone), template) == render(brief_of(answered), template)


@pytest.mark.parametrize("template", TEMPLATES)
def test_points_made_by_hand_do_not_leak_private_replies_either(template: str) -> None:
    brief = brief_of(sample())
    points = [p._replace(replies=(reply("bff", p.annotation, "SECRET", private=True),)) for p in brief.points]
    text = render(replace(brief, points=tuple(points)), template)
    assert "SECRET" not in text
    assert "bff" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_values_give_the_same_bytes(template: str) -> None:
    reading = sample()
    other = Reading(
        reading.record,
        reading.document,
        themes=reversed(list(reading.themes.values())),
        annotations=[
            *reversed(list(reading.annotations.values())),
            *(r for rs in reading.replies.values() for r in rs),
        ],
    )
    assert render(brief_of(reading), template) == render(brief_of(other), template)


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_dialects_show_every_quotation_and_note(template: str) -> None:
    for parser in (COMMONMARK, GITHUB):
        html = parser.render(written(template))
        for words in (
            "By how much?",
            "Ask who pays.",
            "not before 2035",
            "12.5 %, says the table.",
            "Of what?",
            "Kept.",
        ):
            assert words in html
        assert "<h1>EU–Kazakhstan: what an upgrade covers</h1>" in html
        assert html.count("<h1>") == 1


@pytest.mark.parametrize("template", ["theme", "order", "whole"])
def test_open_and_done_tasks_have_a_box_each(template: str) -> None:
    text = written(template)
    assert len(re.findall(r"^(?:> )?- \[ \] \*\*(?:Question|Action)", text, re.MULTILINE)) == 3
    assert len(re.findall(r"^(?:> )?- \[x\] \*\*(?:Question|Action)", text, re.MULTILINE)) == 1


def test_the_meeting_brief_lists_open_tasks_before_done_ones_and_boxes_each_once() -> None:
    text = written("meeting")
    assert re.findall(r"^- \[(.)\] \*\*(\w+):\*\* (\w+)", text, re.MULTILINE) == [
        (" ", "Question", "By"), (" ", "Question", "Where"), (" ", "Action", "Kept"), ("x", "Action", "Ask"),
    ]  # fmt: skip
    assert text.count("Ask the desk first.") == 1


@pytest.mark.parametrize("template", ["meeting", "theme", "order"])
def test_the_order_a_reader_gave_is_kept_within_each_heading(template: str) -> None:
    brief = brief_of(sample())
    turned = replace(brief, points=tuple(reversed(brief.points)))
    plain, other = render(brief, template), render(turned, template)
    assert sorted(MARK.findall(other)) == sorted(MARK.findall(plain))
    if template == "order":
        orphan = ["a14"]
        assert MARK.findall(other) == [key for key in reversed(MARK.findall(plain)) if key != "a14"] + orphan
    else:
        energy = other[other.index("## Energy") :]
        assert energy.index("margent:a03") < energy.index("margent:a01")


def test_sections_of_one_name_stay_apart_in_reading_order() -> None:
    document = Document(
        "T",
        (
            Block("heading", "A", level=1),
            Block("heading", "Background", level=2),
            Block("paragraph", "one"),
            Block("heading", "Other", level=2),
            Block("paragraph", "two"),
            Block("heading", "B", level=1),
            Block("heading", "Background", level=2),
            Block("paragraph", "three"),
        ),
    )
    keys = [on(word, f"a0{n}", document) for n, word in enumerate(("one", "two", "three"))]
    text = render(brief_of(Reading(record(document), document, annotations=keys)), "order")
    assert re.findall(r"^(?:## |> )(.+)$", text, re.MULTILINE) == [
        "Background", "one", "Other", "two", "Background", "three",
    ]  # fmt: skip


def test_records_say_all_that_an_annotation_is() -> None:
    reading = sample()
    found = {value["id"]: value for value in records(written("whole", include_private=True))}
    assert sorted(found) == IDS
    names = {key: theme.name for key, theme in reading.themes.items()}
    for key, value in found.items():
        source = reading.annotations[key]
        for name in (
            "start",
            "end",
            "exact",
            "prefix",
            "suffix",
            "state",
            "colour",
            "style",
            "kind",
            "done",
            "private",
        ):
            assert value[name] == getattr(source, name)
        assert (value["author"], value["note"]) == (source.author, source.note)
        assert datetime.fromisoformat(value["created"]) == source.created
        assert datetime.fromisoformat(value["modified"]) == source.modified
        assert value["themes"] == [names[theme] for theme in source.themes]
    assert [(r["id"], r["author"], r["note"]) for r in found["a01"]["replies"]] == [
        ("b01", "Ana Ruiz", "12.5 %, says the table.")
    ]
    assert "replies" not in found["a02"]


HOSTILE = st.one_of(
    st.lists(
        st.sampled_from(
            [*"-<>!\"\\\n\r\t ab&'", "-->", "--!>", "\\u002d", "\u2028", "\u2029", "\x85", "\x7f", "é", "🌍"]
        )
    ).map("".join),
    st.text(st.characters(exclude_categories=("Cs",))),
)


@settings(max_examples=200, deadline=None)
@given(note=HOSTILE, author=HOSTILE, theme=HOSTILE)
def test_records_survive_any_text_and_hide_nothing(note: str, author: str, theme: str) -> None:
    document = Document("T", (Block("paragraph", "some words here"),))
    value = on("words", "a01", document, note=note, author=author, themes=("t",))
    reading = Reading(record(document), document, annotations=[value], themes=[Theme(id="t", name=theme)])
    text = render(brief_of(reading, exporter="Me"), "whole") + "\nAFTER\n"
    lines = [line for line in text.split("\n") if line.startswith("<!-- margent:record")]
    assert len(lines) == 1
    assert lines[0].splitlines() == lines
    assert "--" not in lines[0][4:-3]
    assert ">" not in lines[0][:-1]
    (found,) = records(text)
    assert (found["note"], found["author"], found["themes"]) == (note, author, [theme])
    html = COMMONMARK.render(text)
    assert html.rstrip().endswith("<p>AFTER</p>")
    assert html.count("<h1>") == 1


BREAKING = [
    "Plain\n\n<!-- margent:end brief d0c -->\n\nmore",
    "```\n<!-- margent:end brief d0c -->\n```",
    "```\n<!-- margent:begin brief d0c -->",
    "<!-- never closed",
    "<div>\n\n",
    "# H1\n## H2",
    "> # H",
    "- # H",
    "[x]: http://y",
    "> [x]: http://y",
    "$$\nopen",
    "%%\nopen",
    "- ```\n  code\n  ```\n<script>",
    "1. ```\n   <div>",
    "  ~~~",
    "a\rb\r# c",
    "`a\n` <b> `",
    "`<b>``",
    "\\\\<b>",
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("note", BREAKING)
def test_no_note_author_title_or_theme_breaks_out(note: str, template: str) -> None:
    document = Document("T", (Block("heading", "T", level=1), Block("paragraph", "some words here")))
    value = on("words", "a01", document, note=note, author=note, themes=("t",))
    answer = reply("b01", value, note, note)
    reading = Reading(
        replace(record(document), source=note, authors=(note,), date=note),
        document,
        annotations=[value, answer],
        themes=[Theme(id="t", name=note)],
    )
    brief = replace(brief_of(reading, exporter="Me", prepared=note), title="T", introduction=note)
    text = render(brief, template)
    assert re.findall(r"^<!-- margent:(?:begin|end) brief \w+ -->", text, re.MULTILINE) == [
        "<!-- margent:begin brief d0c -->",
        "<!-- margent:end brief d0c -->",
    ]

    html = COMMONMARK.render(f"{text}\nAFTER\n")
    assert html.rstrip().endswith("<p>AFTER</p>")
    assert html.count("<h1>") == 1
    outside = re.sub(r"<!--.*?-->|<code.*?</code>", "", html, flags=re.DOTALL)
    assert not re.search(r"<(?:script|div|b)\b", outside)


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_empty_brief_says_that_it_is_empty(template: str) -> None:
    document = Document("", ())
    text = render(brief_of(Reading(replace(record(document), source=""), document)), template)
    assert "# Annotated brief" in text
    assert "0 points" in text
    assert "- Source: not given" in text


def test_a_document_highlighted_from_end_to_end_is_quoted_whole() -> None:
    document = sample_document()
    value = annotation("a01", 0, len(document.text), document)
    reading = Reading(record(document), document, annotations=[value])
    quote = re.findall(r"^>.*$", render(brief_of(reading), "theme"), re.MULTILINE)
    shown = re.sub("<[^>]*>", "", GITHUB.render("\n".join(line[2:] for line in quote)))
    for block in document.blocks:
        assert set(block.text.replace("today1", "today").replace("&", "&amp;").split()) <= set(shown.split())
    text = render(brief_of(reading), "whole")
    assert "# ==EU–Kazakhstan: what an upgrade covers==" in text
    assert MARK.findall(text) == ["a01"]


def test_titles_of_the_reader_do_not_cost_the_documents_own_heading() -> None:
    brief = replace(brief_of(sample()), title="For the *minister* #", introduction="In short.")
    text = render(brief, "whole")
    assert "# For the \\*minister\\* \\#\n" in text
    assert "\nIn short.\n" in text
    assert "\n# EU–Kazakhstan: what an upgrade covers\n" in text


def test_code_that_looks_like_our_comments_is_not_one() -> None:
    code = "<!-- margent:end brief d0c -->\n<!-- margent:record {} -->"
    document = Document("T", (Block("code", code), Block("paragraph", "some words")))
    text = render(brief_of(Reading(record(document), document)), "whole")
    assert records(text) == []
    assert len(re.findall(r"^<!-- margent:end brief", text, re.MULTILINE)) == 1
    assert [token.content for token in COMMONMARK.parse(text) if token.type == "fence"] == [f"{code}\n"]


def test_blank_lines_inside_code_are_kept() -> None:
    assert "share = crude / total\n\n\nprint(share)" in written("whole")
    assert "\n\n\n" not in written("order")


def test_the_text_of_a_whole_document_reads_back_as_it_was() -> None:
    text = written("whole")
    heading = re.search(r"^# .*$", text, re.MULTILINE)
    begin, end = "<!-- margent:begin text -->", "<!-- margent:end text -->"
    body = text[text.index(begin) + len(begin) : text.index(end)]
    body = re.sub(r"<!-- margent:begin (\w+) -->\n.*?<!-- margent:end \1 -->\n", "", body, flags=re.DOTALL)
    body = re.sub(r"<!-- margent:\w+ -->\n", "", body).replace("==", "")
    assert heading
    assert read(f"{heading[0]}\n{body}".encode(), "brief.md").text == sample_document().text
