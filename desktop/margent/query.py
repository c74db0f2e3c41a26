"""What somebody types into the search field, understood: words, "phrases", -not, and a few fields. Anything is safe.

`theme:` `kind:` `colour:` `author:` `in:` `before:` `after:` narrow the search; a name that is none of these is
searched for as it stands, so that addresses and times of day may be typed. Nothing here raises: what cannot be
understood is told in a sentence and left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple, TypeVar

from margent.annotations import COLOURS, KINDS, Colour, Kind, now
from margent.folding import fold
from margent.stemming import words_of

Place = Literal["titles", "text", "quotes", "notes"]
Where = Literal["title", "text", "quote", "note", "theme"]

_PLACES: dict[str, Place] = {
    "titles": "titles", "title": "titles", "text": "text", "texts": "text", "quotes": "quotes", "quote": "quotes",
    "notes": "notes", "note": "notes",
}  # fmt: skip
_FIELDS = {"theme", "kind", "colour", "color", "author", "in", "before", "after"}
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″＂"), '"')
_PART = re.compile(
    r"""(?P<minus>-*)(?:(?P<field>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)(?P<close>"?)|(?P<plain>[^\s"]+)|(?<=:))|(?P<rest>\S)"""
)
_AGO = re.compile(r"(\d{1,4})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30.44, "y": 365.25}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_V = TypeVar("_V", Colour, Kind)
_T = TypeVar("_T")
_UNSAYABLE = re.compile("[\x00\ud800-\udfff]")
"""What no text has, and no sentence can be written with."""
MOST = 40
"""So many words (or phrases) are looked for."""


class Term(NamedTuple):
    """Words that must stand one after another, mostly just one."""

    words: tuple[str, ...]
    """Lower-case, with their accents; unspaced scripts letter by letter."""
    exact: bool = False
    """Whether it was quoted, so that other inflections do not do."""
    prefix: bool = False
    """Whether the last word is still being typed."""


@dataclass(frozen=True, slots=True)
class Query:
    """A search understood. Of several values of one field any will do; different fields must all hold."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    themes: tuple[str, ...] = ()
    """As typed: a theme whose name has these words."""
    kinds: tuple[Kind, ...] = ()
    colours: tuple[Colour, ...] = ()
    authors: tuple[Term, ...] = ()
    places: frozenset[Place] = frozenset()
    """Where to look; empty for everywhere."""
    after: datetime | None = None
    """The first moment that counts, UTC."""
    before: datetime | None = None
    """The first moment that counts no more, UTC."""
    problem: str = ""
    """What was not understood, in a sentence; "" when all was."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        narrowed = self.themes or self.kinds or self.colours or self.authors or self.after or self.before
        return not self.terms and not narrowed


class Hit(NamedTuple):
    """A place that was found."""

    where: Where
    revision: str
    start: int
    """Code points in the revision's text, end exclusive: where a click leads. Of a title both are 0."""
    end: int
    annotation: str
    """The annotation's (or reply's) id for a note or quote; "" for the others."""
    snippet: str
    """One line around what was found."""
    marks: tuple[tuple[int, int], ...] = ()
    """What was found in `snippet`: code points, end exclusive, in order."""


class Group(NamedTuple):
    """What was found in one document, the best first."""

    document: str
    title: str
    origin: str
    score: float
    """Larger is better; comparable within one result only."""
    hits: tuple[Hit, ...]
    """The first few."""
    total: int
    """How many there are in all, as far as they were counted."""
    counted: bool = True
    """False when the text has more than were counted."""


class SearchResult(NamedTuple):
    """The documents in which something was found, the best first."""

    groups: tuple[Group, ...] = ()
    problem: str = ""
    """What of the query was not understood or could not be done, in a sentence."""
    complete: bool = True
    """False when the words are so common that not all that have them were compared: the newest notes and texts were,
    and of the texts those too that have the words in their title or again and again."""


def understood(text: str, *, typing: bool = True, moment: datetime | None = None, zone: tzinfo | None = None) -> Query:
    """The query that `text` is; while `typing`, its last word may go on.

    `moment` is the present and `zone` where days begin, the computer's own when left out.
    """
    return _Reader(moment or now(), zone).read(text, typing=typing)


