"""Themes that a document could have, told from its own keyphrases: names, the words that signal them, the passages.

Phrases are runs of words between stop words and punctuation (RAKE: Rose et al., 2010), each counted by its stems.
A phrase ranks by how often and how widely it stands, by whether a heading has it, by how many words it has and by how
few other documents of the library know these words (TF-IDF: Spärck Jones, 1972). Nothing is learned: the same document
and library always give the same suggestions.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from margent.annotations import Theme
from margent.stemming import UNSPACED, WORD, Stems
from margent.themes import Matcher, Span, language_of
from margent.wordlists import BEFORE_NOUN, BEFORE_VERB, CONNECTORS, NAMES, is_oblique, light_stem, stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from margent.annotations import DocumentRecord
    from margent.document import Document
    from margent.library.store import Library

MOST = 12
"""Suggestions at most; a person looks through so many."""
_SHORTEST = 80
"""Words under which a text has no themes of its own."""
_LONGEST = 4
"""Words of a phrase at most, connectors ("rule of law") not counted."""
_BRIEF = 2_000
"""Words under which a text is too short to repeat its phrases: one that stands once may name a theme."""
_EVERYWHERE = 0.4
"""A phrase in more than this part of all passages tells none apart…"""
_FEW = 8
"""…when there are at least so many."""
_WEAKEST = 0.2
"""What a suggestion must score, as a part of the first one's score."""
_OVERLAP = 0.75
"""Two suggestions that share this part of their passages are one."""
_PER_WORD = 2
"""Suggestions that may share a word: five on one kind of energy are one topic."""

_JOINS = frozenset({" ", "\u00a0", "-", "\u2010", "\u2011", "\u00ad", "'", "’", "\u202f"})
"""What may stand between the words of a phrase."""
_HEAD_FIRST = frozenset({"fr", "es", "it", "pt", "ca", "ro"})
"""Languages whose names begin with their noun."""
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "no", "nb", "nn", "fi"})
_COMPOUND = 10
"""Letters of a stem from which a word of such a language is mostly a compound."""
_AND = frozenset({"and", "or", "through", "et", "entre", "y", "e"})
_SKIPPED = frozenset({"code", "rule", "picture"})
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Background:
    """What a library's other documents are about: how many know each word."""

    documents: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many documents have a word, by its key in `stems`."""

    def rarity(self, key: str) -> float:
        """How much a word tells: 1 for one that all documents have, more for rarer ones."""
        return 1.0 + math.log((self.documents + 1) / (self.counts.get(key, 0) + 1))


class Suggestion(NamedTuple):
    """A theme that a document could have."""

    name: str
    """As the document writes it."""
    words: tuple[str, ...]
    """What would signal it, the name first."""
    score: float
    """By which suggestions of one document are ordered; the first has 1."""
    spans: tuple[Span, ...]
    """Code points of the passages it would get."""


def background(documents: Iterable[Document]) -> Background:
    """How many of `documents` know each word. Leave out the one that suggestions are wanted for."""
    counts: Counter[str] = Counter()
    total = 0
    for document in documents:
        counts.update(stems(document))
        total += 1
    return Background(total, counts)


def background_in(library: Library, document: Document) -> Background:
    """How many of a library's other documents know each word of `document`, which is one of them itself.

    The library's search keeps count, so that this takes as long for ten thousand documents as for ten.
    """
    documents, counts = library.known_by(stems(document))
    return Background(max(0, documents - 1), {key: count - 1 for key, count in counts.items() if count > 1})


def suggest_in(library: Library, record: DocumentRecord) -> list[Suggestion]:
    """As `suggest`, for a document of a library against the rest of it. Raises MargentError when it cannot be read."""
    document = library.document(record.revision)
    return suggest(document, background_in(library, document), library.theme_list())


def stems(document: Document) -> frozenset[str]:
    """The words of a document as `Background` counts them, so that a library may keep its counts up to date."""
    keys = _Keys(language_of(document))
    return frozenset(filter(None, map(keys.of, set(WORD.findall(document.text)))))


def suggest(document: Document, background: Background | None = None, themes: Iterable[Theme] = ()) -> list[Suggestion]:
    """Up to MOST themes for `document`, best first; none for a text of a few lines or in an unspaced script.

    `background` tells what is usual in the library. What a word of one of `themes` finds already is left out.
    """
    if len(document.text) < 5 * _SHORTEST or document.words() < _SHORTEST or _is_unspaced(document.text):
        return []
    phrases = _Phrases(document)
    ranked = phrases.ranked(background or Background(), [phrases.key_of(w) for t in themes for w in (t.name, *t.words)])
    return _chosen(document, phrases, ranked)


def _is_unspaced(text: str) -> bool:
    return UNSPACED.search(text[:2000]) is not None


class _Keys:
    """Words by what they are counted by; "" for stop words and what is no word."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stems = Stems(language)
        self._stops = stop_words(language)
        self._known: dict[str, str] = {}

    def of(self, word: str) -> str:
        """The key of a word as written."""
        key = self._known.get(word)
        if key is None:
            key = self._known[word] = self._find(word)
        return key

    def _find(self, word: str) -> str:
        lower = word.lower()
        if lower in self._stops or not _LETTER.search(word):
            return ""
        if len(word) < 3 and not (len(word) == 2 and (word.isupper() or self.language in NAMES.light)):
            return ""
        bare = light_stem(lower, self.language)
        return "" if bare in self._stops else self._stems.key(bare)


