"""Finds what a query asks for, fast enough to be asked at every key: the one seam between a query and its database."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from margent.errors import MargentError
from margent.library.asking import BINNED
from margent.library.errors import telling
from margent.library.files import connect
from margent.library.matching import Search
from margent.library.showing import ALL
from margent.query import Group, Query, SearchResult, Term
from margent.stemming import Stems, words_of

_CACHE_KIB = 32 << 10
_DAMAGED = (
    "The index of the search is damaged, though not the documents and notes: “margent check --rebuild” makes it anew."
)
_HOLDING = (
    "SELECT DISTINCT s.document FROM found_text JOIN search_text s ON s.id = found_text.rowid "  # noqa: S608 - no values
    f"WHERE found_text MATCH ? AND s.document NOT IN ({BINNED}) ORDER BY found_text.rowid DESC"
)
_KNOWN = "SELECT doc FROM found_words WHERE term = ? AND col = 'stems'"


class Searcher:
    """Searches a library through a connection of its own. May be used from any thread, one search at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._stems: dict[str, Stems] = {}

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def search(self, query: Query, limit: int, hits: int | None = None, *, indexed: bool = True) -> SearchResult:
        """The best `limit` documents with up to `hits` places of each (None: a few), by reading all without an index.

        Raises MargentError for what the file or disk is to blame for.
        """
        if query.is_empty or limit <= 0:
            return SearchResult(problem=query.problem)
        with self._one(query, indexed=indexed) as search:
            return search.run(limit, hits)

    def search_in(self, document: str, query: Query, hits: int = ALL, *, indexed: bool = True) -> Group | None:
        """Up to `hits` places of one document (id); None when there is none in it. Raises as `search`."""
        if query.is_empty:
            return None
        with self._one(query, indexed=indexed) as search:
            return search.run_in(document, hits)

    @contextmanager
    def _one(self, query: Query, *, indexed: bool) -> Iterator[Search]:
        with self._lock, telling(self._path):
            connection = self._open()
            connection.execute("BEGIN")
            try:
                if indexed:
                    yield Search(connection, query, self._stems_of)
                else:
                    from margent.library.scanning import Scan  # noqa: PLC0415 - few computers need it

                    yield Scan(connection, query, self._stems_of)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT_VTAB:
                    raise MargentError(_DAMAGED) from error
                raise
            finally:
                connection.execute("ROLLBACK")

    def documents_with(self, phrases: Sequence[str]) -> list[str]:
        """Ids of standing documents whose text may hold one of these phrases, in any inflection; newest first."""
        terms = [Term(tuple(words)) for words in map(words_of, phrases) if words]
        if not terms:
            return []
        with self._lock, telling(self._path):
            asked = Search(self._open(), Query(terms=tuple(terms)), self._stems_of).wording.any_of(terms, "text stems")
            return [row[0] for row in self._open().execute(_HOLDING, (asked,))]

    def known_by(self, keys: Iterable[str]) -> tuple[int, dict[str, int]]:
        """How many documents there are, and how many of them have each word, by its key in `Stems`."""
        with self._lock, telling(self._path):
            connection = self._open()
            (total,) = connection.execute("SELECT count(*) FROM search_text WHERE part = 0").fetchone()
            found = ((key, connection.execute(_KNOWN, (key,)).fetchone()) for key in keys)
            return total, {key: row[0] for key, row in found if row is not None}

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
            self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._connection.execute("PRAGMA query_only = ON")
        return self._connection

    def _stems_of(self, language: str) -> Stems:
        found = self._stems.get(language)
        if found is None:
            found = self._stems[language] = Stems(language)
        return found
