"""W3C Web Annotation in JSON-LD, and its profile for books: one annotation, a page, a collection, or a set.

Formats: Web Annotation Data Model (W3C Recommendation, 23 February 2017), EPUB Annotations 1.0 (First Public Working
Draft, 24 February 2026), and the Readium annotations that Thorium writes. What neither knows (kind, done, private) is
written under a prefix of our own, which others pass over.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from margent import __version__
from margent.annotations import COLOURS, KINDS, STYLES
from margent.errors import MargentError
from margent.exchange import reading, webparts
from margent.exchange.parcel import Parcel, Remark, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from margent.annotations import Colour, Kind, Style

Json = Any

WEB = "http://www.w3.org/ns/anno.jsonld"
EPUB = "https://www.w3.org/ns/epub-anno.jsonld"
OURS = {"margent": "urn:margent:terms:"}
"""The prefix of our own terms: kind, done, private, colour, style, inReplyTo, page, chapter, format."""
GENERATOR = {"id": "urn:margent:program", "type": "Software", "name": f"Margent {__version__}"}
_SET = "annotations.json"
_STYLES: dict[str, Style] = {"underline": "underline"}
_OTHER_STYLES = {"strikethrough", "outline"}
_CONTAINERS = {"AnnotationPage", "AnnotationCollection", "AnnotationSet"}
_MORE = {"rights", "audience", "stylesheet"}
_PAST = {"state", "renderedVia", "styleClass", "rights"}


# -- in ---------------------------------------------------------------------------------------------------------------


def is_web(value: Json) -> bool:
    """Whether a JSON value is of this family."""
    head = value[0] if isinstance(value, list) and value else value
    kinds = _kinds(next(iter(reading.listed(reading.mapping(head).get("@graph"))), head))
    return bool(kinds & {"Annotation", *_CONTAINERS})


def _kinds(value: Json) -> set[str]:
    item = reading.mapping(value)
    found = [*reading.listed(item.get("type")), *reading.listed(item.get("@type"))]
    return {kind.removeprefix("oa:") for kind in found if isinstance(kind, str)}


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
    value = webparts.plain(value)
    whole = reading.mapping(value)
    items, missing = _items(value)
    about = reading.mapping(whole.get("about"))
    found = [item for item in items if "Annotation" in _kinds(item) or "target" in item]
    lost = [f"{name}: {missing} further page(s) of annotations are not in the file."] if missing else []
    kept = [item for item in found if not _is_bookmark(item)]
    lost += _told(kept, len(found) - len(kept))
    if about:
        title, source = webparts.words(about.get("dc:title")), webparts.words(about.get("dc:identifier"))
        authors = tuple(filter(None, map(webparts.words, reading.listed(about.get("dc:creator")))))
    else:
        title, source, authors = webparts.words(whole.get("label")) or webparts.words(whole.get("title")), "", ()
    program = reading.line(reading.mapping(whole.get("generator")).get("name")) or "Web Annotation"
    threads = _threaded([pair for item in kept for pair in _remarks(item)])
    by_target: dict[str, list[Remark]] = {}
    for remark, item in threads:
        by_target.setdefault(_source(item) if not about else "", []).append(remark)
    return [
        Parcel(program, title, authors, source or address, tuple(remarks), tuple(lost))
        for address, remarks in by_target.items()
    ] or [Parcel(program, title, authors, source, (), tuple(lost))]


def _items(value: Json) -> tuple[list[dict[str, Json]], int]:
    """The annotations in any of the containers, and how many pages of them are elsewhere."""
    items: list[dict[str, Json]] = []
    missing = 0
    waiting = [*reading.listed(value)]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, str):
            missing += 1
            continue
        kinds = _kinds(one)
        if isinstance(one, dict) and "@graph" in one:
            waiting = [*reading.listed(one["@graph"]), *waiting]
        elif "AnnotationCollection" in kinds and "items" not in one:
            waiting = [*reading.listed(one.get("first")), *waiting]
        elif kinds & _CONTAINERS:
            items += [item for item in reading.listed(one.get("items")) if isinstance(item, dict)]
            following = reading.listed(one.get("next"))
            waiting = [*following, *waiting]
        elif isinstance(one, dict):
            items.append(one)
    return items, missing


def _is_bookmark(item: Json) -> bool:
    """Whether it only remembers a place."""
    return (
        "bookmarking" in reading.listed(item.get("motivation"))
        and not webparts.said(item).note
        and not webparts.place(item).exact
    )


def _told(items: Sequence[Json], bookmarks: int) -> list[str]:
    """What the annotations have and an annotation here has not, a sentence each."""
    looks = [webparts.said(item) for item in items]
    drawn = sum(str(one.looks.get("highlight")) in _OTHER_STYLES for one in looks)
    colours = sum(not reading.is_colour(one.looks.get("color")) for one in looks)
    untold = sum(webparts.place(item).untold for item in items if "replying" not in _motivations(item))
    counted = sum(found.start is not None and not found.exact for found in map(webparts.place, items))
    unnamed = sum(one.unnamed for one in looks)
    more = sum(bool(_MORE & item.keys() or any(map(_has_state, reading.listed(item.get("target"))))) for item in items)
    there = (
        (bookmarks, "{} bookmark(s) without words and notes were left out."),
        (untold, "{} annotation(s) tell their place by an address in a file's structure and no words."),
        (counted, "{} annotation(s) tell their place by counts and no words: they are to be checked."),
        (drawn, "{} annotation(s) were struck through or outlined: they come as highlights."),
        (colours, "{} annotation(s) have a colour that is not one of the five: they get the nearest."),
        (unnamed, "{} tag(s) without a name, being something elsewhere, were left out."),
        (more, "What {} annotation(s) say of rights, audience or the state of their source was left out."),
    )
    return [sentence.format(count) for count, sentence in there if count]


def _has_state(target: Json) -> bool:
    return bool(_PAST & reading.mapping(target).keys())


def _motivations(item: Json) -> list[Json]:
    return reading.listed(item.get("motivation"))


def _remarks(item: dict[str, Json]) -> list[tuple[Remark, Json]]:
    """An annotation as a remark, or as several where it is about several places: it belongs to each of them."""
    found = webparts.targets(item) if "replying" not in _motivations(item) else [item.get("target")]
    pairs = []
    for number, target in enumerate(found):
        one = {**item, "target": target}
        remark = _remark(one)
        if number:
            remark = replace(remark, id="", foreign=f"{remark.foreign or webparts.place(one).exact} {number + 1}")
        pairs.append((remark, one))
    return pairs


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
    place, said = webparts.place(item), webparts.said(item)
    target = reading.mapping(next(iter(reading.listed(item.get("target"))), None))
    meta = reading.mapping(target.get("meta"))
    headings = reading.names(reading.mapping(heading).get("txt") for heading in reading.listed(meta.get("headings")))
    colour = item.get("margent:colour")
    style = item.get("margent:style")
    kind = item.get("margent:kind", "question" if "questioning" in _motivations(item) else "note")
    return Remark(
        id=reading.uuid_of(identity),
        foreign=reading.line(identity),
        exact=place.exact,
        prefix=place.prefix,
        suffix=place.suffix,
        start=place.start,
        end=place.end,
        last=place.last,
        until=place.until,
        note=said.note,
        author=webparts.author(item),
        created=reading.moment(item.get("created")),
        modified=reading.moment(item.get("modified")),
        kind=cast("Kind", kind) if kind in KINDS else "note",
        colour=cast("Colour", colour) if colour in COLOURS else reading.colour_of(said.looks.get("color")),
        style=cast("Style", style) if style in STYLES else _STYLES.get(str(said.looks.get("highlight")), "highlight"),
        themes=said.tags,
        private=item.get("margent:private") is True,
        done=item.get("margent:done") is True,
        chapter=reading.line(item.get("margent:chapter")) or (headings[-1] if headings else ""),
        page=reading.line(item.get("margent:page")) or reading.line(meta.get("page")),
        progress=place.progress,
    )


# -- out --------------------------------------------------------------------------------------------------------------


def write(parcels: Sequence[Parcel], *, source: str = "") -> bytes:
    """A W3C annotation collection with all its annotations on one page. Same input, same bytes."""
    items = [item for parcel in parcels for item in _web_items(parcel, source)]
    label = parcels[0].title if len(parcels) == 1 else ""
    keys = [item["id"] for item in items]
    collection = _urn(f"collection {keys}")
    page = {"id": _urn(f"page {keys}"), "type": "AnnotationPage", "partOf": collection, "startIndex": 0}
    value = {
        "@context": [WEB, OURS],
        "id": collection,
        "type": "AnnotationCollection",
        **({"label": label} if label else {}),
        "generator": GENERATOR,
        "total": len(items),
        "first": {**page, "items": items},
    }
    return dumped(value)


def write_set(parcel: Parcel, *, source: str = "") -> bytes:
    """An EPUB annotation set of one document: `annotations.json`. Same input, same bytes."""
    items = [item for remark in parcel.remarks for item in _set_items(parcel, remark, source)]
    about = {
        **({"dc:identifier": [parcel.source]} if parcel.source else {}),
        "dc:title": parcel.title,
        **({"dc:creator": list(parcel.authors)} if parcel.authors else {}),
    }
    value = {
        "@context": [EPUB, OURS],
        "id": _urn(f"set {[item['id'] for item in items]}"),
        "type": "AnnotationSet",
        "generator": GENERATOR,
        # When it was made is told by what is in it, so that the same annotations are the same file.
        **({"generated": latest} if (latest := max((_latest(item) for item in items), default="")) else {}),
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
    """An `.annotation` file as Thorium takes it. Same input, same bytes.

    It refuses a file whose context is not one string, in each annotation too, whose bodies have no text or whose
    quotations have no surroundings, be they empty; and it looks for one `tag` where the draft says `tags`.
    Raises MargentError for several documents, which the format has no room for.
    """
    parcel = _only(parcels)
    value = json.loads(write_set(parcel))
    value["@context"] = WEB
    remarks = {urn(key_of(parcel, remark)): remark for remark in parcel.remarks}
    for index, item in enumerate(value["items"]):
        remark = remarks.get(item["id"]) or remarks[item["margent:inReplyTo"]]
        target, tags = item["target"], item["body"].get("tags")
        item["body"] |= {"tag": tags[0]} if tags else {}
        meta = {
            **({"headings": [{"level": 1, "txt": remark.chapter}]} if remark.chapter else {}),
            **({"page": remark.page} if remark.page else {}),
        }
        more = [{"type": "ProgressionSelector", "value": remark.progress}] if remark.progress is not None else []
        item["target"] = {**target, **({"meta": meta} if meta else {}), "selector": target.get("selector", []) + more}
        value["items"][index] = {"@context": WEB, **item}
    return dumped(value)


def _latest(item: Json) -> str:
    return str(item.get("modified") or item.get("created") or "")


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
        **_plain_body(remark.note),
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
            "body": _plain_body(reply.note),
            "margent:inReplyTo": urn(key),
            **_own(reply, looks=False),
        }


def _plain_body(note: str) -> dict[str, Json]:
    """A text as the profile wants it, plain and never missing; that ours is Markdown is said beside."""
    return {
        "type": "TextualBody",
        "format": "text/plain",
        **({"margent:format": "text/markdown"} if note else {}),
        "value": note,
    }


def person(name: str) -> dict[str, Json]:
    """Somebody, with an id, which the profile wants: the same for the same name."""
    return {"id": _urn(f"person {name}"), "type": "Person", "name": name}


def _head(key: str, remark: Remark, motivation: str) -> dict[str, Json]:
    return {
        "id": urn(key),
        "type": "Annotation",
        "motivation": motivation,
        **({"created": stated(remark.created)} if remark.created is not None else {}),
        **({"modified": stated(remark.modified)} if remark.modified is not None else {}),
        **({"creator": person(remark.author)} if remark.author else {}),
    }


def _target(remark: Remark, source: str) -> dict[str, Json]:
    selectors: list[Json] = []
    if remark.exact:
        around = {"prefix": remark.prefix, "suffix": remark.suffix}
        selectors.append({"type": "TextQuoteSelector", "exact": remark.exact, **around})
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
