"""What is shown of a document that was found: lines around the words, looked up in its text, where each leads."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from margent.marking import ENOUGH, WIDTH, Finder, count_windows, start_of, windows
from margent.query import Group, Hit, Query
from margent.stemming import Stems

ALL = 500
"""Hits that are given of a document when all are wanted."""
_TEXT = "SELECT text FROM revision WHERE id = ?"
_WORDS = "SELECT substr(text, ?, ?) FROM revision WHERE id = ?"
_FULL_NOTE = 'SELECT note, exact, revision, start, "end", parent FROM annotation WHERE id = ?'


class Place(NamedTuple):
    """Where a theme stands in a document."""

    document: str
    revision: str
    start: int
    end: int
    theme: str


class Match:
    """What is known of one document before its text is looked at."""

    __slots__ = ("in_text", "notes", "places", "score")

    def __init__(self) -> None:
        self.score = 0.0
        self.in_text = False
        self.notes: dict[str, float] = {}
        """Annotations and what each counts."""
        self.places: list[Place] = []


class Showing:
    """Makes the groups of one search. `head` gives title, origin, revision and language of a document (id)."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        query: Query,
        stems_of: Callable[[str], Stems],
        head: Callable[[str], tuple[str, str, str, str]],
        names: dict[str, str],
    ) -> None:
        self._connection = connection
        self._query = query
        self._stems_of = stems_of
        self._head = head
        self._names = names
        self._finders: dict[str, Finder] = {}

    def group(self, document: str, match: Match, shown: int, enough: int = ENOUGH) -> Group:
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

    def _theme_hits(self, finder: Finder, places: Iterable[Place], *, each: bool) -> Iterator[Hit]:
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

    def _words_at(self, place: Place) -> str:
        most = place.start + 4 * WIDTH
        values = (place.start + 1, min(place.end, most) - place.start, place.revision)
        (words,) = self._connection.execute(_WORDS, values).fetchone()
        return start_of(words)

    def _finder(self, language: str) -> Finder:
        found = self._finders.get(language)
        if found is None:
            found = self._finders[language] = Finder(self._query.terms, self._stems_of(language))
        return found
