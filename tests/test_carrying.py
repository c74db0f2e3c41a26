import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.carrying import Carrier

OLD = (
    "The corridor reopened on 3 May after talks between the parties.\n"
    "Under Article 12 the agency may issue a permit for transport (see “Annex B”).\n"
    "Traffic stays below the level of last year.\n"
    "No party shall place new checkpoints along the route without notice to the others.\n"
)


def carried(new: str, quote: str, old: str = OLD) -> tuple[str, float, bool] | None:
    start = old.index(quote)
    place = Carrier(old, new).carry(start, start + len(quote))
    return place and (new[place.start : place.end], round(place.share, 2), place.firm)


@pytest.mark.parametrize(
    ("change", "quote", "expected"),
    [
        (("The corridor", "In short: the corridor"), "reopened on 3 May", ("reopened on 3 May", 1.0, True)),
        (
            ("may issue", "may, if asked, issue"),
            "the agency may issue a permit",
            ("the agency may, if asked, issue a permit", 1.0, False),
        ),
        (
            ("may issue", "shall refuse"),
            "the agency may issue a permit",
            ("the agency shall refuse a permit", 0.67, False),
        ),
        (("between the parties", "of all"), "after talks between the parties", ("after talks of all", 0.4, False)),
        (("a permit", "a   permit"), "issue a permit", ("issue a   permit", 1.0, True)),
        (("“Annex B”", '"Annex B"'), "(see “Annex B”)", ('(see "Annex B")', 1.0, True)),
        (("transport", "transports"), "transport", ("transports", 0.0, False)),
        (("checkpoints", "check-points"), "new checkpoints along", ("new check-points along", 0.67, False)),
        (("Traffic stays below the level of last year.\n", ""), "below the level of last year", None),
        (
            ("Traffic stays below the level of last year.", "Nobody knows what comes of it."),
            "Traffic stays below the level",
            None,
        ),
        (("route", "road"), "oute", None),
        (("reopened", "opened"), "pened", ("opened", 0.0, False)),
        (("(see", "(cf."), ")", (")", 1.0, True)),
        ((".\nUnder", " — until June.\nUnder"), ".\nU", (".\nU", 1.0, True)),
    ],
)
def test_a_span_goes_where_its_words_went(
    change: tuple[str, str], quote: str, expected: tuple[str, float, bool] | None
) -> None:
    assert carried(OLD.replace(*change), quote) == expected


def test_a_sentence_that_moved_is_followed() -> None:
    lines = OLD.splitlines(keepends=True)
    new = "".join([*lines[3:], *lines[:3]])
    for quote in ("No party shall place new checkpoints", "talks between the parties", "Annex B"):
        assert carried(new, quote) == (quote, 1.0, True)


def test_words_that_belong_to_other_old_words_are_no_home_for_a_quotation_that_is_gone() -> None:
    old = "One. The agency may issue a permit.\nTwo. Whoever asks pays.\nThree. The agency may issue a permit.\n"
    new = "One. Whatever else is said here.\nTwo. Whoever asks pays.\nThree. The agency may issue a permit.\n"
    assert carried(new, "The agency may issue a permit", old) is None


def test_whereabouts_of_what_is_gone_are_near_what_stood_before_it() -> None:
    gone = "Traffic stays below the level of last year.\n"
    new = OLD.replace(gone, "")
    place = Carrier(OLD, new).whereabouts(OLD.index(gone))
    assert new[:place].endswith("Annex B")
    assert Carrier("a b", "x y z").whereabouts(3) == 5
    assert Carrier("gone kept", "kept").whereabouts(0) == 0


texts = st.lists(st.sampled_from(["alpha", "beta", "gamma", "the", "of", "—", "§1", "中", "\n"]), max_size=25)
texts = texts.map(" ".join)


@given(texts, texts, st.data())
def test_a_place_is_always_within_the_text(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    carrier = Carrier(old, new)
    place = carrier.carry(start, end)
    if place is not None:
        assert 0 <= place.start <= place.end <= len(new)
        assert 0 <= place.share <= 1
        if start < end and place.firm:
            assert place.start < place.end
    assert 0 <= carrier.whereabouts(start) <= len(new)


@given(texts, texts, st.data())
def test_text_before_and_after_leaves_a_span_untouched(old: str, added: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    place = Carrier(old, old).carry(start, end)
    if place is not None and any(c.isalnum() for c in old[start:end]):
        assert (place.start, place.end, place.share, place.firm) == (start, end, 1.0, True)


@given(texts, st.integers(0, 24), st.integers(0, 24))
def test_what_is_near_and_beside_never_exceeds_what_there_is(old: str, start: int, length: int) -> None:
    carrier = Carrier(old, old)
    start = min(start, len(old))
    end = min(len(old), start + length)
    near = carrier.near(start, end, 8)
    before, after = carrier.beside(start, end, 4)
    assert near.there == near.of
    assert near.share == (1.0 if near.of else 0.0)
    if carrier.words(start, end):
        assert before.there == before.of <= 4
        assert after.there == after.of <= 4
