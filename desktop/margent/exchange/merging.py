"""Two libraries' records into one: nobody's words are lost, whatever the order in which people exchange.

A record that only one side has changed since they last agreed is taken from that side. What both have changed is
merged field by field; two different texts of one note are both kept, the older as a reply. Where it is not known what
they agreed on last, the newer record counts, and a differing text is kept all the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from margent.annotations import UNSAID, Annotation, Theme
from margent.exchange.versions import ANCHOR, Copy, Record, common, content, grown, joined, version_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

Fate = Literal["new", "changed", "deleted", "restored", "conflict", "same", "ours"]
"""What becomes of a record: `same` says the same on both sides, `ours` has been changed on this side alone."""

TICK = timedelta(milliseconds=1)
_AUTOMATIC = frozenset({"id", "modified", "created", *ANCHOR})


class Clash(NamedTuple):
    """What two people did to the same record, and what was kept."""

    what: Literal["note", "deleted", "name"]
    """Two texts of a note; one side deleted what the other changed; two names of a theme."""
    mine: Record
    theirs: Record


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the preview."""

    id: str
    fate: Fate
    before: Record | None
    """As this library has it; None when it has it not."""
    after: Record
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """What merging would make of a library: the records by id as they would be, and a row for each record that came."""

    copies: Mapping[str, Copy]
    rows: tuple[Row, ...]
    into: Mapping[str, str] = field(default_factory=dict)
    """Of themes that became one with another of their name, that one's id."""

    def altered(self, mine: Mapping[str, Copy]) -> dict[str, Record]:
        """The values that differ from what `mine` has."""
        return {
            key: copy.value for key, copy in self.copies.items() if key not in mine or mine[key].value != copy.value
        }


def merge(
    mine: Mapping[str, Copy],
    theirs: Mapping[str, Copy],
    used: Container[str] = frozenset(),
    hidden: Mapping[str, frozenset[str]] | None = None,
) -> Merge:
    """Merge what came with what is there, by id.

    `used` has the themes that something else in the library is under, `hidden` the states of replies that the other
    side has seen and put away with what they answer.

    Commutative but for where things stand, idempotent, and after enough exchanges in any order every library has the
    same records (held by a state machine in the tests).
    """
    copies = dict(mine)
    rows: list[Row] = []
    for key, their in theirs.items():
        my = copies.get(key)
        if my is None:
            copies[key] = their
            # What was deleted before it ever came is remembered, so that an older file does not bring it.
            rows.append(Row(key, "same" if their.value.deleted is not None else "new", None, their.value))
            continue
        outcome = _merged(my, their)
        copies[key] = outcome.copy
        rows.append(Row(key, outcome.fate, my.value, outcome.copy.value, outcome.clash))
        for spare in outcome.spares:
            if spare.id not in copies:
                copies[spare.id] = Copy(spare)
                rows.append(Row(spare.id, "new", None, spare))
    saved = _needed_again(mine, theirs, copies, used, hidden or {})
    for key, copy in saved.items():
        before = mine[key].value if key in mine else None
        clash = Clash("deleted", copies[key].value, copy.value)
        told = Row(key, "conflict" if before is not None else "new", before, copy.value, clash)
        rows = [told if row.id == key else row for row in rows]
        if all(row.id != key for row in rows):
            rows.append(told)
    copies.update(saved)
    into = _of_one_name(copies)
    copies.update(_one_of_a_name(copies, into))
    return Merge(copies, tuple(_told(row, mine, into) for row in rows) if into else tuple(rows), into)


def _needed_again(
    mine: Mapping[str, Copy],
    theirs: Mapping[str, Copy],
    copies: Mapping[str, Copy],
    used: Container[str],
    hidden: Mapping[str, frozenset[str]],
) -> dict[str, Copy]:
    """What one side deleted and the other built on meanwhile, back: a note by its answer, a theme by its use."""
    latest: dict[str, datetime] = {}

    def need(key: str, by: Record) -> None:
        if key in copies and copies[key].value.deleted is not None:
            latest[key] = max(latest.get(key, by.modified), by.modified)

    fallen = {
        key
        for key, copy in copies.items()
        if copy.value.deleted is not None and key in theirs and key in mine and mine[key].value.deleted is None
    }
    for key, copy in copies.items():
        value = copy.value
        if value.deleted is not None or isinstance(value, Theme):
            continue
        if not fallen and key in mine and mine[key].value is value:
            continue
        was = _leaned_on(mine[key].value) if key in mine else frozenset()
        known = _leaned_on(theirs[key].value) if key in theirs else frozenset()
        if copy.version in hidden.get(key, ()):
            known = _leaned_on(value)
        for other in _leaned_on(value):
            # It came with this file, or whoever deleted what it leans on had not seen it.
            if (key in theirs and other not in was) or (other in fallen and other not in known):
                need(other, value)
    for key in fallen:
        if isinstance(copies[key].value, Theme) and key in used:
            need(key, mine[key].value)
    back: dict[str, Copy] = {}
    for key, moment in latest.items():
        copy = copies[key]
        words = mine[key].value if key in fallen else theirs[key].value if key in theirs else copy.value
        source = words if words.deleted is None else copy.value
        later = max(copy.value.modified, moment) + TICK
        value = _standing_where(replace(source, deleted=None, modified=later), copy.value)
        back[key] = grown(copy, value)
    return back


