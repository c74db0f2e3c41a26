"""A brief as Markdown: the same values give the same bytes. What a template sees is made here.

The head is plain Markdown, not YAML: GitHub shows YAML as a table, Word through Pandoc swallows it, and in a plain
editor it is the first thing a colleague has to read past. The machine's part stands in HTML comments, which every
renderer leaves out of sight.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from margent.brief import markdown
from margent.brief.points import Point, gather, locator
from margent.brief.templates import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from margent.annotations import Annotation, DocumentRecord
    from margent.document import Block, Document
    from margent.reading import Reading

BEGIN = "<!-- margent:begin"
END = "<!-- margent:end"


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
    authors: str = "Author"
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
    underlined: str = "underlined"


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
    points = gather(reading, exporter=exporter, include_private=include_private)
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
    text = fill(template, _values(brief, words), user_folder)
    body = _tidy(text)
    return f"{BEGIN} brief {brief.record.id} -->\n\n{body}\n\n{END} brief {brief.record.id} -->\n"


def _tidy(text: str) -> str:
    """Blank lines never come in twos outside code, and the ends are bare."""
    out: list[str] = []
    fence = ""
    for line in text.split("\n"):
        bare = line.lstrip("> ")
        if bare.startswith(("```", "~~~")):
            sign = bare[: len(bare) - len(bare.lstrip(bare[0]))]
            if not fence:
                fence = sign
            elif sign.startswith(fence) and not bare.strip(sign[0]).strip():
                fence = ""
        if line or fence or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n")


# -- what templates see ---------------------------------------------------------------------------------------------


def _values(brief: Brief, words: Words) -> dict[str, Any]:
    views = [_view(point, brief, words) for point in brief.points]
    standing = [view for view in views if not view["orphaned"]]
    tasks = [view for view in views if view["task"]]
    return {
        "words": words,
        "title": markdown.escape(" ".join(brief.title.split())),
        "introduction": markdown.note(brief.introduction),
        "facts": _facts(brief, words),
        "count": f"{len(views)} {words.point if len(views) == 1 else words.points}",
        "prepared": brief.prepared,
        "exporter": markdown.escape(brief.exporter),
        "points": views,
        "tasks": [view for view in tasks if not view["done"]] + [view for view in tasks if view["done"]],
        "themes": _grouped(standing, lambda view: view["themes"][0] if view["themes"] else "", words.other),
        "sections": _grouped(standing, lambda view: view["section"], words.beginning, first=True),
        "orphans": [view for view in views if view["orphaned"]],
        "parts": _Parts(brief, words),
    }


def _facts(brief: Brief, words: Words) -> list[tuple[str, str]]:
    """Name and value of what is known of the document; the source always, the rest where given."""
    record = brief.record
    facts = [(words.source, record.source or words.not_given)]
    if record.authors:
        facts.append((words.authors, markdown.escape(", ".join(record.authors))))
    if record.date:
        facts.append((words.date, markdown.escape(record.date)))
    return facts


def _view(point: Point, brief: Brief, words: Words) -> dict[str, Any]:
    annotation = point.annotation
    kinds = {"question": words.question, "action": words.action, "position": words.position}
    return {
        "id": annotation.id,
        "quote": markdown.quotation(point.quote),
        "locator": locator(point.section, point.paragraph),
        "section": markdown.escape(point.section[-1]) if point.section else "",
        "kind": kinds.get(annotation.kind, ""),
        "note": markdown.note(annotation.note),
        "statement": _statement(annotation, kinds.get(annotation.kind, ""), brief),
        "author": _author(annotation, brief),
        "themes": [markdown.escape(name) for name in point.themes],
        "private": annotation.private,
        "task": annotation.is_task,
        "done": annotation.done,
        "underlined": annotation.style == "underline",
        "orphaned": annotation.state == "orphaned",
        "replies": [_reply(reply, brief) for reply in point.replies if not reply.private],
        "item": _item(point, brief, words),
        "mark": f"<!-- margent:{annotation.id} -->",
    }


def _statement(annotation: Annotation, kind: str, brief: Brief) -> str:
    """The note with its kind and author before it; "" where there is nothing to say."""
    said = markdown.note(annotation.note)
    author = _author(annotation, brief)
    label = f"{kind} ({author})" if kind and author else kind or author
    if not label:
        return said
    return f"**{label}:** {said}" if _is_prose(said) else f"**{label}:**\n\n{said}"


def _reply(reply: Annotation, brief: Brief) -> dict[str, str]:
    author, date, said = _author(reply, brief), reply.created.date().isoformat(), markdown.note(reply.note)
    head = f"**{author}**, {date}:" if author else f"{date}:"
    item = f"{head} {said}" if _is_prose(said) else f"{head}\n\n{said}"
    return {"id": reply.id, "author": author, "date": date, "note": said, "item": markdown.indent(item, 2)}


def _author(annotation: Annotation, brief: Brief) -> str:
    return markdown.escape(annotation.author) if annotation.author != brief.exporter else ""


def _item(point: Point, brief: Brief, words: Words) -> str:
    """A task as the inside of a list item: kind, note (the quotation where there is none), theme and place."""
    annotation = point.annotation
    kind = words.question if annotation.kind == "question" else words.action
    said = markdown.note(annotation.note) or markdown.escape(f"“{' '.join(annotation.exact.split())}”")
    author = _author(annotation, brief)
    who = f"{kind} ({author})" if author else kind
    place = "; ".join(
        part
        for part in (", ".join(markdown.escape(name) for name in point.themes), locator(point.section, point.paragraph))
        if part
    )
    text = f"**{who}:** {said}" if _is_prose(said) else f"**{who}:**\n\n{said}"
    if place:
        text += f" ({place})" if "\n" not in text else f"\n\n({place})"
    return markdown.indent(text, 2)


def _is_prose(text: str) -> bool:
    """Whether a note begins with a paragraph, so that it can stand behind a word."""
    return bool(text) and not re.match(r"[-*+>|#]|```|~~~|[ ]{4}|\d{1,9}[.)]\s", text)


def _grouped(
    views: Iterable[dict[str, Any]],
    key: Callable[[dict[str, Any]], str],
    rest: str,
    *,
    first: bool = False,
) -> list[dict[str, Any]]:
    """Views by key in order of first appearance; those without one under `rest`, last (or `first`)."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for view in views:
        groups.setdefault(key(view), []).append(view)
    bare = groups.pop("", None)
    named = [{"name": name, "points": found} for name, found in groups.items()]
    if bare:
        named.insert(0 if first else len(named), {"name": rest, "points": bare})
    return named


