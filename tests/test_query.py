from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.query import MOST, Query, Term, has_words, understood

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def read(text: str, *, typing: bool = False) -> Query:
    return understood(text, typing=typing, moment=NOW, zone=UTC)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("Energy  policy", (Term(("energy",)), Term(("policy",)))),
        ('"energy policy" gas', (Term(("energy", "policy"), exact=True), Term(("gas",)))),
        ("“energy policy”", (Term(("energy", "policy"), exact=True),)),
        ("„Energie« x", (Term(("energie",), exact=True), Term(("x",)))),
        ('"never closed phrase', (Term(("never", "closed", "phrase"), exact=True),)),
        ('""', ()),
        ('"', ()),
        ("- -- : * ( ) ^ 🛢", ()),
        ("cost-benefit", (Term(("cost", "benefit")),)),
        ("it's", (Term(("it", "s")),)),
        ("10:30", (Term(("10", "30")),)),
        ("https://example.org/a", (Term(("https", "example", "org", "a")),)),
        ("AND OR NOT NEAR(a b)", (Term(("and",)), Term(("or",)), Term(("not",)), Term(("near", "a")), Term(("b",)))),
        ("Қазақстан", (Term(("қазақстан",)),)),
        ("能源", (Term(("能", "源")),)),
        ("Cafe\u0301", (Term(("café",)),)),
    ],
)
def test_words_and_phrases(text: str, terms: tuple[Term, ...]) -> None:
    assert read(text).terms == terms
    assert read(text).problem == ""


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("energy po", Term(("po",), prefix=True)),
        ("energy po ", Term(("po",))),
        ('"energy po', Term(("energy", "po"), exact=True, prefix=True)),
        ('"energy po"', Term(("energy", "po"), exact=True)),
    ],
)
def test_the_last_word_goes_on_while_it_is_typed(text: str, last: Term) -> None:
    assert read(text, typing=True).terms[-1] == last


def test_what_is_left_out() -> None:
    query = read('energy -gas -"oil field" --coal')
    assert query.terms == (Term(("energy",)),)
    assert query.without == (Term(("gas",)), Term(("oil", "field"), exact=True), Term(("coal",)))
    assert "what to look for" in read("-gas").problem
    assert not read("energy -ga", typing=True).without[0].prefix


def test_fields() -> None:
    query = read('theme:Energy theme:"Law and order" kind:question KIND:act colour:pink color:blue author:"A. Novak" x')
    assert query.themes == ("Energy", "Law and order")
    assert query.kinds == ("question", "action")
    assert query.colours == ("pink", "blue")
    assert query.authors == (Term(("a", "novak")),)
    assert query.terms == (Term(("x",)),)
    assert query.problem == ""
    assert read("in:notes in:quote").places == {"notes", "quotes"}
    assert read("in:titles|text").places == {"titles", "text"}


@pytest.mark.parametrize("text", ["theme:", "kind:", 'author:"', "in:", "before:", "after:", "colour: "])
def test_a_field_without_a_value_says_nothing_yet(text: str) -> None:
    assert read(text, typing=True) == Query()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind:wish", "note, question, action and position"),
        ("colour:beige", "yellow"),
        ("in:margins", "titles, text, quotes or notes"),
        ("before:2026-13", "no date"),
        ("after:2026-02-30", "no date"),
        ("after:soon", "no date"),
        ("before:9999y", "no date"),
        ("-kind:note x", "only words"),
    ],
)
def test_what_is_not_understood_is_told_and_left_out(text: str, says: str) -> None:
    query = read(text)
    assert says in query.problem
    assert (query.kinds, query.colours, query.places, query.before, query.after) == ((), (), frozenset(), None, None)


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("after:2024", datetime(2024, 1, 1, tzinfo=UTC), None),
        ("before:2024-5", None, datetime(2024, 5, 1, tzinfo=UTC)),
        ("after:2024-05-06 before:2025", datetime(2024, 5, 6, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        ("after:2023 after:2024 before:2026 before:2025", datetime(2024, 1, 1, tzinfo=UTC),
         datetime(2025, 1, 1, tzinfo=UTC)),
        ("after:7d", NOW - timedelta(days=7), None),
        ("before:2w", None, NOW - timedelta(days=14)),
    ],
)  # fmt: skip
def test_dates(text: str, after: datetime | None, before: datetime | None) -> None:
    query = read(text)
    assert (query.after, query.before, query.problem) == (after, before, "")


def test_a_day_begins_where_the_reader_is() -> None:
    from zoneinfo import ZoneInfo

    query = understood("after:2026-11-24", moment=NOW, zone=ZoneInfo("Asia/Almaty"))
    assert query.after == datetime(2026, 11, 23, 19, tzinfo=UTC)


@pytest.mark.parametrize("text", ["after:2", "after:202", "before:2024-", "before:2024-1", "kind:q", "in:no"])
def test_a_value_that_is_being_typed_is_no_problem(text: str) -> None:
    assert read(text, typing=True).problem == ""


PIECES = st.sampled_from(
    ['"', "-", ":", "theme:", "kind:", "in:", "before:", "after:", "author:", "colour:", "2024", "-13", "7d", " ", "(",
     "*", "^", "NEAR", "'", "“", "»", "🛢", "é", "Қ", "能源", "\u0301", "\x00", "\ud800", "\u200b"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join), st.booleans())
def test_anything_may_be_typed(text: str, typing: bool) -> None:
    query: Any = read(text, typing=typing)
    assert all(term.words and all(term.words) for term in (*query.terms, *query.without, *query.authors))


@pytest.mark.parametrize(
    ("name", "wanted", "has"),
    [
        ("Law and order", "order law", True),
        ("Law and order", "ord", True),
        ("Law and order", "rder", False),
        ("Қазақстан", "казак", True),
        ("Énergie", "energ", True),
        ("Energy", "", True),
    ],
)
def test_a_name_has_words(name: str, wanted: str, has: bool) -> None:
    assert has_words(name, wanted) == has


def test_a_page_pasted_by_mistake_is_not_looked_for_word_by_word() -> None:
    many = understood(" ".join(f"w{number}" for number in range(9000)), typing=False)
    assert [term.words for term in many.terms] == [(f"w{number}",) for number in range(MOST)]
    assert many.problem == f"Only the first {MOST} words count."
    once = understood("tax ferry " * 5000, typing=False)
    assert ([term.words for term in once.terms], once.problem) == ([("tax",), ("ferry",)], "")
    assert len(understood(" ".join(f"-w{number}" for number in range(9000)) + " x").without) == MOST


@pytest.mark.parametrize("text", ["kind:\ud800", "a\ud800b", "in:\x00x", "theme:\udfff"])
def test_every_sentence_can_be_written(text: str) -> None:
    query = understood(text, typing=False)
    assert query.problem.encode() is not None
    assert all(word.isprintable() for term in query.terms for word in term.words)
