"""The values a library is made of, and the Change: the one way in which they are altered."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from margent.values import value

Colour = Literal["yellow", "green", "blue", "pink", "purple"]
Style = Literal["highlight", "underline"]
Kind = Literal["note", "question", "action", "position"]
State = Literal["placed", "moved", "orphaned"]
Origin = Literal["given", "chosen", "dismissed"]
Status = Literal["", "to_read", "reading", "finished"]
"""How far a reader is with a document; "" follows from the progress (see `status_of`)."""
ThemeColour = Literal["amber", "forest", "plum", "navy", "teal", "brick", "olive", "slate", "rose", "bronze"]

COLOURS: tuple[Colour, ...] = get_args(Colour)
STYLES: tuple[Style, ...] = get_args(Style)
KINDS: tuple[Kind, ...] = get_args(Kind)
THEME_COLOURS: tuple[ThemeColour, ...] = get_args(ThemeColour)
STATUSES: tuple[Status, ...] = get_args(Status)

CONTEXT = 128
"""Code points of prefix and suffix that a selector stores."""
UNSAID = "?"
"""The author of an annotation whose file does not say who made it; shown as "author not given"."""
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""A file's later time is none: what is changed after it must get a later one still, and the calendar ends in 9999."""
FINISHED = 0.98
"""Progress from which a document counts as read: a last line of credits is not waited for."""


def new_id() -> str:
    """A fresh UUID4 in hexadecimal, 32 characters."""
    # The same as uuid4().hex; importing uuid takes longer than all else that the first page needs of this module.
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    return raw.hex()


def now() -> datetime:
    """The present in UTC, to the millisecond, as the library stores times."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)


@value(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A highlight or underline on a span of a revision, or (with a parent) a reply to one."""

    id: str
    document: str
    revision: str
    start: int
    """Code points in the revision's text; a reply has its parent's span."""
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    state: State = "placed"
    colour: Colour = "yellow"
    style: Style = "highlight"
    kind: Kind = "note"
    note: str = ""
    """Markdown, as typed."""
    private: bool = False
    done: bool = False
    author: str = ""
    """The name of whoever wrote it; "" is the owner of this library who has not given a name, UNSAID is unknown."""
    themes: tuple[str, ...] = ()
    """Ids of themes, in the order given."""
    parent: str | None = None
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    deleted: datetime | None = None
    """When it went to the bin; None while it stands."""

    @property
    def is_task(self) -> bool:
        """Whether it can be ticked: questions and actions."""
        return self.kind in {"question", "action"}


@value(frozen=True, slots=True, kw_only=True)
class Theme:
    """A topic: a name, a colour and the words that signal it. Belongs to the library."""

    id: str
    name: str
    colour: ThemeColour = "amber"
    words: tuple[str, ...] = ()
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    deleted: datetime | None = None


@value(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a revision that belongs to a theme, or (dismissed) that the reader says does not.

    Suggested passages are computed from the theme's words and never stored.
    """

    id: str
    theme: str
    document: str
    revision: str
    start: int
    end: int
    origin: Origin = "chosen"
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    deleted: datetime | None = None


@value(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """What the library knows of a document besides its text. `revision` is the newest one."""

    id: str
    revision: str
    title: str
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    source: str = ""
    summary: str = ""
    origin: str = ""
    """"bundled", or the name of the file it was imported from."""
    words: int = 0
    status: Status = ""
    """What the reader says of it; "" leaves it to the progress."""
    collections: tuple[str, ...] = ()
    """Ids of the collections it is in, in the order given."""
    progress: float = 0.0
    """The furthest point read, 0–1."""
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    opened: datetime | None = None
    deleted: datetime | None = None


@value(frozen=True, slots=True, kw_only=True)
class Collection:
    """A shelf for documents, which may stand on several. One inside another is as deep as they go."""

    id: str
    name: str
    parent: str | None = None
    """Id of the collection it stands in; that one stands in none."""
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    deleted: datetime | None = None


Value = Annotation | Theme | Passage | DocumentRecord | Collection


@value(frozen=True, slots=True)
class Change:
    """Every edit: values by id before and after. None stands for "not there".

    The store stamps `modified`; a Change that reaches `notify` carries the stamped values. Applying None keeps
    the row as a tombstone, so that undoing a creation loses nothing for good.
    """

    label: str
    """Names it in the Undo menu, in the imperative: "Highlight", "Edit note"."""
    before: Mapping[str, Value | None]
    after: Mapping[str, Value | None]
    merge: str = ""
    """Consecutive changes with the same non-empty key become one undo step (typing in one note)."""
    lineage: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What is remembered of the exchanges of each record, by id, before and after; "" for nothing (`exchange`)."""
    dated: bool = False
    """Whether all but documents keep the `modified` they have: what comes from another library was changed there and
    then, and to find an annotation's words in another text is no edit of it."""

    def inverse(self) -> "Change":
        """The change that takes this one back."""
        lineage = {key: (after, before) for key, (before, after) in self.lineage.items()}
        return Change(self.label, self.after, self.before, lineage=lineage, dated=self.dated)

    def then(self, later: "Change") -> "Change":
        """This change and `later` as one."""
        return Change(self.label, {**later.before, **self.before}, {**self.after, **later.after}, self.merge)


def status_of(record: DocumentRecord) -> Status:
    """Whether a document is to read, being read or finished: what the reader says, else what the progress tells."""
    if record.status:
        return record.status
    if record.progress <= 0:
        return "to_read"
    return "finished" if record.progress >= FINISHED else "reading"


def next_colour(themes: Iterable[Theme]) -> ThemeColour:
    """The colour that the fewest of `themes` have; of several, the first."""
    used = [theme.colour for theme in themes]
    return min(THEME_COLOURS, key=used.count)


def theme_named(name: str, themes: Iterable[Theme]) -> Theme | None:
    """The theme of that name, whatever the case and the white space; None when there is none."""
    wanted = _plain(name)
    return next((theme for theme in themes if _plain(theme.name) == wanted), None)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def same(first: Value | None, second: Value | None) -> bool:
    """Whether two values say the same, whenever they were modified. A missing value equals a deleted one."""
    if first is None or second is None:
        other = second if first is None else first
        return other is None or other.deleted is not None
    if type(first) is not type(second):
        return False
    return replace(first, modified=second.modified) == second
