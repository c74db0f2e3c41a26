"""Brings a document into the library: its text, its file, its pictures, its author's themes and others' notes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from margent.annotations import (
    COLOURS,
    CONTEXT,
    LATEST,
    STYLES,
    THEME_COLOURS,
    UNSAID,
    Annotation,
    DocumentRecord,
    Passage,
    Theme,
    ThemeColour,
    Value,
    new_id,
    next_colour,
    theme_named,
)
from margent.document import Document, GivenAnnotation, GivenTheme
from margent.library import blocks, queries, rows, tables, writing
from margent.library.engine import driver

_PIECE = 1 << 20
"""Bytes of a file that are written at once."""
_revision, _picture = tables.revision, tables.picture


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document on its way in. Made before the library is held, for hashing and counting take a while."""

    document: Document
    origin: str
    original: bytes
    digest: str
    entries: list[blocks.Entry]
    words: int


def arrival(document: Document, origin: str, original: bytes) -> Arrival:
    """What is written of `document`, read from a file called `origin` that holds the bytes `original`."""
    return Arrival(
        document=document,
        origin=rows.storable(origin),
        original=original,
        digest=hashlib.sha256(original).hexdigest(),
        entries=blocks.encode(document.blocks),
        words=document.words(),
    )


def add(connection: Connection, new: Arrival, document_id: str, moment: datetime) -> None:
    """Write a new document with its first revision."""
    record = _record(new, document_id, new_id(), moment)
    writing.save(connection, {record.id: record}, {})
    _add_text(connection, new, record, 1, moment)
    _add_themes(connection, new.document, record, moment)
    _add_annotations(connection, new.document, record, moment)


def add_revision(connection: Connection, new: Arrival, document_id: str, revision: str, moment: datetime) -> None:
    """Write a newer text of a document without the passages that its author names. The old one is still shown."""
    numbers = select(func.max(_revision.c.number)).where(_revision.c.document == document_id)
    number = (connection.execute(numbers).scalar() or 0) + 1
    _add_text(connection, new, _record(new, document_id, revision, moment), number, moment)


def add_given(connection: Connection, document: Document, record: DocumentRecord, moment: datetime) -> None:
    """Write the passages that a document's author names, in the revision that `record` names.

    After all else that comes with that text: what brings a theme of the same name, brings theirs.
    """
    _add_themes(connection, document, record, moment)


def _record(new: Arrival, document_id: str, revision: str, moment: datetime) -> DocumentRecord:
    document = new.document
    return rows.settled(
        DocumentRecord(
            id=document_id,
            revision=revision,
            title=document.title,
            authors=document.authors,
            date=document.date,
            language=document.language,
            source=document.source,
            summary=document.summary,
            origin=new.origin,
            words=new.words,
            created=moment,
            modified=moment,
        )
    )


def _add_text(connection: Connection, new: Arrival, record: DocumentRecord, number: int, moment: datetime) -> None:
    said = {
        "id": record.revision,
        "document": record.id,
        "number": number,
        "hash": new.digest,
        "file": new.origin,
        "created": moment,
        "about": rows.about(new.document),
    }
    _insert_text(connection, said, new.entries, new.document.text)
    if len(new.document.text) > queries.LARGE:
        with connection.begin_nested() as nothing:
            _insert_text(connection, {**said, "id": "", "number": 0}, [], "")
            nothing.rollback()
    _insert_original(connection, record.revision, new.original)
    _add_pictures(connection, new.document)


def _insert_text(connection: Connection, said: dict[str, Any], entries: list[blocks.Entry], text: str) -> None:
    connection.execute(_revision.insert(), {**said, "blocks": entries, "text": text})


def _insert_original(connection: Connection, revision: str, original: bytes) -> None:
    """Write a file's bytes into room made for them: as a value of a statement they would be copied twice."""
    row = tables.original.insert().values(revision=revision, bytes=func.zeroblob(len(original)))
    place = connection.execute(row).lastrowid
    with driver(connection).blobopen("original", "bytes", place) as room:
        for start in range(0, len(original), _PIECE):
            room.write(original[start : start + _PIECE])


