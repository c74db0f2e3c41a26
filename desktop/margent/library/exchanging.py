"""What the library remembers of exchanges: for each record the states that others have seen of it, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select

from margent.library import queries, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TABLE = tables.exchanged
_FORGET = _TABLE.delete().where(_TABLE.c.id == bindparam("_id"))
_INSERT = _TABLE.insert()


def remember(connection: Connection, lineage: Mapping[str, str]) -> None:
    """Keep what is given by a record's id, over what was there; "" forgets it."""
    if not lineage:
        return
    connection.execute(_FORGET, [{"_id": key} for key in lineage])
    kept = [{"id": key, "lineage": text} for key, text in lineage.items() if text]
    if kept:
        connection.execute(_INSERT, kept)


def remembered(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """What is kept of the records `keys`; those of which nothing is are left out."""
    found: dict[str, str] = {}
    for part in queries.batches(keys):
        rows = connection.execute(select(_TABLE.c.id, _TABLE.c.lineage).where(_TABLE.c.id.in_(part)))
        found.update((key, text) for key, text in rows)
    return found
