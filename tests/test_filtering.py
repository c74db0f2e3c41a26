"""Which annotations pass a filter: groups narrow, values of one group widen, words find what eyes would."""

import pytest

from margent.annotations import Annotation
from margent.filtering import Filter, Sieve, author_of


def an(key: str, **values: object) -> Annotation:
    plain: dict[str, object] = {"document": "d", "revision": "r", "start": 0, "end": 1, "exact": key}
    return Annotation(id=key, **{**plain, **values})  # type: ignore[arg-type]


ALL = [
    an("a", kind="question", colour="green", exact="Égalité des États", note="Ask the Commission"),
    an("b", kind="action", colour="blue", themes=("energy", "trade"), done=True, author="A. Novak"),
    an("c", kind="note", colour="green", themes=("trade",), private=True, exact="тұрақтылық"),
    an("d", kind="position", colour="pink", state="orphaned", author="Me", note="two\n  lines"),
    an("e", kind="action", colour="blue", state="moved"),
]
REPLIES = {"c": [an("r", parent="c", note="Agreed, with reservations", author="B. Ölçer")]}


@pytest.mark.parametrize(
    ("chosen", "passing"),
    [
        ([], "abcde"),
        ([("kind", "question")], "a"),
        ([("kind", "question"), ("kind", "action")], "abe"),
        ([("colour", "green")], "ac"),
        ([("colour", "green"), ("kind", "note")], "c"),
        ([("theme", "trade")], "bc"),
        ([("theme", "energy"), ("theme", "trade")], "bc"),
        ([("author", "")], "acde"),
        ([("author", "A. Novak")], "b"),
        ([("state", "moved"), ("state", "orphaned")], "de"),
        ([("task", "open")], "ace"),
        ([("task", "done")], "b"),
        ([("privacy", "private")], "c"),
        ([("privacy", "shareable")], "abde"),
        ([("kind", "question"), ("colour", "blue")], ""),
    ],
)
def test_groups_narrow_and_values_widen(chosen: list[tuple[str, str]], passing: str) -> None:
    asked = Filter(frozenset(chosen))  # type: ignore[arg-type]
    assert "".join(a.id for a in Sieve("Me").passing(ALL, REPLIES, asked)) == passing


@pytest.mark.parametrize(
    ("words", "passing"),
    [
        ("", "abcde"),
        ("   ", "abcde"),
        ("egalite", "a"),
        ("ETATS commission", "a"),
        ("commission etats", "a"),
        ("commission absent", ""),
        ("туракты", "c"),
        ("novak", "b"),
        ("two lines", "d"),
        ("reservations", "c"),
        ("olcer", "c"),
    ],
)
def test_words_are_found_without_regard_to_case_accents_and_order(words: str, passing: str) -> None:
    assert "".join(a.id for a in Sieve("Me").passing(ALL, REPLIES, Filter(words=words))) == passing


def test_words_that_were_changed_are_found_by_what_they_are_now() -> None:
    sieve = Sieve("Me")
    old, new = an("x", note="before"), an("x", note="after")
    assert sieve.passing([old], {}, Filter(words="before")) == [old]
    assert sieve.passing([new], {}, Filter(words="before")) == []
    assert sieve.passing([new], {}, Filter(words="after")) == [new]
    reply = an("y", parent="x", note="and later")
    assert sieve.passing([new], {"x": [reply]}, Filter(words="later")) == [new]
    assert sieve.passing([new], {}, Filter(words="later")) == []


def test_a_value_is_asked_for_once_and_no_longer_the_second_time() -> None:
    once = Filter(words="x").toggled("kind", "action").toggled("colour", "blue")
    assert once.in_order() == [("kind", "action"), ("colour", "blue")]
    assert once.only("kind") == {"action"}
    assert once.toggled("kind", "action").toggled("colour", "blue") == Filter(words="x")


@pytest.mark.parametrize(
    ("asked", "narrows"), [(Filter(), False), (Filter(words="  "), False), (Filter(words="a"), True)]
)
def test_a_filter_that_asks_for_nothing_is_false(asked: Filter, narrows: bool) -> None:
    assert bool(asked) is narrows


@pytest.mark.parametrize(
    ("author", "owner", "said"),
    [("", "", ""), ("", "Me", ""), ("Me", "Me", ""), ("You", "Me", "You"), ("Me", "", "Me")],
)
def test_the_owner_is_nobody_else(author: str, owner: str, said: str) -> None:
    assert author_of(an("x", author=author), owner) == said


def test_conversations_that_were_closed_count_as_done_of_any_kind() -> None:
    closed = [an("x", kind="position", done=True), an("y", kind="note"), an("z", kind="note", done=True)]
    replies = {"x": [an("r", parent="x")], "y": [an("s", parent="y")], "z": []}
    for value, passing in (("done", "xz"), ("open", "y")):
        asked = Filter(frozenset({("task", value)}))
        assert "".join(a.id for a in Sieve("").passing(closed, replies, asked)) == passing
