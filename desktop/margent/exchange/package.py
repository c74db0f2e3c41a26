"""The exchange file, `.margent`: a document with its annotations, which another Margent merges and a person can read.

A ZIP of
  manifest.json      what it is, who sent it when, the document, its revisions, names of the texts before them
  annotations.json   annotations and replies as an EPUB annotation set (W3C), deleted ones too
  themes.json        themes and passages
  history.json       by what names the earlier states of each record are known, without what they said
  text/ID.json       the text of a revision as blocks; pictures/HASH; original/FILE the file it was read from
  TITLE.md           a readable copy: the text with the notes inside
Reading trusts nothing in it: every value is checked, pictures by their hash, and nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.errors import MargentError
from margent.exchange import reading, records, texts
from margent.exchange.lineage import named
from margent.exchange.sound import checked
from margent.exchange.texts import Descent
from margent.exchange.versions import Copy
from margent.exchange.webannotation import EPUB, GENERATOR, OURS, dumped, entry, stated
from margent.library import rows
from margent.library.blocks import encode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from margent.document import Document
    from margent.exchange.versions import Record

Json = Any

SUFFIX = ".margent"
FORMAT, VERSION = "margent-exchange", 1
"""The version rises when an older Margent would read a file wrongly; such a file is then refused."""
_MANIFEST, _ANNOTATIONS, _THEMES, _HISTORY = "manifest.json", "annotations.json", "themes.json", "history.json"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of the document's text that annotations stand on."""

    id: str
    number: int
    hash: str
    """SHA-256 of the file it was read from, hexadecimal."""
    file: str
    created: datetime
    document: Document
    original: bytes = b""
    """The file's bytes; b"" when they are left out."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is in an exchange file."""

    record: DocumentRecord
    """Its `revision` is the newest of `revisions`."""
    revisions: tuple[Revision, ...]
    """In order of their numbers."""
    copies: Mapping[str, Copy]
    """Annotations, replies, themes and passages by id, deleted ones too."""
    sender: str
    sent: datetime
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names of the states in which the sender has seen replies that went to the bin with what they answer."""
    earlier: frozenset[str] = frozenset()
    """Names of the texts that the newest one grew out of (`texts`)."""

    @property
    def newest(self) -> Revision:
        """The text that the sender reads."""
        return next(revision for revision in self.revisions if revision.id == self.record.revision)

    @property
    def descent(self) -> Descent:
        """That text with all that it is known to have grown out of."""
        newest = self.newest
        others = [texts.names_of(one.document.text, one.hash) for one in self.revisions if one is not newest]
        own = texts.names_of(newest.document.text, newest.hash)
        earlier = self.earlier.union(*others) - own
        return Descent(texts.name_of(newest.document.text), newest.hash, earlier)


def write(bundle: Bundle, readable: str) -> bytes:
    """The exchange file of `bundle`, with `readable` as its Markdown copy. Same input, same bytes."""
    copies = dict(sorted(bundle.copies.items()))
    themes = {key: copy.value for key, copy in copies.items() if isinstance(copy.value, Theme)}
    passages = [copy.value for copy in copies.values() if isinstance(copy.value, Passage)]
    annotations = sorted(
        (copy.value for copy in copies.values() if isinstance(copy.value, Annotation)),
        key=lambda value: (value.start, value.end, value.parent is not None, value.created, value.id),
    )
    pictures = {key: data for revision in bundle.revisions for key, data in revision.document.pictures.items()}
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(entry(name), data)

        put(_MANIFEST, dumped(_manifest(bundle)))
        put(f"{_file_name(bundle.record.title)}.md", readable.encode("utf-8"))
        put(_ANNOTATIONS, dumped(_set(bundle, annotations, themes)))
        put(
            _THEMES,
            dumped(
                {
                    "themes": [records.theme_json(theme) for theme in themes.values()],
                    "passages": [records.passage_json(passage) for passage in passages],
                }
            ),
        )
        put(_HISTORY, dumped(_history(bundle, copies)))
        for revision in bundle.revisions:
            value = {
                "about": rows.about(revision.document),
                "blocks": encode(revision.document.blocks),
                "text": revision.document.text,
            }
            put(f"text/{revision.id}.json", json.dumps(value, ensure_ascii=False).encode("utf-8"))
            if revision.original:
                put(f"original/{revision.id}", revision.original)
        for key, data in sorted(pictures.items()):
            put(f"pictures/{key}", data)
    return buffer.getvalue()


def _manifest(bundle: Bundle) -> dict[str, Json]:
    record = bundle.record
    return {
        "format": FORMAT,
        "version": VERSION,
        "generator": GENERATOR["name"],
        "sender": bundle.sender,
        "sent": stated(bundle.sent),
        "document": {
            "id": record.id,
            "revision": record.revision,
            "title": record.title,
            "authors": list(record.authors),
            "date": record.date,
            "language": record.language,
            "source": record.source,
            "summary": record.summary,
            "origin": record.origin,
            "created": stated(record.created),
            "modified": stated(record.modified),
        },
        "revisions": [
            {
                "id": revision.id,
                "number": revision.number,
                "hash": revision.hash,
                "file": revision.file,
                "created": stated(revision.created),
            }
            for revision in bundle.revisions
        ],
        "earlier": sorted(bundle.earlier),
    }


def _history(bundle: Bundle, copies: Mapping[str, Copy]) -> dict[str, Json]:
    known = {key: named(copy) for key, copy in copies.items() if copy.seen}
    return {**known, **{key: {"seen": sorted(seen)} for key, seen in sorted(bundle.hidden.items())}}


def _set(bundle: Bundle, annotations: list[Annotation], themes: Mapping[str, Theme]) -> dict[str, Json]:
    record = bundle.record
    return {
        "@context": [EPUB, OURS],
        "id": f"urn:margent:{record.id}",
        "type": "AnnotationSet",
        "generator": GENERATOR,
        "generated": stated(bundle.sent),
        "about": {
            "dc:identifier": [f"urn:sha256:{bundle.newest.hash}"],
            "dc:title": record.title,
            **({"dc:creator": list(record.authors)} if record.authors else {}),
            **({"dc:date": record.date} if record.date else {}),
        },
        "items": [records.annotation_json(value, themes) for value in annotations],
    }


def _file_name(title: str) -> str:
    return " ".join(_UNSAFE.sub(" ", title).split())[:80].strip(" .") or "Document"


# -- in ---------------------------------------------------------------------------------------------------------------


def is_package(data: bytes) -> bool:
    """Whether a file is an exchange file, by its first entry."""
    return data[:4] == b"PK\x03\x04" and data[30 : 30 + len(_MANIFEST)] == _MANIFEST.encode()


def read(data: bytes, name: str) -> Bundle:
    """What is in the exchange file called `name`.

    Raises MargentError naming the file when it is none, damaged, or made by a newer Margent.
    """
    from margent.formats.archive import open_zip  # noqa: PLC0415 - of exchange files alone

    archive = open_zip(data, name)
    if _MANIFEST not in archive:
        raise MargentError(f"{name} is not an exchange file of Margent: it has no {_MANIFEST}.")

    def part(path: str) -> Json:
        return reading.parsed(archive.read(path), f"{path} in {name}")

    manifest = reading.mapping(part(_MANIFEST))
    if manifest.get("format") != FORMAT:
        raise MargentError(f"{name} is not an exchange file of Margent.")
    version = manifest.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise MargentError(f"{name} was made by a newer Margent: update this one to read it.")
    try:
        revisions = tuple(_revision(item, part, archive.get) for item in reading.listed(manifest.get("revisions")))
        record = _record(reading.mapping(manifest.get("document")), revisions)
        history = {key: _seen(past) for key, past in reading.mapping(part(_HISTORY)).items()}
        copies = _copies(part(_ANNOTATIONS), part(_THEMES), history)
        _check_spans(copies, revisions, record)
        sent = reading.moment(manifest.get("sent"))
        if sent is None:
            raise ValueError("it does not say when it was sent")  # noqa: TRY301 - told like all that is wrong inside
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise MargentError(f"{name} is damaged ({error}): ask for it to be sent again.") from error
    hidden = {key: seen for key, seen in history.items() if key not in copies}
    earlier = frozenset(name for name in reading.listed(manifest.get("earlier")) if isinstance(name, str))
    return Bundle(record, revisions, copies, reading.line(manifest.get("sender")), sent, hidden, earlier)


def _revision(item: Json, part: Any, optional: Any) -> Revision:  # noqa: ANN401 - the archive's own functions
    whole = reading.mapping(item)
    key = reading.uuid_of(whole.get("id"))
    text = reading.mapping(part(f"text/{key}.json"))

    def pictures(keys: list[str]) -> dict[str, bytes]:
        found = {key: optional(f"pictures/{key}") for key in keys}
        return {key: data for key, data in found.items() if data and hashlib.sha256(data).hexdigest() == key}

    stored = (reading.text(text["text"]), reading.listed(text["blocks"]), {**reading.mapping(text["about"])})
    document = checked(rows.document_of(stored, pictures))
    created, number = reading.moment(whole.get("created")), reading.number(whole.get("number"))
    if created is None or number is None:
        raise ValueError("a revision has no time or number")
    original = optional(f"original/{key}") or b""
    digest = reading.line(whole.get("hash"))
    if original and hashlib.sha256(original).hexdigest() != digest:
        raise ValueError("the original file is not the one that it names")
    return Revision(key, number, digest, reading.line(whole.get("file")), created, document, original)


def _record(item: Mapping[str, Json], revisions: tuple[Revision, ...]) -> DocumentRecord:
    key, revision = reading.uuid_of(item.get("id")), reading.uuid_of(item.get("revision"))
    newest = next((found for found in revisions if found.id == revision), None)
    created, modified = reading.moment(item.get("created")), reading.moment(item.get("modified"))
    if not key or newest is None or created is None or modified is None:
        raise ValueError("the document's id, times or text are missing")
    return DocumentRecord(
        id=key,
        revision=revision,
        title=reading.line(item.get("title")) or newest.document.title,
        authors=reading.names(reading.listed(item.get("authors"))),
        date=reading.line(item.get("date")),
        language=reading.line(item.get("language")),
        source=reading.line(item.get("source")),
        summary=reading.text(item.get("summary")),
        origin=reading.line(item.get("origin")),
        words=newest.document.words(),
        created=created,
        modified=modified,
    )


def _seen(past: Json) -> frozenset[str]:
    # Values of earlier states are never written, so none is believed.
    listed = reading.listed(reading.mapping(past).get("seen"))
    return frozenset(version for version in listed if isinstance(version, str))


def _copies(annotations: Json, themes: Json, history: Mapping[str, frozenset[str]]) -> dict[str, Copy]:
    both = reading.mapping(themes)
    found: list[Record] = [
        *(records.theme_of(item) for item in reading.listed(both.get("themes"))),
        *(records.passage_of(item) for item in reading.listed(both.get("passages"))),
        *(records.annotation_of(item) for item in reading.listed(reading.mapping(annotations).get("items"))),
    ]
    if len({value.id for value in found}) != len(found):
        raise ValueError("two records have the same id")
    return {value.id: Copy(value, history.get(value.id, frozenset())) for value in found}


def _check_spans(copies: Mapping[str, Copy], revisions: tuple[Revision, ...], record: DocumentRecord) -> None:
    lengths = {revision.id: len(revision.document.text) for revision in revisions}
    for copy in copies.values():
        value = copy.value
        if isinstance(value, Theme):
            continue
        if value.document != record.id or value.revision not in lengths:
            raise ValueError("an annotation stands on a text that is not in the file")
        if not 0 <= value.start <= value.end <= lengths[value.revision]:
            raise ValueError("an annotation stands beyond the end of the text")
        filed = value.themes if isinstance(value, Annotation) else (value.theme,)
        if not all(key in copies and isinstance(copies[key].value, Theme) for key in filed):
            raise ValueError("an annotation is filed under a theme that is not in the file")
        if isinstance(value, Annotation) and value.parent is not None:
            head = copies[value.parent].value if value.parent in copies else None
            if not isinstance(head, Annotation) or head.parent is not None:
                raise ValueError("a reply answers what is not in the file")
