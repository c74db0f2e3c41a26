"""KOReader: the JSON that it exports of one book or of several. It has no authors of notes: nobody is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark, with_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = Any

_PROGRAM = "KOReader"
_UNDER = {"underscore", "strikeout"}


def is_ours(value: Json) -> bool:
    """Whether parsed JSON is an export of this program."""
    books = _books(value)
    # The device's own writer makes `{}` of a list without entries.
    return bool(books) and all(book.get("entries") == {} or _is_book(book) for book in books)


def _is_book(book: Mapping[str, Json]) -> bool:
    return isinstance(book.get("entries"), list) and ("title" in book or "number_of_pages" in book)


def _books(value: Json) -> list[Mapping[str, Json]]:
    whole = reading.mapping(value)
    found = reading.listed(whole.get("documents")) if "documents" in whole else reading.listed(value)
    return [book for book in found if isinstance(book, dict)]


def parcels(value: Json, name: str) -> list[Parcel]:
    """The highlights by book. Raises MargentError when there are none to be read."""
    if not is_ours(value):
        raise MargentError(f"{name} is not an export of {_PROGRAM}: export the highlights as JSON from its menu.")
    return [_parcel(book) for book in _books(value)]


def _parcel(book: Mapping[str, Json]) -> Parcel:
    pages = reading.number(book.get("number_of_pages")) or 0
    entries = [entry for entry in reading.listed(book.get("entries")) if isinstance(entry, dict)]
    kept = [entry for entry in entries if _words(entry)]
    remarks = [_remark(entry, pages) for entry in kept]
    authors = reading.names(reading.text(book.get("author")).split("\n"))
    return Parcel(_PROGRAM, reading.line(book.get("title")), authors, "", tuple(remarks), told(entries, kept))


def _words(entry: Mapping[str, Json]) -> str:
    return (reading.text(entry.get("text")) + reading.text(entry.get("note"))).strip()


def _remark(entry: Mapping[str, Json], pages: int) -> Remark:
    page = entry.get("page")
    return Remark(
        exact=reading.text(entry.get("text")).strip(),
        note=reading.text(entry.get("note")).strip(),
        created=reading.moment(entry.get("time")),
        colour=reading.colour_of(entry.get("color")),
        style="underline" if reading.text(entry.get("drawer")) in _UNDER else "highlight",
        chapter=reading.line(entry.get("chapter")),
        page=str(page) if isinstance(page, int | str) and not isinstance(page, bool) else "",
        progress=share_of(page, pages),
    )


def share_of(page: Json, pages: int) -> float | None:
    """How far into a book of so many pages one is, 0–1; None where that is not known."""
    number = reading.number(page)
    return min(1.0, number / pages) if number is not None and pages else None


def told(entries: Sequence[Mapping[str, Json]], kept: Sequence[Mapping[str, Json]]) -> tuple[str, ...]:
    """What entries have and an annotation here has not, a sentence each; `kept` are those that come in."""
    bookmarks = len(entries) - len(kept)
    looks = sum(reading.text(entry.get("drawer")) in {"strikeout", "invert"} for entry in kept)
    pictures = sum(isinstance(entry.get("image"), dict) for entry in kept)
    colours = sum(not reading.is_colour(entry.get("color")) for entry in kept)
    found = (
        (bookmarks, "{} bookmark(s) without words were left out."),
        (looks, "{} annotation(s) were struck through or inverted: they come as underlines and highlights."),
        (pictures, "{} picture(s) of a page were left out; what is written with them stays."),
    )
    return (*(sentence.format(count) for count, sentence in found if count), *reading.told_colours(colours))


def write(parcels: Sequence[Parcel]) -> bytes:
    """One book as its export has it, or several. Same input, same bytes."""
    books = [_book(parcel) for parcel in parcels]
    latest = max((book["created_on"] for book in books), default=0)
    value = books[0] if len(books) == 1 else {"documents": books, "created_on": latest, "version": "json/1.0.0"}
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _book(parcel: Parcel) -> dict[str, Json]:
    entries = []
    for remark in parcel.remarks:
        moment = remark.created or remark.modified
        page: Json = int(remark.page) if remark.page.isdecimal() and len(remark.page) < 10 else remark.page
        entries.append(
            {
                "sort": "highlight",
                **({"page": page} if page else {}),
                "time": int(moment.timestamp()) if moment is not None else 0,
                "text": remark.exact,
                "note": with_answers(remark),
                "chapter": remark.chapter,
                "drawer": "underscore" if remark.style == "underline" else "lighten",
                "color": "red" if remark.colour == "pink" else remark.colour,
            }
        )
    return {
        "title": parcel.title,
        "author": "\n".join(parcel.authors),
        "entries": entries,
        "created_on": max((entry["time"] for entry in entries), default=0),
        "version": "json/1.0.0",
    }
