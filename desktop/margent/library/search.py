"""Finds what a query asks for, fast enough to be asked at every key: the one seam between a query and its database.

SQLite's index gives the rows that match, the newest first, and of words so common that thousands of rows have them only
the newest few thousand are looked at and ranked. Whatever is shown is then looked up in its text, so that a hit leads
to the words themselves.
"""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from margent.folding import fold
from margent.library import index
from margent.library.errors import telling
from margent.library.files import connect
from margent.marking import Finder, start_of, windows
from margent.query import Group, Hit, Query, SearchResult, Term, has_words
from margent.stemming import Stems, words_of

TEXTS, NOTES = 500, 800
"""Of more matching documents or notes than so many, only the newest are ranked."""
_BEST = 400
"""Of the ranked ones so many are looked up."""
_TITLE, _NOTE, _QUOTE = 8.0, 3.0, 2.0
"""What a word counts there, when it counts 1 in a text."""
_THEME_SCORE = 12.0
_SHOWN, _FEWER, _FIRST = 5, 2, 12
"""Hits that are given of each document: so many of the first dozen, fewer of the others."""
_THEMED = 400
"""Places of the themes whose name matches that are looked at."""
_CACHE_KIB = 32 << 10


class Index(NamedTuple):
    """One of the two indexes, and what is asked of it."""

    most: int
    ranked: str
    """Of the rows that match, the newest so many, the best of these first."""
    narrowed: str
    """The same of the rows of certain dates in documents that stand: each row is looked up, so it takes longer."""
    latest: str
    """The newest rows of certain dates in documents that stand."""


def _index(found: str, source: str, annotation: str, weights: str, most: int) -> Index:
    score = f"-bm25({found}, {weights}, 0.0)"
    columns = f"s.document, %s, {annotation}"
    newest = f"SELECT rowid AS id, {score} AS score FROM {found} WHERE {found} MATCH ? ORDER BY rowid DESC LIMIT {most}"  # noqa: S608
    best = f"SELECT * FROM ({newest}) ORDER BY score DESC, id DESC LIMIT {_BEST}"  # noqa: S608
    standing = f"s.moment >= ? AND s.moment < ? AND s.document NOT IN ({_BINNED})"
    return Index(
        most,
        f"SELECT {columns % 'r.score'} FROM ({best}) r JOIN {source} s ON s.id = r.id ORDER BY r.score DESC, r.id DESC",  # noqa: S608
        f"SELECT {columns % score} FROM {found} JOIN {source} s ON s.id = {found}.rowid "  # noqa: S608
        f"WHERE {found} MATCH ? AND {standing} ORDER BY {found}.rowid DESC LIMIT {most}",
        f"SELECT {columns % '1.0'} FROM {source} s WHERE {standing} ORDER BY s.id DESC LIMIT {most}",  # noqa: S608
    )


_BINNED = "SELECT id FROM document WHERE deleted IS NOT NULL"
TEXT_INDEX = _index("found_text", "search_text", "''", f"{_TITLE}, 1.0, {_TITLE}, 1.0", TEXTS)
NOTE_INDEX = _index("found_note", "search_note", "s.annotation", f"{_NOTE}, {_QUOTE}, {_NOTE}, {_QUOTE}", NOTES)
_LANGUAGES = "SELECT language FROM search_text GROUP BY language"
_THEMES = "SELECT id, name FROM theme WHERE deleted IS NULL"
_HEAD = (
    "SELECT d.title, d.origin, d.revision, s.language FROM document d JOIN search_text s ON s.document = d.id "
    "WHERE d.id = ?"
)
_HOLDING = (
    "SELECT s.document FROM found_text JOIN search_text s ON s.id = found_text.rowid "  # noqa: S608 - no values
    f"WHERE found_text MATCH ? AND s.document NOT IN ({_BINNED}) ORDER BY found_text.rowid DESC"
)
_KNOWN = "SELECT doc FROM found_words WHERE term = ? AND col = 'stems'"
_TEXT = "SELECT text FROM revision WHERE id = ?"
_FULL_NOTE = 'SELECT note, exact, revision, start, "end", parent FROM annotation WHERE id = ?'
_PLACES = (
    'SELECT p.document, p.revision, p.start, p."end", p.theme FROM passage p JOIN document d ON d.id = p.document '
    "WHERE p.theme IN ({}) AND p.deleted IS NULL AND p.origin <> 'dismissed' AND p.revision = d.revision "
    'UNION ALL SELECT a.document, a.revision, a.start, a."end", f.theme FROM annotation_theme f '
    "JOIN annotation a ON a.id = f.annotation WHERE f.theme IN ({}) AND a.deleted IS NULL LIMIT ?"
)


