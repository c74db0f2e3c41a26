"""What can be wrong inside a sound database: values nobody wrote, places beyond a text, links that lead nowhere.

Each finding is a sentence that names what it is about. The database is only read; the caller has begun a transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from margent.library.rows import ALLOWED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_TIMED = ("document", "revision", "theme", "passage", "annotation", "collection", "reading_place")
_TIMES = {"created", "modified", "deleted", "opened"}
_KEYS = {"reading_place": "document"}


class _Fault(NamedTuple):
    """A query that gives the ids of what is wrong, and the sentence about one of them."""

    query: str
    sentence: str


_FAULTS = (
    _Fault(
        "SELECT a.id FROM annotation a JOIN document d ON d.id = a.document "
        "JOIN revision r ON r.id = a.revision AND r.document = d.id WHERE a.revision <> d.revision",
        "The annotation {} stands on an older text than the one that is read.",
    ),
    _Fault(
        "SELECT a.id FROM annotation a JOIN annotation h ON h.id = a.parent "
        "WHERE h.parent IS NOT NULL OR h.document <> a.document",
        "The reply {} answers another reply, or a note on another document.",
    ),
    _Fault(
        "SELECT p.document FROM reading_place p JOIN revision r ON r.id = p.revision "
        "WHERE p.position NOT BETWEEN 0 AND length(r.text) OR p.progress NOT BETWEEN 0 AND 1",
        "The place where reading stopped in the document {} lies outside its text.",
    ),
    _Fault(
        "SELECT c.id FROM collection c JOIN collection p ON p.id = c.parent WHERE p.parent IS NOT NULL",
        "The collection {} is nested deeper than once, or in itself.",
    ),
    _Fault(
        "SELECT c.id FROM collection c JOIN collection p ON p.id = c.parent "
        "WHERE c.deleted IS NULL AND p.deleted IS NOT NULL",
        "The collection {} is in one that was deleted.",
    ),
    _Fault(
        "SELECT n.annotation FROM anchor n JOIN annotation a ON a.id = n.annotation "
        'JOIN revision r ON r.id = n.revision WHERE r.document <> a.document OR n."end" > length(r.text)',
        "An earlier place of the annotation {} lies outside the text that it was in.",
    ),
    _Fault(
        "SELECT e.id FROM exchanged e WHERE e.id NOT IN (SELECT id FROM annotation UNION ALL SELECT id FROM theme "
        "UNION ALL SELECT id FROM passage UNION ALL SELECT id FROM document UNION ALL SELECT id FROM revision)",
        "An exchange of {} is remembered, and nothing of that name is in the library.",
    ),
    _Fault(
        "SELECT annotation FROM annotation_theme GROUP BY annotation HAVING max(position) >= count(*) "
        "OR count(DISTINCT theme) < count(*)",
        "The themes of the annotation {} are not in order.",
    ),
    _Fault(
        "SELECT document FROM document_collection GROUP BY document HAVING max(position) >= count(*) "
        "OR count(DISTINCT collection) < count(*)",
        "The collections of the document {} are not in order.",
    ),
)


def findings(connection: sqlite3.Connection) -> Iterator[str]:
    """All that is wrong in the rows themselves; the texts are compared with their anchors elsewhere."""
    for table, names in ALLOWED.items():
        for name, allowed in names.items():
            holes = ", ".join("?" * len(allowed))
            query = f"SELECT id, {name} FROM {table} WHERE {name} NOT IN ({holes})"  # noqa: S608 - names of columns
            for key, value in connection.execute(query, sorted(allowed)):
                yield f"The {name} of the {table} {key[:8]} is “{value}”, which is none that this program knows."
    yield from _times(connection)
    for fault in _FAULTS:
        for (key,) in connection.execute(fault.query):
            yield fault.sentence.format(key[:8])
    for key, text in connection.execute("SELECT id, lineage FROM exchanged"):
        if not _is_lineage(text):
            yield f"What is remembered of the exchange of {key[:8]} cannot be read."


def _times(connection: sqlite3.Connection) -> Iterator[str]:
    for table in _TIMED:
        key = _KEYS.get(table, "id")
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for name in filter(_TIMES.__contains__, names):
            query = (
                f"SELECT {key} FROM {table} WHERE {name} IS NOT NULL "  # noqa: S608
                f"AND (typeof({name}) <> 'text' OR length({name}) <> 26 OR julianday(substr({name}, 1, 23)) IS NULL)"
            )
            for (found,) in connection.execute(query):
                yield f"The time “{name}” of the {table.replace('_', ' ')} {found[:8]} cannot be read."


def _is_lineage(text: str) -> bool:
    """Whether a text may be what `exchange.lineage` keeps; its records are read when they are merged."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and isinstance(found.get("seen"), list) and isinstance(found.get("past"), list)
