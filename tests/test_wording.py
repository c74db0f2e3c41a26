import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.anchoring import describe, locate
from margent.wording import reading, same_edges, same_wording


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("The minister rejected it.", "the  minister\nrejected it."),
        ("THE MINISTER OF US", "The Minister of US"),
        ("the minister rejected", "the MINISTER rejected"),
        ("§ 12 Absatz 3", "§\u00a012 Absatz\u202f3"),
        ("„Träger“ im Sinne", "»Träger« im Sinne"),
        ("the ‘agency’ of", 'the "agency" of'),
        ("Qu’est-ce que c’est ?", "Qu'est-ce que c'est?"),
        ("« Article 5 » : le juge", "«Article 5»: le juge"),
        ("5 % der Stimmen", "5% der Stimmen"),
        ("Arbeit\u00adnehmer", "Arbeitnehmer"),
        ("(see Annex B)", "( see Annex B )"),
        ("人人有权享有“主张”的自由。", "人人有权享有\n「主张」的自由。"),
        ("10–15 members", "10-15 members"),
        ("الكتاب\u200f الأول", "الكتاب الأول"),
        ("ﬁnal text", "final text"),
        ("５ Artikel", "5 Artikel"),
        ("café", unicodedata.normalize("NFD", "café")),
        ("किताब", unicodedata.normalize("NFD", "किताब")),
        ("Straße", "STRASSE"),
        ("der Maßnahme", "DER MASSNAHME"),
        ("İstanbul", "istanbul"),
        ("", ""),
    ],
)
def test_white_space_quotes_case_and_what_is_not_seen_leave_the_wording(quote: str, found: str) -> None:
    assert same_wording(quote, found)
    assert same_wording(found, quote)


CHANGES = [
    ("The minister rejected it", "The minister accepted it"),
    ("shall report", "shall not report"),
    ("The US agreed to this", "The us agreed to this"),
    ("with AIDS in schools", "with aids in schools"),
    ("it MUST be sent", "it must be sent"),
    ("WHO", "who"),
    ("in Maßen trinken", "in Massen trinken"),
    ("1,5 vom Hundert", "15 vom Hundert"),
    ("1,5 vom Hundert", "1.5 vom Hundert"),
    ("1 5", "15"),
    ("10 Euro", "100 Euro"),
    ("minus -5 Grad", "minus 5 Grad"),
    ("±5", "5"),
    ("10² Meter", "102 Meter"),
    ("x₁ + y", "x1 + y"),
    ("1½ Tage", "11⁄2 Tage"),
    ("Kein Träger kann", "Ein Träger kann"),
    ("Die Behörde kann", "Die Behörde muss"),
    ("Die Behörde soll", "Die Behörde sollte"),
    ("10 vom Hundert", "15 vom Hundert"),
    ("31. Dezember 2023", "31. Dezember 2025"),
    ("schon", "schön"),
    ("pêche", "péché"),
    ("كَتَبَ الولد", "كُتُب الولد"),
    ("نامه\u200cای دارد", "نامهای دارد"),
    ("क्\u200dष है", "क्ष है"),
    ("किताब", "कताब"),
    ("ที่นี่", "ทีนี"),
    ("министр отклонил", "министр не отклонил"),
    ("все", "всё"),
    ("кол қою", "қол қою"),
    ("有权", "无权"),
    ("できる", "できない"),
    ("ハ", "バ"),
    ("\u202e123", "123"),
    ("now here", "nowhere"),
    ("reopened on 3 May", "reopened; on 3 May"),
    ("three countries.", "three countries?"),
    ("٣ أيام", "٥ أيام"),
    ("I can", "I can't"),
    ("5 °C", "5 °F"),
    ("€ 5", "$ 5"),
    ("a < b", "a > b"),
    ("a", ""),
]


@pytest.mark.parametrize(("quote", "found"), CHANGES)
def test_any_change_of_what_is_said_is_another_wording(quote: str, found: str) -> None:
    assert not same_wording(quote, found)
    assert not same_wording(found, quote)


@pytest.mark.parametrize(("quote", "found"), [change for change in CHANGES if all(change)])
@pytest.mark.parametrize("known", [True, False], ids=["old text kept", "selectors only"])
def test_a_change_in_unchanged_surroundings_is_never_said_to_be_placed(quote: str, found: str, *, known: bool) -> None:
    around = ("Chapter one deals with other matters of the report; ", " — so much was agreed upon that day.")
    old, new = around[0] + quote + around[1], around[0] + found + around[1]
    selector = describe(old, len(around[0]), len(around[0]) + len(quote))
    assert locate(new, selector, old_text=old if known else None).state != "placed"


@pytest.mark.parametrize(
    ("quote", "before", "other"),
    [
        ("binding", "a ", "a non-"),
        ("profit", "for ", "for non‑"),
        ("5 per cent", "by ", "by 1."),
        ("5 vom Hundert", "um ", "um 0,"),
        ("5 degrees", "to ", "to -"),
        ("5 degrees", "to ", "to −"),
        ("legal", "of ", "of il"),
        ("Minister", "der ", "der Ex-"),
    ],
)
def test_a_word_that_grew_before_the_quotation_is_no_longer_the_same(quote: str, before: str, other: str) -> None:
    assert same_edges((before, quote, " or so"), (before, quote, " or more"))
    assert not same_edges((before, quote, " or so"), (other, quote, " or so"))
    old, new = (f"They spoke at length {start}{quote} or so and then left the room." for start in (before, other))
    place = old.index(quote)
    for text in (old, None):
        assert locate(new, describe(old, place, place + len(quote)), old_text=text).state != "placed"


@pytest.mark.parametrize(
    ("quote", "after", "other"),
    [
        ("we can", " do", "'t do"),
        ("up to 5", " or", ",5 or"),
        ("up to 5", " or", "% or"),
        ("up to 10", " or", "² or"),
        ("the US", " and", "-led and"),
        ("up to 5", " or", "0 or"),
    ],
)
def test_a_word_that_grew_after_the_quotation_is_no_longer_the_same(quote: str, after: str, other: str) -> None:
    assert not same_edges(("", quote, after), ("", quote, other))
    old, new = (f"In the first session {quote}{end} so and then leave the room." for end in (after, other))
    place = old.index(quote)
    for text in (old, None):
        assert locate(new, describe(old, place, place + len(quote)), old_text=text).state != "placed"


def test_signs_beside_a_quotation_are_not_its_own() -> None:
    assert same_edges(("(", "binding", ")"), ("", "binding", ", and"))
    assert same_edges(("x – ", "5 Tage", "."), ("", "5 Tage", "!"))
    assert same_edges(("人", "民", "的"), ("国", "民", "主"))
    assert same_edges(("", "oute", ""), ("the r", "oute", " to"))


@given(st.text(st.sampled_from("aßS\u0301\u200d ²'\"«・中。5,-\ud800\x00"), max_size=12))
def test_what_is_read_has_nothing_more_to_be_made_equal(text: str) -> None:
    assert same_wording(text, text)
    assert reading(reading(text)) == reading(text)
    assert same_wording(text, text.replace(" ", "\n\u00a0"))
    assert same_edges((text, text, text), (text, text, text))


def test_long_words_beside_a_quotation_are_read_once() -> None:
    begun = time.process_time()
    for _ in range(1000):
        same_edges(("a" * 23 + " ", "b", " " + "c" * 23), ("a" * 24, "b", "1" * 24))
    assert time.process_time() - begun < 1
