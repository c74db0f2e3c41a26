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

TEXTS, NOTES = 500, 800
"""Of more matching texts or notes than so many not all are ranked: each costs a good microsecond."""
TITLE, NOTE, QUOTE = 8.0, 3.0, 2.0
"""What a word counts there, when it counts 1 in a text."""
FEW = 600
"""A word that more texts or notes have is common: it is not looked for first."""
BINNED = "SELECT id FROM document WHERE deleted IS NOT NULL"
_BEST = 200
"""Of the ranked ones so many are looked up."""
_EVER = 1 << 62

Ids = tuple[int, int]
"""A stretch of ids, both ends included: the rows of certain dates."""


class Index(NamedTuple):
    """One of the two indexes, and what is asked of it. All statements give document, score and annotation (or "")."""

    most: int
    ranked: str
    """Of the rows that match, the newest so many, the best of these first; and how many these were."""
    standing: str
    """The newest that match, in documents that are not in the bin: each row is looked up, so it takes longer."""
    latest: str
    """The newest rows, in documents that are not in the bin."""
    some: str
    """The newest few that match, as they come."""
    many: str
    """Whether more match than are ranked."""


def index_of(found: str, source: str, annotation: str, weights: str, most: int) -> Index:
    """The statements for the index `found` of the table `source`."""
    score = f"-bm25({found}, {weights}, 0.0)"
    columns = f"s.document, %s, {annotation}"
    match = f"FROM {found} WHERE {found} MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT"
    newest = f"SELECT rowid AS id, {score} AS score {match} {most}"
    best = f"SELECT *, count(*) OVER () AS n FROM ({newest}) ORDER BY score DESC, id DESC LIMIT {_BEST}"  # noqa: S608
    stands = f"s.document NOT IN ({BINNED})"
    return Index(
        most,
        f"SELECT {columns % 'r.score'}, r.n FROM ({best}) r JOIN {source} s ON s.id = r.id "  # noqa: S608
        "ORDER BY r.score DESC, r.id DESC",
        f"SELECT {columns % score} FROM {found} JOIN {source} s ON s.id = {found}.rowid "  # noqa: S608
        f"WHERE {found} MATCH ? AND {found}.rowid BETWEEN ? AND ? AND {stands} "
        f"ORDER BY {found}.rowid DESC LIMIT {most}",
        f"SELECT {columns % '1.0'} FROM {source} s WHERE s.id BETWEEN ? AND ? AND {stands} "  # noqa: S608
        f"ORDER BY s.id DESC LIMIT {most}",
        f"SELECT {columns % '1.0'} FROM (SELECT rowid AS id {match} ?) r JOIN {source} s ON s.id = r.id",  # noqa: S608
        f"SELECT 1 {match} 1 OFFSET {most}",
    )


TEXT_INDEX = index_of("found_text", "search_text", "''", f"{TITLE}, 1.0, {TITLE}, 1.0, 0.0", TEXTS)
NOTE_INDEX = index_of("found_note", "search_note", "s.annotation", f"{NOTE}, {QUOTE}, {NOTE}, {QUOTE}", NOTES)


def ids_between(after: datetime | None, before: datetime | None) -> Ids:
    """The ids of rows made from `after` on and before `before`, to the second."""
    first = ids_of_second(after)[0] if after else 0
    return first, ids_of_second(before)[0] - 1 if before else _EVER


class Columns(NamedTuple):
    """Columns in which words are looked for: as they are written, and by their stems."""

    raw: tuple[str, ...]
    stems: tuple[str, ...]


class Wording:
    """A query's words for FTS5, in any of the library's languages."""

    def __init__(self, query: Query, languages: Iterable[str], stems_of: Callable[[str], Stems]) -> None:
        self._query = query
        self._languages = list(languages)
        self._stems_of = stems_of

    def expression(self, columns: Columns, tags: Sequence[Sequence[str]] = ()) -> str:
        """What a row must match; "" when the query has no words. Of each of `tags` it must have one."""
        query = self._query
        parts = [self.term(term, columns) for term in query.terms]
        authors = [" AND ".join(_author(term)) for term in query.authors]
        parts += [f"tags : ({' OR '.join(names)})" for names in (*tags, [f"({a})" for a in authors]) if names]
        return self.without(" AND ".join(parts), columns)

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
        parts = [
            self.term(term, columns) if len(term.words) > 1 else self.any_of([term], "title title_stems main_stems")
            for term in self._query.terms
        ]
        if self._query.places:
            parts.append(self.expression(columns))
        authors = [" AND ".join(_author(term)) for term in self._query.authors]
        if authors:
            parts.append(f"tags : (({') OR ('.join(authors)}))")
        return self.without(" AND ".join(parts), columns)

    def any_of(self, terms: Sequence[Term], columns: str) -> str:
        """Any of `terms` in the columns named."""
        phrases = {phrase for term in terms for written, asked in [self._phrases(term)] for phrase in (written, *asked)}
        return f"{{{columns}}} : ({' OR '.join(sorted(phrases))})"

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


def of_documents(asked: str, documents: Iterable[str]) -> str:
    """`asked`, in some documents (ids) alone."""
    return f"({asked}) AND tags : ({' OR '.join(quoted(document_tag(key)) for key in documents)})"


def quoted(word: str) -> str:
    """A word that is no operator."""
    return _phrase([word])


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(words).replace('"', '""') + '"'


def _author(term: Term) -> list[str]:
    """The tags of a name's words; the last one may go on."""
    tags = [tag for word in term.words for tag in author_tags(word)]
    return [f'"{tag}"' for tag in tags[:-1]] + [f'"{tag}"*' for tag in tags[-1:]]
