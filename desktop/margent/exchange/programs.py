"""Which program's file it is, and which module reads or writes it. Adding a program is a module and its line here."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from margent.exchange.parcel import Parcel

LIMIT = 64 * 1024 * 1024
"""Bytes of a file of annotations; a hundred thousand long notes take less."""

Carried = Literal["kind", "done", "private", "replies", "authors", "themes", "colours", "times"]


class Program(NamedTuple):
    """A format that annotations go out in."""

    title: str
    """What a menu calls it."""
    suffix: str
    module: str
    write: str
    """The function of the module that writes it: parcels to bytes."""
    carries: frozenset[Carried]
    """What of an annotation it has room for."""


_ALL: frozenset[Carried] = frozenset({"kind", "done", "private", "replies", "authors", "themes", "colours", "times"})

PROGRAMS: Mapping[str, Program] = {
    "jsonld": Program("W3C Web Annotations (JSON-LD)", ".jsonld", "webannotation", "write", _ALL),
    "annotations": Program("EPUB annotations", ".annotations", "webannotation", "write_archives", _ALL),
    "readium": Program("Readium and Thorium annotations", ".annotation", "webannotation", "write_readium", _ALL),
    "hypothesis": Program(
        "Hypothesis (JSON)",
        ".json",
        "hypothesis",
        "write",
        frozenset({"private", "replies", "authors", "themes", "times"}),
    ),
    "readwise": Program("Readwise (CSV)", ".csv", "readwise", "write", frozenset({"themes", "times"})),
    "koreader": Program("KOReader (JSON)", ".json", "koreader", "write", frozenset({"colours", "times"})),
    "calibre": Program("calibre (JSON)", ".json", "calibre", "write", frozenset({"colours", "times"})),
    "zotero": Program(
        "Zotero (JSON)", ".json", "zotero", "write", frozenset({"authors", "themes", "colours", "times"})
    ),
}
"""By the name that the command line takes."""


def read(data: bytes, name: str) -> list[Parcel]:
    """The annotations in a file called `name`, whichever program wrote it.

    Raises MargentError naming the file when it is of no known program, broken, or without any annotation.
    """
    if len(data) > LIMIT:
        raise MargentError(f"{name} is longer than {LIMIT >> 20} MB, which no list of annotations is.")
    found = _found(data, name)
    if not any(parcel.remarks for parcel in found):
        lost = dict.fromkeys(sentence for parcel in found for sentence in parcel.lost)
        raise MargentError(" ".join([f"{name} has no annotations in it that could be taken in.", *lost]))
    return [replace(parcel, lost=(*parcel.lost, *_told(parcel))) for parcel in found if parcel.remarks]


def _found(data: bytes, name: str) -> list[Parcel]:
    if data.startswith(b"PK"):
        return _read("webannotation", "read", data, name)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in {b"{", b"["}:
        return _json(data, name)
    for module in ("readwise", "kindle", "sidecar"):
        if _module(module).is_ours(data):
            return _read(module, "read", data, name)
    if _module("zotero").is_note(data):
        return _read("zotero", "read_note", data, name)
    raise MargentError(
        f"{name} holds no annotations that Margent knows: it reads those of W3C, EPUB, Readium, Hypothesis, Readwise, "
        "Kindle, KOReader, calibre and Zotero."
    )


def _told(parcel: Parcel) -> list[str]:
    """What no annotation here can be without, or can have, whichever program it comes from."""
    timeless = sum(remark.created is None and remark.modified is None for remark in parcel.remarks)
    filed = sum(bool(reply.themes) for remark in parcel.remarks for reply in remark.replies)
    there = (
        (timeless, "{} annotation(s) have no time in the file: they count as made when they come in."),
        (filed, "The tags of {} reply(ies) were left out: replies are not filed under themes."),
    )
    return [sentence.format(count) for count, sentence in there if count]


def _json(data: bytes, name: str) -> list[Parcel]:
    from margent.exchange.reading import parsed  # noqa: PLC0415 - of JSON alone

    value = parsed(data, name)
    if _module("webannotation").is_web(value):
        return _read("webannotation", "parcels", value, name)
    for module in ("calibre", "koreader", "hypothesis", "zotero"):
        if _module(module).is_ours(value):
            return _read(module, "parcels", value, name)
    raise MargentError(
        f"{name} is JSON, but not the annotations of a program that Margent knows: export them again as JSON-LD."
    )


def is_annotations(data: bytes) -> bool:
    """Whether a file seems to hold annotations and not a text to read: by its first bytes, cheaply."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in {b"{", b"["}:
        return True
    sample = data[:20_000]
    return any(_module(name).is_ours(sample) for name in ("readwise", "kindle", "sidecar"))


def write(program: str, parcels: Sequence[Parcel]) -> bytes:
    """Annotations as a program of `PROGRAMS` takes them in."""
    made = PROGRAMS[program]
    call: Callable[[Sequence[Parcel]], bytes] = getattr(_module(made.module), made.write)
    return call(parcels)


def left_out(program: str, parcels: Sequence[Parcel]) -> list[str]:
    """What a program's format has no room for, of what these parcels have: a sentence each."""
    carries = PROGRAMS[program].carries
    title = PROGRAMS[program].title
    remarks = [remark for parcel in parcels for remark in parcel.remarks]
    there: tuple[tuple[Carried, int, str], ...] = (
        (
            "kind",
            sum(remark.kind != "note" for remark in remarks),
            "what {} note(s) are for (question, action, position)",
        ),
        ("done", sum(remark.done for remark in remarks), "that {} note(s) are done"),
        ("private", sum(remark.private for remark in remarks), "that {} note(s) are private"),
        ("replies", sum(len(remark.replies) for remark in remarks), "{} reply(ies) as replies: they stand in the note"),
        ("authors", sum(bool(remark.author) for remark in remarks), "who wrote {} note(s)"),
        ("themes", sum(bool(remark.themes) for remark in remarks), "the themes of {} note(s)"),
        ("colours", sum(remark.colour != "yellow" for remark in remarks), "the colour of {} highlight(s)"),
        ("colours", sum(remark.style != "highlight" for remark in remarks), "that {} highlight(s) are underlines"),
    )
    found = [
        f"{title} cannot carry {what.format(count)}." for name, count, what in there if count and name not in carries
    ]
    formulas = _module("readwise").risky(parcels) if program == "readwise" else 0
    if formulas:
        found.append(f"{formulas} row(s) begin as formulas do: give the file to Readwise and to no spreadsheet.")
    return found


def _read(module: str, function: str, given: bytes | Any, name: str) -> list[Parcel]:  # noqa: ANN401
    call: Callable[[bytes | Any, str], list[Parcel]] = getattr(_module(module), function)
    return call(given, name)


def _module(name: str) -> Any:  # noqa: ANN401 - modules of one shape, imported when a file needs them
    return import_module(f"margent.exchange.{name}")
