"""PDFs written byte by byte, so that each case is exact."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from margent.document import Document
from margent.errors import MargentError
from margent.formats import pdf, pdffacts
from margent.formats.pdfcolumns import lines_of, mirrored
from margent.formats.pdfflow import Flow
from margent.formats.pdffurniture import without_furniture
from margent.formats.pdfjoining import Vocabulary, join
from margent.formats.pdfletters import letters
from margent.formats.pdfmarkers import is_caption
from margent.formats.pdfmeasure import Measure
from margent.formats.pdfnotes import nearest
from margent.formats.pdfpage import Face, Glyph, Line
from margent.formats.pdfwords import Word, words_of

PROSE = (
    "The partnership was renewed in the spring and covers energy and transport.",
    "Both sides agreed to meet again before the winter and to report in writing.",
    "Nobody expects the talks to be short because the questions are old ones.",
)
Text = tuple[float, float, float, str, str]
"""Left, base, size, font (R regular, B bold, I italic, M mono), text."""
FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "I": "Helvetica-Oblique", "M": "Courier"}
IMAGE = b"q 300 0 0 300 100 100 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"


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


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("Figure 1: What was agreed", True),
        ("Table 2.3 Exports by year", True),
        ("Fig. 4. the terms", True),
        ("Source: own figures", True),
        ("Figure 2 shows what was agreed", False),
        ("Table 12, which lists exports", False),
        ("Figures are rounded", False),
    ],
)
def test_a_caption_is_told_from_a_sentence_about_its_figure(text: str, caption: bool) -> None:
    assert is_caption(text) is caption


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


# -- columns ----------------------------------------------------------------------------------------------------------

LEFT = (
    "The first column of this page tells",
    "how the talks began in the spring",
    "and what the two sides wanted then.",
)
RIGHT = (
    "The second column of the page tells",
    "how they ended when winter came and",
    "what was left open until next year.",
)


def test_two_columns_are_read_one_after_the_other_between_what_stands_across_them() -> None:
    across = "This sentence runs across both columns of the page and so it ends the white that stands between the two."
    lower = [line.replace("column", "lower part") for line in LEFT]
    read = document(
        made(
            [
                (72, 770, 20, "B", "A title that is wider than one column of the page"),
                *column(LEFT, 72, 730),
                *column(RIGHT, 310, 730),
                (72, 650, 11, "R", across),
                *column(lower, 72, 610),
                *column(RIGHT[::-1], 310, 610),
            ]
        )
    )
    assert shape(read) == [
        ("h1", "A title that is wider than one column of the page"),
        ("p", " ".join(LEFT)),
        ("p", " ".join(RIGHT)),
        ("p", across),
        ("p", " ".join(lower)),
        ("p", " ".join(RIGHT[::-1])),
    ]


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first = [*LEFT[:2], "and they wanted a treaty that would", "hold for a long time and be"]
    second = ["simple to explain to all the others", *RIGHT]
    read = document(
        made([*column(first, 72), *column([*second[:-1], "what was left open until the"], 310)], column(PROSE))
    )
    assert shape(read)[1][1].startswith(" ".join(first + second[:-1]))
    assert "hold for a long time and be simple to explain" in read.text


def test_a_sentence_that_a_figure_parts_at_the_head_of_a_column_is_one() -> None:
    first = [*LEFT[:2], "and they wanted a treaty that would", "hold for a long time and be"]
    second = ["simple to explain to all the others", *RIGHT]
    caption: Text = (310, 700, 11, "R", "Figure 1: What was agreed.")
    read = document(made([*column([*LEFT, *first], 72), caption, *column(second, 310, top=650)]))
    assert [text for _, text in shape(read)][1:] == [
        " ".join([*LEFT, *first, *second]),
        "Figure 1: What was agreed.",
    ]


def test_a_sentence_that_a_figure_parts_inside_a_column_is_one() -> None:
    first = [
        "Figure 1 shows what both sides agreed in the end, and what they",
        "had hoped for in the long years before is told in the",
    ]
    second = ["report of the committee that was sent to every capital."]
    read = document(
        made([*column([*PROSE, *first]), (72, 500, 11, "R", "Figure 1: The terms."), *column(second, top=470)])
    )
    assert [text for _, text in shape(read)][1:] == [" ".join([*PROSE, *first, *second]), "Figure 1: The terms."]


def test_columns_stand_in_another_order_where_letters_run_leftwards() -> None:
    words = [Word("שלום", 10 + 60 * n, 50 + 60 * n, 100 - 12 * row, Face(10)) for row in range(6) for n in range(9)]
    words = [word for word in words if not 240 <= word.left < 300]
    lines = lines_of(words)
    assert [line.left > 240 for line in lines] == [True] * 6 + [False] * 6


def test_a_river_of_white_in_one_column_is_no_gutter() -> None:
    ends = ("and give colleagues what", "makes one promise", "in this order", "and no other one")
    narrow = [*LEFT, *ends, *LEFT]
    items = [*column(narrow, 72), (253, 661, 11, "R", "It"), *column([*RIGHT, *RIGHT, *RIGHT], 310)]
    read = document(made(items))
    assert "and give colleagues what It makes one promise" in read.text


def test_a_table_of_numbers_is_not_taken_for_columns() -> None:
    rows = [("Energy", "12.4", "13.9"), ("Transport", "8.1", "9.0"), ("Water", "3.3", "2.8"), ("Health", "1.0", "1.4")]
    items = [*column(PROSE, top=760)]
    for number, row in enumerate(rows):
        items += [(72 + 150 * place, 690 - 16 * number, 11, "R", cell) for place, cell in enumerate(row)]
    read = document(made(items))
    table = next(block for block in read.blocks if block.kind == "table")
    assert table.rows() == [list(row) for row in rows]


def test_a_brief_set_in_two_columns_gives_every_paragraph_of_its_source() -> None:
    """It has heads and feet, hyphens, lists and paragraphs that go on in the next column and on the next page."""
    folder = Path(__file__).parent / "data/formats"
    found = document((folder / "two-columns.pdf").read_bytes())
    blocks = {(block.kind, block.text) for block in found.blocks}
    wanted = {tuple(each) for each in json.loads((folder / "two-columns.json").read_text(encoding="utf-8"))}
    assert wanted == blocks


# -- running text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "elsewhere", "whole"),
    [
        ("an inter-", "national treaty", "", "an international treaty"),
        ("the EU-", "Kazakhstan talks", "", "the EU-Kazakhstan talks"),
        ("the COVID-", "19 years", "", "the COVID-19 years"),
        ("a policy-", "maker said", "", "a policy-maker said"),
        ("a re-", "cord year", "It was a record.", "a record year"),
        ("a re-", "cord year", "They re-cord it.", "a re-cord year"),
        ("state-of-the-", "art ideas", "", "state-of-the-art ideas"),
        ("a high-", "light of it", "The highlights are these.", "a highlight of it"),
        ("jump-", "to-hit", "", "jump-to-hit"),
        ("short-", "and long-term aims", "", "short- and long-term aims"),
        ("from 2010–", "2015 on", "", "from 2010–2015 on"),
        ("at https://a.org/one/", "two.html today", "", "at https://a.org/one/two.html today"),
        ("a dash -", "and more", "", "a dash - and more"),
        ("和平", "发展", "", "和平发展"),
        ("two", "words", "", "two words"),
    ],
)
def test_lines_are_joined_with_their_hyphens_undone_unless_they_are_the_words_own(
    before: str, after: str, elsewhere: str, whole: str
) -> None:
    kept, between = join(before, after, Vocabulary([before, after, elsewhere]))
    assert kept + between + after == whole


def test_a_new_paragraph_shows_by_its_distance_its_indentation_or_the_line_before() -> None:
    spaced = document(made([*column(PROSE, top=700), *column(PROSE, top=640)]))
    assert [text for _, text in shape(spaced)[1:]] == [" ".join(PROSE)] * 2
    lines = [(84 if number % 3 == 0 else 72, 700 - 13 * number, 11, "R", PROSE[number % 3]) for number in range(9)]
    assert [text for _, text in shape(document(made(lines)))[1:]] == [" ".join(PROSE)] * 3
    short = [*PROSE, "They meet again.", *PROSE]
    assert [text for _, text in shape(document(made(column(short))))[1:]] == [" ".join(short[:4]), " ".join(PROSE)]


def test_heads_feet_and_numbers_are_left_out_on_every_page() -> None:
    pages = [
        [
            (72, 800, 9, "R", "Policy Brief Series"),
            (480, 800, 9, "R", f"No. {number}"),
            *column([f"Part {number} begins here and goes on.", *PROSE]),
            (290, 40, 9, "R", str(number)),
        ]
        for number in range(1, 5)
    ]
    text = document(made(*pages)).text
    assert "Series" not in text
    assert "No." not in text
    assert [f"Part {number} begins" in text for number in range(1, 5)] == [True] * 4
    assert not any(line.strip().isdecimal() for line in text.splitlines())


def test_a_line_that_is_repeated_inside_the_text_stays() -> None:
    pages = [column(["This is repeated.", *PROSE, *PROSE], top=600) for _ in range(4)]
    assert document(made(*pages)).text.count("This is repeated.") == 4


def test_line_numbers_in_the_margin_are_left_out() -> None:
    lines = [PROSE[number % 3] for number in range(12)]
    numbers = [(40.0, base, 8.0, "R", str(count)) for count, (_, base, *_) in enumerate(column(lines), 1)]
    assert document(made([*column(lines), *numbers])).text == "brief\n" + " ".join(lines)
    few = [(40.0, base, 8.0, "R", str(count)) for count, (_, base, *_) in enumerate(column(PROSE), 13)]
    both = document(made([*column(lines), *numbers], [*column(PROSE), *few]))
    assert [block.text for block in both.blocks[1:]] == [" ".join(lines), " ".join(PROSE)]


def test_a_footnote_is_tied_to_its_number() -> None:
    read = document(
        made(
            [
                *column(PROSE),
                (72, 640, 11, "R", "The last claim has a source"),
                (72 + 11 * 0.5 * 25.2, 644, 7, "R", "1"),
                (72, 90, 8, "R", "1 Ministry of Energy, Report on the winter, page 12, and what was said"),
                (72, 80, 8, "R", "about it in the press."),
            ]
        )
    )
    note = next(block for block in read.blocks if block.kind == "footnote")
    assert note.text == "Ministry of Energy, Report on the winter, page 12, and what was said about it in the press."
    assert note.target == "1"
    (mark,) = [mark for block in read.blocks for mark in block.marks if mark.kind == "noteref"]
    assert mark.target == "1"


def test_lists_keep_their_items_numbers_and_depth() -> None:
    items: list[Text] = [*column(PROSE, top=760)]
    for number, (left, sign, text) in enumerate(
        [
            (72, "\u2022", "First aim"),
            (72, "\u2022", "Second aim"),
            (92, "\u2013", "a means to it"),
            (72, "\u2022", "Third aim"),
        ]
    ):
        items += [(left, 690 - 15 * number, 11, "R", sign), (left + 14, 690 - 15 * number, 11, "R", text)]
    items += [(72, 600 - 15 * n, 11, "R", f"{n + 1}. Step {word}") for n, word in enumerate(("one", "two", "three"))]
    found = shape(document(made(items)))[2:]
    assert found == [
        ("-1", "First aim"),
        ("-1", "Second aim"),
        ("-2", "a means to it"),
        ("-1", "Third aim"),
        ("1.", "Step one"),
        ("2.", "Step two"),
        ("3.", "Step three"),
    ]


def test_headings_take_their_levels_from_size_and_number() -> None:
    read = document(
        made(
            [
                (72, 780, 24, "B", "The report"),
                (72, 740, 16, "B", "1 Aims"),
                *column(PROSE, top=715),
                (72, 655, 13, "B", "1.1 Near"),
                *column(PROSE, top=635),
                (72, 570, 11, "B", "A point in bold"),
                *column(PROSE, top=550),
                (72, 490, 16, "B", "2 Means"),
                *column(PROSE, top=465),
            ]
        )
    )
    assert [found for found in shape(read) if found[0][0] == "h"] == [
        ("h1", "The report"),
        ("h2", "1 Aims"),
        ("h3", "1.1 Near"),
        ("h4", "A point in bold"),
        ("h2", "2 Means"),
    ]
    assert len({block.target for _, block in read.headings()}) == 5


def test_the_files_own_contents_give_the_levels() -> None:
    outline = [
        b"<< /Type /Outlines /First 7 0 R /Last 8 0 R >>",
        b"<< /Title (Energy) /Parent 6 0 R /Next 8 0 R /Dest [4 0 R /Fit] /First 9 0 R /Last 9 0 R >>",
        b"<< /Title (Water) /Parent 6 0 R /Prev 7 0 R /Dest [4 0 R /Fit] >>",
        b"<< /Title (Gas) /Parent 7 0 R /Dest [4 0 R /Fit] >>",
    ]
    items: list[Text] = [(72, 780, 24, "B", "The report")]
    for number, word in enumerate(("Energy", "Gas", "Water")):
        items += [(72, 730 - 100 * number, 14, "B", word), *column(PROSE, top=705 - 100 * number)]
    read = document(made(items, catalog="/Outlines 6 0 R", more=outline))
    assert [found for found in shape(read) if found[0][0] == "h"][1:] == [
        ("h2", "Energy"),
        ("h3", "Gas"),
        ("h2", "Water"),
    ]


def test_the_files_own_contents_tell_headings_that_look_like_the_text() -> None:
    outline = [
        b"<< /Type /Outlines /First 7 0 R /Last 8 0 R >>",
        b"<< /Title (Energy and water) /Parent 6 0 R /Next 8 0 R /Dest [4 0 R /Fit] >>",
        b"<< /Title (Roads) /Parent 6 0 R /Prev 7 0 R /Dest [4 0 R /Fit] >>",
    ]
    items: list[Text] = [(72, 780, 24, "B", "The report")]
    for number, word in enumerate(("Energy and water", "Ports", "Roads")):
        items += [(72, 730 - 100 * number, 11, "R", word), *column(PROSE, top=705 - 100 * number)]
    read = document(made(items, catalog="/Outlines 6 0 R", more=outline))
    assert [found for found in shape(read) if found[1] in {"Energy and water", "Ports", "Roads"}] == [
        ("h2", "Energy and water"),
        ("p", "Ports"),
        ("h2", "Roads"),
    ]


def test_words_keep_their_weight_slope_and_height() -> None:
    read = document(
        made(
            [
                *column(PROSE[:2]),
                (72, 674, 11, "R", "Nobody said"),
                (135, 674, 11, "B", "never"),
                (170, 674, 11, "I", "perhaps"),
                (214, 678, 7, "R", "a"),
            ]
        )
    )
    block = read.blocks[1]
    marked = {(mark.kind, block.text[mark.start : mark.end]) for mark in block.marks}
    assert marked == {("strong", "never"), ("emphasis", "perhaps"), ("superscript", "a")}


def test_lines_in_one_width_stay_lines() -> None:
    read = document(made([*column(PROSE), *column(["if winter:", "stay()"], top=640, font="M")]))
    assert shape(read)[-1] == ("code", "if winter:\nstay()")


def test_a_name_in_one_width_that_fills_a_line_of_a_sentence_stays_in_it() -> None:
    name = "/a/rather/long/name/that/fills/a/line/settings.toml"
    lines = [*column(PROSE[:1], top=700), (72, 687, 11, "M", name), *column(["and nothing else."], top=674)]
    assert ("code", name) in shape(document(made(lines)))
    lines[0] = (72, 700, 11, "R", PROSE[0].removesuffix("."))
    text = document(made(lines)).blocks[1].text
    assert text == f"{lines[0][4]} {name} and nothing else."


def test_contents_become_a_table_of_titles_and_pages() -> None:
    entries = [
        ("1 Aims", ""),
        ("1.1 Near aims", " . . . . . . . . . . . . . "),
        ("1.2 Far aims", " . . . . . . . . . . . . . "),
    ]
    items: list[Text] = [(72, 770, 18, "B", "Contents")]
    for number, (title, dots) in enumerate(entries):
        items += [
            (72, 730 - 14 * number, 11, "R" if dots else "B", title + dots),
            (400, 730 - 14 * number, 11, "R", str(number + 1)),
        ]
    table = document(made([*items, *column(PROSE, top=600)])).blocks[1]
    assert table.rows() == [["1 Aims", "1"], ["1.1 Near aims", "2"], ["1.2 Far aims", "3"]]


# -- annotations and links --------------------------------------------------------------------------------------------


def quad(left: float, bottom: float, right: float, top: float) -> str:
    points = f"{left} {top} {right} {top} {left} {bottom} {right} {bottom}"
    return f"/Rect [{left} {bottom} {right} {top}] /QuadPoints [{points}]"


def test_highlights_and_comments_come_with_author_date_colour_and_replies() -> None:
    page = column(["Alpha", *PROSE])
    read = document(
        made(
            page,
            annotations=["6 0 R", "7 0 R", "8 0 R", "9 0 R", "10 0 R"],
            more=[
                f"<< /Type /Annot /Subtype /Highlight {quad(72, 697, 103, 710)} /C [0.2 0.9 0.3] /T (Ana) "
                "/Contents (Check this.) /CreationDate (D:20240131120000+01'00') /M (D:20240201) >>".encode(),
                b"<< /Type /Annot /Subtype /Text /Rect [20 680 40 700] /T (Ben) /Contents (Whole line) >>",
                b"<< /Type /Annot /Subtype /Text /Rect [72 697 90 710] /IRT 6 0 R /T (Ben) /Contents (Checked.) >>",
                f"<< /Type /Annot /Subtype /Underline {quad(72, 671, 500, 684)} /C [0.2 0.3 1] >>".encode(),
                f"<< /Type /Annot /Subtype /StrikeOut {quad(72, 658, 500, 671)} /C [1 0.3 0.6] /T (Ana) >>".encode(),
            ],
        )
    )
    first, second, third, fourth = read.annotations
    assert read.text[first.start : first.end] == "Alpha"
    assert (first.author, first.note, first.colour, first.style) == ("Ana", "Check this.", "green", "highlight")
    assert first.created == datetime(2024, 1, 31, 11, tzinfo=UTC)
    assert first.modified == datetime(2024, 2, 1, tzinfo=UTC)
    assert [(reply.author, reply.note) for reply in first.replies] == [("Ben", "Checked.")]
    assert read.text[second.start : second.end] == PROSE[0]
    assert (second.note, second.author) == ("Whole line", "Ben")
    assert read.text[third.start : third.end] == PROSE[1]
    assert (third.style, third.colour, third.author, third.created) == ("underline", "blue", "", None)
    assert read.text[fourth.start : fourth.end] == PROSE[2]
    assert (fourth.note, fourth.colour) == ("Struck out.", "pink")


def test_a_highlight_over_two_lines_is_one() -> None:
    left, bottom, right, top = 72, 671, 500, 697
    two = (
        f"/Rect [{left} {bottom} {right} {top}] /QuadPoints [{left} {top} {right} {top} {left} 684 {right} 684 "
        f"{left} 684 {right} 684 {left} {bottom} {right} {bottom}]"
    )
    page = column(["Alpha", *PROSE])
    read = document(made(page, annotations=["6 0 R"], more=[f"<< /Type /Annot /Subtype /Highlight {two} >>".encode()]))
    (given,) = read.annotations
    assert read.text[given.start : given.end] == f"{PROSE[0]} {PROSE[1]}"
    assert given.colour == "yellow"


def test_a_note_on_a_page_without_words_is_kept_and_said_to_be_moved() -> None:
    annotations = ["<< /Type /Annot /Subtype /Text /Rect [20 680 40 700] /T (Ben) /Contents (See the picture) >>"]
    read = document(made(IMAGE, column(PROSE), annotations=annotations))
    (given,) = read.annotations
    assert (given.note, given.author) == ("See the picture", "Ben")
    assert read.text[given.start : given.end]
    assert any("beginning of their page" in notice for notice in read.notices)


def test_a_note_on_a_running_head_is_kept() -> None:
    head = (72, 800, 9, "R", "Policy Brief Series")
    note = f"<< /Type /Annot /Subtype /Highlight {quad(72, 797, 160, 810)} /Contents (Which series?) >>"
    read = document(made(*[[head, *column(PROSE)] for _ in range(4)], annotations=[note]))
    assert [given.note for given in read.annotations] == ["Which series?"]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((255, 255, 0), "yellow"),
        ((255, 209, 0), "yellow"),
        ((150, 255, 150), "green"),
        ((160, 200, 255), "blue"),
        ((255, 160, 200), "pink"),
        ((255, 0, 0), "pink"),
        ((190, 150, 255), "purple"),
        ((128, 128, 128), "yellow"),
        (None, "yellow"),
    ],
)
def test_a_colour_becomes_the_nearest_of_ours(colour: tuple[int, int, int] | None, name: str) -> None:
    assert nearest(colour) == name


def test_links_are_followed_only_to_the_web() -> None:
    annotations = [
        f"<< /Type /Annot /Subtype /Link /Rect [72 697 103 710] /A << /S /URI /URI ({address}) >> >>"
        for address in ("https://example.org/a", "javascript:alert(1)")
    ]
    read = document(made(column(["Alpha", *PROSE, "Also at www.example.org/b."]), annotations=annotations))
    links = [(b.text[m.start : m.end], m.target) for b in read.blocks for m in b.marks if m.kind == "link"]
    assert links == [("Alpha", "https://example.org/a"), ("www.example.org/b", "http://www.example.org/b")]


# -- what the file says of itself -------------------------------------------------------------------------------------


def test_title_authors_date_and_language_are_taken_from_the_file() -> None:
    read = document(
        made(
            [(72, 770, 11, "R", "The winter report"), *column(PROSE)],
            info="/Title (The winter report) /Author (Ana Abel; Ben Berg) /CreationDate (D:20240131)",
            catalog="/Lang (en-GB)",
        )
    )
    assert (read.title, read.authors, read.date) == ("The winter report", ("Ana Abel", "Ben Berg"), "2024-01-31")
    assert read.language == "en-GB"
    assert shape(read)[0] == ("h1", "The winter report")


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Microsoft Word - The winter report", "The winter report"),
        ("Microsoft Word - report_final.docx", ""),
        ("report.indd", ""),
        ("untitled", ""),
        ("Document1", ""),
        ("C:\\\\texts\\\\a", ""),
        ("12345", ""),
        ("What comes after the winter?", "What comes after the winter?"),
    ],
)
def test_a_title_that_is_a_programs_or_a_files_name_is_none(stated: str, title: str) -> None:
    assert pdffacts.credible_title(stated) == title


@pytest.mark.parametrize("nobody", ["(anonymous)", "anonymous", "<unknown>", "admin", "user@example.org", "Unknown;"])
def test_a_program_that_names_nobody_is_no_author(nobody: str) -> None:
    assert pdffacts.authors([nobody], b"") == ()


def test_the_largest_text_of_the_first_page_is_the_title_where_the_file_says_another() -> None:
    page = [(72, 770, 22, "B", "Energy after the winter"), *column(PROSE)]
    assert document(made(page, info="/Title (Template for briefs 2019)")).title == "Energy after the winter"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("D:20240131120000+01'00'", datetime(2024, 1, 31, 11, tzinfo=UTC)),
        ("D:20240131120000Z", datetime(2024, 1, 31, 12, tzinfo=UTC)),
        ("D:20240131120000-05'30'", datetime(2024, 1, 31, 17, 30, tzinfo=UTC)),
        ("D:2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("20240131", datetime(2024, 1, 31, tzinfo=UTC)),
        ("D:20241399", None),
        ("D:00010101000000+23'59'", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_as_pdf_writes_them(text: str, found: datetime | None) -> None:
    assert pdffacts.moment(text) == found


# -- pages of other kinds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_reads_the_same_however_it_is_turned(turn: int) -> None:
    cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    x, y = {0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn]
    body = f"q {cosine} {sine} {-sine} {cosine} {x} {y} cm\n".encode() + shown(column(PROSE, top=500)) + b"\nQ"
    assert document(made(body, page=f"/Rotate {turn}")).text == "brief\n" + " ".join(PROSE)


def test_text_that_stands_sideways_follows_the_rest_and_a_watermark_is_dropped() -> None:
    sideways = b"\nBT /R 9 Tf 0 1 -1 0 40 300 Tm (Printed in Astana) Tj ET"
    slanted = b"\nBT /B 60 Tf 0.7 0.7 -0.7 0.7 150 300 Tm (DRAFT) Tj ET"
    read = document(made(shown(column(PROSE)) + sideways + slanted))
    assert [text for _, text in shape(read)[1:]] == [" ".join(PROSE), "Printed in Astana"]


def test_pages_without_text_are_named() -> None:
    read = document(made(column(PROSE), IMAGE, column(PROSE[::-1]), IMAGE))
    (notice,) = read.notices
    assert notice.startswith("Pages 2, 4 have no text")


def test_a_file_attached_to_the_pdf_is_said_to_be_left_out() -> None:
    more = [
        b"<< /Names [(a.txt) 7 0 R] >>",
        b"<< /Type /Filespec /F (a.txt) /EF << /F 8 0 R >> >>",
        stream(b"hello", "/Type /EmbeddedFile"),
    ]
    catalog = "/Names << /EmbeddedFiles 6 0 R >>"
    (notice,) = document(made(column(PROSE), catalog=catalog, more=more)).notices
    assert notice == "A file is attached to the PDF and left out."
    with pytest.raises(MargentError, match="portfolio"):
        document(made(column(["This is a PDF portfolio."]), catalog=catalog, more=more))


def test_a_form_of_adobes_own_kind_is_refused() -> None:
    catalog = "/AcroForm << /Fields [] /XFA 6 0 R >> /NeedsRendering true"
    with pytest.raises(MargentError, match="form"):
        document(made(column(["Please wait... If this message is not"]), catalog=catalog, more=[stream(b"<xdp/>")]))


def test_a_file_without_pages_is_refused() -> None:
    data = written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])
    with pytest.raises(MargentError, match=r"a\.pdf .*pages"):
        document(data, "a.pdf")


# -- encryption (PDF 1.7, 7.6: the standard security handler, revision 2) ---------------------------------------------

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def locked(items: Iterable[Text], user: bytes, owner: bytes) -> bytes:
    ident = b"0123456789abcdef"
    stamp = rc4(md5((owner + PAD)[:32], usedforsecurity=False).digest()[:5], (user + PAD)[:32])
    rights = (-4).to_bytes(4, "little", signed=True)
    key = md5((user + PAD)[:32] + stamp + rights + ident, usedforsecurity=False).digest()[:5]
    body = rc4(md5(key + (4).to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[:10], shown(items))
    fonts = b"/R << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << %s >> >> >>"
        % fonts,
        stream(body),
        b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <%s> /U <%s> >>"
        % (stamp.hex().encode(), rc4(key, PAD).hex().encode()),
    ]
    return written(objects, f"/Encrypt 5 0 R /ID [<{ident.hex()}> <{ident.hex()}>]")


def test_a_file_that_asks_for_a_password_is_refused_and_one_that_only_forbids_is_read() -> None:
    with pytest.raises(MargentError, match=r"a\.pdf is locked with a password"):
        document(locked(column(PROSE), b"secret", b"owner"), "a.pdf")
    assert document(locked(column(PROSE), b"", b"owner")).text == "brief\n" + " ".join(PROSE)


# -- letters and words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0xFB01, "fi"),
        (0xFB04, "ffl"),
        (0xF0B7, "•"),
        (0xF041, "A"),
        (0xA0, " "),
        (2, "-"),
        (0xAD, "-"),
        (0, ""),
        (0xD800, ""),
        (0x200B, ""),
        (0x04D9, "ә"),
        (0xFEFB, "لا"),
    ],
)
def test_codes_become_letters(code: int, text: str) -> None:
    assert letters(code) == text


def glyphs(text: str, *, gap: float = 0.0, space: float = 3.0, size: float = 10.0) -> list[Glyph]:
    """`text` set in letters five points wide, `gap` apart; a space leaves `space` and is not drawn."""
    out = []
    left = 0.0
    for char in text:
        if char == " ":
            left += space
            continue
        out.append(Glyph(char, left, left + 5, 100.0, Face(size)))
        left += 5 + gap
    return out


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (glyphs("two words"), ["two", "words"]),
        (glyphs("tightly set", space=1.6), ["tightly", "set"]),
        (glyphs("WINTER BRIEF", gap=2, space=6), ["WINTER", "BRIEF"]),
        (glyphs("kerned", gap=-0.5), ["kerned"]),
    ],
)
def test_gaps_part_words(drawn: list[Glyph], words: list[str]) -> None:
    assert [word.text for word in words_of(drawn)] == words


def test_a_space_after_every_letter_parts_no_words() -> None:
    drawn: list[Glyph] = []
    for glyph in glyphs("POLICY BRIEF", gap=3, space=8):
        drawn += [glyph, Glyph(" ", glyph.right, glyph.right + 1, 100.0, glyph.face)]
    assert [word.text for word in words_of(drawn)] == ["POLICY", "BRIEF"]


def test_an_accent_drawn_over_a_letter_becomes_part_of_it() -> None:
    drawn = [*glyphs("caf"), Glyph("´", 15.5, 19.5, 100.0, Face(10)), Glyph("e", 15, 20, 100.0, Face(10))]
    assert [word.text for word in words_of(drawn)] == ["café"]


def test_a_line_of_hebrew_is_read_from_the_right_with_its_numbers_upright() -> None:
    words = [
        Word("שלום", 100, 130, 50, Face(10)),
        Word("12", 85, 95, 50, Face(10)),
        Word("עולם", 50, 80, 50, Face(10)),
    ]
    assert [line.text for line in lines_of(words)] == ["שלום 12 עולם"]


def test_the_letters_of_an_arabic_ligature_stay_in_order() -> None:
    face = Face(12)
    drawn = [("س", 15, 26), ("ا", 8, 15.3), ("ل", 8, 15.3), ("م", 0, 8)]
    assert [word.text for word in words_of([Glyph(c, left, right, 0, face) for c, left, right in drawn])] == ["سلام"]


def test_paragraphs_of_a_page_read_from_the_right_begin_at_the_right() -> None:
    faces = Face(10)

    def page(text: str) -> list[Word]:
        return [
            Word(word, 500 - 45 * place - 40, 500 - 45 * place, 700 - 12 * row, faces)
            for row, line in enumerate(text.split("\n"))
            for place, word in enumerate(line.split())
        ]

    full = "שלום " * 8
    lines = lines_of(page(f"{full}\n{full}\nשלום.\n{full}\n{full}"))
    mirrored(lines)
    assert [line.left for line in lines] == [-500] * 5
    drafts = Flow(lines, Measure(lines), Vocabulary([])).run()
    assert [len(draft.lines) for draft in drafts] == [3, 2]


def test_a_lowered_letter_stays_in_its_word() -> None:
    face = Face(10)
    words = [
        Word("about", 0, 25, 50, face),
        Word("T", 28, 34, 50, face),
        Word("X", 37, 43, 50, face, after_space=False),
    ]
    lowered = Word("E", 33, 39, 46.8, face, after_space=False)
    assert [line.text for line in lines_of([*words, lowered])] == ["about TEX"]


@given(
    st.lists(
        st.builds(
            Word,
            st.text("abc-12", min_size=1, max_size=6),
            st.floats(0, 500),
            st.floats(0, 600),
            st.floats(0, 800),
            st.builds(Face, st.floats(1, 60)),
        ),
        max_size=40,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_word_is_lost_or_doubled_on_the_way_to_lines(words: list[Word]) -> None:
    words = [replace(word, right=max(word.right, word.left + 1), marks=[]) for word in words]
    found = "".join(line.text.replace(" ", "") for line in lines_of(words))
    assert Counter(found) == Counter("".join(word.text for word in words))


@given(st.lists(st.lists(st.sampled_from(["Head 1", "Head 2", "7", "Text here", "x"]), max_size=6), max_size=6))
@settings(max_examples=60, deadline=None)
def test_only_whole_lines_are_furniture(pages: list[list[str]]) -> None:
    given_pages = [
        [Line(text, 50, 100, 800 - 20 * place, Face(10)) for place, text in enumerate(page)] for page in pages
    ]
    kept = list(without_furniture(given_pages, [(0, 842)] * len(pages)))
    assert len(kept) == len(pages)
    for before, after in zip(given_pages, kept, strict=True):
        assert [line for line in before if line in after] == after


# -- hostile files ----------------------------------------------------------------------------------------------------

SEEDS = (
    made(
        [(72, 770, 22, "B", "Energy"), *column(PROSE)],
        info="/Title (Energy) /Author (Ana)",
        annotations=["6 0 R"],
        more=[b"<< /Type /Annot /Subtype /Highlight /Rect [72 690 200 720] /Contents (A note) /IRT 6 0 R >>"],
        catalog="/Outlines 7 0 R /PageLabels << /Nums [0 << /S /r >>] >>",
    ),
    locked(column(PROSE), b"", b"owner"),
)
CHILD = """
import random, sys
from margent.errors import MargentError
from margent.formats import pdf
seed, rounds = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
data = sys.stdin.buffer.read()
for number in range(rounds):
    broken = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        place = chance.randrange(len(broken))
        match chance.randrange(4):
            case 0: broken[place] = chance.randrange(256)
            case 1: del broken[place : place + chance.randrange(1, 40)]
            case 2: broken[place:place] = broken[max(0, place - 30) : place]
            case _: broken[place : place + 1] = chance.choice((b"9999999999", b"-1", b"0 R", b"<<", b">>", b"/Kids"))
        if not broken: broken = bytearray(b"%PDF-1.4")
    print(number, flush=True)
    try:
        found = pdf.read(bytes(broken), "a.pdf")
        assert found.text.strip() and found.blocks
    except MargentError as error:
        assert str(error).startswith("a.pdf") and str(error).endswith("."), error
print("done")
"""


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("data", SEEDS, ids=["plain", "locked"])
def test_a_broken_file_is_read_or_refused_in_a_sentence(data: bytes, seed: int) -> None:
    """In a process of its own, for what fails here may be the library and not an exception."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(seed), "150"], input=data, capture_output=True, timeout=60, check=False
    )
    assert done.stdout.endswith(b"done\n"), (done.returncode, done.stdout[-40:], done.stderr[-2000:].decode())
