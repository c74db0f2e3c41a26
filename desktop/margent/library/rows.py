"""Rows and the values they hold: one definition, shared by the store and by the glance that has sqlite3 alone.

A row is any sequence in the order of the names below. Times may come as datetimes (SQLAlchemy) or as SQLite's text,
lists as lists or as JSON; both become the same value.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar, get_args

from margent.annotations import (
    COLOURS,
    KINDS,
    STATUSES,
    STYLES,
    THEME_COLOURS,
    Annotation,
    Collection,
    DocumentRecord,
    Origin,
    Passage,
    State,
    Theme,
    Value,
)
from margent.document import Document, GivenTheme
from margent.library.blocks import decode

ANNOTATION = tuple(f.name for f in fields(Annotation) if f.name != "themes")
THEME = tuple(f.name for f in fields(Theme))
PASSAGE = tuple(f.name for f in fields(Passage))
RECORD = tuple(f.name for f in fields(DocumentRecord) if f.name != "collections")
COLLECTION = tuple(f.name for f in fields(Collection))
READING = ("progress", "opened")
"""Fields of a DocumentRecord that follow from reading, not from edits: they live with the reading place."""
REVISION = ("text", "blocks", "about")

Row = Sequence[Any]
ALLOWED: dict[str, dict[str, frozenset[str]]] = {
    "annotation": {
        "kind": frozenset(KINDS),
        "colour": frozenset(COLOURS),
        "style": frozenset(STYLES),
        "state": frozenset(get_args(State)),
    },
    "theme": {"colour": frozenset(THEME_COLOURS)},
    "passage": {"origin": frozenset(get_args(Origin))},
    "document": {"status": frozenset(STATUSES)},
}
"""Columns that hold one of few words, by table."""
_FIELDS: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(kind)) for kind in (Annotation, Theme, Passage, DocumentRecord, Collection)
}
_NAMES: dict[type[Any], tuple[str, ...]] = {
    Annotation: ANNOTATION,
    Theme: THEME,
    Passage: PASSAGE,
    DocumentRecord: RECORD,
    Collection: COLLECTION,
}
_V = TypeVar("_V", bound=Value)
_TIMES = ("created", "modified", "deleted")
_UNSTORABLE = "[\x00\ud800-\udfff]"


class UnreadableError(ValueError):
    """A row holds what no Margent writes; says which row and what."""


def annotation_of(row: Row, themes: Sequence[str]) -> Annotation:
    """The annotation in a row of ANNOTATION, filed under `themes`."""
    found = _known("annotation", _dated(ANNOTATION, row))
    found["private"] = bool(found["private"])
    found["done"] = bool(found["done"])
    return Annotation(**found, themes=tuple(themes))


def theme_of(row: Row) -> Theme:
    """The theme in a row of THEME."""
    found = _known("theme", _dated(THEME, row))
    found["words"] = tuple(_loaded(found["words"]))
    return Theme(**found)


def passage_of(row: Row) -> Passage:
    """The passage in a row of PASSAGE."""
    return Passage(**_known("passage", _dated(PASSAGE, row)))


def collection_of(row: Row) -> Collection:
    """The collection in a row of COLLECTION."""
    return Collection(**_dated(COLLECTION, row))


def record_of(row: Row, collections: Sequence[str] = ()) -> DocumentRecord:
    """The document in a row of RECORD, in `collections`. Written out, for they are read by the thousand."""
    id_, revision, title, authors, date, language, source, summary, origin, words, status, progress = row[:12]
    created, modified, opened, deleted = row[12:]
    if status not in ALLOWED["document"]["status"]:
        raise _unknown("document", id_, "status", status)
    return DocumentRecord(
        id=id_,
        revision=revision,
        title=title,
        authors=() if authors == "[]" else tuple(_loaded(authors)),
        date=date,
        language=language,
        source=source,
        summary=summary,
        origin=origin,
        words=words,
        status=status,
        collections=tuple(collections),
        progress=progress,
        created=parsed(created) if isinstance(created, str) else created,
        modified=parsed(modified) if isinstance(modified, str) else modified,
        opened=parsed(opened) if isinstance(opened, str) else opened,
        deleted=parsed(deleted) if isinstance(deleted, str) else deleted,
    )


def document_of(row: Row, pictures: Callable[[list[str]], Mapping[str, bytes]]) -> Document:
    """The text in a row of REVISION, with the pictures its blocks show, which `pictures` gives by their keys.

    Raises ValueError, KeyError or TypeError when the row does not hold together.
    """
    text, entries, said = row
    blocks = decode(_loaded(entries), text)
    keys = list(dict.fromkeys(block.target for block in blocks if block.kind == "picture" and block.target))
    found = _loaded(said)
    themes = tuple(
        GivenTheme(name, colour, tuple(words), tuple((start, end) for start, end in spans))
        for name, colour, words, spans in found.pop("themes")
    )
    return Document(
        blocks=blocks,
        authors=tuple(found.pop("authors")),
        notices=tuple(found.pop("notices")),
        themes=themes,
        pages=tuple((start, label) for start, label in found.pop("pages", ())),
        pictures=pictures(keys) if keys else {},
        **found,
    )


def about(document: Document) -> dict[str, Any]:
    """What a document says of itself, as read from its file: kept with the revision, whatever the reader edits."""
    said: dict[str, Any] = {
        "title": document.title,
        "summary": document.summary,
        "authors": list(document.authors),
        "date": document.date,
        "language": document.language,
        "source": document.source,
        "notices": list(document.notices),
        "themes": [[theme.name, theme.colour, list(theme.words), theme.spans] for theme in document.themes],
    }
    if document.pages:
        said["pages"] = [list(page) for page in document.pages]
    return said


def row_of(value: Value) -> dict[str, Any]:
    """The columns of a value's own table; themes, collections and the reading place are rows elsewhere."""
    row = {name: getattr(value, name) for name in _NAMES[type(value)] if name not in READING}
    return {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in row.items()}


