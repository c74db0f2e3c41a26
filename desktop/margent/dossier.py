"""What belongs to a theme in the whole library, by document: the values behind its dossier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.document import Document
from margent.filtering import author_of
from margent.folding import fold
from margent.themes import Matcher

Source = Literal["given", "chosen", "suggested", "annotation"]
Sort = Literal["annotations", "passages", "suggested"]
SORTS: dict[Source, Sort] = {
    "annotation": "annotations",
    "given": "passages",
    "chosen": "passages",
    "suggested": "suggested",
}


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


# -- a dossier as it is looked at -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of a dossier is looked at; everything by default."""

    sort: Sort | None = None
    document: str = ""
    author: str | None = None
    """Of annotations, as `filtering.author_of` names it; "" is the reader, None everybody and all passages."""
    words: str = ""

    def __bool__(self) -> bool:
        return self != Narrowing()


class Counts(NamedTuple):
    """How much a dossier has."""

    passages: int
    """Given and chosen ones."""
    annotations: int
    suggested: int
    documents: int


def key_of(document: str, entry: Entry) -> str:
    """What an entry of a document (its id) is known by: the same after a suggestion was kept."""
    if entry.annotation is not None:
        return entry.annotation.id
    return f"{document}:{entry.start}:{entry.end}"


def is_lost(entry: Entry) -> bool:
    """Whether its words are no longer in the text, so that it has no place there."""
    return entry.annotation is not None and entry.annotation.state == "orphaned"


def ticked_first(row: DossierRow) -> set[str]:
    """Keys of the entries of a document that become points unless the reader says otherwise.

    Annotations but private ones, and passages that were given or chosen and that none of these annotations touches: a
    brief need not quote the same words twice.
    """
    shared = [e for e in row.entries if e.annotation is not None and not e.annotation.private]
    standing = [entry for entry in shared if not is_lost(entry)]
    bare = [
        entry
        for entry in row.entries
        if SORTS[entry.source] == "passages" and not any(a.start < entry.end and a.end > entry.start for a in standing)
    ]
    return {key_of(row.record.id, entry) for entry in (*shared, *bare)}


def joined(stored: Iterable[DossierRow], suggested: Iterable[DossierRow]) -> list[DossierRow]:
    """What the library holds and what was suggested, as one row a document; documents with suggestions alone last.

    Orphans stand at the end of their document. A suggestion that was kept since is left out.
    """
    more = {row.record.id: row for row in suggested}
    rows = []
    for row in stored:
        found = more.pop(row.record.id, None)
        entries = list(row.entries)
        if found is not None:
            own = [entry for entry in row.entries if SORTS[entry.source] == "passages"]
            entries += [e for e in found.entries if not any(o.start < e.end and o.end > e.start for o in own)]
        rows.append(DossierRow(row.record, tuple(sorted(in_order(entries), key=is_lost))))
    return rows + list(more.values())


def counted(rows: Iterable[DossierRow]) -> Counts:
    """How much there is in `rows`."""
    found: dict[Sort, int] = {"passages": 0, "annotations": 0, "suggested": 0}
    documents = 0
    for row in rows:
        documents += 1
        for entry in row.entries:
            found[SORTS[entry.source]] += 1
    return Counts(**found, documents=documents)


def authors(rows: Iterable[DossierRow], owner: str) -> list[str]:
    """Who wrote the annotations, by name; "" for the reader, whose name is `owner`, first."""
    found = {author_of(e.annotation, owner) for row in rows for e in row.entries if e.annotation is not None}
    return sorted(found, key=str.casefold)


def narrowed(rows: Iterable[DossierRow], by: Narrowing, owner: str) -> list[DossierRow]:
    """What of `rows` passes; documents without any of it are left out.

    All the words must stand in what an entry quotes or says, or in its document's title, whatever case and accents.
    """
    wanted = fold(by.words).text.split()
    found = []
    for row in rows:
        if by.document and row.record.id != by.document:
            continue
        title = fold(row.record.title).text if wanted else ""
        entries = tuple(entry for entry in row.entries if _passes(entry, by, owner, wanted, title))
        if entries:
            found.append(DossierRow(row.record, entries))
    return found


def _passes(entry: Entry, by: Narrowing, owner: str, wanted: Sequence[str], title: str) -> bool:
    if by.sort is not None and SORTS[entry.source] != by.sort:
        return False
    value = entry.annotation
    if by.author is not None and (value is None or author_of(value, owner) != by.author):
        return False
    if not wanted:
        return True
    text = fold(f"{entry.text}\n{value.note}" if value is not None else entry.text).text
    return all(word in text or word in title for word in wanted)
