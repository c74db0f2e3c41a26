"""Pixels into a PNG file, without a library for pictures: a row, a filter that does nothing, zlib (RFC 2083)."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array

_SEEN_THROUGH = re.compile(rb"[^\xff]+")


def png(pixels: array[int], width: int, height: int) -> bytes:
    """A PNG file of pixels that are blue, green, red and cover in memory, on white paper; grey where all are grey."""
    data = pixels.tobytes()
    channels = [bytearray(data[place::4]) for place in (2, 1, 0)]
    _on_white(channels, data[3::4])
    if channels[0] == channels[1] == channels[2]:
        body, colour, step = channels[0], 0, width
    else:
        body, colour, step = bytearray(3 * width * height), 2, 3 * width
        for place, channel in enumerate(channels):
            body[place::3] = channel
    packer = zlib.compressobj(6)
    packed = [packer.compress(b"\0" + body[start : start + step]) for start in range(0, len(body), step)]
    packed.append(packer.flush())
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", head), _chunk(b"IDAT", b"".join(packed)), _chunk(b"IEND", b"")]
    )


def _on_white(channels: list[bytearray], cover: bytes) -> None:
    """Let white shine through where the pixels do not cover all: a reader's paper may be dark."""
    for stretch in _SEEN_THROUGH.finditer(cover):
        start, end = stretch.span()
        if not any(stretch[0]):
            for channel in channels:
                channel[start:end] = b"\xff" * (end - start)
            continue
        for channel in channels:
            channel[start:end] = bytes(
                255 - share * (255 - value) // 255 for share, value in zip(stretch[0], channel[start:end], strict=True)
            )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
