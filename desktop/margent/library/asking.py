"""What the search's index is asked: a query's words in FTS5's own language, and the statements that take them.

Every word is quoted, so that nothing typed is ever read as an operator.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from margent.folding import fold
from margent.library.tags import author_tags, document_tag, ids_of_second
from margent.query import Query, Term
from margent.stemming import Stems
from margent.themes import COMMON_WORDS

TEXTS, NOTES = 400, 400
"""Of more matching texts or notes than so many not all are compared: each costs some microseconds."""
FEW = 600
"""A word that more texts or notes have is common: it is not looked for first."""
BINNED = "SELECT id FROM document WHERE deleted IS NOT NULL"
_EVER = 1 << 62
_SHORT = 3
"""Shorter words, and shorter beginnings of words, are in most texts."""

Ids = tuple[int, int]
"""A stretch of ids, both ends included: the rows of certain dates."""


class Index(NamedTuple):
    """One of the two indexes, and what is asked of it.

    Nothing asks SQLite for its own ranking (bm25): to know how rare a word is it goes through all rows that have it,
    for each word of the query, which takes longer than everything else. `ranking` needs no such thing.
    """

    most: int
    ids: str
    """Ids of the newest rows that match."""
    rows: str
    """Document, annotation (or "") and what `ranking` reads of the rows with the ids in a JSON list, newest first."""
    standing: str
    """The same of the newest that match, in documents that are not in the bin: each row is looked up."""
    latest: str
    """The same of the newest rows, in documents that are not in the bin."""


def index_of(found: str, source: str, annotation: str, told: str, most: int) -> Index:
    """The statements for the index `found` of the table `source`; `told` are the two columns that are ranked by."""
    columns = f"s.document, {annotation}, {told}"
    match = f"{found} MATCH ? AND {found}.rowid BETWEEN ? AND ?"
    stands = f"s.document NOT IN ({BINNED})"
    return Index(
        most,
        f"SELECT rowid FROM {found} WHERE {match} ORDER BY rowid DESC LIMIT ?",  # noqa: S608
        f"SELECT {columns} FROM json_each(?) j JOIN {source} s ON s.id = j.value",  # noqa: S608
        f"SELECT {columns} FROM {found} JOIN {source} s ON s.id = {found}.rowid "  # noqa: S608
        f"WHERE {match} AND {stands} ORDER BY {found}.rowid DESC LIMIT {most}",
        f"SELECT {columns} FROM {source} s WHERE s.id BETWEEN ? AND ? AND {stands} "  # noqa: S608
        f"ORDER BY s.id DESC LIMIT {most}",
    )


TEXT_INDEX = index_of(
    "found_text", "search_text", "''", "' ' || lower(s.title) || ' ' || s.title_stems || ' ', s.counts", TEXTS
)
NOTE_INDEX = index_of("found_note", "search_note", "s.annotation", "' ' || s.note_stems || ' ', ''", NOTES)


def ids_between(after: datetime | None, before: datetime | None) -> Ids:
    """The ids of rows made from `after` on and before `before`, to the second."""
    first = ids_of_second(after)[0] if after else 0
    return first, ids_of_second(before)[0] - 1 if before else _EVER


class Columns(NamedTuple):
    """Columns in which words are looked for: as they are written, and by their stems."""

    raw: tuple[str, ...]
    stems: tuple[str, ...]


class Wording:
    """A query's words for FTS5, in any of the library's languages.

    SQLite goes through the rows of the first thing asked for and looks whether they have the others. So what few rows
    have comes first: long words, then names and tags, then the words that every text has, and phrases last.
    """

    def __init__(self, query: Query, languages: Iterable[str], stems_of: Callable[[str], Stems]) -> None:
        self._query = query
        self._languages = list(languages)
        self._stems_of = stems_of
        self.terms = sorted(query.terms, key=_cost)
        self.telling = [term for term in self.terms if not set(term.words) <= COMMON_WORDS] or self.terms
        """The terms that say what a text is about, or all when none does."""

    def expression(self, columns: Columns, tags: Sequence[Sequence[str]] = ()) -> str:
        """What a row must match; "" when the query has no words. Of each of `tags` it must have one."""
        rare = [self.term(term, columns) for term in self.terms if not _cost(term)[0]]
        common = [self.term(term, columns) for term in self.terms if _cost(term)[0]]
        narrow = [f"tags : ({' OR '.join(names)})" for names in (*tags, self._authors()) if names]
        return self.without(" AND ".join((*rare, *narrow, *common)), columns)

    def without(self, asked: str, columns: Columns) -> str:
        """`asked`, but for rows with a word that shall not be there."""
        if not asked or not self._query.without:
            return asked
        return f"({asked}) NOT ({self.unwanted(columns)})"

    def unwanted(self, columns: Columns) -> str:
        """The words that shall not be there, any of them."""
        return " OR ".join(self.term(term, columns) for term in self._query.without)

    def term(self, term: Term, columns: Columns) -> str:
        """One term in the columns as they are written, or in those of the stems."""
        written, asked = self._phrases(term)
        if not self._query.places:
            return f"({' OR '.join(sorted(asked | {written}))})"
        either = f"{{{' '.join(columns.stems)}}} : ({' OR '.join(sorted(asked))})"
        return f"({{{' '.join(columns.raw)}}} : ({written}) OR {either})"

    def above_all(self, columns: Columns) -> str:
        """What a row must match to be about the query's words: each is in its title or there again and again."""
        main = [term for term in self.terms if term in self.telling and len(term.words) == 1]
        words = [self.any_of([term], "title title_stems main_stems") for term in main]
        phrases = [self.term(term, columns) for term in self.terms if term not in main]
        authors = [f"tags : ({' OR '.join(self._authors())})"] if self._query.authors else []
        placed = [self.expression(columns)] if self._query.places else []
        return self.without(" AND ".join((*words, *authors, *phrases, *placed)), columns)

    def any_of(self, terms: Sequence[Term], columns: str) -> str:
        """Any of `terms` in the columns named."""
        phrases = {phrase for term in terms for written, asked in [self._phrases(term)] for phrase in (written, *asked)}
        return f"{{{columns}}} : ({' OR '.join(sorted(phrases))})"

    def keys(self, word: str, *, exact: bool) -> list[str]:
        """What a word may be in a column of stems, in any of the languages."""
        stems = () if exact else (self._stems_of(language).keys(word) for language in self._languages)
        return sorted({fold(word).text or word}.union(*stems))

    def _authors(self) -> list[str]:
        return [f"({' AND '.join(_author(term))})" for term in self._query.authors]

    def _phrases(self, term: Term) -> tuple[str, set[str]]:
        """The term as it is written, and what its stems may be, the last word to go on while it is typed."""
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
        return _phrase(term.words) + star, asked


def _cost(term: Term) -> tuple[int, int]:
    """What terms are ordered by: 0 first for a word that says something, 1 for one that does not, 2 for a phrase."""
    if len(term.words) > 1:
        return 2, 0
    (word,) = term.words
    return int(len(word) < _SHORT or word in COMMON_WORDS), -len(word)


def of_documents(asked: str, documents: Iterable[str]) -> str:
    """`asked`, in some documents (ids) alone."""
    return f"{these(documents)} AND ({asked})" if asked else these(documents)


def these(documents: Iterable[str]) -> str:
    """The rows of some documents (ids)."""
    return f"tags : ({' OR '.join(quoted(document_tag(key)) for key in documents)})"


def quoted(word: str) -> str:
    """A word that is no operator."""
    return _phrase([word])


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(words).replace('"', '""') + '"'


def _author(term: Term) -> list[str]:
    """The tags of a name's words; the last one may go on."""
    tags = [tag for word in term.words for tag in author_tags(word)]
    return [f'"{tag}"' for tag in tags[:-1]] + [f'"{tag}"*' for tag in tags[-1:]]
