"""The labels of Word's automatic numbering as it shows them: "1.2", "Article 3", "(a)", "§ IV" (ECMA-376 17.18.59)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PLACE = re.compile(r"%([1-9])")
_PLAIN = re.compile(r"\s*%[1-9]\s*[.)]?\s*")
"""A number alone, as any list has it."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
"""Word leaves out ё, й, ъ, ы and ь."""
_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
_SIGNS = ("*", "†", "‡", "§")
_DIGITS = "〇一二三四五六七八九"
_WORDS = re.compile(r"\w+")
_ONES = _WORDS.findall(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = _WORDS.findall("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def label(pattern: str, forms: Sequence[str], numbers: Sequence[int]) -> str:
    """The label that `pattern` makes, "%1.%2" for example, of the numbers of each level from the outermost.

    `forms` are the levels' number formats by Word's names.
    """

    def shown(place: re.Match[str]) -> str:
        level = int(place[1]) - 1
        return spelled(numbers[level], forms[level]) if level < len(numbers) else ""

    return " ".join(_PRIVATE.sub("", _PLACE.sub(shown, pattern)).split())


def is_plain(pattern: str | None, form: str, index: int) -> bool:
    """Whether items are labelled as those of any list are: a number, alone or with a point or bracket behind.

    Without a pattern nothing else is known of them.
    """
    if pattern is None:
        return True
    return form == "decimal" and _PLAIN.fullmatch(pattern) is not None and f"%{index + 1}" in pattern


def spelled(number: int, form: str) -> str:
    """`number` in one of Word's formats; in digits where the format is none that is known."""
    found = _FORMS.get(form)
    if found is None or (number < 1 and form not in {"decimalZero", "none", "numberInDash"}):
        return str(number)
    return found(number)


def roman(number: int) -> str:
    """A small Roman numeral."""
    out = ""
    for amount, letters in (
        *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
        *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
    ):
        out += letters * (number // amount)
        number %= amount
    return out


def _letters(alphabet: str) -> Callable[[int], str]:
    """Letters as Word counts with them: after z comes aa, after zz comes aaa."""

    def count(number: int) -> str:
        times, place = divmod(number - 1, len(alphabet))
        return alphabet[place] * min(times + 1, 30)

    return count


def _ordinal(number: int) -> str:
    end = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{end}"


def _cardinal(number: int) -> str:
    if number >= 1000:
        return str(number)
    words = []
    if number >= 100:
        words.append(f"{_ONES[number // 100]} hundred")
        number %= 100
    if number >= 20:
        words.append(_TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else ""))
    elif number:
        words.append(_ONES[number])
    return " ".join(words).capitalize()


def _ordinal_words(number: int) -> str:
    words = _cardinal(number)
    head, dash, last = words.rpartition("-") if "-" in words else words.rpartition(" ")
    if not last.isalpha():
        return _ordinal(number)
    known = _ORDINALS.get(last.lower()) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return head + dash + (known if head else known.capitalize())


def _chinese(number: int) -> str:
    """A number up to 99 as it is said, 十二; larger ones digit by digit."""
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")
    return "".join(_DIGITS[int(digit)] for digit in str(number))


_FORMS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": _letters(_LATIN),
    "upperLetter": lambda number: _letters(_LATIN)(number).upper(),
    "russianLower": _letters(_RUSSIAN),
    "russianUpper": lambda number: _letters(_RUSSIAN)(number).upper(),
    "lowerGreek": _letters(_GREEK),
    "ordinal": _ordinal,
    "cardinalText": _cardinal,
    "ordinalText": _ordinal_words,
    "numberInDash": lambda number: f"- {number} -",
    "chicago": lambda number: _SIGNS[(number - 1) % 4] * min((number - 1) // 4 + 1, 30),
    "decimalEnclosedCircle": lambda number: chr(0x245F + number) if number <= 20 else str(number),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _chinese,
    "none": lambda _: "",
}
