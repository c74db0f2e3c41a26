import uuid
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from margent import edits
from margent.annotations import Annotation, Change, Theme, new_id, now, same, theme_named


def test_ids_are_version_4_uuids_and_differ() -> None:
    ids = {new_id() for _ in range(500)}
    assert len(ids) == 500
    for value in ids:
        parsed = uuid.UUID(hex=value)
        assert (parsed.version, parsed.variant, parsed.hex) == (4, uuid.RFC_4122, value)


def test_times_are_whole_milliseconds_in_utc() -> None:
    moment = now()
    assert moment.microsecond % 1000 == 0
    assert moment.utcoffset() is not None
    assert not moment.utcoffset()


@given(first=st.text(), second=st.text())
def test_typing_twice_is_one_change_that_undoes_to_the_beginning(first: str, second: str) -> None:
    start = Annotation(id="a", document="d", revision="r", start=0, end=1, exact="x")
    one = edits.set_note(start, first)
    middle = one.after["a"]
    assert isinstance(middle, Annotation)
    both = one.then(edits.set_note(middle, second))
    assert both.before["a"] == start
    assert both.after["a"] == replace(start, note=second)
    assert both.inverse().inverse().after == both.after


def test_two_values_say_the_same_whenever_they_were_written() -> None:
    value = Annotation(id="a", document="d", revision="r", start=0, end=1, exact="x")
    later = replace(value, modified=now().replace(year=2030))
    assert same(value, later)
    assert not same(value, replace(value, note="n"))
    assert same(None, replace(value, deleted=now()))
    assert not same(None, value)
    assert same(None, None)


def test_changing_nothing_is_an_empty_change() -> None:
    value = Annotation(id="a", document="d", revision="r", start=0, end=1, exact="x", colour="blue")
    assert edits.set_colour([value], "blue") == Change("Change colour", {}, {})


def test_only_questions_and_actions_stay_ticked() -> None:
    value = Annotation(id="a", document="d", revision="r", start=0, end=1, exact="x", kind="action", done=True)
    for kind, done in (("question", True), ("note", False), ("position", False)):
        after = edits.set_kind([value], kind).after["a"]  # type: ignore[arg-type]
        assert isinstance(after, Annotation)
        assert after.done is done


def test_a_theme_is_the_same_whatever_its_name_s_case_and_white_space() -> None:
    trade = Theme(id="t", name="Trade & research")
    assert theme_named("  trade &   RESEARCH ", [trade]) is trade
    assert theme_named("Trade", [trade]) is None


def test_a_conversation_that_was_closed_stays_closed_whatever_the_kind_becomes() -> None:
    note = Annotation(id="a", document="d", revision="r", start=0, end=1, exact="x", done=True)
    for kind in ("position", "question", "note"):
        after = edits.set_kind([note], kind).after.get("a", note)
        assert isinstance(after, Annotation)
        assert after.done
