"""KOReader's own files beside books are read as tables, whichever way they are written, and never run."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from margent.errors import MargentError
from margent.exchange import programs
from margent.exchange.parcel import Parcel, key_of

pytestmark = pytest.mark.usefixtures("in_brussels")
QUOTE = "The corridor reopened on 3 May."
BOOK = """-- /mnt/onboard/Access.sdr/metadata.epub.lua
return {
    ["annotations"] = {
        [1] = {
            ["chapter"] = "Roads",
            ["color"] = "green",
            ["datetime"] = "2026-11-24 11:00:00",
            ["datetime_updated"] = "2026-11-24 12:00:00",
            ["drawer"] = "underscore",
            ["note"] = "Ask \\"them\\".\\
Then \\208\\182 wait.",
            ["page"] = "/body/DocFragment[9]/body/p[20]/text().58",
            ["pageno"] = 6,
            ["pos0"] = "/body/DocFragment[9]/body/p[20]/text().58",
            ["pos1"] = "/body/DocFragment[9]/body/p[20]/text().70",
            ["text"] = "The corridor reopened on 3 May.",
        },
        [2] = {
            ["datetime"] = "2026-11-24 11:50:00",
            ["page"] = "/body/DocFragment[9]/body/p[30]/text().0",
            ["text"] = "in Roads",
        },
    },
    ["doc_pages"] = 12,
    ["doc_props"] = {
        ["authors"] = "Policy unit\\
Other",
        ["title"] = "Access brief",
    },
    ["percent_finished"] = 0.05065,
    ["summary"] = { ["status"] = "reading", ["note"] = nil, ["ok"] = true, ["x"] = -1e3 },
}
"""


def read(text: str) -> Parcel:
    (parcel,) = programs.read(text.encode(), "metadata.epub.lua")
    return parcel


def test_highlights_with_their_notes_and_both_times() -> None:
    parcel = read(BOOK)
    (remark,) = parcel.remarks
    assert (parcel.title, parcel.authors) == ("Access brief", ("Policy unit", "Other"))
    assert (remark.exact, remark.note, remark.page, remark.progress) == (QUOTE, 'Ask "them".\nThen ж wait.', "6", 0.5)
    assert (remark.colour, remark.style, remark.chapter, remark.author) == ("green", "underline", "Roads", "")
    assert (remark.created, remark.modified) == (
        datetime(2026, 11, 24, 10, tzinfo=UTC), datetime(2026, 11, 24, 11, tzinfo=UTC),
    )  # fmt: skip
    assert parcel.lost == ("1 bookmark(s) without words were left out.",)


def test_a_changed_note_is_a_later_one_of_the_same_annotation() -> None:
    before, after = read(BOOK), read(BOOK.replace("Ask", "Tell").replace("12:00:00", "12:30:00"))
    assert key_of(before, before.remarks[0]) == key_of(after, after.remarks[0])


def test_as_older_versions_wrote_it() -> None:
    parcel = read("""return {
    ["bookmarks"] = {
        [1] = { ["highlighted"] = true, ["datetime"] = "2020-01-31 10:00:00", ["notes"] = "x", ["text"] = "Ask them." },
        [2] = { ["highlighted"] = true, ["datetime"] = "2020-01-31 11:00:00",
                ["text"] = "Page 5 Fuel is short. @ 2020-01-31 11:00:00" },
        [3] = { ["datetime"] = "2020-01-31 12:00:00", ["page"] = "x", ["notes"] = "in Roads" },
    },
    ["highlight"] = {
        [4] = { [1] = { ["datetime"] = "2020-01-31 10:00:00", ["drawer"] = "lighten", ["text"] = "It reopened." } },
        [5] = { [1] = { ["datetime"] = "2020-01-31 11:00:00", ["drawer"] = "lighten", ["text"] = "Fuel is short." } },
    },
    ["stats"] = { ["title"] = "Access brief", ["authors"] = "N/A" },
}""")
    assert [(one.exact, one.note, one.page) for one in parcel.remarks] == [
        ("It reopened.", "Ask them.", "4"), ("Fuel is short.", "", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        '{ annotations = { { drawer = "lighten", text = "Words", }, }, ["doc_props"] = {} }',
        "{ ['annotations'] = { { drawer = 'lighten'; text = [[Words]] }; }, -- said\n [\"doc_props\"] = 0x10 }",
        '{ --[[ long\n remark ]] ["annotations"] = { [1] = { drawer = "lighten", text = [==[\nWords]==] } } }',
    ],
)
def test_tables_as_lua_lets_them_be_written(table: str) -> None:
    assert [one.exact for one in read(f"return {table}").remarks] == ["Words"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOOK[:400], "too early|no part"),
        (BOOK.replace('"Roads"', 'os.execute("touch here")'), "“os” is no value"),
        (BOOK.replace('"Roads"', "function() end"), "“function” is no value"),
        (BOOK.replace('"Roads",', '"Roads"'), "where a comma belongs"),
        ('return { ["annotations"] = ' + "{" * 300, "no end|too early"),
        ('return { ["annotations"] = { } }', "no annotations in it"),
    ],
)
def test_what_is_no_table_is_refused_by_name_and_nothing_is_run(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MargentError, match=rf"metadata\.epub\.lua.*(?:{said})"):
        read(text)
    assert not list(tmp_path.iterdir())


def test_a_file_of_spaces_and_remarks_takes_no_time() -> None:
    begun = time.process_time()
    with pytest.raises(MargentError):
        read('return { ["annotations"] = ' + " \t" * 100_000 + "--x\n" * 50_000 + "!")
    assert time.process_time() - begun < 2
