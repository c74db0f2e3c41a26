"""What the library view shows of a library: which documents stand on a shelf, how many, and in which order."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, get_args

from margent.annotations import status_of
from margent.folding import fold
from margent.library.files import BACKUPS
from margent.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
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
_NUMBER = re.compile("[0-9]+")
_DIGITS = 12
"""Of numbers that are compared by their worth."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@value(frozen=True, slots=True)
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


def shelves_of(library: Library, *, only: Sequence[str] | None = None, between: Callable[[], object] = bool) -> Shelves:
    """A library's shelves, or what stands on them of the documents `only` (ids).

    `between` is called after each millisecond's work or so (see `Library.shelf`). Raises MargentError when the library
    cannot be read.
    """
    rows, deleted = (library.shelf(deleted=gone, only=only, between=between) for gone in (False, True))
    found = Shelves(rows, deleted, library.collections(), library.theme_list())
    return replace(found, counted=counts(found)) if only is None else found


def last_backup(folder: Path) -> datetime | None:
    """When the newest backup of the library in `folder` was made, UTC; None when there is none."""
    moments: list[float] = []
    for path in (folder / BACKUPS).glob("library-*.db"):
        with suppress(OSError):  # the oldest goes while somebody looks
            moments.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def nested(collections: Sequence[Collection]) -> list[tuple[Collection, int]]:
    """Collections with how deep each stands (0 or 1), those inside another one right behind it."""
    standing = {collection.id for collection in collections}
    inside: dict[str, list[Collection]] = {}
    outer: list[Collection] = []
    for collection in sorted(collections, key=lambda c: (title_key(c.name), c.id)):
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
        found.update(_standing_on(row, parents))
    return {key: count for key, count in found.items() if count}


def _standing_on(row: ShelfRow, parents: Mapping[str, str]) -> list[str]:
    """The keys of the shelves that a document stands on, but for ALL."""
    keys = [status_of(row.record), *[OF_THEME + key for key in row.themes]]
    if row.record.collections:
        within = {key for key in row.record.collections if key in parents}
        within |= {parents[key] for key in within} - {""}
        keys += [IN_COLLECTION + key for key in within]
    return keys


def patched(shelves: Shelves, documents: AbstractSet[str], now: Shelves) -> Shelves:
    """`shelves` as they are after something happened to `documents` (ids), of which `now` has what is known now.

    `now` has all collections and themes; of the documents those it does not have are gone. What is not of
    `documents` stays the very same object, and so do `shelves` where nothing differs. Themes that are gone leave the
    rows they are in; those that come back are put into rows of `documents` alone.
    """
    gone_themes = {theme.id for theme in shelves.themes} - {theme.id for theme in now.themes}
    if gone_themes:
        shelves = _without(shelves, gone_themes)
    rows, old = _replaced(shelves.rows, documents, now.rows)
    deleted, gone = _replaced(shelves.deleted, documents, now.deleted)
    if (old, gone) == (now.rows, now.deleted) and (shelves.collections, shelves.themes) == (
        now.collections,
        now.themes,
    ):
        return shelves
    counted = None
    if shelves.counted is not None and _parents(shelves.collections) == _parents(now.collections):
        # Counting ten thousand takes as long as a frame.
        parents, found = _parents(now.collections), Counter(shelves.counted)
        for row in old:
            found.subtract(_standing_on(row, parents))
        for row in now.rows:
            found.update(_standing_on(row, parents))
        found[ALL], found[BIN] = len(rows), len(deleted)
        counted = {key: count for key, count in found.items() if count}
    return Shelves(rows, deleted, now.collections, now.themes, counted, partial=shelves.partial)


def _without(shelves: Shelves, themes: AbstractSet[str]) -> Shelves:
    """`shelves` whose rows do not tell of `themes`."""

    def bare(row: ShelfRow) -> ShelfRow:
        if themes.isdisjoint(row.themes):
            return row
        return row._replace(themes=tuple(theme for theme in row.themes if theme not in themes))

    counted = {key: n for key, n in (shelves.counted or {}).items() if key.removeprefix(OF_THEME) not in themes}
    return replace(
        shelves,
        rows=list(map(bare, shelves.rows)),
        deleted=list(map(bare, shelves.deleted)),
        counted=counted if shelves.counted is not None else None,
    )


def _replaced(
    rows: Sequence[ShelfRow], documents: AbstractSet[str], fresh: Sequence[ShelfRow]
) -> tuple[list[ShelfRow], list[ShelfRow]]:
    """`rows` without `documents` and with `fresh` at their places, and what was taken out."""
    kept: list[ShelfRow] = []
    old: list[ShelfRow] = []
    for row in rows:
        (old if row.record.id in documents else kept).append(row)
    for row in fresh:
        insort(kept, row, key=_last_first)
    return kept, old


def _last_first(row: ShelfRow) -> tuple[float, float, str]:
    """The order in which a library gives its documents."""
    record = row.record
    return -(record.opened or record.created).timestamp(), -record.created.timestamp(), record.id


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
    """What a title is ordered by: without case, accents and what opens it, and 2 before 10.

    Half of what is waited for when ten thousand are ordered is spent here.
    """
    plain = (title.lower() if title.isascii() else fold(title).text).lstrip(" \"'([«")
    return _NUMBER.sub(_padded, plain)


def _padded(number: re.Match[str]) -> str:
    return number[0].zfill(_DIGITS)


def _parents(collections: Sequence[Collection]) -> dict[str, str]:
    """The collection that each collection stands in, by ids; "" for none."""
    standing = {collection.id for collection in collections}
    return {c.id: c.parent if c.parent is not None and c.parent in standing else "" for c in collections}
