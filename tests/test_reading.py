from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Passage, Theme, new_id
from margent.document import Block, Document
from margent.reading import Reading

DOCUMENT = Document(
    "A brief",
    (
        Block("heading", "A brief", level=1),
        Block("paragraph", "Oil and gas draw money from Europe."),
        Block("heading", "Law", level=2),
        Block("paragraph", "Courts and civil society matter too."),
    ),
)
RECORD = DocumentRecord(id="d", revision="r", title="A brief")


def reading(**rest: object) -> Reading:
    return Reading(RECORD, DOCUMENT, **rest)  # type: ignore[arg-type]


def highlight(state: Reading, start: int, end: int, **rest: object) -> Annotation:
    change = edits.annotate(RECORD, DOCUMENT.text, start, end, **rest)  # type: ignore[arg-type]
    state.apply(change)
    (value,) = change.after.values()
    assert isinstance(value, Annotation)
    return value


def test_annotations_come_in_reading_order_and_orphans_last() -> None:
    state = reading()
    late = highlight(state, 30, 36)
    early = highlight(state, 8, 11)
    lost = replace(early, id=new_id(), state="orphaned", start=0, end=1)
    state.apply(Change("x", {lost.id: None}, {lost.id: lost}))
    assert [a.id for a in state.in_order()] == [early.id, late.id, lost.id]
    assert [a.id for a in state.between(0, 1)] == []


@given(spans=st.lists(st.tuples(st.integers(0, 70), st.integers(1, 30)), max_size=25), low=st.integers(0, 80))
def test_between_finds_what_a_plain_search_finds(spans: list[tuple[int, int]], low: int) -> None:
    values = [
        Annotation(id=f"{n:03}", document="d", revision="r", start=a, end=a + size, exact="x")
        for n, (a, size) in enumerate(spans)
    ]
    state = reading(annotations=values)
    expected = {a.id for a in values if a.end > low and a.start < low + 7}
    assert {a.id for a in state.between(low, low + 7)} == expected


def test_undoing_a_change_brings_the_state_back() -> None:
    state = reading()
    value = highlight(state, 8, 11)
    change = edits.set_note([value][0], "why?")
    state.apply(change)
    assert state.annotations[value.id].note == "why?"
    state.apply(change.inverse())
    assert state.annotations[value.id] == value
    state.apply(edits.delete([value]))
    assert not state.annotations
    assert state.in_order() == []


def test_changes_to_other_documents_are_no_concern() -> None:
    state = reading()
    other = Annotation(id="o", document="elsewhere", revision="r2", start=0, end=1, exact="x")
    assert not state.apply(Change("x", {"o": None}, {"o": other}))
    assert not state.annotations


def test_replies_stand_with_their_parent_by_age() -> None:
    state = reading()
    parent = highlight(state, 8, 11)
    change = edits.reply(parent, "Agreed")
    state.apply(change)
    (answer,) = change.after.values()
    assert isinstance(answer, Annotation)
    assert [r.note for r in state.replies[parent.id]] == ["Agreed"]
    state.apply(edits.set_note(answer, "Agreed."))
    assert [r.note for r in state.replies[parent.id]] == ["Agreed."]
    assert list(state.annotations) == [parent.id]


def test_suggestions_give_way_to_what_the_reader_said() -> None:
    theme = Theme(id="t", name="Energy", words=("oil",))
    state = reading(themes=[theme], suggest=lambda document, _: [document.span_of(1), document.span_of(3)])
    one, two = DOCUMENT.span_of(1), DOCUMENT.span_of(3)
    assert state.passages("t") == [(*one, "suggested"), (*two, "suggested")]
    state.apply(edits.set_passage(RECORD, theme, *one, "chosen"))
    state.apply(edits.set_passage(RECORD, theme, *two, "dismissed"))
    assert state.passages("t") == [(*one, "chosen")]
    assert state.themes_at(one[0] + 2, one[0] + 3) == ["t"]
    assert state.counts("t") == (1, 0)


def test_themes_come_in_order_of_first_appearance() -> None:
    late, early = Theme(id="late", name="A"), Theme(id="early", name="Z")
    absent = Theme(id="absent", name="M")
    spans = {"late": DOCUMENT.span_of(3), "early": DOCUMENT.span_of(1)}
    passages = [
        Passage(id=key, theme=key, document="d", revision="r", start=a, end=b, origin="given")
        for key, (a, b) in spans.items()
    ]
    state = reading(themes=[late, early, absent], passages=passages)
    assert [t.id for t in state.shown_themes()] == ["early", "late", "absent"]


def test_taking_over_a_fresh_reading_keeps_the_object() -> None:
    state = reading()
    fresh = reading()
    value = highlight(fresh, 8, 11)
    state.take(fresh)
    assert list(state.annotations) == [value.id]
    assert [a.id for a in state.between(8, 9)] == [value.id]


@pytest.mark.parametrize(("start", "end", "words"), [(7, 12, "Oil"), (8, 11, "Oil")])
def test_white_space_at_the_ends_is_not_annotated(start: int, end: int, words: str) -> None:
    change = edits.annotate(RECORD, DOCUMENT.text, start, end)
    (value,) = change.after.values()
    assert isinstance(value, Annotation)
    assert value.exact == words == DOCUMENT.text[value.start : value.end]
    assert DOCUMENT.text.startswith(value.prefix)
    assert DOCUMENT.text.endswith(value.suffix) or len(value.suffix) == 128
