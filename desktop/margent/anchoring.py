"""Where an annotation's words are in a text: what keeps notes on the words they were written about.

A selector holds the words, what stood around them and where they were. Three things can be said of it in another
text: `placed`, the same words are there (white space, quotation marks and case apart) and no other place can be
meant; `moved`, a place was found, but words differ or it is not certain, so the reader is to check it; `orphaned`.
A wrong place is worse than none: it would put a note silently on words it was never about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from margent.annotations import CONTEXT, State
from margent.carrying import Carrier
from margent.searching import Searcher
from margent.wording import same_edges, same_wording

_TOLD = 50
"""So many selectors apart `progress` is told: a few hundredths of a second in a long text."""


@dataclass(frozen=True, slots=True)
class Selector:
    """How an annotation finds its span: a W3C TextQuoteSelector and TextPositionSelector in one."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    """Code points in the text that it was made for."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a selector in a text."""

    state: State
    start: int
    """Code points, end exclusive. Of an orphan both tell only whereabouts the words would have been."""
    end: int
    confidence: float
    """From 0 to 1, to order what is to be checked; 1 for words that stand untouched in their context."""


def describe(text: str, start: int, end: int) -> Selector:
    """The selector of `start:end` (code points) in `text`, with 128 code points of context on either side."""
    return Selector(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def locate(text: str, selector: Selector, *, old_text: str | None = None) -> Match:
    """Find the words of `selector` in `text`; `old_text` is the whole text it was made for, where that is known."""
    return relocate(old_text, text, [selector])[0]


def relocate(
    old_text: str | None,
    new_text: str,
    selectors: Sequence[Selector],
    *,
    progress: Callable[[float], None] | None = None,
) -> list[Match]:
    """Find the words of all `selectors`, made for `old_text` (None when it is not known), in `new_text`.

    With the old text the two are aligned once, word by word, and a quotation that is gone is told from another that
    reads alike; without it only the quotation, its context and its position can speak. `progress` is told from time
    to time how much is done, 0–1; what it raises ends the search.
    """
    if old_text is not None and old_text == new_text:
        return [_identical(selector, new_text) for selector in selectors]
    find = partial(_carry, Carrier(old_text, new_text)) if old_text else partial(_search, Searcher(new_text))
    matches = []
    for number, selector in enumerate(selectors):
        if progress is not None and number % _TOLD == 0:
            progress(number / len(selectors))
        matches.append(find(selector))
    if progress is not None:
        progress(1.0)
    return matches


def _identical(selector: Selector, text: str) -> Match:
    if _stands(selector, text):
        return Match("placed", selector.start, selector.end, 1.0)
    return locate(text, selector)


def _stands(selector: Selector, text: str) -> bool:
    """Whether the words are where the selector says: others make selectors too, with positions of other texts."""
    start, end = selector.start, selector.end
    return 0 <= start <= end <= len(text) and text[start:end] == selector.exact


def _carry(carrier: Carrier, selector: Selector) -> Match:
    start, end = selector.start, selector.end
    known = 1.0
    if start == end or not _stands(selector, carrier.old_text):
        there = locate(carrier.old_text, selector)
        if there.state == "orphaned":
            return locate(carrier.new_text, selector)
        start, end = there.start, there.end
        known = there.confidence if there.state == "moved" else 1.0
    carried = carrier.carry(start, end)
    if carried is None:
        place = carrier.whereabouts(start)
        return Match("orphaned", place, place, 0.0)
    found = carrier.new_text[carried.start : carried.end]
    if carried.firm and known == 1.0 and _reads_alike(carrier.old_text, (start, end), carrier.new_text, carried[:2]):
        return Match("placed", carried.start, carried.end, 1.0 if found == selector.exact else 0.95)
    # Between 0.3 for a fragment and 0.9 for the same words with other signs, or the same words in new surroundings.
    return Match("moved", carried.start, carried.end, round(known * (0.2 + 0.7 * carried.share), 3))


def _search(searcher: Searcher, selector: Selector) -> Match:
    found = searcher.find(selector.exact, selector.prefix, selector.suffix, selector.start)
    if found is None:
        place = max(0, min(selector.start, len(searcher.text)))
        return Match("orphaned", place, place, 0.0)
    words = searcher.text[found.start : found.end]
    quote = selector.prefix, selector.exact, selector.suffix
    if found.firm and same_wording(selector.exact, words) and same_edges(quote, _around(searcher.text, found[:2])):
        return Match("placed", found.start, found.end, 1.0 if words == selector.exact else 0.95)
    return Match("moved", found.start, found.end, round(0.9 * found.evidence, 3))


def _reads_alike(old: str, span: tuple[int, int], new: str, place: tuple[int, int]) -> bool:
    quote, found = _around(old, span), _around(new, place)
    return same_wording(quote[1], found[1]) and same_edges(quote, found)


def _around(text: str, span: tuple[int, int]) -> tuple[str, str, str]:
    start, end = span
    return text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT]
