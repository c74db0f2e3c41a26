"""A document exported whole comes through mail and editors: what they break in a text is mended before it is read."""

import quopri
import textwrap
import time
from base64 import encodebytes
from datetime import UTC, datetime

import pytest

from margent.errors import MargentError
from margent.exchange import received, wholetext

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RECORD = (
    '{"id":"00000000000000000000000000000001","start":0,"end":12,"exact":"The corridor","prefix":"","suffix":" жол 🌊",'
    '"state":"placed","colour":"yellow","style":"highlight","kind":"note","done":false,"private":false,"author":"Ана",'
    '"themes":["Су = water"],"created":"2026-11-24T12:00:00.000Z","modified":"2026-11-24T12:00:00.000Z","note":"Who?"}'
)
TEXT = f"""<!-- margent:begin brief dddddddddddddddddddddddddddddddd -->

# Access brief

<!-- margent:begin text -->

==The corridor== жол 🌊 reopened, and a = 1.

<!-- margent:begin 00000000000000000000000000000001 -->

> **Note** on “The corridor” (Ана, Су = water): Who?

<!-- margent:end 00000000000000000000000000000001 -->

<!-- margent:end text -->

<!-- margent:document {{"version":1,"id":"{"d" * 32}","revision":"{"a" * 32}","title":"Access brief"}} -->
<!-- margent:record {RECORD} -->

<!-- margent:end brief dddddddddddddddddddddddddddddddd -->
"""
HEADERS = (
    "From: Ana <ana@example.org>\r\nTo: bek@example.org\r\nSubject: =?utf-8?q?Brief?=\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n"
)


def hard(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, 60, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )


def mail(coding: str, body: bytes) -> bytes:
    return HEADERS.format(coding).encode() + body.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig").replace(b"\n", b"\r\n"),
        TEXT.encode("utf-16"),
        hard(TEXT).encode(),
        "\n".join(f"> {line}".rstrip() for line in TEXT.split("\n")).encode(),
        "\n".join(f"> > {line}" for line in TEXT.split("\n")).encode(),
        TEXT.replace("-->\n<!--", "--> <!--").encode(),
        quopri.encodestring(TEXT.encode()),
        mail("quoted-printable", quopri.encodestring(TEXT.encode())),
        mail("base64", encodebytes(TEXT.encode())),
        mail("8bit", TEXT.encode()),
    ],
    ids=[
        "as it is", "signed, with other line ends", "in UTF-16", "broken at 60", "quoted", "quoted twice", "joined",
        "quoted-printable", "mail, quoted-printable", "mail, base64", "mail, 8 bit",
    ],
)  # fmt: skip
def test_what_mail_and_editors_do_to_lines_is_taken_back(data: bytes) -> None:
    assert wholetext.is_whole(data)
    whole = wholetext.read(data, "brief.md", NOON)
    assert whole.problems == ()
    (entry,) = whole.entries
    assert (entry.edited.note, entry.edited.author, entry.themes) == ("Who?", "Ана", ("Су = water",))
    assert entry.edited == entry.record


def test_a_text_in_another_encoding_is_refused_and_no_letter_of_it_taken_in() -> None:
    with pytest.raises(MargentError, match=r"brief\.md is not text in UTF-8"):
        wholetext.read(TEXT.encode("cp1251", "replace"), "brief.md", NOON)


def test_a_text_without_its_last_lines_is_known_as_cut() -> None:
    data = TEXT[: TEXT.index("<!-- margent:document")].encode()
    assert not wholetext.is_whole(data)
    assert wholetext.is_cut(data)
    assert not wholetext.is_cut(TEXT.encode())


@pytest.mark.parametrize(
    "data", [b"", b"From: a\n\n", b"Just a text, with an = at its\nend.", b"\xff\xfe\x00", mail("x", b"y")]
)
def test_other_files_hold_no_such_text(data: bytes) -> None:
    assert not wholetext.is_whole(data)
    assert received.text(b"a =3D b", "x") == "a =3D b"


@pytest.mark.parametrize("piece", ["<!-- margent:", "<!-- margent:document {", "=3D <!-- margent:begin text -->", "> "])
def test_marks_without_end_take_no_time(piece: str) -> None:
    data = (piece * 40_000).encode() + b"<!-- margent:begin text -->"
    begun = time.process_time()
    wholetext.is_whole(data)
    received.text(data, "brief.md")
    assert time.process_time() - begun < 2
