"""Hypothesis: the JSON that its sidebar exports, whose positions count UTF-16 units of the page it was read on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json = Any

_PROGRAM = "Hypothesis"


def is_ours(value: Json) -> bool:
    """Whether parsed JSON is an export of this program, or the rows of its service."""
    whole = reading.mapping(value)
    items = reading.listed(whole.get("annotations") or whole.get("rows"))
    return any(isinstance(item, dict) and "user" in item and ("uri" in item or "target" in item) for item in items)


def parcels(value: Json, name: str) -> list[Parcel]:
    """The annotations by the page they are about. Raises MargentError when there are none to be read."""
    if not is_ours(value):
        raise MargentError(f"{name} is not an export of {_PROGRAM}: export the annotations as JSON from its sidebar.")
    whole = reading.mapping(value)
    items = [item for item in reading.listed(whole.get("annotations") or whole.get("rows")) if isinstance(item, dict)]
    remarks = {str(item.get("id")): (item, _remark(item)) for item in items}
    pages: dict[str, list[Remark]] = {}
    titles: dict[str, str] = {}
    for item, remark in remarks.values():
        head = next((str(key) for key in reading.listed(item.get("references")) if str(key) in remarks), None)
        if head is not None and head != str(item.get("id")):
            continue
        uri = reading.line(item.get("uri"))
        answers = [
            replace(other, exact="", prefix="", suffix="", start=None, end=None)
            for key, (reply, other) in remarks.items()
            if key != str(item.get("id"))
            and str(item.get("id")) in map(str, reading.listed(reply.get("references"))[:1])
        ]
        pages.setdefault(uri, []).append(replace(remark, replies=tuple(answers)))
        title = reading.names(reading.listed(reading.mapping(item.get("document")).get("title")))
        titles.setdefault(uri, title[0] if title else "")
    return [Parcel(_PROGRAM, titles[uri], (), uri, tuple(found), utf16=True) for uri, found in pages.items()]


def _remark(item: Mapping[str, Json]) -> Remark:
    quote: Mapping[str, Json] = {}
    place: Mapping[str, Json] = {}
    for target in reading.listed(item.get("target")):
        for selector in reading.listed(reading.mapping(target).get("selector")):
            kind = reading.mapping(selector).get("type")
            if kind == "TextQuoteSelector":
                quote = selector
            elif kind == "TextPositionSelector":
                place = selector
    user = reading.line(item.get("user"))
    readers = reading.listed(reading.mapping(item.get("permissions")).get("read"))
    return Remark(
        foreign=reading.line(item.get("id")),
        exact=reading.text(quote.get("exact")),
        prefix=reading.text(quote.get("prefix")),
        suffix=reading.text(quote.get("suffix")),
        start=reading.number(place.get("start")),
        end=reading.number(place.get("end")),
        note=reading.text(item.get("text")).strip(),
        author=reading.line(reading.mapping(item.get("user_info")).get("display_name")) or _account(user),
        created=reading.moment(item.get("created")),
        modified=reading.moment(item.get("updated")),
        themes=reading.names(reading.listed(item.get("tags"))),
        private=bool(user) and readers == [user],
    )


def _account(user: str) -> str:
    return user.removeprefix("acct:").split("@")[0]


def write(parcels: Sequence[Parcel]) -> bytes:
    """What the program's own export holds, so that its import takes it. Same input, same bytes."""
    items = [item for parcel in parcels for item in _items(parcel)]
    latest = max((item["updated"] for item in items), default="1970-01-01T00:00:00.000000+00:00")
    value = {"export_date": latest, "export_userid": "", "client_version": "", "annotations": items}
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _items(parcel: Parcel) -> Iterator[dict[str, Json]]:
    units = reading.Utf16(parcel.text)
    uri = parcel.source or f"urn:margent:{parcel.title}"
    for remark in parcel.remarks:
        key = key_of(parcel, remark)
        selectors: list[Json] = []
        if remark.start is not None and remark.end is not None:
            start, end = units.unit(remark.start), units.unit(remark.end)
            selectors.append({"type": "TextPositionSelector", "start": start, "end": end})
        if remark.exact:
            # The program takes 32 units of context and no more.
            quote = {"exact": remark.exact, "prefix": remark.prefix[-32:], "suffix": remark.suffix[:32]}
            selectors.append({"type": "TextQuoteSelector", **quote})
        target = [{"source": uri, **({"selector": selectors} if selectors else {})}]
        yield _item(parcel, remark, key, uri, target, [])
        for reply in remark.replies:
            yield _item(parcel, reply, key_of(parcel, reply), uri, [{"source": uri}], [key])


def _item(
    parcel: Parcel, remark: Remark, key: str, uri: str, target: list[Json], references: list[str]
) -> dict[str, Json]:
    user = f"acct:{remark.author}@margent" if remark.author else ""
    created = remark.created or remark.modified
    updated = remark.modified or remark.created
    return {
        "id": key,
        "created": created.isoformat(timespec="milliseconds") if created is not None else "",
        "updated": updated.isoformat(timespec="milliseconds") if updated is not None else "",
        "user": user,
        "user_info": {"display_name": remark.author or None},
        "uri": uri,
        "text": remark.note,
        "tags": list(remark.themes),
        "group": "__world__",
        "permissions": {"read": [user] if remark.private else ["group:__world__"]},
        "references": references,
        "document": {"title": [parcel.title]},
        "target": target,
    }
