"""How much memory the import of a large file takes, as times the file, in the two processes that share the work.

A packed file is measured against what it holds, unpacked: prose packs to a third, so that ten times the file would be
three times its text.
"""

import base64
import io
import json
import quopri
import random
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform != "linux", reason="proc(5) tells what a process held at most"),
]

SCRIPT = Path(__file__).with_name("importmemory.py")
LIMIT = 10.0
MB = 1024 * 1024
LARGE = 24 * MB
PAGE = (
    b'<html lang="en"><head><title>Water</title></head><body><nav><a href="/">Home</a></nav>'
    b"<article>%b</article></body></html>"
)
CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def paragraphs(size: int) -> Iterator[str]:
    """Paragraphs of made-up words, about `size` letters altogether."""
    chance = random.Random(size)
    known = ["".join(chance.choices("aeiounrstlmdk", k=chance.randint(2, 10))) for _ in range(5000)]
    while size > 0:
        words = " ".join(chance.choices(known, k=chance.randint(40, 110))).capitalize() + "."
        size -= len(words)
        yield words


def text(size: int) -> bytes:
    return "\n\n".join(paragraphs(size)).encode()


def wrapped(size: int) -> bytes:
    return "\n\n".join(textwrap.fill(each, 72) for each in paragraphs(size)).encode()


def signs(size: int) -> bytes:
    """One sign beyond the first plane makes each letter take four bytes."""
    return "\U0001f4a7 ".encode() + text(size)


def letters(size: int) -> bytes:
    return "\n\n".join(paragraphs(size // 2)).translate(str.maketrans("aeiounrstlmdk", "аеиоунрстлмдк")).encode()


def tagged(size: int) -> bytes:
    parts = []
    for number, each in enumerate(paragraphs(size)):
        if number % 12 == 0:
            parts.append(f"<h2>{each[:40]}</h2>")
        words = each.split(" ")
        words[3], words[9] = f"<em>{words[3]}</em>", f"<b>{words[9]}</b>"
        words[15] = f'<a href="https://example.org/{number}">{words[15]}</a>'
        parts.append(f"<p>{' '.join(words)}</p>")
    return "\n".join(parts).encode()


def page(size: int) -> bytes:
    return PAGE % tagged(size)


def saved(size: int) -> bytes:
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: Water\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n------x\r\n'
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b"Content-Location: https://example.org/\r\n\r\n" + quopri.encodestring(page(size)) + b"\r\n------x--\r\n"
    )


def letter(size: int) -> bytes:
    return (
        b"From: Anna Berg <a@example.org>\r\nSubject: Water\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
        + wrapped(size)
    )


def rich_letter(size: int) -> bytes:
    return (
        b"From: Anna Berg <a@example.org>\r\nSubject: Water\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(page(size * 3 // 4))
    )


def markdown(size: int) -> bytes:
    parts = ["# Water"]
    for number, each in enumerate(paragraphs(size)):
        words = each.split(" ")
        words[3], words[9] = f"*{words[3]}*", f"**{words[9]}**"
        words[15] = f"[{words[15]}](https://example.org/{number})"
        parts.append(f"## {each[:40]}" if number % 12 == 0 else f"- {each}" if number % 9 == 0 else " ".join(words))
    return "\n\n".join(parts).encode()


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def book(size: int) -> bytes:
    count = max(1, size * 5 // MB)
    names = [f"c{number}.xhtml" for number in range(count)]
    start = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>'
    chapters = {
        name: start.encode() + tagged(size // count + number) + b"</body></html>" for number, name in enumerate(names)
    }
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Water</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    return packed({"META-INF/container.xml": CONTAINER.encode(), "book.opf": package.encode(), **chapters})


def archive(size: int) -> bytes:
    return packed({f"{number}.txt": text(size // 3 + number) for number in range(3)})


FORMATS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "text": (".txt", text),
    "text, wrapped": (".txt", wrapped),
    "text, one emoji": (".txt", signs),
    "text, Cyrillic": (".txt", letters),
    "Markdown": (".md", markdown),
    "web page": (".html", page),
    "saved page": (".mhtml", saved),
    "e-mail, plain": (".eml", letter),
    "e-mail, HTML": (".eml", rich_letter),
    "EPUB": (".epub", book),
    "ZIP of texts": (".zip", archive),
}


def holds(data: bytes, suffix: str) -> int:
    """Bytes of a file, of a packed one unpacked."""
    if suffix in {".epub", ".zip"}:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return sum(entry.file_size for entry in opened.infolist())
    return len(data)


def measured(folder: Path, name: str, size: int) -> tuple[float, float, float, int]:
    suffix, make = FORMATS[name]
    small, large = folder / f"small{suffix}", folder / f"large{suffix}"
    small.write_bytes(make(300_000))
    data = make(size)
    large.write_bytes(data)
    answer = subprocess.run([sys.executable, SCRIPT, small, large], capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.fail(answer.stderr)
    found = json.loads(answer.stdout)
    whole = holds(data, suffix)
    return found["parent"] / whole, found["child"] / whole, found["seconds"], len(data)


@pytest.mark.parametrize("name", FORMATS)
def test_an_import_takes_less_than_ten_times_a_large_file(name: str, tmp_path: Path) -> None:
    for size in (5 * MB, LARGE):
        parent, child, seconds, length = measured(tmp_path, name, size)
        print(f"\n{name:18} {length / MB:6.1f} MB   parent {parent:5.1f} x   reader {child:5.1f} x   {seconds:5.1f} s")
    assert parent < LIMIT
    assert child < LIMIT
