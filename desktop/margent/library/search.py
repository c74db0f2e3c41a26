"""Finds what a query asks for, fast enough to be asked at every key: the one seam between a query and its database.

SQLite's index gives the rows that match. Of words so common that thousands have them, these are ranked: texts with them
in the title, texts that say them again and again, and then the newest. A document that has some of the words in its
text and others in notes, or in a part of a long text far away, comes after those that have them in one place. Whatever
is shown is then looked up in its text, so that a hit leads to the words themselves.
"""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from margent.errors import MargentError
from margent.library import asking
from margent.library.asking import BINNED, NOTE_INDEX, TEXT_INDEX, Columns, Ids, Index, Wording
from margent.library.errors import telling
from margent.library.files import connect
from margent.library.tags import colour_tag, document_tag, kind_tag, theme_tag
from margent.marking import ENOUGH, WIDTH, Finder, count_windows, start_of, windows
from margent.query import Group, Hit, Query, SearchResult, Term, has_words
from margent.stemming import Stems, words_of

_THEME_SCORE = 12.0
_SHOWN, _FEWER, _FIRST = 5, 2, 12
"""Hits that are given of each document: so many of the first dozen, fewer of the others."""
ALL = 500
"""Hits that are given of a document when all are wanted."""
_THEMED = 400
"""Places of the themes whose name matches that are looked at."""
_APART = 100
"""Documents with the rarest words that are looked through for the common ones."""
_CACHE_KIB = 32 << 10
_DAMAGED = (
    "The index of the search is damaged, though not the documents and notes: “margent check --rebuild” makes it anew."
)
_LANGUAGES = (
    "WITH RECURSIVE spoken (language) AS (SELECT min(language) FROM search_text UNION ALL "
    "SELECT (SELECT min(language) FROM search_text s WHERE s.language > spoken.language) FROM spoken "
    "WHERE language IS NOT NULL) SELECT language FROM spoken WHERE language IS NOT NULL"
)
"""From one to the next: to read those of all documents takes half a millisecond."""
_THEMES = "SELECT id, name FROM theme WHERE deleted IS NULL"
_HEAD = (
    "SELECT title, origin, revision, "
    "coalesce((SELECT language FROM search_text s WHERE s.document = d.id LIMIT 1), '') FROM document d WHERE d.id = ?"
)
_HOLDING = (
    "SELECT DISTINCT s.document FROM found_text JOIN search_text s ON s.id = found_text.rowid "  # noqa: S608 - no values
    f"WHERE found_text MATCH ? AND s.document NOT IN ({BINNED}) ORDER BY found_text.rowid DESC"
)
_KNOWN = "SELECT doc FROM found_words WHERE term = ? AND col = 'stems'"
_LONG = "SELECT DISTINCT document FROM search_text WHERE part > 0"
_TEXT = "SELECT text FROM revision WHERE id = ?"
_WORDS = "SELECT substr(text, ?, ?) FROM revision WHERE id = ?"
_FULL_NOTE = 'SELECT note, exact, revision, start, "end", parent FROM annotation WHERE id = ?'
_PLACES = (
    'SELECT p.document, p.revision, p.start, p."end", p.theme FROM passage p JOIN document d ON d.id = p.document '
    "WHERE p.theme IN ({0}) AND p.deleted IS NULL AND p.origin <> 'dismissed' AND p.revision = d.revision {1}"
    'UNION ALL SELECT a.document, a.revision, a.start, a."end", f.theme FROM {3} f '
    "JOIN annotation a ON a.id = f.annotation WHERE f.theme IN ({0}) {2}LIMIT ?"
)
_UNDER = (
    "SELECT p.document FROM passage p JOIN document d ON d.id = p.document WHERE p.theme IN ({0}) "
    "AND p.deleted IS NULL AND p.origin <> 'dismissed' AND p.revision = d.revision "
    "UNION SELECT document FROM {1} WHERE theme IN ({0})"
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
        self.notes: dict[str, float] = {}
        """Annotations and what each counts."""
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
    def _one(self, query: Query, *, indexed: bool) -> Iterator["Search"]:
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


class Search:
    """One search, in one transaction."""

    notice = ""
    """What is said beside the result, in a sentence."""
    filed = "search_filed"
    """Where the links of standing annotations to themes are."""

    def __init__(self, connection: sqlite3.Connection, query: Query, stems_of: Callable[[str], Stems]) -> None:
        self._connection = connection
        self._query = query
        self._stems_of = stems_of
        self._finders: dict[str, Finder] = {}
        self._matches: defaultdict[str, _Match] = defaultdict(_Match)
        self._complete = True
        self._limit = 0
        self._filed_under: set[str] | None = None
        self._ids: Ids = asking.ids_between(query.after, query.before)
        self._binned = {row[0] for row in connection.execute(BINNED)}
        self._names: dict[str, str] = dict(connection.execute(_THEMES))
        self._texts, self._notes = self._columns()
        self.wording = Wording(query, self._spoken(), stems_of)

    def run(self, limit: int, hits: int | None = None) -> SearchResult:
        """The best `limit` documents, with up to `hits` places of each."""
        query, self._limit = self._query, limit
        if query.themes and not self._themes_meant():
            said = f"There is no theme “{query.themes[0]}”."
            return SearchResult(problem=f"{query.problem} {said} {self.notice}".strip())
        self._take()
        if len(self._matches) < limit and len(query.terms) > 1 and not self._narrows:
            self._take_apart(limit - len(self._matches))
        best = sorted(self._matches.items(), key=lambda item: -item[1].score)[:limit]
        if not self._complete:
            self._fill_up([document for document, _ in best])
        shown = [hits or (_SHOWN if place < _FIRST else _FEWER) for place in range(len(best))]
        enough = max(ENOUGH, hits or 0)
        groups = tuple(
            self._group(document, match, most, enough) for (document, match), most in zip(best, shown, strict=True)
        )
        return SearchResult(groups, f"{query.problem} {self.notice}".strip(), self._complete)

    def run_in(self, document: str, hits: int) -> Group | None:
        """Up to `hits` places of one document; None when there is none in it."""
        if self._query.themes and not self._themes_meant():
            return None
        self._take([document])
        if document not in self._matches and len(self._query.terms) > 1 and not self._narrows:
            self._take_apart(1, [document])
        if document not in self._matches:
            return None
        return self._group(document, self._matches[document], hits, max(ENOUGH, hits))

    @property
    def _narrows(self) -> bool:
        """Whether more is asked for than words and dates."""
        query = self._query
        return bool(query.kinds or query.colours or query.authors or query.themes)

    def _columns(self) -> tuple[Columns, Columns]:
        """Where texts and notes are looked in; none of one of them when it is not to be looked in at all."""
        places, query = self._query.places, self._query
        texts = [name for name, place in (("title", "titles"), ("text", "text")) if not places or place in places]
        if query.kinds or query.colours:
            texts = []
        stems = {"title": "title_stems", "text": "stems"}
        notes = [name for name in ("note", "quote") if not places or f"{name}s" in places]
        return (
            Columns(tuple(texts), tuple(stems[name] for name in texts)),
            Columns(tuple(notes), tuple(f"{name}_stems" for name in notes)),
        )

    def _themes_meant(self) -> list[str]:
        """Ids of the themes that are asked for."""
        names = self._names.items()
        return list({key: None for wanted in self._query.themes for key, name in names if has_words(name, wanted)})

    def _spoken(self) -> list[str]:
        """The languages of the library's texts."""
        return [row[0] for row in self._connection.execute(_LANGUAGES)]

    def _head(self, document: str) -> tuple[str, str, str, str]:
        """Title, origin, revision and language of a document."""
        head: tuple[str, str, str, str] = self._connection.execute(_HEAD, (document,)).fetchone()
        return head

    # -- what matches -------------------------------------------------------------------------------------------

    def _take(self, documents: Sequence[str] = ()) -> None:
        """Take what matches in one place, of `documents` (ids) alone when there are any."""
        themes, query = self._themes_meant(), self._query
        if self._texts.raw:
            self._take_texts(themes, documents)
        if self._notes.raw:
            self._take_notes(themes, documents)
        if not query.places and query.terms and not self._narrows:
            self._take_themes(documents)

    def _take_texts(self, themes: list[str], documents: Sequence[str]) -> None:
        within = self._under(themes) if themes else None
        expression = self.wording.expression(self._texts)
        without = self._unwanted()
        scores: dict[str, float] = {}
        for document, score, _ in self._text_rows(expression, documents, dated=within is not None):
            if document not in without and (within is None or document in within):
                scores[document] = max(score, scores.get(document, 0.0))
        for document, score in scores.items():
            match = self._matches[document]
            match.in_text = True
            match.score += score

    def _text_rows(self, expression: str, documents: Sequence[str], *, dated: bool) -> list[Row]:
        """The texts that match; of very many those with a word in the title or again and again, and then the newest."""
        if not expression or documents or not self._query.terms or not self._are_many(TEXT_INDEX, expression):
            return self._rows(TEXT_INDEX, expression, documents, dated=dated)
        self._complete = False
        rows = self._rows(TEXT_INDEX, self.wording.above_all(self._texts))
        best = max((row[1] for row in rows), default=0.0)
        steps = [
            ("title title_stems", best + 1.0 if len(self._query.terms) == 1 else best / 2.0),
            ("main_stems", best / 4.0),
            ("", 0.0),
        ]
        query = self._query
        plain = len(query.terms) == 1 and not (query.without or query.authors or query.places)
        for columns, counts in steps:
            if columns == "title title_stems" or len(rows) < self._limit:
                there = self.wording.any_of(query.terms, columns) if columns else ""
                asked = there if there and plain else f"({expression}) AND {there}" if there else expression
                rows += [(row[0], counts, "") for row in self._few(TEXT_INDEX, asked, ())]
        return rows

    def _are_many(self, asked: Index, expression: str) -> bool:
        return self._connection.execute(asked.many, (expression, *self._ids)).fetchone() is not None

    def _unwanted(self) -> set[str]:
        """Long texts with a word that shall not be there: it may be in another part than the others."""
        if not self._query.without:
            return set()
        long = [row[0] for row in self._connection.execute(_LONG)]
        if not long:
            return set()
        asked = asking.of_documents(self.wording.unwanted(self._texts), long)
        return {row[0] for row in self._connection.execute(TEXT_INDEX.some, (asked, *self._ids, len(long) * 100))}

    def _take_notes(self, themes: list[str], documents: Sequence[str]) -> None:
        for document, score, annotation in self._rows(NOTE_INDEX, self._note_expression(themes), documents):
            self._matches[document].notes[annotation] = score
        for match in self._matches.values():
            if match.notes:
                scores = sorted(match.notes.values())
                match.score += scores[-1] + min(scores[-1], 0.1 * sum(scores[:-1]))

    def _note_expression(self, themes: list[str]) -> str:
        query = self._query
        tags = [
            [asking.quoted(kind_tag(kind)) for kind in query.kinds],
            [asking.quoted(colour_tag(colour)) for colour in query.colours],
            [asking.quoted(theme_tag(theme)) for theme in themes],
        ]
        return self.wording.expression(self._notes, tags)

    def _take_themes(self, documents: Sequence[str]) -> None:
        for place in self._places(self._named(self._query.terms), documents):
            match = self._matches[place.document]
            if not match.places:
                match.score += _THEME_SCORE
            match.places.append(place)

    def _named(self, terms: Sequence[Term]) -> list[str]:
        """Ids of the themes whose names have the words of all `terms`."""
        words = [" ".join(term.words) for term in terms]
        return [key for key, name in self._names.items() if all(has_words(name, word) for word in words)]

    # -- words in different places of one document -----------------------------------------------------------------

    def _take_apart(self, most: int, documents: Sequence[str] = ()) -> None:
        """Documents that have the words, but not in one place; they count less than all that have.

        The rare words say which documents are looked at. Where all are common, enough documents have them in one
        place.
        """
        found: dict[Term, dict[str, _Match]] = {}
        common: list[Term] = []
        for term in self._query.terms:
            having, whole = self._having(term, documents)
            if whole:
                found[term] = having
            else:
                common.append(term)
            if whole and not having:
                return
        if not found:
            return
        keys = set.intersection(*(set(having) for having in found.values())) - self._matches.keys() - self._unwanted()
        newest = sorted(keys, key=lambda key: max(having[key].score for having in found.values()))[:_APART]
        for term in common:
            if newest:
                found[term], _ = self._having(term, newest)
                newest = [key for key in newest if key in found[term]]
        below = min((match.score for match in self._matches.values()), default=1.0)
        for document in newest[:most]:
            self._matches[document] = _joined([having[document] for having in found.values()], below)

    def _having(self, term: Term, documents: Sequence[str]) -> tuple[dict[str, _Match], bool]:
        """The documents that have one term anywhere, and whether these are all of them.

        Their score is their place among the newest.
        """
        having: defaultdict[str, _Match] = defaultdict(_Match)
        whole = True
        if not self._query.places:
            places = self._places(self._named([term]), documents)
            whole = len(places) < _THEMED
            for place in places:
                having[place.document].places.append(place)
        for asked, columns in ((TEXT_INDEX, self._texts), (NOTE_INDEX, self._notes)):
            if not columns.raw:
                continue
            rows = self._with(term, asked, columns, documents)
            whole = whole and (bool(documents) or len(rows) <= asking.FEW)
            for document, _, annotation in rows:
                if annotation:
                    having[document].notes[annotation] = 1.0
                else:
                    having[document].in_text = True
        for number, match in enumerate(having.values()):
            match.score = number
        return having, whole

    def _with(self, term: Term, asked: Index, columns: Columns, documents: Sequence[str]) -> list[Row]:
        """The newest few rows that have one term, or all in some documents."""
        return self._few(asked, self.wording.without(self.wording.term(term, columns), columns), documents)

    def _few(self, asked: Index, expression: str, documents: Sequence[str]) -> list[Row]:
        most = asking.FEW + 1
        if documents:
            expression, most = asking.of_documents(expression, documents), 20 * _APART
        rows = self._connection.execute(asked.some, (expression, *self._ids, most))
        return [row for row in rows if row[0] not in self._binned]

    def _fill_up(self, documents: Sequence[str]) -> None:
        """See to it that of the documents that are shown all is known: they may be found by one of many rows."""
        expression = self.wording.expression(self._texts) if self._texts.raw else ""
        themes = self._themes_meant()
        within = self._under(themes) if themes else None
        missing = [key for key in documents if not self._matches[key].in_text and (within is None or key in within)]
        if expression and missing:
            for document, _, _ in self._few(TEXT_INDEX, expression, missing):
                self._matches[document].in_text = True

    def _places(self, themes: Sequence[str], documents: Sequence[str] = ()) -> list[_Place]:
        """Where themes stand in documents that are not in the bin, of `documents` alone when there are any."""
        if not themes:
            return []
        holes = ", ".join("?" * len(themes))
        of = f"IN ({', '.join('?' * len(documents))}) " if documents else ""
        asked = _PLACES.format(
            holes, f"AND p.document {of}" if of else "", f"AND f.document {of}" if of else "", self.filed
        )
        found = self._connection.execute(asked, (*themes, *documents, *themes, *documents, _THEMED))
        return [_Place(*row) for row in found if row[0] not in self._binned]

    def _under(self, themes: Sequence[str]) -> set[str]:
        """The documents in which the themes that are asked for have passages or annotations."""
        if self._filed_under is None:
            asked = _UNDER.format(", ".join("?" * len(themes)), self.filed)
            self._filed_under = {row[0] for row in self._connection.execute(asked, (*themes, *themes))}
        return self._filed_under

    def _rows(self, asked: Index, expression: str, documents: Sequence[str] = (), *, dated: bool = False) -> list[Row]:
        """Rows of documents that stand and of the dates asked for; of very many the newest.

        Without an `expression` only when there is a date, or when the caller knows (`dated`) what else narrows them.
        """
        query = self._query
        if documents:
            expression = asking.of_documents(expression, documents) if expression else _of(documents)
        if not expression:
            return self._ask(asked.latest, self._ids, asked.most) if dated or query.after or query.before else []
        rows = self._connection.execute(asked.ranked, (expression, *self._ids)).fetchall()
        standing = [row[:3] for row in rows if row[0] not in self._binned]
        if rows and rows[0][3] >= asked.most:
            self._complete = False
            if len(standing) < len(rows) // 2:  # most of a library may be in the bin
                return self._ask(asked.standing, (expression, *self._ids), asked.most)
        return standing

    def _ask(self, statement: str, values: tuple[object, ...], most: int) -> list[Row]:
        rows: list[Row] = self._connection.execute(statement, values).fetchall()
        if len(rows) >= most:
            self._complete = False
        return rows

    # -- what is shown ------------------------------------------------------------------------------------------

    def _group(self, document: str, match: _Match, shown: int, enough: int = ENOUGH) -> Group:
        """Half of the places shown may be notes, or more when the text has few."""
        title, origin, revision, language = self._head(document)
        finder = self._finder(language)
        notes = sorted(match.notes, key=lambda key: -match.notes[key])
        first: list[Hit] = []
        hits: list[Hit] = []
        places, counted = 0, True
        themes = list(self._theme_hits(finder, match.places, each=shown >= ALL))
        if match.in_text:
            first = self._title_hits(finder, title, revision)
            room = shown - len(first) - min(len(notes), shown // 2) - min(len(themes), 1)
            hits, places, counted = self._text_hits(finder, revision, max(1, room), enough)
            if not first and not hits:
                hits, places = [self._beginning(title, revision)], 1
        total = len(first) + places + len(notes) + len(match.places)
        room = max(shown // 2, shown - len(first) - len(hits) - len(themes))
        answers = [self._note_hit(finder, key) for key in notes[:room]]
        given = (*first, *answers, *hits, *themes)[: max(shown, 1)]
        return Group(document, title, origin, match.score, given, total, counted)

    def _title_hits(self, finder: Finder, title: str, revision: str) -> list[Hit]:
        places = self._query.places
        found = finder.find(title) if not places or "titles" in places else []
        return [Hit("title", revision, 0, 0, "", *windows(title, found, 1)[0][1:])] if found else []

    def _text_hits(self, finder: Finder, revision: str, most: int, enough: int) -> tuple[list[Hit], int, bool]:
        """The best places of the text, at most so many; how many there are, and whether these are all."""
        places = self._query.places
        if places and "text" not in places:
            return [], 0, True
        (text,) = self._connection.execute(_TEXT, (revision,)).fetchone()
        found = finder.find(text, enough)
        hits = [
            Hit("text", revision, first.start, first.end, "", snippet, marks)
            for first, snippet, marks in windows(text, found, most)
        ]
        return hits, count_windows(found), len(found) < enough

    def _beginning(self, title: str, revision: str) -> Hit:
        """What is shown of a document in which there are no words to mark."""
        places = self._query.places
        if places and "text" not in places:
            return Hit("title", revision, 0, 0, "", title)
        (text,) = self._connection.execute(_TEXT, (revision,)).fetchone()
        return Hit("text", revision, 0, 0, "", start_of(text))

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

    def _theme_hits(self, finder: Finder, places: Iterable[_Place], *, each: bool) -> Iterator[Hit]:
        """The first place of each theme, or each."""
        seen: set[str] = set()
        for place in sorted(places, key=lambda place: (place.start, place.end)):
            if each or place.theme not in seen:
                seen.add(place.theme)
                name = self._names[place.theme]
                found = finder.find(name)
                marks = windows(name, found, 1)[0][2] if found else ()
                if each:  # one name five times would not say which place is which
                    name = f"{name}: {self._words_at(place)}"
                yield Hit("theme", place.revision, place.start, place.end, "", name, marks)

    def _words_at(self, place: _Place) -> str:
        most = place.start + 4 * WIDTH
        values = (place.start + 1, min(place.end, most) - place.start, place.revision)
        (words,) = self._connection.execute(_WORDS, values).fetchone()
        return start_of(words)

    def _finder(self, language: str) -> Finder:
        found = self._finders.get(language)
        if found is None:
            found = self._finders[language] = Finder(self._query.terms, self._stems_of(language))
        return found


def _joined(parts: Sequence[_Match], below: float) -> _Match:
    """What is known of a document that has each term somewhere; it counts less than `below`."""
    whole = _Match()
    for part in parts:
        whole.in_text = whole.in_text or part.in_text
        whole.notes.update(part.notes)
        whole.places += [place for place in part.places if place not in whole.places]
    weight = 1.0 + len(whole.notes) + 2.0 * len(whole.places)
    whole.score = below * weight / (1.0 + weight)
    return whole


def _of(documents: Sequence[str]) -> str:
    return f"tags : ({' OR '.join(asking.quoted(document_tag(key)) for key in documents)})"
