"""Widths of columns: natural where they fit, never more than there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.ui.tables import column_widths


@pytest.mark.parametrize(
    ("natural", "least", "available", "expected"),
    [
        ([100, 50], [40, 20], 400, [100, 50]),
        ([300, 100], [100, 100], 300, [200, 100]),
        ([900, 80], [60, 40], 300, [231, 68]),
        ([100, 100], [100, 100], 100, [50, 50]),
    ],
    ids=["all fit", "the wide one shrinks", "the long one gets most", "words break"],
)
def test_widths(natural: list[float], least: list[float], available: float, expected: list[int]) -> None:
    assert column_widths(natural, least, available) == expected


@given(
    columns=st.lists(st.tuples(st.floats(1, 3000), st.floats(0.05, 1)), min_size=1, max_size=12),
    available=st.integers(60, 900),
)
def test_columns_never_take_more_than_there_is(columns: list[tuple[float, float]], available: int) -> None:
    natural = [width for width, _ in columns]
    least = [width * part for width, part in columns]
    found = column_widths(natural, least, available)
    assert sum(found) <= available + len(found) / 2
    if sum(least) <= available:
        assert all(width >= int(word) for width, word in zip(found, least, strict=True))
        assert all(width <= round(full) for width, full in zip(found, natural, strict=True))