class _Parts:
    """The document block by block with the points that begin in each, made only for a template that asks."""

    def __init__(self, brief: Brief, words: Words) -> None:
        self._brief = brief
        self._words = words

    @property
    def records(self) -> list[str]:
        """All that each annotation is besides what people read, a comment each, so that it can be read back."""
        return [_data(point.annotation, point) for point in self._brief.points]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(_parts(self._brief, self._words))


def _parts(brief: Brief, words: Words) -> list[dict[str, Any]]:
    document = brief.document
    standing = [point for point in brief.points if point.annotation.state != "orphaned"]
    standing.sort(key=lambda point: (point.annotation.start, point.annotation.end, point.annotation.id))
    by_block: dict[int, list[Point]] = {}
    spans: dict[int, list[tuple[int, int]]] = {}
    for point in standing:
        start, end = point.annotation.start, point.annotation.end
        first, last = document.block_at(start), document.block_at(max(start, end - 1))
        by_block.setdefault(last, []).append(point)
        for index in range(first, last + 1):
            low, high = document.span_of(index)
            spans.setdefault(index, []).append((max(start, low) - low, min(end, high) - low))
    parts: list[dict[str, Any]] = []
    run: list[Block] = []
    title = document.blocks[0] if document.blocks else None
    for index, block in enumerate(document.blocks):
        if not (index == 0 and title is not None and title.kind == "heading" and title.level == 1):
            run.append(_highlighted(block, spans.get(index, [])))
        if index in by_block:
            parts.append({"text": _whole(run), "notes": [_whole_note(p, brief, words) for p in by_block[index]]})
            run = []
    if run:
        parts.append({"text": _whole(run), "notes": []})
    return parts


