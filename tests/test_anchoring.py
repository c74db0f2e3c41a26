import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.anchoring import Selector, describe, locate, relocate

OLD = (
    "The corridor reopened on 3 May.\nThe minister rejected the proposal to extend the mandate.\n"
    "Traffic stays below the level of last year. The corridor is the only way to the sea."
)


def of(quote: str, text: str = OLD) -> Selector:
    start = text.index(quote)
    return describe(text, start, start + len(quote))


def test_a_selector_holds_the_words_and_their_surroundings() -> None:
    text = "x" * 300 + "The corridor" + "y" * 300
    assert describe(text, 300, 312) == Selector("The corridor", "x" * 128, "y" * 128, 300, 312)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, "The minister rejected the proposal"),
        ("A new first line.\n" + OLD, "The minister rejected the proposal"),
        (OLD.replace(" ", "\n"), "The\nminister\nrejected\nthe\nproposal"),
        (OLD.replace("minister", "Minister"), "The Minister rejected the proposal"),
    ],
)
def test_words_that_are_there_are_placed(new: str, expected: str, known: bool) -> None:
    selector = of("The minister rejected the proposal")
    match = locate(new, selector, old_text=OLD if known else None)
    assert match.state == "placed"
    assert new[match.start : match.end] == expected


@pytest.mark.parametrize("known", [True, False])
def test_a_word_that_turns_the_meaning_is_never_placed(known: bool) -> None:
    new = OLD.replace("rejected", "accepted")
    match = locate(new, of("The minister rejected the proposal"), old_text=OLD if known else None)
    assert match.state != "placed"


@pytest.mark.parametrize("known", [True, False])
def test_words_that_are_gone_are_an_orphan(known: bool) -> None:
    new = OLD.replace("The minister rejected the proposal to extend the mandate.\n", "")
    match = locate(new, of("The minister rejected the proposal"), old_text=OLD if known else None)
    assert match.state == "orphaned"
    assert 0 <= match.start <= match.end <= len(new)


@given(st.text(st.sampled_from("ab é\n."), min_size=1, max_size=60), st.data())
def test_in_the_same_text_everything_stays(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    match = locate(text, describe(text, start, end), old_text=text)
    assert (match.state, match.start, match.end, match.confidence) == ("placed", start, end, 1.0)


def test_many_selectors_are_answered_in_their_order() -> None:
    selectors = [of("The corridor reopened"), of("Traffic stays"), of("nothing", "nothing")]
    matches = relocate(OLD, "New.\n" + OLD, selectors)
    assert [match.state for match in matches] == ["placed", "placed", "orphaned"]
