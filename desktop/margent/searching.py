"""Find a quotation in a text when its own text is not known: by its words, what stood around them and its position.

Candidates are the places where rare words of the quotation and its context lie as they should; each is then aligned
with them, word by word, as if quotation and context were the whole old text.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from math import log2
from typing import NamedTuple

from margent.aligning import Words, words_of
from margent.carrying import Carried, Carrier, Tally, shared
from margent.folding import Folded, fold

_CERTAIN = 32
"""A quotation with so many characters of context on either side that occurs once is found without further thought;
with so many on one side alone it is found, but to be checked."""
_RARE = 64
"""Words or pairs of words that occur up to so often in the text vote for places."""
_COMMON = 2_000
"""Of words more frequent than that pairs are only sought if a quotation has no others; and of places that read alike
no more are compared, since nobody could tell which is meant."""
_BUCKET = 16
"""Votes for places so many words apart are counted together, since editing shifts words."""
_CANDIDATES = 5
_WORTH = 0.3
"""Places with less than this share of the votes of the first are not looked at."""
_NEAR = 8
"""Words of context on either side that say whether a place is the one; those right beside the quotation say it
again."""
_BESIDE = 4
_EVIDENCE = 0.48
"""Of quotation and context this share must be there: the mean of two shares, of words counted alike and of words by
how much they tell, for "Article" and "of the" are at every other place as well, and what was added to a law or a
table repeats its formulas. Other places with the same short words reach less: half of what is counted for a single
word is its context, so that the word alone is never enough."""
_OWN_WORDS = ((10, 0.7), (20, 0.4))
"""So many words of the quotation itself, and such a share of it, need no context: a sentence that was moved."""
_CERTAINTY = 0.8
"""With this share of it there, and words of its context on both sides, a quotation that is whole is placed; with
less it is to be checked."""
_MARGIN = 0.1
"""A place that is less than this behind the best, of 2, may be the one as well."""
_TELLING = 8
"""So many characters more of its context must agree for one of several places with the same words to be told."""
_FEW = 4
"""So many words of quotation and context must be there for a place to be certain, however little is known."""


class Found(NamedTuple):
    """A place for a quotation, and how far it can be trusted."""

    start: int
    """Code points, end exclusive."""
    end: int
    evidence: float
    """How much of quotation and context is there, 0–1."""
    firm: bool
    """Whether all its words are there in one run, with their context, and no other place reads as well."""


class Searcher:
    """A text in which quotations are looked for; what a search needs of it is prepared once, when first needed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.vocabulary: dict[str, int] = {}
        """The numbers of the text's words, and of those that were looked for."""
        self._paired: dict[tuple[int, int], list[int]] = {}

    @cached_property
    def _folded(self) -> Folded:
        return _folded(self.text)

    @cached_property
    def _words(self) -> Words:
        return words_of(self.text, self.vocabulary)

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words.numbers):
            places[word].append(place)
        return dict(places)

    def telling(self, word: int) -> float:
        """How much a word of a quotation tells of a place: 1 if the text has it once or not at all, less if often."""
        return _rarity(len(self._places.get(word, ())))

    def telling_whole(self, exact: str) -> float:
        """How much it tells that `exact` is there whole; more than its words do, if only these are common."""
        return _rarity(self._folded.text.count(_plain(exact)))

    def find(self, exact: str, prefix: str, suffix: str, position: int) -> Found | None:
        """The place of `exact`, which stood between `prefix` and `suffix` near `position`; None if it is gone."""
        if not _plain(exact):
            return None
        span = self._once(exact, prefix, suffix)
        if span is not None:
            return Found(*span, 1.0, firm=True)
        windows = self._windows(prefix + exact + suffix)
        tried = [_Candidate(self, exact, prefix, suffix, window) for window in windows]
        ranked = sorted(
            (-candidate.likeness(position), candidate.place.start, number)
            for number, candidate in enumerate(tried)
            if candidate.place is not None
        )
        if not ranked:
            return None
        best = tried[ranked[0][2]]
        if best.place is None or not best.is_enough:
            return self._flanked(exact, prefix, suffix)
        twins = self._twins(exact, prefix, suffix, position) if best.place.share == 1 else []
        if len(twins) > 1:
            return self._among_twins(best, twins, len(_plain(prefix)) + len(_plain(suffix)))
        alone = not any(tried[number].rivals(best) for _, _, number in ranked[1:])
        certain = best.is_certain or (len(twins) == 1 and best.is_flanked)
        return Found(best.place.start, best.place.end, best.evidence, best.place.firm and certain and alone)

    def _once(self, exact: str, prefix: str, suffix: str) -> tuple[int, int] | None:
        """The place of the quotation with its nearest context, if that can be only one."""
        before, after = prefix[-_CERTAIN:], suffix[:_CERTAIN]
        return self._only(before, exact, after) if len(before) + len(after) >= _CERTAIN else None

    def _flanked(self, exact: str, prefix: str, suffix: str) -> Found | None:
        """The place of the quotation with more context on one side, if that can be only one: all else is rewritten."""
        before, after = prefix[-_CERTAIN:], suffix[:_CERTAIN]
        found = {
            span
            for span in (
                self._only(before, exact, "") if len(before) == _CERTAIN else None,
                self._only("", exact, after) if len(after) == _CERTAIN else None,
            )
            if span is not None
        }
        return Found(*found.pop(), _EVIDENCE, firm=False) if len(found) == 1 else None

    def _only(self, before: str, exact: str, after: str) -> tuple[int, int] | None:
        """The place of the quotation between `before` and `after`, if the text has all that once."""
        quotation = _folded(before + exact + after)
        whole = quotation.text.strip()
        place = self._folded.text.find(whole)
        if place < 0 or self._folded.text.find(whole, place + 1) >= 0:
            return None
        lead = len(quotation.text) - len(quotation.text.lstrip())
        start = max(0, quotation.offset(len(before)) - lead)
        end = min(len(whole), quotation.offset(len(before) + len(exact)) - lead)
        return self._folded.span(place + start, place + end)

    def _twins(self, exact: str, prefix: str, suffix: str, position: int) -> list[tuple[int, int, int, int]]:
        """The places that read like the quotation, best first: minus the agreement, distance, start, end of each.

        Agreement is how many characters of context are the same, counted outwards from the quotation.
        """
        wanted = _plain(exact)
        before, after = _plain(prefix), _plain(suffix)
        text = self._folded.text
        twins: list[tuple[int, int, int, int]] = []
        place = text.find(wanted)
        while place >= 0 and len(twins) < _COMMON:
            end = place + len(wanted)
            left = text[max(0, place - len(before) - 1) : place].rstrip()
            right = text[end : end + len(after) + 1].lstrip()
            agreed = shared(before[::-1], left[::-1]) + shared(after, right)
            span = self._folded.span(place, end)
            twins.append((-agreed, abs(span[0] - position), *span))
            place = text.find(wanted, end)
        return sorted(twins)

    def _among_twins(self, best: "_Candidate", twins: list[tuple[int, int, int, int]], known: int) -> Found:
        """Of places that all read like the quotation the best, or the nearest if all the context known agrees."""
        assert best.place is not None
        place = best.place.start, best.place.end
        agreed = next((-twin[0] for twin in twins if twin[2:] == place), -1)
        if agreed == -twins[0][0] >= known:
            place = twins[0][2:]
        rival = next((-twin[0] for twin in twins if twin[2:] != place), agreed)
        told = agreed >= rival + _TELLING
        return Found(*place, best.evidence, told and best.place.firm and best.is_certain)

    def _windows(self, quotation: str) -> list[tuple[int, int]]:
        """Stretches of the text, in code points, in which the words of `quotation` lie most as they do in it."""
        words = self._words
        wanted = words_of(quotation, self.vocabulary).numbers
        votes = self._votes(wanted, _COMMON) or self._votes(wanted, len(words.numbers))
        # A place near the edge of a bucket has part of its votes next door.
        scores = {b: vote + 0.9 * max(votes.get(b - 1, 0), votes.get(b + 1, 0)) for b, vote in votes.items()}
        chosen: list[int] = []
        for bucket in sorted(scores, key=lambda bucket: (-scores[bucket], bucket)):
            if chosen and scores[bucket] < _WORTH * scores[chosen[0]]:
                break
            if all(abs(bucket - other) > 2 for other in chosen):
                chosen.append(bucket)
                if len(chosen) == _CANDIDATES:
                    break
        room = 24 + len(wanted) // 3
        windows = []
        for bucket in chosen:
            first = max(0, bucket * _BUCKET - room)
            last = min(len(words.numbers), (bucket + 1) * _BUCKET + len(wanted) + room)
            windows.append((words.starts[first], words.ends[last - 1]))
        return windows

    def _votes(self, wanted: Sequence[int], common: int) -> dict[int, float]:
        """How much speaks for each bucket of places; words more `common` than that are not looked at."""
        votes: dict[int, float] = defaultdict(float)
        for offset, word in enumerate(wanted):
            hits = self._places.get(word, [])
            if len(hits) > _RARE and offset + 1 < len(wanted):
                hits = self._pairs(word, wanted[offset + 1], common)
            if 0 < len(hits) <= _RARE:
                for hit in hits:
                    votes[(hit - offset) // _BUCKET] += _rarity(len(hits))
        return votes

    def _pairs(self, word: int, following: int, common: int) -> list[int]:
        """Where `word` is with `following` after it, to one more than what is rare; none if both are too `common`."""
        numbers = self._words.numbers
        first, second = self._places[word], self._places.get(following, [])
        if min(len(first), len(second)) > common:
            return []
        hits = self._paired.get((word, following))
        if hits is None:
            if len(first) <= len(second):
                pairs = (place for place in first if place + 1 < len(numbers) and numbers[place + 1] == following)
            else:
                pairs = (place - 1 for place in second if place and numbers[place - 1] == word)
            hits = self._paired[word, following] = list(islice(pairs, _RARE + 1))
        return hits


class _Candidate:
    """A stretch of the text against a quotation in its context."""

    def __init__(self, where: Searcher, exact: str, prefix: str, suffix: str, window: tuple[int, int]) -> None:
        carrier = Carrier(prefix + exact + suffix, where.text[slice(*window)], where.vocabulary)
        span = len(prefix), len(prefix) + len(exact)
        place = carrier.carry(*span)
        self.place: Carried | None = None
        self.evidence = self.like = 0.0
        self.is_enough = self.is_certain = self.is_flanked = False
        if place is None:
            return
        self.place = place._replace(start=place.start + window[0], end=place.end + window[0])
        words, near = carrier.words(*span), carrier.near(*span, _NEAR)
        before, after = carrier.beside(*span, _BESIDE)
        beside = Tally(before.there + after.there, before.of + after.of)
        own = place.share * words
        counted = (own + near.there + beside.there / 2) / max(1, words + near.of + beside.of / 2)
        whole = where.telling_whole(exact) if place.share == 1 else 0.0
        self.evidence = (counted + carrier.telling(*span, _NEAR, where.telling, whole)) / 2
        known = carrier.near(*span, len(prefix) + len(suffix))
        self.like = place.share + 0.4 * near.share + 0.4 * beside.share + 0.2 * known.share
        enough = [own >= least and place.share >= share for least, share in _OWN_WORDS]
        self.is_enough = self.evidence >= _EVIDENCE or any(enough)
        embedded = all(side.there or not side.of for side in (before, after)) and own + near.there >= _FEW
        self.is_certain = enough[0] or (embedded and self.evidence >= _CERTAINTY)
        self.is_flanked = own >= _FEW and any(side.there == side.of == _BESIDE for side in (before, after))

    def likeness(self, position: int) -> float:
        """What candidates are ranked by: words and context, and if these are equal the distance from `position`."""
        return self.like - 0.15 * min(1, abs(self.place.start - position) / 20_000) if self.place else 0.0

    def rivals(self, best: "_Candidate") -> bool:
        """Whether this is another place that reads nearly as well as the best, so that the choice is a guess."""
        return self.place != best.place and self.like > best.like - _MARGIN


def _rarity(count: int) -> float:
    """What something that a text has `count` times tells of a place in it, 0–1."""
    return 1 / (1 + log2(max(1, count)))


def _folded(text: str) -> Folded:
    return fold(text, accents=False, spaces=True)


def _plain(text: str) -> str:
    return _folded(text).text.strip()
