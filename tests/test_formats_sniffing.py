"""What kind a file is: by its content, and by its suffix only among kinds that look alike."""

import contextlib
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.errors import MargentError
from margent.formats import FORMATS, SUFFIXES, format_of, suffix_of
from margent.formats.sniffing import is_zip, kind_of


def archive(*names: str, first: bytes = b"x") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name in names:
            zipped.writestr(name, first if name == "mimetype" else b"y")
    return out.getvalue()


EPUB = archive("mimetype", "META-INF/container.xml", "a.xhtml", first=b"application/epub+zip")
MAIL = b"From: A <a@example.org>\r\nTo: b@example.org\r\nSubject: Rail\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n"
SENT = b"Received: from x by y;\r\n Mon, 2 Mar 2026\r\nMessage-ID: <1@x>\r\n" + MAIL + b"\r\nWords.\r\n"
SAVED = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: Rail\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="x"\r\n\r\n--x\r\n'
)


@pytest.mark.parametrize(
    ("data", "name", "module"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", "a.pdf", "pdf"),
        (b"%PDF-1.7\n", "a.md", "pdf"),
        (b"\n\n%PDF-1.4\n", "noname", "pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n" + bytes(40), "a.pdf", "pdf"),
        (b"A note on %PDF-1.4 as a header.", "a.txt", "text"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.docx", "docx"),
        (archive("[Content_Types].xml", "word/document2.xml"), "renamed.zip", "docx"),
        (archive(*(f"a/{n}.xml" for n in range(900)), "word/x.xml", "[Content_Types].xml"), "noname", "docx"),
        (EPUB, "a.epub", "epub"),
        (EPUB, "noname", "epub"),
        (archive("META-INF/container.xml", "a.opf"), "a.zip", "epub"),
        (archive("word/notes.md"), "a.docx", ""),
        (b"<!DOCTYPE html><html><p>a</p></html>", "a.txt", "webpage"),
        (b"\xef\xbb\xbf\n<!-- saved -->\n<HTML lang='en'><p>a</p>", "a.md", "webpage"),
        (b"<?xml version='1.0'?>\n<html xmlns='x'><p>a</p>", "a.xhtml", "webpage"),
        ("<!DOCTYPE html><html><p>ä</p></html>".encode("utf-16"), "a", "webpage"),
        (b"<p>A fragment</p>", "a.html", "webpage"),
        (b"<p>A fragment</p>", "a.md", "markdown"),
        (b"<p>A fragment</p>", "a.txt", "text"),
        (SAVED, "a.mhtml", "mhtml"),
        (SAVED, "a.txt", "mhtml"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n", "a.mht", "mhtml"),
        (SENT, "a.eml", "mail"),
        (SENT, "noname", "mail"),
        (b"From x@y Mon Mar  2 10:00:00 2026\n" + SENT, "a.eml", "mail"),
        (MAIL + b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nWords.", "a.txt", "mail"),
        (SENT.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", 1), "a.eml", "mail"),
        (MAIL + b"\r\nWords.", "a.eml", "mail"),
        (MAIL + b"\r\nWords.", "a.txt", "text"),
        (b"Subject: Rail\nDate: 2026\n\nAn article pasted into a file.", "a.txt", "text"),
        (b"No header at all.", "a.eml", "text"),
        (b"---\ntitle: T\n---\n**b**", "a.txt", "markdown"),
        (b"# A", "a.md", "markdown"),
        (b"# A", "A.MARKDOWN", "markdown"),
        (b"# A", "a.docx", "text"),
        (b"# A", "noname", "text"),
        (b"<html", "a.md", "markdown"),
        (b"", "a.md", "markdown"),
    ],
)  # fmt: skip
def test_content_comes_first_and_the_suffix_second(data: bytes, name: str, module: str) -> None:
    assert kind_of(data, name, SUFFIXES.get(suffix_of(name), "")).module == module


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (archive("a.md"), True),
        (archive(), True),
        (EPUB, False),
        (archive("[Content_Types].xml", "word/document.xml"), False),
        (archive("[Content_Types].xml", "xl/workbook.xml"), False),
        (b"PK, as they say", False),
    ],
)
def test_an_archive_of_documents_is_none_itself(data: bytes, expected: bool) -> None:
    assert is_zip(data) == expected


def test_every_format_has_a_module_that_reads_a_name_of_its_own_and_suffixes_of_its_own() -> None:
    assert len({format_.title for format_ in FORMATS}) == len({format_.module for format_ in FORMATS}) == len(FORMATS)
    assert sum(len(format_.suffixes) for format_ in FORMATS) == len(SUFFIXES)


@given(st.binary(max_size=200), st.sampled_from(["a", "a.md", "a.pdf", "a.eml", "a.docx", "a.zip", ".", "a."]))
def test_any_bytes_are_of_a_kind_or_refused(data: bytes, name: str) -> None:
    with contextlib.suppress(MargentError):
        assert format_of(data, name) in FORMATS


STARTS = [b"%PDF-", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"<html>", SENT[:60], SAVED, EPUB, b"---\na: b\n---\n"]


@given(st.sampled_from(STARTS), st.binary(max_size=120), st.integers(0, 400))
def test_a_beginning_that_something_else_follows_is_of_a_kind_or_refused(start: bytes, rest: bytes, cut: int) -> None:
    with contextlib.suppress(MargentError):
        assert format_of(start[:cut] + rest, "a.txt") in FORMATS


@pytest.mark.parametrize(
    "data",
    [
        b"a: " * 100_000,
        b"a:\n" * 100_000,
        b"---\n" + b"a: b\n" * 100_000,
        b"<!-- " * 50_000,
        b"\n" * 300_000,
        b"A:b\n " * 99_999,
    ],
)
def test_telling_a_kind_takes_no_time_whatever_stands_there(data: bytes) -> None:
    import time

    start = time.process_time()
    kind_of(data, "a.txt", "text")
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<!-- a -->" * 400 + b"Words.", id="comments"),
        pytest.param(b"<!-- a -->\n\n" * 300 + b"<!-- never closed", id="comments on lines"),
        pytest.param(b"---\r\na: b\r\n" + b"c: d\r\n" * 400, id="front matter without an end"),
        pytest.param(b"---\r\n" + b"# c\r\n" * 400 + b"1", id="comments in front matter without a key"),
        pytest.param(b"From: a\r\n" + b"X-A: b\r\n c\r\n" * 400 + b"no header", id="a header that goes on"),
    ],
)
def test_what_a_file_is_is_known_at_once_whatever_it_begins_with(data: bytes) -> None:
    start = time.process_time()
    kind_of(data, "a.md", "markdown")
    assert time.process_time() - start < 1


def test_comments_before_a_page_do_not_hide_it() -> None:
    page = b"<?xml version='1.0'?>\n" + b"<!-- a -- b -->\n" * 30 + b"<!DOCTYPE html><html><p>Text</p></html>"
    assert kind_of(page, "page", "").module == "webpage"
