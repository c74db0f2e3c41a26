import textwrap
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from margent.document import Document, Mark, canonical
from margent.formats import read
from margent.formats import text as plain
from margent.formats.bylines import authors_in, date_in
from margent.formats.links import bare_links, is_link_line

PROSE = "The European Union is about to upgrade its partnership with Kazakhstan, and it says so in a long paragraph. "
RUSSIAN = ("Союз хочет больше энергии. " * 6).strip()
LONG = (PROSE * 2).strip()


def document(text: str, name: str = "a file.txt") -> Document:
    return read(text.encode(), name)


def shape(text: str) -> list[tuple[str, str]]:
    """Kinds and texts: "h2" for a heading, "-1" and "1." for items, "p", "q", "table", "code", "rule"."""
    names = {"paragraph": "p", "quotation": "q"}
    found = []
    for block in document(text).blocks:
        name = names.get(block.kind, block.kind)
        if block.kind == "heading":
            name = f"h{block.level}"
        elif block.kind == "item":
            name = f"{block.number}." if block.ordered else f"-{block.level}"
        found.append((name, block.text))
    return found


ARTICLE = f"""\
EU and Kazakhstan to deepen ties

By Anna Novak and Ben de Vries
Published: 12 May 2024, 10:30 GMT

{LONG}

Read more: https://example.org/news/a-b_(c).

A neutral stance

“We are ready,” she said. {LONG}

ADVERTISEMENT

{LONG}

Photo: a bridge over the river

{LONG}

John Smith

Related stories

How the deal was done

Source: https://example.org/full
"""


def test_a_pasted_news_article_comes_out_as_its_author_meant_it() -> None:
    assert shape(ARTICLE) == [
        ("h1", "EU and Kazakhstan to deepen ties"),
        ("p", "By Anna Novak and Ben de Vries"),
        ("p", "Published: 12 May 2024, 10:30 GMT"),
        ("p", LONG),
        ("p", "Read more: https://example.org/news/a-b_(c)."),
        ("h2", "A neutral stance"),
        ("p", f"“We are ready,” she said. {LONG}"),
        ("p", "ADVERTISEMENT"),
        ("p", LONG),
        ("p", "Photo: a bridge over the river"),
        ("p", LONG),
        ("p", "John Smith"),
        ("p", "Related stories"),
        ("p", "How the deal was done"),
        ("p", "Source: https://example.org/full"),
    ]
    article = document(ARTICLE)
    assert article.title == "EU and Kazakhstan to deepen ties"
    assert article.authors == ("Anna Novak", "Ben de Vries")
    assert article.date == "2024-05-12"
    assert article.source == "https://example.org/full"
    assert article.blocks[4].marks == (Mark("link", 11, 43, "https://example.org/news/a-b_(c)"),)


WRAPPED = """\
                    A REPORT ON RIVERS

1. Introduction

The river is long and the delegates who came to see it were many, and
they walked along its banks in the evening, when the light was well-
known to be best. Cooper-
ation among the states is hard, and cooperation takes
time.

   An indented paragraph begins here and goes on for a while so that it
is wrapped like the rest.
   Another one follows without a blank line, and it is as long as those
before it.

1.1 Scope

This part is short. It has few words, but still it wraps at the end of
the line.

Terms
-----

* a bullet that is long enough to be wrapped by an editor at the same
  width as the prose
* another

12. May was cold.
"""


SENTENCE = "The river is long and the delegates who came to see it were many, as everybody knows."


def wrapped(times: int) -> str:
    return textwrap.fill(" ".join([SENTENCE] * times), 72)


