from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from margent.finding import Finder, find

alphabets = st.text(st.sampled_from("abAB éÉß\n'’ -\u00adxҚқк"), max_size=40)
queries = st.text(st.sampled_from("abé ßsк'-"), min_size=1, max_size=3)
ways = st.fixed_dictionaries({"words": st.booleans(), "accents": st.booleans(), "case": st.booleans()})


def hits(text: str, query: str, **how: bool) -> list[str]:
    return [text[start:end] for start, end in find(text, query, **how)]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("The corridor; a CORRIDOR", "corridor", ["corridor", "CORRIDOR"]),
        ("Sécurité et securite", "SECURITE", ["Sécurité", "securite"]),
        ("Sécurité et securite", "sécurité", ["Sécurité", "securite"]),
        ("Қазақстан мен Казахстан", "казак", ["Қазақ"]),
        ("Die Straße, die STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("the first\nblock ends,  the  second", "ends, the second", ["ends,  the  second"]),
        ("the first\nblock", "first \t block", ["first\nblock"]),
        ("10\u00a0000 tonnes", "10 000", ["10\u00a0000"]),
        ("the minister’s “plan”", 'minister\'s "plan"', ["minister’s “plan”"]),
        ("co\u00adoper\u00adate", "cooper", ["co\u00adoper"]),
        ("2020–2024", "2020-2024", ["2020–2024"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("ß", "s", ["ß"]),
        ("anything", "", []),
        ("any thing", "  ", []),
        ("", "a", []),
        ("🌍 corridor", "corridor", ["corridor"]),
        ("cafe\u0301", "café", ["cafe\u0301"]),
    ],
)
def test_what_is_typed_is_found_without_regard_to_case_accents_or_spacing(
    text: str, query: str, found: list[str]
) -> None:
    assert hits(text, query) == found


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("corridor corridors corridor.", "corridor", 2),
        ("Министр министра «министр»", "министр", 2),
        ("l’accord d’accord, accord", "accord", 3),
        ("dell’arte", "arte", 1),
        ("the state’s statement, states", "state", 1),
        ("don’t", "don", 0),
        ("don’t", "t", 0),
        ("don’t", "don't", 1),
        ("they’ve", "ve", 0),
        ("об’єднання", "об", 0),
        ("об’єднання", "єднання", 0),
        ("water_level water", "water", 1),
        ("co-operate", "operate", 1),
        ("été été-là étés", "ete", 2),
        ("(IV) IVs", "iv", 1),
        ("हिन्दी हिन्द", "हिन्द", 1),
        ("5% of 15%", "5%", 1),
        ("the water level", " water ", 1),
        ("a.b", ".", 1),
        ("‘state’ rights", "state", 1),
    ],
)
def test_whole_words_end_where_a_reader_sees_them_end(text: str, query: str, found: int) -> None:
    assert len(find(text, query, words=True)) == found


def test_accents_and_case_count_when_asked() -> None:
    assert hits("Été été ete", "été", accents=True) == ["Été", "été"]
    assert hits("Été été ete", "été", case=True) == ["été", "ete"]
    assert hits("Été été ete", "été", accents=True, case=True) == ["été"]


def test_searching_starts_where_it_is_told_and_stops_at_the_limit() -> None:
    text = "one two one two one"
    assert find(text, "one", start=1) == [(8, 11), (16, 19)]
    assert find(text, "one", start=8, limit=1) == [(8, 11)]
    assert find(text, "one", limit=0) == []


def test_the_hit_before_a_place_ends_there_or_earlier() -> None:
    finder = Finder("one two one two ones")
    assert finder.before("one", 20) == (16, 19)
    assert finder.before("one", 20, words=True) == (8, 11)
    assert finder.before("one", 11) == (8, 11)
    assert finder.before("one", 10) == (0, 3)
    assert finder.before("one", 2) is None
    assert finder.before("", 20) is None


@given(alphabets, queries, ways)
@example("\u00adß", "s", {"words": False, "accents": False, "case": False})
def test_hits_are_in_order_do_not_overlap_and_are_counted(text: str, query: str, how: dict[str, bool]) -> None:
    finder = Finder(text)
    spans = list(finder.find(query, **how))
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(start < end <= len(text) for start, end in spans)
    assert finder.count(query, **how) == len(spans)


@given(alphabets, queries, ways, st.integers(0, 40))
def test_a_hit_found_from_a_place_is_the_first_there_is(
    text: str, query: str, how: dict[str, bool], place: int
) -> None:
    finder = Finder(text)
    place = min(place, len(text))
    first = next(finder.find(query, start=place, **how), None)
    # Each position is tried as a start of its own, so that hits which overlap earlier ones are seen too.
    starts = [next(finder.find(query, start=at, **how), (-1, -1)) for at in range(place, len(text) + 1)]
    possible = [span for span in starts if span[0] >= place]
    assert first == min(possible, default=None)
    assert all(span[0] >= place for span in finder.find(query, start=place, **how))


@given(alphabets, queries, ways, st.integers(0, 40))
def test_the_hit_before_a_place_is_a_hit(text: str, query: str, how: dict[str, bool], place: int) -> None:
    finder = Finder(text)
    span = finder.before(query, place, **how)
    if span is None:
        assert not any(end <= place for _, end in finder.find(query, **how))
    else:
        assert span[1] <= place
        assert next(finder.find(query, start=span[0], **how)) == span


@given(st.text(st.sampled_from("abc \n"), max_size=30), st.data())
def test_any_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    piece = text[start:end].strip()
    if piece:
        assert any(text[first:last].split() == piece.split() for first, last in find(text, piece, case=True))
