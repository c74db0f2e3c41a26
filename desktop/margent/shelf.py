"""What a library tells of its documents without their texts: the rows of the library view and of a document's past."""

from datetime import datetime
from typing import NamedTuple

from margent.annotations import DocumentRecord


class ShelfRow(NamedTuple):
    """A document and how much stands in it."""

    record: DocumentRecord
    highlights: int
    """Standing annotations, replies not counted."""
    notes: int
    """Those of them that say something."""
    themes: tuple[str, ...]
    """Ids of the standing themes that have passages or annotations here, the one with most of them first.

    Suggested passages do not count: they are computed from the text, which nobody reads for a list.
    """


class RevisionRecord(NamedTuple):
    """One state of a document's text, without the text."""

    id: str
    document: str
    number: int
    """From 1, in the order they came in."""
    hash: str
    """SHA-256 of the file it was read from, in hexadecimal."""
    file: str
    """The name of that file, or "bundled"."""
    created: datetime
    words: int