def settled(value: _V) -> _V:
    """`value` as it will be read back: times to the millisecond in UTC, no character that cannot be stored."""
    changes: dict[str, Any] = {}
    for name in _FIELDS[type(value)]:
        cell = getattr(value, name)
        kept = _settled_cell(cell)
        if kept is not cell and kept != cell:
            changes[name] = kept
    return replace(value, **changes) if changes else value


def storable(text: str) -> str:
    """`text` without NUL and lone surrogates, which no database holds."""
    return re.sub(_UNSTORABLE, "", text) if re.search(_UNSTORABLE, text) else text


def utc(moment: datetime) -> datetime:
    """`moment` in UTC, cut to the millisecond. Raises ValueError when it does not say its time zone."""
    if moment.tzinfo is UTC and not moment.microsecond % 1000:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} does not say its time zone")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _settled_cell(cell: Any) -> Any:  # noqa: ANN401
    if isinstance(cell, str):
        return storable(cell)
    if isinstance(cell, datetime):
        return utc(cell)
    return tuple(storable(part) for part in cell) if isinstance(cell, tuple) else cell


def _dated(names: Sequence[str], row: Row) -> dict[str, Any]:
    found = dict(zip(names, row, strict=True))
    for name in _TIMES:
        found[name] = _moment(found[name])
    return found


def _known(table: str, found: dict[str, Any]) -> dict[str, Any]:
    for name, allowed in ALLOWED[table].items():
        if found[name] not in allowed:
            raise _unknown(table, found["id"], name, found[name])
    return found


def _unknown(table: str, key: object, name: str, cell: object) -> UnreadableError:
    return UnreadableError(f"the {name} of the {table} {str(key)[:8]} is “{cell}”, which it does not know")


def _moment(cell: str | datetime | None) -> datetime | None:
    return parsed(cell) if isinstance(cell, str) else cell


def parsed(text: str) -> datetime:
    """A moment in UTC from SQLite's text. Raises UnreadableError."""
    try:
        return datetime.fromisoformat(text + "+00:00")
    except ValueError as error:
        raise UnreadableError(f"“{text}” is no time") from error


def _loaded(cell: Any) -> Any:  # noqa: ANN401
    return json.loads(cell) if isinstance(cell, str) else cell