Row = tuple[str, float, str]
"""Document, score, and the annotation or ""."""


class _Place(NamedTuple):
    """Where a theme stands in a document."""

    document: str
    revision: str
    start: int
    end: int
    theme: str


class _Match:
    """What is known of one document before its text is looked at."""

    __slots__ = ("in_text", "notes", "places", "score")

    def __init__(self) -> None:
        self.score = 0.0
        self.in_text = False
        self.notes: list[tuple[float, str]] = []
        self.places: list[_Place] = []


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

    def search(self, query: Query, limit: int, *, indexed: bool = True) -> SearchResult:
        """The best `limit` documents, by reading all when there is no index.

        Raises MargentError for what the file or disk is to blame for.
        """
        if query.is_empty or limit <= 0:
            return SearchResult(problem=query.problem)
        with self._lock, telling(self._path):
            connection = self._open()
            connection.execute("BEGIN")
            try:
                if indexed:
                    return Search(connection, query, self._stems_of).run(limit)
                from margent.library.scanning import NOTICE, Scan  # noqa: PLC0415 - few computers need it

                found = Scan(connection, query, self._stems_of).run(limit)
                return found._replace(problem=f"{found.problem} {NOTICE}".strip())
            finally:
                connection.execute("ROLLBACK")

    def documents_with(self, phrases: Sequence[str]) -> list[str]:
        """Ids of standing documents whose text may hold one of these phrases, in any inflection; newest first."""
        terms = [Term(tuple(words)) for words in map(words_of, phrases) if words]
        if not terms:
            return []
        with self._lock, telling(self._path):
            asked = Search(self._open(), Query(terms=tuple(terms)), self._stems_of).any_of(terms)
            return [row[0] for row in self._open().execute(_HOLDING, (asked,))]

    def known_by(self, keys: Iterable[str]) -> tuple[int, dict[str, int]]:
        """How many documents there are, and how many of them have each word, by its key in `Stems`."""
        with self._lock, telling(self._path):
            connection = self._open()
            (total,) = connection.execute("SELECT count(*) FROM search_text").fetchone()
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


