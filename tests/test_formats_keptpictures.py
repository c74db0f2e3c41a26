"""A page's pictures from the library, by the addresses that the page has for them."""

import hashlib
import struct

from margent.document import Document
from margent.formats import read
from margent.formats.keptpictures import kept, stand_in

ONE, TWO = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", side, side) + bytes(30) for side in (3, 5))
PROSE = "<p>The river carries less water every year, and the towns along it have begun to count what is left.</p>" * 6
PAGE = (
    f"<nav><a href='/'>Home</a><img src='logo.png' alt='Logo'></nav><article><h1>Water</h1>{PROSE}"
    f"<p><img src='a%20b.png' alt='Same'></p>{PROSE}<p><img src='gone.png' alt='Gone'> and words</p>"
    f"<p><img src='c.png' alt='Same'></p>{PROSE}</article>"
).encode()


def first(*, two: bool = True) -> Document:
    return read(PAGE, "a.html", {"a%20b.png": ONE, "c.png": TWO if two else None}.get)


def test_each_kept_picture_has_the_address_of_its_own_place() -> None:
    picture = kept(first(), read(PAGE, "a.html", stand_in))
    assert [picture(address) for address in ("a%20b.png", "c.png", "gone.png", "logo.png")] == [ONE, TWO, None, None]


def test_a_picture_that_was_not_there_takes_no_other_ones_place() -> None:
    picture = kept(first(two=False), read(PAGE, "a.html", stand_in))
    assert [picture(address) for address in ("a%20b.png", "c.png")] == [ONE, None]


def test_the_whole_page_shows_what_the_library_keeps() -> None:
    whole = read(PAGE, "a.html", kept(first(), read(PAGE, "a.html", stand_in)), whole=True)
    shown = [block.target for block in whole.blocks if block.kind == "picture" and block.text == "Same"]
    assert shown == [hashlib.sha256(data).hexdigest() for data in (ONE, TWO)]