def _whole(run: Sequence[Block]) -> str:
    return markdown.blocks(run, headings=0).replace(_OPEN, "==").replace(_CLOSE, "==")


_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for the signs of a highlight until the words are escaped; from Unicode's private use area."""


def _highlighted(block: Block, spans: list[tuple[int, int]]) -> Block:
    """The block with signs around what is highlighted; overlapping highlights are one stretch."""
    if not spans or block.kind in {"code", "table", "picture", "rule"}:
        return block
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif end > start:
            merged.append([start, end])
    text: list[str] = []
    shift: list[tuple[int, int]] = []
    at = 0
    for start, end in merged:
        text += (block.text[at:start], _OPEN, block.text[start:end], _CLOSE)
        shift += ((start, 1), (end, 1))
        at = end
    text.append(block.text[at:])
    marks = tuple(
        mark._replace(
            start=mark.start + sum(1 for place, _ in shift if place <= mark.start),
            end=mark.end + sum(1 for place, _ in shift if place < mark.end),
        )
        for mark in block.marks
    )
    return block._replace(text="".join(text), marks=marks)


def _whole_note(point: Point, brief: Brief, words: Words) -> dict[str, Any]:
    """What stands under the block: for people if there is a note, and for Margent in a comment."""
    annotation = point.annotation
    kinds = {"question": words.question, "action": words.action, "position": words.position, "note": words.note}
    label = kinds[annotation.kind]
    author = _author(annotation, brief)
    details = ", ".join(part for part in (author, *(markdown.escape(name) for name in point.themes)) if part)
    head = f"**{label}**" + (f" ({details})" if details else "")
    quote = markdown.escape(_short(annotation.exact))
    said = markdown.note(annotation.note)
    box = ("[x] " if annotation.done else "[ ] ") if annotation.is_task else ""
    text = ""
    if said or point.replies or annotation.is_task:
        text = f"- {box}{head} on “{quote}”" + (":" if said else "")
        text += "".join(f"\n\n  {markdown.indent(part, 2)}" for part in [said] if part)
        for reply in point.replies:
            if not reply.private:
                who = markdown.escape(reply.author) or words.note
                text += (
                    f"\n\n  {who}, {reply.created.date().isoformat()}: {markdown.indent(markdown.note(reply.note), 2)}"
                )
    return {"begin": f"{BEGIN} {annotation.id} -->", "text": text, "end": f"{END} {annotation.id} -->"}


def _data(annotation: Annotation, point: Point) -> str:
    """An annotation as JSON in a comment."""
    value: dict[str, Any] = {
        "id": annotation.id,
        "start": annotation.start,
        "end": annotation.end,
        "exact": annotation.exact,
        "state": annotation.state,
        "colour": annotation.colour,
        "style": annotation.style,
        "kind": annotation.kind,
        "done": annotation.done,
        "private": annotation.private,
        "author": annotation.author,
        "themes": list(point.themes),
        "created": _time(annotation.created),
        "modified": _time(annotation.modified),
        "note": annotation.note,
    }
    if point.replies:
        value["replies"] = [
            {
                "id": reply.id,
                "author": reply.author,
                "created": _time(reply.created),
                "modified": _time(reply.modified),
                "note": reply.note,
            }
            for reply in point.replies
            if not reply.private
        ]
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A comment ends at "-->" and may not hold "--"; JSON reads the escapes as the same characters.
    safe = text.replace("--", "\\u002d\\u002d").replace("-\\u002d", "\\u002d\\u002d").replace(">", "\\u003e")
    return f"<!-- margent:record {safe} -->"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"