_Key = tuple[str, ...]


@dataclass(slots=True)
class _Phrase:
    key: _Key
    words: int
    """How many, connectors not counted."""
    count: int = 0
    blocks: int = 0
    headings: int = 0
    first: int = 0
    """Where it stands first."""
    forms: Counter[str] = field(default_factory=Counter)
    score: float = 0.0


class _Phrases:
    """The phrases of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._keys = _Keys(language_of(document))
        self._connectors = CONNECTORS.get(self._keys.language, frozenset())
        self._nouns: Counter[str] = Counter()
        """By key, how many of its places look like a noun's, less those that look like a verb's."""
        self._is_short = document.words() < _BRIEF
        self._runs = list(self._all_runs())

    def key_of(self, text: str) -> _Key:
        """What a signal word is counted by."""
        return tuple(filter(None, map(self._keys.of, WORD.findall(text))))

    def ranked(self, background: Background, known: Sequence[_Key]) -> list[_Phrase]:
        """The phrases that could name a theme, best first, without those that a `known` word finds."""
        counts = Counter(key for run in self._runs for key, _, _ in _windows(run.tokens))
        headings = {key for run in self._runs if run.heading for key, _, _ in _windows(run.tokens)}
        once = {run.key for run in self._runs if run.named and self._is_supported(run.key, counts)}
        kept = {
            key for key, count in counts.items() if count > 1 or (len(key) > 1 and (key in headings or key in once))
        }
        found = {key: _Phrase(key, sum(not k.startswith("\0") for k in key)) for key in kept}
        latest: dict[_Key, int] = {}
        for run in self._runs:
            for key, start, end in _windows(run.tokens):
                phrase = found.get(key)
                if phrase is None:
                    continue
                phrase.count += 1
                phrase.first = phrase.first if phrase.count > 1 else start
                phrase.headings += run.heading
                if latest.get(key) != run.block:
                    phrase.blocks += 1
                    latest[key] = run.block
                phrase.forms[_form(self._document.text[start:end])] += 1
        heads = Counter(key[-1] for key in kept if len(key) > 1)
        barred = {key for key in known if key}
        usable = [phrase for phrase in found.values() if self._names(phrase, heads) and not _holds(phrase.key, barred)]
        for phrase in usable:
            words = [counts[key,] for key in phrase.key if key[0] != "\0"]
            support = max(0.0, sum(words) / len(words) - phrase.count)
            phrase.score = self._score(phrase, phrase.count + 0.3 * support, background, heads)
        return sorted(usable, key=lambda phrase: (-phrase.score, phrase.first, phrase.key))

    def name(self, phrase: _Phrase) -> str:
        """How the document writes a phrase: in its plain case where it stands in it, else as most often."""
        language = self._keys.language
        return min(
            phrase.forms,
            key=lambda form: (
                is_oblique(form, language, phrase.forms),
                form.isupper() and any(not other.isupper() for other in phrase.forms) and len(form) > 5,
                -phrase.forms[form],
                form,
            ),
        )

    def forms(self, phrase: _Phrase) -> list[str]:
        """The words that signal a phrase: its name, and where no stemmer knows its inflections, these."""
        name = self.name(phrase)
        if self._keys.language not in NAMES.light:
            return [name]
        others = sorted(phrase.forms, key=lambda form: (-phrase.forms[form], form))
        return list(dict.fromkeys([name, *(form.lower() for form in others if form.lower() != name.lower())]))[:6]

    def _names(self, phrase: _Phrase, heads: Counter[str]) -> bool:
        """Whether a phrase could name a theme."""
        if phrase.words == 1:
            form = self.name(phrase)
            if self._keys.language in BEFORE_NOUN and self._nouns[phrase.key[0]] <= 0:
                return False
            if not NAMES.alone(form, self._keys.language):
                return False
            if self._is_compound(phrase):
                return True
            if phrase.count < 3 or phrase.blocks < 2:
                return False
            return phrase.headings > 0 or heads[phrase.key[0]] > 1 or phrase.count >= 4
        if self._keys.language not in _HEAD_FIRST and min(self._nouns[phrase.key[-1]], self._nouns[phrase.key[0]]) < 0:
            return False
        return NAMES.together(self.name(phrase).split(), self._keys.language)

    def _is_compound(self, phrase: _Phrase) -> bool:
        """Whether a single word says as much as two elsewhere: "Umweltprüfung"."""
        return self._keys.language in _COMPOUNDING and phrase.words == 1 and len(phrase.key[0]) >= _COMPOUND

    def _is_supported(self, key: _Key, counts: Counter[_Key]) -> bool:
        """Whether most words of a phrase that stands once stand elsewhere too."""
        return self._is_short and 2 <= len(key) <= 3 and sum(counts[word,] > 1 for word in key) > len(key) / 2

    def _score(self, phrase: _Phrase, count: float, background: Background, heads: Counter[str]) -> float:
        rarity = [background.rarity(key) for key in phrase.key if not key.startswith("\0")]
        often = math.log2(1 + count) * (1 + 0.35 * math.log2(phrase.blocks))
        shape = 1.2 + 0.15 * (phrase.words - 2)
        if phrase.words == 1:
            shape = 0.9 if self._is_compound(phrase) else 0.45 + 0.07 * min(heads[phrase.key[-1]], 4)
        early = 1.15 if phrase.first < len(self._document.text) / 10 else 1.0
        told = 1.4 if phrase.headings else 1.0
        return often * shape * early * told * sum(rarity) / len(rarity)

    def _all_runs(self) -> Iterator[_Run]:
        """The stretches of words that no stop word or sign parts, block by block."""
        document = self._document
        of, connectors = self._keys.of, self._connectors
        for index, block in enumerate(document.blocks):
            if block.kind in _SKIPPED:
                continue
            text, offset = block.text, document.starts[index]
            heading = block.kind == "heading"
            tokens: list[tuple[str, int, int]] = []
            before, last = "", 0
            for match in WORD.finditer(text):
                start, end = match.span()
                if text[last:start] not in _JOINS:
                    if tokens:
                        yield self._run(tokens, before, index, heading)
                    tokens, before = [], ""
                last = end
                lower = match[0].lower()
                key = of(match[0])
                if not key and tokens and lower in connectors:
                    key = "\0" + lower
                if key:
                    tokens.append((key, offset + start, offset + end))
                    continue
                if tokens:
                    yield self._run(tokens, before, index, heading)
                    tokens = []
                before = lower
            if tokens:
                yield self._run(tokens, before, index, heading)

    def _run(self, tokens: list[tuple[str, int, int]], before: str, index: int, heading: bool) -> _Run:
        """A run, after noting what the word before it says of its words: "the covers", but "it covers"."""
        language = self._keys.language
        while tokens[-1][0][0] == "\0":
            tokens.pop()
        if before in BEFORE_NOUN.get(language, ()):
            self._nouns[tokens[0 if language in _HEAD_FIRST else -1][0]] += 1
        elif before in BEFORE_VERB.get(language, ()):
            self._nouns[tokens[0][0]] -= 1
        return _Run(tokens, index, heading, before in BEFORE_NOUN.get(language, ()) and before not in _AND)


class _Run(NamedTuple):
    tokens: list[tuple[str, int, int]]
    """Keys with where they stand in the document; a connector's begins with NUL."""
    block: int
    heading: bool
    named: bool
    """Whether a noun begins or ends it: a small word before it says so."""

    @property
    def key(self) -> _Key:
        """The whole of it as a phrase."""
        return tuple(key for key, _, _ in self.tokens)


