"""What belongs to a theme in the whole library, by document: the values behind its dossier."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.document import Document
from margent.themes import Matcher

Source = Literal["given", "chosen", "suggested", "annotation"]


class Entry(NamedTuple):
    """A place of a document that belongs to a theme."""

    start: int
    """Code points in the document's newest text, end exclusive."""
    end: int
    text: str
    """The words there; of an annotation its quotation."""
    source: Source
    themes: tuple[str, ...]
    """Which of the themes asked for, in their order."""
    annotation: Annotation | None = None


class DossierRow(NamedTuple):
    """A document and its places in reading order."""

    record: DocumentRecord
    entries: tuple[Entry, ...]


def stored_entries(
    themes: Sequence[str], text: str, passages: Iterable[Passage], annotations: Iterable[Annotation]
) -> list[Entry]:
    """The places of one document that the library holds; what was dismissed is left out."""
    entries = [
        Entry(passage.start, passage.end, text[passage.start : passage.end], passage.origin, (passage.theme,))
        for passage in passages
        if passage.origin != "dismissed"
    ]
    for value in annotations:
        filed = tuple(theme for theme in themes if theme in value.themes)
        entries.append(Entry(value.start, value.end, value.exact, "annotation", filed, value))
    return in_order(entries)


def suggested_entries(themes: Iterable[Theme], document: Document, stored: Iterable[Passage]) -> list[Entry]:
    """The places of one document that the words of themes point to, but for those that passages of theirs touch."""
    matcher = Matcher(document)
    known = list(stored)
    entries: list[Entry] = []
    for theme in themes:
        own = [passage for passage in known if passage.theme == theme.id]
        entries += [
            Entry(start, end, document.text[start:end], "suggested", (theme.id,))
            for start, end in matcher.suggest(theme)
            if not any(passage.start < end and passage.end > start for passage in own)
        ]
    return in_order(entries)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in reading order; the annotation of a place stands after its passage."""
    return sorted(entries, key=lambda entry: (entry.start, entry.end, entry.source == "annotation", entry.themes))
