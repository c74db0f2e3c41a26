"""What XML and pictures may ask for, and how large a picture says it is."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.errors import MargentError
from margent.formats import limits
from margent.formats.pictures import Pictures


def test_xml_is_read_with_its_doctype_and_without_what_that_points_to() -> None:
    root = limits.xml(
        b"<?xml version='1.0' encoding='utf-8'?><!DOCTYPE ncx PUBLIC '-//NISO//DTD ncx 2005-1//EN' "
        b"'http://www.daisy.org/z3986/2005/ncx-2005-1.dtd'><ncx a='1'><b>\xc3\xa4</b>x</ncx>",
        "toc.ncx",
        "book.epub",
    )
    assert (root.tag, root.get("a"), root[0].text, root[0].tail) == ("ncx", "1", "ä", "x")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", r"declares entities in part\.xml"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", r"declares entities in part\.xml"),
        (b"<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://x.org/'> %b;]><a/>", r"declares entities in part\.xml"),
        (b"<a>" * 401 + b"</a>" * 401, r"nests its elements deeper"),
        (b"<a><b></a>", r"is damaged: part\.xml in it is not well-formed"),
        (b"", r"is damaged: part\.xml"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", r"is damaged: part\.xml"),
        (b"<a>\xff</a>", r"is damaged: part\.xml"),
    ],
)
def test_hostile_or_broken_xml_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(MargentError, match=rf"^book\.epub {sentence}") as caught:
        limits.xml(data, "part.xml", "book.epub")
    assert str(caught.value).endswith(".")


def test_xml_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "XML_ELEMENTS", 100)
    assert len(limits.xml(b"<a>" + b"<b/>" * 99 + b"</a>", "p", "x")) == 99
    with pytest.raises(MargentError, match="more elements"):
        limits.xml(b"<a>" + b"<b/>" * 100 + b"</a>", "p", "x")


@given(st.binary(max_size=60) | st.text("<>&;/!ab [].%'\"=ENTIYDOCP", max_size=60).map(str.encode))
def test_any_bytes_are_xml_or_refused(data: bytes) -> None:
    with contextlib.suppress(MargentError):
        assert limits.xml(data, "part.xml", "book.epub").tag


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">L4sLL", 13, b"IHDR", width, height) + bytes(9)


def jpeg(width: int, height: int) -> bytes:
    before = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\xff\xdb\x00\x43" + bytes(65)
    return before + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(9)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(300, 200), 60_000),
        (png(100_000, 100_000), 10**10),
        (jpeg(640, 480), 307_200),
        (b"GIF89a" + struct.pack("<HH", 10, 20) + bytes(5), 200),
        (b"BM" + bytes(16) + struct.pack("<ll", 30, -20) + bytes(9), 600),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X\x00\x00\x00\x00" + bytes(4) + b"\x63\x00\x00\x31\x00\x00", 100 * 50),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f" + struct.pack("<L", 99 | 49 << 14), 100 * 50),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 100, 50), 5000),
        (b"", 0),
        (b"\xff\xd8\xff\xda", 0),
        (b"no picture", 0),
    ],
)
def test_a_picture_says_how_large_it_is(data: bytes, expected: int) -> None:
    assert limits.pixels(data) == expected


@given(st.sampled_from([png(9, 9), jpeg(9, 9), b"GIF89a", b"BM", b"RIFF0000WEBPVP8 "]), st.binary(max_size=80))
def test_the_size_of_a_broken_picture_is_a_number(start: bytes, rest: bytes) -> None:
    assert limits.pixels(start[: len(rest)] + rest) >= 0


def test_a_picture_with_more_pixels_than_can_be_drawn_is_left_out_and_told() -> None:
    kept = Pictures({"big.png": png(70_000, 1_000), "small.png": png(70, 100)}.get)
    assert kept.key("big.png") == ""
    assert kept.key("small.png")
    assert kept.notices() == ("A picture is too large to keep: only the description is shown.",)