def _leaned_on(value: Record) -> frozenset[str]:
    """The notes and themes without which a standing record would be out of sight or lose its place."""
    if value.deleted is not None or isinstance(value, Theme):
        return frozenset()
    if isinstance(value, Annotation):
        return frozenset({*value.themes, *([value.parent] if value.parent is not None else [])})
    return frozenset({value.theme} if value.origin != "dismissed" else ())


def _told(row: Row, mine: Mapping[str, Copy], into: Mapping[str, str]) -> Row:
    """A row as the reader sees it, who knows themes by their names: to become one with that of its name is no news."""
    before, after = row.before, row.after
    if isinstance(after, Theme) and row.fate == "new":
        one = into.get(row.id, row.id)
        known = any(key in mine for key in (one, *(key for key, other in into.items() if other == one)))
        return replace(row, fate="same") if known else row
    if isinstance(after, Annotation) and isinstance(before, Annotation) and row.fate == "changed":
        filed = [replace(value, themes=_under(value.themes, into)) for value in (before, after)]
        return replace(row, fate="same") if _says(*filed) else row
    return row


def _under(themes: tuple[str, ...], into: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(into.get(theme, theme) for theme in themes))


class _Outcome(NamedTuple):
    copy: Copy
    fate: Fate
    clash: Clash | None = None
    spares: tuple[Annotation, ...] = ()


def _merged(my: Copy, their: Copy) -> _Outcome:
    mine, theirs = my.value, their.value
    if my.version == their.version:
        # Most of a file that came before: nothing is learned from it, and nothing has to be written again.
        known = my.version in my.seen and their.seen <= my.seen
        return _Outcome(my if known else joined(my, their, mine), "same")
    if my.version in their.seen or _was_never_here(my, their):
        value = _standing_where(_worded(theirs, mine), mine)
        return _Outcome(joined(my, their, value), _fate(mine, value))
    if their.version in my.seen:
        return _Outcome(joined(my, their, mine), "same" if _says(mine, theirs) else "ours")
    if _says(mine, theirs):
        newer = max((mine, theirs), key=_rank)
        return _Outcome(joined(my, their, _standing_where(_worded(newer, mine), mine)), "same")
    return _both_changed(my, their)


def _was_never_here(my: Copy, their: Copy) -> bool:
    """Whether a record is deleted here because a merge that had brought it was undone: nothing is remembered of it."""
    if my.seen or my.value.deleted is None or their.value.deleted is not None:
        return False
    return _says(replace(my.value, deleted=None), their.value)


def _both_changed(my: Copy, their: Copy) -> _Outcome:
    mine, theirs = my.value, their.value
    base = common(my, their)
    older, newer = sorted((mine, theirs), key=_rank)
    value, disputed = _without_base(older, newer) if base is None else _three_way(base, older, newer)
    clash: Clash | None = None
    if disputed:
        clash = Clash("deleted" if "deleted" in disputed else cast("Any", disputed[0]), mine, theirs)
    spares: tuple[Annotation, ...] = ()
    if "note" in disputed and isinstance(older, Annotation) and isinstance(newer, Annotation):
        # Wherever theirs stands: on a text that is not read here it would be out of sight.
        place = {name: getattr(mine, name) for name in ANCHOR}
        spares = tuple(replace(spare, **place) for spare in spares_of(older, newer))
    if value != newer:
        # A state that neither had: later than both, and the same whoever merges.
        value = replace(value, modified=max(mine.modified, theirs.modified) + TICK)
    value = _standing_where(_worded(value, mine), mine)
    fate: Fate = "conflict" if clash is not None else _fate(mine, value)
    return _Outcome(joined(my, their, value), fate, clash, spares)


def _three_way(base: Record, older: Record, newer: Record) -> tuple[Record, list[str]]:
    """The fields as changed on either side since `base`; of those changed on both, the newer one's, and their names."""
    if (older.deleted is None) != (newer.deleted is None):
        return _fallen(base, *((older, newer) if older.deleted is not None else (newer, older)))
    values: dict[str, Any] = {}
    disputed: list[str] = []
    for f in fields(newer):
        name = f.name
        if name in _AUTOMATIC or name == "deleted":
            continue
        was, one, other = (getattr(value, name) for value in (base, older, newer))
        if name in {"themes", "words"}:
            values[name] = _united(was, one, other)
        elif one in (other, was):
            values[name] = other
        elif other == was:
            values[name] = one
        else:
            values[name] = other
            disputed += [name] if name in {"note", "name"} else []
    return replace(newer, **values), disputed


