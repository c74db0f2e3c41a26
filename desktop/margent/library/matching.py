"""Which documents answer a query, and how well: one search, in one transaction.

SQLite's index gives the rows that match. Of words so common that thousands have them, these are ranked: texts with them
in the title, texts that say them again and again, and then the newest. A document that has some of the words in its
text and others in notes, or in a part of a long text far away, comes after those that have them in one place.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence

from margent.library import asking
from margent.library.asking import BINNED, NOTE_INDEX, TEXT_INDEX, Columns, Ids, Index, Wording
from margent.library.ranking import Ranking, Told
from margent.library.showing import Match, Place, Showing
from margent.library.tags import colour_tag, kind_tag, theme_tag
from margent.marking import ENOUGH
from margent.query import Group, Query, SearchResult, Term, has_words
from margent.stemming import Stems

_THEME_SCORE = 12.0
_SHOWN, _FEWER, _FIRST = 5, 2, 12
"""Hits that are given of each document: so many of the first dozen, fewer of the others."""
_THEMED = 400
"""Places of the themes whose name matches that are looked at."""
_APART = 100
"""Documents with the rarest words that are looked through for the common ones."""
_TITLED = 200
"""Texts with a common word in the title that are compared, the newest first."""
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
_LONG = "SELECT DISTINCT document FROM search_text WHERE part > 0"
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
        self._matches: defaultdict[str, Match] = defaultdict(Match)
        self._complete = True
        self._limit = 0
        self._filed_under: set[str] | None = None
        self._ids: Ids = asking.ids_between(query.after, query.before)
        self._binned = {row[0] for row in connection.execute(BINNED)}
        self._names: dict[str, str] = dict(connection.execute(_THEMES))
        self._texts, self._notes = self._columns()
        self.wording = Wording(query, self._spoken(), stems_of)
        self._ranking = Ranking(self.wording)
        self._showing = Showing(connection, query, stems_of, self._head, self._names)

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
            self._showing.group(document, match, most, enough)
            for (document, match), most in zip(best, shown, strict=True)
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
        return self._showing.group(document, self._matches[document], hits, max(ENOUGH, hits))

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
        if not expression or documents or not self._query.terms:
            return self._rows(TEXT_INDEX, expression, documents, dated=dated)
        most = TEXT_INDEX.most
        newest = self._matching(TEXT_INDEX, expression, most + 1)
        if len(newest) <= most:
            return self._ranked(TEXT_INDEX, self._told(TEXT_INDEX, newest))
        self._complete = False
        rows = self._standing(TEXT_INDEX, self.wording.above_all(self._texts))
        rows += self._with_any("title title_stems", expression, min(_TITLED, asking.FEW + 1))
        if len(rows) < self._limit:
            rows += self._with_any("main_stems", expression, asking.FEW + 1)
        if len(rows) < self._limit:
            rows += self._told(TEXT_INDEX, newest[: asking.FEW + 1])
        return self._ranked(TEXT_INDEX, list(dict.fromkeys(rows)), most)

    def _with_any(self, columns: str, expression: str, most: int) -> list[Told]:
        """The newest texts that match `expression` and have one of the telling words in some of the columns."""
        query, wording = self._query, self.wording
        there = wording.any_of(wording.telling, columns)
        plain = len(query.terms) == 1 and not (query.without or query.authors or query.places)
        asked = there if plain else f"{there} AND ({expression})"
        return self._told(TEXT_INDEX, self._matching(TEXT_INDEX, asked, most))

    def _unwanted(self) -> set[str]:
        """Long texts with a word that shall not be there: it may be in another part than the others."""
        if not self._query.without:
            return set()
        long = [row[0] for row in self._connection.execute(_LONG)]
        if not long:
            return set()
        asked = asking.of_documents(self.wording.unwanted(self._texts), long)
        return {row[0] for row in self._told(TEXT_INDEX, self._matching(TEXT_INDEX, asked, len(long) * 100))}

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
        found: dict[Term, dict[str, Match]] = {}
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

    def _having(self, term: Term, documents: Sequence[str]) -> tuple[dict[str, Match], bool]:
        """The documents that have one term anywhere, and whether these are all of them.

        Their score is their place among the newest.
        """
        having: defaultdict[str, Match] = defaultdict(Match)
        for asked, columns in ((TEXT_INDEX, self._texts), (NOTE_INDEX, self._notes)):
            rows = self._with(term, asked, columns, documents) if columns.raw else []
            if rows is None:
                return {}, False
            for document, _, annotation in rows:
                if annotation:
                    having[document].notes[annotation] = 1.0
                else:
                    having[document].in_text = True
        places = [] if self._query.places else self._places(self._named([term]), documents)
        for place in places:
            having[place.document].places.append(place)
        for number, match in enumerate(having.values()):
            match.score = number
        return having, len(places) < _THEMED

    def _with(self, term: Term, asked: Index, columns: Columns, documents: Sequence[str]) -> list[Row] | None:
        """The rows that have one term, in some documents when there are any; None when they are many."""
        expression = self.wording.without(self.wording.term(term, columns), columns)
        if documents:
            ids = self._matching(asked, asking.of_documents(expression, documents), 20 * _APART)
        else:
            ids = self._matching(asked, expression, asking.FEW + 1)
            if len(ids) > asking.FEW:
                return None
        return [(row[0], 1.0, row[1]) for row in self._told(asked, ids)]

    def _fill_up(self, documents: Sequence[str]) -> None:
        """See to it that of the documents that are shown all is known: they may be found by one of many rows."""
        expression = self.wording.expression(self._texts) if self._texts.raw else ""
        themes = self._themes_meant()
        within = self._under(themes) if themes else None
        missing = [key for key in documents if not self._matches[key].in_text and (within is None or key in within)]
        if expression and missing:
            asked = asking.of_documents(expression, missing)
            for row in self._told(TEXT_INDEX, self._matching(TEXT_INDEX, asked, 20 * _APART)):
                self._matches[row[0]].in_text = True

    def _places(self, themes: Sequence[str], documents: Sequence[str] = ()) -> list[Place]:
        """Where themes stand in documents that are not in the bin, of `documents` alone when there are any."""
        if not themes:
            return []
        holes = ", ".join("?" * len(themes))
        of = f"IN ({', '.join('?' * len(documents))}) " if documents else ""
        asked = _PLACES.format(
            holes, f"AND p.document {of}" if of else "", f"AND f.document {of}" if of else "", self.filed
        )
        found = self._connection.execute(asked, (*themes, *documents, *themes, *documents, _THEMED))
        return [Place(*row) for row in found if row[0] not in self._binned]

    def _under(self, themes: Sequence[str]) -> set[str]:
        """The documents in which the themes that are asked for have passages or annotations."""
        if self._filed_under is None:
            asked = _UNDER.format(", ".join("?" * len(themes)), self.filed)
            self._filed_under = {row[0] for row in self._connection.execute(asked, (*themes, *themes))}
        return self._filed_under

    # -- rows of the index ------------------------------------------------------------------------------------------

    def _rows(self, asked: Index, expression: str, documents: Sequence[str] = (), *, dated: bool = False) -> list[Row]:
        """Rows of documents that stand and of the dates asked for; of very many the newest.

        Without an `expression` only when there is a date, or when the caller knows (`dated`) what else narrows them.
        """
        query = self._query
        if documents:
            expression = asking.of_documents(expression, documents)
        if expression:
            return self._ranked(asked, self._standing(asked, expression))
        if not (dated or query.after or query.before):
            return []
        rows: list[Told] = self._connection.execute(asked.latest, self._ids).fetchall()
        self._complete = self._complete and len(rows) < asked.most
        return self._ranked(asked, rows)

    def _standing(self, asked: Index, expression: str) -> list[Told]:
        """The rows that match, as many as are compared."""
        ids = self._matching(asked, expression, asked.most)
        rows = self._told(asked, ids)
        if len(ids) >= asked.most:
            self._complete = False
            if len(rows) < len(ids) // 2:  # most of a library may be in the bin
                rows = self._connection.execute(asked.standing, (expression, *self._ids)).fetchall()
        return rows

    def _matching(self, asked: Index, expression: str, most: int) -> list[int]:
        """The ids of the newest rows that match."""
        return [row[0] for row in self._connection.execute(asked.ids, (expression, *self._ids, most))]

    def _told(self, asked: Index, ids: Sequence[int]) -> list[Told]:
        """What is told of rows, but for those of documents in the bin."""
        rows = self._connection.execute(asked.rows, (json.dumps(ids),))
        return [row for row in rows if row[0] not in self._binned]

    def _ranked(self, asked: Index, rows: Sequence[Told], count: int = 0) -> list[Row]:
        """Rows with what each counts when `count` rows have the words, or just these."""
        rank = self._ranking.of_notes if asked is NOTE_INDEX else self._ranking.of_texts
        scores = rank(rows, count or len(rows), asked.most)
        return [(row[0], score, row[1]) for row, score in zip(rows, scores, strict=True)]


def _joined(parts: Sequence[Match], below: float) -> Match:
    """What is known of a document that has each term somewhere; it counts less than `below`."""
    whole = Match()
    for part in parts:
        whole.in_text = whole.in_text or part.in_text
        whole.notes.update(part.notes)
        whole.places += [place for place in part.places if place not in whole.places]
    weight = 1.0 + len(whole.notes) + 2.0 * len(whole.places)
    whole.score = below * weight / (1.0 + weight)
    return whole