COPIED = f"""\
EU–Kazakhstan: what an upgraded partnership
would cover

{wrapped(3)}
{wrapped(2)}
Geography
{wrapped(3)}

3

{wrapped(2)}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            WRAPPED,
            [
                ("h1", "A REPORT ON RIVERS"),
                ("h2", "1. Introduction"),
                (
                    "p",
                    (
                        "The river is long and the delegates who came to see it were many, and they walked along its "
                        "banks in the evening, when the light was well-known to be best. Cooperation among the states "
                        "is hard, and cooperation takes time."
                    ),
                ),
                (
                    "p",
                    "An indented paragraph begins here and goes on for a while so that it is wrapped like the rest.",
                ),
                (
                    "p",
                    "Another one follows without a blank line, and it is as long as those before it.",
                ),
                ("h3", "1.1 Scope"),
                ("p", "This part is short. It has few words, but still it wraps at the end of the line."),
                ("h2", "Terms"),
                ("-1", "a bullet that is long enough to be wrapped by an editor at the same width as the prose"),
                ("-1", "another"),
                ("p", "12. May was cold."),
            ],
            id="a wrapped report",
        ),
        pytest.param(
            f"OPINION\nWhy the river matters\n{LONG}\nEnergy and raw materials\n{LONG}\nA last word.",
            [
                ("p", "OPINION"),
                ("h1", "Why the river matters"),
                ("p", LONG),
                ("h2", "Energy and raw materials"),
                ("p", LONG),
                ("p", "A last word."),
            ],
            id="a paragraph a line, without blank lines",
        ),
        pytest.param(
            COPIED,
            [
                ("h1", "EU–Kazakhstan: what an upgraded partnership would cover"),
                ("p", " ".join([SENTENCE] * 3)),
                ("p", " ".join([SENTENCE] * 2)),
                ("h2", "Geography"),
                ("p", " ".join([SENTENCE] * 3)),
                ("p", "3"),
                ("p", " ".join([SENTENCE] * 2)),
            ],
            id="wrapped without blank lines, as copied from pages",
        ),
        pytest.param(
            f"The Union upgrades its ties.\n\n{LONG}\n\n{LONG}",
            [("h1", "The Union upgrades its ties."), ("p", LONG), ("p", LONG)],
            id="a headline with a full stop",
        ),
        pytest.param(
            "To autumn\n\nSeason of mists and mellow fruitfulness,\nClose bosom-friend of the maturing sun;\n"
            "Conspiring with him how to load and bless\nWith fruit the vines that round the thatch-eves run;",
            [
                ("h1", "To autumn"),
                (
                    "p",
                    (
                        "Season of mists and mellow fruitfulness,\nClose bosom-friend of the maturing sun;\n"
                        "Conspiring with him how to load and bless\nWith fruit the vines that round the "
                        "thatch-eves run;"
                    ),
                ),
            ],
            id="verse keeps its lines",
        ),
        pytest.param(
            f"Title\n=====\n\n{LONG}\n\nPart\n----\n\nRule below\n\n* * *\n\n------\n\nEnd.",
            [
                ("h1", "Title"),
                ("p", LONG),
                ("h2", "Part"),
                ("p", "Rule below"),
                ("rule", ""),
                ("rule", ""),
                ("p", "End."),
            ],
            id="underlined headings and rules",
        ),
        pytest.param(
            f"List\n\n- a\n- b\n    - c\n\n      more of c\n\n• d\n\n"
            f"1. one\n2. two\n\n3) three\n\n7. seven alone\n\n{LONG}",
            [
                ("h1", "List"),
                ("-1", "a"),
                ("-1", "b"),
                ("-2", "c"),
                ("p", "more of c"),
                ("-1", "d"),
                ("1.", "one"),
                ("2.", "two"),
                ("3.", "three"),
                ("p", "7. seven alone"),
                ("p", LONG),
            ],
            id="lists",
        ),
        pytest.param(
            "Mail\n\nYes, let us do so.\n\n> Shall we meet?\n>\n> - on Monday\n>> Or not?\n",
            [
                ("h1", "Mail"),
                ("p", "Yes, let us do so."),
                ("q", "Shall we meet?"),
                ("-1", "on Monday"),
                ("q", "Or not?"),
            ],
            id="quoted mail",
        ),
        pytest.param(
            "Figures\n\nCountry\tYear\nA land\t2001\n\nName    Year\nAlpha   2001\nBeta    2002",
            [
                ("h1", "Figures"),
                ("table", "Country\tYear\nA land\t2001"),
                ("code", "Name    Year\nAlpha   2001\nBeta    2002"),
            ],
            id="columns by tabs and by spaces",
        ),
        pytest.param(
            f"Дипломатия и энергия\r\n\r\nАвтор: Анна Новак\r\n12 мая 2024 г.\r\n\r\n{RUSSIAN}\r\n",
            [
                ("h1", "Дипломатия и энергия"),
                ("p", "Автор: Анна Новак"),
                ("p", "12 мая 2024 г."),
                ("p", RUSSIAN),
            ],
            id="Russian with Windows line ends",
        ),
        pytest.param(
            "قصيرة\n\nهذه فقرة عربية طويلة بعض الشيء، تليها فقرة أخرى.\n\n🎉 Мерекелік мәтін ✨",
            [
                ("h1", "قصيرة"),
                ("p", "هذه فقرة عربية طويلة بعض الشيء، تليها فقرة أخرى."),
                ("p", "🎉 Мерекелік мәтін ✨"),
            ],
            id="Arabic, Kazakh, emoji",
        ),
        pytest.param(
            f"Page one\n\n{LONG}\f{LONG}\v{LONG}\u2029End\xa0of it.",
            [("h1", "Page one"), ("p", LONG), ("p", LONG), ("p", LONG), ("p", "End\xa0of it.")],
            id="form feeds and separators part, no-break spaces stay",
        ),
        pytest.param(
            LONG + "\n\nA line\n\n" + LONG,
            [("h1", "a file"), ("p", LONG), ("h2", "A line"), ("p", LONG)],
            id="a text without a title has the name of its file",
        ),
        pytest.param("Just one line", [("p", "Just one line")], id="one line"),
    ],
)
def test_plain_text_becomes_blocks(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Photo: a bridge",
        "A bridge in Brussels. Reuters",
        "“A quotation pulled out”",
        "Ends with a comma,",
        "Ends with a colon:",
        "https://example.org/alone",
        "12 May 2024",
        "By Anna Novak",
        "a line in small letters",
        "Subscribe to our newsletter",
        "A line of so many words that nobody would take it for a heading at all",
        "Politics | Europe",
        "Page 3 of 10",
        "2024",
    ],
)
def test_a_short_line_in_the_body_is_not_always_a_heading(line: str) -> None:
    assert ("p", line) in shape(f"Title\n\n{LONG}\n\n{line}\n\n{LONG}")


@pytest.mark.parametrize("line", ["John Smith", "Brussels", "A subtitle that says more", "12 May 2024", "Politics"])
def test_a_short_line_before_the_body_is_not_a_heading(line: str) -> None:
    assert shape(f"Title\n\n{line}\n\n{LONG}")[1] == ("p", line)


@pytest.mark.parametrize(
    "line", ["Executive summary", "INTRODUCTION", "1. Scope", "I. Scope", "Chapter 1", "Раздел 2. Цели"]
)
def test_a_plain_heading_before_the_body_is_one(line: str) -> None:
    assert shape(f"Title\n\n{line}\n\n{LONG}")[1] == ("h2", line)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Anna Novak", ("Anna Novak",)),
        ("by Anna Novak, Ben Smith and Carl van der Berg", ("Anna Novak", "Ben Smith", "Carl van der Berg")),
        ("Written by A. B. Novak in Brussels", ("A. B. Novak",)),
        ("By Anna Novak | 12 May 2024", ("Anna Novak",)),
        ("Von Anna Müller", ("Anna Müller",)),
        ("Par Émilie Durand et Paul Petit", ("Émilie Durand", "Paul Petit")),
        ("Автор: Айгүл Серікова", ("Айгүл Серікова",)),
        ("By 2030 the Union wants more", ()),
        ("By and large it works", ()),
        ("By train to Almaty and back in a day and a half of summer", ()),
        ("Anna Novak", ()),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    assert authors_in(line) == authors


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2024-05-12", "2024-05-12"),
        ("12 May 2024", "2024-05-12"),
        ("May 12, 2024", "2024-05-12"),
        ("Sunday, 12th May 2024", "2024-05-12"),
        ("Published: Sun 12 May 2024 10:30 GMT", "2024-05-12"),
        ("Last updated on May 12, 2024 at 9:05 p.m.", "2024-05-12"),
        ("12.05.2024", "2024-05-12"),
        ("12. Mai 2024", "2024-05-12"),
        ("le 12 mai 2024", "2024-05-12"),
        ("12 мая 2024 г.", "2024-05-12"),
        ("By Anna Novak | 12 May 2024", "2024-05-12"),
        ("31 February 2024", ""),
        ("5/6/2024", ""),
        ("In May 2024 the Union agreed", ""),
        ("12 May", ""),
    ],
)
def test_dates(line: str, date: str) -> None:
    assert date_in(line) == date


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("See https://a.org.", ["https://a.org"]),
        ("(https://a.org/b_(c)), and", ["https://a.org/b_(c)"]),
        ("“https://a.org/x?y=1&z=2#f”", ["https://a.org/x?y=1&z=2#f"]),
        ("www.a.org/x and a.b+c@d-e.org!", ["http://www.a.org/x", "mailto:a.b+c@d-e.org"]),
        ("https://kk.example/Қазақстан…", ["https://kk.example/Қазақстан"]),
        ("javascript:alert(1) ftp://a.org https:// www.", []),
    ],
)
def test_bare_addresses_are_links(text: str, targets: list[str]) -> None:
    assert [mark.target for mark in bare_links(text)] == targets
    assert all(text[mark.start : mark.end] in mark.target for mark in bare_links(text))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("https://a.org", True),
        ("Read more: <https://a.org>.", True),
        ("Source – https://a.org", True),
        ("We met at https://a.org", False),
        ("https://a.org is a place", False),
        ("No address", False),
    ],
)
def test_lines_that_are_an_address(line: str, expected: bool) -> None:
    assert is_link_line(line) is expected


@pytest.mark.parametrize(
    ("data", "notice"),
    [
        ("Қазақ мәтіні".encode("utf-8-sig"), ""),
        ("Қазақ мәтіні".encode("utf-16"), ""),
        ("Қазақ мәтіні, words".encode("utf-16-le"), ""),
        ("Қазақ мәтіні, words".encode("utf-16-be"), ""),
        ("Қазақ мәтіні".encode("utf-32"), ""),
        (("Европейский союз хочет обновить партнёрство. " * 5).encode("cp1251"), "cp1251"),
        (("L’été dernier, les négociations ont été menées à Genève. " * 5).encode("cp1252"), "cp125"),
        ("A long English text — with one byte that is not ".encode() * 3 + b"\xff", "\ufffd"),
    ],
    ids=["utf-8 with a mark", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "cp1252", "nearly utf-8"],
)
def test_other_encodings_are_read_and_guesses_are_told(data: bytes, notice: str) -> None:
    found = read(data, "x.txt")
    assert "Қазақ" in found.text or "союз" in found.text or "négociations" in found.text or "English" in found.text
    assert [notice in each for each in found.notices] == ([True] if notice else [])


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def told(found: Document) -> str:
    """Letters and digits of the text with the numbers of items, which are kept beside it."""
    return letters("".join((str(block.number) if block.ordered else "") + block.text for block in found.blocks))


ODD_LINES = [
    "- item",
    "* item",
    "1. one",
    "2. two",
    "3) three",
    "10. ten",
    "===",
    "---",
    "* * *",
    "Title",
    "# Hash",
    "> quoted",
    ">> deep",
    "By Anna Novak",
    "12 May 2024",
    "a\tb",
    "\tc\td",
    "Name    x   y",
    "|a|b|",
    "Read more: https://example.org/x.",
    "https://a.org",
    "co-",
    "op-erate",
    "END",
    "x\xad",
    "  indented",
    "      more",
    "e\u0301",
    "\u0301",
    "🎉 ok",
    "اختبار",
    "中文字",
    "中文",
    "\xa0",
    "a\fb",
    "Title: X",
    "Source: https://a.org/s",
    "OPINION",
    "1.1 Scope",
    "+",
    "=",
    ">",
    "#",
    "1.",
    "-",
]
LINES = st.one_of(
    st.sampled_from([*ODD_LINES, LONG, PROSE[:70], PROSE[:72].lower()]),
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=90),
)


@given(st.lists(LINES, max_size=14).map("\n".join).filter(lambda text: letters(canonical(text))))
@example("1. a\n2. b\n\n3. c")
@example(
    "cooperate\nthe delegates of many states came to the river to co-\noperate with it and the others, at last,\nwas"
)
def test_every_word_of_the_text_is_kept_in_order(text: str) -> None:
    found = plain.read(text.encode(), "a file.txt")
    assert told(found).endswith(letters(canonical(text.replace("\x85", "\n"))))
    assert unicodedata.is_normalized("NFC", found.text)
    for block in found.blocks:
        assert "\n\n" not in block.text or block.kind == "code"
        assert all(0 <= mark.start < mark.end <= len(block.text) for mark in block.marks)
        if block.kind == "table":
            assert {len(row) for row in block.rows()} == {len(block.align)}


def test_a_long_text_is_read_in_time_that_grows_with_its_length(tmp_path: Path) -> None:
    def seconds(paragraphs: int) -> float:
        wrapped = "\n\n".join("\n".join([PROSE[:70]] * 6) for _ in range(paragraphs))
        start = time.process_time()
        document(wrapped)
        return time.process_time() - start

    seconds(50)
    # Eight times the text; were it quadratic, sixty-four times the work.
    assert min(seconds(4000) for _ in range(3)) < 16 * max(min(seconds(500) for _ in range(3)), 0.01)
