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
_OPEN, _CLOSE = '“„«"「', '”“»"」'
_LINK = r"\[(?:\\.|[^\]\\])*\]\(zotero://select/[^)\s]*\)"
_QUOTED = rf"[{_OPEN}](?P<quote>.+?)[{_CLOSE}]"
_LINKS = (
    rf"(?:[ \t]*\((?P<cited>{_LINK}(?:;[ \t]*{_LINK})*)\))?"
    r"(?:[ \t]*\(\[\w+\]\((?P<address>zotero://open(?:-pdf)?/[^)\s]*)\)\))?"
)
_ITEM = re.compile(rf"(?:{_QUOTED})?[ \t]*(?=\(\[){_LINKS}(?P<note>.*)$", re.DOTALL)
"""A paragraph: words in quotation marks, where they are from, a link to their place, and what somebody says of them;
any of these may be missing."""
_BARE = re.compile(rf"{_QUOTED}[ \t]*\((?P<cited>[^()\n]*\d{{4}}[^()\n]*)\)(?P<note>.*)$", re.DOTALL)
"""The same from a note that was exported without links."""
_HEAD = re.compile(r"^#[^\n]*\n\([^()\n]*\d{1,2}[:.]\d{2}[^()\n]*\)[ \t]*$", re.MULTILINE)
"""The title and the time that the program puts over the annotations of an item."""
_KEY = re.compile(r"[?&]annotation=(\w+)")
_CITED = re.compile(r"\[((?:\\.|[^\]\\])*)\]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ID = re.compile(r"[A-Z0-9]{8}$")
_PAGE = re.compile(r"(?:^|[\s,;])(?:pp?|S|с|стр|págs?|pág|s|fol|n)\.\s*([\w–-]+)\s*$")


def is_ours(value: Json) -> bool:
    """Whether parsed JSON is a list of this program's annotations, among other items or alone."""
    return any(_is_annotation(item) for item in _items(value))


def _is_annotation(item: Mapping[str, Json]) -> bool:
    return "type" in item and ("comment" in item or {"text", "sortIndex"} <= item.keys() or "annotationType" in item)


def is_note(data: bytes) -> bool:
    """Whether a Markdown file is a note of this program: it links there, or begins as its notes of annotations do."""
    if b"](zotero://" in data:
        return True
    text = data[:2000].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return text.startswith("# ") and _HEAD.match(text) is not None and any(map(_BARE.match, _paragraphs(text)))


def _items(value: Json) -> list[Mapping[str, Json]]:
    whole = reading.mapping(value)
    found = reading.listed(whole.get("annotations") or whole.get("items") or value)
    return [_flat(item) for item in found if isinstance(item, dict)]


def _flat(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """An item of the service's form (`annotationText` inside `data`) in the form of the reader."""
    data = {**reading.mapping(item.get("data")), "meta": item.get("meta")} if "data" in item else item
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
    pictures = others = colours = 0
    items = _items(value)
    titles = {reading.line(item.get("key")): reading.line(item.get("title")) for item in items}
    above = {reading.line(item.get("key")): reading.line(item.get("parentItem")) for item in items}
    for item in items:
        if not _is_annotation(item):
            others += item.get("itemType") == "note"
        elif reading.text(item.get("type")) not in _WORDS and not reading.text(item.get("comment")).strip():
            pictures += 1
        else:
            parent = reading.line(item.get("parentItem"))
            title = titles.get(above.get(parent, "")) or titles.get(parent) or ""
            name = reading.line(item.get("parentTitle")) or title.removesuffix(".pdf").removesuffix(".epub")
            found.setdefault(name or parent, []).append(_remark(item))
            colours += not reading.is_colour(item.get("color"))
    lost = (
        *((f"{pictures} picture(s) and drawing(s) were left out.",) if pictures else ()),
        *((f"{others} item(s) that are no annotations were left out.",) if others else ()),
        *reading.told_colours(colours),
    )
    title = reading.line(reading.mapping(value).get("title"))
    return [
        Parcel(_PROGRAM, title or (key if not _ID.match(key) else ""), (), "", tuple(remarks), lost)
        for key, remarks in found.items()
    ] or [Parcel(_PROGRAM, title, lost=lost)]


def _remark(item: Mapping[str, Json]) -> Remark:
    kind = _WORDS.get(str(item.get("type")), "note")
    modified = reading.moment(item.get("dateModified"))
    created = reading.moment(item.get("dateAdded"))
    return Remark(
        # Its own keys are no UUIDs; one that is, is of an annotation that went out from here.
        id=reading.uuid_of(item.get("key")),
        foreign=reading.line(item.get("key") or item.get("id")),
        exact=reading.text(item.get("text")).strip() if kind != "note" else "",
        note=_markdown(reading.text(item.get("comment")).strip()),
        author=reading.line(item.get("authorName")) or _member(item),
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


def _member(item: Mapping[str, Json]) -> str:
    """Who of a group made it, as the service says."""
    user = reading.mapping(reading.mapping(item.get("meta")).get("createdByUser"))
    return reading.line(user.get("name")) or reading.line(user.get("username"))


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
    try:
        text = reading.text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MargentError(f"{name} is not text in UTF-8: save it again in that encoding.") from None
    paragraphs = [part for part in _paragraphs(_HEAD.sub("", text)) if not part.startswith(("# ", "---"))]
    found = [_noted(part) for part in paragraphs]
    remarks = [remark for remark, _ in filter(None, found)]
    if not remarks:
        raise MargentError(f"{name} has links into {_PROGRAM} but no quotation with its source: export the note again.")
    cited = next((source for _, source in filter(None, found) if source), "")
    others = len(found) - len(remarks)
    lost = (f"{others} paragraph(s) that belong to no quotation were left out.",) if others else ()
    return [Parcel(_PROGRAM, "", reading.names(cited.split(",")[:1]), "", tuple(remarks), lost)]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def _noted(paragraph: str) -> tuple[Remark, str] | None:
    """A paragraph as a remark, and the source that it names; None where it is neither quotation nor source."""
    item = re.sub(r"^(?:>[ \t]*|[-*][ \t]+)", "", paragraph)
    found = _ITEM.match(item)
    groups = found.groupdict() if found is not None else {}
    if not (groups.get("cited") or groups.get("address")):
        found = _BARE.match(item)
        if found is None:
            return None
        groups = found.groupdict()
        cited = groups["cited"] or ""
    else:
        label = _CITED.match(groups["cited"] or "")
        cited = _ESCAPED.sub(r"\1", label[1]) if label else ""
    quote = _ESCAPED.sub(r"\1", groups["quote"] or "")
    note = "\n".join(line.rstrip() for line in (groups["note"] or "").split("\n")).strip()
    if not (quote or note):
        return None
    key, page = _KEY.search(groups.get("address") or ""), _PAGE.search(cited)
    remark = Remark(
        foreign=key[1] if key else "",
        exact=" ".join(quote.split()),
        note=note,
        page=page[1] if page else "",
    )
    return remark, cited


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
