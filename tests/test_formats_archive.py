"""ZIP archives from strangers: what they hold is read, and what they try is refused in a sentence."""

import stat
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.errors import MargentError
from margent.formats import limits
from margent.formats.archive import directory, open_zip


def zipped(entries: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_gives_its_files(packing: int) -> None:
    content = {"b.md": b"two" * 900, "a/Ärger.md": b"one", "a/": b"", "empty": b""}
    archive = open_zip(zipped(content, packing), "x.zip")
    assert archive.names == ("b.md", "a/Ärger.md", "empty")
    assert [archive.read(name) for name in archive] == [b"two" * 900, b"one", b""]
    assert archive.get("none") is None
    assert archive.size("b.md") == 2700
    assert "a/Ärger.md" in archive
    assert "a/" not in archive
    with pytest.raises(MargentError, match=r"^x\.zip is damaged: none is missing in it\.$"):
        archive.read("none")


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "a/../../b",
        "/etc/passwd",
        "C:/x",
        "c:\\x",
        "..\\..\\x",
        "\\\\server\\x",
        "a/..",
        "..",
        "\x1b[2J/../x" * 30,
    ],
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    data = zipped({"good.md": b"x", "_" * len(name): b"x"}).replace(b"_" * len(name), name.encode())
    with pytest.raises(MargentError, match=r"^x\.zip holds a file whose name leads out of the archive") as caught:
        open_zip(data, "x.zip")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_names_of_windows_programs_are_put_right() -> None:
    data = zipped({"folder_a.md": b"x", "./b.md": b"y", "a..b/..c": b"z"}).replace(b"folder_a", b"folder\\a")
    assert open_zip(data, "x.zip").names == ("folder/a.md", "b.md", "a..b/..c")


def test_a_link_is_no_file() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.md", "x")
    opened = open_zip(out.getvalue(), "x.zip")
    assert opened.names == ("a.md",)
    assert opened.links == ("link.md",)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = zipped({"bomb.xml": bytes(40 * limits.MB)})
    assert len(data) < 100_000
    with pytest.raises(MargentError, match=r"^x\.zip holds a file that unpacks to over 200 times its size \(“bomb"):
        open_zip(data, "x.zip")


def test_a_file_may_shrink_well_while_it_is_small() -> None:
    assert len(open_zip(zipped({"a": bytes(limits.RATIO_FROM)}), "x.zip").read("a")) == limits.RATIO_FROM


def test_what_lies_about_its_size_is_not_unpacked_beyond_it() -> None:
    data = bytearray(zipped({"bomb": bytes(60 * limits.MB)}))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, local + 22, 1000)
    struct.pack_into("<L", data, central + 24, 1000)
    archive = open_zip(bytes(data), "x.zip")
    tracemalloc.start()
    with pytest.raises(MargentError, match="cannot be unpacked"):
        archive.read("bomb")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * limits.MB


def test_too_much_altogether_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({str(number): bytes(100) for number in range(30)}, zipfile.ZIP_STORED)
    assert len(open_zip(data, "x.zip").names) == 30
    with monkeypatch.context() as patch:
        patch.setattr(limits, "EXPANDED", 2000)
        with pytest.raises(MargentError, match=r"^x\.zip would unpack to more than"):
            open_zip(data, "x.zip")
    with monkeypatch.context() as patch:
        patch.setattr(limits, "MEMBER", 99)
        with pytest.raises(MargentError, match=r"^x\.zip would unpack to more than"):
            open_zip(data, "x.zip")
    with monkeypatch.context() as patch:
        patch.setattr(limits, "ENTRIES", 29)
        with pytest.raises(MargentError, match=r"^x\.zip holds more than 29 files"):
            open_zip(data, "x.zip")


def test_a_table_of_contents_of_millions_is_refused_at_once() -> None:
    entry = zipped({"a": b""})
    central = entry[entry.index(b"PK\x01\x02") : entry.index(b"PK\x05\x06")] * 500_000
    data = central + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 7, 7, len(central), 0, 0)
    start = time.process_time()
    with pytest.raises(MargentError, match=r"^x\.zip holds more than 20,000 files"):
        open_zip(data, "x.zip")
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(("offset", "value", "sentence"), [(8, 1, "locked with a password"), (10, 12, "not unpack")])
def test_what_cannot_be_unpacked_is_told(offset: int, value: int, sentence: str) -> None:
    data = bytearray(zipped({"a.md": b"words"}))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + offset, value)
    with pytest.raises(MargentError, match=rf"^x\.zip is .*{sentence}"):
        open_zip(bytes(data), "x.zip").read("a.md")


def test_a_damaged_file_is_told_and_the_others_are_read() -> None:
    data = zipped({"a.md": b"words" * 9, "b.md": b"other"}, zipfile.ZIP_STORED).replace(b"wordswords", b"wordsWords")
    archive = open_zip(data, "x.zip")
    with pytest.raises(MargentError, match=r"^x\.zip is damaged: a\.md in it cannot be unpacked\.$"):
        archive.read("a.md")
    assert archive.read("b.md") == b"other"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), zipped({"a": b"x" * 99})[:-30]],
    ids=["nothing", "a beginning", "an end", "without its end"],
)
def test_what_is_cut_off_is_told(data: bytes) -> None:
    if data.startswith(b"PK\x05\x06"):
        assert open_zip(data, "x.zip").names == ()
    else:
        with pytest.raises(MargentError, match=r"^x\.zip is damaged or was not copied to its end"):
            open_zip(data, "x.zip")


def test_the_directory_is_where_the_archive_says() -> None:
    data = zipped({"word/document.xml": b"x", "other": b"y"})
    assert directory(data).startswith(b"PK\x01\x02")
    assert b"other" in directory(data)
    assert directory(b"no archive") == b""


def said(call: Callable[[], object]) -> str:
    """The sentence that a call ends with, or "" when it ends well."""
    try:
        call()
    except MargentError as error:
        return str(error)
    return ""


SEED = zipped({"a.md": b"words " * 50, "b/c.txt": b"other", "d.bin": bytes(3000)})


@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 255)), max_size=12), st.integers(0, len(SEED)))
def test_a_damaged_archive_is_read_or_refused_and_never_more(changes: list[tuple[int, int]], end: int) -> None:
    data = bytearray(SEED)
    for place, value in changes:
        data[place] = value
    for sample in (bytes(data), bytes(data[:end])):
        if sentence := said(lambda sample=sample: open_zip(sample, "x.zip")):
            assert sentence.startswith("x.zip ")
            continue
        archive = open_zip(sample, "x.zip")
        for name in archive:
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            sentence = said(lambda name=name: archive.read(name))  # noqa: B023 - called at once
            assert sentence.startswith("x.zip ") or len(archive.read(name)) <= archive.size(name)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_archive_or_refused(data: bytes) -> None:
    sentence = said(lambda: open_zip(data, "x.zip"))
    assert not sentence or sentence.startswith("x.zip ")
