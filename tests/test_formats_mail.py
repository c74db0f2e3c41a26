import base64
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from margent.document import Document
from margent.errors import MargentError
from margent.formats import mail
from margent.formats.mailparts import decoded

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01" + bytes(30)
HEAD = (
    "From: Anna Berg <anna@example.org>\nTo: bo@example.org\nSubject: The river\nDate: Fri, 5 Mar 2021 23:30:00 +0500\n"
)
WORDS = "The river carries less water every year, and the towns have begun to count what is left of it."


def letter(body: str, kind: str = "text/plain; charset=utf-8", head: str = HEAD) -> bytes:
    return f"{head}MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}".encode()


def several(kind: str, *parts: str) -> str:
    return "".join(f"--{kind[:3]}\n{part}\n" for part in parts) + f"--{kind[:3]}--\n"


def made_of(kind: str, *parts: str) -> bytes:
    return letter(several(kind, *parts), f'multipart/{kind}; boundary="{kind[:3]}"')


def lines(document: Document, *kind: str) -> list[str]:
    return [block.text for block in document.blocks if not kind or block.kind in kind]


def test_a_message_is_its_text_with_its_subject_as_title_and_its_sender_as_author() -> None:
    document = mail.read(letter(WORDS), "a.eml")
    assert (document.title, document.authors, document.date) == ("The river", ("Anna Berg",), "2021-03-05")
    assert lines(document) == ["The river", WORDS]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет"),
        ("=?UTF-8?Q?caf=C3=A9_au_lait?= today", "café au lait today"),
        ("=?koi8-r?B?8NLJ18XU?= =?koi8-r?Q?_!?=", "Привет !"),
        ("=?utf-8?B?0J/R?=\n =?utf-8?B?gNC4?=", "При"),
        ("=?iso-8859-1*de?Q?=FC?=", "ü"),
        ("=?nonsense?Q?abc?=", "abc"),
        ("=?utf-8?B?%%%?=", ""),
        ("a =?b", "a =?b"),
        ("caf\udcc3\udca9", "café"),
        ("caf\udce9", "café"),
        ("one\n two\t three", "one two three"),
    ],
)
def test_headers_are_read_in_any_encoding(value: str, text: str) -> None:
    assert decoded(value) == text


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('From: "Berg, Anna" <a@b.org>', "authors", ("Berg, Anna",)),
        ("From: a@b.org", "authors", ("a@b.org",)),
        ("From: =?utf-8?Q?Berg=2C_Anna?= <a@b.org>, Bo <b@b.org>", "authors", ("Berg, Anna", "Bo")),
        ("From:", "authors", ()),
        ("Date: yesterday", "date", ""),
        ("Date: Mon, 99 Foo 2021 99:00:00", "date", ""),
        ("Content-Language: kk", "language", "kk"),
        ("X: y", "title", "my letter"),
    ],
)
def test_what_the_headers_say(head: str, field: str, value: object) -> None:
    assert getattr(mail.read(letter(WORDS, head=f"{head}\n"), "my_letter.eml"), field) == value


def test_quoted_replies_are_quotations_and_a_signature_keeps_its_lines() -> None:
    body = f"I agree.\n\nOn Friday Bo wrote:\n> {WORDS}\n>\n> > Earlier words.\n\n-- \nAnna Berg\nMinistry of Rivers\n"
    document = mail.read(letter(body), "a.eml")
    assert [(block.text, block.quote) for block in document.blocks[1:]] == [
        ("I agree.", 0),
        ("On Friday Bo wrote:", 0),
        (WORDS, 1),
        ("Earlier words.", 2),
        ("Anna Berg\nMinistry of Rivers", 0),
    ]


