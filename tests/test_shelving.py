"""Shelves: who stands where, how many, in which order."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import Collection, DocumentRecord, Theme
from margent.shelf import ShelfRow
from margent.shelving import (
    Field,
    Shelves,
    _last_first,
    counts,
    last_backup,
    nested,
    on_shelf,
    ordered,
    patched,
    title_key,
)

THEN = datetime(2026, 11, 1, 9, tzinfo=UTC)


def row(key: str, *, progress: float = 0.0, collections: tuple[str, ...] = (), themes: tuple[str, ...] = (),
        highlights: int = 0, notes: int = 0, title: str = "", opened: datetime | None = None) -> ShelfRow:  # fmt: skip
    """A document called by its id unless it has a title."""
    record = DocumentRecord(
        id=key, revision="r" + key, title=title or key, progress=progress, collections=collections, opened=opened,
        created=THEN, modified=THEN,
    )  # fmt: skip
    return ShelfRow(record, highlights, notes, themes)


OUTER = Collection(id="outer", name="Council")
INNER = Collection(id="inner", name="Annexes", parent="outer")
OTHER = Collection(id="other", name="background")
A = row("a", progress=0.4, collections=("outer",), themes=("t",))
B = row("b", progress=1.0, collections=("inner", "outer"))
C = row("c", themes=("t", "u"))
SHELVES = Shelves([A, B, C], [row("d")], [OUTER, INNER, OTHER])


def test_each_document_is_counted_once_on_every_shelf_it_stands_on() -> None:
    assert counts(SHELVES) == {
        "all": 3, "bin": 1, "reading": 1, "finished": 1, "to_read": 1,
        "c:outer": 2, "c:inner": 1, "t:t": 2, "t:u": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shelf", "keys"),
    [
        ("all", "abc"), ("bin", "d"), ("reading", "a"), ("finished", "b"), ("to_read", "c"),
        ("c:outer", "ab"), ("c:inner", "b"), ("c:other", ""), ("c:gone", ""), ("t:t", "ac"), ("t:u", "c"),
    ],
)  # fmt: skip
def test_a_shelf_has_its_documents_and_as_many_as_are_counted(shelf: str, keys: str) -> None:
    found = [row.record.id for row in on_shelf(SHELVES, shelf)]
    assert "".join(found) == keys
    assert counts(SHELVES).get(shelf, 0) == len(found)


def test_a_state_that_was_given_goes_before_the_progress() -> None:
    given = A._replace(record=replace(A.record, status="finished"))
    assert on_shelf(Shelves([given]), "finished") == [given]


def test_collections_are_listed_by_name_with_the_inner_ones_behind_their_own() -> None:
    assert nested([INNER, OUTER, OTHER]) == [(OTHER, 0), (OUTER, 0), (INNER, 1)]


def test_a_collection_whose_outer_one_is_gone_stands_on_its_own() -> None:
    assert nested([INNER]) == [(INNER, 0)]


DAY = datetime(2026, 11, 24, tzinfo=UTC)
ROWS = [
    row("1", title="“Élan”", highlights=2, notes=1, progress=0.5, opened=DAY),
    row("2", title="zebra", highlights=9, notes=1, progress=0.1, themes=("t",)),
    row("3", title="apple", highlights=2, notes=0, opened=DAY.replace(day=20)),
]


@pytest.mark.parametrize(
    ("field", "rising"),
    [("title", "312"), ("highlights", "132"), ("notes", "312"), ("read", "321"), ("opened", "231"), ("themes", "132")],
)
def test_rows_are_ordered_by_a_field_and_keep_their_order_where_it_does_not_differ(field: Field, rising: str) -> None:
    themes = {"t": Theme(id="t", name="Energy")}
    assert "".join(r.record.id for r in ordered(ROWS, field, themes, descending=False)) == rising
    falling = [r.record.id for r in ordered(ROWS, field, themes, descending=True)]
    ties = {"highlights": "213", "notes": "123", "themes": "213"}
    assert "".join(falling) == ties.get(field, rising[::-1])


def test_the_newest_backup_is_told(tmp_path: Path) -> None:
    assert last_backup(tmp_path) is None
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, moment in (("library-2026-11-23.db", 1000), ("library-2026-11-24.db", 2000), (".x.part", 3000)):
        (folder / name).touch()
        os.utime(folder / name, (moment, moment))
    assert last_backup(tmp_path) == datetime.fromtimestamp(2000, UTC)


def test_a_backup_that_goes_while_somebody_looks_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "backups").mkdir()
    kept, gone = (tmp_path / "backups" / f"library-2026-01-0{day}.db" for day in (2, 1))
    kept.touch()
    os.utime(kept, (2000, 2000))
    monkeypatch.setattr(Path, "glob", lambda *_: [kept, gone])
    assert last_backup(tmp_path) == datetime.fromtimestamp(2000, UTC)


# -- what changed -----------------------------------------------------------------------------------------------------


@st.composite
def libraries(draw: st.DrawFn) -> Shelves:
    """Up to eight documents, in the bin or not, in the order of a library."""
    rows, deleted = [], []
    for number in draw(st.permutations(range(8)))[: draw(st.integers(0, 8))]:
        moment = THEN + timedelta(minutes=draw(st.integers(0, 3)))
        found = row(
            f"d{number}",
            highlights=draw(st.integers(0, 2)),
            themes=tuple(draw(st.lists(st.sampled_from(["t1", "t2"]), unique=True))),
            collections=tuple(draw(st.lists(st.sampled_from(["c1", "c2", "c9"]), unique=True))),
            opened=draw(st.sampled_from([None, moment])),
        )
        (rows if draw(st.booleans()) else deleted).append(found)
    inner = draw(st.sampled_from([None, "c1"]))
    made = [Collection(id="c1", name="a", created=THEN, modified=THEN)]
    made.append(Collection(id="c2", name="b", parent=inner, created=THEN, modified=THEN))
    in_order = [sorted(some, key=_last_first) for some in (rows, deleted)]
    found_ = Shelves(*in_order, made, [])
    return replace(found_, counted=counts(found_))


@given(before=libraries(), after=libraries(), more=st.sets(st.sampled_from([f"d{n}" for n in range(8)])))
def test_what_is_read_again_of_the_documents_that_changed_is_as_if_all_were(
    before: Shelves, after: Shelves, more: set[str]
) -> None:
    def of(shelves: Shelves) -> dict[str, tuple[ShelfRow, bool]]:
        found = {row.record.id: (row, False) for row in shelves.rows}
        return {**found, **{row.record.id: (row, True) for row in shelves.deleted}}

    was, now = of(before), of(after)
    touched = {key for key in {*was, *now} if was.get(key) != now.get(key)} | more
    fresh = [[r for r in some if r.record.id in touched] for some in (after.rows, after.deleted)]
    found = patched(before, touched, Shelves(fresh[0], fresh[1], after.collections, after.themes))
    assert (found.rows, found.deleted) == (after.rows, after.deleted)
    assert counts(found) == counts(replace(after, counted=None))


def test_nothing_new_leaves_the_very_same_shelves() -> None:
    one, two = row("d1", opened=THEN), row("d2")
    shelves = Shelves([one, two], [], [], [])
    assert patched(shelves, {"d1"}, Shelves([row("d1", opened=THEN)], [], [], [])) is shelves
    changed = patched(shelves, {"d1"}, Shelves([row("d1", opened=THEN, notes=2)], [], [], []))
    assert changed.rows[1] is two


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("annex", "Budget"), ("Budget", "“Corridors”"), ("Énergie", "Fonds"), ("Énergie 2", "«Energie 10»"),
        ("Round 2 of 2025", "Round 2 of 2026"), ("Round 9", "Round 15: notes"), ("2 notes", "10 notes"),
        ("Ақпарат", "Қазақстан"), ("(a 007", "a 8"),
    ],
)  # fmt: skip
def test_titles_are_ordered_as_people_would(first: str, second: str) -> None:
    assert title_key(first) < title_key(second)
