"""A value is a frozen dataclass in all that one can see of it."""

import copy
import inspect
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.values import value


def _fields(decorator: Any) -> type:
    @decorator(frozen=True, slots=True)
    class Sample:
        """A sample."""

        name: str
        size: int = 3
        parts: Mapping[str, int] = field(default_factory=dict, metadata={"meaning": "parts"})
        aside: str = field(default="", compare=False)
        secret: str = field(default="", repr=False)
        total: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            object.__setattr__(self, "total", self.size + len(self.parts))

    return Sample


def _named(decorator: Any) -> type:
    @decorator(frozen=True, slots=True, kw_only=True)
    class Sample:
        """A sample."""

        name: str
        size: int = 3
        parts: tuple[int, ...] = field(default_factory=tuple)

    return Sample


Ours, Theirs = _fields(value), _fields(dataclass)
OursNamed, TheirsNamed = _named(value), _named(dataclass)

GIVEN = st.tuples(st.text(max_size=3), st.integers(0, 2), st.dictionaries(st.sampled_from("ab"), st.just(1)))


@value(frozen=True, slots=True)
class Kept:
    """At the top of a module, where pickle finds it."""

    name: str
    parts: tuple[int, ...] = ()
    count: int = field(init=False, default=7)


@value(frozen=True, slots=True)
class Other:
    """Of the same fields as Kept."""

    name: str
    parts: tuple[int, ...] = ()
    count: int = field(init=False, default=7)


@given(GIVEN, GIVEN, st.text(max_size=2), st.text(max_size=2))
def test_values_are_compared_written_and_changed_as_dataclasses_are(one: Any, two: Any, a: str, b: str) -> None:
    ours = [Ours(*one, aside=a, secret=b), Ours(*two, aside=b, secret=b)]
    theirs = [Theirs(*one, aside=a, secret=b), Theirs(*two, aside=b, secret=b)]
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert [repr(made) for made in ours] == [repr(made).replace("Theirs", "Ours") for made in theirs]
    assert repr(replace(ours[0], size=5)) == repr(replace(theirs[0], size=5))
    assert [getattr(ours[0], f.name) for f in fields(Ours)] == [getattr(theirs[0], f.name) for f in fields(Theirs)]


@given(st.lists(st.integers(0, 2), max_size=2), st.lists(st.integers(0, 2), max_size=2))
def test_equal_values_have_one_hash(one: list[int], two: list[int]) -> None:
    first, second = (OursNamed(name="n", parts=tuple(parts)) for parts in (one, two))
    assert (first == second) is (one == two)
    assert len({first, second}) == (1 if one == two else 2)
    assert hash(first) == hash(copy.copy(first))


@pytest.mark.parametrize(("ours", "theirs"), [(Ours, Theirs), (OursNamed, TheirsNamed)])
def test_a_value_has_the_fields_and_the_signature_of_a_dataclass(ours: Any, theirs: Any) -> None:
    assert is_dataclass(ours)
    assert ours.__slots__ == theirs.__slots__
    assert ours.__match_args__ == theirs.__match_args__
    assert [(f.name, f.type, f.kw_only, dict(f.metadata)) for f in fields(ours)] == [
        (f.name, f.type, f.kw_only, dict(f.metadata)) for f in fields(theirs)
    ]
    assert ours.__init__.__annotations__ == theirs.__init__.__annotations__
    shape = [[(p.name, p.kind) for p in inspect.signature(kind).parameters.values()] for kind in (ours, theirs)]
    assert shape[0] == shape[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda kind: kind(),
        lambda kind: kind("a", name="b"),
        lambda kind: kind("a", total=1),
        lambda kind: kind("a", 1, {}, "", "", 5),
        lambda kind: kind("a", weight=1),
    ],
)
def test_what_a_dataclass_does_not_take_a_value_does_not_take(call: Any) -> None:
    for kind in (Theirs, Ours):
        with pytest.raises(TypeError):
            call(kind)


def test_fields_can_be_given_by_name_alone_where_that_is_asked() -> None:
    with pytest.raises(TypeError):
        OursNamed("n")
    assert OursNamed(name="n").size == 3


def test_each_value_has_a_default_of_its_own() -> None:
    assert Ours("a").parts is not Ours("a").parts


@pytest.mark.parametrize("name", ["name", "total", "weight"])
def test_a_value_cannot_be_altered(name: str) -> None:
    made = Ours("a")
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(made, name, "b")
    with pytest.raises(FrozenInstanceError, match=name):
        delattr(made, name)
    assert not hasattr(made, "__dict__")


def test_values_of_two_classes_are_never_equal() -> None:
    assert Kept("a") != Other("a")
    assert Kept("a") != ("a", (), 7)
    assert Kept("a").__eq__("a") is NotImplemented


def test_what_holds_something_that_can_change_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours("a"))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])
def test_values_can_be_copied_and_sent_to_another_process(again: Any) -> None:
    made = Kept("a", (1, 2))
    there = again(made)
    assert there == made
    assert type(there) is Kept
    assert there.count == 7


def test_a_value_can_be_taken_apart_by_match() -> None:
    match Kept("a", (1,)):
        case Kept(name, parts):
            assert (name, parts) == ("a", (1,))


@pytest.mark.parametrize("given", [{"frozen": False, "slots": True}, {"frozen": True, "slots": False}])
def test_a_value_is_frozen_and_has_slots(given: dict[str, bool]) -> None:
    with pytest.raises(TypeError, match="frozen"):
        value(**given)
