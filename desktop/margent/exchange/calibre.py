"""calibre: the highlights that its viewer and its library export as JSON. It knows a user, but not by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, key_of, with_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = Any

_PROGRAM = "calibre"
_TYPES = {"calibre_highlights", "calibre_annotation_collection"}


def is_ours(value: Json) -> bool:
    """Whether parsed JSON is an export of this program."""
    return reading.text(reading.mapping(value).get("type")) in _TYPES


def parcels(value: Json, name: str) -> list[Parcel]:
    """The highlights by book. Raises MargentError when there are none to be read."""
    if not is_ours(value):
        raise MargentError(f"{name} is not an export of {_PROGRAM}: export the highlights as JSON from its viewer.")
    whole = reading.mapping(value)
    books: dict[tuple[str, str], list[Remark]] = {}
    deleted = others = struck = colours = 0
    for item in reading.listed(whole.get("highlights")) + reading.listed(whole.get("annotations")):
        outer = reading.mapping(item)
        inner = {**outer, **reading.mapping(outer.get("annotation"))}
        if inner.get("removed") is True:
            deleted += 1
        elif inner.get("type", "highlight") != "highlight" or "highlighted_text" not in inner:
            others += 1
        else:
            # Its library tells books apart by a number alone.
            title = reading.line(outer.get("title") or outer.get("book_title"))
            books.setdefault((title, str(outer.get("book_id", ""))), []).append(_remark(inner))
            style = reading.mapping(inner.get("style"))
            struck += style.get("which") == "strikeout"
            colours += style.get("kind") != "decoration" and not reading.is_colour(_colour(style))
    found = (
        (deleted, f"{{}} highlight(s) had been deleted in {_PROGRAM} and were left out."),
        (others, "{} bookmark(s) and places without words were left out."),
        (struck, "{} highlight(s) were struck through: they come as underlines."),
    )
    lost = [sentence.format(count) for count, sentence in found if count]
    lost += reading.told_colours(colours)
    return [Parcel(_PROGRAM, title, (), "", tuple(marks), tuple(lost)) for (title, _), marks in books.items()] or [
        Parcel(_PROGRAM, lost=tuple(lost))
    ]


def _colour(style: Mapping[str, Json]) -> Json:
    return style.get("which") or style.get("light") or style.get("background-color")


def _remark(item: Mapping[str, Json]) -> Remark:
    style = reading.mapping(item.get("style"))
    headings = reading.names(reading.listed(item.get("toc_family_titles")))
    moment = reading.moment(item.get("timestamp"))
    decorated = style.get("kind") == "decoration"
    return Remark(
        # It shortens its UUIDs; one that is not, is of an annotation that went out from here.
        id=reading.uuid_of(item.get("uuid")),
        foreign=reading.line(item.get("uuid")),
        exact=reading.text(item.get("highlighted_text")).strip(),
        note=reading.text(item.get("notes")).strip(),
        created=moment,
        modified=moment,
        colour="yellow" if decorated else reading.colour_of(_colour(style)),
        style="underline" if decorated else "highlight",
        chapter=headings[-1] if headings else "",
    )


def write(parcels: Sequence[Parcel]) -> bytes:
    """The highlights as its viewer exports them, with the byte order mark it writes. Same input, same bytes."""
    items = []
    for parcel in parcels:
        for remark in parcel.remarks:
            moment = remark.modified or remark.created
            under = remark.style == "underline"
            items.append(
                {
                    "type": "highlight",
                    "uuid": remark.foreign or key_of(parcel, remark),
                    "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else "",
                    "highlighted_text": remark.exact,
                    "notes": with_answers(remark),
                    "style": {
                        "type": "builtin",
                        "kind": "decoration" if under else "color",
                        # It knows no pink; a red comes back as ours.
                        "which": "wavy" if under else "red" if remark.colour == "pink" else remark.colour,
                    },
                    "toc_family_titles": [remark.chapter] if remark.chapter else [],
                    **({"title": parcel.title} if parcel.title else {}),
                }
            )
    several = len(parcels) > 1
    kind, name = ("calibre_annotation_collection", "annotations") if several else ("calibre_highlights", "highlights")
    text = json.dumps({"version": 1, "type": kind, name: items}, ensure_ascii=False, indent=2)
    return (text + "\n").encode("utf-8-sig")
