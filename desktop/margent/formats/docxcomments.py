"""Word's comments: who said what and when, what answers what, and the words that each stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from margent.document import GivenAnnotation, canonical
from margent.formats.docxbody import PLACE
from margent.formats.docxparts import attribute, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from margent.document import Block
    from margent.formats.docxparts import Package

_WORD = re.compile(r"[\w’'\u00ad-]+")


@dataclass(slots=True)
class Comment:
    """A comment as the file has it."""

    id: str
    author: str
    note: str
    created: datetime | None
    done: bool = False
    parent: int = -1
    """The index of the comment that it answers; -1 for none."""
    answers: list[int] = field(default_factory=list)


def read_comments(package: Package) -> list[Comment]:
    """The comments of a document in the order of the file, empty ones included."""
    root = package.optional(package.part("comments"))
    comments: list[Comment] = []
    paragraphs: dict[str, int] = {}
    for element in root if root is not None else ():
        if short(element.tag) != "w:comment":
            continue
        comments.append(
            Comment(
                id=attribute(element, "w:id"),
                author=" ".join(attribute(element, "w:author").split()),
                note=_note(element),
                # Newer programs say beside the writer's clock what time it was in UTC.
                created=moment(attribute(element, "w16du:dateUtc")) or moment(attribute(element, "w:date")),
            )
        )
        for each in element.iter():
            if short(each.tag) == "w:p" and attribute(each, "w14:paraId"):
                paragraphs[attribute(each, "w14:paraId").upper()] = len(comments) - 1
    _connect(package, comments, paragraphs)
    _set_times(package, comments, paragraphs)
    return comments


def _connect(package: Package, comments: list[Comment], paragraphs: Mapping[str, int]) -> None:
    """Say which comments are answers and which are done ([MS-DOCX] 2.5.1: by the last paragraph of each)."""
    root = package.optional(package.part("commentsExtended"))
    for element in root if root is not None else ():
        index = paragraphs.get(attribute(element, "w15:paraId").upper())
        if short(element.tag) != "w15:commentEx" or index is None:
            continue
        comments[index].done = attribute(element, "w15:done").lower() in {"1", "true", "on"}
        parent = paragraphs.get(attribute(element, "w15:paraIdParent").upper(), -1)
        # Word lets nobody answer an answer; whoever does, answers the comment.
        seen = {index}
        while parent >= 0 and comments[parent].parent >= 0 and parent not in seen:
            seen.add(parent)
            parent = comments[parent].parent
        if parent >= 0 and parent not in seen:
            comments[index].parent = parent
    for index, comment in enumerate(comments):
        if comment.parent >= 0:
            if comments[comment.parent].parent >= 0:
                comment.parent = comments[comment.parent].parent
            comments[comment.parent].answers.append(index)


def _set_times(package: Package, comments: list[Comment], paragraphs: Mapping[str, int]) -> None:
    """Take the times in UTC where the file has them: `w:date` is the writer's clock, whatever its "Z" says."""
    durable: dict[str, int] = {}
    root = package.optional(package.part("commentsIds"))
    for element in root if root is not None else ():
        index = paragraphs.get(attribute(element, "cid:paraId").upper())
        if index is not None:
            durable[attribute(element, "cid:durableId").upper()] = index
    root = package.optional(package.part("commentsExtensible"))
    for element in root if root is not None else ():
        index = durable.get(attribute(element, "cex:durableId").upper())
        created = moment(attribute(element, "cex:dateUtc"))
        if index is not None and created is not None:
            comments[index].created = created


def moment(text: str) -> datetime | None:
    """A time of the file in UTC. Without a zone, or with Word's "Z", it is taken as UTC; None for no time."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def anchored(
    comments: Sequence[Comment], places: Mapping[str, tuple[int, int]], text: str, blocks: Sequence[Block]
) -> tuple[tuple[GivenAnnotation, ...], int]:
    """The comments on the words of `text` they were made on, in reading order, and how many had no place in it.

    `places` are the bookmarks that `docxbody` left, in code points of `text`. A comment without a range stands on the
    word that it follows, or else on its block.
    """
    starts = _starts(blocks)
    found: list[GivenAnnotation] = []
    lost = 0
    for index, comment in enumerate(comments):
        if comment.parent >= 0 or not (comment.note or comment.answers):
            continue
        span = _span(index, places, text, blocks, starts)
        for answer in () if span else comment.answers:
            span = span or _span(answer, places, text, blocks, starts)
        if span is None:
            lost += 1
            continue
        found.append(_given(comment, span, [comments[answer] for answer in comment.answers]))
    return tuple(sorted(found, key=lambda each: (each.start, each.end))), lost


def _given(comment: Comment, span: tuple[int, int], answers: Sequence[Comment]) -> GivenAnnotation:
    start, end = span
    return GivenAnnotation(
        start,
        end,
        note=comment.note,
        author=comment.author,
        created=comment.created,
        done=comment.done,
        replies=tuple(
            GivenAnnotation(start, end, note=each.note, author=each.author, created=each.created)
            for each in answers
            if each.note
        ),
    )


def _span(
    index: int, places: Mapping[str, tuple[int, int]], text: str, blocks: Sequence[Block], starts: Sequence[int]
) -> tuple[int, int] | None:
    """The words that a comment stands on; None when the text has no place for it."""
    first, last, reference = (places.get(f"{PLACE}{kind}-{index}") for kind in "ser")
    if first is not None and last is not None and first[0] < last[0]:
        start, end = first[0], last[0]
        words = text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if start < end:
            return start, end
    place = first or last or reference
    return _word_or_block(place[0], text, blocks, starts) if place is not None else None


def _word_or_block(place: int, text: str, blocks: Sequence[Block], starts: Sequence[int]) -> tuple[int, int] | None:
    """The word at a place or right before it, else the block there, else the nearest block with words before it."""
    index = max((i for i, start in enumerate(starts) if start <= place), default=-1)
    if index < 0:
        return None
    start, end = starts[index], starts[index] + len(blocks[index].text)
    for word in _WORD.finditer(text, start, end):
        if word.start() <= place <= word.end():
            return word.span()
    for nearest in (*range(index, -1, -1), *range(index + 1, len(blocks))):
        words = blocks[nearest].text
        if words.strip():
            begin = starts[nearest] + len(words) - len(words.lstrip())
            return begin, begin + len(words.strip())
    return None


def _starts(blocks: Sequence[Block]) -> list[int]:
    starts: list[int] = []
    position = 0
    for block in blocks:
        starts.append(position)
        position += len(block.text) + 1
    return starts


def _note(comment: Element) -> str:
    """A comment's words, its paragraphs apart."""
    paragraphs: list[str] = []
    for paragraph in comment.iter():
        if short(paragraph.tag) != "w:p":
            continue
        parts: list[str] = []
        for each in paragraph.iter():
            match short(each.tag):
                case "w:t":
                    parts.append(each.text or "")
                case "w:tab":
                    parts.append(" ")
                case "w:br" | "w:cr":
                    parts.append("\n")
                case "w:noBreakHyphen":
                    parts.append("\u2011")
        paragraphs.append("".join(parts).strip())
    return canonical("\n\n".join(filter(None, paragraphs)))
