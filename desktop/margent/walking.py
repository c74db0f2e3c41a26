"""Walking through the passages of one theme: which comes next, which one stands on, and what can be said of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from margent import edits
from margent.annotations import Change

if TYPE_CHECKING:
    from margent.reading import Reading

Span = tuple[int, int, str]
"""A passage as `Reading.passages` gives it: start and end in code points, and its origin."""

_BELOW = 3000
"""Code points: a passage no further below the first visible words is still on the page or next to it."""
_ABOVE = 300


def next_passage(spans: Sequence[Span], at: tuple[int, int] | None, place: int, by: int) -> int:
    """Index of the passage that a step leads to: `by` is 1 or -1, `at` the span where the last step led.

    Without a last step the first passage from `place` on is next, and the last one before it is previous. The walk
    goes round at the ends. `spans` are in order and not empty.
    """
    marks = [(start, end) for start, end, _ in spans]
    if by > 0:
        index = bisect_left(marks, (place, -1)) if at is None else bisect_right(marks, at)
    else:
        index = bisect_left(marks, (place, -1) if at is None else at) - 1
    return index % len(spans)


def still_at(start: int, place: int) -> bool:
    """Whether one still stands on the passage that begins at `start` when `place` is the first visible position."""
    return place - _ABOVE <= start <= place + _BELOW


class Walk:
    """A theme of the document being read, and the passage of it that one stands on, if any."""

    def __init__(self) -> None:
        self.reading: Reading | None = None
        self.theme = ""
        self.place = 0
        """The first visible position of the page, code points."""
        self._at: tuple[int, int] | None = None

    def choose(self, theme: str) -> None:
        """Walk through another theme, "" for none; one stands on none of its passages yet."""
        self.theme = theme
        self._at = None

    def spans(self) -> list[Span]:
        """The passages of the theme in order."""
        return self.reading.passages(self.theme) if self.reading is not None and self.theme else []

    def index(self) -> int:
        """The index of the passage one stands on; -1 when one stands on none."""
        return next((n for n, (start, end, _) in enumerate(self.spans()) if (start, end) == self._at), -1)

    def stand_on(self, span: Span) -> None:
        """Go to a passage."""
        self._at = span[:2]

    def step(self, by: int) -> Span | None:
        """Go to the next (1) or previous (-1) passage and give it; None when the theme has none."""
        spans = self.spans()
        if not spans:
            return None
        span = spans[next_passage(spans, self._at, self.place, by)]
        self.stand_on(span)
        return span

    def moved(self, place: int) -> bool:
        """Say where the page is now; whether one has left the passage one stood on."""
        self.place = place
        if self._at is None or still_at(self._at[0], place):
            return False
        self._at = None
        return True

    def keep(self) -> Change | None:
        """The Change that makes the suggestion one stands on a chosen passage; None when it is no suggestion."""
        index, spans = self.index(), self.spans()
        if self.reading is None or index < 0 or spans[index][2] != "suggested":
            return None
        start, end, _ = spans[index]
        return edits.set_passage(self.reading.record, self.reading.themes[self.theme], start, end, "chosen")

    def drop(self) -> Change | None:
        """The Change that takes the passage one stands on from the theme, never to be suggested again."""
        index, spans = self.index(), self.spans()
        if self.reading is None or index < 0:
            return None
        start, end, origin = spans[index]
        if origin == "suggested":
            return edits.set_passage(self.reading.record, self.reading.themes[self.theme], start, end, "dismissed")
        for passage in self.reading.stored_passages(self.theme):
            if (passage.start, passage.end, passage.origin) == (start, end, origin):
                return edits.drop_passage(passage)
        return None
