import pytest

from margent.searching import Searcher

TEXT = (
    "Article 1. The corridor reopened on 3 May after talks between the parties.\n"
    "Article 2. The agency may issue a permit for transport by rail. It may be withdrawn.\n"
    "Article 3. Traffic stays below the level of last year, and no party shall place checkpoints.\n"
    "Article 4. The agency may issue a permit for transport by road. It may be withdrawn.\n"
)


def found(
    exact: str, prefix: str = "", suffix: str = "", position: int = 0, text: str = TEXT
) -> tuple[str, int, bool] | None:
    place = Searcher(text).find(exact, prefix, suffix, position)
    return place and (text[place.start : place.end], place.start, place.firm)


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "expected"),
    [
        ("reopened on 3 May", "Article 1. The corridor ", " after talks between the parties.", "reopened on 3 May"),
        ("REOPENED on\n3  May", "1. the\ncorridor ", " after “talks” between the", "reopened on 3 May"),
        ("a permit", "Article 2. The agency may issue ", " for transport by rail. It may be", "a permit"),
        ("a permit", "Article 4. The agency may issue ", " for transport by road. It may be", "a permit"),
        ("It may be withdrawn.", "a permit for transport by road. ", "\n", "It may be withdrawn."),
        (
            "Traffic remains below the level of the last year",
            "be withdrawn.\nArticle 3. ",
            ", and no party shall place",
            "Traffic stays below the level of last year",
        ),
        ("stayed", "Article 3. Traffic ", " below the level of last year", None),
        ("No customs duty is due", "Article 9. ", " on goods in transit.", None),
        ("permit", "", "", None),
        (" \n", "The agency", "may issue", None),
        ("x", "y", "z", None),
    ],
)
def test_words_are_found_by_what_they_say_and_what_stands_around_them(
    exact: str, prefix: str, suffix: str, expected: str | None
) -> None:
    place = found(exact, prefix, suffix)
    if exact == "permit":
        # One of twins without context: to be checked at best.
        assert place is None or not place[2]
    else:
        assert (place and place[0]) == expected


def test_twins_are_told_apart_by_context_and_only_then_by_position() -> None:
    second = TEXT.rindex("a permit")
    assert found("a permit", "may issue ", " for transport by road", position=0) == ("a permit", second, True)
    assert (found("The agency may issue a permit", position=second) or ("", 0, True))[1:] == (second - 21, False)
    assert (found("The agency may issue a permit", position=0) or ("", 0, True))[1:] == (
        TEXT.index("The agency"),
        False,
    )


def test_a_word_that_is_everywhere_is_never_said_to_be_certain() -> None:
    text = "the " * 5000
    place = Searcher(text).find("the", "the the ", " the the", 400)
    assert place is None or not place.firm
    assert found("\u00ad", "the", "the", text=text) is None
    half = found("s", "die Stra", "e ist lang und breit", text="die Straße ist lang und breit")
    assert half is None or "ß" in half[0]


def test_a_text_without_words_has_no_place_for_any() -> None:
    assert found("word", "a", "b", text="") is None
    assert found("word", "a", "b", text="— …") is None


def test_a_searcher_answers_alike_whatever_was_asked_before() -> None:
    searcher = Searcher(TEXT)
    asked = [
        ("a permit", "may issue ", " for transport by road"),
        ("unheard of words", "quite ", " new"),
        ("traffic", "3. ", " stays below"),
    ]
    first = [searcher.find(*each, position=0) for each in asked]
    assert [searcher.find(*each, position=0) for each in reversed(asked)] == first[::-1]
