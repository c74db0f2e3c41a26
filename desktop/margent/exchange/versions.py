"""Which state of a record descends from which: what tells a colleague's newer note from one written meanwhile.

Times alone cannot: two laptops edit the same note between two exchanges, and the later time knows nothing of the
other text. So each record carries the versions it grew out of, as a commit does, and the values of the last ones.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from margent.annotations import UNSAID, Annotation, Passage, Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Record = Annotation | Theme | Passage
"""What goes from one library to another. Documents go too, but are not merged: their texts are revisions."""

ANCHOR = ("document", "revision", "start", "end", "exact", "prefix", "suffix", "state")
"""Fields that say where something stands. They differ between libraries that read different revisions of a text, and
ids of documents differ between people who each imported the same file: no version of a record depends on them."""
_PLACE = frozenset({*ANCHOR, "id"})
_GONE = ("created", "deleted", "modified")
"""All that the version of a deleted record depends on."""
_SAID = {kind: tuple(sorted({f.name for f in fields(kind)} - _PLACE)) for kind in (Annotation, Passage, Theme)}
"""All that the version of any other depends on, in the order of the alphabet."""
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_KEPT = 6
"""Earlier values that are kept of a record: an exchange that missed more meetings than that is merged by time."""


class Copy:
    """A record as one library has it. A value: nothing but what it was asked for once is ever put into it."""

    __slots__ = ("_past", "_version", "seen", "value")

    def __init__(
        self,
        value: Record,
        seen: frozenset[str] = frozenset(),
        past: Mapping[str, Record] | Callable[[], Mapping[str, Record]] = MappingProxyType({}),
        version: str = "",
    ) -> None:
        """`past` may be what makes it, for most copies are merged without it; `version` what is known of the value."""
        self.value = value
        self.seen = seen
        """The versions that it descends from; its own may be among them."""
        self._past = past
        self._version = version

    @property
    def past(self) -> Mapping[str, Record]:
        """The values of the latest of those, by version."""
        if callable(self._past):
            self._past = self._past()
        return self._past

    @property
    def version(self) -> str:
        """The version of the value."""
        if not self._version:
            self._version = version_of(self.value)
        return self._version

    def _replace(self, **changed: Any) -> Copy:  # noqa: ANN401 - as a named tuple has it
        kept = {"value": self.value, "seen": self.seen, "past": self._past}
        return Copy(**{**kept, **changed})

    def placed(self, value: Record) -> Copy:
        """The same state of the record in another place: `value` differs in nothing that its version depends on."""
        return Copy(value, self.seen, self._past, self._version)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Copy):
            return NotImplemented
        return (self.value, self.seen, self.past) == (other.value, other.seen, other.past)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Copy({self.value!r}, {self.seen!r}, {self.past!r})"


def version_of(value: Record) -> str:
    """The name of a state of a record: 20 hexadecimal digits of the SHA-256 of what it says and since when.

    What is deleted says nothing any more: its text does not leave, so the state must have the same name without.
    """
    names = _GONE if value.deleted is not None else _SAID[type(value)]
    text = _ENCODE({name: _plain(getattr(value, name)) for name in names})
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def grown(copy: Copy, value: Record) -> Copy:
    """`value` as what `copy` has become: it descends from the copy and all that came before it."""
    version = copy.version
    if version_of(value) == version:
        return copy._replace(value=value)
    return Copy(value, copy.seen | {version}, _latest({**copy.past, version: copy.value}))


def joined(first: Copy, second: Copy, value: Record) -> Copy:
    """`value` as what two copies have become together."""
    versions = {first.version: first.value, second.version: second.value}
    own = version_of(value)
    seen = (first.seen | second.seen | versions.keys()) - {own}
    past = {**first.past, **second.past, **versions}
    past.pop(own, None)
    return Copy(value, frozenset(seen), _latest(past))


def common(first: Copy, second: Copy) -> Record | None:
    """The latest value that both copies grew out of; None when none is known."""
    one = first.seen | {first.version}
    other = second.seen | {second.version}
    past = {**first.past, **second.past, first.version: first.value, second.version: second.value}
    shared = [(past[version].modified, version) for version in one & other if version in past]
    return past[max(shared)[1]] if shared else None


def tombstone(value: Record) -> Record:
    """A deleted record with none of its words: what tells others that it is gone, and has the same version."""
    if isinstance(value, Annotation):
        return Annotation(
            id=value.id,
            document=value.document,
            revision=value.revision,
            start=0,
            end=0,
            exact="",
            author=UNSAID,
            created=value.created,
            modified=value.modified,
            deleted=value.deleted,
        )
    if isinstance(value, Theme):
        return replace(value, name=UNSAID, colour="amber", words=())
    return replace(value, start=0, end=0, origin="chosen")


def content(value: Record) -> Record:
    """`value` with nothing in it of when and where: equal for two records that say the same, as all deleted ones do."""
    moment = value.created
    if value.deleted is not None:
        value = tombstone(value)
    if isinstance(value, Annotation):
        value = replace(value, document="", revision="", start=0, end=0, exact="", prefix="", suffix="", state="placed")
    elif isinstance(value, Passage):
        theme = "" if value.deleted is not None else value.theme
        value = replace(value, document="", revision="", start=0, end=0, theme=theme)
    return replace(value, modified=moment, deleted=moment if value.deleted is not None else None)


def _latest(past: Mapping[str, Record]) -> Mapping[str, Record]:
    if len(past) <= _KEPT:
        return past
    newest = sorted(past.items(), key=lambda pair: (pair[1].modified, pair[0]))[-_KEPT:]
    return dict(newest)


def _plain(cell: Any) -> Any:  # noqa: ANN401
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="milliseconds")
    return list(cell) if isinstance(cell, tuple) else cell
