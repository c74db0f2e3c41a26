"""Notes that Zotero exports as Markdown, as its versions and languages write them, and what its service answers."""

import json

import pytest

from margent.errors import MargentError
from margent.exchange import programs
from margent.exchange.parcel import Parcel, Remark

CITED = "([Policy unit, 2026, p. 4](zotero://select/library/items/ABCD2345))"
LINK = "([pdf](zotero://open-pdf/library/items/EFGH6789?page=4&annotation=JKLM2345))"
NEWER = "([snapshot](zotero://open/groups/12/items/EFGH6789?annotation=JKLM2345&sel=p%3E1))"
HEAD = "# Annotations  \n(24/11/2026, 10:15:00)\n\n"


def note(*paragraphs: str, head: str = HEAD) -> Parcel:
    (parcel,) = programs.read((head + "\n\n".join(paragraphs) + "\n").encode(), "note.md")
    return parcel


@pytest.mark.parametrize(
    ("paragraph", "quote", "said", "key", "page"),
    [
        (f"“It reopened.” {CITED} {LINK} Ask.", "It reopened.", "Ask.", "JKLM2345", "4"),
        (f"„Sie öffnete.“ {CITED.replace('p. 4', 'S. iv')} {NEWER} Wann?", "Sie öffnete.", "Wann?", "JKLM2345", "iv"),
        (f"«Elle a rouvert.» {LINK} Quand ?", "Elle a rouvert.", "Quand ?", "JKLM2345", ""),
        (f"“It “re”opened.” {CITED} {LINK}", "It “re”opened.", "", "JKLM2345", "4"),
        (f"“Two\nlines of it.” {CITED} {LINK}", "Two lines of it.", "", "JKLM2345", "4"),
        (f"{CITED} Only a comment.", "", "Only a comment.", "", "4"),
        (f"“A \\[b\\] \\* c\\_d 1\\. e” {CITED}", "A [b] * c_d 1. e", "", "", "4"),
        (f"“It reopened.” {CITED} {LINK} One.  \nTwo.", "It reopened.", "One.\nTwo.", "JKLM2345", "4"),
        (f"> “It reopened.” {CITED} {LINK} Ask.", "It reopened.", "Ask.", "JKLM2345", "4"),
        (f"“It reopened.” {CITED[:-1]}; [B, 2020](zotero://select/groups/1/items/X)) {LINK} Ask.",
         "It reopened.", "Ask.", "JKLM2345", "4"),
        ("“It reopened.” (Policy unit, 2026, pp. 4–5) Ask.", "It reopened.", "Ask.", "", "4–5"),
    ],
)  # fmt: skip
def test_a_paragraph_is_words_their_source_and_a_comment(
    paragraph: str, quote: str, said: str, key: str, page: str
) -> None:
    (remark,) = note(paragraph).remarks
    assert remark == Remark(exact=quote, note=said, foreign=key, page=page)


def test_what_stands_between_is_told_and_the_author_of_the_text_is_no_author_of_notes() -> None:
    parcel = note(f"“It reopened.” {CITED} {LINK}", "My own thoughts.", f"![]() {LINK}", "---", "# Another note")
    assert [(one.exact, one.author) for one in parcel.remarks] == [("It reopened.", "")]
    assert parcel.authors == ("Policy unit",)
    assert parcel.lost[0] == "2 paragraph(s) that belong to no quotation were left out."


@pytest.mark.parametrize("text", ["# A text\n\nIt says “so” (Unit, 2026) and more.\n", "# A\n(10:15:00)\n\nNothing.\n"])
def test_other_markdown_is_no_note(text: str) -> None:
    with pytest.raises(MargentError, match=r"note\.md holds no annotations"):
        programs.read(text.encode(), "note.md")


def test_a_note_in_another_encoding_is_refused_by_name() -> None:
    with pytest.raises(MargentError, match=r"note\.md is not text in UTF-8"):
        programs.read(f"“Дорога” {CITED} {LINK}".encode("cp1251"), "note.md")


def test_what_the_service_answers_is_annotations_among_other_items() -> None:
    annotation = {
        "key": "AAAA1111", "meta": {"createdByUser": {"id": 1, "username": "ana", "name": "Ana B."}},
        "data": {
            "key": "AAAA1111", "parentItem": "PDF11111", "itemType": "annotation", "annotationType": "highlight",
            "annotationAuthorName": "", "annotationText": "It reopened.", "annotationComment": "",
            "annotationColor": "#ff6666", "annotationPageLabel": "4", "tags": [{"tag": "Access"}],
            "dateAdded": "2026-11-24T10:00:00Z", "dateModified": "2026-11-24T10:00:00Z",
        },
    }  # fmt: skip
    others = [
        {"key": "PDF11111", "data": {"itemType": "attachment", "key": "PDF11111", "title": "Access brief.pdf"}},
        {"key": "NOTE1111", "data": {"itemType": "note", "key": "NOTE1111", "note": "<p>x</p>"}},
    ]
    (parcel,) = programs.read(json.dumps([annotation, *others]).encode(), "a.json")
    assert (parcel.title, parcel.remarks[0].author, parcel.remarks[0].colour) == ("Access brief", "Ana B.", "pink")
    assert parcel.lost == (
        "1 item(s) that are no annotations were left out.",
        "1 annotation(s) have a colour that is not one of the five: they get the nearest.",
    )
