"""W3C Web Annotation in JSON-LD, and its profile for books: one annotation, a page, a collection, or a set.

Formats: Web Annotation Data Model (W3C Recommendation, 23 February 2017), EPUB Annotations 1.0 (First Public Working
Draft, 24 February 2026), and the Readium annotations that Thorium writes. What neither knows (kind, done, private) is
written under a prefix of our own, which others pass over.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from margent import __version__
from margent.annotations import COLOURS, KINDS, STYLES
from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from margent.annotations import Colour, Kind, Style

Json = Any

WEB = "http://www.w3.org/ns/anno.jsonld"
EPUB = "https://www.w3.org/ns/epub-anno.jsonld"
OURS = {"margent": "urn:margent:terms:"}
"""The prefix of our own terms: kind, done, private, colour, style, inReplyTo, page, chapter."""
GENERATOR = {"id": "urn:margent", "type": "Software", "name": f"Margent {__version__}"}
_SET = "annotations.json"
_MARKUP = {"text/html", "application/xhtml+xml"}
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|urn:)\S*\s*$")
_STYLES: dict[str, Style] = {"underline": "underline"}


# -- in ---------------------------------------------------------------------------------------------------------------


def is_web(value: Json) -> bool:
    """Whether a JSON value is of this family."""
    head = value[0] if isinstance(value, list) and value else value
    kinds = {kind for kind in reading.listed(reading.mapping(head).get("type")) if isinstance(kind, str)}
    return bool(kinds & {"Annotation", "AnnotationPage", "AnnotationCollection", "AnnotationSet"})


def read(data: bytes, name: str) -> list[Parcel]:
    """The annotations in a file: JSON-LD, or a ZIP with `annotations.json` at its root.

    Raises MargentError naming the file when they cannot be read.
    """
    if data.startswith(b"PK"):
        from margent.formats.archive import open_zip  # noqa: PLC0415 - of the few files that are archives

        found = open_zip(data, name).get(_SET)
        if found is None:
            raise MargentError(f"{name} has no {_SET} in it, so there are no annotations to read.")
        data = found
    return parcels(reading.parsed(data, name), name)


def parcels(value: Json, name: str) -> list[Parcel]:
    """The annotations in parsed JSON-LD, by what they are about. Raises MargentError when it is something else."""
    if not is_web(value):
        raise MargentError(f"{name} holds no W3C annotations: export them again from the program they come from.")
    whole = reading.mapping(value)
    items, missing = _items(value)
    about = reading.mapping(whole.get("about"))
    lost = [f"{name}: {missing} further page(s) of annotations are not in the file."] if missing else []
    by_target: dict[str, list[tuple[Remark, Json]]] = {}
    for item in items:
        if "Annotation" in reading.listed(item.get("type")) or "target" in item:
            by_target.setdefault(_source(item) if not about else "", []).append((_remark(item), item))
    if about:
        title, source = reading.line(about.get("dc:title")), reading.line(about.get("dc:identifier"))
        authors = reading.names(reading.listed(about.get("dc:creator")))
    else:
        title, source, authors = reading.line(whole.get("label") or whole.get("title")), "", ()
    program = reading.line(reading.mapping(whole.get("generator")).get("name")) or "Web Annotation"
    threads = _threaded([pair for group in by_target.values() for pair in group])
    found: dict[str, list[Remark]] = {}
    for remark, item in threads:
        found.setdefault(_source(item) if not about else "", []).append(remark)
    return [
        Parcel(program, title, authors, source or address, tuple(remarks), tuple(lost))
        for address, remarks in found.items()
    ]


def _items(value: Json) -> tuple[list[dict[str, Json]], int]:
    """The annotations in any of the containers, and how many pages of them are elsewhere."""
    items: list[dict[str, Json]] = []
    missing = 0
    waiting = reading.listed(value)
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, str):
            missing += 1
            continue
        kinds = reading.listed(reading.mapping(one).get("type"))
        if "AnnotationCollection" in kinds and "items" not in one:
            waiting = [*reading.listed(one.get("first")), *waiting]
        elif {"AnnotationPage", "AnnotationSet", "AnnotationCollection"} & set(map(str, kinds)):
            items += [item for item in reading.listed(one.get("items")) if isinstance(item, dict)]
            following = reading.listed(one.get("next"))
            waiting = [*following, *waiting]
        elif isinstance(one, dict):
            items.append(one)
    return items, missing


def _threaded(pairs: Sequence[tuple[Remark, Json]]) -> list[tuple[Remark, Json]]:
    """Remarks with the answers to them inside; an answer to what is not in the file stands by itself."""
    known = {key: index for index, (remark, _) in enumerate(pairs) for key in (remark.id, remark.foreign) if key}
    heads: dict[int, int] = {}

    def root(index: int) -> int:
        while index in heads:
            index = heads[index]
        return index

    for index, (_, item) in enumerate(pairs):
        for answered in _answered(item):
            head = known.get(answered, known.get(reading.uuid_of(answered), -1))
            if head >= 0 and root(head) != index:
                heads[index] = head
                break
    answers: dict[int, list[Remark]] = {}
    for index in heads:
        answers.setdefault(root(index), []).append(pairs[index][0])
    return [
        (_with(remark, answers.get(index, ())), item)
        for index, (remark, item) in enumerate(pairs)
        if index not in heads
    ]


def _with(remark: Remark, replies: Iterable[Remark]) -> Remark:
    return replace(remark, replies=tuple(_answer(reply) for reply in replies)) if replies else remark


def _answer(remark: Remark) -> Remark:
    """An answer stands where what it answers stands, whatever it says of that itself."""
    plain = Remark()
    said = ("exact", "prefix", "suffix", "start", "end", "colour", "style", "chapter", "page", "progress")
    return replace(remark, **{name: getattr(plain, name) for name in said})


def _answered(item: Json) -> Iterator[str]:
    """What an annotation may be an answer to, by id."""
    for name in ("margent:inReplyTo", "refersTo", "inReplyTo"):
        yield from (value for value in reading.listed(item.get(name)) if isinstance(value, str))
    if "replying" in reading.listed(item.get("motivation")):
        for target in reading.listed(item.get("target")):
            value = target.get("source") or target.get("id") if isinstance(target, dict) else target
            if isinstance(value, str):
                yield value


def _source(item: Json) -> str:
    for target in reading.listed(item.get("target")):
        value = target
        while isinstance(value, dict):
            value = value.get("source") or value.get("id")
        if isinstance(value, str):
            return value.split("#")[0]
    return ""


def _remark(item: Json) -> Remark:
    identity = item.get("id")
    selectors = list(_selectors(item))
    quote = next((found for found in selectors if found.get("type") == "TextQuoteSelector"), {})
    place = next((found for found in selectors if found.get("type") == "TextPositionSelector"), {})
    progress = next((found for found in selectors if found.get("type") == "ProgressionSelector"), {})
    note, tags, looks = _body(item)
    target = reading.mapping(next(iter(reading.listed(item.get("target"))), None))
    meta = reading.mapping(target.get("meta"))
    headings = reading.names(reading.mapping(heading).get("txt") for heading in reading.listed(meta.get("headings")))
    colour = item.get("margent:colour")
    style = item.get("margent:style")
    kind = item.get("margent:kind")
    return Remark(
        id=reading.uuid_of(identity),
        foreign=reading.line(identity),
        exact=reading.text(quote.get("exact")),
        prefix=reading.text(quote.get("prefix")),
        suffix=reading.text(quote.get("suffix")),
        start=reading.number(place.get("start")),
        end=reading.number(place.get("end")),
        note=note,
        author=_author(item),
        created=reading.moment(item.get("created")),
        modified=reading.moment(item.get("modified")),
        kind=cast("Kind", kind) if kind in KINDS else "note",
        colour=cast("Colour", colour) if colour in COLOURS else reading.colour_of(looks.get("color")),
        style=cast("Style", style) if style in STYLES else _STYLES.get(str(looks.get("highlight")), "highlight"),
        themes=tags,
        private=item.get("margent:private") is True,
        done=item.get("margent:done") is True,
        chapter=reading.line(item.get("margent:chapter")) or (headings[-1] if headings else ""),
        page=reading.line(item.get("margent:page")) or reading.line(meta.get("page")),
        progress=reading.share(progress.get("value")),
    )


def _selectors(item: Json) -> Iterator[dict[str, Json]]:
    waiting = [
        selector
        for target in reading.listed(item.get("target"))
        if isinstance(target, dict)
        for selector in reading.listed(target.get("selector"))
    ]
    for _ in range(100):
        if not waiting:
            return
        selector = waiting.pop(0)
        if isinstance(selector, dict):
            yield selector
            waiting += reading.listed(selector.get("refinedBy")) + reading.listed(selector.get("items"))


def _author(item: Json) -> str:
    for creator in reading.listed(item.get("creator")):
        if isinstance(creator, dict):
            if "Software" in reading.listed(creator.get("type")):
                continue
            name = reading.names([*reading.listed(creator.get("name")), *reading.listed(creator.get("nickname"))])
            if name:
                return name[0]
        elif reading.line(creator) and not reading.uuid_of(creator):
            return reading.line(creator)
    return ""


def _body(item: Json) -> tuple[str, tuple[str, ...], dict[str, Json]]:
    """The note as Markdown, the tags, and what the body says of looks."""
    notes = [reading.text(item.get("bodyValue"))]
    tags: list[Json] = []
    looks: dict[str, Json] = {}
    waiting = reading.listed(item.get("body"))
    for _ in range(200):
        if not waiting:
            break
        body = waiting.pop(0)
        if isinstance(body, str):
            # An address where something is said is not what is said.
            notes.append("" if _ADDRESS.match(body) else reading.text(body))
            continue
        if not isinstance(body, dict):
            continue
        looks = {**body, **looks}
        waiting += reading.listed(body.get("items"))
        tags += [*reading.listed(body.get("tags")), *reading.listed(body.get("tag"))]
        purposes = reading.listed(body.get("purpose"))
        value = body.get("value")
        if {"tagging", "classifying"} & set(map(str, purposes)):
            tags.append(value or reading.mapping(body.get("source")).get("label"))
        elif isinstance(value, str) and "highlighting" not in purposes:
            notes.append(_markdown(value, reading.line(body.get("format"))))
    return "\n\n".join(note.strip() for note in notes if note.strip()), reading.names(tags), looks


def _markdown(value: str, form: str) -> str:
    if form == "text/markdown":
        return reading.text(value)
    from margent.brief import markdown  # noqa: PLC0415 - of notes in other forms alone

    if form in _MARKUP:
        from margent.formats.html import parse  # noqa: PLC0415

        return markdown.blocks(parse(value).blocks).strip()
    return "\n\n".join(markdown.escape(part) for part in reading.text(value).split("\n\n"))


# -- out --------------------------------------------------------------------------------------------------------------


def write(parcels: Sequence[Parcel], *, source: str = "") -> bytes:
    """A W3C annotation collection with all its annotations on one page. Same input, same bytes."""
    items = [item for parcel in parcels for item in _web_items(parcel, source)]
    label = parcels[0].title if len(parcels) == 1 else ""
    value = {
        "@context": [WEB, OURS],
        "id": _urn(f"collection {[item['id'] for item in items]}"),
        "type": "AnnotationCollection",
        **({"label": label} if label else {}),
        "generator": GENERATOR,
        "total": len(items),
        "first": {"id": _urn(f"page {[item['id'] for item in items]}"), "type": "AnnotationPage", "items": items},
    }
    return dumped(value)


def write_set(parcel: Parcel, *, source: str = "") -> bytes:
    """An EPUB annotation set of one document: `annotations.json`. Same input, same bytes."""
    items = [item for remark in parcel.remarks for item in _set_items(parcel, remark, source)]
    about = {
        **({"dc:identifier": parcel.source} if parcel.source else {}),
        "dc:title": parcel.title,
        **({"dc:creator": list(parcel.authors)} if parcel.authors else {}),
    }
    value = {
        "@context": [EPUB, OURS],
        "id": _urn(f"set {[item['id'] for item in items]}"),
        "type": "AnnotationSet",
        "generator": GENERATOR,
        "about": about,
        "items": items,
    }
    return dumped(value)


def write_archives(parcels: Sequence[Parcel]) -> bytes:
    """An `.annotations` file: a ZIP with the set of one document in it. Same input, same bytes.

    Raises MargentError for several documents, which the format has no room for.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr(entry(_SET), write_set(_only(parcels)))
    return buffer.getvalue()


