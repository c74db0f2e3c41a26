"""What PDFium writes into the buffers it is given, as Python's own values."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from margent.formats.pdfpage import NOWHERE, Box

if TYPE_CHECKING:
    from collections.abc import Callable

Handle = Any
"""A pointer of PDFium's; ctypes has no better name for it."""

_LONGEST: Final = 1 << 20
"""Bytes of one text that PDFium hands out."""


def box_of(ask: Callable[[Any], Any]) -> Box:
    """The rectangle that `ask` fills, its edges in order; an empty one when it does not."""
    box = pdfium.FS_RECTF()
    if not ask(box):
        return NOWHERE
    return Box(min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top))


def shorts(out: Handle) -> Handle:
    """A buffer as the pointer to 16-bit units that some of PDFium's functions ask for."""
    return None if out is None else ctypes.cast(out, ctypes.POINTER(ctypes.c_ushort))


def bytes_of(ask: Callable[[Any, int], int]) -> bytes:
    """What `ask` writes into a buffer, up to the NUL; it is asked first for how many bytes it needs."""
    size = ask(None, 0)
    if not 0 < size <= _LONGEST:
        return b""
    out = ctypes.create_string_buffer(size)
    ask(out, size)
    return out.raw.split(b"\x00", maxsplit=1)[0]


def text_of(ask: Callable[[Any, int], int]) -> str:
    """What `ask` writes into a buffer as UTF-16; broken halves of a pair are replaced."""
    size = ask(None, 0)
    if not 2 < size <= _LONGEST:
        return ""
    out = ctypes.create_string_buffer(size)
    ask(out, size)
    return out.raw.decode("utf-16-le", "replace").rstrip("\x00")
