"""What the library view shows of a library: which documents stand on a shelf, how many, and in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, get_args

from margent.annotations import status_of
from margent.folding import fold
from margent.library.files import BACKUPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from margent.annotations import Collection, Status, Theme
    from margent.library.store import Library
    from margent.shelf import ShelfRow

ALL = "all"
BIN = "bin"
STATES: tuple[Status, ...] = ("reading", "to_read", "finished")
"""Shelves that a document stands on by how far its reader is, in the order they are listed."""
IN_COLLECTION = "c:"
OF_THEME = "t:"
"""How the key of a collection's or a theme's shelf begins; its id follows."""

Field = Literal["title", "themes", "highlights", "notes", "read", "opened"]
FIELDS: tuple[Field, ...] = get_args(Field)
"""What is told of a document, in the order of the table's columns."""
DESCENDING: frozenset[Field] = frozenset({"themes", "highlights", "notes", "read", "opened"})
"""Fields of which most people want the largest first."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shelves:
    """A library at one moment, without its texts. Rows are in the order documents were last opened."""

    rows: Sequence[ShelfRow] = ()
    deleted: Sequence[ShelfRow] = ()
    collections: Sequence[Collection] = ()
    themes: Sequence[Theme] = ()
    counted: Mapping[str, int] | None = None
    """What `counts` says, where it was counted before."""
    partial: bool = False
    """Whether these are the first of its documents only, which tell nothing of how many there are."""

    @property
    def highlights(self) -> int:
        """Annotations of all documents together."""
        return sum(row.highlights for row in self.rows)

    @property
    def notes(self) -> int:
        """Those of them that say something."""
        return sum(row.notes for row in self.rows)


def shelves_of(library: Library) -> Shelves:
    """A library's shelves. Raises MargentError when it cannot be read."""
    found = Shelves(library.shelf(), library.shelf(deleted=True), library.collections(), library.theme_list())
    return replace(found, counted=counts(found))


def last_backup(folder: Path) -> datetime | None:
    """When the newest backup of the library in `folder` was made, UTC; None when there is none."""
    moments = [path.stat().st_mtime for path in (folder / BACKUPS).glob("library-*.db")]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def nested(collections: Sequence[Collection]) -> list[tuple[Collection, int]]:
    """Collections with how deep each stands (0 or 1), those inside another one right behind it."""
    standing = {collection.id for collection in collections}
    inside: dict[str, list[Collection]] = {}
    outer: list[Collection] = []
    for collection in sorted(collections, key=lambda c: (fold(c.name).text, c.id)):
        if collection.parent in standing:
            inside.setdefault(collection.parent or "", []).append(collection)
        else:
            outer.append(collection)
    return [pair for top in outer for pair in ((top, 0), *((inner, 1) for inner in inside.get(top.id, ())))]


def counts(shelves: Shelves) -> Mapping[str, int]:
    """How many documents stand on each shelf, by its key; a shelf without any is not in it."""
    if shelves.counted is not None:
        return shelves.counted
    found: Counter[str] = Counter({ALL: len(shelves.rows), BIN: len(shelves.deleted)})
    parents = _parents(shelves.collections)
    for row in shelves.rows:
        found[status_of(row.record)] += 1
        for key in row.themes:
            found[OF_THEME + key] += 1
        if row.record.collections:
            within = {key for key in row.record.collections if key in parents}
            within |= {parents[key] for key in within} - {""}
            found.update(IN_COLLECTION + key for key in within)
    return {key: count for key, count in found.items() if count}


def on_shelf(shelves: Shelves, key: str) -> list[ShelfRow]:
    """The documents of a shelf. A collection has those of the collections inside it too; an unknown shelf has none."""
    if key == ALL:
        return list(shelves.rows)
    if key == BIN:
        return list(shelves.deleted)
    if key.startswith(OF_THEME):
        theme = key.removeprefix(OF_THEME)
        return [row for row in shelves.rows if theme in row.themes]
    if key.startswith(IN_COLLECTION):
        wanted = key.removeprefix(IN_COLLECTION)
        within = {own for own, parent in _parents(shelves.collections).items() if wanted in {own, parent}}
        return [row for row in shelves.rows if not within.isdisjoint(row.record.collections)]
    return [row for row in shelves.rows if status_of(row.record) == key]


def ordered(rows: Sequence[ShelfRow], field: Field, themes: Mapping[str, Theme], *, descending: bool) -> list[ShelfRow]:
    """`rows` by a field; those that do not differ in it keep the order they came in."""
    key: dict[Field, Callable[[ShelfRow], object]] = {
        "title": lambda row: title_key(row.record.title),
        "themes": lambda row: (len(row.themes), [themes[key].name for key in row.themes[:1] if key in themes]),
        "highlights": lambda row: row.highlights,
        "notes": lambda row: row.notes,
        "read": lambda row: 1.0 if status_of(row.record) == "finished" else row.record.progress,
        "opened": lambda row: row.record.opened or _NEVER,
    }
    return sorted(rows, key=key[field], reverse=descending)  # type: ignore[arg-type]


def title_key(title: str) -> str:
    """What a title is ordered by. Half of what is waited for when ten thousand are ordered is spent here."""
    return (title.lower() if title.isascii() else fold(title).text).lstrip(" \"'([«")


def _parents(collections: Sequence[Collection]) -> dict[str, str]:
    """The collection that each collection stands in, by ids; "" for none."""
    standing = {collection.id for collection in collections}
    return {c.id: c.parent if c.parent is not None and c.parent in standing else "" for c in collections}
