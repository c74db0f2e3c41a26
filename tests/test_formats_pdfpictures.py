"""Pictures of PDFs, each file written byte by byte so that what should come of it is known to the pixel."""

import base64
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

import pytest

from margent.document import Block, Document
from margent.formats import pdf, pdfimages

PROSE = (
    "The partnership was renewed in the spring and covers energy and transport.",
    "Both sides agreed to meet again before the winter and to report in writing.",
    "Nobody expects the talks to be short because the questions are old ones.",
)
RED, BLUE, WHITE = b"\xff\0\0", b"\0\0\xff", b"\xff\xff\xff"
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEAZABkAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8"
    "ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAAR"
    "CAAIAAgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWG"
    "h4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEB"
    "AQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYk"
    "NOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0"
    "tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCnRRRXOeuf/9k="
)
"""Eight red pixels each way."""


def stream(body: bytes, extra: str = "") -> bytes:
    return f"<< /Length {len(body)} {extra} >>\nstream\n".encode() + body + b"\nendstream"


def image(rows: Sequence[Sequence[bytes]], extra: str = "") -> bytes:
    """A picture of these rows of red, green and blue, the first the uppermost."""
    body = zlib.compress(b"".join(pixel for row in rows for pixel in row))
    about = f"/Type /XObject /Subtype /Image /Width {len(rows[0])} /Height {len(rows)} /ColorSpace /DeviceRGB"
    return stream(body, f"{about} /BitsPerComponent 8 /Filter /FlateDecode {extra}")


def jpeg(colours: str = "/DeviceRGB", extra: str = "") -> bytes:
    about = f"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace {colours}"
    return stream(JPEG, f"{about} /BitsPerComponent 8 /Filter /DCTDecode {extra}")


def words(lines: Iterable[str], top: float, left: float = 72, size: float = 11) -> str:
    return "\n".join(
        f"BT /R {size} Tf 1 0 0 1 {left} {top - 13 * number} Tm ({line}) Tj ET" for number, line in enumerate(lines)
    )


def at(name: str, left: float, bottom: float, wide: float, high: float) -> str:
    return f"q {wide} 0 0 {high} {left} {bottom} cm /{name} Do Q"


def made(pages: Sequence[str], objects: Mapping[str, bytes], page: str = "") -> bytes:
    """A PDF of these pages, with `objects` under their names in the resources of each."""
    first = 3 + 2 * len(pages)
    named = " ".join(f"/{name} {first + number} 0 R" for number, name in enumerate(objects))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    resources = f"<< /Font << /R {font} >> /XObject << {named} >> >>"
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()]
    for number, content in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R {page} "
            f"/Resources {resources} >>".encode()
        )
        bodies.append(stream(content.encode()))
    bodies += objects.values()
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))


def document(data: bytes) -> Document:
    return pdf.read(data, "brief.pdf")


