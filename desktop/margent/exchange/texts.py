"""Which text of a document grew out of which: what tells a colleague's newer text from an older one, or from another.

Times and file names do not: two people can each have written on from the same draft. So a text is known by what is in
it and by the file it was read from, and an exchange file says by what names those before it are known, not what they
said.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from margent.annotations import DocumentRecord
    from margent.library.store import Library
    from margent.shelf import RevisionRecord

Relation = Literal["same", "reread", "older", "newer", "other"]
"""What their text is to ours: `reread` the same file's, read in another way; `other` when neither is known to come from
the other one."""

_DIGEST = 64
"""Characters of the name of a file; those of texts are shorter."""


@dataclass(frozen=True, slots=True)
class Descent:
    """A text by its names, and those of all the texts it grew out of."""

    text: str
    """The name of what is in it."""
    file: str
    """The name of the file it was read from: its SHA-256 in full, by which a library can look for it."""
    earlier: frozenset[str]
    """Names of both kinds."""

    @property
    def names(self) -> frozenset[str]:
        """Both names of it: another Margent may read another text from the same file, and another file have it too."""
        return frozenset({self.text, self.file})


def name_of(text: str) -> str:
    """The name of what is in a text: 20 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def names_of(text: str, digest: str) -> frozenset[str]:
    """The names of a text and of its file, whose SHA-256 `digest` is."""
    return frozenset({name_of(text), digest})


def files_in(names: Iterable[str]) -> list[str]:
    """Of names of both kinds those of files."""
    return sorted(name for name in names if len(name) == _DIGEST)


def standing(library: Library, record: DocumentRecord) -> list[RevisionRecord]:
    """The revisions up to the one that a document shows; those that came after it were taken back."""
    every = library.revisions(record.id)
    shown = next(revision.number for revision in every if revision.id == record.revision)
    return [revision for revision in every if revision.number <= shown]


def descent(library: Library, record: DocumentRecord) -> Descent:
    """The text that a document shows here, with all that it grew out of, here or where it came from."""
    every = standing(library, record)
    heard = library.lineage([revision.id for revision in every])
    earlier: set[str] = set()
    for text in heard.values():
        earlier |= unpacked(text)
    for revision in every[:-1]:
        earlier |= names_of(library.text(revision.id), revision.hash)
    own = Descent(name_of(library.text(record.revision)), every[-1].hash, frozenset())
    return Descent(own.text, own.file, frozenset(earlier) - own.names)


def relation(mine: Descent, theirs: Descent) -> Relation:
    """What `theirs` is to `mine`; never guessed from times."""
    if mine.text == theirs.text:
        return "same"
    newer = not mine.names.isdisjoint(theirs.earlier)
    older = not theirs.names.isdisjoint(mine.earlier)
    if newer != older:
        return "newer" if newer else "older"
    return "reread" if mine.file == theirs.file and not newer else "other"


def packed(earlier: Iterable[str]) -> str:
    """What the library remembers of where a revision came from, as it remembers the exchanges of a record."""
    return json.dumps({"seen": sorted(earlier), "past": []}, separators=(",", ":")) if earlier else ""


def unpacked(text: str) -> frozenset[str]:
    """The names in what `packed` gave; none in "" and in what is none."""
    found: Any = json.loads(text) if text else {}
    listed = found.get("seen") if isinstance(found, dict) else None
    return frozenset(name for name in listed if isinstance(name, str)) if isinstance(listed, list) else frozenset()
