import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import Annotation
from margent.brief.arrangement import Arrangement, dumps, loads
from margent.brief.points import Point

KEYS = "abcdef"
POINTS = [
    Point(Annotation(id=key, document="d", revision="r", start=n, end=n + 1, exact="x"), ())
    for n, key in enumerate(KEYS)
]


def names(points: object) -> str:
    return "".join(point.annotation.id for point in points)  # type: ignore[attr-defined]


@given(
    st.builds(
        Arrangement,
        template=st.text(),
        title=st.text(),
        introduction=st.text(),
        private=st.booleans(),
        left_out=st.frozensets(st.text()),
        order=st.lists(st.text()).map(tuple),
    )
)
def test_what_is_kept_is_found_again(arrangement: Arrangement) -> None:
    assert loads(dumps(arrangement)) == arrangement


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"template": 1}', "no json"])
def test_anything_else_is_the_plain_arrangement(text: str) -> None:
    assert loads(text) == Arrangement()


@given(st.permutations(KEYS))
def test_the_readers_order_holds(order: list[str]) -> None:
    assert names(Arrangement(order=tuple(order)).ordered(POINTS)) == "".join(order)


@pytest.mark.parametrize(("order", "shown"), [("", "abcdef"), ("fa", "fabcde"), ("cb", "acdefb")])
def test_new_points_follow_the_one_before_them(order: str, shown: str) -> None:
    assert names(Arrangement(order=tuple(order)).ordered(POINTS)) == shown


def test_points_left_out_stay_in_their_place_for_later() -> None:
    arrangement = Arrangement(left_out=frozenset("bd"))
    assert names(arrangement.chosen(arrangement.ordered(POINTS))) == "acef"
