"""Words reduced to what their inflections share, by language: for themes and for the library's search.

Nothing here guesses: a language without a Snowball stemmer, Kazakh among them, has its words folded and left whole.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from margent.folding import fold

# Vowel points and signs, which `\w` leaves out though they stand inside words.
SIGNS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
SIGNS += "\u0966-\u0dff"
WORD = re.compile(rf"[\w{SIGNS}]+")
_BETWEEN = re.compile(r"(?<=[a-z\u0400-\u045f.,])\s(?=\w)")
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Thai to Lao, Burmese, Khmer, kana, Han: scripts that do not part words."""


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


STEMMERS = _pairs(
    "ar:arabic ca:catalan cs:czech da:danish de:german el:greek en:english eo:esperanto es:spanish et:estonian "
    "eu:basque fa:persian fi:finnish fr:french ga:irish hi:hindi hu:hungarian hy:armenian id:indonesian it:italian "
    "lt:lithuanian nb:norwegian ne:nepali nl:dutch nn:norwegian no:norwegian pl:polish pt:portuguese ro:romanian "
    "ru:russian sr:serbian st:sesotho sv:swedish ta:tamil tr:turkish yi:yiddish"
)
"""Snowball's algorithm by the language's two letters."""
CHANGE_BEGINNINGS = frozenset({"arabic", "dutch", "indonesian", "irish", "persian", "serbian", "sesotho", "yiddish"})
"""Stemmers that take prefixes off or change script, so that a word need not begin like its stem."""

_PIECE = 1 << 18
"""Longer texts are stemmed in pieces of about so many code points: their words in a list take ten times the text."""
_REMEMBERED = 200_000
"""Of so many distinct words the stems are kept at hand; more are no language but tables and faults of scanning."""


class Stemmer(Protocol):
    """What Snowball gives."""

    def stemWord(self, word: str) -> str: ...  # noqa: D102, N802


def stemmer_of(name: str) -> Stemmer | None:
    """Snowball's stemmer called `name`; None where this version of it has none, or for ""."""
    if not name:
        return None
    import snowballstemmer  # noqa: PLC0415 - 30 ms that a window without themes does not pay

    if name not in snowballstemmer.algorithms():
        return None
    stemmer: Stemmer = snowballstemmer.stemmer(name)
    return stemmer


class Stems:
    """The words of one language as the search compares them. Remembers the distinct words that it has seen."""

    def __init__(self, language: str) -> None:
        self.language = language
        """Two letters; "" and languages without a stemmer only fold."""
        self._name = STEMMERS.get(language, "")
        self._known: dict[str, str] = {}

    @property
    def keeps_beginnings(self) -> bool:
        """Whether a word begins like its stem, in its first three letters."""
        return self._name not in CHANGE_BEGINNINGS

    def key(self, word: str) -> str:
        """What `word` (one word, lower-case, accents as written) is compared by: its stem without accents."""
        key = self._known.get(word)
        if key is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            stem = self._stemmer.stemWord(word) if self._stemmer is not None else word
            key = self._known[word] = (stem if stem.isascii() else fold(stem).text) or word
        return key

    def keys(self, word: str) -> set[str]:
        """What a word that somebody typed may be compared by: accents are often left off, and stemmers know them."""
        plain = fold(word, accents=False).text
        return {self.key(plain), self.key(fold(word).text)}

    def text(self, text: str) -> str:
        """All words of `text` by their keys, in order, a space between them; unspaced scripts letter by letter."""
        key = self.key
        return " ".join([" ".join([key(word) for word in words_of(piece)]) for piece in _pieces(text)])

    @cached_property
    def _stemmer(self) -> Stemmer | None:
        return stemmer_of(self._name)


def words_of(text: str) -> list[str]:
    """The words of `text` in order, lower-case with their accents; of unspaced scripts each letter is one."""
    folded = fold(text, accents=False).text
    found: list[str] = WORD.findall(folded)
    if folded.isascii() or UNSPACED.search(folded) is None:
        return found
    return [part for word in found for part in (_apart(word) if UNSPACED.search(word) else (word,))]


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces that part no word: each ends before white space and a letter or digit in plain ASCII."""
    start = 0
    while len(text) - start > _PIECE:
        cut = _BETWEEN.search(text, start + _PIECE)
        if cut is None:
            break
        yield text[start : cut.start()]
        start = cut.start()
    if start < len(text) or not text:
        yield text[start:] if start else text


def _apart(word: str) -> list[str]:
    return UNSPACED.sub(lambda match: f" {match[0]} ", word).split()
