"""What is found, where it leads, and that the index is in step with every edit."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Theme
from margent.document import Block, Document
from margent.errors import MargentError
from margent.library import asking, index, indexcheck, matching, tags
from margent.library.files import connect
from margent.library.store import Library
from margent.query import Hit, SearchResult

ENERGY = Document(
    "Energy corridors",
    (
        Block("heading", "Energy corridors", level=1),
        Block("paragraph", "Oil and gas 🛢 draw money from Europe. The negotiators of the Union met in Zürich."),
        Block("paragraph", "Қазақстан Республикасы sells uranium; reforms were delayed."),
    ),
    authors=("A. Novák",),
    language="en",
)
WATER = Document("Вода", (Block("paragraph", "Каспийское море мелеет, говорят учёные о реках."),), language="ru")
CHINA = Document("能源", (Block("paragraph", "中国的能源政策正在改变。"),), language="zh")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library")) as opened:
        yield opened


@pytest.fixture
def energy(library: Library) -> DocumentRecord:
    for document in (WATER, CHINA):
        library.add_document(document, origin="x", original=document.text.encode())
    return library.add_document(ENERGY, origin="energy.md", original=b"energy")


def only(change: Change) -> Any:
    (value,) = change.after.values()
    return value


def note(library: Library, record: DocumentRecord, words: str, **rest: Any) -> Annotation:
    text = library.text(record.revision)
    start = text.index(words)
    made = only(library.apply(edits.annotate(record, text, start, start + len(words), **rest)))
    assert isinstance(made, Annotation)
    return made


def titles(result: SearchResult) -> list[str]:
    return [group.title for group in result.groups]


def found(library: Library, query: str) -> list[tuple[str, str]]:
    """Where something was found, and what of it is marked."""
    return [
        (hit.where, "|".join(hit.snippet[start:end] for start, end in hit.marks))
        for group in library.search(query, typing=False).groups
        for hit in group.hits
    ]


def faults(library: Library) -> list[str]:
    assert library._index.is_there
    with closing(connect(library.path)) as connection:
        return indexcheck.faults(connection)


# -- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "where", "marked"),
    [
        ("gas", "text", "gas"),
        ("GAS", "text", "gas"),
        ("negotiator", "text", "negotiators"),
        ("reform", "text", "reforms"),
        ("zurich", "text", "Zürich"),
        ("казакстан", "text", "Қазақстан"),
        ("Қазақстан", "text", "Қазақстан"),
        ('"oil and gas"', "text", "Oil and gas"),
        ("oil europe", "text", "Oil|Europe"),
        ("corridor", "title", "corridors"),
        ("река", "text", "реках"),
        ("ученые", "text", "учёные"),
        ("政策", "text", "政策"),
        ("能源", "title", "能源"),
    ],
)
def test_words_are_found_and_marked(
    library: Library, energy: DocumentRecord, query: str, where: str, marked: str
) -> None:
    assert found(library, query)[0] == (where, marked)


@pytest.mark.parametrize(
    "query",
    ['"gas and oil"', '"negotiator"', "gas -europe", "zzz", "-gas", "author:nobody", "in:notes gas",
     "in:titles gas", "kind:question", "theme:none gas", "before:2001 gas", "ga"],
)  # fmt: skip
def test_nothing_is_found_where_nothing_is_meant(library: Library, energy: DocumentRecord, query: str) -> None:
    assert found(library, query) == []


@pytest.mark.parametrize(
    ("typed", "hits"), [("ne", True), ("negotiat", True), ("negotiatio", False), ("каза", True), ("казак", True)]
)
def test_the_last_word_is_found_while_it_is_typed(
    library: Library, energy: DocumentRecord, typed: str, hits: bool
) -> None:
    assert (titles(library.search(typed)) == ["Energy corridors"]) == hits


def test_a_hit_leads_to_its_words(library: Library, energy: DocumentRecord) -> None:
    (group,) = library.search("uranium").groups
    (hit,) = group.hits
    assert (group.document, group.origin, group.total) == (energy.id, "energy.md", 1)
    assert (hit.revision, ENERGY.text[hit.start : hit.end]) == (energy.revision, "uranium")
    assert "\n" not in hit.snippet


def test_notes_and_quotes_are_found(library: Library, energy: DocumentRecord) -> None:
    asked = note(library, energy, "Oil and gas", note="Who *pays* for pipelines?", kind="question", author="B. Ómarr")
    library.apply(edits.reply(asked, "The fund pays.", author="C"))
    assert sorted(found(library, "pays")) == [("note", "pays"), ("note", "pays")]
    assert found(library, "pipeline") == [("note", "pipelines")]
    assert ("quote", "gas") in found(library, "gas")
    assert found(library, "in:quotes gas") == [("quote", "gas")]
    assert found(library, "in:notes gas") == []
    (group,) = library.search("in:quotes gas").groups
    assert (group.hits[0].annotation, group.hits[0].start, group.hits[0].end) == (asked.id, asked.start, asked.end)


def test_fields_narrow_what_is_found(library: Library, energy: DocumentRecord) -> None:
    law, trade = (only(library.apply(edits.new_theme(name, "teal"))) for name in ("Law and order", "Trade"))
    assert isinstance(law, Theme)
    note(library, energy, "gas", note="first", kind="question", colour="pink", themes=[law.id], author="Bo Ómarr")
    note(library, energy, "uranium", note="second", kind="action", colour="blue", themes=[trade.id])
    for query in ("kind:question", "colour:pink", 'theme:"law order"', "author:omarr", "author:bo kind:que", "first"):
        assert [hit.snippet for hit in library.search(query).groups[0].hits if hit.where == "note"] == ["first"], query
    assert found(library, "kind:question second") == []
    assert found(library, "kind:question kind:action in:notes") == [("note", ""), ("note", "")]
    assert titles(library.search("author:novak")) == ["Energy corridors"]
    assert titles(library.search("after:1d in:notes")) == ["Energy corridors"]
    assert library.search("before:2001").groups == ()
    assert "no theme" in library.search("theme:nothing gas").problem


def test_a_theme_is_found_where_it_stands(library: Library, energy: DocumentRecord) -> None:
    law = only(library.apply(edits.new_theme("Sanctions policy", "teal")))
    library.apply(edits.set_passage(energy, law, 17, 30, "chosen"))
    (group,) = library.search("sanction").groups
    assert [(hit.where, hit.start, hit.snippet) for hit in group.hits] == [("theme", 17, "Sanctions policy")]
    library.apply(edits.set_passage(energy, law, 35, 40, "chosen"))
    whole = library.search_in(energy.id, "sanction")
    assert whole is not None
    text = ENERGY.text
    assert [hit.snippet for hit in whole.hits] == [
        f"Sanctions policy: {text[17:30]}",
        f"Sanctions policy: {text[35:40].strip()}",
    ]
    assert [hit.marks for hit in whole.hits] == [((0, 9),)] * 2
    library.apply(edits.delete_theme(law))
    assert library.search("sanction").groups == ()


def test_a_title_counts_more_than_a_text(library: Library) -> None:
    for number, (title, text) in enumerate([("Tax", "About water."), ("Other", "Tax."), *[("x", "y")] * 9]):
        document = Document(title, (Block("paragraph", text),), language="en")
        library.add_document(document, origin="x", original=bytes([number]))
    assert titles(library.search("tax")) == ["Tax", "Other"]
    assert titles(library.search("tax", 1)) == ["Tax"]


def paper(library: Library, number: int, title: str, text: str) -> DocumentRecord:
    document = Document(title, (Block("paragraph", text),), language="en")
    return library.add_document(document, origin="x", original=f"{number} {title}".encode())


def bound(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Have no more than so many texts and notes ranked, instead of hundreds."""
    monkeypatch.setattr(matching, "TEXT_INDEX", asking.TEXT_INDEX._replace(most=most))
    monkeypatch.setattr(matching, "NOTE_INDEX", asking.NOTE_INDEX._replace(most=most))
    monkeypatch.setattr(asking, "FEW", most - 1)


