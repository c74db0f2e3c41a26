"""What every other program's file becomes on its way in, and our annotations on their way out to one.

A parcel holds what the file says and nothing that it does not: an author who is not named stays unnamed. Positions
are code points; a format that counts in anything else converts at its own border.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from margent.annotations import Colour, Kind, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """An annotation as a file has it, or (in `replies`) an answer to one."""

    id: str = ""
    """A UUID in hexadecimal, 32 characters, where the file gives one or ours went out; otherwise ""."""
    foreign: str = ""
    """The other program's own id, in its own form; "" when it has none."""
    exact: str = ""
    """The words; "" for a remark on the document as a whole."""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    """Code points in a text that the other program had; only a hint here."""
    end: int | None = None
    last: str = ""
    """Of a range of which only the ends are told: its last words; `exact` has its first ones."""
    until: str = ""
    """Of such a range: the words that it ends before."""
    note: str = ""
    """Markdown."""
    author: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    kind: Kind = "note"
    colour: Colour = "yellow"
    style: Style = "highlight"
    themes: tuple[str, ...] = ()
    """Names; other programs call them tags."""
    private: bool = False
    done: bool = False
    chapter: str = ""
    page: str = ""
    progress: float | None = None
    """How far into the text it stands, 0–1, where the file says so."""
    replies: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """The annotations of one document in one file."""

    program: str
    """Which program's file it is, by its name."""
    title: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    """An address or an identifier."""
    remarks: tuple[Remark, ...] = ()
    lost: tuple[str, ...] = ()
    """What could not be carried over, a sentence each."""
    utf16: bool = False
    """Whether positions count UTF-16 units: only with the text itself can they be made code points."""
    text: str = ""
    """Of a parcel on its way out, the text that its positions are in."""


def key_of(parcel: Parcel, remark: Remark) -> str:
    """The id that a remark gets in the library: the same one each time, so that importing twice adds nothing.

    Where the file has no id of any kind, the place, the words and the time stand for one: a program that writes a
    changed note as a new entry gives a new remark, and no two remarks of one file become one by saying the same.
    """
    if remark.id:
        return remark.id
    if remark.foreign:
        parts = [parcel.program, remark.foreign]
    else:
        moment = remark.created or remark.modified
        parts = [
            parcel.program,
            parcel.title,
            remark.page,
            str(remark.start),
            remark.exact,
            remark.note,
            remark.author,
            moment.isoformat() if moment is not None else "",
        ]
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def with_answers(remark: Remark) -> str:
    """A remark's note followed by what was answered and by whom: for programs that know of no answers."""
    answers = [f"{reply.author or '?'}: {reply.note}" for reply in remark.replies]
    return "\n\n".join(part for part in (remark.note, *answers) if part)
