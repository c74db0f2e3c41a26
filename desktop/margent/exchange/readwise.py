"""Readwise: the CSV that it exports, and the one that it takes in."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, with_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = "Readwise"
_COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")
"""Of its import template; its export calls some of them otherwise and has more."""
_TAG = re.compile(r"^\.([\w&-]+)[ \t]*$", re.MULTILINE)
"""A line of a note that is a tag, as the program itself reads it."""
_UNTAGGABLE = re.compile(r"[^\w&-]+")


def is_ours(data: bytes) -> bool:
    """Whether a file begins with this program's columns."""
    head = data[:400].decode("utf-8-sig", "replace").split("\n")[0].lower().replace('"', "")
    columns = {name.strip() for name in head.split(",")}
    return "highlight" in columns and bool(columns & {"title", "book title"})


def read(data: bytes, name: str) -> list[Parcel]:
    """The highlights by the text they are from. Raises MargentError naming the file when it is no such table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MargentError(f"{name} is not text in UTF-8: export it again.") from None
    if not is_ours(data):
        raise MargentError(f"{name} is not an export of {_PROGRAM}: it has no columns Highlight and Title.")
    found: dict[tuple[str, str, str], list[Remark]] = {}
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise MargentError(f"{name} is not a whole table ({error}): export it again.") from None
    names = [column.strip().lower() for column in rows[0]]
    for row in rows[1:]:
        cells = dict(zip(names, row, strict=False))
        quote = reading.text(cells.get("highlight")).strip()
        note, tags = _tagged(reading.text(cells.get("note")).strip())
        if not (quote or note):
            continue
        listed = [tag for tag in reading.text(cells.get("tags")).split(",") if tag.strip()]
        place = cells.get("location", "").strip()
        moment = reading.moment(cells.get("highlighted at") or cells.get("date") or "")
        remark = Remark(
            exact=quote,
            note=note,
            created=moment,
            colour=reading.colour_of(cells.get("color")),
            themes=reading.names([*tags, *listed]),
            start=int(place) if place.isdecimal() and cells.get("location type") != "page" else None,
            page=place if cells.get("location type") == "page" else "",
        )
        about = tuple(
            reading.line(cells.get(one) or cells.get(other) or "")
            for one, other in (("title", "book title"), ("author", "book author"), ("url", "source url"))
        )
        found.setdefault((about[0], about[1], about[2]), []).append(remark)
    return [
        Parcel(_PROGRAM, title, (author,) if author else (), url, tuple(remarks))
        for (title, author, url), remarks in found.items()
    ]


def _tagged(note: str) -> tuple[str, list[str]]:
    tags = [tag.replace("_", " ") for tag in _TAG.findall(note)]
    return re.sub(r"\n{3,}", "\n\n", _TAG.sub("", note)).strip(), tags


def write(parcels: Sequence[Parcel]) -> bytes:
    """The table that the program takes in: tags as lines of the note, as it reads them. Same input, same bytes."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(_COLUMNS)
    for parcel in parcels:
        for remark in parcel.remarks:
            tags = ["." + _UNTAGGABLE.sub("_", tag) for tag in remark.themes]
            note = "\n\n".join(part for part in ("\n".join(tags), with_answers(remark)) if part)
            moment = remark.created or remark.modified
            table.writerow(
                (
                    remark.exact,
                    parcel.title,
                    ", ".join(parcel.authors),
                    parcel.source,
                    note,
                    "" if remark.start is None else remark.start,
                    "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S"),
                )
            )
    return out.getvalue().encode("utf-8")
