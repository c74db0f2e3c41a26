"""Text made equal where a reader sees no difference, with the way back to the text as it stands.

Searching, themes and anchoring compare words without regard to case, accents, the shape of quotation marks or
soft hyphens. Folding can change lengths ("ß" becomes "ss"), so a `Folded` maps its offsets back; it stores only the
places where lengths differ, which prose has few of. All offsets are code points.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

_UNLIKE = {
    # Letters that have no decomposition but that people type, and transliterate, as their neighbours.
    **dict(zip("әғқңөұүһіҳұəłøđðħŧı", "агкноуухихуelodd" + "hti", strict=True)),
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
_TYPOGRAPHY = {
    **dict.fromkeys("‘’‚‛‹›′´ʼʹ＇", "'"),
    **dict.fromkeys("“”„‟«»″ʺ＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    # Soft hyphen, zero-width space and joiners, marks of direction, word joiner, byte order mark, tatweel.
    **dict.fromkeys("\u00ad\u061c\u0640\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
}
# Every letter in these ranges is its own folding once lower-cased, so that texts in these scripts need no look at
# each letter: Cyrillic without й, Greek, Hebrew, Arabic, Hangul, kana and Han.
_PLAIN = (
    "\u0430-\u0438\u043a-\u044f\u03b1\u03b3-\u03b8\u03ba-\u03c1\u03c3-\u03c9\u05d0-\u05ea\u0627-\u063f\u0641-\u064a"
)
_PLAIN += "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_EXCEPTIONAL = re.compile(f"[^\x00-\x7f{_PLAIN}]")
_UNDECOMPOSED = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")
_WHITE = dict.fromkeys("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f", " ")
_FEW = 24
"""Up to so many different letters are replaced one by one, each a fast sweep; more are cheaper in one slow sweep."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison, and the way back. Made by `fold`."""

    source: str
    """The text as it was."""
    text: str
    """The folded text."""
    _places: "array[int]"
    """Where lengths differ, in the folded text; the three arrays run in parallel and never fall."""
    _lengths: "array[int]"
    """How many folded characters stand at each of these places."""
    _origins: "array[int]"
    """Where each of these places begins in the source…"""
    _widths: "array[int]"
    """…and how many characters it takes up there."""

    @property
    def is_even(self) -> bool:
        """Whether each character of the source became just one: offsets are then the same in both."""
        return not self._places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source whose folding is `start:end` of the folded text.

        It holds whole source characters (half of an "ss" gives the "ß") and the combining marks after the last one.
        """
        first = self._origin(start)[0]
        if end <= start:
            return first, first
        last = self._origin(end - 1)[1]
        source = self.source
        while last < len(source) and source[last] > "\u02ff" and unicodedata.combining(source[last]):
            last += 1
        return first, last

    def spans(self, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """As `span`, for many stretches in rising order at a fraction of the cost."""
        places = self._places
        following, shift, clear = 0, 0, 0
        for start, end in spans:
            while following < len(places) and places[following] <= start:
                clear = places[following] + self._lengths[following]
                shift = self._origins[following] + self._widths[following] - clear
                following += 1
            if start >= clear and (following == len(places) or places[following] > end):
                yield start + shift, end + shift
            else:
                yield self.span(start, end)

    def offset(self, position: int) -> int:
        """Where the first folded character stands that comes from `position` in the source or from beyond it."""
        index = bisect_right(self._origins, position) - 1
        if index < 0:
            return position
        place, length = self._places[index], self._lengths[index]
        origin, width = self._origins[index], self._widths[index]
        if position == origin:
            return place
        return place + length + max(0, position - origin - width)

    def _origin(self, offset: int) -> tuple[int, int]:
        """Start and end, in the source, of the character or run that gave folded character `offset`."""
        index = bisect_right(self._places, offset) - 1
        if index < 0:
            return offset, offset + 1
        place, length = self._places[index], self._lengths[index]
        origin, width = self._origins[index], self._widths[index]
        if offset < place + length:
            return origin, origin + width
        start = origin + width + offset - place - length
        return start, start + 1


def fold(text: str, *, accents: bool = True, case: bool = True, spaces: bool = False) -> Folded:
    """Fold `text` for comparison.

    Always: quotation marks, dashes and spaces take their plain shape, compatibility characters ("ﬁ", "…", "²") are
    spelled out, soft hyphens and other invisible characters go. `accents` takes accents off and writes the letters
    of Kazakh, Polish or Danish that have no plain form as their neighbours (қ к, ł l, æ ae); `case` folds case;
    `spaces` makes one space of any run of white space, newlines included.

    Folding a folded text changes nothing. Plain ASCII costs little more than `str.lower`.
    """
    plain = text.replace("İ", "i").lower() if case else text
    if spaces:
        plain = _replaced(plain, _WHITE)
    longer: dict[str, str] = {}
    if not plain.isascii():
        letters = {c: letter(c, accents=accents, case=case) for c in set(_EXCEPTIONAL.findall(plain))}
        longer = {c: r for c, r in letters.items() if len(r) != 1}
        plain = _replaced(plain, {c: r for c, r in letters.items() if len(r) == 1 and r != c})
    if not longer and not (spaces and "  " in plain):
        return Folded(text, plain, array("I"), array("I"), array("I"), array("I"))
    return _relengthened(text, plain, longer, spaces=spaces)


@cache
def letter(character: str, *, accents: bool = True, case: bool = True) -> str:
    """What one character folds to: any number of characters, none included."""
    if character in _TYPOGRAPHY:
        return _TYPOGRAPHY[character]
    if character.isspace():
        return character if character.isascii() else " "
    lower = character.casefold() if character != "ς" else "σ"
    if accents:
        lower = _bare(lower)
    elif not _UNDECOMPOSED.match(character):
        lower = unicodedata.normalize("NFKC", lower).casefold()
    folded = "".join(_TYPOGRAPHY.get(c, " " if c.isspace() else c) for c in lower)
    if case or character == character.lower():
        return folded
    return folded.upper()


def _bare(text: str) -> str:
    """Lower-case `text` without accents. Hangul and kana keep theirs: there they make other letters."""
    if _UNDECOMPOSED.match(text):
        return text
    letters = [c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)]
    return "".join(_UNLIKE.get(c, c) for c in "".join(letters).casefold())


def _replaced(text: str, letters: dict[str, str]) -> str:
    """`text` with single characters replaced by single characters."""
    if len(letters) > _FEW:
        return text.translate({ord(character): other for character, other in letters.items()})
    for character, replacement in letters.items():
        text = text.replace(character, replacement)
    return text


def _relengthened(source: str, plain: str, longer: dict[str, str], *, spaces: bool) -> Folded:
    """Replace in `plain`, which is as long as `source`, what changes its length, and note where."""
    dropped = "".join(re.escape(c) for c, replacement in longer.items() if not replacement)
    patterns = [f" [ {dropped}]+"] if spaces else []
    if longer:
        patterns.append(f"[{''.join(map(re.escape, longer))}]")
    places, lengths, origins, widths = array("I"), array("I"), array("I"), array("I")
    parts: list[str] = []
    taken = place = 0
    for match in re.finditer("|".join(patterns), plain):
        start, end = match.span()
        replacement = longer.get(match[0], " ") if end - start == 1 else " "
        parts += (plain[taken:start], replacement)
        place += start - taken
        places.append(place)
        lengths.append(len(replacement))
        origins.append(start)
        widths.append(end - start)
        place += len(replacement)
        taken = end
    parts.append(plain[taken:])
    return Folded(source, "".join(parts), places, lengths, origins, widths)
