"""Two states of a document compared block by block and word by word."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.comparing import Comparison, compare, shown
from margent.document import Block, Document, Mark

TEXTS = st.sampled_from(
    [
        "The council meets every year in spring to review the budget.",
        "The council meets every year in autumn to review the budget and the annex.",
        "Member states shall send their reports before the end of March.",
        "Member states shall send reports.",
        "Annex",
        "",
        "水とお茶",
        "a\tb\nc\td",
    ]
)
KINDS = st.sampled_from(["paragraph", "heading", "table"])
BLOCKS = st.tuples(KINDS, TEXTS).map(lambda pair: Block(*pair))
DOCUMENTS = st.lists(BLOCKS, max_size=9).map(lambda blocks: Document("T", tuple(blocks)))


def paragraphs(*texts: str) -> Document:
    return Document("T", tuple(Block("paragraph", text) for text in texts))


def kinds(comparison: Comparison) -> list[tuple[str, int, int]]:
    return [(row.kind, row.old, row.new) for row in comparison.rows]


COUNCIL = "The council meets every year in spring to review the budget of the programme."
STATES = "Member states shall send their reports before the end of March."
ANNEX = "The annex lists seven measures that were agreed in Almaty."


def test_a_block_that_came_one_that_changed_and_one_that_went_are_told_apart() -> None:
    old = paragraphs(COUNCIL, STATES, ANNEX, "Last")
    new = paragraphs("Nobody had written this before.", COUNCIL, STATES.replace("their", "their annual"), "Last")
    comparison = compare(old, new)
    assert kinds(comparison) == [
        ("added", -1, 0),
        ("same", 0, 1),
        ("changed", 1, 2),
        ("removed", 2, -1),
        ("same", 3, 3),
    ]
    assert comparison.changes == ((0, 1), (2, 3), (3, 4))
    assert [comparison.change_of(row) for row in range(5)] == [0, -1, 1, 2, -1]


def test_neighbours_that_went_and_came_are_one_change() -> None:
    comparison = compare(paragraphs(COUNCIL, STATES, "Last"), paragraphs(ANNEX, "Something else here", "Last"))
    assert [row.kind for row in comparison.rows] == ["removed", "removed", "added", "added", "same"]
    assert comparison.changes == ((0, 4),)


def test_equal_texts_have_no_changes() -> None:
    comparison = compare(paragraphs(COUNCIL, "", STATES), paragraphs(COUNCIL, "", STATES))
    assert comparison.changes == ()
    assert {row.kind for row in comparison.rows} == {"same"}


def test_a_block_that_moved_is_removed_here_and_added_there() -> None:
    comparison = compare(paragraphs(ANNEX, COUNCIL, STATES), paragraphs(COUNCIL, STATES, ANNEX))
    assert kinds(comparison) == [("removed", 0, -1), ("same", 1, 0), ("same", 2, 1), ("added", -1, 2)]


def test_nothing_compared_with_something() -> None:
    assert kinds(compare(paragraphs(), paragraphs(COUNCIL))) == [("added", -1, 0)]
    assert kinds(compare(paragraphs(COUNCIL), paragraphs())) == [("removed", 0, -1)]
    assert compare(paragraphs(), paragraphs()).rows == ()


@given(DOCUMENTS, DOCUMENTS)
def test_the_rows_give_back_both_documents(old: Document, new: Document) -> None:
    comparison = compare(old, new)
    assert [row.old for row in comparison.rows if row.old >= 0] == [*range(len(old.blocks))]
    assert [row.new for row in comparison.rows if row.new >= 0] == [*range(len(new.blocks))]
    for row in comparison.rows:
        before = "".join(part.text for part in row.parts if part.op != "added")
        after = "".join(part.text for part in row.parts if part.op != "removed")
        assert row.old < 0 or before == old.blocks[row.old].text
        assert row.new < 0 or after == new.blocks[row.new].text
        assert (row.kind == "same") == (row.old >= 0 and row.new >= 0 and before == after)


@given(DOCUMENTS, DOCUMENTS)
def test_the_inline_text_without_what_came_is_the_old_one_and_without_what_went_the_new_one(
    old: Document, new: Document
) -> None:
    inline, spans = compare(old, new).inline()
    for op, expected in (("added", old), ("removed", new)):
        text = list(inline.text)
        for span in spans:
            assert span.start < span.end
            if span.op == op:
                text[span.start : span.end] = [""] * (span.end - span.start)
        left = [line for line in "".join(text).replace("\u2005", "").split("\n") if line]
        assert left == [line for line in expected.text.split("\n") if line]


@given(DOCUMENTS, DOCUMENTS)
def test_what_went_and_what_came_are_found_at_their_places_in_either_text(old: Document, new: Document) -> None:
    comparison = compare(old, new)
    gone, come = comparison.sides()
    for row in comparison.rows:
        for part in row.parts:
            if part.op == "removed":
                assert any(old.text[span.start : span.end] == part.text for span in gone)
            elif part.op == "added":
                assert any(new.text[span.start : span.end] == part.text for span in come)
    assert gone == sorted(gone)
    assert come == sorted(come)
    for span in (*gone, *come):
        assert 0 <= span.change < len(comparison.changes)


@given(DOCUMENTS, DOCUMENTS, st.floats(0, 1))
def test_a_place_in_one_text_leads_to_a_place_in_the_other(old: Document, new: Document, share: float) -> None:
    comparison = compare(old, new)
    assert 0 <= comparison.across(round(share * len(old.text))) <= len(new.text)
    assert 0 <= comparison.across(round(share * len(new.text)), back=True) <= len(old.text)


def test_a_place_leads_to_the_same_block() -> None:
    old, new = paragraphs(ANNEX, COUNCIL, STATES), paragraphs("Before.", COUNCIL, STATES)
    comparison = compare(old, new)
    assert comparison.across(old.starts[2]) == new.starts[2]
    assert comparison.across(new.starts[1] + 10, back=True) == old.starts[1] + 10
    assert comparison.across(5) == 0


def test_what_went_is_struck_out_and_what_came_underlined() -> None:
    old, new = paragraphs(STATES), paragraphs(STATES.replace("March", "April"))
    comparison = compare(old, new)
    gone, come = comparison.sides()
    assert shown(old, gone).blocks[0].marks == (Mark("strike", 57, 62),)
    assert shown(new, come).blocks[0].marks == (Mark("underline", 57, 62),)
    inline, spans = comparison.inline()
    assert inline.text == STATES.replace("March", "March\u2005April"), "a small space keeps them apart"
    assert {(mark.kind, mark.start, mark.end) for mark in shown(inline, spans).blocks[0].marks} == {
        ("strike", 57, 62),
        ("underline", 63, 68),
    }


def test_the_marks_of_the_new_text_stay_on_their_words() -> None:
    old = Document("T", (Block("paragraph", STATES),))
    text = STATES.replace("their", "their annual")
    at = text.index("annual reports")
    new = Document("T", (Block("paragraph", text, (Mark("strong", at, at + 14),)),))
    inline, _ = compare(old, new).inline()
    (mark,) = inline.blocks[0].marks
    assert inline.text[mark.start : mark.end] == "annual reports"


def test_a_table_is_shown_as_it_was_and_as_it_is() -> None:
    old = Document("T", (Block("table", "Year\tSum\n2025\t10 million euro for rail"),))
    new = Document("T", (Block("table", "Year\tSum\n2025\t12 million euro for rail"),))
    inline, spans = compare(old, new).inline()
    assert [block.text for block in inline.blocks] == [old.blocks[0].text, new.blocks[0].text]
    assert [span.op for span in spans] == ["removed", "added"]


@pytest.mark.parametrize("seed", [1])
def test_sixty_thousand_words_are_compared_in_well_under_a_second(seed: int) -> None:
    chance = random.Random(seed)
    words = [f"w{chance.randrange(6000)}" for _ in range(60_000)]
    blocks = [" ".join(words[start : start + 60]) for start in range(0, len(words), 60)]
    newer = [" ".join("changed" if chance.random() < 0.03 else word for word in block.split()) for block in blocks]
    del newer[100:120]
    newer[500:500] = ["A paragraph that is new here."] * 10
    begun = time.process_time()
    comparison = compare(paragraphs(*blocks), paragraphs(*newer))
    assert time.process_time() - begun < 2.5
    assert sum(row.kind == "removed" for row in comparison.rows) == 20
    assert sum(row.kind == "added" for row in comparison.rows) == 10
