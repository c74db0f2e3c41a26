import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.anchoring import Match, Selector, describe, locate, relocate
from margent.wording import same_wording

OLD = (
    "The corridor reopened on 3 May.\nThe minister rejected the proposal to extend the mandate of the mission.\n"
    "Traffic stays below the level of last year. The corridor is the only way to the sea for three countries.\n"
    "Every party shall report to the secretariat by the end of each quarter."
)
knowing = pytest.mark.parametrize("known", [True, False], ids=["old text kept", "selectors only"])


def of(quote: str, text: str = OLD) -> Selector:
    start = text.index(quote)
    return describe(text, start, start + len(quote))


def found(new: str, quote: str, old: str = OLD, *, known: bool) -> tuple[str, str]:
    match = locate(new, of(quote, old), old_text=old if known else None)
    assert 0 <= match.start <= match.end <= len(new)
    assert 0 <= match.confidence <= 1
    return match.state, new[match.start : match.end]


def test_a_selector_holds_the_words_and_their_surroundings() -> None:
    text = "x" * 300 + "The corridor" + "y" * 300
    assert describe(text, 300, 312) == Selector("The corridor", "x" * 128, "y" * 128, 300, 312)
    assert describe("ab", 0, 2) == Selector("ab", "", "", 0, 2)


@knowing
@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, "The minister rejected the proposal"),
        ("A new first line.\n" + OLD, "The minister rejected the proposal"),
        (OLD.replace(" ", "\n"), "The\nminister\nrejected\nthe\nproposal"),
        (OLD.replace(" ", " \u00ad "), "The \u00ad minister \u00ad rejected \u00ad the \u00ad proposal"),
        (OLD.replace("minister", "MINISTER"), "The MINISTER rejected the proposal"),
        ("\n".join(OLD.split("\n")[::-1]), "The minister rejected the proposal"),
        (OLD.replace("corridor", "passage").replace("3 May", "9 June"), "The minister rejected the proposal"),
    ],
)
def test_words_that_are_there_are_placed(new: str, expected: str, *, known: bool) -> None:
    assert found(new, "The minister rejected the proposal", known=known) == ("placed", expected)


@knowing
@pytest.mark.parametrize(
    ("quote", "word", "other"),
    [
        ("The minister rejected the proposal", "rejected", "accepted"),
        ("The minister rejected the proposal", "rejected", "has not rejected"),
        ("The corridor reopened on 3 May", "3 May", "13 May"),
        ("reopened on 3 May", "reopened on", "reopened; on"),
        ("Every party shall report", "shall", "shall not"),
        ("Every party shall report", "shall", "may"),
        ("is the only way to the sea", "the only", "the only good"),
        ("stays below the level", "below", "above"),
        ("for three countries.", "countries.", "countries?"),
    ],
)
def test_words_that_changed_are_never_said_to_be_placed(quote: str, word: str, other: str, *, known: bool) -> None:
    state, words = found(OLD.replace(word, other, 1), quote, known=known)
    assert state == "moved"
    assert words


@knowing
@pytest.mark.parametrize(
    ("gone", "quote"),
    [
        (
            "The minister rejected the proposal to extend the mandate of the mission.\n",
            "minister rejected the proposal",
        ),
        ("Traffic stays below the level of last year. ", "below the level of last year"),
        ("Every party shall report to the secretariat by the end of each quarter.", "secretariat"),
    ],
)
def test_words_that_are_gone_are_an_orphan_whereabouts_they_were(gone: str, quote: str, *, known: bool) -> None:
    new = OLD.replace(gone, "")
    match = locate(new, of(quote), old_text=OLD if known else None)
    assert match.state == "orphaned"
    assert match.start == match.end
    assert match.confidence == 0.0
    if known:
        assert abs(match.start - OLD.index(gone)) <= 2


TWINS = (
    "One. The agency may issue a permit.\nTwo. Whoever asks for it pays a fee.\nThree. The agency may issue a permit.\n"
)


@pytest.mark.parametrize("which", [0, 1])
def test_twins_stay_apart(which: int) -> None:
    quote = "The agency may issue a permit"
    places = [TWINS.index(quote), TWINS.rindex(quote)]
    new = "Preamble with some words.\n" + TWINS
    selector = describe(TWINS, places[which], places[which] + len(quote))
    expected = places[which] + len(new) - len(TWINS)
    assert locate(new, selector, old_text=TWINS).start == expected
    assert locate(new, selector).start == expected