def write_readium(parcels: Sequence[Parcel]) -> bytes:
    """An `.annotation` file as Thorium reads it: it looks for `tag` where the draft says `tags`. Same bytes again.

    Raises MargentError for several documents, which the format has no room for.
    """
    value = json.loads(write_set(_only(parcels)))
    value["@context"] = [WEB, OURS]
    for item in value["items"]:
        tags = item["body"].get("tags")
        if tags:
            item["body"]["tag"] = tags[0]
    return dumped(value)


def _only(parcels: Sequence[Parcel]) -> Parcel:
    if len(parcels) != 1:
        raise MargentError("This format holds the annotations of one document: export each document by itself.")
    return parcels[0]


def entry(name: str) -> ZipInfo:
    """An entry of an archive whose bytes do not depend on when or where it is written."""
    info = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _web_items(parcel: Parcel, source: str) -> Iterator[dict[str, Json]]:
    for remark in parcel.remarks:
        key = key_of(parcel, remark)
        bodies: list[Json] = []
        if remark.note:
            bodies.append(
                {"type": "TextualBody", "purpose": "commenting", "format": "text/markdown", "value": remark.note}
            )
        bodies += [{"type": "TextualBody", "purpose": "tagging", "value": name} for name in remark.themes]
        motivation = "commenting" if remark.note else "highlighting"
        yield {
            **_head(key, remark, motivation),
            "target": _target(remark, source or parcel.source),
            **({"body": bodies} if bodies else {}),
            **_own(remark, looks=True),
        }
        for reply in remark.replies:
            body = {"type": "TextualBody", "purpose": "replying", "format": "text/markdown", "value": reply.note}
            yield {
                **_head(key_of(parcel, reply), reply, "replying"),
                "target": urn(key),
                "body": body,
                **_own(reply, looks=False),
            }


