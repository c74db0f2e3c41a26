"""Numbers in the formats that Word counts in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.formats.docxlabels import is_plain, label, roman, spelled


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("lowerRoman", 4, "iv"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerLetter", 1, "a"),
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 53, "AAA"),
        ("russianLower", 3, "в"),
        ("russianUpper", 10, "К"),
        ("lowerGreek", 2, "β"),
        ("ordinal", 1, "1st"),
        ("ordinal", 12, "12th"),
        ("ordinal", 22, "22nd"),
        ("cardinalText", 21, "Twenty-one"),
        ("cardinalText", 115, "One hundred fifteen"),
        ("ordinalText", 1, "First"),
        ("ordinalText", 20, "Twentieth"),
        ("ordinalText", 23, "Twenty-third"),
        ("chicago", 5, "**"),
        ("numberInDash", 3, "- 3 -"),
        ("decimalEnclosedCircle", 2, "②"),
        ("chineseCounting", 12, "十二"),
        ("chineseCounting", 40, "四十"),
        ("none", 4, ""),
        ("somethingNew", 4, "4"),
        ("lowerLetter", 0, "0"),
    ],
)
def test_a_number_is_written_as_word_writes_it(form: str, number: int, text: str) -> None:
    assert spelled(number, form) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("%1.%2", "3.b"),
        ("Article %1", "Article 3"),
        ("(%2)", "(b)"),
        ("第%1条", "第3条"),
        ("\uf0b7%1", "3"),
        ("%7", ""),
        ("100%", "100%"),
        ("", ""),
    ],
)
def test_a_label_puts_each_number_in_its_place(pattern: str, text: str) -> None:
    assert label(pattern, ["decimal", "lowerLetter"], [3, 2]) == text


@pytest.mark.parametrize(
    ("pattern", "form", "plain"),
    [
        (None, "lowerLetter", True),
        ("%1.", "decimal", True),
        ("%1)", "decimal", True),
        ("%1", "decimal", True),
        ("(%1)", "decimal", False),
        ("%1.", "lowerLetter", False),
        ("%1.%2", "decimal", False),
        ("%2.", "decimal", False),
        ("Note", "decimal", False),
    ],
)
def test_a_plain_number_is_one_alone(pattern: str | None, form: str, *, plain: bool) -> None:
    assert is_plain(pattern, form, 0) is plain


@given(st.integers(1, 3999))
def test_a_roman_numeral_reads_back(number: int) -> None:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    digits = [values[letter] for letter in roman(number)]
    assert sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True)) == number