class Search:
    """One search, in one transaction."""

    def __init__(self, connection: sqlite3.Connection, query: Query, stems_of: Callable[[str], Stems]) -> None:
        self._connection = connection
        self._query = query
        self._stems_of = stems_of
        self._finders: dict[str, Finder] = {}
        self._matches: defaultdict[str, _Match] = defaultdict(_Match)
        self._complete = True
        self._languages = self._spoken()
        self._binned = {row[0] for row in connection.execute(_BINNED)}
        self._names: dict[str, str] = dict(connection.execute(_THEMES))

    def run(self, limit: int) -> SearchResult:
        """The best `limit` documents."""
        query = self._query
        themes = list(self._themes_meant())
        if query.themes and not themes:
            said = f"There is no theme “{query.themes[0]}”."
            return SearchResult(problem=f"{query.problem} {said}".strip())
        places = query.places
        if not query.kinds and not query.colours and (not places or places & {"titles", "text"}):
            self._take_texts(themes)
        if not places or places & {"notes", "quotes"}:
            self._take_notes(themes)
        if not places and query.terms and not (query.kinds or query.colours or query.authors or query.themes):
            self._take_themes()
        best = sorted(self._matches.items(), key=lambda item: -item[1].score)[:limit]
        groups = tuple(
            self._group(document, match, _SHOWN if place < _FIRST else _FEWER)
            for place, (document, match) in enumerate(best)
        )
        return SearchResult(groups, query.problem, self._complete)

    def _themes_meant(self) -> dict[str, None]:
        """Ids of the themes that are asked for."""
        names = self._names.items()
        return {key: None for wanted in self._query.themes for key, name in names if has_words(name, wanted)}

    def _spoken(self) -> list[str]:
        """The languages of the library's texts."""
        return [row[0] for row in self._connection.execute(_LANGUAGES)]

    def _head(self, document: str) -> tuple[str, str, str, str]:
        """Title, origin, revision and language of a document."""
        head: tuple[str, str, str, str] = self._connection.execute(_HEAD, (document,)).fetchone()
        return head

    # -- what matches -------------------------------------------------------------------------------------------

    def _take_texts(self, themes: list[str]) -> None:
        places = self._query.places
        raw, stems = [], []
        for place, column in (("titles", "title"), ("text", "text")):
            if not places or place in places:
                raw.append(column)
                stems.append("title_stems" if column == "title" else "stems")
        expression = self._expression(raw, stems, [])
        within = {place.document for place in self._places(themes)} if themes else None
        for document, score, _ in self._rows(TEXT_INDEX, expression, within):
            match = self._matches[document]
            match.in_text = True
            match.score += score

    def _take_notes(self, themes: list[str]) -> None:
        places, query = self._query.places, self._query
        raw = [name for name in ("note", "quote") if not places or f"{name}s" in places]
        tags = [
            [f'"{index.kind_tag(kind)}"' for kind in query.kinds],
            [f'"{index.colour_tag(colour)}"' for colour in query.colours],
            [f'"{index.theme_tag(theme)}"' for theme in themes],
        ]
        expression = self._expression(raw, [f"{name}_stems" for name in raw], tags)
        for document, score, annotation in self._rows(NOTE_INDEX, expression):
            match = self._matches[document]
            match.notes.append((score, annotation))
        for match in self._matches.values():
            if match.notes:
                match.notes.sort(key=lambda note: -note[0])
                scores = [score for score, _ in match.notes]
                match.score += scores[0] + min(scores[0], 0.1 * sum(scores[1:]))

    def _take_themes(self) -> None:
        words = [" ".join(term.words) for term in self._query.terms]
        themes = [key for key, name in self._names.items() if all(has_words(name, word) for word in words)]
        for place in self._places(themes):
            if place.document not in self._binned:
                match = self._matches[place.document]
                if not match.places:
                    match.score += _THEME_SCORE
                match.places.append(place)

    def _places(self, themes: Sequence[str]) -> list[_Place]:
        if not themes:
            return []
        holes = ", ".join("?" * len(themes))
        found = self._connection.execute(_PLACES.format(holes, holes), (*themes, *themes, _THEMED))
        return [_Place(*row) for row in found]

    def _rows(self, asked: Index, expression: str, within: set[str] | None = None) -> list[Row]:
        """Rows of documents that stand, of the dates asked for and of `within`; of very many the newest."""
        after, before = (index.stamp(moment) if moment else "" for moment in (self._query.after, self._query.before))
        dated = bool(after or before)
        if not expression and not dated and within is None:
            return []
        bounds = (after, before or "9999")
        if not expression:
            rows = self._ask(asked, asked.latest, bounds)
        elif dated:
            rows = self._ask(asked, asked.narrowed, (expression, *bounds))
        else:
            rows = self._ask(asked, asked.ranked, (expression,))
            standing = [row for row in rows if row[0] not in self._binned]
            if len(standing) < len(rows) >= _BEST:  # most of a library may be in the bin
                standing = self._ask(asked, asked.narrowed, (expression, *bounds))
            rows = standing
        return rows if within is None else [row for row in rows if row[0] in within]

    def _ask(self, asked: Index, statement: str, values: tuple[str, ...]) -> list[Row]:
        rows: list[Row] = self._connection.execute(statement, values).fetchall()
        if len(rows) >= min(asked.most, _BEST):
            self._complete = False
        return rows

    def _expression(self, raw: list[str], stems: list[str], tags: list[list[str]]) -> str:
        """What FTS5 is asked: every word is quoted, so that nothing typed is ever read as an operator."""
        parts = [self._term(term, raw, stems) for term in self._query.terms]
        authors = [" AND ".join(_author(term)) for term in self._query.authors]
        parts += [f"tags : ({' OR '.join(names)})" for names in (*tags, [f"({a})" for a in authors]) if names]
        if not parts:
            return ""
        asked = " AND ".join(parts)
        if self._query.without:
            asked = f"({asked}) NOT ({' OR '.join(self._term(term, raw, stems) for term in self._query.without)})"
        return asked

    def _term(self, term: Term, raw: list[str], stems: list[str]) -> str:
        """One term in the columns as they are written, or in those of the stems, of any of the library's languages."""
        plain = [fold(word).text or word for word in term.words]
        star = "*" if term.prefix and len(plain[-1]) > 1 else ""
        asked = {_phrase(plain) + star}
        if not term.exact:
            for language in self._languages:
                known = self._stems_of(language)
                if len(term.words) > 1:
                    asked.add(_phrase([known.key(word) for word in term.words]))
                else:
                    asked |= {_phrase([k]) for k in known.keys(term.words[0]) if not (star and k.startswith(plain[0]))}
        written = {_phrase(term.words) + star}
        if not self._query.places:
            return f"({' OR '.join(sorted(written | asked))})"
        return f"({{{' '.join(raw)}}} : ({min(written)}) OR {{{' '.join(stems)}}} : ({' OR '.join(sorted(asked))}))"

    def any_of(self, terms: Sequence[Term]) -> str:
        """What FTS5 is asked for texts, titles aside, with any of `terms`."""
        return f"{{text stems}} : ({' OR '.join(self._term(term, [], []) for term in terms)})"

    # -- what is shown ------------------------------------------------------------------------------------------

    def _group(self, document: str, match: _Match, shown: int) -> Group:
        title, origin, revision, language = self._head(document)
        finder = self._finder(language)
        hits: list[Hit] = []
        total = len(match.notes)
        if match.in_text:
            found, count = self._text_hits(finder, title, revision, min(shown, 3))
            hits += found
            total += count
        if match.places:
            hits += self._theme_hits(finder, match.places)
            total += len(match.places)
        notes = [self._note_hit(finder, key) for _, key in match.notes[: max(shown // 2, shown - len(hits))]]
        first = 1 if hits and hits[0].where == "title" else 0
        hits[first:first] = notes
        return Group(document, title, origin, match.score, tuple(hits), total)

    def _text_hits(self, finder: Finder, title: str, revision: str, most: int) -> tuple[list[Hit], int]:
        """The title if it has a word, then the best places of the text, at most so many; and how many there are."""
        places, hits = self._query.places, []
        in_title = finder.find(title) if not places or "titles" in places else []
        if in_title:
            hits.append(Hit("title", revision, 0, 0, "", *windows(title, in_title, 1)[0][1:]))
        if places and "text" not in places:
            return hits or [Hit("title", revision, 0, 0, "", title)], max(1, len(in_title) and 1)
        (text,) = self._connection.execute(_TEXT, (revision,)).fetchone()
        found = finder.find(text)
        for first, snippet, marks in windows(text, found, most):
            hits.append(Hit("text", revision, first.start, first.end, "", snippet, marks))
        if not hits:
            hits.append(Hit("text", revision, 0, 0, "", start_of(text)))
        return hits, max(1, len(found) + bool(in_title))

    def _note_hit(self, finder: Finder, annotation: str) -> Hit:
        note, quote, revision, start, end, parent = self._connection.execute(_FULL_NOTE, (annotation,)).fetchone()
        places = self._query.places
        for where, text in (("note", note), ("quote", quote if parent is None else "")):
            found = finder.find(text) if not places or f"{where}s" in places else []
            if found:
                _, snippet, marks = windows(text, found, 1)[0]
                return Hit("note" if where == "note" else "quote", revision, start, end, annotation, snippet, marks)
        first = note and (not places or "notes" in places)
        return Hit("note" if first else "quote", revision, start, end, annotation, start_of(note if first else quote))

    def _theme_hits(self, finder: Finder, places: Iterable[_Place]) -> Iterator[Hit]:
        """The first place of each theme."""
        seen: set[str] = set()
        for place in sorted(places, key=lambda place: (place.start, place.end)):
            if place.theme not in seen:
                seen.add(place.theme)
                name = self._names[place.theme]
                found = finder.find(name)
                marks = windows(name, found, 1)[0][2] if found else ()
                yield Hit("theme", place.revision, place.start, place.end, "", name, marks)

    def _finder(self, language: str) -> Finder:
        found = self._finders.get(language)
        if found is None:
            found = self._finders[language] = Finder(self._query.terms, self._stems_of(language))
        return found


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(words).replace('"', '""') + '"'


def _author(term: Term) -> list[str]:
    """The tags of a name's words; the last one may go on."""
    tags = [tag for word in term.words for tag in index.author_tags(word)]
    return [f'"{tag}"' for tag in tags[:-1]] + [f'"{tag}"*' for tag in tags[-1:]]
