"""Zotero: annotations as JSON (of its reader, or of its service), and the Markdown it exports of a note."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, key_of, with_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Json = Any

_PROGRAM = "Zotero"
_WORDS = {"highlight": "highlight", "underline": "underline", "note": "note", "text": "note"}
_COLOURS = {"yellow": "#ffd400", "green": "#5fb236", "blue": "#2ea8e5", "pink": "#e56eee", "purple": "#a28ae5"}
_ITEM = re.compile(
    r"[“\"«](?P<quote>.+?)[”\"»]\s*"
    r"\(\[(?P<cited>[^\]]*)\]\(zotero://select/[^)]*\)\)\s*"
    r"(?:\(\[\w+\]\(zotero://open(?:-pdf)?/[^)]*?annotation=(?P<key>\w+)[^)]*\)\))?[ \t]*(?P<note>[^\n]*)",
    re.DOTALL,
)
_PAGE = re.compile(r"\b(?:p|pp|S|с|стр)\.\s*(\w+)\s*$")


def is_ours(value: Json) -> bool:
    """Whether parsed JSON is a list of this program's annotations."""
    items = _items(value)
    return bool(items) and all("type" in item and ("text" in item or "comment" in item) for item in items)


def is_note(data: bytes) -> bool:
    """Whether a Markdown file is a note with links into this program."""
    return b"](zotero://" in data


def _items(value: Json) -> list[Mapping[str, Json]]:
    whole = reading.mapping(value)
    found = reading.listed(whole.get("annotations") or whole.get("items") or value)
    return [_flat(item) for item in found if isinstance(item, dict)]


def _flat(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """An item of the service's form (`annotationText` inside `data`) in the form of the reader."""
    data = reading.mapping(item.get("data")) or item
    if "annotationType" not in data:
        return data
    renamed = {
        name.removeprefix("annotation")[0].lower() + name.removeprefix("annotation")[1:]: value
        for name, value in data.items()
        if name.startswith("annotation") and name != "annotation"
    }
    return {**data, **renamed}


def parcels(value: Json, name: str) -> list[Parcel]:
    """The annotations by the item they stand in. Raises MargentError when there are none to be read."""
    if not is_ours(value):
        raise MargentError(f"{name} is not a list of annotations from {_PROGRAM}: export them again as JSON.")
    found: dict[str, list[Remark]] = {}
    pictures = 0
    for item in _items(value):
        if reading.text(item.get("type")) not in _WORDS:
            pictures += 1
            continue
        found.setdefault(reading.line(item.get("parentTitle") or item.get("parentItem")), []).append(_remark(item))
    lost = (f"{pictures} picture(s) and drawing(s) were left out.",) if pictures else ()
    title = reading.line(reading.mapping(value).get("title"))
    return [
        Parcel(_PROGRAM, title or (key if " " in key else ""), (), "", tuple(remarks), lost)
        for key, remarks in found.items()
    ] or [Parcel(_PROGRAM, title, lost=lost)]


def _remark(item: Mapping[str, Json]) -> Remark:
    kind = _WORDS[str(item.get("type"))]
    modified = reading.moment(item.get("dateModified"))
    created = reading.moment(item.get("dateAdded"))
    return Remark(
        foreign=reading.line(item.get("key") or item.get("id")),
        exact=reading.text(item.get("text")).strip() if kind != "note" else "",
        note=_markdown(reading.text(item.get("comment")).strip()),
        author=reading.line(item.get("authorName")),
        created=created or modified,
        modified=modified,
        colour=reading.colour_of(item.get("color")),
        style="underline" if kind == "underline" else "highlight",
        themes=reading.names(
            tag.get("tag") or tag.get("name") if isinstance(tag, dict) else tag
            for tag in reading.listed(item.get("tags"))
        ),
        page=reading.line(item.get("pageLabel")),
    )


def _markdown(comment: str) -> str:
    """A comment's own few tags (b, i, sub, sup) as Markdown."""
    if not re.search(r"</(?:b|i|sub|sup)>", comment):
        return comment
    from margent.brief import markdown  # noqa: PLC0415 - of comments with tags alone
    from margent.formats.html import parse  # noqa: PLC0415

    return markdown.blocks(parse("".join(f"<p>{line}</p>" for line in comment.split("\n"))).blocks).strip()


def read_note(data: bytes, name: str) -> list[Parcel]:
    """The quotations and comments of a note that was exported as Markdown.

    Raises MargentError naming the file when there are none.
    """
    text = reading.text(data.decode("utf-8-sig", "replace"))
    remarks: list[Remark] = []
    for found in _ITEM.finditer(text):
        page = _PAGE.search(found["cited"])
        remarks.append(
            Remark(
                foreign=found["key"] or "",
                exact=" ".join(found["quote"].split()),
                note=found["note"].strip(),
                page=page[1] if page else "",
            )
        )
    if not remarks:
        raise MargentError(f"{name} has links into {_PROGRAM} but no quotation with its source: export the note again.")
    cited = next((found["cited"] for found in _ITEM.finditer(text)), "")
    return [Parcel(_PROGRAM, "", reading.names(cited.split(",")[:1]), "", tuple(remarks))]


def write(parcels: Sequence[Parcel]) -> bytes:
    """Annotations in the form of its reader. Same input, same bytes."""
    items = [item for parcel in parcels for item in _written(parcel, parcel.remarks)]
    title = parcels[0].title if len(parcels) == 1 else ""
    value = {**({"title": title} if title else {}), "annotations": items}
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _written(parcel: Parcel, remarks: Iterable[Remark]) -> list[dict[str, Json]]:
    out = []
    for remark in remarks:
        moment = remark.modified or remark.created
        added = remark.created or remark.modified
        kind = "note" if not remark.exact else "underline" if remark.style == "underline" else "highlight"
        out.append(
            {
                "key": remark.foreign or key_of(parcel, remark),
                "type": kind,
                "authorName": remark.author,
                "text": remark.exact,
                "comment": with_answers(remark),
                "pageLabel": remark.page,
                "color": _COLOURS[remark.colour],
                "tags": [{"name": name} for name in remark.themes],
                "dateAdded": added.isoformat(timespec="milliseconds").replace("+00:00", "Z") if added else "",
                "dateModified": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else "",
                **({"parentTitle": parcel.title} if parcel.title else {}),
            }
        )
    return out
