import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from margent import formats
from margent.document import Block
from margent.errors import MargentError
from margent.formats import SUFFIXES, read, read_file

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def archive(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name in names:
            zipped.writestr(name, "application/epub+zip" if name == "mimetype" else "x" * 50)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a.docx", "an Excel workbook"),
        (archive("[Content_Types].xml", "ppt/slides/1.xml"), "a.zip", "a PowerPoint presentation"),
        (archive("notes.md"), "a.zip", "a ZIP archive"),
        (archive("notes.md"), "a.docx", "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "a.doc", "an older Microsoft Office"),
        (b"{\\rtf1\\ansi hello}", "a.rtf", "a Rich Text document"),
        (PNG, "a.txt", "a picture"),
        (b"SQLite format 3\x00" + bytes(80), "a.db", "a database"),
        (bytes(range(256)) * 20, "a.bin", "not text"),
        (b"a\x00b\x00\x00\x00c" * 9, "a.txt", "not text"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_name_and_kind(data: bytes, name: str, kind: str) -> None:
    with pytest.raises(MargentError) as caught:
        read(data, name)
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert kind in sentence
    for title in ("Markdown", "web pages", "Word documents"):
        assert title in sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0


def test_a_locked_word_document_is_told_to_be_unlocked() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(90)
    with pytest.raises(MargentError, match=r"^a\.docx is locked with a password: unlock it in the program"):
        read(data, "a.docx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.md"),
        (b"", "empty.txt"),
        (b" \n\t\n", "empty.txt"),
        (b"\xef\xbb\xbf", "empty.md"),
        ("\ufeff".encode("utf-16"), "empty.txt"),
        (b"---\ntitle:\n---\n", "empty.md"),
        (b"---\ntitle: Only a title\n---\n", "empty.txt"),
        (b"<!-- x -->", "empty.md"),
        (b"===\n", "empty.txt"),
    ],
)
def test_a_file_without_text_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(MargentError, match=rf"^{name} .*\.$"):
        read(data, name)


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    short = formats.Format("markdown", "Markdown", (".md",), 10)
    monkeypatch.setattr(formats, "FORMATS", (short, *formats.FORMATS[1:]))
    path = tmp_path / "long.md"
    path.write_bytes(b"x" * 11)
    with pytest.raises(MargentError, match=r"^long\.md is longer"):
        read_file(path)
    with pytest.raises(MargentError, match=r"^long\.md is longer"):
        read(b"x" * 11, "long.md")


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(MargentError, match=r"gone\.md"):
        read_file(tmp_path / "gone.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(MargentError, match=r"^folder\.md is a folder"):
        read_file(tmp_path / "folder.md")
    with pytest.raises(MargentError, match="could not be read"):
        read_file(tmp_path / ("n" * 300 + ".md"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_device_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    with pytest.raises(MargentError, match=r"^pipe\.md is a device"):
        read_file(pipe)


def test_an_unreadable_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.md"
    path.write_text("x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MargentError, match=r"^locked\.md may not be read"):
        read_file(path)


def test_a_file_gives_its_document_and_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "Brief 1.MD"
    path.write_bytes(b"# A\r\n\r\ntext\r\n")
    document, data = read_file(path)
    assert document.blocks == (Block("heading", "A", level=1, target="a"), Block("paragraph", "text"))
    assert data == path.read_bytes()


def test_pictures_come_from_the_folder_of_the_file_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "briefs"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a map.png").write_bytes(PNG)
    (tmp_path / "outside.png").write_bytes(PNG + b"x")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "text.png").write_text("no picture")
    path = folder / "brief.md"
    path.write_text(
        "# A\n\n![in](img/a%20map.png)\n\n![out](../outside.png)\n\n![absolute]("
        + str(tmp_path / "outside.png")
        + ")\n\n![link](link.png)\n\n![text](text.png)\n\n![far](https://example.org/x.png)\n\n![dir](img)\n"
    )
    document, _ = read_file(path)
    assert list(document.pictures.values()) == [PNG]
    assert [block.text for block in document.blocks if block.target and block.kind == "picture"] == ["in"]
    assert len(document.notices) == 2


@pytest.mark.parametrize(
    ("data", "name", "first"),
    [
        (b"# A\n\ntext", "a.md", Block("heading", "A", level=1, target="a")),
        (b"**A**\n\nlong enough.", "a.txt", Block("heading", "**A**", level=1, target="a")),
        (b"---\ntitle: T\n---\n**b**", "a.txt", Block("heading", "T", level=1, target="t")),
        (b"Some text\n\nmore.", "noname", Block("heading", "Some text", level=1, target="some-text")),
        (b"Some text\n\nmore.", "a.docx", Block("heading", "Some text", level=1, target="some-text")),
    ],
)
def test_content_decides_before_the_suffix(data: bytes, name: str, first: Block) -> None:
    assert read(data, name).blocks[0] == first


@pytest.mark.parametrize("suffix", [suffix for suffix, module in SUFFIXES.items() if module in {"markdown", "text"}])
def test_each_suffix_has_a_module_that_reads(suffix: str) -> None:
    document = read("Қысқа тақырып\n\nA paragraph of some words.".encode(), f"x{suffix.upper()}")
    assert document.title == "Қысқа тақырып"
    assert document.text.split() == ["Қысқа", "тақырып", "A", "paragraph", "of", "some", "words."]


def test_importing_the_package_loads_no_parser() -> None:
    code = (
        "import sys, margent.formats\n"
        "heavy = {'markdown', 'pymdownx', 'nh3', 'yaml', 'frontmatter', 'charset_normalizer', 'html.parser'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "margent.formats.read(b'Some words', 'x.txt')\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "margent.formats.read(b'Some words', 'x.md')\n"
        "print('charset_normalizer' in sys.modules)\n"
    )
    path = str(Path(formats.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout == "[]\n[]\nFalse\n"
