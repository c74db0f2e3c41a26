"""The search where SQLite was built without FTS5: every title, text and note is read, and found right if not fast."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from margent.library.asking import FEW, TEXT_INDEX, Columns, Index
from margent.library.matching import Row, Search
from margent.library.tags import author_tags
from margent.marking import Finder
from margent.query import Term
from margent.themes import language_in

NOTICE = "This computer's SQLite was built without FTS5, so every text is read for each search, which takes longer."
"""What the reader is told beside what was found."""
_TEXTS = (
    "SELECT d.id, d.title, d.authors, d.language, r.text FROM document d JOIN revision r ON r.id = d.revision "
    "WHERE d.deleted IS NULL AND CAST(d.created AS TEXT) >= ? AND CAST(d.created AS TEXT) < ? "
    "ORDER BY d.created DESC"
)
_NOTES = (
    "SELECT a.id, a.document, a.note, CASE WHEN a.parent IS NULL THEN a.exact ELSE '' END, a.kind, a.colour, a.author "
    "FROM annotation a JOIN document d ON d.id = a.document WHERE a.deleted IS NULL AND d.deleted IS NULL "
    "AND CAST(a.created AS TEXT) >= ? AND CAST(a.created AS TEXT) < ? ORDER BY a.created DESC"
)
_FILED = "SELECT annotation, theme FROM annotation_theme"
_STANDING = (
    "(SELECT f.annotation, f.theme, a.document FROM annotation_theme f JOIN annotation a ON a.id = f.annotation "
    "WHERE a.deleted IS NULL)"
)
_HEAD = (
    "SELECT d.title, d.origin, d.revision, d.language, substr(r.text, 1, 20000) FROM document d "
    "JOIN revision r ON r.id = d.revision WHERE d.id = ?"
)
_TITLE, _NOTE, _QUOTE = 8.0, 3.0, 2.0


class Scan(Search):
    """One search without an index."""

    notice, filed = NOTICE, _STANDING

    def _spoken(self) -> list[str]:
        return []

    def _head(self, document: str) -> tuple[str, str, str, str]:
        title, origin, revision, stated, text = self._connection.execute(_HEAD, (document,)).fetchone()
        return title, origin, revision, language_in(text, stated)

    def _text_rows(self, expression: str, documents: Sequence[str], *, dated: bool) -> list[Row]:
        return self._rows(TEXT_INDEX, expression, documents, dated=dated)

    def _unwanted(self) -> set[str]:
        return set()  # texts are read whole

    def _rows(self, asked: Index, expression: str, documents: Sequence[str] = (), *, dated: bool = False) -> list[Row]:
        query = self._query
        if not expression and not (query.after or query.before or dated or documents):
            return []
        return self._read(asked, query.terms, documents)

    def _with(self, term: Term, asked: Index, columns: Columns, documents: Sequence[str]) -> list[Row] | None:  # noqa: ARG002 - the query says where
        rows = self._read(asked, (term,), documents)
        return rows if documents or len(rows) <= FEW else None

    def _read(self, asked: Index, terms: Sequence[Term], documents: Sequence[str]) -> list[Row]:
        query = self._query
        after, before = (stamp(moment) if moment else "" for moment in (query.after, query.before))
        found = self._texts_with if asked is TEXT_INDEX else self._notes_with
        rows = list(found(terms, after, before or "9999"))
        return [row for row in rows if row[0] in documents] if documents else rows

    def _texts_with(self, terms: Sequence[Term], after: str, before: str) -> Iterator[Row]:
        places = self._query.places
        for key, title, authors, stated, text in self._connection.execute(_TEXTS, (after, before)):
            if not self._by(" ".join(json.loads(authors))):
                continue
            parts = [
                (part, weight)
                for name, part, weight in (("titles", title, _TITLE), ("text", text, 1.0))
                if not places or name in places
            ]
            score = self._score(terms, parts, language_in(text, stated))
            if score:
                yield key, score, ""

    def _notes_with(self, terms: Sequence[Term], after: str, before: str) -> Iterator[Row]:
        query, places = self._query, self._query.places
        filed: defaultdict[str, set[str]] = defaultdict(set)
        for annotation, theme in self._connection.execute(_FILED):
            filed[annotation].add(theme)
        themes = set(self._themes_meant())
        languages: dict[str, str] = {}
        for key, document, note, quote, kind, colour, author in self._connection.execute(_NOTES, (after, before)):
            if (query.kinds and kind not in query.kinds) or (query.colours and colour not in query.colours):
                continue
            if (themes and not filed[key] & themes) or not self._by(author):
                continue
            if document not in languages:
                languages[document] = self._head(document)[3]
            parts = [
                (part, weight)
                for name, part, weight in (("notes", note, _NOTE), ("quotes", quote, _QUOTE))
                if not places or name in places
            ]
            own = language_in(note)
            score = self._score(terms, parts, languages[document]) or (self._score(terms, parts, own) if own else 0.0)
            if score:
                yield document, score, key

    def _score(self, terms: Sequence[Term], parts: list[tuple[str, float]], language: str) -> float:
        """What the terms count in `parts`; 0 where one is missing or one is that shall be."""
        stems, score = self._stems_of(language), 1.0
        for term in self._query.without:
            if any(Finder((term,), stems).find(text, 1) for text, _ in parts):
                return 0.0
        for term in terms:
            finder = Finder((term,), stems)
            counts = sum(weight * len(finder.find(text)) for text, weight in parts)
            if not counts:
                return 0.0
            score += counts
        return score

    def _by(self, names: str) -> bool:
        """Whether `names` are those of an author that is asked for."""
        have = author_tags(names)
        return not self._query.authors or any(_named(term, have) for term in self._query.authors)


def _named(term: Term, have: list[str]) -> bool:
    *whole, last = (tag for word in term.words for tag in author_tags(word))
    return all(tag in have for tag in whole) and any(tag.startswith(last) for tag in have)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts, as SQLite keeps the others."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
