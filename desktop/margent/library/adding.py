"""Brings a document into the library: its text, its file, its pictures, and the themes its author named."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from margent.annotations import (
    THEME_COLOURS,
    DocumentRecord,
    Passage,
    Theme,
    ThemeColour,
    Value,
    new_id,
    next_colour,
    theme_named,
)
from margent.document import Document, GivenTheme
from margent.library import blocks, queries, rows, tables, writing

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
    _add_revision(connection, new, record, 1, moment)


def renew(connection: Connection, new: Arrival, old: DocumentRecord, moment: datetime) -> bool:
    """Give a document a newer revision, unless the reader has put something on it; whether it was given one."""
    of_document = queries.of_document(tables.passage, old.id)
    own = select(tables.passage.c.id).where(of_document, tables.passage.c.origin != "given").limit(1)
    notes = select(tables.annotation.c.id).where(queries.of_document(tables.annotation, old.id)).limit(1)
    if connection.execute(own).first() or connection.execute(notes).first():
        return False
    numbers = select(func.max(_revision.c.number)).where(_revision.c.document == old.id)
    number = (connection.execute(numbers).scalar() or 0) + 1
    record = _record(new, old.id, new_id(), moment, created=old.created)
    writing.save(connection, {old.id: record}, {old.id: old})
    _add_revision(connection, new, record, number, moment)
    return True


def _record(
    new: Arrival, document_id: str, revision: str, moment: datetime, created: datetime | None = None
) -> DocumentRecord:
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
            created=created or moment,
            modified=moment,
        )
    )


def _add_revision(connection: Connection, new: Arrival, record: DocumentRecord, number: int, moment: datetime) -> None:
    connection.execute(
        _revision.insert().values(
            id=record.revision,
            document=record.id,
            number=number,
            hash=new.digest,
            file=new.origin,
            created=moment,
            about=rows.about(new.document),
            blocks=new.entries,
            text=new.document.text,
        )
    )
    connection.execute(tables.original.insert().values(revision=record.revision, bytes=new.original))
    _add_pictures(connection, new.document)
    _add_themes(connection, new.document, record, moment)


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
