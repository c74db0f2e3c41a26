"""What would come in, or leave, as a list: each note with who wrote it, what becomes of it, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt

from margent.annotations import UNSAID, Annotation, Colour, Theme
from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.cardtext import short_time
from margent.ui.noterows import plain
from margent.ui.quoterows import QuoteDelegate, Words
from margent.ui.rows import Index, Rows
from margent.ui.tips import as_tip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from margent.exchange.merging import Row

_WORDS = {
    "new": QT_TRANSLATE_NOOP("Arrivals", "new"),
    "changed": QT_TRANSLATE_NOOP("Arrivals", "changed"),
    "deleted": QT_TRANSLATE_NOOP("Arrivals", "deleted"),
    "restored": QT_TRANSLATE_NOOP("Arrivals", "back from the bin"),
    "conflict": QT_TRANSLATE_NOOP("Arrivals", "both changed it"),
    "theme": QT_TRANSLATE_NOOP("Arrivals", "Theme"),
    "unsaid": QT_TRANSLATE_NOOP("Arrivals", "Author not given"),
    "nameless": QT_TRANSLATE_NOOP("Arrivals", "Without a name"),
    "reply": QT_TRANSLATE_NOOP("Arrivals", "reply"),
    "gone": QT_TRANSLATE_NOOP("Arrivals", "One side deleted it, the other changed it: it stays."),
    "both": QT_TRANSLATE_NOOP("Arrivals", "Both texts stay, the older one as a reply: “%1”"),
    "was": QT_TRANSLATE_NOOP("Arrivals", "Until now: “%1”"),
}
_ORDER = ("conflict", "new", "changed", "restored", "deleted")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One line of the list."""

    value: Annotation | None
    """Whose author and time are its heading; None for a theme. Both are put into words when they are shown: of ten
    thousand lines some twenty are."""
    fate: str
    """What becomes of it; "" in a list of what leaves."""
    quote: str
    note: str
    more: str
    """What it was until now, or what both sides did."""
    colour: Colour
    alarming: bool
    """Whether both sides changed it."""

    @property
    def heading(self) -> str:
        """Who, and when."""
        return _heading(self.value) if self.value is not None else said("theme")


def said(word: str) -> str:
    """A word of the list in the reader's language."""
    return QCoreApplication.translate("Arrivals", _WORDS[word])


def author_word(author: str) -> str:
    """Who wrote something, for the list."""
    return said("unsaid") if author == UNSAID else author or said("nameless")


def arrivals(rows: Iterable[Row]) -> Iterator[tuple[str, Arrival]]:
    """The lines for what would come in, what both sides changed first, then by author and place."""
    shown = [row for row in rows if row.fate in _ORDER and isinstance(row.after, Annotation | Theme)]
    for row in sorted(shown, key=_rank):
        value = row.after
        if isinstance(value, Theme):
            yield row.id, Arrival(None, said(row.fate), value.name, "", "", "yellow", alarming=False)
        elif isinstance(value, Annotation):
            yield row.id, _arrival(row, value)


def leaving(values: Iterable[Annotation]) -> Iterator[tuple[str, Arrival]]:
    """The lines for what would leave, in the order given."""
    for value in values:
        yield value.id, Arrival(value, "", value.exact, plain(value.note), "", value.colour, alarming=False)


def _rank(row: Row) -> tuple[int, str, int, int, str]:
    value = row.after
    author, start = (value.author, value.start) if isinstance(value, Annotation) else ("", -1)
    return int(row.fate != "conflict"), author, start, _ORDER.index(row.fate), row.id


def _arrival(row: Row, value: Annotation) -> Arrival:
    more = ""
    before = row.before
    if row.clash is not None and row.clash.what == "deleted":
        more = said("gone")
    elif row.clash is not None:
        other = next((one.note for one in row.clash[1:] if isinstance(one, Annotation) and one.note != value.note), "")
        more = said("both").replace("%1", plain(other))
    elif row.fate == "changed" and isinstance(before, Annotation) and before.note != value.note:
        more = said("was").replace("%1", plain(before.note))
    return Arrival(
        value,
        said(row.fate),
        value.exact,
        plain(value.note),
        more,
        value.colour,
        alarming=row.fate == "conflict",
    )


def _heading(value: Annotation) -> str:
    parts = [author_word(value.author), short_time(value.created)]
    if value.parent is not None:
        parts.append(said("reply"))
    return " · ".join(parts)


class ArrivalModel(Rows[Arrival]):
    """The lines in a list."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The quotation, and all there is to say of it."""
        if not index.isValid():
            return None
        row = self.value(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.quote
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip("\n".join(part for part in (row.heading, row.quote, row.note, row.more) if part))
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (row.fate, row.heading, row.quote, row.note, row.more) if part)
        return None


class ArrivalDelegate(QuoteDelegate):
    """Paints a line: who and when, what becomes of it, the quotation, the note, and what it was."""

    def edge(self, row: Arrival) -> Colour:
        """The colour of its mark."""
        return row.colour

    def heading(self, rows: Rows[Any], row: Arrival) -> str:  # noqa: ARG002 - others ask the rows
        """Who and when."""
        return row.heading

    def aside(self, rows: Rows[Any], row: Arrival) -> Words:  # noqa: ARG002
        """What becomes of it."""
        return Words(row.fate, self.title, "danger" if row.alarming else "accent")

    def texts(self, row: Arrival) -> tuple[Words, ...]:
        """The quotation, the note, and what it was."""
        return (
            Words(row.quote, self.quote, "text"),
            Words(row.note, self.note, "text"),
            Words(row.more, self.small, "muted"),
        )
