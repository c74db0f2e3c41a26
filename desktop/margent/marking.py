"""Where the words of a query stand in a text, and one line of it around them. Pure functions of text and numbers."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from margent.folding import Folded, fold
from margent.query import Term
from margent.stemming import SIGNS, UNSPACED, WORD, Stems

_BETWEEN = re.compile(rf"[^\w{SIGNS}]*")
_LETTERS = 3
"""First letters that inflections of a word share: Snowball's stemmers leave at least so many."""
_PART = 50_000
"""Code points of a text that are looked at at a time: a book's first hits need not wait for its last page."""
ENOUGH = 24
"""Places of one term in one text that are looked for: more would only be counted."""
WIDTH = 160
"""Code points of a snippet."""
_LEAD = 40
_WHITE = str.maketrans("\n\t\r\x0b\x0c\u2028\u2029", "       ")


class Found(NamedTuple):
    """A place of one term: code points, end exclusive."""

    start: int
    end: int
    term: int


class _Word:
    """A word that is looked for, and all of a text's words that were compared with it."""

    def __init__(self, word: str, stems: Stems, *, exact: bool, prefix: bool) -> None:
        self.plain = fold(word).text or word
        self.unspaced = UNSPACED.match(word) is not None
        self._keys = set() if exact or self.unspaced else stems.keys(word)
        self._prefix = prefix
        self._stems = stems
        self._known: dict[str, bool] = {self.plain: True}

    def beginnings(self) -> list[str]:
        """What every word that is this one begins with; none of them begins another one."""
        if self.unspaced or not self._keys:
            return [self.plain]
        if not self._stems.keeps_beginnings:
            return [""]
        heads = {word[:_LETTERS] for word in (*self._keys, self.plain)}
        return sorted(head for head in heads if not any(head != other and head.startswith(other) for other in heads))

    def fits(self, word: str, folded: Folded, start: int) -> bool:
        """Whether `word`, which stands at `start` of the folded text, is this one."""
        known = self._known.get(word)
        if known is None:
            known = (self._prefix and word.startswith(self.plain)) or word in self._keys
            if not known and self._keys:
                first, last = folded.span(start, start + len(word))
                known = self._stems.key(fold(folded.source[first:last], accents=False).text) in self._keys
            self._known[word] = known
        return known


class Finder:
    """The terms of a query, ready to be looked for in any number of texts of one language."""

    def __init__(self, terms: Sequence[Term], stems: Stems) -> None:
        self._terms = [
            [
                _Word(word, stems, exact=term.exact, prefix=term.prefix and place == len(term.words) - 1)
                for place, word in enumerate(term.words)
            ]
            for term in terms
        ]

    def find(self, text: str, enough: int = ENOUGH) -> list[Found]:
        """Where the terms stand in `text`, in order and without overlaps; not much more than `enough` places."""
        found: list[Found] = []
        for offset, part in _parts(text):
            folded = fold(part)
            here = sorted(place for number in range(len(self._terms)) for place in self._places(folded, number, enough))
            for start, end, number in here:
                if not found or start + offset >= found[-1].end:
                    found.append(Found(start + offset, end + offset, number))
            if len(found) >= enough:
                break
        return found

    def _places(self, folded: Folded, number: int, enough: int) -> Iterator[Found]:
        first, *rest = self._terms[number]
        text = folded.text
        count = 0
        for head in first.beginnings():
            for start, end in _words(text, head, unspaced=first.unspaced):
                if first.unspaced or first.fits(text[start:end], folded, start):
                    until = _follow(folded, end, rest) if rest else end
                    if until:
                        yield Found(*folded.span(start, until), number)
                        count += 1
                        if count >= enough:
                            return


def windows(text: str, found: Sequence[Found], most: int) -> list[tuple[Found, str, tuple[tuple[int, int], ...]]]:
    """Up to `most` snippets of `text`: the first of `found` in it, one line, and what is found in that line.

    The first one has most of the terms; the others follow in reading order. Marks count in the snippet.
    """
    spans = _spans(found)
    best = max(spans, key=lambda span: len({place.term for place in found[slice(*span)]}), default=None)
    chosen = [best, *(span for span in spans if span != best)][:most] if best is not None else []
    return [_snippet(text, found[slice(*span)]) for span in chosen]


def count_windows(found: Sequence[Found]) -> int:
    """How many snippets `windows` would make of all that was found."""
    return len(_spans(found))


def _spans(found: Sequence[Found]) -> list[tuple[int, int]]:
    """Which of `found` (first, and last exclusive) stand so close together that one snippet shows them."""
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(found):
        last = index + 1
        while last < len(found) and found[last].end <= found[index].start + WIDTH - _LEAD:
            last += 1
        spans.append((index, last))
        index = last
    return spans


def start_of(text: str) -> str:
    """The first line of a text that says something, cut to a snippet."""
    line = text[: 4 * WIDTH].strip().partition("\n")[0].translate(_WHITE)
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"


def _snippet(text: str, found: Sequence[Found]) -> tuple[Found, str, tuple[tuple[int, int], ...]]:
    begin = max(0, found[0].start - _LEAD)
    if begin:
        space = max(text.find(" ", begin, found[0].start), text.find("\n", begin, found[0].start))
        begin = space + 1 if space >= 0 else found[0].start
    end = min(len(text), max(begin + WIDTH, found[-1].end))
    if end < len(text):
        space = text.rfind(" ", found[-1].end, end)
        end = space if space >= 0 else end
    lead = "…" if begin else ""
    snippet = lead + text[begin:end].translate(_WHITE) + ("…" if end < len(text) else "")
    shift = len(lead) - begin
    return found[0], snippet, tuple((place.start + shift, place.end + shift) for place in found)


def _words(text: str, head: str, *, unspaced: bool) -> Iterator[tuple[int, int]]:
    """Where in `text` the words stand that begin with `head`; of an unspaced script wherever it stands itself."""
    if len(head) < 2 and not unspaced:  # nearly every place of one letter is inside a word
        for match in _beginning_with(head).finditer(text):
            yield match.span()
        return
    start = text.find(head)
    while start >= 0:
        end = start + len(head)
        if unspaced:
            yield start, end
        elif start == 0 or not _goes_on(text[start - 1]):
            word = WORD.match(text, start)
            end = word.end() if word is not None else end
            yield start, end
        start = text.find(head, end)


@cache
def _beginning_with(head: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w{SIGNS}]){re.escape(head)}[\w{SIGNS}]*" if head else WORD)


def _goes_on(before: str) -> bool:
    """Whether a word that has the character `before` goes on after it."""
    if before.isascii():
        return before.isalnum() or before == "_"
    return WORD.match(before) is not None and UNSPACED.match(before) is None


def _follow(folded: Folded, end: int, rest: Sequence[_Word]) -> int:
    """Where `rest` ends when it stands right after `end`; 0 when it does not."""
    text = folded.text
    for word in rest:
        gap = _BETWEEN.match(text, end)
        start = gap.end() if gap is not None else end
        if word.unspaced:
            if not text.startswith(word.plain, start):
                return 0
            end = start + len(word.plain)
            continue
        match = WORD.match(text, start)
        if match is None or not word.fits(match[0], folded, start):
            return 0
        end = match.end()
    return end


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """`text` in parts that end where a line does, or a word, each with where it begins."""
    begin = 0
    while len(text) - begin > _PART:
        end = max(text.rfind("\n", begin, begin + _PART), text.rfind(" ", begin + _PART // 2, begin + _PART)) + 1
        end = end or begin + _PART
        yield begin, text[begin:end]
        begin = end
    yield begin, text[begin:]
