import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import COLOURS, KINDS, THEME_COLOURS, Annotation, DocumentRecord, Passage, Theme, Value
from margent.library import rows

TEXT = st.text(max_size=12)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))])
MOMENT = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001
DATES = {"created": MOMENT, "modified": MOMENT, "deleted": st.none() | MOMENT}
LIST = st.lists(TEXT, max_size=3).map(tuple)
NUMBER = st.integers(0, 1 << 40)

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.builds(
        Annotation, id=TEXT, document=TEXT, revision=TEXT, start=NUMBER, end=NUMBER, exact=TEXT, prefix=TEXT,
        suffix=TEXT, colour=st.sampled_from(COLOURS), kind=st.sampled_from(KINDS), note=TEXT, private=st.booleans(),
        done=st.booleans(), author=TEXT, themes=LIST, parent=st.none() | TEXT, **DATES,
    ),
    st.builds(Theme, id=TEXT, name=TEXT, colour=st.sampled_from(THEME_COLOURS), words=LIST, **DATES),
    st.builds(Passage, id=TEXT, theme=TEXT, document=TEXT, revision=TEXT, start=NUMBER, end=NUMBER, **DATES),
    st.builds(
        DocumentRecord, id=TEXT, revision=TEXT, title=TEXT, authors=LIST, source=TEXT, words=NUMBER,
        progress=st.floats(0, 1), opened=st.none() | MOMENT, **DATES,
    ),
)  # fmt: skip


def cells(value: Value, names: tuple[str, ...], *, as_text: bool) -> list[Any]:
    """A row of SQLite's own cells (as_text), or of the cells SQLAlchemy gives."""
    found = []
    for name in names:
        cell: Any = getattr(value, name)
        if isinstance(cell, tuple):
            cell = json.dumps(cell) if as_text else list(cell)
        elif as_text and isinstance(cell, datetime):
            cell = cell.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
        elif as_text and isinstance(cell, bool):
            cell = int(cell)
        found.append(cell)
    return found


@given(VALUES, st.booleans())
def test_a_settled_value_comes_back_from_its_row(value: Value, as_text: bool) -> None:
    value = rows.settled(value)
    match value:
        case Annotation():
            assert rows.annotation_of(cells(value, rows.ANNOTATION, as_text=as_text), value.themes) == value
        case Theme():
            assert rows.theme_of(cells(value, rows.THEME, as_text=as_text)) == value
        case Passage():
            assert rows.passage_of(cells(value, rows.PASSAGE, as_text=as_text)) == value
        case DocumentRecord():
            assert rows.record_of(cells(value, rows.RECORD, as_text=as_text)) == value


@given(VALUES)
def test_settling_changes_nothing_twice(value: Value) -> None:
    once = rows.settled(value)
    assert rows.settled(once) is once
    assert abs(once.created - value.created) < timedelta(milliseconds=1)


@given(VALUES)
def test_a_row_has_no_column_that_lives_elsewhere(value: Value) -> None:
    assert not {"themes", "progress", "opened"} & set(rows.row_of(value))


@pytest.mark.parametrize(
    ("text", "kept"),
    [("", ""), ("a\x00b", "ab"), ("\ud83d\ude00", ""), ("x\udfffy", "xy"), ("🛢 é\n\t", "🛢 é\n\t"), ("\x01", "\x01")],
)
def test_only_what_no_database_holds_is_left_out(text: str, kept: str) -> None:
    assert rows.storable(text) == kept


def test_a_moment_must_say_its_zone() -> None:
    naive = replace(Theme(id="x", name="x"), created=datetime(2026, 11, 24))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        rows.settled(naive)
