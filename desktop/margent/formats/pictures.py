"""Pictures of a document: local ones and those written into the text are kept, the network is never asked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from margent.formats.limits import PIXELS, pixels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT = 16 * 1024 * 1024
"""Bytes of one picture; a larger one is left out with a notice."""
ALTOGETHER = 96 * 1024 * 1024
"""Bytes of all pictures of a document."""

_KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM")
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]{1,20}:|//|\\\\)", re.IGNORECASE)
_DATA = re.compile(r"\s*data:image/[\w.+-]+;base64,", re.IGNORECASE)


class Store:
    """Pictures by the SHA-256 of their bytes, each once, no more and no larger ones than a document may have."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self._total = 0

    def keep(self, data: bytes) -> str:
        """The key of a picture in `kept`; "" when it is too large, or all of them would be."""
        if len(data) > LIMIT or self._total + len(data) > ALTOGETHER or pixels(data) > PIXELS:
            return ""
        key = hashlib.sha256(data).hexdigest()
        if key not in self.kept:
            self.kept[key] = data
            self._total += len(data)
        return key


class Pictures:
    """The pictures a document shows, by the SHA-256 of their bytes, and what is to be said of the missing ones."""

    def __init__(self, resolve: Callable[[str], bytes | None] | None = None) -> None:
        """`resolve` gives the bytes of a local picture by its address in the document, or None."""
        self._store = Store()
        self.kept = self._store.kept
        self._resolve = resolve
        self._known: dict[str, str] = {}
        self._remote = 0
        self._large = 0
        self._missing = 0

    def key(self, address: str) -> str:
        """The key in `kept` of the picture at `address`, or "" when it is not to be had."""
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = self._fetch(address)
        return known

    def notices(self) -> tuple[str, ...]:
        """What the reader should know of pictures that are not shown, a sentence each."""
        said = (
            (self._remote, "{} on the network: Margent does not fetch anything, so only the description is shown."),
            (self._missing, "{} could not be found or shown: only the description is kept."),
            (self._large, "{} too large to keep: only the description is shown."),
        )
        return tuple(
            sentence.format(f"{count} pictures are" if count > 1 else "A picture is")
            if "{} on" in sentence or "{} too" in sentence
            else sentence.format(f"{count} pictures" if count > 1 else "A picture")
            for count, sentence in said
            if count
        )

    def _fetch(self, address: str) -> str:
        data: bytes | None = None
        inside = _DATA.match(address)
        if inside:
            data = _decoded(address[inside.end() :])
        elif address.isspace() or not address or address.lower().startswith("data:"):
            data = None
        elif _REMOTE.match(address):
            self._remote += 1
            return ""
        elif self._resolve is not None:
            data = self._resolve(address)
        if data is None or not shows(data):
            self._missing += 1
            return ""
        key = self._store.keep(data)
        self._large += not key
        return key


def shows(data: bytes) -> bool:
    """Whether the bytes begin like a picture that every page can show: PNG, JPEG, GIF, WebP or BMP."""
    return data.startswith(_KINDS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def beside(file: Path) -> Callable[[str], bytes | None]:
    """A resolver for the pictures that lie in the folder of `file` or below it; nothing above is opened."""
    folder = file.resolve().parent

    def resolve(address: str) -> bytes | None:
        address = unquote(address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).strip()
        if not address or "\x00" in address:
            return None
        try:
            path = (folder / address).resolve()
            if not path.is_relative_to(folder) or not path.is_file():
                return None
            with path.open("rb") as picture:
                return picture.read(LIMIT + 1)
        except (OSError, ValueError, RuntimeError):
            # A name the system cannot hold, a loop of links, a file that may not be read: all are "not there".
            return None

    return resolve


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(unquote(text), validate=False)
    except (binascii.Error, ValueError):
        return None
