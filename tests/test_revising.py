"""A newer text keeps every note: on its words, on changed words to be checked, or as an orphan that says so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from margent import edits
from margent.annotations import Annotation, DocumentRecord, Passage
from margent.document import Block, Document
from margent.revising import Revised, Standing, revise

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINES = (
    "Access brief",
    "The corridor reopened on 3 May after long talks between the two sides.",
    "Traffic stays below the level of last year. The parties met twice.",
    "The minister rejected the second draft of the protocol in a letter.",
    "Nothing was agreed on the price of transit, nor on who pays for repairs.",
)
RECORD = DocumentRecord(id="d", revision="r1", title="Access brief", created=NOON, modified=NOON)


def document(*lines: str, **more: object) -> Document:
    blocks = tuple(Block("paragraph", line) for line in lines)
    return Document("Access brief", blocks, **more)  # type: ignore[arg-type]


OLD = document(*LINES)
NEW = document(
    "Access brief",
    "A first paragraph that is new.",
    "The  corridor reopened on 3 May after long talks between the two sides.",
    "The minister accepted the second draft of the protocol in a letter.",
    "Traffic stays below the level of last year. The parties met twice.",
)


def annotation(key: str, quote: str, **more: object) -> Annotation:
    start = OLD.text.index(quote)
    change = edits.annotate(RECORD, OLD.text, start, start + len(quote), note=f"On {key}.")
    (value,) = change.after.values()
    assert isinstance(value, Annotation)
    return replace(value, id=key, created=NOON, modified=NOON, **more)  # type: ignore[arg-type]


def revised(*annotations: Annotation, passages: tuple[Passage, ...] = (), new: Document = NEW) -> Revised:
    return revise(Standing(RECORD, OLD, annotations, passages), new, "r2")


def after(result: Revised, key: str) -> Annotation:
    value = result.change.after[key]
    assert isinstance(value, Annotation)
    assert value.revision == "r2"
    return value


def test_the_same_words_are_found_wherever_they_stand() -> None:
    result = revised(annotation("a", "corridor reopened on 3 May"), annotation("b", "The parties met twice"))
    for key in ("a", "b"):
        value = after(result, key)
        assert (value.state, NEW.text[value.start : value.end]) == ("placed", value.exact)
        assert NEW.text[: value.start].endswith(value.prefix)
    assert result.count("placed") == 2


def test_changed_words_are_to_be_checked_and_the_old_ones_stay() -> None:
    value = after(revised(annotation("a", "The minister rejected the second draft")), "a")
    assert (value.state, value.exact) == ("moved", "The minister rejected the second draft")
    assert NEW.text[value.start : value.end] == "The minister accepted the second draft"


def test_words_that_are_gone_leave_an_orphan_with_its_words_note_and_context() -> None:
    old = annotation("a", "the price of transit")
    result = revised(old)
    value = after(result, "a")
    assert (value.state, value.exact, value.prefix, value.suffix, value.note) == (
        "orphaned", old.exact, old.prefix, old.suffix, "On a.",
    )  # fmt: skip
    assert result.count("orphaned") == 1


def test_an_orphan_whose_words_are_back_is_to_be_checked() -> None:
    lost = replace(annotation("a", "The parties met twice"), state="orphaned", start=0, end=0)
    value = after(revised(lost), "a")
    assert (value.state, NEW.text[value.start : value.end]) == ("moved", "The parties met twice")


def test_a_moved_one_stays_to_be_checked_and_keeps_the_words_it_was_made_on() -> None:
    unsure = replace(annotation("a", "The parties met twice"), state="moved", exact="The parties met once")
    value = after(revised(unsure), "a")
    assert (value.state, value.exact) == ("moved", "The parties met once")
    assert NEW.text[value.start : value.end] == "The parties met twice"


def test_a_note_without_words_stays_an_orphan() -> None:
    value = after(revised(replace(annotation("a", "The"), exact="", state="orphaned", start=0, end=0)), "a")
    assert value.state == "orphaned"


def test_replies_and_what_is_in_the_bin_come_along() -> None:
    head = annotation("a", "corridor reopened")
    answer = replace(head, id="b", parent="a", note="Yes.")
    gone = annotation("c", "The parties met twice", deleted=NOON)
    result = revised(head, answer, gone)
    assert (after(result, "b").start, after(result, "b").note) == (after(result, "a").start, "Yes.")
    assert NEW.text[after(result, "c").start : after(result, "c").end] == "The parties met twice"
    assert after(result, "c").deleted == NOON
    assert result.states == {"a": "placed"}, "only what stands, and no replies"


def test_the_readers_passages_come_along_and_one_whose_paragraph_is_gone_does_not() -> None:
    def passage(key: str, line: int) -> Passage:
        start = OLD.text.index(LINES[line])
        return Passage(id=key, theme="t", document="d", revision="r1", start=start, end=start + len(LINES[line]))

    result = revised(passages=(passage("p", 2), passage("q", 4)))
    kept = result.change.after["p"]
    assert isinstance(kept, Passage)
    assert NEW.text[kept.start : kept.end] == LINES[2]
    assert result.change.after["q"] is None


@pytest.mark.parametrize(
    ("record", "title"), [(RECORD, "Access brief, second"), (replace(RECORD, title="My name for it"), "My name for it")]
)
def test_what_the_reader_called_it_stays(record: DocumentRecord, title: str) -> None:
    new = Document("Access brief, second", NEW.blocks)
    result = revise(Standing(record, OLD, (), ()), new, "r2")
    value = result.change.after["d"]
    assert isinstance(value, DocumentRecord)
    assert (value.title, value.revision, value.words) == (title, "r2", NEW.words())


def test_one_change_does_all_and_takes_all_back() -> None:
    values = [annotation("a", "corridor"), annotation("b", "the price of transit")]
    change = revised(*values).change
    assert change.inverse().after == {"a": values[0], "b": values[1], "d": RECORD}


def test_accepting_takes_the_new_words_and_detaching_keeps_the_old_ones() -> None:
    value = after(revised(annotation("a", "The minister rejected the second draft")), "a")
    accepted = edits.accept([value], NEW.text).after["a"]
    assert isinstance(accepted, Annotation)
    assert (accepted.state, accepted.exact) == ("placed", "The minister accepted the second draft")
    assert NEW.text[accepted.end :].startswith(accepted.suffix)
    detached = edits.detach([value]).after["a"]
    assert isinstance(detached, Annotation)
    assert (detached.state, detached.exact) == ("orphaned", "The minister rejected the second draft")
    assert edits.accept([accepted], NEW.text).after == {}
