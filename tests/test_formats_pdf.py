"""PDFs written byte by byte, so that each case is exact."""

from collections.abc import Iterable, Sequence

import pytest

from margent.document import Document
from margent.errors import MargentError
from margent.formats import pdf

PROSE = (
    "The partnership was renewed in the spring and covers energy and transport.",
    "Both sides agreed to meet again before the winter and to report in writing.",
    "Nobody expects the talks to be short because the questions are old ones.",
)
Text = tuple[float, float, float, str, str]
"""Left, base, size, font (R regular, B bold, I italic, M mono), text."""
FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "I": "Helvetica-Oblique", "M": "Courier"}


def shown(items: Iterable[Text]) -> bytes:
    out = []
    for left, base, size, font, text in items:
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        out.append(f"BT /{font} {size} Tf 1 0 0 1 {left} {base} Tm ({escaped}) Tj ET")
    return "\n".join(out).encode("cp1252")


def written(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A file with `objects`, the first of which is the catalog."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + table + tail.encode("latin-1")


def stream(body: bytes, extra: str = "") -> bytes:
    return f"<< /Length {len(body)} {extra} >>\nstream\n".encode() + body + b"\nendstream"


def made(
    *pages: Iterable[Text] | bytes,
    catalog: str = "",
    info: str = "",
    annotations: Sequence[str] = (),
    page: str = "",
    more: Sequence[bytes] = (),
) -> bytes:
    """A PDF of these pages; `annotations` stand on the first, `more` are objects from number 4 + 2 per page on."""
    fonts = " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        for key, name in FONTS.items()
    )
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< {info} >>".encode("latin-1"),
    ]
    for number, items in enumerate(pages):
        given = f"/Annots [{' '.join(annotations)}]" if annotations and number == 0 else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R {given} {page}"
            f" /Resources << /Font << {fonts} >> >> >>".encode()
        )
        objects.append(stream(items if isinstance(items, bytes) else shown(items)))
    return written([*objects, *more], "/Info 3 0 R")


def column(lines: Sequence[str], left: float = 72, top: float = 700, size: float = 11, font: str = "R") -> list[Text]:
    return [(left, top - 13 * number, size, font, line) for number, line in enumerate(lines)]


def document(data: bytes, name: str = "brief.pdf") -> Document:
    return pdf.read(data, name)


def shape(read: Document) -> list[tuple[str, str]]:
    """Kinds and texts: "h2" for a heading, "-1" and "1." for items, "p" for a paragraph."""
    found = []
    for block in read.blocks:
        name = {"paragraph": "p"}.get(block.kind, block.kind)
        if block.kind == "heading":
            name = f"h{block.level}"
        elif block.kind == "item":
            name = f"{block.number}." if block.ordered else f"-{block.level}"
        found.append((name, block.text))
    return found


def test_lines_become_paragraphs_under_their_headings() -> None:
    read = document(
        made(
            [
                (72, 770, 22, "B", "Energy after the winter"),
                *column(PROSE, top=730),
                (72, 670, 14, "B", "Two questions"),
                *column(PROSE[::-1], top=650),
            ]
        )
    )
    assert shape(read) == [
        ("h1", "Energy after the winter"),
        ("p", " ".join(PROSE)),
        ("h2", "Two questions"),
        ("p", " ".join(PROSE[::-1])),
    ]
    assert read.title == "Energy after the winter"


def test_each_page_says_where_it_begins() -> None:
    pages = [column([f"Page {word} says what it has to say.", *PROSE]) for word in ("one", "two", "three")]
    labels = "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D /St 7 >>] >>"
    read = document(made(*pages, catalog=labels))
    assert [label for _, label in read.pages] == ["i", "7", "8"]
    assert read.pages[0][0] == 0
    for (start, label), word in zip(read.pages[1:], ("two", "three"), strict=True):
        assert read.text[start:].startswith(f"Page {word}")
        assert read.page_at(start) == label


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (made([]), "scan"),
        (made(b"q 300 0 0 300 100 100 cm Q"), "scan"),
        (b"%PDF-1.7\nnothing of the kind", "not a complete PDF"),
        (made(column(PROSE))[:300], "not a complete PDF"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(MargentError) as caught:
        document(data, "a brief.pdf")
    sentence = str(caught.value)
    assert sentence.startswith("a brief.pdf ")
    assert said in sentence
    assert sentence.endswith(".")