def _windows(tokens: Sequence[tuple[str, int, int]]) -> Iterator[tuple[_Key, int, int]]:
    """The phrases in a run, each with where it begins and ends."""
    for first, (key, start, end) in enumerate(tokens):
        if key[0] == "\0":
            continue
        yield (key,), start, end
        keys, words = [key], 1
        for other, _, stop in tokens[first + 1 : first + 2 * _LONGEST]:
            keys.append(other)
            if other[0] == "\0":
                if keys[-2][0] == "\0" and len(keys) > 2 and keys[-3][0] == "\0":
                    break
                continue
            words += 1
            if words > _LONGEST:
                break
            if len(set(keys)) == len(keys):
                yield tuple(keys), start, stop


def _form(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def _holds(key: _Key, known: Iterable[_Key]) -> bool:
    """Whether a phrase has all words of a known one in order, so that nothing new would be found by it."""
    return any(_within(other, key) or _within(tuple(k for k in key if k[0] != "\0"), other) for other in known)


def _within(inner: _Key, outer: _Key) -> bool:
    width = len(inner)
    return any(outer[place : place + width] == inner for place in range(len(outer) - width + 1))


class _Theme(NamedTuple):
    phrase: _Phrase
    words: list[str]


def _chosen(document: Document, phrases: _Phrases, ranked: Sequence[_Phrase]) -> list[Suggestion]:
    """The best phrases that are no versions of each other, with the passages each would get."""
    matcher = Matcher(document)
    passages = sum(block.kind != "heading" and bool(block.text) for block in document.blocks)
    shared: Counter[str] = Counter()
    kept: list[tuple[_Theme, list[Span]]] = []
    for phrase in _longest_first(ranked)[: 8 * MOST]:
        if len(kept) >= MOST or (kept and phrase.score < _WEAKEST * kept[0][0].phrase.score):
            break
        rival = next((theme for theme, _ in kept if _is_version(phrase.key, theme.phrase.key)), None)
        if rival is not None:
            _join(rival, phrase, phrases)
            continue
        content = [key for key in phrase.key if key[0] != "\0"]
        if any(shared[key] >= _PER_WORD for key in content):
            continue
        words = phrases.forms(phrase)
        spans = matcher.suggest(_theme(words))
        if not spans or (passages >= _FEW and len(spans) > _EVERYWHERE * passages) or _doubles(spans, kept):
            continue
        shared.update(content)
        kept.append((_Theme(phrase, words), spans))
    return _finished(kept, phrases, matcher)


def _finished(kept: Sequence[tuple[_Theme, list[Span]]], phrases: _Phrases, matcher: Matcher) -> list[Suggestion]:
    top = max((theme.phrase.score for theme, _ in kept), default=1.0)
    return [
        Suggestion(
            phrases.name(theme.phrase),
            tuple(theme.words),
            round(theme.phrase.score / top, 4),
            tuple(matcher.suggest(_theme(theme.words))),
        )
        for theme, _ in kept
    ]


def _longest_first(ranked: Sequence[_Phrase]) -> list[_Phrase]:
    """`ranked` without the parts of longer phrases that hardly stand by themselves ("raw" of "raw materials")."""
    around: dict[str, list[_Phrase]] = defaultdict(list)
    for phrase in ranked:
        for key in set(phrase.key):
            around[key].append(phrase)
    best: list[_Phrase] = []
    for phrase in ranked:
        longer = [
            other
            for other in around[phrase.key[0]]
            if len(other.key) > len(phrase.key) and _within(phrase.key, other.key)
        ]
        if not any(other.count > 1 and other.count >= 0.5 * phrase.count for other in longer):
            best.append(phrase)
    return best


def _is_version(key: _Key, other: _Key) -> bool:
    """Whether two phrases are one topic: one holds the other, or they share most of their words."""
    if _within(key, other) or _within(other, key):
        return True
    mine, theirs = {k for k in key if k[0] != "\0"}, {k for k in other if k[0] != "\0"}
    return len(mine & theirs) >= 2 and len(mine & theirs) >= 0.5 * len(mine | theirs)


def _join(theme: _Theme, phrase: _Phrase, phrases: _Phrases) -> None:
    """Let a version of a theme's name signal it too, unless the name finds all that it finds, or it is one word."""
    if phrase.words < 2 or _within(theme.phrase.key, phrase.key) or len(theme.words) >= 5:
        return
    name = phrases.name(phrase)
    if name.lower() not in {word.lower() for word in theme.words}:
        theme.words.append(name)


def _doubles(spans: Sequence[Span], kept: Iterable[tuple[_Theme, list[Span]]]) -> bool:
    """Whether these passages are nearly those of a theme that was chosen already."""
    mine = set(spans)
    return len(mine) > 1 and any(len(mine & set(other)) >= _OVERLAP * len(mine | set(other)) for _, other in kept)


def _theme(words: Sequence[str]) -> Theme:
    return Theme(id="", name="", words=tuple(words))