def _set_items(parcel: Parcel, remark: Remark, source: str) -> Iterator[dict[str, Json]]:
    key = key_of(parcel, remark)
    target = _target(remark, source or parcel.source)
    body = {
        **({"type": "TextualBody", "format": "text/markdown", "value": remark.note} if remark.note else {}),
        "color": remark.colour,
        "highlight": "underline" if remark.style == "underline" else "solid",
        **({"tags": list(remark.themes)} if remark.themes else {}),
    }
    yield {
        **_head(key, remark, "commenting" if remark.note else "highlighting"),
        "target": target,
        "body": body,
        **_own(remark, looks=False),
    }
    for reply in remark.replies:
        # The profile leaves answers to a later version: they are remarks on the same words that say what they answer.
        yield {
            **_head(key_of(parcel, reply), reply, "commenting"),
            "target": target,
            "body": {"type": "TextualBody", "format": "text/markdown", "value": reply.note},
            "margent:inReplyTo": urn(key),
            **_own(reply, looks=False),
        }


def _head(key: str, remark: Remark, motivation: str) -> dict[str, Json]:
    return {
        "id": urn(key),
        "type": "Annotation",
        "motivation": motivation,
        **({"created": stated(remark.created)} if remark.created is not None else {}),
        **({"modified": stated(remark.modified)} if remark.modified is not None else {}),
        **({"creator": {"type": "Person", "name": remark.author}} if remark.author else {}),
    }


