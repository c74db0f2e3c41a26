"""Briefs as files: a name that stays, a write that is whole or not at all, and what others wrote left alone."""

import os
import re
import secrets
import unicodedata
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from margent.brief.keeping import kept
from margent.errors import MargentError

_MARKER = re.compile(
    r"^\ufeff?<!-- margent:(?P<side>begin|end) brief (?P<id>[\w-]+) -->[ \t]*(?P<cr>\r?)$", re.MULTILINE
)
_RESERVED = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{name}{n}" for name in ("com", "lpt") for n in "0123456789¹²³"),
}
_FORBIDDEN = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
"""What Windows refuses, controls, and signs of direction, which make a name look like another."""
_LONGEST = 80
_MOST_BYTES = 200
"""Of a name in UTF-8; file systems take 255, and a draft's name is longer than the file's."""


def suggested_name(title: str) -> str:
    """A file name for a brief of this title: the same each time, and good on Windows, macOS and Linux."""
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    name = _shortened(" ".join(name.split()).strip(". ")).rstrip(". ")
    if not name or name.split(".")[0].rstrip().casefold() in _RESERVED:
        name = f"brief {name}".strip()
    return f"{name}.md"


def is_ours(path: Path) -> bool:
    """Whether the file has a part that a brief manages, with its beginning and its end."""
    try:
        return bool(_parts(path.read_bytes().decode("utf-8")))
    except (OSError, UnicodeDecodeError):
        return False


def write(path: Path | str, text: str, *, replace: bool = False) -> Path:
    """Write a rendered brief to `path`. In a file that has this brief already, that part alone is replaced, and what
    somebody wrote into it stays.

    Returns the path. `replace` gives up a file that has no part of this brief. Raises MargentError, and leaves the file
    as it was, when it cannot be written, or when it is there without such a part and `replace` is not given.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise MargentError(f"{path} is not a file. Choose another name.")
        old = path.read_bytes().decode("utf-8") if path.exists() else None
    except UnicodeDecodeError:
        old = ""
    except OSError as error:
        raise MargentError(f"{path} cannot be read: {error.strerror}. Choose another place.") from error
    if old is not None:
        try:
            text = merged(old, text, path)
        except MargentError:
            if not replace:
                raise
    _write(path, text)
    return path


def merged(old: str, new: str, path: Path) -> str:
    """`old` with the part that `new` manages replaced by it, in the line ends that part had, but for remarks in it.

    Raises MargentError, naming `path`, when `old` has no such part, has it twice, or lost one of its comments.
    """
    fresh = _parts(new)
    parts = _parts(old)
    for brief, (start, end) in fresh.items():
        if brief in parts:
            first, last = parts[brief]
            part = old[first:last]
            text = kept(part.replace("\r\n", "\n"), new[start:end])
            if part.split("\n", 1)[0].endswith("\r"):
                text = text.replace("\n", "\r\n")
            return old[:first] + text + old[last:]
    if parts:
        raise MargentError(f"{path} holds the brief of another document. Choose another name.")
    raise MargentError(
        f"{path} was not written by Margent, or lost the comments that mark its part. Choose another name."
    )


def _parts(text: str) -> dict[str, tuple[int, int]]:
    """Start and end of each managed part by its brief; one that is there twice, or without an end, is none."""
    markers = list(_MARKER.finditer(text))
    names = [marker["id"] for marker in markers]
    found: dict[str, tuple[int, int]] = {}
    for first, last in pairwise(markers):
        whole = first["side"] == "begin" and last["side"] == "end" and first["id"] == last["id"]
        if whole and names.count(first["id"]) == 2:
            found[first["id"]] = (first.start() + first[0].startswith("\ufeff"), last.end() - len(last["cr"]))
    return found


def _write(path: Path, text: str) -> None:
    """Replace the file, or what a link leads to, in one step; other bytes than the whole new ones are never there."""
    draft: Path | None = None
    try:
        data = text.encode("utf-8")
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        name = target.parent / f".{target.stem[:20]}.{secrets.token_hex(4)}.new"
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        draft = name
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o777)
        draft.replace(target)
        _settle(target.parent)
    except OSError as error:
        raise MargentError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the folder's new entry on disk; Windows and some network drives cannot, and do without."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _shortened(name: str) -> str:
    """The name cut to what file systems hold, at a space where one is near, never before an accent or a joiner."""
    cut = name[:_LONGEST]
    while len(cut.encode("utf-8")) > _MOST_BYTES:
        cut = cut[:-1]
    while cut and len(cut) < len(name) and (_joins(name[len(cut)]) or cut[-1] == "\u200d"):
        cut = cut[:-1]
    if len(cut) < len(name) and name[len(cut)] != " " and " " in cut[_LONGEST * 3 // 4 :]:
        cut = cut.rsplit(" ", 1)[0]
    return cut


def _joins(char: str) -> bool:
    return char == "\u200d" or unicodedata.combining(char) > 0 or unicodedata.category(char) in {"Mn", "Me", "Mc"}