@pytest.mark.parametrize(
    ("text", "joined", "expected"),
    [
        ("one \ntwo\nthree", False, "one two\nthree"),
        ("one \ntwo", True, "onetwo"),
        ("> one \n> two\n>> three \n>> four\nfive", False, "> one two\n>> three four\nfive"),
        (" >not quoted\n From here", False, ">not quoted\nFrom here"),
        ("one \n-- \nsig", False, "one \n-- \nsig"),
        ("> one \ntwo", False, "> one \ntwo"),
    ],
)
def test_flowed_lines_are_joined(text: str, joined: bool, expected: str) -> None:
    assert mail.unflowed(text, joined=joined) == expected


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nPlain words."
RICH = "Content-Type: text/html; charset=utf-8\n\n<p>Rich <b>words</b>.</p><blockquote><p>Quoted.</p></blockquote>"
BARE = "Content-Type: text/html; charset=utf-8\n\n<div>Bare words.<br></div>"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((PLAIN, RICH), ["Rich words.", "Quoted."]),
        ((RICH, PLAIN), ["Rich words.", "Quoted."]),
        ((PLAIN, BARE), ["Plain words."]),
        ((BARE,), ["Bare words."]),
        ((PLAIN, "Content-Type: text/html\n\n"), ["Plain words."]),
    ],
)
def test_of_two_versions_the_richer_is_taken(parts: tuple[str, ...], expected: list[str]) -> None:
    assert lines(mail.read(made_of("alternative", *parts), "a.eml"))[1:] == expected


def test_the_parts_of_a_message_follow_one_another_and_attachments_are_named() -> None:
    attached = 'Content-Type: application/pdf; name="=?utf-8?Q?Pl=C3=A4ne.pdf?="\nContent-Disposition: attachment\n\nx'
    text = 'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: attachment; filename="notes.txt"\n\nhidden'
    document = mail.read(made_of("mixed", PLAIN, attached, text, PLAIN), "a.eml")
    assert lines(document)[1:] == ["Plain words.", "Plain words."]
    assert document.notices == ("2 attachments were not taken in: Pläne.pdf, notes.txt.",)


def test_pictures_of_the_message_are_kept_and_none_is_fetched() -> None:
    page = (
        "Content-Type: text/html\n\n<p>Words <b>here</b>.</p><img src='cid:p@1' alt='Map'>"
        "<img src='https://far.example/t.gif' width=1 height=1><img src='https://far.example/x.png' alt='Far'>"
    )
    inside = (
        "Content-Type: image/png; name=map.png\nContent-ID: <p@1>\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(PNG).decode()
    )
    document = mail.read(made_of("related", page, inside), "a.eml")
    shown = [(block.text, document.pictures.get(block.target)) for block in document.blocks if block.kind == "picture"]
    assert shown == [("Map", PNG), ("Far", None)]
    assert not any("attachment" in notice for notice in document.notices)


def test_messages_in_a_message_are_taken_in_under_headings() -> None:
    inner = letter(WORDS, head="From: Bo <b@b.org>\nSubject: Earlier\nDate: Mon, 1 Mar 2021 10:00:00 +0000\n").decode()
    document = mail.read(made_of("mixed", PLAIN, f"Content-Type: message/rfc822\n\n{inner}"), "a.eml")
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "The river"),
        ("paragraph", 0, "Plain words."),
        ("heading", 2, "Earlier"),
        ("paragraph", 0, "Bo, 2021-03-01"),
        ("paragraph", 0, WORDS),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (letter("").replace(b"utf-8", b"koi8-r") + "Привет из города".encode("koi8-r"), "Привет из города"),
        (letter("").replace(b"utf-8", b"nonsense") + "қазақ тілі".encode(), "қазақ тілі"),
        (letter("=D2=9B=D0=B0", head=HEAD + "Content-Transfer-Encoding: quoted-printable\n"), "қа"),
        (letter("0pvQsA==", head=HEAD + "Content-Transfer-Encoding: base64\n"), "қа"),
        (letter("words", "multipart/mixed"), "words"),
        (
            letter("words in front\n--x\nContent-Type: text/plain\n\n\n--x--", "multipart/mixed; boundary=x"),
            "words in front",
        ),
        (b"From anna Fri Mar  5 23:30:00 2021\n" + letter("words"), "words"),
        (letter("words").replace(b"\n", b"\r\n"), "words"),
    ],
)
def test_odd_and_broken_messages_are_read(data: bytes, text: str) -> None:
    assert mail.read(data, "a.eml").blocks[-1].text == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (letter("x", "application/pkcs7-mime"), "is encrypted"),
        (made_of("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1", PLAIN), "is encrypted"),
        (letter(""), "without text"),
        (letter("x", "application/pdf; name=a.pdf"), r"without text: save what is attached to it \(a\.pdf\)"),
        (made_of("mixed", *["Content-Type: image/png\n\nx"] * 2500), "more than"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_cause(data: bytes, words: str) -> None:
    with pytest.raises(MargentError, match=f"a\\.eml.*{words}"):
        mail.read(data, "a.eml")


def test_parts_that_nest_deep_are_read_or_refused_quickly() -> None:
    start = time.process_time()
    deep = HEAD + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000)) + PLAIN
    try:
        mail.read(deep.encode(), "a.eml")
    except MargentError as error:
        assert "a.eml" in str(error)  # noqa: PT017 - either is right
    assert time.process_time() - start < 10