def _fallen(base: Record, gone: Record, left: Record) -> tuple[Record, list[str]]:
    """What is left where one side has a record deleted and the other has not; what is deleted has no words."""
    if base.deleted is not None:
        # It had been deleted before: one side took it out of the bin.
        return left, []
    return (gone, []) if _says(left, base) else (left, ["deleted"])


def _without_base(older: Record, newer: Record) -> tuple[Record, list[str]]:
    """The newer record where it is not known what both agreed on; nothing is taken away, or made public, by a guess."""
    if (older.deleted is None) != (newer.deleted is None):
        return (older if older.deleted is None else newer), ["deleted"]
    if isinstance(older, Annotation) and isinstance(newer, Annotation):
        themes = _united((), older.themes, newer.themes)
        both = replace(newer, themes=themes, private=older.private or newer.private)
        return both, ["note"] if older.note != newer.note else []
    if isinstance(older, Theme) and isinstance(newer, Theme):
        named = replace(newer, words=_united((), older.words, newer.words))
        return named, ["name"] if older.name != newer.name else []
    return newer, []


def _worded(value: Record, mine: Record) -> Record:
    """`value`, in the bin with the words that this library has of it: what is deleted comes without any."""
    if value.deleted is None or type(value) is not type(mine):
        return value
    return replace(mine, deleted=value.deleted, created=value.created, modified=value.modified)


def spares_of(older: Annotation, newer: Annotation) -> Iterator[Annotation]:
    """The text that did not become the note's, as a reply that has the same id wherever it is made."""
    text = older.note.strip()
    if not text or text in newer.note:
        return
    key = hashlib.sha256(f"{older.id}\n{older.author}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    yield replace(
        older,
        id=key,
        parent=older.parent or older.id,
        note=older.note,
        kind="note",
        done=False,
        themes=(),
        deleted=None,
        created=older.modified,
        modified=older.modified,
    )


def _united(was: tuple[str, ...], one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """What either side added and neither took away, in the order of `other`."""
    kept = [item for item in other if item in one or item not in was]
    return (*kept, *(item for item in one if item not in was and item not in other))


def _standing_where(value: Record, mine: Record) -> Record:
    """`value` where this library has it: another may read an older or newer revision of the text."""
    if isinstance(value, Annotation) and isinstance(mine, Annotation):
        if value.deleted is None and placeless(mine):
            return replace(value, document=mine.document)
        if value.revision == mine.revision and value.modified > mine.modified:
            return replace(value, document=mine.document)
        return replace(value, **{name: getattr(mine, name) for name in ANCHOR})
    return value


def placeless(mine: Record) -> bool:
    """Whether a record was never here but as deleted, without its words: no place of it here says where they are."""
    return isinstance(mine, Annotation) and mine.deleted is not None and mine.author == UNSAID and not mine.exact


def _of_one_name(copies: Mapping[str, Copy]) -> dict[str, str]:
    """Standing themes that have the name of another, with the one that stays: the same one everywhere."""
    named: dict[str, list[str]] = {}
    for key, copy in copies.items():
        if isinstance(copy.value, Theme) and copy.value.deleted is None:
            named.setdefault(" ".join(copy.value.name.split()).casefold(), []).append(key)
    return {key: min(group) for group in named.values() for key in group if key != min(group)}


def _one_of_a_name(copies: Mapping[str, Copy], into: Mapping[str, str]) -> dict[str, Copy]:
    """Themes of the same name made one, and what was filed under the others filed under it."""
    changed: dict[str, Copy] = {}
    for stays in set(into.values()):
        rest = sorted(key for key, other in into.items() if other == stays)
        group = [theme for key in (stays, *rest) if isinstance(theme := copies[key].value, Theme)]
        words = tuple(dict.fromkeys(word for theme in group for word in theme.words))
        moment = max(theme.modified for theme in group) + TICK
        if words != group[0].words:
            changed[stays] = grown(copies[stays], replace(group[0], words=words, modified=moment))
        for key in rest:
            changed[key] = grown(copies[key], replace(copies[key].value, deleted=moment, modified=moment))
    for key, copy in copies.items() if into else ():
        value = copy.value
        if isinstance(value, Annotation) and any(theme in into for theme in value.themes):
            themes = _under(value.themes, into)
            changed[key] = grown(copy, replace(value, themes=themes, modified=value.modified + TICK))
        elif not isinstance(value, Annotation | Theme) and value.theme in into:
            changed[key] = grown(copy, replace(value, theme=into[value.theme], modified=value.modified + TICK))
    return changed


def _fate(before: Record, after: Record) -> Fate:
    if _says(before, after):
        return "same"
    if (before.deleted is None) != (after.deleted is None):
        return "restored" if after.deleted is None else "deleted"
    return "changed"


def _says(first: Record, second: Record) -> bool:
    return content(first) == content(second)


def _rank(value: Record) -> tuple[datetime, str]:
    return value.modified, version_of(value)
