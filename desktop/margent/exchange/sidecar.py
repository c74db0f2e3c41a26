"""KOReader's own file beside a book, `metadata.epub.lua`: a table written as a Lua program that returns it.

Only what tables are made of is read, and nothing is ever run: strings, numbers, true, false, nil and tables.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.koreader import share_of, told
from margent.exchange.parcel import Parcel, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Value = Any

_PROGRAM = "KOReader"
_START = re.compile(rb"\s*(?:--[^\n]*\n\s*)*return\s*\{")
_TOKEN = re.compile(
    r"(?:\s++|--\[\[.*?\]\]|--[^\n]*+)*+"
    r"""(?:(?P<text>"(?:[^"\\\n]|\\(?:\r\n|[\s\S]))*"|'(?:[^'\\\n]|\\(?:\r\n|[\s\S]))*')"""
    r"|(?P<long>\[(?P<level>=*)\[[\s\S]*?\](?P=level)\])"
    r"|(?P<number>-?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>[{}\[\]=,;])|(?P<end>\Z))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:(\d{1,3})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|z\s*|(\r\n|[\s\S]))")
_PLAIN = {"n": "\n", "t": "\t", "r": "\n", "a": "", "b": "", "f": "", "v": "", "\n": "\n", "\r\n": "\n"}
_WORDS = {"true": True, "false": False, "nil": None}
_DEEPEST = 100
_UNDER = {"underscore", "strikeout"}


def is_ours(data: bytes) -> bool:
    """Whether a file returns a table with what this program keeps of a book."""
    return _START.match(data) is not None and any(
        name in data for name in (b'["annotations"]', b'["bookmarks"]', b'["highlight"]', b'["doc_props"]')
    )


def read(data: bytes, name: str) -> list[Parcel]:
    """The highlights and notes of the book. Raises MargentError naming the file when it is no whole table."""
    text = data.decode("utf-8-sig", "replace")
    try:
        tokens = _tokens(text)
        next(tokens)  # the word "return"
        book = reading.mapping(_value(next(tokens), tokens, 0))
    except (ValueError, StopIteration) as error:
        cause = str(error) or "it ends too early"
        raise MargentError(f"{name} is not a whole file of {_PROGRAM} ({cause}): copy it again.") from None
    about = reading.mapping(book.get("doc_props")) or reading.mapping(book.get("stats"))
    entries = [reading.mapping(entry) for entry in _listed(book.get("annotations"))] or _older(book)
    pages = reading.number(book.get("doc_pages")) or 0
    kept = [entry for entry in entries if entry.get("drawer") and _words(entry)]
    kept += [entry for entry in entries if not entry.get("drawer") and reading.text(entry.get("note")).strip()]
    return [
        Parcel(
            _PROGRAM,
            reading.line(about.get("title")),
            reading.names(reading.text(about.get("authors")).split("\n")),
            "",
            tuple(_remark(entry, pages) for entry in kept),
            told(entries, kept),
        )
    ]


def _words(entry: Mapping[str, Value]) -> str:
    return (reading.text(entry.get("text")) + reading.text(entry.get("note"))).strip()


def _older(book: Mapping[str, Value]) -> list[Mapping[str, Value]]:
    """What older versions kept apart: highlights by page, and a note as the text of the bookmark of the same time."""
    marks = {reading.line(mark.get("datetime")): mark for mark in map(reading.mapping, _listed(book.get("bookmarks")))}
    found: list[Mapping[str, Value]] = []
    for page, items in reading.mapping(book.get("highlight")).items():
        for item in map(reading.mapping, _listed(items)):
            mark = marks.pop(reading.line(item.get("datetime")), {})
            said, quoted = reading.text(mark.get("text")), reading.text(item.get("text"))
            note = "" if not said or said == quoted or _AUTOMATIC.match(said) else said
            found.append({"pageno": page, "drawer": "lighten", **item, "note": note})
    return [*found, *(mark for mark in marks.values() if not mark.get("highlighted"))]


_AUTOMATIC = re.compile(r"\S+ \[?\d+\]?\d* .* @ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", re.DOTALL)
"""What the program itself writes for a bookmark without a text: `Page 4 words @ 2020-01-31 10:00:00`."""