INNER = several("alternative", PLAIN, RICH)
SAMPLE = made_of(
    "mixed",
    f"Content-Type: multipart/alternative; boundary=alt\n\n{INNER}",
    "Content-Type: text/plain; format=flowed\n\n> one \n> two\n-- \nsig",
    f"Content-Type: message/rfc822\n\n{HEAD}\nWords",
)
CHANGES = st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=6), st.integers(0, 30)), max_size=8)


@given(CHANGES)
@settings(max_examples=150, deadline=2000)
def test_a_damaged_message_is_read_or_refused(changes: list[tuple[int, bytes, int]]) -> None:
    data = SAMPLE
    for place, new, cut in changes:
        data = data[:place] + new + data[place + cut :]
    try:
        assert isinstance(mail.read(data, "a.eml"), Document)
    except MargentError as error:
        assert "a.eml" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gmail", ["Hello", "On Mon, Apr 2, 2012 at 6:26 PM, Megan One <xxx@gmail.com> wrote:", "> Hi"]),
        ("thunderbird", ["On 04/02/2012 06:26 PM, Megan One wrote:", "> Hi", "Hello"]),
    ],
)
def test_replies_of_real_programs(name: str, expected: list[str]) -> None:
    path = Path(__file__).parent / "data" / "formats" / f"reply-{name}.eml"
    document = mail.read(path.read_bytes(), path.name)
    assert [f"{'> ' * block.quote}{block.text}" for block in document.blocks[1:]] == expected


def test_an_address_in_raw_bytes_is_letters_also_in_a_message_within_a_message() -> None:
    inner = b"Content-Type: message/rfc822\n\nSubject: Older\nFrom: c\xc3\xa9@x.org\n\nText of the older one.\n"
    head = b"Subject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    data = head + b"--b\n\nHello.\n--b\n" + inner + b"--b--\n"
    document = mail.read(data, "a.eml")
    assert "c\xe9@x.org" in document.text
    document.text.encode()


def test_a_sender_of_thousands_of_signs_out_of_place_is_nobody() -> None:
    document = mail.read(b"Subject: A\nFrom: " + b"] " * 3000 + b"\n\nHello.\n", "a.eml")
    assert document.authors == ()


def test_a_codec_for_names_of_hosts_is_no_encoding_of_a_letter() -> None:
    assert WORDS in lines(mail.read(letter(WORDS, 'text/plain; charset="idna"'), "a.eml"))


def test_a_header_that_hides_another_keeps_no_message_from_being_read() -> None:
    hidden = b"Subject: Older\x0bFrom: c@x.org \xff\n\nText of the older one."
    data = made_of("mixed", "\n" + WORDS, "Content-Type: message/rfc822\n\nINNER").replace(b"INNER", hidden)
    assert lines(mail.read(data, "a.eml"))[1:] == [WORDS, "Older From: c@x.org \xff", "Text of the older one."]
