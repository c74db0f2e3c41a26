"""Messages and what is made like them: the parts of a MIME file, each with its bytes, and what its headers say."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from margent.document import canonical
from margent.errors import MargentError
from margent.formats.charsets import declared_text, page_text, python_name
from margent.formats.pagemeta import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import Message

MOST = 2000
"""Parts that one file may have."""

_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[^?]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is not made of parts."""

    kind: str
    """Its media type, in small letters."""
    charset: str
    data: bytes
    name: str = ""
    """The name of the file it was, "" for none."""
    cid: str = ""
    location: str = ""
    attached: bool = False
    """Whether it says that it is not to be shown with the message."""
    group: int = 0
    """A number for the parts of one multipart/alternative, 0 for those outside any."""
    flowed: bool = False
    joined: bool = False
    """Whether flowed lines are joined without their space (DelSp, RFC 3676)."""

    def text(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Its text and notices about its encoding; `name` is the file's, for the sentence of an error."""
        if not self.data.strip():
            return "", ()
        if self.kind == "text/html" and not python_name(self.charset):
            return page_text(self.data, name)
        return declared_text(self.data, self.charset, name)


def message(data: bytes, name: str) -> Message:
    """The message in `data`. Raises MargentError, naming the file, when its parts nest too deep to be told apart."""
    try:
        return message_from_bytes(data.lstrip(b"\r\n\t \xef\xbb\xbf"), policy=policy.compat32)
    except (RecursionError, MessageError, ValueError, LookupError):
        raise MargentError(f"{name} is damaged: its parts cannot be told apart, so get another copy of it.") from None


def header(message: Message, name: str) -> str:
    """A header as one line of text, its encoded words (RFC 2047) decoded; "" when there is none."""
    return decoded(raw_header(message, name))


def raw_header(message: Message, name: str) -> str:
    """A header as it stands in the file, on one line; bytes beyond ASCII are lone surrogates in it."""
    value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(str(value).split())


def decoded(value: str) -> str:
    """A header's value with its encoded words as letters; raw bytes that older programs send are read too."""
    value = _raw(value)
    words: list[tuple[str, bytes]] = []
    out: list[str] = []
    place = 0
    value = _BETWEEN.sub(r"\1", value)
    for found in _WORD.finditer(value):
        if found.start() > place:
            out.append(_joined(words))
            out.append(value[place : found.start()])
        words.append((found[1], _word(found[2], found[3])))
        place = found.end()
    out.append(_joined(words))
    out.append(value[place:])
    return canonical(" ".join("".join(out).split()))


def parts(message: Message, name: str) -> list[Part]:
    """The parts of a message in order, those of messages attached to it not among them.

    Raises MargentError, naming the file, when it has more than MOST.
    """
    found: list[Part] = []
    groups = 0
    waiting: list[tuple[Message, int]] = [(message, 0)]
    while waiting:
        each, group = waiting.pop()
        inside = _inside(each)
        if inside is not None:
            if each.get_content_type() == "multipart/alternative":
                groups += 1
                group = groups
            waiting.extend((part, group) for part in reversed(inside))
        else:
            found.append(_part(each, group))
        if len(found) + len(waiting) > MOST:
            raise MargentError(f"{name} has more than {MOST:,} parts: save the text that you need and open that.")
    return found


def locations(parts: Sequence[Part], base: str) -> dict[str, int]:
    """The index in `parts` of each address by which a page may call for it."""
    known: dict[str, int] = {}
    for index, part in enumerate(parts):
        for address in (part.cid and f"cid:{part.cid}", part.location, part.location and joined(base, part.location)):
            if address:
                known.setdefault(address, index)
    return known


def _inside(part: Message) -> list[Message] | None:
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        return [each for each in part.get_payload() if not isinstance(each, str)]
    return None


def _part(part: Message, group: int) -> Part:
    kind = part.get_content_type()
    if kind.startswith("multipart/"):
        # Its parts could not be told apart, so that what stands there is read as it is.
        kind = "text/plain"
    attached = kind == "message/rfc822" or header(part, "Content-Disposition").lower().startswith("attachment")
    name = _name(part)
    # Only what is made of parts is asked for them: text would be decoded by whatever codec it names, at once.
    letter = next(iter(part.get_payload()), None) if kind == "message/rfc822" and part.is_multipart() else None
    return Part(
        kind=kind,
        charset=_parameter(part, "charset"),
        data=_bytes(part) if letter is None else _written(letter),
        name=name,
        cid=header(part, "Content-ID").strip("<> "),
        location=header(part, "Content-Location").replace(" ", ""),
        attached=attached,
        group=group,
        flowed=_parameter(part, "format").lower() == "flowed",
        joined=_parameter(part, "delsp").lower() == "yes",
    )


def _written(letter: Message | str) -> bytes:
    """A message in a message as the file that it would be."""
    if isinstance(letter, str):
        return letter.encode(errors="surrogateescape")
    try:
        return letter.as_bytes()
    except MessageError:
        # One header holds what would be another in the file: on one line it is none.
        headers = list(letter.raw_items())
        for key, _ in headers:
            del letter[key]
        for key, value in headers:
            letter[key] = " ".join(str(value).split())
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return b""
    try:
        return letter.as_bytes()
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return b""


def _bytes(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, AssertionError):
        data = None
    return data if isinstance(data, bytes) else b""


def _name(part: Message) -> str:
    try:
        name = part.get_filename("")
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    return decoded(str(name or ""))[:200]


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    if isinstance(value, tuple):
        value = unquote_to_bytes(value[2]).decode("ascii", errors="replace") if "%" in value[2] else value[2]
    return str(value or "").strip()


def _raw(value: str) -> str:
    """Bytes beyond ASCII in a header as letters: UTF-8, or what Western programs wrote."""
    try:
        data = value.encode("ascii", errors="surrogateescape")
    except UnicodeEncodeError:
        return value
    if data.isascii():
        return value
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _word(way: str, text: str) -> bytes:
    if way in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("utf-8", errors="replace"), header=True)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", errors="replace")


def _joined(words: list[tuple[str, bytes]]) -> str:
    """Encoded words that stand beside each other: a letter's bytes may be divided between two of them."""
    out: list[str] = []
    for charset, data in _runs(words):
        try:
            out.append(data.decode(python_name(charset) or "utf-8", errors="replace"))
        except (LookupError, ValueError):
            out.append(data.decode("utf-8", errors="replace"))
    words.clear()
    return "".join(out)


def _runs(words: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    charset, data = "", b""
    for each, more in words:
        if each.lower() != charset and data:
            yield charset, data
            data = b""
        charset = each.lower()
        data += more
    if data:
        yield charset, data