def _remark(entry: Mapping[str, Value], pages: int) -> Remark:
    number = entry.get("pageno")
    page = reading.line(entry.get("pageref")) or (str(number) if isinstance(number, int | str) else "")
    created = _moment(entry.get("datetime"))
    quoted = reading.text(entry.get("text")).strip() if entry.get("drawer") else ""
    # A words' own place and time are what it is known by when its note has been changed since.
    known = f"{reading.line(entry.get('datetime'))} {reading.line(entry.get('pos0')) or page}"
    return Remark(
        foreign=known if created is not None else "",
        exact=quoted,
        note=reading.text(entry.get("note")).strip(),
        created=created,
        modified=_moment(entry.get("datetime_updated")) or created,
        colour=reading.colour_of(entry.get("color")),
        style="underline" if reading.text(entry.get("drawer")) in _UNDER else "highlight",
        chapter=reading.line(entry.get("chapter")),
        page=page,
        progress=share_of(number, pages),
    )


def _moment(value: Value) -> datetime | None:
    """The device's own time, which has no zone: that of the laptop."""
    if not isinstance(value, str):
        return None
    try:
        found = time.strptime(value, "%Y-%m-%d %H:%M:%S")
        return datetime(*found[:6]).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _listed(value: Value) -> list[Value]:
    """The values of a table whose keys are numbers, in their order."""
    table: dict[Value, Value] = value if isinstance(value, dict) else {}
    numbered: dict[Value, Value] = {key: one for key, one in table.items() if not isinstance(key, str)}
    return [numbered[key] for key in sorted(key for key in numbered if key is not None)]


# -- tables -----------------------------------------------------------------------------------------------------------


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while True:
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1} is no part of a table")
        kind = "text" if found.lastgroup == "text" else str(found.lastgroup)
        if found["long"] is not None:
            level = len(found["level"]) + 2
            yield "long", found["long"][level:-level].removeprefix("\n")
        else:
            yield kind, found[kind]
        if kind == "end":
            return
        at = found.end()


def _value(token: tuple[str, str], tokens: Iterator[tuple[str, str]], depth: int) -> Value:
    kind, said = token
    if kind == "text":
        return _unescaped(said[1:-1])
    if kind == "long":
        return said
    if kind == "number":
        return int(said, 16) if "x" in said.lower() else float(said) if re.search(r"[.eE]", said) else int(said[:18])
    if kind == "word" and said in _WORDS:
        return _WORDS[said]
    if token != ("sign", "{"):
        raise ValueError(f"“{said[:20]}” is no value" if said else "it ends too early")
    if depth > _DEEPEST:
        raise ValueError("its tables have no end")
    return _table(tokens, depth)


def _table(tokens: Iterator[tuple[str, str]], depth: int) -> dict[Value, Value]:
    table: dict[Value, Value] = {}
    count = 0
    while True:
        token = next(tokens)
        if token == ("sign", "}"):
            return table
        if token == ("sign", "["):
            key = _value(next(tokens), tokens, depth + 1)
            _expect(tokens, "]")
            _expect(tokens, "=")
        elif token[0] == "word" and token[1] not in _WORDS:
            key = token[1]
            _expect(tokens, "=")
        else:
            count += 1
            table[count] = _value(token, tokens, depth + 1)
            key = None
        if key is not None:
            if isinstance(key, dict | bool):
                raise ValueError("a table is no key")
            table[key] = _value(next(tokens), tokens, depth + 1)
        token = next(tokens)
        if token == ("sign", "}"):
            return table
        if token not in {("sign", ","), ("sign", ";")}:
            raise ValueError(f"“{token[1][:20]}” stands where a comma belongs" if token[1] else "it ends too early")


def _expect(tokens: Iterator[tuple[str, str]], sign: str) -> None:
    if next(tokens) != ("sign", sign):
        raise ValueError(f"a “{sign}” is missing")


def _unescaped(said: str) -> str:
    """A string as it was before it was written: codes of bytes are bytes of UTF-8."""
    if "\\" not in said:
        return said
    out = bytearray()
    at = 0
    for found in _ESCAPE.finditer(said):
        out += said[at : found.start()].encode("utf-8", "surrogatepass")
        at = found.end()
        decimal, sixteen, point, sign = found.groups()
        if decimal is not None or sixteen is not None:
            out.append(min(255, int(decimal) if decimal is not None else int(sixteen, 16)))
        elif point is not None:
            out += chr(min(0x10FFFF, int(point, 16))).encode("utf-8", "surrogatepass")
        elif sign is not None:
            out += _PLAIN.get(sign, sign).encode("utf-8", "surrogatepass")
    out += said[at:].encode("utf-8", "surrogatepass")
    return out.decode("utf-8", "replace")
