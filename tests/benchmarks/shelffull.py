"""A library of ten thousand documents with ten highlights each, written row by row: bringing them in takes minutes.

Every document has a revision of its own with the text of the first, a title of three to twelve words, on every second
highlight a note, two of twelve themes, and one of five collections or none; every second one has been opened. What the
search keeps of the links to themes is there too, the words of the texts are not.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from margent import edits
from margent.document import Block, Document
from margent.library.store import Library

DOCUMENTS = 10_000
NOTES = 10
OF_FIRST = 2_000
"""Highlights that belong to the first theme, Theme 0, besides another one."""
_THEMES, _COLLECTIONS = 12, 5
_WORDS = ["corridor", "energy", "partnership", "between", "Europe", "and", "Asia", "on", "raw", "materials"]
_FIRST = datetime(2026, 1, 1)  # noqa: DTZ001 - as SQLite's text, which has no zone


def fill(folder: Path, documents: int = DOCUMENTS) -> None:
    """Make the library in `folder`, which need not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Library.open(folder)) as library:
        text = Document("A first one", (Block("paragraph", "Oil and gas make the country a natural place."),))
        first = library.add_document(text, origin="one.md", original=b"one")
        for number in range(_THEMES):
            library.apply(edits.new_theme(f"Theme {number}", "navy"))
        for number in range(_COLLECTIONS):
            library.apply(edits.make_collection(f"Collection {number}"))
        library.apply(edits.annotate(first, text.text, 0, 11, note="A note of six words here."))
        themes = [theme.id for theme in library.theme_list()]
        collections = [collection.id for collection in library.collections()]
        path = library.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table, rows in _rows(connection, documents, themes, collections):
            _insert(connection, table, rows)
        connection.commit()


def _rows(
    connection: sqlite3.Connection, documents: int, themes: list[str], collections: list[str]
) -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
    numbers = range(1, documents)
    text, document, note = (_only(connection, table) for table in ("revision", "document", "annotation"))
    key, own = "d{:031d}".format, "e{:031d}".format
    moments = {n: str(_FIRST + timedelta(minutes=n)) + ".000000" for n in numbers}
    yield "revision", ({**text, "id": own(n), "document": key(n), "hash": f"{n:064d}"} for n in numbers)
    yield (
        "document",
        ({**document, "id": key(n), "revision": own(n), "title": title(n), "created": moments[n]} for n in numbers),
    )
    yield (
        "reading_place",
        (
            {"document": key(n), "revision": own(n), "position": 0, "progress": n % 11 / 10, "opened": moments[n]}
            for n in numbers[::2]
        ),
    )
    yield (
        "document_collection",
        (
            {"document": key(n), "position": 0, "collection": collections[n // 3 % len(collections)]}
            for n in numbers[::3]
        ),
    )
    notes = [(n, n * NOTES + m) for n in numbers for m in range(NOTES)]
    yield (
        "annotation",
        (
            {
                **note, "id": f"a{m:031d}", "document": key(n), "revision": own(n),
                "note": note["note"] if m % 2 else "",
            }
            for n, m in notes
        ),
    )  # fmt: skip
    first, *others = themes
    filed = [(f"a{m:031d}", n, 0, others[(n + m % 2) % len(others)]) for n, m in notes]
    filed += [(f"a{m:031d}", n, 1, first) for n, m in notes if n <= OF_FIRST // 5 and m % 2]
    yield "annotation_theme", ({"annotation": a, "position": p, "theme": t} for a, _, p, t in filed)
    yield "search_filed", ({"annotation": a, "theme": t, "document": key(n)} for a, n, _, t in filed)


def title(number: int) -> str:
    """The title of the document of that number."""
    return " ".join([f"Document {number}", *_WORDS[: number % 8 + 1]])


def _only(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    found = connection.execute(f"SELECT * FROM {table}")
    return dict(zip((column[0] for column in found.description), found.fetchone(), strict=True))


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    names = ", ".join(f'"{name}"' for name in rows[0])
    places = ", ".join(f":{name}" for name in rows[0])
    connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
