"""Which blocks of a document a theme's signal words point to, and where on a strip they lie.

A block is suggested when it holds one of the words, whole, without regard to case, accents or (where the document's
language is known and has a Snowball stemmer) inflection. Nothing is learned and nothing stored: the same document
and words always give the same blocks.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain

from margent.annotations import Theme
from margent.document import Document
from margent.folding import Folded, fold
from margent.stemming import CHANGE_BEGINNINGS, SIGNS, STEMMERS, UNSPACED, WORD, Stemmer, stemmer_of

Span = tuple[int, int]

_BETWEEN = rf"[^\w{SIGNS}]+"


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


_THREE_LETTERS = _pairs(
    "ara:ar ces:cs cze:cs deu:de ger:de dut:nl nld:nl ell:el gre:el eng:en fas:fa fin:fi fra:fr fre:fr hin:hi hun:hu "
    "ita:it kaz:kk nor:no pol:pl por:pt ron:ro rum:ro rus:ru spa:es srp:sr swe:sv tur:tr ukr:uk"
)
_STOP_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to in is that for with was are on as be by this which from it have not",
        "fr": "le la les des et en du une est pour que qui dans sur au par pas plus avec sont cette aux",
        "de": "der die das und den von zu mit ist im für auf nicht ein eine des dem sich auch werden wird",
        "es": "el la los las de que y en del una por con para es se no su como al más sus fue",
        "it": "il la le di che e del della per una con è in non sono gli dei alla nel delle si anche",
        "pt": "o a os as de que e do da em uma para com não por dos das no na mais ao foi",
        "nl": "de het een van en in is dat op te voor met zijn niet aan er ook door worden naar",
        "pl": "i w na z do się że nie jest to o oraz od przez dla po który jak są być",
        "sv": "och att det som en på är av för med den till inte om ett har de var sig från",
        "da": "og at det som en på er af for med den til ikke om et har de var sig fra der",
        "tr": "ve bir bu için ile de da olarak olan çok daha gibi en ne ya olduğu kadar sonra",
        "ro": "și în de la cu pe din că nu pentru este o un care mai a sunt prin ale fi",
        "ru": "и в не на что с по как из за к это для от его при или был они также",
        "uk": "і в не на що з та до як за із це для від його при або був вони також",
        "kk": "және мен бен үшін бұл бір болып деп ол да де оның бойынша туралы осы болған",
    }.items()
}
COMMON_WORDS = frozenset().union(*_STOP_WORDS.values())
"""The commonest words of these languages."""
_KAZAKH = "қғұәңөүһі"
"""Letters that Kazakh adds to the Russian ones; neighbours share some of them, and have others."""
_SAMPLE = 20_000
"""Code points from a document's beginning that are enough to tell its language."""


class Matcher:
    """One document ready to be asked for the blocks of many themes.

    It keeps the folded text and the distinct words, and the stems of those words that were compared so far; a
    million words take about half a second to prepare, and a theme a fraction of that.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._name = STEMMERS.get(language_of(document), "")
        self._keys: dict[str, frozenset[str]] = {}

    def suggest(self, theme: Theme) -> list[Span]:
        """Spans (code points) of the blocks that hold a signal word of `theme`, in order, headings left out."""
        blocks: set[int] = set()
        for phrase in theme.words:
            blocks.update(self._blocks(phrase))
        kept = sorted(index for index in blocks if self.document.blocks[index].kind != "heading")
        return [self.document.span_of(index) for index in kept]

    @cached_property
    def _folded(self) -> Folded:
        # Accents stay until words are stemmed: "й" and "é" are part of endings that the stemmers know.
        return fold(self.document.text, accents=False)

    @cached_property
    def _vocabulary(self) -> dict[str, list[str]]:
        """The document's distinct words by their first letters."""
        words: set[str] = set()
        for line in self._folded.text.split("\n"):
            words.update(WORD.findall(line))
        groups: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            groups[_beginning(word)].append(word)
        return groups

    @cached_property
    def _stemmer(self) -> Stemmer | None:
        return stemmer_of(self._name)

    def _blocks(self, phrase: str) -> Iterator[int]:
        """Indexes of blocks in which the words of `phrase` stand one after another."""
        words = WORD.findall(fold(unicodedata.normalize("NFC", phrase), accents=False).text)
        if not words:
            return
        forms = [self._forms(word) for word in words]
        if not all(forms):
            return
        loose = UNSPACED.search(phrase) is not None
        rest = re.compile("".join(f"{_BETWEEN}(?:{'|'.join(map(re.escape, more))})" for more in forms[1:]))
        for form in forms[0]:
            yield from self._blocks_with(form, rest, loose=loose)

    def _blocks_with(self, form: str, rest: re.Pattern[str], *, loose: bool) -> Iterator[int]:
        """Indexes of blocks with the word `form`, followed by `rest`, as it is written in the folded text."""
        text, document = self._folded.text, self.document
        place = text.find(form)
        while place >= 0:
            follows = rest.match(text, place + len(form))
            if follows and (loose or (_parts(text, place) and _parts(text, follows.end()))):
                start, end = self._folded.span(place, follows.end())
                block = document.block_at(start)
                if end <= document.span_of(block)[1]:
                    yield block
                    if block + 1 == len(document.blocks):
                        return
                    place = text.find(form, self._folded.offset(document.starts[block + 1]))
                    continue
            place = text.find(form, place + 1)

    def _forms(self, word: str) -> list[str]:
        """The words of the document that are `word` in another inflection, case or accentuation."""
        if UNSPACED.search(word):
            return [word]
        wanted = self._keys_of(word)
        if self._name in CHANGE_BEGINNINGS:
            candidates: Iterable[str] = chain.from_iterable(self._vocabulary.values())
        else:
            beginnings = {_beginning(key) for key in wanted}
            candidates = chain.from_iterable(
                words
                for beginning, words in self._vocabulary.items()
                if beginning in beginnings or any(beginning.startswith(b) for b in beginnings if len(b) < _LETTERS)
            )
        return [candidate for candidate in candidates if not wanted.isdisjoint(self._keys_of(candidate))]

    def _keys_of(self, word: str) -> frozenset[str]:
        """What `word` (lower-case) is compared by; two words are one when they share a key.

        Stemmers know accents, readers often do not type them, so a word is stemmed both with and without.
        """
        keys = self._keys.get(word)
        if keys is None:
            bare = word if word.isascii() else fold(word).text
            if self._stemmer is None:
                keys = frozenset((bare,))
            elif word.isascii():
                keys = frozenset((bare, fold(self._stemmer.stemWord(word)).text))
            else:
                stems = self._stemmer.stemWord(word), self._stemmer.stemWord(bare)
                keys = frozenset((bare, fold(stems[0]).text, fold(stems[1]).text))
            self._keys[word] = keys
        return keys


