"""The pictures of a page that the library keeps, by their addresses, when the folder they lay in is out of reach.

The library knows a picture by its bytes alone. Its address is learnt by reading the page again with stand-ins: what
stands where a kept picture stands in the text as it was read first has that picture's address.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from margent.document import Document

_HEAD: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
"""How a picture of one pixel begins; nobody ever draws a stand-in."""


def stand_in(address: str) -> bytes:
    """Bytes for the picture at `address` that tell its address afterwards; to be given as `picture` to a format."""
    return _HEAD + address.encode("utf-8", "surrogatepass")


def kept(shown: Document, again: Document) -> Callable[[str], bytes | None]:
    """The pictures of `shown` by the addresses that `again`, the same page read with stand-ins, has in their places."""
    before = [(block.kind, block.text) for block in shown.blocks]
    after = [(block.kind, block.text) for block in again.blocks]
    known: dict[str, bytes] = {}
    for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for offset in range(match.size):
            data = shown.pictures.get(shown.blocks[match.a + offset].target)
            told = again.pictures.get(again.blocks[match.b + offset].target, b"")
            if data is not None and told.startswith(_HEAD):
                known[told[len(_HEAD) :].decode("utf-8", "surrogatepass")] = data
    return known.get
