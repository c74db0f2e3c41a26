"""Two libraries' records into one: nobody's words are lost, whatever the order in which people exchange.

A record that only one side has changed since they last agreed is taken from that side. What both have changed is
merged field by field; two different texts of one note are both kept, the older as a reply. Where it is not known what
they agreed on last, the newer record counts, and a differing text is kept all the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from margent.annotations import Annotation, Theme
from margent.exchange.versions import ANCHOR, Copy, Record, common, content, grown, joined, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Fate = Literal["new", "changed", "deleted", "restored", "conflict", "same", "ours"]
"""What becomes of a record: `same` says the same on both sides, `ours` has been changed on this side alone."""

_TICK = timedelta(milliseconds=1)
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

    def altered(self, mine: Mapping[str, Copy]) -> dict[str, Record]:
        """The values that differ from what `mine` has."""
        return {
            key: copy.value for key, copy in self.copies.items() if key not in mine or mine[key].value != copy.value
        }


def merge(mine: Mapping[str, Copy], theirs: Mapping[str, Copy]) -> Merge:
    """Merge what came with what is there, by id.

    Commutative but for where things stand, idempotent, and after enough exchanges in any order every library has the
    same records (held by a state machine in the tests).
    """
    copies = dict(mine)
    rows: list[Row] = []
    for key, their in theirs.items():
        my = copies.get(key)
        if my is None:
            copies[key] = their
            gone = their.value.deleted is not None
            rows.append(Row(key, "deleted" if gone else "new", None, their.value))
            continue
        outcome = _merged(my, their)
        copies[key] = outcome.copy
        rows.append(Row(key, outcome.fate, my.value, outcome.copy.value, outcome.clash))
        for spare in outcome.spares:
            if spare.id not in copies:
                copies[spare.id] = Copy(spare)
                rows.append(Row(spare.id, "new", None, spare))
    copies.update(_one_of_a_name(copies))
    return Merge(copies, tuple(rows))


class _Outcome(NamedTuple):
    copy: Copy
    fate: Fate
    clash: Clash | None = None
    spares: tuple[Annotation, ...] = ()


def _merged(my: Copy, their: Copy) -> _Outcome:
    mine, theirs = my.value, their.value
    if my.version == their.version:
        return _Outcome(joined(my, their, mine), "same")
    if my.version in their.seen or _was_never_here(my, their):
        value = _standing_where(theirs, mine)
        return _Outcome(joined(my, their, value), _fate(mine, value))
    if their.version in my.seen:
        return _Outcome(joined(my, their, mine), "same" if _says(mine, theirs) else "ours")
    if _says(mine, theirs):
        newer = max((mine, theirs), key=_rank)
        return _Outcome(joined(my, their, _standing_where(newer, mine)), "same")
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
    value, disputed = (newer, _disputed_without(older, newer)) if base is None else _three_way(base, older, newer)
    clash: Clash | None = None
    if disputed:
        clash = Clash("deleted" if "deleted" in disputed else cast("Any", disputed[0]), mine, theirs)
    spares: tuple[Annotation, ...] = ()
    if "note" in disputed and isinstance(older, Annotation) and isinstance(newer, Annotation):
        spares = tuple(_spare(older, newer))
    if value != newer:
        # A state that neither had: later than both, and the same whoever merges.
        value = replace(value, modified=max(mine.modified, theirs.modified) + _TICK)
    value = _standing_where(value, mine)
    fate: Fate = "conflict" if clash is not None else _fate(mine, value)
    return _Outcome(joined(my, their, value), fate, clash, spares)


def _three_way(base: Record, older: Record, newer: Record) -> tuple[Record, list[str]]:
    """The fields as changed on either side since `base`; of those changed on both, the newer one's, and their names."""
    values: dict[str, Any] = {}
    disputed: list[str] = []
    for f in fields(newer):
        name = f.name
        if name in _AUTOMATIC:
            continue
        was, one, other = (_cell(value, name) for value in (base, older, newer))
        if name in {"themes", "words"}:
            values[name] = _united(was, one, other)
        elif name == "deleted":
            values[name], clash = _fallen(base, older, newer)
            disputed += ["deleted"] if clash else []
        elif one in (other, was):
            values[name] = getattr(newer, name)
        elif other == was:
            values[name] = getattr(older, name)
        else:
            values[name] = getattr(newer, name)
            disputed += [name] if name in {"note", "name"} else []
    return replace(newer, **values), disputed


def _fallen(base: Record, older: Record, newer: Record) -> tuple[datetime | None, bool]:
    """When a record was deleted, None if it stands, and whether one side deleted what the other changed."""
    if (older.deleted is None) == (newer.deleted is None):
        return newer.deleted, False
    gone, left = (older, newer) if older.deleted is not None else (newer, older)
    if base.deleted is not None:
        # It had been deleted before: one side took it out of the bin.
        return None, False
    if _says(left, base):
        return gone.deleted, False
    return None, True


def _disputed_without(older: Record, newer: Record) -> list[str]:
    if isinstance(older, Annotation) and isinstance(newer, Annotation):
        return ["note"] if older.note != newer.note and older.deleted is None else []
    return ["name"] if isinstance(older, Theme) and isinstance(newer, Theme) and older.name != newer.name else []


def _spare(older: Annotation, newer: Annotation) -> Iterator[Annotation]:
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
        if value.revision == mine.revision and value.modified > mine.modified:
            return replace(value, document=mine.document)
        return replace(value, **{name: getattr(mine, name) for name in ANCHOR})
    return value


def _one_of_a_name(copies: Mapping[str, Copy]) -> dict[str, Copy]:
    """Themes of the same name made one, the same one everywhere, and what was filed under the others filed under it."""
    named: dict[str, list[Theme]] = {}
    for copy in copies.values():
        if isinstance(copy.value, Theme) and copy.value.deleted is None:
            named.setdefault(" ".join(copy.value.name.split()).casefold(), []).append(copy.value)
    into: dict[str, str] = {}
    changed: dict[str, Copy] = {}
    for group in named.values():
        first, *rest = sorted(group, key=lambda theme: theme.id)
        words = tuple(dict.fromkeys(word for theme in (first, *rest) for word in theme.words))
        moment = max(theme.modified for theme in group) + _TICK
        if rest and words != first.words:
            changed[first.id] = grown(copies[first.id], replace(first, words=words, modified=moment))
        for theme in rest:
            into[theme.id] = first.id
            changed[theme.id] = grown(copies[theme.id], replace(theme, deleted=moment, modified=moment))
    for key, copy in copies.items() if into else ():
        value = copy.value
        if isinstance(value, Annotation) and any(theme in into for theme in value.themes):
            themes = tuple(dict.fromkeys(into.get(theme, theme) for theme in value.themes))
            changed[key] = grown(copy, replace(value, themes=themes, modified=value.modified + _TICK))
        elif not isinstance(value, Annotation | Theme) and value.theme in into:
            changed[key] = grown(copy, replace(value, theme=into[value.theme], modified=value.modified + _TICK))
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


def _cell(value: Record, name: str) -> Any:  # noqa: ANN401
    return getattr(value, name)
