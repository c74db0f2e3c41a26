"""What leaves: a document's annotations for a colleague's Margent, or for another program.

Private notes stay unless they are chosen, and so does every answer to one. What has left is remembered, so that the
next exchange can tell a colleague's change from one made here meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from margent.annotations import UNSAID, Annotation, Change, Passage, Theme
from margent.errors import MargentError
from margent.exchange import texts
from margent.exchange.lineage import packed, unpacked
from margent.exchange.package import Bundle, Revision
from margent.exchange.parcel import Parcel, Remark
from margent.exchange.versions import tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from margent.annotations import DocumentRecord
    from margent.exchange.versions import Copy, Record
    from margent.library.store import Library
    from margent.reading import Reading

SIGNING = "Sign notes"
_AHEAD = timedelta(hours=14)
"""The furthest that a local time is ahead of UTC."""


def copies(library: Library, document: str) -> dict[str, Copy]:
    """All records that an exchange of a document deals with, deleted ones too, with what is remembered of each.

    Passages that the document's author gave are not among them: every library has them from the file itself.
    """
    values: list[Record] = [
        *library.annotations(document),
        *library.annotations(document, deleted=True),
        *library.passages(document),
        *library.passages(document, deleted=True),
        *library.theme_list(),
        *library.theme_list(deleted=True),
    ]
    kept = [value for value in values if not (isinstance(value, Passage) and value.origin == "given")]
    remembered = library.lineage([value.id for value in kept])
    return {value.id: unpacked(value, remembered.get(value.id, "")) for value in kept}


def leaving(found: Mapping[str, Copy], *, private: bool = False) -> dict[str, Copy]:
    """Those of `copies` that leave: no private note and no answer to one unless `private`, and only themes in use.

    Of what was deleted only that it was, and only to those who may have it: what never left is nobody's business.
    """
    sent = {key: shown for key, copy in found.items() if (shown := _shown(copy, private=private)) is not None}
    sent = {key: copy for key, copy in sent.items() if _is_answerable(copy.value, sent)}
    used: set[str] = set()
    for copy in sent.values():
        used.update(copy.value.themes if isinstance(copy.value, Annotation) else ())
        # What is dismissed is of use to those who have it as chosen, and tells others of a theme that they do not know.
        if isinstance(copy.value, Passage) and (copy.seen or copy.value.origin == "chosen"):
            used.add(copy.value.theme)
    sent = {key: copy for key, copy in sent.items() if not isinstance(copy.value, Passage) or copy.value.theme in used}
    return {**sent, **{key: _without_words(found[key]) for key in sorted(used) if key in found}}


def _shown(copy: Copy, *, private: bool) -> Copy | None:
    value = copy.value
    if isinstance(value, Theme) or (isinstance(value, Annotation) and value.private and not private):
        return None
    return _without_words(copy) if copy.seen or value.deleted is None else None


def _without_words(copy: Copy) -> Copy:
    return copy._replace(value=tombstone(copy.value)) if copy.value.deleted is not None else copy


def _is_answerable(value: Record, sent: Mapping[str, Copy]) -> bool:
    """Whether what a reply answers leaves too and still stands, or it is no reply."""
    parent = value.parent if isinstance(value, Annotation) else None
    return parent is None or (parent in sent and sent[parent].value.deleted is None)


def sign(values: Iterable[Annotation], author: str) -> Change:
    """Put the reader's name under notes that have none: to a colleague, a note without one would seem their own.

    Raises MargentError when there is no name to put there and one is needed.
    """
    unsigned = [value for value in values if not value.author]
    if unsigned and not author.strip():
        raise MargentError(
            "Your notes carry no name, and a colleague would not know whose they are: "
            "write your name in the settings, or give it with --author."
        )
    before = {value.id: value for value in unsigned}
    return Change(SIGNING, before, {key: replace(value, author=author) for key, value in before.items()})


def bundle(library: Library, document: str, *, sender: str, moment: datetime, private: bool = False) -> Bundle:
    """A document with its annotations as they leave. Sign notes first. Raises MargentError when there is none."""
    record = library.record(document)
    found = copies(library, document)
    sent = leaving(found, private=private)
    sent = {key: _on_newest(copy, record) for key, copy in sent.items()}
    needed = {record.revision} | {copy.value.revision for copy in sent.values() if not isinstance(copy.value, Theme)}
    every = sorted(library.revisions(document), key=lambda known: known.number)
    revisions = tuple(
        Revision(
            known.id,
            known.number,
            known.hash,
            known.file,
            known.created,
            library.document(known.id),
            library.original(known.id) if known.id == record.revision else b"",
        )
        for known in every
        if known.id in needed
    )
    if _tells_more(revisions, every[0].created, found, sent):
        revisions = tuple(replace(revision, original=b"") for revision in revisions)
    earlier = texts.descent(library, record).earlier
    return Bundle(record, revisions, sent, sender, moment, hidden(found, sent), earlier)


def _tells_more(
    revisions: Iterable[Revision], first: datetime, found: Mapping[str, Copy], sent: Mapping[str, Copy]
) -> bool:
    """Whether an original has notes of its own in it that do not leave, or not with those words.

    Which notes came with the file is not stored. They were there when it was taken in (`first`), though Word's times
    are local ones and may be ahead by half a day; in doubt the file stays here, for its text leaves by itself.
    """
    if not any(_may_have_notes(revision.original) for revision in revisions):
        return False
    notes = [(key, copy.value) for key, copy in found.items() if isinstance(copy.value, Annotation)]
    return any(
        (value.created <= first + _AHEAD and (key not in sent or value.deleted is not None))
        or value.created <= first < value.modified
        for key, value in notes
    )


def _may_have_notes(original: bytes) -> bool:
    if original[:1024].find(b"%PDF-") >= 0:
        return True
    if original[:2] != b"PK":
        return False
    try:
        with ZipFile(BytesIO(original)) as archive:
            return any(name.startswith("word/comments") for name in archive.namelist())
    except BadZipFile:
        return False


def hidden(found: Mapping[str, Copy], sent: Mapping[str, Copy]) -> dict[str, frozenset[str]]:
    """Replies that went to the bin with what they answer, by the names of their states: they were known to go."""
    replies = {
        key: copy
        for key, copy in found.items()
        if copy.seen and isinstance(copy.value, Annotation) and copy.value.parent in sent and key not in sent
    }
    return {key: copy.seen | {copy.version} for key, copy in replies.items()}


def _on_newest(copy: Copy, record: DocumentRecord) -> Copy:
    """What is deleted stands nowhere: no earlier text leaves for its sake."""
    value = copy.value
    if isinstance(value, Theme) or value.deleted is None:
        return copy
    return copy._replace(value=replace(value, revision=record.revision))


def moment_of(annotations: Iterable[Annotation], record: DocumentRecord) -> datetime:
    """The latest change of what leaves: an exchange file says that, so that the same state gives the same bytes."""
    return max([record.modified, *(value.modified for value in annotations)])


def remembered(sent: Mapping[str, Copy]) -> dict[str, str]:
    """What the library is to remember of what has left, by id."""
    return {key: packed(copy) for key, copy in sent.items()}


def parcel(reading: Reading, *, private: bool = False) -> Parcel:
    """The annotations of the open document for another program, in reading order."""
    document, record = reading.document, reading.record
    remarks = [
        _remark(reading, value)
        for value in reading.in_order()
        if value.parent is None and (private or not value.private)
    ]
    source = record.source if "://" in record.source else ""
    return Parcel(
        "Margent",
        record.title,
        record.authors,
        source or f"urn:margent:{record.id}",
        tuple(_without_private(remark, private=private) for remark in remarks),
        text=document.text,
    )


def _remark(reading: Reading, value: Annotation) -> Remark:
    document = reading.document
    section = document.section_at(value.start)
    return Remark(
        id=value.id,
        exact=value.exact,
        prefix=value.prefix,
        suffix=value.suffix,
        start=value.start if value.state != "orphaned" else None,
        end=value.end if value.state != "orphaned" else None,
        note=value.note,
        author=_named(value),
        created=value.created,
        modified=value.modified,
        kind=value.kind,
        colour=value.colour,
        style=value.style,
        themes=tuple(reading.themes[key].name for key in value.themes if key in reading.themes),
        private=value.private,
        done=value.done,
        chapter=section[-1] if section and value.state != "orphaned" else "",
        page=document.page_at(value.start) if value.state != "orphaned" else "",
        progress=value.start / len(document.text) if document.text and value.state != "orphaned" else None,
        replies=tuple(
            Remark(
                id=reply.id,
                note=reply.note,
                author=_named(reply),
                created=reply.created,
                modified=reply.modified,
                private=reply.private,
            )
            for reply in reading.replies.get(value.id, ())
        ),
    )


def _named(value: Annotation) -> str:
    """Who made it; an author who is not known is nobody of that name in another program."""
    return "" if value.author == UNSAID else value.author


def _without_private(remark: Remark, *, private: bool) -> Remark:
    return remark if private else replace(remark, replies=tuple(one for one in remark.replies if not one.private))


def remember_points(library: Library, document: str, points: Iterable[str]) -> None:
    """Remember that annotations have left with their replies, in a document exported whole: it may come back edited."""
    left = set(points)
    found = copies(library, document)
    sent = {}
    for key, copy in found.items():
        value = copy.value
        head = found[value.parent].value if isinstance(value, Annotation) and value.parent in left else None
        # A private answer leaves with a private note alone, as in `brief.views`.
        answers = isinstance(value, Annotation) and isinstance(head, Annotation) and (head.private or not value.private)
        if key in left or answers:
            sent[key] = copy
    library.remember(remembered(sent))
