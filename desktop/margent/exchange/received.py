"""A text as it was sent, out of what mail, editors and copying made of it on its way.

Mail breaks long lines, puts signs of quotation before all of them, and writes letters as codes; editors join the lines
of a paragraph. Our comments are made so that all of it can be taken back: they hold no ">" but their last, and a line
that was broken in one was broken at a space.
"""

from __future__ import annotations

import quopri
import re
from typing import TYPE_CHECKING

from margent.errors import MargentError
from margent.exchange import reading

if TYPE_CHECKING:
    from email.message import EmailMessage

_MAIL = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_CODED = re.compile(rb"=[ \t]*\r?\n|=3D")
_SEAL = re.compile(rb"<!-- margent:document \{(?:[^<>\n]|<(?!!--))*+>")
_BROKEN = re.compile(r"<!--\s++margent:(?:[^<>]|<(?!!--))*+>")
_TOGETHER = re.compile(r"(<!-- margent:(?:[^<>\n]|<(?!!--))*+>)[ \t]++(?=<!-- margent:)")
_QUOTED = re.compile(r"^(?:>[ \t]?)+<!-- margent:document ", re.MULTILINE)
_SIGN = re.compile(r"^> ?", re.MULTILINE)
_LARGEST_MAIL = 2 * 1024 * 1024
"""Bytes of a message that is looked through for a text; with more than that it holds other things."""
MARK = b"margent:"


def may_hold(data: bytes) -> bool:
    """Whether a text of ours may be in a file: by a look that costs little."""
    return MARK in data or data[:2] in {b"\xff\xfe", b"\xfe\xff"} or (len(data) < _LARGEST_MAIL and _is_mail(data))


def _is_mail(data: bytes) -> bool:
    head = data[:20_000]
    return b"Content-T" in head and _MAIL.match(head) is not None


def text(data: bytes, name: str) -> str:
    """The text in a file called `name`, each of our comments whole and on a line of its own.

    Raises MargentError naming the file when it is in no encoding that could be told.
    """
    found = _decoded(data, name)
    for _ in range(5):
        if not _QUOTED.search(found):
            break
        found = _SIGN.sub("", found)
    found = _BROKEN.sub(lambda comment: " ".join(comment[0].split("\n")), found)
    return _TOGETHER.sub(r"\1\n", found)


def _decoded(data: bytes, name: str) -> str:
    if len(data) < _LARGEST_MAIL and _is_mail(data):
        parts = _parts(data)
        return next((part for part in parts if MARK.decode() in part), "\n\n".join(parts))
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return reading.text(data.decode("utf-16"))
        found = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MargentError(f"{name} is not text in UTF-8: save it again in that encoding.") from None
    # Only what is coded has its "=" written so; a text that merely has "=3D" in it keeps its own seal readable.
    if _CODED.search(data) and b" -->" in data and _SEAL.search(data) is None:
        coded = quopri.decodestring(data)
        if _SEAL.search(coded) is not None:
            return reading.text(coded.decode("utf-8", "replace"))
    return reading.text(found)


def _parts(data: bytes) -> list[str]:
    """The texts of a message, as they were before they were coded."""
    import email  # noqa: PLC0415 - of the few files that are messages
    import email.policy  # noqa: PLC0415

    message: EmailMessage = email.message_from_bytes(data.lstrip(), policy=email.policy.default)
    found: list[str] = []
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            try:
                found.append(reading.text(payload.decode(part.get_content_charset() or "utf-8")))
            except (LookupError, UnicodeDecodeError):
                continue
    return found
