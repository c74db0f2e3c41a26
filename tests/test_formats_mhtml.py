import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from margent.document import Document
from margent.errors import MargentError
from margent.formats import mhtml
from margent.formats.notices import ARTICLE_ONLY

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01" + bytes(30)
OTHER = PNG + b"1"
LINE = "<p>The river carries less water every year, and the towns along it have begun to count what is left of it.</p>"
HEAD = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://paper.example/a/water\n"
    "Subject: =?utf-8?Q?Less=20water?=\nDate: Fri, 5 Mar 2021 23:30:00 -0000\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="b"\n\n'
)
PAGE = (
    "<html><head>{}</head><body><nav><a href=/x>Home</a></nav><article>{}<img src='cid:one@b' alt=One>"
    "<img src='https://paper.example/a/two.png' alt=Two><img src='three.png' alt=Three>"
    "<img src='https://paper.example/gone.png' alt=Gone><p><a href='more'>More</a></article></body></html>"
)


def part(kind: str, data: bytes, **headers: str) -> str:
    said = "".join(f"Content-{name.capitalize()}: {value}\n" for name, value in headers.items())
    return f"--b\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n{said}\n{base64.b64encode(data).decode()}\n"


def saved(page: str, head: str = HEAD) -> bytes:
    return (
        head
        + part("text/css", b"p{}", location="https://paper.example/s.css")
        + part("text/html", page.encode(), location="https://paper.example/a/water")
        + part("image/png", PNG, id="<one@b>")
        + part("image/png", OTHER, location="https://paper.example/a/two.png")
        + part("image/png", PNG, location="three.png")
        + "--b--\n"
    ).encode()


def test_a_saved_page_is_read_with_its_pictures_and_where_it_came_from() -> None:
    document = mhtml.read(saved(PAGE.format("", LINE * 8)), "a.mhtml")
    shown = [(block.text, document.pictures.get(block.target)) for block in document.blocks if block.kind == "picture"]
    assert shown == [("One", PNG), ("Two", OTHER), ("Three", PNG), ("Gone", None)]
    assert (document.title, document.source) == ("Less water", "https://paper.example/a/water")
    assert "Home" not in document.text
    assert ARTICLE_ONLY in document.notices
    assert [m.target for block in document.blocks for m in block.marks] == ["https://paper.example/a/more"]


def test_the_whole_page_can_be_had_and_its_own_title_counts() -> None:
    document = mhtml.read(saved(PAGE.format("<title>Own</title>", LINE * 8)), "a.mhtml", whole=True)
    assert "Home" in document.text
    assert document.title == "Own"
    assert ARTICLE_ONLY not in document.notices


def test_the_part_that_the_file_names_is_the_page() -> None:
    head = HEAD.replace('boundary="b"', 'boundary="b"; start="<second@b>"')
    parts = part("text/html", b"<p>First</p>", id="<first@b>") + part("text/html", b"<p>Second</p>", id="<second@b>")
    assert mhtml.read(f"{head}{parts}--b--".encode(), "a.mhtml").blocks[-1].text == "Second"


def test_a_page_alone_is_read() -> None:
    data = b"Content-Type: text/html; charset=koi8-r\nContent-Location: file:///home/x.html\n\n<p>" + "Привет".encode(
        "koi8-r"
    )
    document = mhtml.read(data, "a.mht")
    assert (document.blocks[-1].text, document.source) == ("Привет", "")


@pytest.mark.parametrize("data", [b"nothing", HEAD.encode(), (HEAD + part("image/png", PNG)).encode()])
def test_a_file_without_a_page_is_refused(data: bytes) -> None:
    with pytest.raises(MargentError, match=r"a\.mhtml holds no web page"):
        mhtml.read(data, "a.mhtml")


SAMPLE = saved(PAGE.format("<title>Own</title>", LINE * 4))
CHANGES = st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=6), st.integers(0, 30)), max_size=8)


@given(CHANGES)
@settings(max_examples=80, deadline=2000)
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, bytes, int]]) -> None:
    data = SAMPLE
    for place, new, cut in changes:
        data = data[:place] + new + data[place + cut :]
    try:
        assert isinstance(mhtml.read(data, "a.mhtml"), Document)
    except MargentError as error:
        assert "a.mhtml" in str(error)  # noqa: PT017 - either is right
