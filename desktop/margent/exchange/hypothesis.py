"""Hypothesis: the JSON that its sidebar exports, whose positions count UTF-16 units of the page it was read on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Json = Any

_PROGRAM = "Hypothesis"


def is_ours(value: Json) -> bool:
    """Whether parsed JSON is an export of this program, or what its service answers: a search, or one annotation."""
    whole = reading.mapping(value)
    if {"total", "rows"} <= whole.keys() and isinstance(whole["rows"], list) and not whole["rows"]:
        return True
    return any("user" in item and ("uri" in item or "target" in item) for item in _rows(value))


def _rows(value: Json) -> list[Mapping[str, Json]]:
    whole = reading.mapping(value)
    listed = [name for name in ("annotations", "rows", "replies") if isinstance(whole.get(name), list)]
    found = [item for name in listed for item in whole[name]] if listed else reading.listed(value)
    return [item for item in found if isinstance(item, dict)]


def parcels(value: Json, name: str) -> list[Parcel]:
    """The annotations by the page they are about. Raises MargentError when there are none to be read."""
    if not is_ours(value):
        raise MargentError(f"{name} is not an export of {_PROGRAM}: export the annotations as JSON from its sidebar.")
    items = {str(item.get("id") or f"# {number}"): item for number, item in enumerate(_rows(value))}
    names = _names(items.values())
    remarks = {key: _remark(item, names) for key, item in items.items()}
    pages: dict[str, list[Remark]] = {}
    titles: dict[str, str] = {}
    heads = {key: _head(item, items) for key, item in items.items()}
    answers: dict[str, list[Remark]] = {}
    for key, head in heads.items():
        if head is not None:
            reply = replace(remarks[key], exact="", prefix="", suffix="", start=None, end=None)
            answers.setdefault(head, []).append(reply)
    for key, item in items.items():
        if heads[key] is not None:
            continue
        uri = reading.line(item.get("uri"))
        pages.setdefault(uri, []).append(replace(remarks[key], replies=tuple(answers.get(key, ()))))
        title = reading.names(reading.listed(reading.mapping(item.get("document")).get("title")))
        titles[uri] = titles.get(uri) or (title[0] if title else "")
    lost = _lost(items.values())
    return [Parcel(_PROGRAM, titles[uri], (), uri, tuple(found), lost, utf16=True) for uri, found in pages.items()]


def _head(item: Mapping[str, Json], items: Mapping[str, Json]) -> str | None:
    """The id of what an item answers, the first of the thread that is in the file; None for what answers nothing."""
    own = str(item.get("id"))
    above = [str(key) for key in reading.listed(item.get("references"))]
    return next((key for key in above if key in items and key != own and _is_head(items[key], items)), None)


def _is_head(item: Mapping[str, Json], items: Mapping[str, Json]) -> bool:
    return not any(str(key) in items for key in reading.listed(item.get("references")))


def _lost(items: Iterable[Mapping[str, Json]]) -> tuple[str, ...]:
    groups = sum(reading.line(item.get("group")) not in {"", "__world__"} for item in items)
    return (f"{groups} annotation(s) belong to a group, of which nothing is kept here.",) if groups else ()


def _names(items: Iterable[Mapping[str, Json]]) -> dict[str, str]:
    """What each account is called: by its name alone, unless two of the file would be one person then."""
    users = {reading.line(item.get("user")) for item in items}
    short = [_account(user) for user in users]
    return {user: user.removeprefix("acct:") if short.count(_account(user)) > 1 else _account(user) for user in users}


def _remark(item: Mapping[str, Json], names: Mapping[str, str]) -> Remark:
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
        # Its own ids are no UUIDs; one that is, is of an annotation that went out from here.
        id=reading.uuid_of(item.get("id")),
        foreign=reading.line(item.get("id")),
        exact=reading.text(quote.get("exact")),
        prefix=reading.text(quote.get("prefix")),
        suffix=reading.text(quote.get("suffix")),
        start=reading.number(place.get("start")),
        end=reading.number(place.get("end")),
        note=reading.text(item.get("text")).strip(),
        author=reading.line(reading.mapping(item.get("user_info")).get("display_name")) or names[user],
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
