"""Whether two stretches of text say the same in the same words, so that nobody needs to compare them.

Finding a place may be generous; saying that nothing changed there may not. Two stretches have the same wording when
they differ in white space, in the shape of quotation marks and dashes, in case, or in characters that are not seen
and mean nothing. All else is a change, however small: a sign before a number, an exponent, a vowel mark, "ß" for
"ss" ("in Maßen" is not "in Massen"), a joiner where a script tells words apart by it, an acronym that became a word.
"""

import re
import unicodedata

from margent.folding import fold

# Thai to Lao, Burmese, Khmer, kana, Han: scripts that do not part words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003134f"
# Marks that belong to the letter before them and make it another one; Python's \w knows none of them. The blocks of
# the Indic scripts are taken whole, from the vowel signs of one to the signs of the last, but for their punctuation.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0900-\u0963\u0966-\u0df3"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f"
    "\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u135d-\u135f\u17b4-\u17d3\u17dd\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20f0\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)

_KEPT = "\ue000"
"""Put before a character that folding would take for another, or away, though it says something."""
_JOINER = re.compile(r"(?<=[\u0600-\u0dff])([\u200c\u200d])(?=[\u0600-\u0dff])")
_OVERRIDE = re.compile("([\u202d\u202e])")
_QUOTES = str.maketrans(dict.fromkeys("「」『』｢｣〝〞〟《》〈〉«»", '"'))
_SINGLE = re.compile(r"(?<![^\W_])'|'(?![^\W_])")
_PRIME = re.compile(r"(?<=\d)'")
_WIDE = f"{UNSPACED}\u3000-\u303f\uff00-\uffef"
_LOOSE = re.compile(rf' ?" ?| (?=[!?;:,.)\]}}%](?!\d))|(?<=[(\[{{]) |(?<=[{_WIDE}]) (?=[{_WIDE}])')
"""White space that only some languages, or some editors, put beside a sign or break a line with."""
_CASED = re.compile(r"[^\W\d_]+")
_ACRONYM = 6
"""Letters in a word that, written in capitals among words that are not, is another word than without: "US" and "us",
"AIDS" and "aids", a standard's "MUST" and "must". Longer ones are emphasised, not abbreviated."""
_FAR = 24
"""Characters looked at on either side of a quotation for what belongs to its first or last word."""
_LETTER = rf"(?:[^\W{UNSPACED}]|[{MARKS}])"
# Without giving back what they took: one of two ways to read a run of letters is enough.
_LETTERS_ON = re.compile(rf"(?:[-‐‑'’ʼ]?{_LETTER}++)++")
_LEFT_NUMBER = re.compile(r"(?:(?<![^\W_])[-‐‑−–+±]|\d[\d.,'’:/]*)$")
_RIGHT_NUMBER = re.compile(r"(?:[.,'’:/]?\d++)*+[%‰°]?")


def same_wording(quote: str, found: str) -> bool:
    """Whether `found` has the wording of `quote`."""
    if quote == found:
        return True
    if reading(quote) != reading(found):
        # Capitals have no "ß": the whole in capitals is a matter of case.
        ours, theirs = " ".join(quote.split()), " ".join(found.split())
        return theirs in (ours.upper(), ours) or ours == theirs.upper()
    return not _renamed(quote, found)


def reading(text: str) -> str:
    """What is read in `text`: equal for two texts just when they have the same wording, acronyms apart."""
    kept = "".join(_KEPT + c if _is_telling(c) else c for c in text) if not text.isascii() else text
    if not kept.isascii():
        kept = _OVERRIDE.sub(rf"{_KEPT}o", _JOINER.sub(lambda m: _KEPT + str(ord(m[1]) - 0x200C), kept))
        kept = kept.translate(_QUOTES)
    plain = fold(kept, accents=False, spaces=True).text
    plain = _SINGLE.sub(lambda m: "'" if _PRIME.match(m.string, m.start()) else '"', plain)
    plain = _LOOSE.sub(lambda m: '"' if '"' in m[0] else "", plain)
    return (plain if plain.isascii() else unicodedata.normalize("NFC", plain)).strip()


def same_edges(quote: tuple[str, str, str], found: tuple[str, str, str]) -> bool:
    """Whether the first and last word of two stretches (what is before, the stretch, what is after) are whole alike.

    "binding" was cut out of "non-binding", and "5 per cent" out of "1.5 per cent", though all its words are there.
    Where less is known of what stood around the quotation, only that much is compared.
    """
    ours, theirs = _left(quote[0], quote[1]), _left(found[0], found[1])
    if len(quote[0]) < _FAR and len(ours) == len(quote[0]):
        theirs = theirs[len(theirs) - len(ours) :] if ours else ""
    if reading(ours) != reading(theirs):
        return False
    ours, theirs = _right(quote[1], quote[2]), _right(found[1], found[2])
    if len(quote[2]) < _FAR and len(ours) == len(quote[2]):
        theirs = theirs[: len(ours)]
    return reading(ours) == reading(theirs)


def _is_telling(character: str) -> bool:
    """Whether folding would hide what a character says: exponents, indices, fractions and the sharp s."""
    if character < "\u0080":
        return False
    return character in "ßẞ" or unicodedata.decomposition(character).startswith(("<super>", "<sub>", "<fraction>"))


def _renamed(quote: str, found: str) -> bool:
    """Whether a short word in capitals lost them, or got them, while words beside it did not."""
    ours, theirs = (_CASED.findall(text.replace("\u00ad", "")) for text in (quote, found))
    if len(ours) != len(theirs):
        return False
    pairs = [pair for pair in zip(ours, theirs, strict=True) if len(pair[0]) > 1 and _has_case(pair[0])]
    other = [len(mine) <= _ACRONYM for mine, yours in pairs if mine.isupper() != yours.isupper()]
    # Words in capitals on both sides say nothing: in a heading all are.
    steady = any(not mine.isupper() and not yours.isupper() for mine, yours in pairs)
    return any(other) and (steady or len(pairs) == 1)


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _left(before: str, stretch: str) -> str:
    before = before[-_FAR:]
    first = stretch[:1]
    if first.isdigit() and (number := _LEFT_NUMBER.search(before)):
        return number[0]
    letters = _LETTERS_ON.match(before[::-1]) if re.match(_LETTER, first) else None
    return letters[0][::-1] if letters else ""


def _right(stretch: str, after: str) -> str:
    after = after[:_FAR]
    last = stretch[-1:]
    if last.isdigit() and (number := _RIGHT_NUMBER.match(after)) and number[0]:
        return number[0]
    letters = _LETTERS_ON.match(after) if re.match(_LETTER, last) else None
    return letters[0] if letters else ""
