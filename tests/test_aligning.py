import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.aligning import Alignment, words_of


def aligned(old: str, new: str) -> list[str]:
    """The words of `old`, each with where it went: "word:index", or "word" alone where it is gone."""
    vocabulary: dict[str, int] = {}
    before, after = words_of(old, vocabulary), words_of(new, vocabulary)
    alignment = Alignment(before, after)
    words = [old[start:end] for start, end in zip(before.starts, before.ends, strict=True)]
    return [word if to < 0 else f"{word}:{to}" for word, to in zip(words, alignment.image, strict=True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The corridor, “reopened”.", ["The", "corridor", "reopened"]),
        ("re-use _it_ 3.5", ["re", "use", "it", "3", "5"]),
        ("co\u00adoperate Straße ﬁn", ["co\u00adoperate", "Straße", "ﬁn"]),
        ("Қазақстан мен Ресей", ["Қазақстан", "мен", "Ресей"]),
        ("中国经济 GDP", ["中", "国", "经", "济", "GDP"]),
        ("🌍 — …", []),
        ("", []),
    ],
)
def test_a_text_is_read_as_words_where_they_stand(text: str, words: list[str]) -> None:
    read = words_of(text, {})
    assert [text[start:end] for start, end in zip(read.starts, read.ends, strict=True)] == words


def test_words_are_equal_without_regard_to_case_in_all_texts_of_one_vocabulary() -> None:
    vocabulary: dict[str, int] = {}
    first, second = words_of("The STRASSE", vocabulary), words_of("the Straße the", vocabulary)
    assert [*first.numbers] == [0, 1]
    assert [*second.numbers] == [0, 1, 0]


def test_the_words_that_touch_a_span_are_told() -> None:
    read = words_of("one two, three", {})
    assert read.touching(0, 14) == (0, 3)
    assert read.touching(2, 5) == (0, 2)
    assert read.touching(4, 7) == (1, 2)
    assert read.touching(7, 9) == (2, 2)
    assert read.touching(14, 14) == (3, 3)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b c", "a b c", "a:0 b:1 c:2"),
        ("a b c", "x a b c", "a:1 b:2 c:3"),
        ("a b c", "a x c", "a:0 b c:2"),
        ("", "a", ""),
        ("a", "", "a"),
        (
            "first the one two three four then five six seven eight",
            "five six seven eight and the one two three four",
            "first the:5 one:6 two:7 three:8 four:9 then five:0 six:1 seven:2 eight:3",
        ),
    ],
)
def test_words_are_aligned_through_edits_and_moves(old: str, new: str, expected: str) -> None:
    assert " ".join(aligned(old, new)) == expected


def test_a_sentence_keeps_its_beginning_from_one_that_is_gone_and_began_alike() -> None:
    kept, gone = "Whoever asks pays a fee.", "The agency may issue a permit for goods."
    moved = "The agency may issue a permit against proof of origin."
    new = aligned(f"{kept} {gone} Nothing else counts here. {moved}", f"{kept} {moved} Nothing else counts here.")
    assert [word for word in new[5:13] if ":" in word] == []
    assert new[-10:] == [f"{word}:{place}" for place, word in enumerate(moved.rstrip(".").split(), 5)]


def test_words_that_only_the_language_has_in_common_do_not_make_a_new_sentence_of_an_old_one() -> None:
    around = "What the members of the house say of the state of the union is put to the vote of the people."
    old = f"{around} Alpha the beta gamma of delta epsilon zeta of eta theta. {around}"
    new = f"{around} We think of another question that the whole group asked the other day. {around}"
    assert " ".join(aligned(old, new)[21:-21]) == "Alpha the beta gamma of delta epsilon zeta of eta theta"


few = st.lists(st.sampled_from("abcde"), max_size=30).map(" ".join)


@given(few, few)
def test_an_alignment_joins_equal_words_one_to_one(old: str, new: str) -> None:
    vocabulary: dict[str, int] = {}
    before, after = words_of(old, vocabulary), words_of(new, vocabulary)
    alignment = Alignment(before, after)
    joined = [(word, to) for word, to in enumerate(alignment.image) if to >= 0]
    assert all(before.numbers[word] == after.numbers[to] for word, to in joined)
    assert all(alignment.source[to] == word for word, to in joined)
    assert sum(word >= 0 for word in alignment.source) == len(joined)


@given(few)
def test_a_text_is_aligned_with_itself_word_by_word(text: str) -> None:
    read = words_of(text, {})
    assert [*Alignment(read, read).image] == [*range(len(read.numbers))]


def test_rewritten_texts_without_anything_rare_do_not_take_for_ever() -> None:
    old, new = "a b c d " * 3000, "d b a c " * 3000
    begun = time.process_time()
    aligned(old, new)
    assert time.process_time() - begun < 3