def _add_pictures(connection: Connection, document: Document) -> None:
    keys = list(document.pictures)
    there: set[str] = set()
    for part in queries.batches(keys):
        there.update(connection.execute(select(_picture.c.hash).where(_picture.c.hash.in_(part))).scalars())
    missing = [{"hash": key, "bytes": document.pictures[key]} for key in keys if key not in there]
    if missing:
        connection.execute(_picture.insert(), missing)


def _add_themes(connection: Connection, document: Document, record: DocumentRecord, moment: datetime) -> None:
    themes = queries.themes(connection, queries.standing(tables.theme))
    values: dict[str, Value] = {}
    for given in document.themes:
        theme = theme_named(given.name, themes)
        if theme is None:
            theme = _theme(given, themes, moment)
            themes.append(theme)
            values[theme.id] = theme
        for start, end in given.spans:
            passage = Passage(
                id=new_id(),
                theme=theme.id,
                document=record.id,
                revision=record.revision,
                start=start,
                end=end,
                origin="given",
                created=moment,
                modified=moment,
            )
            values[passage.id] = passage
    writing.save(connection, values, {})


def _add_annotations(connection: Connection, document: Document, record: DocumentRecord, moment: datetime) -> None:
    values: dict[str, Value] = {}
    for given in document.annotations:
        head = _annotation(given, document.text, record, moment)
        values[head.id] = head
        values.update((answer.id, answer) for answer in _replies(given, head, moment))
    writing.save(connection, values, {})


def _replies(given: GivenAnnotation, head: Annotation, moment: datetime) -> Iterator[Annotation]:
    """All answers to a note as replies to it; answers to answers too, for replies have none of their own."""
    for answer in given.replies:
        yield rows.settled(
            replace(
                head,
                id=new_id(),
                parent=head.id,
                note=answer.note,
                author=answer.author or UNSAID,
                done=False,
                created=_told(answer.created) or moment,
                modified=_told(answer.modified) or _told(answer.created) or moment,
            )
        )
        yield from _replies(answer, head, moment)


def _annotation(given: GivenAnnotation, text: str, record: DocumentRecord, moment: datetime) -> Annotation:
    """What somebody put on the file, on the same words. A note on no words is put on the word nearest to it."""
    start, end = _worded(text, given.start, given.end)
    value = Annotation(
        id=new_id(),
        document=record.id,
        revision=record.revision,
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        state="placed" if start < end else "orphaned",
        colour=next((colour for colour in COLOURS if colour == given.colour), "yellow"),
        style=next((style for style in STYLES if style == given.style), "highlight"),
        note=given.note,
        done=given.done,
        author=given.author or UNSAID,
        created=_told(given.created) or moment,
        modified=_told(given.modified) or _told(given.created) or moment,
    )
    return rows.settled(value)


def _told(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment < LATEST else None


def _worded(text: str, start: int, end: int) -> tuple[int, int]:
    """`start:end` without white space at its ends; where no word is in it the one beside it; (0, 0) in no text."""
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    words = text[start:end]
    if words.strip():
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
    return _word_at(text, start)


def _word_at(text: str, place: int) -> tuple[int, int]:
    """The word that `place` touches, else the next one, else the last."""
    start = end = place
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    if start < end:
        return start, end
    while end < len(text) and text[end].isspace():
        end += 1
    if end == len(text):
        end = len(text.rstrip())
    return _word_at(text, end) if end else (0, 0)


def _theme(given: GivenTheme, others: Sequence[Theme], moment: datetime) -> Theme:
    return rows.settled(
        Theme(
            id=new_id(),
            name=" ".join(given.name.split()),
            colour=_colour(given.colour, others),
            words=given.words,
            created=moment,
            modified=moment,
        )
    )


def _colour(wanted: str, others: Sequence[Theme]) -> ThemeColour:
    """The colour asked for if there is such a one, else the one that the fewest themes have, in the order listed."""
    if wanted in THEME_COLOURS:
        return wanted
    return next_colour(others)