def pixels(png: bytes) -> list[list[bytes]]:
    """The rows of a PNG as the program writes it: grey or coloured, without a filter."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    length = int.from_bytes(png[33:37])
    assert png[37:41] == b"IDAT"
    body = zlib.decompress(png[41 : 41 + length])
    step = {0: 1, 2: 3}[colour]
    rows = [body[row * (width * step + 1) + 1 : (row + 1) * (width * step + 1)] for row in range(height)]
    return [[(row[step * x : step * x + step] * 3)[:3] for x in range(width)] for row in rows]


def only(read: Document) -> list[list[bytes]]:
    (data,) = read.pictures.values()
    return pixels(data)


def kinds(read: Document) -> list[str]:
    return [block.kind for block in read.blocks]


FOUR = [[RED, BLUE, WHITE], [BLUE, BLUE, BLUE], [WHITE, WHITE, RED]]


def test_a_picture_stands_between_the_paragraphs_it_stands_between_on_the_page() -> None:
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300), words(PROSE[::-1], 380)])
    read = document(made([page], {"A": image(FOUR)}))
    assert kinds(read) == ["heading", "paragraph", "picture", "paragraph"]
    assert only(read) == FOUR
    assert read.blocks[2] == Block("picture", target=next(iter(read.pictures)))
    assert read.notices == ()


def test_a_photograph_is_handed_on_as_it_is() -> None:
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300)])
    read = document(made([page], {"A": jpeg()}))
    assert list(read.pictures.values()) == [JPEG]


def test_a_picture_goes_above_its_caption_and_a_caption_above_it_stays_there() -> None:
    column = "\n".join([words(PROSE, 780), words(["Figure 1: Rivers of the basin"], 440), words(PROSE[::-1], 400)])
    read = document(made([at("A", 72, 460, 300, 280) + "\n" + column], {"A": image(FOUR)}))
    assert kinds(read) == ["heading", "paragraph", "picture", "paragraph", "paragraph"]
    assert read.blocks[3].text == "Figure 1: Rivers of the basin"
    above = "\n".join([words(PROSE, 780), words(["Figure 1: Rivers of the basin"], 720), at("A", 72, 420, 300, 280)])
    read = document(made([above + "\n" + words(PROSE[::-1], 400)], {"A": image(FOUR)}))
    assert [block.kind for block in read.blocks[1:]] == ["paragraph", "paragraph", "picture", "paragraph"]


def test_a_paragraph_is_not_torn_by_a_picture_in_its_column() -> None:
    left = words(["The partnership was renewed in the", "spring and covers energy, transport", "and the water of"], 700)
    right = words(
        ["both rivers, which nobody had been", "asked about before the talks began", "in the old hall."], 700, 310
    )
    page = "\n".join([left, at("A", 72, 300, 180, 200), right])
    read = document(made([page], {"A": image(FOUR)}))
    assert "picture" in kinds(read)
    assert "and the water of both rivers, which" in read.text


def test_one_picture_on_two_pages_is_stored_once() -> None:
    pages = ["\n".join([words(PROSE, 700), at("A", 72, 340 - 90 * n, 300, 300)]) for n in range(2)]
    read = document(made(pages, {"A": image(FOUR)}))
    assert kinds(read).count("picture") == 2
    assert len(read.pictures) == 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_picture_on_a_turned_page_is_upright(turn: int) -> None:
    cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    x, y = {0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn]
    inner = "\n".join([words(PROSE, 560), at("A", 72, 200, 300, 200), words(PROSE[::-1], 160)])
    body = f"q {cosine} {sine} {-sine} {cosine} {x} {y} cm\n{inner}\nQ"
    read = document(made([body], {"A": image([[RED, BLUE, WHITE], [BLUE, BLUE, BLUE]])}, page=f"/Rotate {turn}"))
    assert kinds(read) == ["heading", "paragraph", "picture", "paragraph"]
    assert only(read) == [[RED, BLUE, WHITE], [BLUE, BLUE, BLUE]]


@pytest.mark.parametrize(
    ("matrix", "rows"),
    [
        ("-300 0 0 300 372 400", [[WHITE, BLUE, RED], [BLUE, BLUE, BLUE], [RED, WHITE, WHITE]]),
        ("300 0 0 -300 72 700", [[WHITE, WHITE, RED], [BLUE, BLUE, BLUE], [RED, BLUE, WHITE]]),
        ("0 300 -300 0 372 400", [[WHITE, BLUE, RED], [BLUE, BLUE, WHITE], [RED, BLUE, WHITE]]),
    ],
)
def test_a_picture_is_shown_as_its_page_shows_it_mirrored_or_turned(matrix: str, rows: list[list[bytes]]) -> None:
    page = "\n".join([words(PROSE, 760), f"q {matrix} cm /A Do Q"])
    assert only(document(made([page], {"A": image(FOUR)}))) == rows


def test_what_a_clip_cuts_off_is_not_shown() -> None:
    page = "\n".join([words(PROSE, 760), "q 72 500 200 200 re W n 300 0 0 300 72 400 cm /A Do Q"])
    assert only(document(made([page], {"A": image(FOUR)}))) == [[RED, BLUE], [BLUE, BLUE]]


def test_a_picture_in_a_form_is_found() -> None:
    form = stream(
        b"q 30 0 0 30 0 0 cm /A Do Q",
        "/Type /XObject /Subtype /Form /BBox [0 0 30 30] /Resources << /XObject << /A 5 0 R >> >>",
    )
    page = "\n".join([words(PROSE, 760), "q 10 0 0 10 72 400 cm /F Do Q"])
    read = document(made([page], {"A": image(FOUR), "F": form}))
    assert only(read) == FOUR


def test_what_a_mask_lets_through_is_white() -> None:
    mask = stream(
        zlib.compress(b"\xff\0\0\0\xff\xff\xff\xff\xff"),
        "/Type /XObject /Subtype /Image /Width 3 /Height 3 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter "
        "/FlateDecode",
    )
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300)])
    read = document(made([page], {"A": image(FOUR, "/SMask 6 0 R"), "M": mask}))
    assert only(read) == [[RED, WHITE, WHITE], [WHITE, BLUE, BLUE], [WHITE, WHITE, RED]]


def test_strips_that_make_one_picture_are_one() -> None:
    strips = [at(name, 72, 400 + 100 * place, 300, 100) for place, name in enumerate("CBA")]
    objects = {name: image([[colour] * 3] * 100) for name, colour in zip("ABC", (RED, WHITE, BLUE), strict=True)}
    read = document(made(["\n".join([words(PROSE, 760), *strips])], objects))
    assert kinds(read).count("picture") == 1
    rows = only(read)
    assert (rows[2][2], rows[len(rows) // 2][2], rows[-3][2]) == (RED, WHITE, BLUE)


# -- what is no picture of the text -----------------------------------------------------------------------------------


def test_the_ground_of_a_page_and_of_a_box_is_left_out_and_said() -> None:
    ground = "\n".join([at("A", 0, 0, 595, 842), words(PROSE, 760)])
    read = document(made([ground], {"A": image(FOUR)}))
    assert kinds(read) == ["heading", "paragraph"]
    assert read.notices == ("The pictures that lie behind the text of a page are left out: look at them in the PDF.",)
    box = "\n".join([at("A", 60, 700, 480, 80), words(PROSE, 760)])
    assert "picture" not in kinds(document(made([box], {"A": image(FOUR)})))


def test_a_label_in_a_picture_does_not_make_it_a_ground() -> None:
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300), words(["Upper river"], 500, 100)])
    assert "picture" in kinds(document(made([page], {"A": image(FOUR)})))


def test_a_sign_and_a_logo_of_every_page_are_left_out() -> None:
    pages = [
        "\n".join([at("A", 72, 770, 60, 45), words([f"Part {n} of the brief", *PROSE], 700), at("B", 72, 300, 30, 30)])
        for n in range(2)
    ]
    read = document(made(pages, {"A": image(FOUR), "B": image([[RED] * 4] * 4)}))
    assert "picture" not in kinds(read)
    assert not read.pictures
    middle = ["\n".join([words([f"Part {n}", *PROSE], 700), at("A", 72, 400, 60, 60)]) for n in range(3)]
    assert "picture" not in kinds(document(made(middle, {"A": image(FOUR)})))


def test_a_stencil_is_no_picture() -> None:
    stencil = stream(
        b"\xa0\x40\xa0", "/Type /XObject /Subtype /Image /Width 3 /Height 3 /ImageMask true /BitsPerComponent 1"
    )
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300)])
    assert "picture" not in kinds(document(made([page], {"A": stencil})))


def test_a_picture_beyond_the_bounds_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfimages, "PIXELS", 8)
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300)])
    read = document(made([page], {"A": image(FOUR)}))
    assert "picture" not in kinds(read)
    assert read.notices == ("A picture is too large or damaged, and left out.",)


def test_a_large_picture_is_drawn_as_large_as_a_page_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfimages, "_DRAWN", 100)
    page = "\n".join([words(PROSE, 760), at("A", 72, 400, 300, 300)])
    rows = only(document(made([page], {"A": image([[RED] * 40] * 40)})))
    assert (len(rows), len(rows[0])) == (10, 10)
    assert rows[5][5] == RED


def test_a_page_that_is_a_picture_is_shown_and_said_to_have_no_text() -> None:
    read = document(made([words(PROSE, 760), at("A", 0, 0, 595, 842), words(PROSE[::-1], 760)], {"A": image(FOUR)}))
    assert kinds(read) == ["heading", "paragraph", "picture", "paragraph"]
    (notice,) = read.notices
    assert notice.startswith("Page 2 has no text")
    assert [label for _, label in read.pages] == ["1", "2", "3"]
    assert read.page_at(read.starts[2]) == "2"


def test_what_is_drawn_with_lines_is_said_to_be_left_out() -> None:
    strokes = "\n".join(f"{100 + 20 * n} 300 m {110 + 20 * n} 500 {90 + 10 * n} 420 140 350 c 1 w S" for n in range(14))
    strokes = strokes.replace(" c 1 w S", " c 200 200 l 210 260 l 220 270 l 230 280 l S")
    read = document(made([words(PROSE, 760) + "\n" + strokes], {}))
    assert read.notices == ("What is drawn with lines on page 1 is left out: look at it in the PDF.",)
