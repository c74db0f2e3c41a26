"""Each program's file, as that program writes it, gives what it says and nothing that it does not."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.errors import MargentError
from margent.exchange import hypothesis, programs, reading
from margent.exchange.parcel import Parcel, Remark, key_of

pytestmark = pytest.mark.usefixtures("in_brussels")
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
QUOTE = "The corridor reopened on 3 May."


def read(value: Any, name: str = "notes.json") -> list[Parcel]:
    return programs.read(value if isinstance(value, bytes) else json.dumps(value).encode(), name)


# -- Hypothesis -----------------------------------------------------------------------------------------------------


def hypothesis_row(key: str, text: str, **more: Any) -> dict[str, Any]:
    selectors = [
        {
            "type": "RangeSelector",
            "startContainer": "/p[3]",
            "startOffset": 0,
            "endContainer": "/p[3]",
            "endOffset": 31,
        },
        {"type": "TextPositionSelector", "start": 1310, "end": 1341},
        {"type": "TextQuoteSelector", "exact": QUOTE, "prefix": "by the parties. ", "suffix": " Traffic stays"},
    ]
    return {
        "id": key, "created": "2026-11-24T10:00:00Z", "updated": "2026-11-24T10:00:00.123456+00:00",
        "user": "acct:ana@hypothes.is", "uri": "https://x.org/brief", "group": "__world__", "text": text,
        "tags": ["Access"], "references": [], "permissions": {"read": ["group:__world__"]},
        "document": {"title": ["Access brief"]}, "user_info": {"display_name": None},
        "target": [{"source": "https://x.org/brief", "selector": selectors}],
        **more,
    }  # fmt: skip


def hypothesis_file(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "export_date": "2026-11-24T10:15:00.000Z", "export_userid": "acct:ana@hypothes.is",
        "client_version": "1.1700.0", "annotations": list(rows),
    }  # fmt: skip


def test_hypothesis_keeps_author_dates_tags_and_replies() -> None:
    reply = hypothesis_row(
        "def", "Done.", references=["abc"], user="acct:bek@x.org", user_info={"display_name": "Bek O."}, tags=[]
    )
    deeper = hypothesis_row("ghi", "Thanks.", references=["abc", "def"], tags=[])
    (parcel,) = read(hypothesis_file(deeper, hypothesis_row("abc", "Check with the *mission*."), reply))
    assert (parcel.program, parcel.title, parcel.source, parcel.utf16) == (
        "Hypothesis", "Access brief", "https://x.org/brief", True,
    )  # fmt: skip
    (remark,) = parcel.remarks
    assert (remark.exact, remark.start, remark.end, remark.note, remark.author, remark.themes) == (
        QUOTE, 1310, 1341, "Check with the *mission*.", "ana", ("Access",),
    )  # fmt: skip
    assert (remark.created, remark.modified) == (TEN, TEN.replace(microsecond=123000))
    assert [(answer.author, answer.note) for answer in remark.replies] == [("ana", "Thanks."), ("Bek O.", "Done.")]


def test_hypothesis_page_notes_only_me_and_a_reply_without_its_head() -> None:
    page = hypothesis_row("p", "A good brief.", target=[{"source": "https://x.org/brief"}])
    mine = hypothesis_row("m", "Mine.", permissions={"read": ["acct:ana@hypothes.is"]})
    lone = hypothesis_row("l", "Where is it?", references=["elsewhere"])
    (parcel,) = read(hypothesis_file(page, mine, lone))
    assert [(one.exact, one.private) for one in parcel.remarks] == [("", False), (QUOTE, True), (QUOTE, False)]


def test_hypothesis_counts_in_units_of_utf_16() -> None:
    text = "😀 " + QUOTE
    remark = Remark(id="0" * 32, exact=QUOTE, start=2, end=2 + len(QUOTE), author="Ana", created=TEN)
    data = hypothesis.write([Parcel("Margent", "A", remarks=(remark,), text=text)])
    (item,) = json.loads(data)["annotations"]
    assert item["target"][0]["selector"][0] == {"type": "TextPositionSelector", "start": 3, "end": 3 + len(QUOTE)}


def test_hypothesis_answers_of_its_service_with_replies_apart_and_one_alone() -> None:
    reply = hypothesis_row("r", "Done.", references=["abc"], user="acct:bek@x.org", tags=["Later"])
    found = {"total": 1, "rows": [hypothesis_row("abc", "Check.", group="g1")], "replies": [reply]}
    (parcel,) = read(found)
    assert [(one.author, one.note) for one in parcel.remarks[0].replies] == [("bek", "Done.")]
    assert parcel.lost == (
        "1 annotation(s) belong to a group, of which nothing is kept here.",
        "The tags of 1 reply(ies) were left out: replies are not filed under themes.",
    )
    for alone in (hypothesis_row("abc", "Check."), [hypothesis_row("abc", "Check.")]):
        assert read(alone)[0].remarks[0].note == "Check."


def test_hypothesis_reads_many_in_a_time_that_grows_with_them() -> None:
    def taken(count: int) -> float:
        rows = [hypothesis_row(f"h{index}", "x") for index in range(count)]
        rows += [hypothesis_row(f"r{index}", "y", references=[f"h{index}"]) for index in range(count)]
        begun = time.process_time()
        (parcel,) = hypothesis.parcels(hypothesis_file(*rows), "notes.json")
        assert all(len(one.replies) == 1 for one in parcel.remarks)
        return time.process_time() - begun

    taken(100)
    assert taken(3200) < 60 * max(taken(200), 0.002)


def test_hypothesis_rows_without_ids_and_answers_in_a_circle_are_all_kept() -> None:
    bare = [{key: value for key, value in hypothesis_row("x", note).items() if key != "id"} for note in ("1", "2")]
    circle = [hypothesis_row("a", "3", references=["b"]), hypothesis_row("b", "4", references=["a"])]
    (parcel,) = read(hypothesis_file(*bare, *circle))
    assert [one.note for one in parcel.remarks] == ["1", "2", "3", "4"]


def test_hypothesis_keeps_two_people_of_one_name_apart() -> None:
    rows = [hypothesis_row("a", "1"), hypothesis_row("b", "2", user="acct:ana@x.org")]
    assert [one.author for one in read(hypothesis_file(*rows))[0].remarks] == ["ana@hypothes.is", "ana@x.org"]


def test_hypothesis_search_that_found_nothing_is_said_to_hold_nothing() -> None:
    with pytest.raises(MargentError, match=r"notes\.json has no annotations in it"):
        read({"total": 0, "rows": []})


# -- Readwise -------------------------------------------------------------------------------------------------------

READWISE = (
    "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,Highlighted at,"
    "Document tags\r\n"
    f'{QUOTE},Access brief,Policy unit,,"Check, please.",blue,"access,trade",location,1310,'
    "2026-11-24 10:00:00+00:00,\r\n"
    '"Two\nlines",Access brief,Policy unit,,,yellow,,page,4,2026-11-24 10:00:00,\r\n'
)


def test_readwise_export() -> None:
    (parcel,) = read(READWISE.encode("utf-8-sig"), "export.csv")
    first, second = parcel.remarks
    assert (parcel.title, parcel.authors) == ("Access brief", ("Policy unit",))
    assert (first.exact, first.note, first.colour, first.themes, first.start, first.created) == (
        QUOTE, "Check, please.", "blue", ("access", "trade"), 1310, TEN,
    )  # fmt: skip
    assert (second.exact, second.page, second.author, first.author) == ("Two\nlines", "4", "", "")


def test_readwise_tags_in_a_note_are_tags() -> None:
    table = f'Highlight,Title,Author,URL,Note,Location,Date\n{QUOTE},T,,,".trade_policy\nAsk.",,2026-11-24 10:00:00\n'
    (remark,) = read(table.encode(), "x.csv")[0].remarks
    assert (remark.themes, remark.note) == (("trade policy",), "Ask.")


@pytest.mark.parametrize("encode", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_readwise_table_that_went_through_a_spreadsheet(separator: str, encode: str) -> None:
    cells = (QUOTE, "Access brief", "Unit", "", "Ask; then, wait.", "", "", "", "", "November 24, 2026 10:00 AM", "")
    row = separator.join(f'"{cell}"' for cell in cells)
    table = READWISE.split("\r\n", maxsplit=1)[0].replace(",", separator) + f"\r\n{row}\r\n"
    (remark,) = read(table.encode(encode), "x.csv")[0].remarks
    assert (remark.exact, remark.note, remark.created) == (QUOTE, "Ask; then, wait.", TEN)


def test_readwise_place_that_nobody_counts_to_is_none() -> None:
    table = f"Highlight,Title,Author,URL,Note,Location,Date\n{QUOTE},T,,,,{'7' * 5000},\n"
    assert read(table.encode(), "x.csv")[0].remarks[0].start is None


def test_readwise_table_without_a_row_is_said_to_hold_nothing() -> None:
    with pytest.raises(MargentError, match=r"x\.csv has no annotations in it"):
        read(READWISE.split("\r\n", maxsplit=1)[0].encode() + b"\r\n", "x.csv")


# -- KOReader and calibre -------------------------------------------------------------------------------------------

KOREADER: dict[str, Any] = {
    "title": "Access brief", "author": "Policy unit\nSecond author", "number_of_pages": 12, "created_on": 1795515300,
    "version": "json/1.0.0",
    "entries": [
        {"sort": "highlight", "page": 6, "time": 1795514400, "text": QUOTE, "note": "Check.", "chapter": "Access",
         "drawer": "underscore", "color": "green", "pn_xp": "/body/DocFragment[3]/body/p[3]/text().0"},
        {"sort": "bookmark", "page": 7, "time": 1795514400, "text": "", "note": ""},
    ],
}  # fmt: skip


def test_koreader_one_book_and_several() -> None:
    (parcel,) = read(KOREADER)
    (remark,) = parcel.remarks
    assert parcel.authors == ("Policy unit", "Second author")
    assert remark == Remark(
        exact=QUOTE, note="Check.", created=TEN, colour="green", style="underline", chapter="Access", page="6",
        progress=0.5,
    )  # fmt: skip
    assert parcel.lost == ("1 bookmark(s) without words were left out.",)
    assert len(read({"documents": [KOREADER, {**KOREADER, "title": "Other"}], "version": "json/1.0.0"})) == 2


@pytest.mark.parametrize("drawer", [None, [], {}, 3])
def test_koreader_looks_that_are_no_word_are_plain_highlights(drawer: Any) -> None:
    entry = {**KOREADER["entries"][0], "drawer": drawer}
    (parcel,) = read({**KOREADER, "entries": [entry]})
    assert parcel.remarks[0].style == "highlight"


CALIBRE: dict[str, Any] = {
    "version": 1, "type": "calibre_highlights",
    "highlights": [
        {"type": "highlight", "uuid": "yFNk9KfzOFm6Oj49flD5XQ", "timestamp": "2026-11-24T10:00:00.000Z",
         "highlighted_text": QUOTE, "start_cfi": "/2/4/6/1:0", "end_cfi": "/2/4/6/1:31", "spine_index": 2,
         "spine_name": "text/part1.xhtml", "style": {"type": "builtin", "kind": "color", "which": "blue"},
         "notes": "Check.", "toc_family_titles": ["Part I", "Access"]},
        {"uuid": "gone", "timestamp": "2026-11-24T10:00:00.000Z", "removed": True},
    ],
}  # fmt: skip


def test_calibre_viewer_and_library() -> None:
    (parcel,) = read(json.dumps(CALIBRE).encode("utf-8-sig"))
    (remark,) = parcel.remarks
    assert (remark.foreign, remark.exact, remark.note, remark.colour, remark.chapter, remark.modified) == (
        "yFNk9KfzOFm6Oj49flD5XQ", QUOTE, "Check.", "blue", "Access", TEN,
    )  # fmt: skip
    assert parcel.lost == ("1 highlight(s) had been deleted in calibre and were left out.",)
    inner = {**CALIBRE["highlights"][0], "style": {"type": "builtin", "kind": "decoration", "which": "wavy"}}
    rows = [{"book_id": 17, "title": "Access brief", "annotation": inner}, {"title": "B", "annotation": inner}]
    both = read({"version": 1, "type": "calibre_annotation_collection", "annotations": rows})
    assert [(one.title, one.remarks[0].style) for one in both] == [("Access brief", "underline"), ("B", "underline")]


def test_calibre_library_tells_books_apart_by_number_alone() -> None:
    mark = CALIBRE["highlights"][0]
    rows = [{**mark, "book_id": 1, "format": "EPUB"}, {**mark, "uuid": "b", "book_id": 2, "format": "EPUB"}]
    both = read({"version": 1, "type": "calibre_annotation_collection", "annotations": rows})
    assert [(one.title, len(one.remarks)) for one in both] == [("", 1), ("", 1)]


@pytest.mark.parametrize(
    ("tint", "colour"),
    [
        ("#b4f6af", "green"), ("#fde047", "yellow"), ("#ffc0cb", "pink"), ("#B80000", "pink"), ("#add8ff", "blue"),
        ("#d8b4fe", "purple"), ("#808080", "purple"), ("#e56eee", "pink"), ("#a28ae5", "purple"), ("#f19837", "yellow"),
    ],
)  # fmt: skip
def test_a_tint_is_the_colour_that_people_call_it(tint: str, colour: str) -> None:
    assert reading.colour_of(tint) == colour


@pytest.mark.parametrize("page", [-5, True, 10**30, None, "iv", 3.5])
def test_koreader_page_that_is_no_page_tells_no_place(page: Any) -> None:
    (parcel,) = read({**KOREADER, "entries": [{**KOREADER["entries"][0], "page": page}]})
    assert parcel.remarks[0].progress is None


def test_looks_that_do_not_exist_here_are_told() -> None:
    entry = {**KOREADER["entries"][0], "drawer": "strikeout", "color": "olive", "image": {"png": "x"}}
    (parcel,) = read({**KOREADER, "entries": [entry]})
    assert [sentence.split(" ", 1)[1][:25] for sentence in parcel.lost] == [
        "annotation(s) were struck", "picture(s) of a page were", "annotation(s) have a colo",
    ]  # fmt: skip
    style = {"type": "builtin", "kind": "decoration", "which": "strikeout"}
    (parcel,) = read({**CALIBRE, "highlights": [{**CALIBRE["highlights"][0], "style": style}]})
    assert parcel.lost == ("1 highlight(s) were struck through: they come as underlines.",)


@pytest.mark.parametrize("entries", [{}, []])
def test_koreader_book_without_entries_is_said_to_hold_nothing(entries: Any) -> None:
    with pytest.raises(MargentError, match=r"notes\.json has no annotations in it"):
        read({**KOREADER, "entries": entries})


# -- Zotero ---------------------------------------------------------------------------------------------------------

ZOTERO: dict[str, Any] = {
    "key": "JKLM2345", "type": "highlight", "authorName": "Ana", "text": QUOTE, "comment": "Check <b>this</b>.",
    "pageLabel": "4", "color": "#ffd400", "sortIndex": "00002|00001310",
    "position": {"type": "FragmentSelector", "value": "epubcfi(/6/6!/4/6,/1:0,/1:31)"},
    "tags": [{"name": "Access"}], "dateModified": "2026-11-24T10:00:00Z",
}  # fmt: skip


def test_zotero_reader_and_service() -> None:
    (parcel,) = read([ZOTERO, {**ZOTERO, "key": "I", "type": "image", "text": "", "comment": ""}])
    (remark,) = parcel.remarks
    assert (remark.foreign, remark.exact, remark.note, remark.author, remark.page, remark.themes, remark.modified) == (
        "JKLM2345", QUOTE, "Check **this**.", "Ana", "4", ("Access",), TEN,
    )  # fmt: skip
    assert parcel.lost == ("1 picture(s) and drawing(s) were left out.",)
    data = {
        "itemType": "annotation", "annotationType": "underline", "annotationText": QUOTE, "annotationComment": "",
        "annotationColor": "#2ea8e5", "annotationPageLabel": "iv", "parentItem": "ABCD2345",
        "tags": [{"tag": "Access"}],
        "dateAdded": "2026-11-24T10:00:00Z", "dateModified": "2026-11-24T10:00:00Z",
    }  # fmt: skip
    (served,) = read([{"key": "K", "version": 1, "data": data}])[0].remarks
    assert (served.style, served.colour, served.page, served.themes) == ("underline", "blue", "iv", ("Access",))


ZOTERO_NOTE = (
    "# Annotations  \n(24/11/2026, 10:15:00)\n\n"
    f"“{QUOTE}” ([Policy unit, 2026, p. 4](zotero://select/library/items/ABCD2345)) "
    "([pdf](zotero://open-pdf/library/items/EFGH6789?page=4&annotation=JKLM2345)) Check with the mission.\n\n"
    "“Second words” ([Policy unit, 2026, p. 5](zotero://select/library/items/ABCD2345)) "
    "([pdf](zotero://open-pdf/library/items/EFGH6789?page=5&annotation=NOPQ2345))\n"
)


def test_zotero_note_in_markdown() -> None:
    (parcel,) = read(ZOTERO_NOTE.encode(), "note.md")
    assert [(one.foreign, one.exact, one.note, one.page) for one in parcel.remarks] == [
        ("JKLM2345", QUOTE, "Check with the mission.", "4"),
        ("NOPQ2345", "Second words", "", "5"),
    ]


# -- all of them ----------------------------------------------------------------------------------------------------

FULL = Parcel(
    "Margent",
    "Access brief",
    ("Policy unit",),
    "https://x.org/brief",
    (
        Remark(
            id="1" * 32, exact=QUOTE, prefix="a ", suffix=" b", start=5, end=36, note="Check.", author="Ana",
            created=TEN, modified=TEN, colour="blue", themes=("Access",), chapter="Access", page="4",
            kind="question", done=True,
            replies=(Remark(id="2" * 32, note="Done.", author="Bek", created=TEN, modified=TEN),),
        ),
        Remark(id="3" * 32, exact="Second words", start=50, end=62, created=TEN, modified=TEN, author="Ana"),
    ),
    text="x" * 100,
)  # fmt: skip


@pytest.mark.parametrize("program", programs.PROGRAMS)
def test_what_a_program_can_carry_comes_back_from_its_file(program: str) -> None:
    carries = programs.PROGRAMS[program].carries
    (back,) = programs.read(programs.write(program, [FULL]), f"x{programs.PROGRAMS[program].suffix}")
    assert back.title == "Access brief"
    for before, after in zip(FULL.remarks, back.remarks, strict=True):
        assert after.exact == before.exact
        assert before.note in after.note
        assert after.created == before.created or after.modified == before.modified
        assert after.author == (before.author if "authors" in carries else "")
        assert after.themes == (before.themes if "themes" in carries else ())
        assert after.colour == (before.colour if "colours" in carries else "yellow")
        assert after.kind == (before.kind if "kind" in carries else "note")
        assert after.done == (before.done if "done" in carries else False)
        if "replies" in carries:
            assert [(one.author, one.note) for one in after.replies] == [
                (one.author, one.note) for one in before.replies
            ]
        else:
            assert all(f"{one.author}: {one.note}" in after.note for one in before.replies)


@pytest.mark.parametrize("program", ["jsonld", "annotations", "readium", "hypothesis", "calibre", "zotero"])
def test_what_went_out_from_here_is_known_again_by_its_id(program: str) -> None:
    (back,) = programs.read(programs.write(program, [FULL]), f"x{programs.PROGRAMS[program].suffix}")
    assert [key_of(back, one) for one in back.remarks] == [one.id for one in FULL.remarks]


def test_underlines_that_cannot_go_along_are_told() -> None:
    parcel = replace(FULL, remarks=(replace(FULL.remarks[1], style="underline"),))
    assert programs.left_out("hypothesis", [parcel]) == [
        "Hypothesis (JSON) cannot carry that 1 highlight(s) are underlines."
    ]
    assert programs.left_out("zotero", [parcel]) == []


@pytest.mark.parametrize("program", programs.PROGRAMS)
def test_the_same_input_gives_the_same_bytes(program: str) -> None:
    assert programs.write(program, [FULL]) == programs.write(program, [FULL])


def test_what_stays_behind_is_said_before_it_does() -> None:
    assert programs.left_out("jsonld", [FULL]) == []
    assert len(programs.left_out("readwise", [FULL])) == 5
    assert programs.left_out("readwise", [replace(FULL, remarks=(replace(FULL.remarks[1], author=""),))]) == []


def test_rows_that_a_spreadsheet_would_reckon_are_written_as_they_are_and_warned_of() -> None:
    quote = '=HYPERLINK("http://x";"y")'
    parcel = replace(FULL, remarks=(replace(FULL.remarks[1], exact=quote, note="- a\n- b"), FULL.remarks[0]))
    assert programs.left_out("readwise", [parcel])[-1] == (
        "1 row(s) begin as formulas do: give the file to Readwise and to no spreadsheet."
    )
    (back,) = programs.read(programs.write("readwise", [parcel]), "x.csv")
    assert (back.remarks[0].exact, back.remarks[0].note) == (quote, "- a\n- b")


def test_places_that_are_not_known_are_not_made_up() -> None:
    (entry, _) = json.loads(programs.write("koreader", [replace(FULL, remarks=(FULL.remarks[1], FULL.remarks[1]))]))[
        "entries"
    ]
    assert "page" not in entry


def test_a_page_that_nobody_counts_to_goes_out_as_it_is_written() -> None:
    page = "7" * 5000
    (entry,) = json.loads(programs.write("koreader", [replace(FULL, remarks=(replace(FULL.remarks[1], page=page),))]))[
        "entries"
    ]
    assert entry["page"] == page


@pytest.mark.parametrize("program", ["koreader", "calibre"])
def test_pink_goes_out_as_red_where_there_is_none_and_comes_back(program: str) -> None:
    data = programs.write(program, [replace(FULL, remarks=(replace(FULL.remarks[1], colour="pink"),))])
    assert b'"red"' in data
    assert programs.read(data, "x.json")[0].remarks[0].colour == "pink"


def test_times_go_out_with_their_zone() -> None:
    assert b"2026-11-24 10:00:00+00:00" in programs.write("readwise", [FULL])
    assert all(item["created"].endswith("+00:00") for item in json.loads(hypothesis.write([FULL]))["annotations"])


@pytest.mark.parametrize(
    "data", [b"", b"Just a text.\n", b'{"a": 1}', b"[1, 2]", b"a,b\n1,2\n", b"PK\x05\x06" + bytes(18), b"{broken"]
)
def test_a_file_of_no_known_program_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(MargentError, match=r"odd\.bin"):
        programs.read(data, "odd.bin")


SAMPLES = [
    json.dumps(hypothesis_file(hypothesis_row("abc", "Check."))).encode(),
    READWISE.encode(),
    json.dumps(KOREADER).encode(),
    json.dumps(CALIBRE).encode(),
    json.dumps([ZOTERO]).encode(),
    ZOTERO_NOTE.encode(),
    (
        "Access brief (Unit, Policy)\n- Your Highlight on page 4 | Location 55-57 | Added on Tuesday, November 24, "
        f"2026 11:00:00 AM\n\n{QUOTE}\n==========\n"
    ).encode(),
    b'return { ["annotations"] = { [1] = { ["drawer"] = "lighten", ["text"] = "A \\065 \\\n b", } }, }',
]


@given(
    sample=st.sampled_from(SAMPLES),
    cuts=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 40), st.binary(max_size=12)), max_size=4),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(sample: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for at, length, with_ in cuts:
        sample = sample[:at] + with_ + sample[at + length :]
    try:
        found = programs.read(sample, "odd.bin")
    except MargentError as error:
        assert "odd.bin" in str(error)  # noqa: PT017 - either way is right
    else:
        assert all("\x00" not in remark.exact + remark.note for one in found for remark in one.remarks)


@pytest.mark.parametrize("value", [{"type": ["calibre_highlights"]}, {"type": {}}, {"type": 1.5}])
def test_json_whose_kind_is_no_word_is_of_no_known_program(value: Any) -> None:
    with pytest.raises(MargentError, match=r"notes\.json"):
        read(value)