def test_a_twin_is_no_home_for_words_that_are_gone() -> None:
    start = TWINS.index("The agency")
    new = TWINS.replace("The agency may issue a permit.\n", "Nothing is said here any more.\n", 1)
    assert locate(new, describe(TWINS, start, start + 29), old_text=TWINS).state == "orphaned"


def test_when_context_does_not_decide_between_twins_the_place_is_to_be_checked() -> None:
    quote = "The agency may issue a permit"
    match = locate(TWINS, Selector(quote, start=TWINS.rindex(quote)))
    assert match.state == "moved"
    assert match.start == TWINS.rindex(quote)
    assert locate(TWINS, Selector("the", start=0)).state != "placed"


@knowing
@pytest.mark.parametrize(
    ("old", "change", "quote", "expected"),
    [
        (
            "§ 4\n(1) Die Behörde kann die Genehmigung widerrufen, wenn die Voraussetzungen des § 12 Absatz 3 fehlen.",
            ("§ 12 Absatz 3", "§ 14 Absatz 3 Satz 2"),
            "Die Behörde kann die Genehmigung widerrufen",
            ("placed", "Die Behörde kann die Genehmigung widerrufen"),
        ),
        (
            "(1) Die zuständige Stelle muß den Antrag innerhalb von drei Monaten bescheiden.\n(2) Absatz 1 gilt.",
            ("drei Monaten", "sechs Wochen"),
            "innerhalb von drei Monaten bescheiden",
            ("moved", "innerhalb von sechs Wochen bescheiden"),
        ),
        (
            "Министр отклонил предложение о продлении мандата миссии. Движение остаётся ниже прошлогоднего уровня.",
            ("отклонил", "принял"),
            "Министр отклонил предложение",
            ("moved", "Министр принял предложение"),
        ),
        (
            "Қазақстан Орталық Азиядағы ең үлкен ел болып табылады. Ол Еуропа мен Азия арасындағы көпір.",
            ("ең үлкен ел", "ең ірі мемлекет"),
            "Ол Еуропа мен Азия арасындағы көпір",
            ("placed", "Ол Еуропа мен Азия арасындағы көпір"),
        ),
        (
            "部长拒绝了延长任务期限的提案。交通量仍低于去年的水平。各方应在每季度末提交报告。",
            ("拒绝", "接受"),
            "交通量仍低于去年的水平",
            ("placed", "交通量仍低于去年的水平"),
        ),
        (
            "رفض الوزير الاقتراح بتمديد ولاية البعثة. ولا تزال حركة المرور دون مستوى العام الماضي في المنطقة كلها.",
            ("رفض", "قبل"),
            "حركة المرور دون مستوى العام الماضي",
            ("placed", "حركة المرور دون مستوى العام الماضي"),
        ),
        (
            "A 🌍 corridor reopened 👩‍👩‍👧 near the border with much fanfare on a cold morning in the spring.",
            ("cold", "warm"),
            "🌍 corridor reopened 👩‍👩‍👧",
            ("placed", "🌍 corridor reopened 👩‍👩‍👧"),
        ),
    ],
    ids=["German law", "German term", "Russian", "Kazakh", "Chinese", "Arabic", "emoji"],
)
def test_texts_in_any_language(
    old: str, change: tuple[str, str], quote: str, expected: tuple[str, str], *, known: bool
) -> None:
    assert found("New heading\n" + old.replace(*change), quote, old, known=known) == expected


def test_a_selector_that_does_not_fit_its_old_text_is_first_sought_there() -> None:
    selector = of("The minister rejected the proposal")
    shifted = Selector(selector.exact, selector.prefix, selector.suffix, selector.start + 7, selector.end + 7)
    new = "A new first line.\n" + OLD
    match = locate(new, shifted, old_text=OLD)
    assert (match.state, new[match.start : match.end]) == ("placed", selector.exact)
    assert locate(OLD, shifted, old_text=OLD).start == selector.start
    foreign = Selector("words of another text altogether", "said ", " by someone", 3, 35)
    assert locate(new, foreign, old_text=OLD).state == "orphaned"
    assert locate(OLD, foreign, old_text=OLD).state == "orphaned"


@pytest.mark.parametrize("old", [None, "", OLD])
@pytest.mark.parametrize("new", ["", "\n", "—"])
def test_an_empty_text_orphans_everything(old: str | None, new: str) -> None:
    match = locate(new, of("minister"), old_text=old)
    assert match.state == "orphaned"
    assert 0 <= match.start == match.end <= len(new)