class _Reader:
    def __init__(self, moment: datetime, zone: tzinfo | None) -> None:
        self._moment = moment
        self._zone = zone
        self._terms: list[Term] = []
        self._without: list[Term] = []
        self._themes: list[str] = []
        self._kinds: list[Kind] = []
        self._colours: list[Colour] = []
        self._authors: list[Term] = []
        self._places: set[Place] = set()
        self._after: datetime | None = None
        self._before: datetime | None = None
        self._problems: list[str] = []

    def read(self, text: str, *, typing: bool) -> Query:
        text = unicodedata.normalize("NFC", _UNSAYABLE.sub(" ", text.translate(_QUOTES)))
        for match in _PART.finditer(text):
            if match["rest"] is not None:
                continue
            last = typing and match.end() == len(text) and not match["close"]
            self._take(match, last=last)
        if self._without and not self._terms and not self._problems:
            self._problems.append("Say also what to look for, not only what to leave out.")
        terms, without = self._first(self._terms), self._first(self._without)
        return Query(
            terms=terms,
            without=without,
            themes=self._first(self._themes),
            kinds=tuple(dict.fromkeys(self._kinds)),
            colours=tuple(dict.fromkeys(self._colours)),
            authors=self._first(self._authors),
            places=frozenset(self._places),
            after=self._after,
            before=self._before,
            problem=" ".join(self._problems),
        )

    def _first(self, values: list[_T]) -> tuple[_T, ...]:
        """Each once, and no more than anybody types: a page pasted by mistake is not looked for word by word."""
        found = tuple(dict.fromkeys(values))
        said = f"Only the first {MOST} words count."
        if len(found) > MOST and said not in self._problems:
            self._problems.append(said)
        return found[:MOST]

    def _take(self, match: re.Match[str], *, last: bool) -> None:
        quoted = match["quoted"] is not None
        value = match["quoted"] if quoted else match["plain"] or ""
        field = (match["field"] or "").casefold()
        if field in _FIELDS:
            if match["minus"]:
                self._problems.append(f"“-{field}:” cannot be left out; only words can.")
            else:
                self._narrow(field, " ".join(value.split()), last=last)
            return
        words = tuple(words_of(f"{field} {value}" if field else value))
        if words:
            term = Term(words, exact=quoted, prefix=last)
            (self._without if match["minus"] else self._terms).append(term._replace(prefix=last and not match["minus"]))

    def _narrow(self, field: str, value: str, *, last: bool) -> None:
        if not value:
            return
        match field:
            case "theme":
                self._themes.append(value)
            case "author":
                words = tuple(words_of(value))
                if words:
                    self._authors.append(Term(words, prefix=last))
            case "kind":
                self._kinds += self._named(value, KINDS, "kind", last=last)
            case "colour" | "color":
                self._colours += self._named(value, COLOURS, "colour", last=last)
            case "in":
                self._look_in(value, last=last)
            case _:
                self._date(field, value, last=last)

    def _named(self, value: str, names: Iterable[_V], what: str, *, last: bool) -> list[_V]:
        """The one of `names` that begins with `value`. While a name is being typed, no name at all is no problem."""
        found = [name for name in names if name.startswith(value.casefold())]
        if not found:
            self._problems.append(f"There is no {what} “{value}”; there are {_listed(names)}.")
        return found if last or len(found) == 1 else found[:1]

    def _look_in(self, value: str, *, last: bool) -> None:
        for part in value.casefold().replace("|", ",").split(","):
            found = {place for name, place in _PLACES.items() if name == part or (last and name.startswith(part))}
            if part and not found:
                self._problems.append(f"One can look in titles, text, quotes or notes, not in “{part}”.")
            self._places |= found

    def _date(self, field: str, value: str, *, last: bool) -> None:
        moment = self._begun(value)
        if moment is None:
            if not (last and re.fullmatch(r"[\d-]{1,9}", value)):
                self._problems.append(f"“{value}” is no date: write 2026, 2026-11, 2026-11-24 or 7d (7 days ago).")
        elif field == "after":
            self._after = max(moment, self._after or moment)
        else:
            self._before = min(moment, self._before or moment)

    def _begun(self, value: str) -> datetime | None:
        """When the day, month or year `value` began, or so long ago; None when there is no such date."""
        ago = _AGO.fullmatch(value.casefold())
        try:
            if ago is not None:
                return self._moment - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
            date = _DATE.fullmatch(value)
            if date is None:
                return None
            year, month, day = (int(part or 1) for part in date.groups())
            local = datetime(year, month, day, tzinfo=self._zone) if self._zone else datetime(year, month, day)  # noqa: DTZ001 - astimezone takes it as local
            return local.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            return None


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"


def has_words(name: str, wanted: str) -> bool:
    """Whether each word of `wanted` begins a word of `name`, whatever the case and the accents."""
    have = [fold(word).text for word in words_of(name)]
    return all(any(word.startswith(fold(part).text) for word in have) for part in words_of(wanted))
