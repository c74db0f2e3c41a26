"""What a file may ask of this computer. Every bound on what a stranger sends stands here, each with its sentence.

A bound is where no honest file comes near and an attack is cut off early; `archive`, the formats and the child process
that reads them keep to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError, TreeBuilder

from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

MB = 1024 * 1024
TEXT = 64 * MB
"""Bytes of a file that is text throughout: nobody reads so much, and every view would wait for it."""
PACKED = 512 * MB
"""Bytes of a file that holds pictures or is compressed: a scanned book, a folder in a ZIP archive."""

ENTRIES = 20_000
"""Files in one ZIP archive. The largest books have some 5,000."""
DIRECTORY = 16 * MB
"""Bytes of a ZIP archive's table of contents: 20,000 names of 800 characters."""
MEMBER = 256 * MB
"""Bytes of one file in a ZIP archive, unpacked."""
EXPANDED = 1024 * MB
"""Bytes of all files in a ZIP archive, unpacked."""
RATIO = 200
"""How many times its packed size a file may unpack to, once it is larger than RATIO_FROM. Word's XML reaches some 60,
a table of one repeated row some 150; deflate can do 1,032."""
RATIO_FROM = 8 * MB
ARCHIVES = 2
"""How deep archives of documents may stand in one another: one ZIP in a ZIP."""
FOLDERS = 40
"""How deep folders are looked into."""

XML_DEPTH = 400
"""How deep elements of XML may stand in one another. HTML has its own bound, where its blocks are built."""
XML_ELEMENTS = 4_000_000
"""Elements in one file of XML; each takes some 150 bytes of memory."""

PIXELS = 64 * MB
"""Pixels of a picture: drawn, it takes four bytes for each, and Qt refuses more than 256 MB."""

_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The JPEG markers that begin a frame and so state its size (ITU T.81, table B.1)."""


def too_long(name: str, limit: int) -> MargentError:
    """The sentence for a file of more bytes than `limit`."""
    return MargentError(f"{name} is longer than {limit // MB} MB: divide it and open the parts.")


class _Bounded(TreeBuilder):
    """Builds a tree of XML, but not one so deep or so large that the building itself does harm."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: Mapping[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > XML_DEPTH:
            raise _HarmfulError("nests its elements deeper than any document does")
        if self._count > XML_ELEMENTS:
            raise _HarmfulError("has more elements than any document does")
        return super().start(tag, dict(attrs))

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


class _HarmfulError(Exception):
    """What is wrong with a file of XML, as the middle of a sentence."""


def xml(data: bytes, part: str, name: str) -> Element:
    """The root element of the XML in `data`, the file `part` of the document called `name`.

    No entity is expanded and nothing outside is read. Raises MargentError, naming both, for XML that is not well
    formed, declares entities or goes beyond XML_DEPTH or XML_ELEMENTS.
    """
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - only formats made of XML
    from defusedxml.ElementTree import XMLParser  # noqa: PLC0415

    parser = XMLParser(target=_Bounded())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException:
        raise MargentError(
            f"{name} declares entities in {part}, which can be made to fill the memory: no honest document does so, "
            f"and it was not read."
        ) from None
    except _HarmfulError as error:
        raise MargentError(f"{name} {error} in {part}, so it was not read: ask for another copy.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise MargentError(f"{name} is damaged: {part} in it is not well-formed XML ({error}).") from None
    return root


def pixels(data: bytes) -> int:
    """How many pixels a PNG, JPEG, GIF, BMP or WebP picture says it has; 0 when it does not say."""
    width, height = _size(data)
    return width * height


def _size(data: bytes) -> tuple[int, int]:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith((b"GIF87a", b"GIF89a")):
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if data.startswith(b"BM") and len(data) >= 26:
        return (
            abs(int.from_bytes(data[18:22], "little", signed=True)),
            abs(int.from_bytes(data[22:26], "little", signed=True)),
        )
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    return 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(data):
        if data[place] != 0xFF:
            return 0, 0
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_FRAMES:
            return int.from_bytes(data[place + 7 : place + 9]), int.from_bytes(data[place + 5 : place + 7])
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            place += 2
        else:
            place += 2 + max(2, int.from_bytes(data[place + 2 : place + 4]))
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    kind, body = data[12:16], data[20:]
    if kind == b"VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and re.match(rb"...\x9d\x01\x2a....", body, re.DOTALL):
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0