@given(st.text(st.sampled_from("ab é\n."), min_size=1, max_size=60), st.data())
def test_in_the_same_text_everything_stays(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert locate(text, describe(text, start, end), old_text=text) == Match("placed", start, end, 1.0)


@given(
    st.text(st.sampled_from("ab é\n.,🌍"), max_size=40), st.text(st.sampled_from("ab é\n.,🌍"), max_size=40), st.data()
)
def test_any_two_texts_give_places_within_the_new_one(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    selector = describe(old, start, end)
    for match in (locate(new, selector), locate(new, selector, old_text=old)):
        assert 0 <= match.start <= match.end <= len(new)
        assert (match.state == "orphaned") == (match.confidence == 0)
        if match.state == "placed":
            before, after = (
                "".join(text.split()).casefold() for text in (selector.exact, new[match.start : match.end])
            )
            assert before == after


def sentences(chance: random.Random, count: int) -> list[str]:
    """Sentences of which none has a run of words in common with another."""
    kinds = ["The agency", "A member state", "The secretariat", "Each party", "The court", "No carrier"]
    return [
        f"{chance.choice(kinds)} {chance.choice(['may', 'shall'])} {chance.choice(['report', 'refuse', 'extend'])} "
        f"{chance.choice(['goods', 'permits', 'notices'])} of type k{n} at point p{chance.randrange(999)} by rule r{n}."
        for n in range(count)
    ]


@given(st.integers(0, 10_000))
def test_sentences_that_stay_or_move_are_placed_and_those_that_go_are_orphans(seed: int) -> None:
    chance = random.Random(seed)
    old = sentences(chance, 24)
    new = [sentence for sentence in old if chance.random() > 0.2]
    for _ in range(3):
        new.insert(chance.randrange(len(new) + 1), new.pop(chance.randrange(len(new))))
    new.insert(chance.randrange(len(new)), "Something quite different was added in this place by the drafters.")
    before, after = "\n".join(old), "\n".join(new)
    matches = relocate(before, after, [of(sentence, before) for sentence in old])
    for sentence, match in zip(old, matches, strict=True):
        if sentence in new:
            assert (match.state, after[match.start : match.end]) == ("placed", sentence)
        else:
            assert match.state == "orphaned"


@knowing
def test_many_selectors_are_answered_in_their_order_and_each_as_if_alone(*, known: bool) -> None:
    old = OLD if known else None
    new = "New.\n" + OLD.replace("rejected", "accepted")
    selectors = [
        of("The corridor reopened"),
        of("rejected the proposal"),
        of("Traffic stays"),
        of("nothing", "nothing"),
    ]
    matches = relocate(old, new, selectors)
    assert [match.state for match in matches] == ["placed", "moved", "placed", "orphaned"]
    assert matches == [locate(new, selector, old_text=old) for selector in selectors]
    assert relocate(old, new, []) == []


@pytest.mark.parametrize("old_text", [None, "The parties met twice. Nothing was agreed."])
def test_progress_rises_from_nothing_to_all(old_text: str | None) -> None:
    text = "At last the parties met twice. Nothing was agreed."
    told: list[float] = []
    selectors = [describe(old_text or text, 4, 20)] * 120
    matches = relocate(old_text, text, selectors, progress=told.append)
    assert matches == relocate(old_text, text, selectors)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert len(told) > 2


def test_what_progress_raises_ends_the_search() -> None:
    def stop(_: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        relocate("One two.", "One two three.", [describe("One two.", 0, 3)], progress=stop)


anything = st.text(st.sampled_from("ab1\u0301\u200dßé的ที.,-'\"« \n\x00\ud800🌍"), max_size=50)


@given(anything, anything, anything, anything, anything, st.integers(-5, 80), st.integers(-5, 80))
def test_selectors_that_fit_nothing_are_answered_all_the_same(
    old: str, new: str, exact: str, prefix: str, suffix: str, start: int, end: int
) -> None:
    selector = Selector(exact, prefix, suffix, start, end)
    for known in (old, None, new):
        match = locate(new, selector, old_text=known)
        assert 0 <= match.start <= match.end <= len(new)
        assert match == locate(new, selector, old_text=known)
        if match.state == "placed":
            assert same_wording(selector.exact, new[match.start : match.end])