def _target(remark: Remark, source: str) -> dict[str, Json]:
    selectors: list[Json] = []
    if remark.exact:
        quote = {"type": "TextQuoteSelector", "exact": remark.exact, "prefix": remark.prefix, "suffix": remark.suffix}
        selectors.append({name: value for name, value in quote.items() if value})
    if remark.start is not None and remark.end is not None:
        selectors.append({"type": "TextPositionSelector", "start": remark.start, "end": remark.end})
    return {"source": source or "urn:margent:document", **({"selector": selectors} if selectors else {})}


def _own(remark: Remark, *, looks: bool) -> dict[str, Json]:
    return {
        **({"margent:kind": remark.kind} if remark.kind != "note" else {}),
        **({"margent:done": True} if remark.done else {}),
        **({"margent:private": True} if remark.private else {}),
        **({"margent:colour": remark.colour, "margent:style": remark.style} if looks else {}),
        **({"margent:chapter": remark.chapter} if remark.chapter else {}),
        **({"margent:page": remark.page} if remark.page else {}),
    }


def urn(key: str) -> str:
    """An id of ours as a URN."""
    return f"urn:uuid:{uuid.UUID(key)}"


def _urn(what: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, what)}"


def stated(when: datetime) -> str:
    """A moment as the formats write it: ISO 8601 in UTC with milliseconds."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dumped(value: Json) -> bytes:
    """JSON as it goes into a file."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
