"""ZIP archives from strangers: a book, a Word document, a folder of documents. Nothing is ever written to the disk."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from margent.errors import MargentError
from margent.formats import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
"""The end of the table of contents (APPNOTE.TXT 4.3.16): signature, disks, entries, size and place of the table."""
_END_64 = struct.Struct("<4sQ2H2L4Q")
"""The same for archives beyond 4 GB (APPNOTE.TXT 4.3.14)."""
_LOCATOR_64 = 20
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The two that books and Office documents may use. bzip2 and LZMA unpack a block at once, whatever its size."""
_LEADS_OUT = re.compile(r"^(?:/|[A-Za-z]:)|(?:^|/)\.\.(?:/|$)|\x00")


class Archive:
    """A ZIP archive in memory, whose table of contents keeps to the limits; made by `open_zip`.

    `names` are the files in it in the order of the table, "/" between folders. `links` are symbolic links, which are
    never followed.
    """

    def __init__(self, opened: zipfile.ZipFile, name: str) -> None:
        self.name = name
        self._opened = opened
        self._entries: dict[str, zipfile.ZipInfo] = {}
        links: list[str] = []
        for entry in opened.infolist():
            path = _path(entry.filename, name)
            if stat.S_ISLNK(entry.external_attr >> 16):
                links.append(path)
            elif not path.endswith("/"):
                self._entries.setdefault(path, entry)
        self.names: tuple[str, ...] = tuple(self._entries)
        self.links: tuple[str, ...] = tuple(links)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def size(self, path: str) -> int:
        """Bytes of a file once unpacked, as the table of contents states them; reading stops there."""
        return self._entries[path].file_size

    def get(self, path: str) -> bytes | None:
        """The content of a file, or None when the archive has none of that name."""
        return self.read(path) if path in self._entries else None

    def read(self, path: str) -> bytes:
        """The content of a file in the archive.

        Raises MargentError, naming the archive, when there is no such file or it is damaged, locked with a password
        or packed in a way that is not read.
        """
        entry = self._entries.get(path)
        if entry is None:
            raise MargentError(f"{self.name} is damaged: {path} is missing in it.")
        if entry.flag_bits & 0x1:
            raise MargentError(f"{self.name} is locked with a password: unlock it where it comes from and open that.")
        if entry.compress_type not in _PACKINGS:
            raise MargentError(
                f"{self.name} is packed in a way that Margent does not unpack ({path}): unpack it and open the files."
            )
        try:
            return self._unpacked(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise MargentError(f"{self.name} is damaged: {path} in it cannot be unpacked.") from None

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        """Read piece by piece: in one go zlib would unpack all there is before the stated size cuts it off."""
        pieces = []
        with self._opened.open(entry) as file:
            while piece := file.read(_CHUNK):
                pieces.append(piece)
        return b"".join(pieces)


def open_zip(data: bytes, name: str) -> Archive:
    """The ZIP archive in `data`, the content of a file called `name`.

    Raises MargentError, naming the file, when it is damaged, holds more than limits.ENTRIES files, would unpack to
    more than limits.EXPANDED bytes (or one file to more than limits.MEMBER, or RATIO times its size), or names a file
    outside itself.
    """
    _check_directory(data, name)
    try:
        opened = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise _damaged(name) from None
    if len(opened.filelist) > limits.ENTRIES:
        raise _too_many(name)
    total = 0
    for entry in opened.infolist():
        total += entry.file_size
        if entry.file_size > limits.MEMBER or total > limits.EXPANDED:
            raise MargentError(
                f"{name} would unpack to more than {max(entry.file_size, total) // limits.MB:,} MB, which is more than "
                f"Margent takes in: unpack it and open the files that you need."
            )
        if entry.file_size > limits.RATIO_FROM and entry.file_size > limits.RATIO * max(1, entry.compress_size):
            raise MargentError(
                f"{name} holds a file that unpacks to over {limits.RATIO} times its size ({_shown(entry.filename)}): "
                f"such archives are made to fill a computer's memory, and it was not read."
            )
    return Archive(opened, name)


def directory(data: bytes) -> bytes:
    """The table of contents of a ZIP archive, as it stands in the file; empty when there is none or it is too long."""
    found = _directory(data)
    if found is None or found.size > limits.DIRECTORY:
        return b""
    return data[max(0, found.end - found.size) : found.end]


class _Directory(NamedTuple):
    end: int
    size: int
    """Bytes before `end`."""
    entries: int


def _directory(data: bytes) -> _Directory | None:
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if place < 0 or place + _END.size > len(data):
        return None
    _, _, _, _, entries, size, _, _ = _END.unpack_from(data, place)
    start_64 = place - _LOCATOR_64 - _END_64.size
    if start_64 >= 0 and data[start_64 : start_64 + 4] == b"PK\x06\x06":
        entries, size = _END_64.unpack_from(data, start_64)[7:9]
        place = start_64
    return _Directory(place, size, entries)


def _check_directory(data: bytes, name: str) -> None:
    """Refuse a table of contents that would take minutes and gigabytes to read, before zipfile reads it."""
    found = _directory(data)
    if found is None:
        raise _damaged(name)
    if found.entries > limits.ENTRIES or found.size > limits.DIRECTORY:
        raise _too_many(name)


def _path(given: str, name: str) -> str:
    """The name of an entry with "/" between folders, which is what some programs on Windows should have written."""
    path = given.replace("\\", "/")
    if _LEADS_OUT.search(path):
        raise MargentError(
            f"{name} holds a file whose name leads out of the archive ({_shown(given)}): such archives are made to "
            f"overwrite files, and it was not read."
        )
    return re.sub(r"(?:^|(?<=/))(?:\./)+", "", path)


def _too_many(name: str) -> MargentError:
    return MargentError(
        f"{name} holds more than {limits.ENTRIES:,} files: unpack it and open the folders that you need."
    )


def _damaged(name: str) -> MargentError:
    return MargentError(f"{name} is damaged or was not copied to its end: get another copy and open that.")


def _shown(path: str) -> str:
    """A hostile name as it can stand in a sentence."""
    printable = "".join(character if character.isprintable() else "�" for character in path)
    return f"“{printable if len(printable) <= 80 else printable[:79] + '…'}”"
