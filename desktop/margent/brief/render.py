"""A brief as Markdown: the same values give the same bytes.

The head is plain Markdown, not YAML: GitHub shows YAML as a table, Word through Pandoc swallows it, and in a plain
editor it is the first thing a colleague has to read past. The machine's part stands in HTML comments, which every
renderer leaves out of sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from margent.brief import markdown
from margent.brief.keeping import sealed
from margent.brief.points import Point, gather
from margent.brief.records import BEGIN, END, RECORDS
from margent.brief.templates import fill
from margent.brief.views import Late, View, WholeView, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from margent.annotations import DocumentRecord
    from margent.document import Document
    from margent.reading import Reading


@dataclass(frozen=True, slots=True)
class Words:
    """The words an export brings of its own, in one place for translation."""

    question: str = "Question"
    action: str = "Action"
    position: str = "Position"
    note: str = "Note"
    private: str = "private"
    source: str = "Source"
    date: str = "Date"
    author: str = "Author"
    authors: str = "Authors"
    not_given: str = "not given"
    annotated: str = "Annotated brief"
    prepared: str = "prepared"
    by: str = "by"
    point: str = "point"
    points: str = "points"
    tasks: str = "Questions and actions"
    other: str = "Other points"
    beginning: str = "Beginning"
    lost: str = "No longer in the text"
    also: str = "also"
    before: str = "Before the text changed:"
    underlined: str = "underlined"
    highlight: str = "Highlight"
    on: str = "on"
    footnote: str = "footnote {label}"
    page: str = "p. {label}"
    footnotes: str = "Footnotes"
    legend: str = "Highlighted words stand between ==two signs==, notes under the text they belong to."


@dataclass(frozen=True, slots=True)
class Brief:
    """A chosen, ordered set of points of one document, and what stands above them."""

    record: DocumentRecord
    document: Document
    points: tuple[Point, ...]
    title: str
    introduction: str = ""
    """A line of the reader's, in Markdown."""
    prepared: str = ""
    """The date to state, as it is to be read; never taken from a clock here."""
    exporter: str = ""
    """The reader's name; notes under it carry no author."""


def brief_of(reading: Reading, *, prepared: str = "", exporter: str = "", include_private: bool = False) -> Brief:
    """A brief of all points of a reading, in reading order."""
    points = gather(reading, include_private=include_private)
    return Brief(
        record=reading.record,
        document=reading.document,
        points=tuple(points),
        title=reading.record.title,
        prepared=prepared,
        exporter=exporter,
    )


def render(brief: Brief, template: str = "meeting", *, user_folder: Path | None = None, words: Words = Words()) -> str:
    """The brief as Markdown, ending in one newline. Raises MargentError for a template that is missing or broken."""
    values = _values(brief, words)
    text = fill(template, values, user_folder, {"write_point": View.written})
    said = f"{BEGIN} brief {brief.record.id} -->\n\n{sealed(_tidy(text))}\n\n{END} brief {brief.record.id} -->\n"
    before, sign, after = said.partition(f"\n{RECORDS}\n")
    return "\n".join([before, *values["whole"].records, after]) if sign else said


def _tidy(text: str) -> str:
    """Blank lines never come in twos outside code, and the ends are bare."""
    text = text.strip("\n")
    out: list[str] = []
    at = 0
    for start, end in _fenced(text):
        out += (_BLANK.sub("\n\n", text[at:start]), text[start:end])
        at = end
    return "".join([*out, _BLANK.sub("\n\n", text[at:])]) if out else _BLANK.sub("\n\n", text)


def _fenced(text: str) -> Iterator[tuple[int, int]]:
    """Where code between fences begins and ends."""
    signs = sorted(match.start() for sign in ("```", "~~~") if sign in text for match in re.finditer(sign, text))
    opening: re.Match[str] | None = None
    for start in signs:
        line = text.rfind("\n", 0, start) + 1
        match = None if text[line:start].strip("> ") else _FENCE.match(text, start)
        if match is None:
            continue
        if opening is None:
            opening = match
        elif match[1].startswith(opening[1]) and not match[2].strip():
            yield opening.start(), match.end()
            opening = None


_BLANK = re.compile("\n\n\n+")
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")


# -- what templates see ---------------------------------------------------------------------------------------------


def _values(brief: Brief, words: Words) -> dict[str, Any]:
    writer = Writer(brief, words)
    views = Late(lambda: [View(point, writer) for point in brief.points])
    standing = Late(lambda: [view for view in views if not view.orphaned])
    lost = [point for point in brief.points if point.annotation.state == "orphaned"]
    title = brief.title if brief.title.strip() else brief.record.title
    return {
        "words": words,
        "title": markdown.phrase(title) or words.annotated,
        "introduction": markdown.note(brief.introduction),
        "facts": _facts(brief, words),
        "count": f"{len(brief.points)} {words.point if len(brief.points) == 1 else words.points}",
        "prepared": markdown.phrase(brief.prepared),
        "exporter": markdown.phrase(brief.exporter),
        "points": views,
        "tasks": Late(lambda: sorted((view for view in views if view.task), key=attrgetter("done"))),
        "themes": Late(lambda: _by_theme(standing, words.other)),
        "sections": Late(lambda: _by_section(standing, words.beginning)),
        "orphans": [View(point, writer) for point in lost],
        "whole": WholeView(brief, writer, title if title.strip() else words.annotated),
    }


def _facts(brief: Brief, words: Words) -> list[tuple[str, str]]:
    """Name and value of what is known of the document; the source always, the rest where given."""
    record = brief.record
    facts = [(words.source, markdown.source(record.source) or words.not_given)]
    authors = [author for author in record.authors if author.strip()]
    if authors:
        facts.append((words.author if len(authors) == 1 else words.authors, markdown.phrase(", ".join(authors))))
    if record.date.strip():
        facts.append((words.date, markdown.phrase(record.date)))
    return facts


def _by_theme(views: Iterable[View], rest: str) -> list[dict[str, Any]]:
    """Views by the first of their themes, in order of first appearance; those without one under `rest`, last."""
    groups: dict[str, list[View]] = {}
    for view in views:
        groups.setdefault(view.themes[0] if view.themes else "", []).append(view)
    bare = groups.pop("", None)
    named = [{"name": name, "points": found} for name, found in groups.items()]
    return [*named, {"name": rest, "points": bare}] if bare else named


def _by_section(views: Iterable[View], beginning: str) -> list[dict[str, Any]]:
    """Runs of views under the same headings, so that the order of the points is kept whatever it is."""
    groups: list[dict[str, Any]] = []
    before: tuple[object, ...] | None = None
    for view in views:
        path = view.path
        if path != before:
            groups.append({"name": view.section or beginning, "points": []})
        groups[-1]["points"].append(view)
        before = path
    return groups
