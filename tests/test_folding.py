import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.folding import Folded, fold, letter

# Letters of many scripts, with those whose folding changes lengths often among them.
texts = st.text(
    st.one_of(
        st.sampled_from("aAbBzZ \n\t.,-'ßẞİıÅéÉŁøæŒﬁ…½ңҰіЙйёςΣΐ\u00ad\u0301\u200b\u00a0\u2009’“«–—№"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=60,
)
ways = st.fixed_dictionaries({"accents": st.booleans(), "case": st.booleans(), "spaces": st.booleans()})


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Policy BRIEF", "policy brief"),
        ("Sécurité ALIMENTAIRE", "securite alimentaire"),
        ("Қазақстан, өңір, ғылым, ұлт, жүйе, шаһар, іс", "казакстан, онир, гылым, улт, жуие, шахар, ис"),
        ("Ёлка и Йод", "елка и иод"),
        (
            "Łódź, Ærø, Đà Nẵng, Kızılay, İzmir, œuvre, Straße, STRASSE",
            "lodz, aero, da nang, kizilay, izmir, oeuvre, strasse, strasse",
        ),
        ("ΟΔΥΣΣΕΥΣ, Ὀδυσσεύς", "οδυσσευσ, οδυσσευσ"),
        ("“It’s”, «да», ‚so‘ – or — no…", '"it\'s", "да", \'so\' - or - no...'),
        ("10\u00a0000\u202fkm", "10 000 km"),
        ("co\u00adoper\u00adation", "cooperation"),
        ("e\u0301galite\u0301", "egalite"),
        ("ﬁnal ﬂow", "final flow"),
        ("한국어 が ガ", "한국어 が ガ"),
        ("", ""),
    ],
)
def test_what_reads_the_same_folds_to_the_same(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_accents_case_and_lines_stay_when_they_are_to_count() -> None:
    assert fold("Été\nÉTÉ  “x”", accents=False).text == 'été\nété  "x"'
    assert fold("Été\nÉTÉ  “x”", case=False).text == 'Ete\nETE  "x"'
    assert fold("Été\nÉTÉ  \u00ad “x”", accents=False, case=False, spaces=True).text == 'Été ÉTÉ "x"'
    assert fold("Ærø ẞ", case=False).text == "AEro SS"


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("Große Straße", "strass", "Straß"),
        ("Große Straße", "ss", "ß"),
        ("Große Straße", "e stra", "e Stra"),
        ("co\u00adoperate now", "cooperate", "co\u00adoperate"),
        ("\u00adoperate", "operate", "operate"),
        ("operate\u00ad", "operate", "operate"),
        ("cafe\u0301 noir", "cafe", "cafe\u0301"),
        ("wait… now", "...", "…"),
        ("wait… now", "n", "n"),
        ("İzmir", "izmir", "İzmir"),
    ],
)
def test_a_stretch_of_folded_text_leads_back_to_whole_characters(text: str, part: str, original: str) -> None:
    folded = fold(text)
    start = folded.text.index(part)
    first, last = folded.span(start, start + len(part))
    assert text[first:last] == original


def test_runs_of_white_space_lead_back() -> None:
    text = "one \n\n two\tthree"
    folded = fold(text, spaces=True)
    assert folded.text == "one two three"
    assert [text[slice(*folded.span(i, i + 1))] for i in (3, 4, 7, 8)] == [" \n\n ", "t", "\t", "t"]
    assert [folded.offset(position) for position in (0, 3, 4, 7, 8)] == [0, 3, 4, 4, 5]


@given(texts, ways)
def test_folding_again_changes_nothing(text: str, how: dict[str, bool]) -> None:
    once = fold(text, **how).text
    assert fold(once, **how).text == once


@given(texts, texts, st.booleans(), st.booleans())
def test_folding_goes_character_by_character(first: str, second: str, accents: bool, case: bool) -> None:
    together = fold(first + second, accents=accents, case=case).text
    assert together == fold(first, accents=accents, case=case).text + fold(second, accents=accents, case=case).text


@given(texts, ways, st.data())
def test_the_way_back_leads_to_text_that_folds_to_the_same(
    text: str, how: dict[str, bool], data: st.DataObject
) -> None:
    folded = fold(text, **how)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first <= last <= len(text)
    if start == end:
        assert first == last
        return
    again = fold(text[first:last], **how).text
    assert folded.text[start:end] in again
    assert len(again) <= end - start + 2 * 17, "at most the rest of the longest letter on either side"


@given(texts, ways, st.data())
def test_many_stretches_lead_back_as_each_does(text: str, how: dict[str, bool], data: st.DataObject) -> None:
    folded = fold(text, **how)
    positions = st.integers(0, len(folded.text))
    stretches = sorted(data.draw(st.lists(st.tuples(positions, positions).map(lambda pair: (min(pair), max(pair))))))
    stretches = [stretch for stretch in stretches if stretch[0] < stretch[1]]
    assert list(folded.spans(stretches)) == [folded.span(*stretch) for stretch in stretches]


@given(texts, ways)
def test_the_way_back_never_runs_backwards_and_the_way_there_meets_it(text: str, how: dict[str, bool]) -> None:
    folded = fold(text, **how)
    starts = [folded.span(i, i + 1)[0] for i in range(len(folded.text))]
    assert starts == sorted(starts)
    for position in range(len(text) + 1):
        offset = folded.offset(position)
        assert 0 <= offset <= len(folded.text)
        assert all(start < position for start in starts[:offset])
        assert all(start >= position for start in starts[offset:])


def test_every_character_folds_alike_alone_and_in_bulk() -> None:
    beyond_ascii = [chr(code) for code in (*range(0x80, 0xD800), *range(0xE000, 0x20000))]
    assert fold("\n".join(beyond_ascii)).text.split("\n") == [letter(character) for character in beyond_ascii]


def best(action: str, text: str) -> float:
    """The shortest of three timings in seconds: other processes only ever add."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        assert isinstance(fold(text), Folded), action
        times.append(time.process_time() - begun)
    return min(times)


def test_a_book_folds_while_a_key_is_pressed() -> None:
    ascii_prose = "The corridor reopened on 3 May, and the Parties agreed to it.\n" * 30_000
    mixed = ascii_prose.replace("agreed", "— l’été — agreed to “Straße”")
    cyrillic = "Министерство иностранных дел Қазақстан йод ёлка, и так далее.\n" * 30_000
    floor = best("warm up", ascii_prose)
    # 1.9 million characters. The margins are wide because other work may run beside the tests.
    assert floor < 0.05
    assert best("mixed", mixed) < 0.6
    assert best("Cyrillic", cyrillic) < 0.6
