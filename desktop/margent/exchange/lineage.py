"""What is remembered of a record's exchanges, as text: in the library between two of them, and in an exchange file."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from margent.exchange import reading
from margent.exchange.records import record_json, record_of
from margent.exchange.versions import Copy, Record, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = Any
_BROUGHT = "brought"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def named(copy: Copy) -> dict[str, Json]:
    """The names alone of the states that a copy grew out of: what an exchange file says of them.

    Never their values: an earlier wording was for whoever got it then, and whoever it is merged with has it.
    """
    return {"seen": sorted(copy.seen)}


def told(copy: Copy) -> dict[str, Json]:
    """The states that a copy grew out of, ready for JSON, as the library remembers them."""
    known = sorted(copy.past)
    return {"seen": sorted(copy.seen), "past": [record_json(copy.past[version]) for version in known]}


def brought(note: str) -> str:
    """What the library keeps of a note that another program's file brought: whether it is still that file's text.

    No state of it is known to anybody by that, so it is nothing that an exchange goes by.
    """
    return _ENCODE({"seen": [], "past": [], _BROUGHT: _digest(note)})


def is_as_brought(note: str, text: str) -> bool:
    """Whether a note reads as a file brought it last, by what is kept of it (`text`); False where that is nothing."""
    found = reading.mapping(json.loads(text)) if text else {}
    return found.get(_BROUGHT) == _digest(note)


def _digest(note: str) -> str:
    return hashlib.sha256(note.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def heard(value: Record, past: Mapping[str, Json]) -> Copy:
    """`value` with the states that `told` told of it; what they said is read when it is asked for.

    Raises ValueError when it is no JSON of that kind.
    """
    seen = frozenset(version for version in reading.listed(past.get("seen")) if isinstance(version, str))
    items = reading.listed(past.get("past"))

    def values() -> dict[str, Record]:
        found: dict[str, Record] = {}
        for item in items:
            # A state that cannot be read is one that is not known; the notes themselves do not depend on it.
            with suppress(ValueError, KeyError, TypeError):
                old = record_of(item)
                if type(old) is type(value) and old.id == value.id:
                    found[version_of(old)] = old
        return found

    return Copy(value, seen, values)


def packed(copy: Copy) -> str:
    """What the library keeps of a copy that others have now: all that it grew out of, and it itself."""
    version = copy.version
    return kept(Copy(copy.value, copy.seen | {version}, {**copy.past, version: copy.value}))


def kept(copy: Copy) -> str:
    """What the library keeps of a copy now; "" for one that was never exchanged."""
    return _ENCODE(told(copy)) if copy.seen else ""


def unpacked(value: Record, text: str) -> Copy:
    """`value` as it is now, with what `packed` kept of it; "" where nothing was kept."""
    return heard(value, json.loads(text)) if text else Copy(value)