class Suggester:
    """`suggest` for one document after another, each prepared once however many themes are asked for."""

    def __init__(self) -> None:
        self._matcher: Matcher | None = None

    def __call__(self, document: Document, theme: Theme) -> list[Span]:
        """As `suggest`."""
        if self._matcher is None or self._matcher.document is not document:
            self._matcher = Matcher(document)
        return self._matcher.suggest(theme)


def suggest(document: Document, theme: Theme) -> list[Span]:
    """Spans (code points) of the blocks of `document` that hold a signal word of `theme`, in reading order.

    Headings claim nothing, and neighbouring blocks stay separate. For several themes use a `Matcher`.
    """
    return Matcher(document).suggest(theme)


def language_of(document: Document) -> str:
    """Two letters (three where there are no two) for the language of `document`, or "" when it cannot be told.

    What the document states counts; otherwise its most frequent small words vote, and Kazakh shows by its letters.
    """
    return language_in(document.text, document.language)


def language_in(text: str, stated: str = "") -> str:
    """As `language_of`, for a text that is no document and what is `stated` of it."""
    said = re.match(r"([a-zA-Z]{2,3})(?![a-zA-Z])", stated.strip())
    if said:
        code = said[1].lower()
        return _THREE_LETTERS.get(code, code)
    sample = fold(text[:_SAMPLE], accents=False).text
    words = WORD.findall(sample)
    if _looks_kazakh(sample):
        return "kk"
    votes = sorted(((sum(map(stops.__contains__, words)), code) for code, stops in _STOP_WORDS.items()), reverse=True)
    (first, code), (second, _) = votes[:2]
    # Prose has a fifth to a third of such words; a list of names in any language has next to none.
    return code if first >= 3 and first > len(words) / 20 and first > 1.1 * second else ""


def strip(spans: Iterable[Span], length: int, cells: int) -> list[tuple[float, float]]:
    """Where `spans` of a text of `length` code points lie on a strip `cells` wide, as fractions from 0 to 1.

    Ends fall on whole cells, every stretch has at least one, and stretches that touch are one.
    """
    if length <= 0 or cells <= 0:
        return []
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        first = min(start * cells // length, cells - 1)
        last = min(max(-(-end * cells // length), first + 1), cells)
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return [(first / cells, last / cells) for first, last in merged]


_LETTERS = 3
"""How many first letters inflections of a word share: Snowball's stemmers leave at least so many."""


def _beginning(word: str) -> str:
    head = word[:_LETTERS]
    return head if head.isascii() else fold(head).text[:_LETTERS]


def _looks_kazakh(text: str) -> bool:
    """Whether lower-case `text` has the letters of Kazakh, often enough not to be Russian with Kazakh names.

    Tatar has none of the first three, Uzbek and Bashkir have letters that Kazakh lacks.
    """
    own = sum(map(text.count, _KAZAKH))
    return own > len(text) / 50 and any(c in text for c in _KAZAKH[:3]) and not any(c in text for c in "ўҳҡҙ")


def _parts(text: str, place: int) -> bool:
    """Whether no word runs across `place`."""
    around = text[place - 1 : place + 1] if place else ""
    return len(around) < 2 or WORD.fullmatch(around) is None
