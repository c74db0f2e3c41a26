"""Readwise: the CSV that it exports, and the one that it takes in.

Cells are written as they are, those too that a spreadsheet takes for formulas: a sign put before them would be part of
the quotation where the file is meant to go. What opens it elsewhere is warned of (`risky`).
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, with_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PROGRAM = "Readwise"
_COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")
"""Of its import template; its export calls some of them otherwise and has more."""
_TAG = re.compile(r"^\.([\w&-]+)[ \t]*$", re.MULTILINE)
"""A line of a note that is a tag, as the program itself reads it."""
_FORMS = ("%B %d %Y %I:%M %p", "%b %d %Y %I:%M %p", "%B %d %Y", "%b %d %Y", "%B %d %Y %H:%M:%S")
_SAMPLE = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNTAGGABLE = re.compile(r"[^\w&-]+")


def is_ours(data: bytes) -> bool:
    """Whether a file begins with this program's columns."""
    columns = _columns(_decoded(data[:400]) or "")
    return "highlight" in columns and bool(columns & {"title", "book title"})


def _columns(text: str) -> set[str]:
    head = text.split("\n", 1)[0].lower().replace('"', "").strip()
    return {name.strip() for name in head.split(_separator(text))}


def _separator(text: str) -> str:
    """What parts the cells: spreadsheets of many countries write semicolons, or tabs, in place of commas."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _decoded(data: bytes) -> str | None:
    """A table's text; spreadsheets write UTF-16 as well. None for what is neither."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data[: len(data) // 2 * 2].decode("utf-16")
        # What is cut off in the middle of a letter at the end of a sample is none the less text.
        return data.decode("utf-8-sig", "strict" if len(data) > _SAMPLE else "replace")
    except UnicodeDecodeError:
        return None


def read(data: bytes, name: str) -> list[Parcel]:
    """The highlights by the text they are from. Raises MargentError naming the file when it is no such table."""
    text = _decoded(data)
    if text is None or "\ufffd" in text:
        raise MargentError(f"{name} is not text in UTF-8: export it again.")
    if not is_ours(data):
        raise MargentError(f"{name} is not an export of {_PROGRAM}: it has no columns Highlight and Title.")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_separator(text)))
    except csv.Error as error:
        raise MargentError(f"{name} is not a whole table ({error}): export it again.") from None
    names = [column.strip().lower() for column in rows[0]]
    found: dict[tuple[str, str, str], list[Remark]] = {}
    colours = 0
    for row in rows[1:]:
        cells = dict(zip(names, row, strict=False))
        remark = _remark(cells)
        if remark is None:
            continue
        colours += not reading.is_colour(cells.get("color"))
        about = tuple(
            reading.line(cells.get(one) or cells.get(other) or "")
            for one, other in (("title", "book title"), ("author", "book author"), ("url", "source url"))
        )
        found.setdefault((about[0], about[1], about[2]), []).append(remark)
    lost = reading.told_colours(colours)
    return [
        Parcel(_PROGRAM, title, (author,) if author else (), url, tuple(remarks), lost)
        for (title, author, url), remarks in found.items()
    ]


def _remark(cells: Mapping[str, str]) -> Remark | None:
    quote = reading.text(cells.get("highlight")).strip()
    note, tags = _tagged(reading.text(cells.get("note")).strip())
    if not (quote or note):
        return None
    place, kind = cells.get("location", "").strip(), cells.get("location type", "").strip()
    return Remark(
        exact=quote,
        note=note,
        created=_moment(cells.get("highlighted at") or cells.get("date") or ""),
        colour=reading.colour_of(cells.get("color")),
        themes=reading.names([*tags, *(tag for tag in reading.text(cells.get("tags")).split(",") if tag.strip())]),
        start=int(place) if place.isdecimal() and len(place) < 10 and kind in {"", "location"} else None,
        page=place if kind == "page" else "",
    )


def _moment(said: str) -> datetime | None:
    """A time as the program writes it now, or as it did: `November 24, 2026 10:15 AM`."""
    found = reading.moment(said)
    for form in _FORMS if found is None and len(said) <= 40 else ():
        with suppress(ValueError):
            return datetime.strptime(" ".join(said.replace(",", " ").split()), form).replace(tzinfo=UTC)
    return found


def _tagged(note: str) -> tuple[str, list[str]]:
    tags = [tag.replace("_", " ") for tag in _TAG.findall(note)]
    return re.sub(r"\n{3,}", "\n\n", _TAG.sub("", note)).strip(), tags


def risky(parcels: Sequence[Parcel]) -> int:
    """How many highlights have a cell that a spreadsheet would take for a formula."""
    return sum(
        any(part.startswith(_FORMULA) for part in (remark.exact, _noted(remark), parcel.title))
        for parcel in parcels
        for remark in parcel.remarks
    )


def _noted(remark: Remark) -> str:
    """The note with its tags before it, each on a line as the program reads it."""
    tags = ["." + _UNTAGGABLE.sub("_", tag) for tag in remark.themes]
    return "\n\n".join(part for part in ("\n".join(tags), with_answers(remark)) if part)


def write(parcels: Sequence[Parcel]) -> bytes:
    """The table that the program takes in: tags as lines of the note, as it reads them. Same input, same bytes."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(_COLUMNS)
    for parcel in parcels:
        for remark in parcel.remarks:
            moment = remark.created or remark.modified
            table.writerow(
                (
                    remark.exact,
                    parcel.title,
                    ", ".join(parcel.authors),
                    parcel.source,
                    _noted(remark),
                    "" if remark.start is None else remark.start,
                    "" if moment is None else moment.isoformat(" ", "seconds"),
                )
            )
    return out.getvalue().encode("utf-8")
