"""What a text is made of, written once in each rich format, and all of it in the document that comes of it."""

import base64
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from margent.formats import read

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TABLE = (
    '<table><tr><th>Year</th><th colspan="2">Sum</th></tr><tr><td rowspan="2">2020</td><td>1</td><td>2</td></tr>'
    "<tr><td>3</td><td>4</td></tr></table>"
)
HEAD = (
    '<html lang="kk"><head><meta charset="utf-8"><title>The Strait</title><meta name="author" content="Anna Berg">'
    '<meta property="article:published_time" content="2024-05-06">'
    '<link rel="canonical" href="https://example.org/strait"></head><body>'
)
BODY = (
    "<article><h1>The Strait</h1><p>Text with <b>bold</b>, <i>italic</i>, <code>code</code>, <s>struck</s>, "
    'H<sub>2</sub>O, x<sup>n</sup>, <mark>marked</mark> and <a href="https://example.org/x">a link</a>, and back to '
    '<a href="#two">Two</a>. A claim<sup><a href="#fn1" id="r1">1</a></sup>.</p>'
    f"<p>{'More words for a long article, as it needs them. ' * 20}</p>"
    '<h2 id="two">Two</h2><ol><li>One<ul><li>Inner</li></ul></li><li>Second</li></ol>'
    f"{TABLE}<blockquote><p>Quoted words.</p></blockquote>"
    '<figure><img src="m.png" alt="A map"><figcaption>Map of it</figcaption></figure>'
    '<p><img src="https://example.org/far.png" alt="Far away"></p><dl><dt>Term</dt><dd>Meaning</dd></dl>'
    '<pre><code class="language-py">a = 1\n  b = 2</code></pre><hr><p>Қазақстан 日本語 العربية</p>'
    '<ol class="footnotes"><li id="fn1">The note. <a href="#r1">back</a></li></ol></article></body></html>'
)
MARKDOWN = f"""---
title: The Strait
author: Anna Berg
date: 2024-05-06
lang: kk
source: https://example.org/strait
---
Text with **bold**, *italic*, `code`, ~~struck~~, H~2~O, x<sup>n</sup>, ==marked== and [a link](https://example.org/x),
and back to [Two](#two). A claim[^1].

## Two

1. One
   - Inner
2. Second

{TABLE}

> Quoted words.

![A map](m.png)

Map of it

![Far away](https://example.org/far.png)

Term
: Meaning

```py
a = 1
  b = 2
```

---

Қазақстан 日本語 العربية

[^1]: The note.
"""


def picture(address: str) -> bytes | None:
    return PNG if address == "m.png" else None


def message(html: str) -> bytes:
    """A letter that shows a picture of its own."""
    letter = MIMEMultipart("related")
    letter["From"], letter["To"], letter["Subject"] = "Anna Berg <a@example.org>", "b@example.org", "The Strait"
    letter["Date"] = "Mon, 6 May 2024 10:00:00 +0000"
    letter.attach(MIMEText(html.replace("m.png", "cid:map"), "html", "utf-8"))
    image = MIMEImage(PNG, "png")
    image["Content-ID"] = "<map>"
    letter.attach(image)
    return letter.as_bytes()


def saved(html: str) -> bytes:
    """A page as a browser saves it in one file."""
    page = MIMEMultipart("related", type="text/html")
    page["From"], page["Snapshot-Content-Location"] = "<Saved by Blink>", "https://example.org/strait"
    for part, address in ((MIMEText(html, "html", "utf-8"), "strait"), (MIMEImage(PNG, "png"), "m.png")):
        part["Content-Location"] = f"https://example.org/{address}"
        page.attach(part)
    return page.as_bytes()


FILES = {
    "strait.html": (HEAD + BODY).encode(),
    "strait.mhtml": saved(HEAD + BODY),
    "strait.eml": message(HEAD + BODY),
    "strait.md": MARKDOWN.encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_text_is_lost(name: str) -> None:
    document = read(FILES[name], name, picture)
    assert (document.title, document.authors, document.date, document.language) == (
        "The Strait",
        ("Anna Berg",),
        "2024-05-06",
        "kk",
    )
    assert document.source == ("" if name.endswith(".eml") else "https://example.org/strait")
    shape = [(block.kind, block.text) for block in document.blocks if not block.text.startswith(("Text", "More"))]
    assert sorted(shape) == sorted(
        [
            ("heading", "The Strait"),
            ("heading", "Two"),
            ("item", "One"),
            ("item", "Inner"),
            ("item", "Second"),
            ("table", "Year\tSum\t\n2020\t1\t2\n\t3\t4"),
            ("quotation", "Quoted words."),
            ("picture", "A map"),
            ("paragraph", "Map of it"),
            ("picture", "Far away"),
            ("paragraph", "Term"),
            ("paragraph", "Meaning"),
            ("code", "a = 1\n  b = 2"),
            ("rule", ""),
            ("paragraph", "Қазақстан 日本語 العربية"),
            ("footnote", "The note."),
        ]
    )
    opening = next(block for block in document.blocks if block.text.startswith("Text"))
    assert [(mark.kind, opening.text[mark.start : mark.end], mark.target) for mark in opening.marks] == [
        ("strong", "bold", ""),
        ("emphasis", "italic", ""),
        ("code", "code", ""),
        ("strike", "struck", ""),
        ("subscript", "2", ""),
        ("superscript", "n", ""),
        ("marked", "marked", ""),
        ("link", "a link", "https://example.org/x"),
        ("link", "Two", "#two"),
        ("noteref", "1", "1"),
    ]
    numbers = [(block.level, block.ordered, block.number) for block in document.blocks if block.kind == "item"]
    assert numbers == [(1, True, 1), (2, False, 0), (1, True, 2)]
    assert next(block for block in document.blocks if block.kind == "table").heading_row
    assert list(document.pictures.values()) == [PNG]
    assert [bool(block.target) for block in document.blocks if block.kind == "picture"] == [True, False]


def test_a_letter_that_repeats_its_subject_says_it_once_and_links_to_it_lead_there() -> None:
    html = '<h1 id="a">the strait</h1><p>Go <a href="#a">up</a> or <a href="#b">on</a>.</p><h2 id="b">The Strait</h2>'
    document = read(message(html), "letter.eml")
    assert [block.target for block in document.blocks if block.kind == "heading"] == ["the-strait", "the-strait_1"]
    assert [mark.target for mark in document.blocks[1].marks] == ["#the-strait", "#the-strait_1"]
