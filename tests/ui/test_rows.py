"""A model of keyed rows says what changed, and no more; what points at a row goes on pointing at it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from margent.ui.rows import Index, Rows


class Words(Rows[str]):
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.value(index) if role == Qt.ItemDataRole.DisplayRole else None


def rows(keys: str) -> list[tuple[str, str]]:
    return [(key, key.upper()) for key in keys]


def shown(model: Words) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@given(st.lists(st.lists(st.integers(0, 400), unique=True, max_size=300), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_rows_follow_any_other_rows(steps: list[list[int]]) -> None:
    model = Words()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held: dict[str, QPersistentModelIndex] = {}
    for number, step in enumerate(steps):
        model.put((str(key), f"{key}, {number}") for key in step)
        assert shown(model) == [f"{key}, {number}" for key in step]
        assert {key for key, index in held.items() if index.isValid()} <= set(map(str, step))
        for key in step:
            if str(key) in held and held[str(key)].isValid():
                assert model.key(held[str(key)]) == str(key)
        held = {str(key): QPersistentModelIndex(model.index_of(str(key))) for key in step}


@pytest.mark.parametrize(
    ("before", "after", "signals"),
    [
        ("abc", "abc", []),
        ("abc", "ac", ["removed"]),
        ("ac", "abc", ["inserted"]),
        ("abc", "cba", ["moved"]),
        ("", "abc", ["inserted"]),
        ("abc", "", ["removed"]),
        ("abcd", "xbcy", ["removed", "removed", "inserted", "inserted"]),
    ],
)
def test_only_what_differs_is_told(before: str, after: str, signals: list[str]) -> None:
    model = Words()
    model.put(rows(before))
    told: list[str] = []
    model.rowsRemoved.connect(lambda: told.append("removed"))
    model.rowsInserted.connect(lambda: told.append("inserted"))
    model.layoutChanged.connect(lambda: told.append("moved"))
    model.dataChanged.connect(lambda: told.append("changed"))
    model.modelReset.connect(lambda: told.append("reset"))
    model.put(rows(after))
    assert told == signals


def test_a_row_with_another_value_is_told_alone() -> None:
    model = Words()
    model.put(rows("abc"))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _: told.append((first.row(), last.row())))
    model.put([("a", "A"), ("b", "other"), ("c", "C")])
    assert told == [(1, 1)]
    assert shown(model) == ["A", "other", "C"]


def test_a_persistent_index_follows_its_row_through_a_thousand_changes() -> None:
    model = Words()
    model.put((str(n), str(n)) for n in range(2000))
    held = QPersistentModelIndex(model.index_of("1001"))
    model.put((str(n), str(n)) for n in range(2001, 0, -2))
    assert model.key(held) == "1001"
    assert model.row("1002") == -1
    assert not model.index_of("1002").isValid()
