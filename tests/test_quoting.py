import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.errors import MargentError
from margent.quoting import locate_quote

BRIEF = (
    "The corridor reopened on 3 May.\nThe Minister said “it’s done” — twice.\n"
    "Le détroit, le detroit.\nthe corridor closed. The  corridor\nreopened again. 🌍 Die Straße."
)


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "expected"),
    [
        ("reopened on 3 May", "", "", "reopened on 3 May"),
        ("  reopened on 3 May\n", "", "", "reopened on 3 May"),
        ('"it\'s done" - TWICE', "", "", "“it’s done” — twice"),
        ("the corridor", "", "", "the corridor"),
        ("the corridor closed", "", "", "the corridor closed"),
        ("détroit", "", "", "détroit"),
        ("de\u0301troit", "", "", "détroit"),
        ("corridor reopened again", "", "", "corridor\nreopened again"),
        ("die strasse", "", "", "Die Straße"),
        ("corridor", "", "closed", "corridor"),
        ("corridor", "may. the minister", "", None),
        ("The corridor", "CLOSED. ", " reopened again", "The  corridor"),
    ],
)
def test_the_only_place_is_found_although_spacing_case_or_quotation_marks_differ(
    quote: str, prefix: str, suffix: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(MargentError):
            locate_quote(BRIEF, quote, prefix, suffix)
        return
    start, end = locate_quote(BRIEF, quote, prefix, suffix)
    assert BRIEF[start:end] == expected


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "said"),
    [
        ("corridor", "", "", "“corridor” is in the document 3 times; give --prefix or --suffix"),
        ("CORRIDOR REOPENED", "", "", "“CORRIDOR REOPENED” is in the document twice; give --prefix or --suffix"),
        ("corridor", "the", "", "“corridor” is in the document 3 times; give more of --prefix or --suffix"),
        ("3 May", "closed on", "", "“3 May” is in the document once, but never after “closed on”"),
        ("3 May", "on", "at", "once, but never after “on” and before “at”"),
        ("3 June", "", "", "“3 June” is not in the document; check its wording"),
        ("détroît", "", "", "is not in the document"),
        ("word " * 40, "", "", "word wo…” is not in the document"),
        (" \n ", "", "", "There are no words in the quotation"),
        ("\u00ad", "", "", "is not in the document"),
    ],
)
def test_a_place_that_is_missing_or_not_the_only_one_is_refused_with_a_reason(
    quote: str, prefix: str, suffix: str, said: str
) -> None:
    with pytest.raises(MargentError) as raised:
        locate_quote(BRIEF, quote, prefix, suffix)
    assert said in str(raised.value)


def test_places_that_overlap_are_counted() -> None:
    with pytest.raises(MargentError, match="twice"):
        locate_quote("ha ha ha", "ha ha")


letters = st.sampled_from("abéß")
pieces = st.text(st.sampled_from("ab éß\n’"), max_size=9)
worded = st.tuples(letters, pieces, letters).map("".join)


@given(pieces, worded, pieces, pieces, worded, pieces)
def test_a_piece_with_all_that_stands_around_it_is_found(
    first: str, before: str, space: str, gap: str, quote: str, after: str
) -> None:
    before, after = f"{first}{before}{space}", f"{gap}.{after}"
    text = before + quote + after
    try:
        start, end = locate_quote(text, quote, before, after)
    except MargentError as error:
        # With spacing set aside two places can share their context; any other refusal is wrong.
        assert "give more of" in str(error)  # noqa: PT017
    else:
        assert text[start:end] == quote
