"""A brief as Markdown: the same values give the same bytes.

The head is plain Markdown, not YAML: GitHub shows YAML as a table, Word through Pandoc swallows it, and in a plain
editor it is the first thing a colleague has to read past. The machine's part stands in HTML comments, which every
renderer leaves out of sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from margent.brief import markdown
from margent.brief.keeping import sealed
from margent.brief.points import Point, gather, gather_theme
from margent.brief.records import BEGIN, END, RECORDS
from margent.brief.templates import fill
from margent.brief.views import DocumentView, Late, NoWhole, View, WholeView, Writer

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
    documents: str = "in {count} documents"
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


@dataclass(frozen=True, slots=True)
class JointBrief:
    """A brief of several documents: what is chosen from each, and what stands above all of them."""

    parts: tuple[Brief, ...]
    """One a document, in their order; only their record, document and points count."""
    title: str
    key: str = ""
    """What the brief is known by when it is exported again: the id of a theme, say, whichever documents it has by then;
    letters, digits, "-" and "_". "" is for these documents in any order."""
    introduction: str = ""
    prepared: str = ""
    exporter: str = ""

    @property
    def name(self) -> str:
        """The key, or one made of the documents."""
        documents = "\n".join(sorted(part.record.id for part in self.parts))
        return self.key or blake2b(documents.encode(), digest_size=16).hexdigest()


def joint_brief_of(
    readings: Iterable[Reading], *, title: str, theme: str = "", include_private: bool = False
) -> JointBrief:
    """A brief of all points of several readings, or of those of a theme (its id); documents without any are left out.

    With a theme, its passages are points too where no annotation of it stands: those that were given with the document
    or chosen, not what its words suggest. The brief is then known by the theme's id.
    """
    parts = []
    for reading in readings:
        if theme:
            points = gather_theme(reading, theme, include_private=include_private)
        else:
            points = gather(reading, include_private=include_private)
        if points:
            parts.append(Brief(reading.record, reading.document, tuple(points), reading.record.title))
    return JointBrief(tuple(parts), title, key=theme)


def render(brief: Brief, template: str = "meeting", *, user_folder: Path | None = None, words: Words = Words()) -> str:
    """The brief as Markdown, ending in one newline. Raises MargentError for a template that is missing or broken."""
    title = brief.title if brief.title.strip() else brief.record.title
    joint = JointBrief((brief,), title, brief.record.id, brief.introduction, brief.prepared, brief.exporter)
    return render_joint(joint, template, user_folder=user_folder, words=words)


def render_joint(
    joint: JointBrief, template: str = "order", *, user_folder: Path | None = None, words: Words = Words()
) -> str:
    """A brief of one or more documents as Markdown, ending in one newline.

    Raises MargentError for a template that is missing or broken, and for one that writes a whole document when there
    are several.
    """
    values = _values(joint, words)
    text = fill(template, values, user_folder, {"write_point": View.written})
    name = joint.name
    said = f"{BEGIN} brief {name} -->\n\n{sealed(_tidy(text))}\n\n{END} brief {name} -->\n"
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


def _values(joint: JointBrief, words: Words) -> dict[str, Any]:
    parts, title = joint.parts, joint.title
    # A theme's brief says which document it quotes, though it be one alone.
    several = len(parts) > 1 or any(joint.key not in {"", part.record.id} for part in parts)
    writers = [Writer(words, joint.exporter, part.record.title if several else "") for part in parts]
    documents = [
        DocumentView(
            name=markdown.phrase(part.record.title),
            facts=_facts(part.record, words),
            points=Late(partial(_views, part, writer)),
            beginning=words.beginning,
        )
        for part, writer in zip(parts, writers, strict=True)
    ]
    views = Late(lambda: [view for document in documents for view in document.points])
    standing = Late(lambda: [view for view in views if not view.orphaned])
    lost = [
        View(point, writer)
        for part, writer in zip(parts, writers, strict=True)
        for point in part.points
        if point.annotation.state == "orphaned"
    ]
    count = sum(len(part.points) for part in parts)
    counted = f"{count} {words.point if count == 1 else words.points}"
    return {
        "words": words,
        "title": markdown.phrase(title) or words.annotated,
        "introduction": markdown.note(joint.introduction),
        "facts": [_origin(part.record, words) for part in parts] if several or not parts else documents[0].facts,
        "count": f"{counted} {words.documents.format(count=len(parts))}" if len(parts) > 1 else counted,
        "prepared": markdown.phrase(joint.prepared),
        "exporter": markdown.phrase(joint.exporter),
        "points": views,
        "tasks": Late(lambda: sorted((view for view in views if view.task), key=attrgetter("done"))),
        "themes": Late(lambda: _by_theme(standing, words.other)),
        "sections": Late(lambda: [group for document in documents for group in document.sections]),
        "documents": documents,
        "orphans": lost,
        "whole": WholeView(parts[0], writers[0], title if title.strip() else words.annotated)
        if len(parts) == 1
        else NoWhole(),
    }


def _views(part: Brief, writer: Writer) -> list[View]:
    return [View(point, writer) for point in part.points]


def _origin(record: DocumentRecord, words: Words) -> tuple[str, str]:
    """A document's title, and where and when it is from, for a list of several."""
    known = [
        markdown.source(record.source) or f"{words.source.lower()} {words.not_given}",
        markdown.phrase(record.date),
    ]
    return markdown.phrase(record.title), ", ".join(part for part in known if part)


def _facts(record: DocumentRecord, words: Words) -> list[tuple[str, str]]:
    """Name and value of what is known of the document; the source always, the rest where given."""
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