def test_of_a_common_word_the_newest_are_ranked(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        paper(library, number, f"Paper {number}", "Common words.")
    assert library.search("common").complete
    bound(monkeypatch, 3)
    result = library.search("common")
    assert sorted(titles(result)) == ["Paper 3", "Paper 4", "Paper 5"]
    assert not result.complete


def test_among_many_none_is_missed_that_has_the_word_in_its_title_in_a_note_or_again_and_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper(library, 0, "The tax of old", "Common words about tax.")
    paper(library, 1, "About it", "Common tax: whoever pays tax knows that tax is common, for tax is due.")
    noted = paper(library, 2, "With a note", "Common words, and tax.")
    paper(library, 3, "Nothing more", "Common words, and tax.")
    note(library, noted, "words", note="What of this tax?")
    for number in range(6):
        paper(library, 4 + number, f"Paper {number}", "Common words, and tax.")
    bound(monkeypatch, 3)
    for query in ("tax", "tax common", "tax -nothing"):
        result = library.search(query)
        assert {"The tax of old", "About it", "Paper 3", "Paper 4", "Paper 5"} <= set(titles(result)), query
    assert "Nothing more" not in titles(library.search("tax"))
    groups = {group.title: group for group in library.search("tax").groups}
    assert [hit.where for hit in groups["With a note"].hits] == ["note", "text"]
    assert titles(library.search("tax"))[0] == "The tax of old"


@pytest.mark.parametrize(
    ("query", "found_apart"),
    [
        ("tax ferry", True), ("ferry tax", True), ('"the tax" ferry', True), ("tax harbour", True), ("tax quay", True),
        ("title tax ferry", True), ("tax ferry -boat", True), ("after:2020 tax ferry", True), ("taxes ferries", True),
        ("in:text,notes tax ferry", True), ("tax -ferry quay", True), ("tax ferry missing", False),
        ("in:text tax ferry", False), ("before:2020 tax ferry", False),
        ("tax ferry -rises", False), ("kind:note tax ferry", False), ('"tax ferry"', False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indexed", [True, False])
def test_words_in_different_places_of_a_document_are_found_after_those_in_one(
    library: Library, query: str, *, found_apart: bool, indexed: bool
) -> None:
    apart = paper(library, 0, "Title", "The tax rises.\n\nNobody wonders.")
    note(library, apart, "Nobody", note="Who pays for the ferry?")
    note(library, apart, "wonders", note="At the quay.")
    harbour = only(library.apply(edits.new_theme("Harbour", "teal")))
    library.apply(edits.set_passage(apart, harbour, 4, 7, "chosen"))
    paper(library, 1, "Ferries", "A ferry, and no more.")
    library._index.is_there = indexed
    assert ("Title" in titles(library.search(query, typing=False))) == found_apart
    one = paper(library, 2, "In one place", "A title for the tax on a ferry at the quay of the harbour.")
    if found_apart and ":" not in query and "-" not in query and '"' not in query:
        assert titles(library.search(query, typing=False)) == ["In one place", "Title"]
        hits = library.search(query, typing=False).groups[1].hits
        assert len(hits) >= 2
        assert one.id != apart.id


def test_of_common_words_in_different_places_the_rare_one_says_where_to_look(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FEW", 3)
    for number in range(9):
        filler = paper(library, number, f"Paper {number}", "Common words.")
        note(library, filler, "words", note="often")
    apart = paper(library, 10, "Apart", "Common words about taxes.")
    note(library, apart, "words", note="the ferry, often")
    assert titles(library.search("common ferry")) == ["Apart"]
    assert titles(library.search("often taxes")) == ["Apart"]
    assert titles(library.search("common taxes ferry often")) == ["Apart"]
    assert library.search("common ferry taxes absent").groups == ()


def test_all_places_of_one_document_are_found(library: Library, energy: DocumentRecord) -> None:
    many = paper(
        library, 0, "Water", " ".join(f"In paragraph {n} water is told of at length. {'x ' * 200}" for n in range(60))
    )
    for _ in range(4):
        note(library, many, "paragraph", note="more water")
    (group,) = library.search("water").groups
    assert len(group.hits) == 5
    assert (group.total, group.counted) == (29, False)
    whole = library.search_in(many.id, "water")
    assert whole is not None
    assert (len(whole.hits), whole.total, whole.counted) == (65, 65, True)
    assert [hit.where for hit in whole.hits][:6] == ["title", "note", "note", "note", "note", "text"]
    starts = [hit.start for hit in whole.hits if hit.where == "text"]
    assert starts == sorted(starts)
    assert library.search_in(energy.id, "water") is None
    assert library.search_in(many.id, "") is None
    assert library.search_in(many.id, "theme:nothing water") is None
    (group,) = library.search("water", hits=2).groups
    assert [hit.where for hit in group.hits] == ["title", "note"]
    library._index.is_there = False
    assert library.search_in(many.id, "water") == whole._replace(score=library.search("water").groups[0].score)


def test_a_long_text_is_found_in_all_its_parts(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PART", 400)
    begins, middle, ends = "Alpha opens it.", "Gas in the middle.", "Omega closes it."
    filler = "\n".join("Words that say nothing much at all, one line after another." for _ in range(12))
    record = paper(library, 0, "Long", f"{begins}\n{filler}\n{middle}\n{filler}\n{ends}")
    paper(library, 1, "Short", "Gas alone.")
    with library._reading() as connection:
        rows = connection.exec_driver_sql("SELECT part, start, size FROM search_text ORDER BY id").all()
    assert [row[0] for row in rows[:-1]] == [0, 1, 2, 3]
    text = library.text(record.revision)
    assert [row[1] for row in rows[1:-1]] == [row[1] + row[2] for row in rows[:-2]]
    assert sum(row[2] for row in rows[:-1]) == len(text)
    assert faults(library) == []
    for query, expected in [
        ("alpha", ["Long"]), ("omega", ["Long"]), ("alpha omega", ["Long"]), ('"closes it"', ["Long"]),
        ("gas", ["Short", "Long"]), ("gas -omega", ["Short"]), ("long omega", ["Long"]), ("alpha beta", []),
    ]:  # fmt: skip
        assert titles(library.search(query, typing=False)) == expected, query
    assert library.known_by(["gas"]) == (2, {"gas": 2})
    assert library.search("omega").groups[0].hits[0].start == text.index("Omega")
    library.apply(edits.edit_document(record, title="Renamed"))
    assert titles(library.search("renamed omega")) == ["Renamed"]
    assert library.search("long omega").groups == ()
    assert faults(library) == []
    library.apply(edits.edit_document(library.record(record.id), language="kk", authors=["Zhao"]))
    assert titles(library.search("author:zhao omega")) == ["Renamed"]
    assert faults(library) == []


def test_the_text_that_is_read_now_is_searched(library: Library) -> None:
    key = "b0" * 16
    library.seed([(Document("Old", (Block("paragraph", "Ancient words."),)), b"first", key)])
    library.seed([(Document("New", (Block("paragraph", "Modern words."),)), b"second", key)])
    assert titles(library.search("modern")) == ["New"]
    assert library.search("ancient").groups == ()
    assert faults(library) == []


@pytest.mark.parametrize(
    "text", ["", " ", '"', "-", "*", "theme:", "a\x00b", "\ud800", "NEAR(", "a OR", "^x", "{text}", "🛢"]
)
def test_anything_typed_is_safe(library: Library, energy: DocumentRecord, text: str) -> None:
    assert isinstance(library.search(text), SearchResult)


_ODD = [
    "\x00", "\ud800", '"', "“", ":", "-", "*", "^", "{", "}", "(", ")", "AND", "OR", "NOT", "NEAR(",
    ",", "+", "\\", "'", ";--",
    "theme:", "kind:", "colour:", "author:", "in:", "before:", "after:", "7d", "9999y", "2026", "\ue000d", "\u200f",
    "ß", "İ",
    "title:", "rowid", "%", "_", "\u0301", "🛢",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.text(max_size=20)
    | st.text('"-:*()^{} aAéҚ中theminko', max_size=20)
    | st.lists(st.sampled_from([*_ODD, "gas", "oil", "Қаз", "中", " ", " "]), max_size=30).map("".join)
)
def test_nothing_typed_raises(library: Library, text: str) -> None:
    if not library.records():
        record = library.add_document(ENERGY, origin="x", original=b"x")
        note(library, record, "gas", note="oil and more")
    for group in library.search(text).groups:
        assert library.search_in(group.document, text) is not None
        for hit in group.hits:
            assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marks)


# -- in step with edits -----------------------------------------------------------------------------------------------


def test_every_edit_is_found_at_once(library: Library, energy: DocumentRecord) -> None:
    made = note(library, energy, "gas", note="alpha")
    changed = library.apply(edits.set_note(made, "beta"))
    assert (found(library, "alpha"), found(library, "beta")) == ([], [("note", "beta")])
    library.apply(changed.inverse())
    assert (found(library, "alpha"), found(library, "beta")) == ([("note", "alpha")], [])
    now = library.annotations()[0]
    gone = library.apply(edits.delete([now]))
    assert found(library, "alpha") == []
    library.apply(gone.inverse())
    assert found(library, "alpha") == [("note", "alpha")]
    library.apply(edits.set_kind(library.annotations(), "action"))
    assert found(library, "kind:action") == [("note", "")]
    assert faults(library) == []


def test_a_title_and_a_language_that_are_edited_are_found(library: Library, energy: DocumentRecord) -> None:
    library.apply(edits.edit_document(energy, title="Pipelines", authors=["Z. Zhao"]))
    assert titles(library.search("pipeline")) == ["Pipelines"]
    assert titles(library.search("author:zhao")) == ["Pipelines"]
    assert library.search("author:novak").groups == ()
    library.apply(edits.edit_document(library.record(energy.id), language="kk"))
    assert found(library, "reform") == []
    assert faults(library) == []


def test_what_is_in_the_bin_is_not_found_until_it_is_back(library: Library, energy: DocumentRecord) -> None:
    note(library, energy, "gas", note="alpha")
    gone = library.apply(edits.delete_documents([energy]))
    assert [found(library, query) for query in ("uranium", "alpha", "after:1d energy")] == [[], [], []]
    library.apply(gone.inverse())
    assert found(library, "alpha") == [("note", "alpha")]
    assert faults(library) == []


def test_a_change_that_is_refused_leaves_the_index_as_it_was(library: Library, energy: DocumentRecord) -> None:
    made = note(library, energy, "gas", note="alpha")
    library.apply(edits.set_note(made, "beta"))
    with pytest.raises(Exception, match="changed"):
        library.apply(edits.set_note(made, "gamma"))
    assert (found(library, "gamma"), found(library, "beta")) == ([], [("note", "beta")])


def test_another_process_and_a_later_start_find_the_same(library: Library, energy: DocumentRecord) -> None:
    with closing(Library.open(library.folder)) as other:
        note(other, energy, "gas", note="alpha")
        assert found(library, "alpha") == [("note", "alpha")]
    library.close()
    with closing(Library.open(library.folder)) as again:
        assert found(again, "alpha") == [("note", "alpha")]


def test_the_index_is_made_anew_from_what_the_library_holds(library: Library, energy: DocumentRecord) -> None:
    note(library, energy, "gas", note="alpha")
    before = [library.search(query).groups for query in ("alpha", "gas", "the")]
    with library._writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = 'older' WHERE key = 'search'")
        connection.exec_driver_sql("DELETE FROM search_note")
    library.close()
    with closing(Library.open(library.folder)) as again:
        assert [again.search(query).groups for query in ("alpha", "gas", "the")] == before
        assert faults(again) == []


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE search_note SET note = 'other'", "does not know"),
        ("UPDATE search_stems SET stems = 'other'", "does not say"),
        ("DELETE FROM search_note", "does not know"),
        ("DELETE FROM annotation_theme", "does not know"),
        ("DELETE FROM found_text_data WHERE id > 10", "does not say"),
        ("DELETE FROM found_note_idx", "does not say"),
        ("DELETE FROM found_text_idx", "does not say"),
        ("DELETE FROM found_text_config", "does not say"),
        ("UPDATE search_text SET language = 'fi'", "not its language"),
        ("DELETE FROM search_filed", "does not know"),
        ("UPDATE annotation SET note = 'other'", "does not know"),
        ("UPDATE document SET title = 'other'", "does not know"),
    ],
)
def test_an_index_out_of_step_is_told(library: Library, energy: DocumentRecord, sql: str, says: str) -> None:
    theme = only(library.apply(edits.new_theme("Trade", "teal")))
    note(library, energy, "gas", note="alpha", themes=[theme.id])
    assert faults(library) == []
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(sql)
    assert any(says in sentence for sentence in faults(library))


@pytest.mark.parametrize(
    "sql", ["DROP VIEW search_text_view", "DROP TABLE search_note", "DROP TABLE found_text", "DROP TABLE found_words"]
)
def test_an_index_with_something_missing_is_made_anew(library: Library, energy: DocumentRecord, sql: str) -> None:
    note(library, energy, "gas", note="alpha")
    library.close()
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(sql)
    with closing(Library.open(library.folder)) as again:
        assert found(again, "alpha") == [("note", "alpha")]
        assert faults(again) == []


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM search_text", "DELETE FROM search_note", "DELETE FROM search_stems",
     "UPDATE search_text SET part = 1", "UPDATE search_text SET title = 'other'"],
)  # fmt: skip
def test_a_broken_index_is_no_crash_and_is_made_anew_when_asked(
    library: Library, energy: DocumentRecord, sql: str
) -> None:
    note(library, energy, "gas", note="alpha")
    before = library.search("energy gas", typing=False).groups
    library.close()
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(sql)
    with closing(Library.open(library.folder)) as again:
        again.search("energy gas", typing=False)
        assert faults(again) != []
        again.rebuild_index()
        assert faults(again) == []
        assert again.search("energy gas", typing=False).groups == before


def test_an_index_that_breaks_is_told_and_made_anew_by_the_next_start(library: Library, energy: DocumentRecord) -> None:
    before = library.search("energy gas", typing=False).groups
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute("DELETE FROM found_text_data WHERE id > 10")
    with pytest.raises(MargentError, match="check --rebuild"):
        library.search("energy gas", typing=False)
    library.close()
    with closing(Library.open(library.folder)) as again:
        assert again.search("energy gas", typing=False).groups == before
        assert faults(again) == []


@pytest.mark.parametrize(
    "sql",
    ["UPDATE found_note_data SET block = x'00' WHERE id = 10", "UPDATE found_text_data SET block = x'00' WHERE id = 10",
     "UPDATE found_note_data SET block = x'ffffffffffff' WHERE id <> 10", "DELETE FROM found_note_data WHERE id > 10",
     "DELETE FROM found_note_docsize", "DELETE FROM found_text_config", "DELETE FROM found_note_data",
     "UPDATE found_text_data SET block = x'ffffffffffff' WHERE id <> 10"],
)  # fmt: skip
def test_no_note_and_no_document_is_lost_for_a_broken_index(library: Library, energy: DocumentRecord, sql: str) -> None:
    first = note(library, energy, "gas", note="alpha")
    library.close()
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(sql)
    with closing(Library.open(library.folder)) as broken:
        note(broken, energy, "Oil", note="beta")
        broken.apply(edits.set_note(first, "gamma"))
        added = broken.add_document(Document("New", ENERGY.blocks[:1]), origin="n", original=b"n")
        assert {value.note for value in broken.annotations(energy.id)} == {"beta", "gamma"}
        assert broken.record(added.id).title == "New"
        noticed = not broken._index.is_there
        if noticed:
            assert found(broken, "beta") == [("note", "beta")]
    with closing(Library.open(library.folder)) as again:
        if not noticed:  # nothing that was written met the damage
            again.rebuild_index()
        assert {*found(again, "beta"), *found(again, "gamma")} == {("note", "beta"), ("note", "gamma")}
        assert found(again, "alpha") == []
        assert "New" in titles(again.search("corridors"))
        assert faults(again) == []


def test_an_index_that_breaks_while_it_is_used_is_left_for_the_texts(library: Library, energy: DocumentRecord) -> None:
    note(library, energy, "gas", note="alpha")
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute("UPDATE found_note_data SET block = x'ffffffffffff' WHERE id > 10")
        connection.execute("DELETE FROM found_note_docsize")
        connection.execute("DROP TABLE search_filed")
    note(library, energy, "Oil", note="beta")
    assert not library._index.is_there
    assert [found(library, words) for words in ("alpha", "beta")] == [[("note", "alpha")], [("note", "beta")]]
    library.close()
    with closing(Library.open(library.folder)) as again:
        assert [found(again, words) for words in ("alpha", "beta")] == [[("note", "alpha")], [("note", "beta")]]
        assert faults(again) == []


def test_where_sqlite_has_no_index_the_library_works_and_is_indexed_later(
    library: Library, energy: DocumentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()
    monkeypatch.setattr(index, "_has_fts5", lambda _: False)
    with closing(Library.open(library.folder)) as without:
        assert "FTS5" in without.search("uran").problem
        note(without, energy, "uranium", note="beta")
        assert found(without, "beta") == [("note", "beta")]
    monkeypatch.undo()
    with closing(Library.open(library.folder)) as again:
        assert found(again, "beta") == [("note", "beta")]
        assert faults(again) == []


@pytest.mark.parametrize(
    "query",
    [
        "gas", "GAS", "reform", '"oil and gas"', '"gas and oil"', "zurich", "novak", "казахстан", "учёные", "能源",
        "uran", "corridor negotiator", "gas -europe", "gas -nothing", "author:novak", "author:nov gas",
        "author:smith gas",
        "theme:trade", "theme:trade gas", "theme:none", "kind:question", "kind:question gas", "colour:pink", "alpha",
        "in:notes gas", "in:quotes gas", "in:text gas", "in:titles energy", "after:2020 gas", "before:2020 gas",
        "after:2020", "before:2020", "after:2020 kind:question", "trade", "", '"', "-gas", "xyzzy", "in:notes -alpha",
        "reply", "binned",
    ],
)  # fmt: skip
@pytest.mark.parametrize("typing", [False, True])
def test_without_an_index_the_same_documents_are_found(
    library: Library, energy: DocumentRecord, query: str, *, typing: bool
) -> None:
    theme = only(library.apply(edits.new_theme("Trade", "teal")))
    made = note(library, energy, "gas", note="alpha", themes=[theme.id], kind="question", colour="pink")
    note(library, energy, "uranium", note="Негосударственные реформы")
    library.apply(edits.reply(made, "A reply about gas"))
    gone = library.add_document(Document("Binned gas", ENERGY.blocks, language="en"), origin="b", original=b"binned")
    library.apply(edits.delete_documents([gone]))
    indexed = library.search(query, typing=typing)
    library._index.is_there = False
    read = library.search(query, typing=typing)
    assert shown(read) == shown(indexed)
    if indexed.groups:
        assert read.problem.endswith("takes longer.")


def shown(result: SearchResult) -> list[tuple[str, int, list[Hit]]]:
    return sorted((group.document, group.total, sorted(group.hits)) for group in result.groups)


def test_dates_are_those_of_the_notes_and_the_documents_coming_in(library: Library, energy: DocumentRecord) -> None:
    made = replace(
        only(edits.annotate(energy, ENERGY.text, 17, 20, note="old")), created=datetime(2020, 5, 6, tzinfo=UTC)
    )
    library.apply(Change("x", {made.id: None}, {made.id: made}))
    assert found(library, "before:2021 old") == [("note", "old")]
    assert found(library, "after:2021 old") == []
    assert found(library, "before:2021") == [("note", "")]


def test_a_date_that_changes_is_followed_and_dates_count_to_the_second(
    library: Library, energy: DocumentRecord
) -> None:
    made = only(edits.annotate(energy, ENERGY.text, 17, 20, note="old"))
    at = [
        datetime(2020, 5, 6, 7, 8, 9, 999_000, tzinfo=UTC),
        datetime(2020, 5, 6, tzinfo=UTC),
        datetime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    first, second, last = (
        replace(made, created=moment.replace(microsecond=moment.microsecond // 1000 * 1000)) for moment in at
    )
    library.apply(Change("x", {made.id: None}, {made.id: first}))
    for now, then in ((first, second), (second, last), (last, first)):
        before = library.annotations()[0]
        library.apply(Change("x", {made.id: before}, {made.id: replace(now, modified=before.modified)}))
        assert faults(library) == []
        day = f"{now.created:%Y-%m-%d}"
        assert found(library, f"after:{day} old") == [("note", "old")]
        assert found(library, f"before:{day} old") == []
        assert then is not now


def test_many_notes_of_one_second_have_their_places(
    library: Library, energy: DocumentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "_BITS", 1)
    moment = datetime(2020, 5, 6, tzinfo=UTC)
    for number in range(5):
        made = replace(only(edits.annotate(energy, ENERGY.text, 17, 20, note=f"n{number}")), created=moment)
        library.apply(Change("x", {made.id: None}, {made.id: made}))
    assert len(library.search("in:notes n0").groups) == 1
    assert faults(library) == []
    assert library.search("oil").groups[0].total == 6


# -- what belongs to a theme ------------------------------------------------------------------------------------------


def test_a_dossier_has_what_belongs_to_its_themes_by_document(library: Library, energy: DocumentRecord) -> None:
    other = library.add_document(
        Document("Tax", (Block("paragraph", "Reforms again."),), language="en"), origin="x", original=b"tax"
    )
    reform, law = (
        only(library.apply(edits.new_theme(name, "teal", words)))
        for name, words in (("Reform", ["reform", "negotiator"]), ("Law", []))
    )
    start = ENERGY.text.index("Oil")
    library.apply(edits.set_passage(energy, reform, start, start + 11, "chosen"))
    made = note(library, energy, "uranium", note="Why?", themes=[law.id])
    library.apply(edits.reply(made, "Because."))
    note(library, energy, "gas", themes=[])
    (row,) = library.theme_rows([reform.id, law.id])
    assert row.record.id == energy.id
    assert [(entry.text, entry.source, entry.themes) for entry in row.entries] == [
        ("Oil and gas", "chosen", (reform.id,)),
        ("uranium", "annotation", (law.id,)),
    ]
    assert row.entries[1].annotation == made
    assert library.theme_rows([]) == []
    suggested = list(library.suggested_rows([reform.id, law.id]))
    assert [(found.record.id, [entry.text for entry in found.entries]) for found in suggested] == [
        (other.id, ["Reforms again."]),
        (energy.id, [ENERGY.blocks[2].text]),  # the block with the negotiators has a passage already
    ]
    assert [row.record.id for row in library.suggested_rows([reform.id], documents=[energy.id])] == [energy.id]
    told: list[tuple[int, int]] = []

    def going(done: int, of: int) -> bool:
        told.append((done, of))
        return done < 1

    assert [row.record.id for row in library.suggested_rows([reform.id], going=going)] == [other.id]
    assert told == [(0, 2), (1, 2)]
    library.apply(edits.delete_documents([library.record(energy.id)]))
    assert library.theme_rows([reform.id]) == []
    assert [found.record.id for found in library.suggested_rows([reform.id])] == [other.id]


def test_how_many_documents_know_a_word(library: Library, energy: DocumentRecord) -> None:
    assert library.known_by(["reform", "nothing"]) == (3, {"reform": 1})
