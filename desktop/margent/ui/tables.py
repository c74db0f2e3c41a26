"""How wide the columns of a table are: numbers in, numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def column_widths(natural: Sequence[float], least: Sequence[float], available: float) -> list[int]:
    """Widths in pixels that fit `available` together.

    `natural` is what each column needs to hold its longest cell on one line, `least` its longest word. Columns keep
    their natural widths where these fit. Otherwise each gets its longest word, and what is left is shared out in
    proportion to what they lack, as browsers do (CSS 2.1, 17.5.2.2), no column counting for more than the whole. Where
    not even the words fit, they break.
    """
    if sum(natural) <= available:
        return [round(width) for width in natural]
    if sum(least) >= available:
        share = available / max(1.0, sum(least))
        return [int(width * share) for width in least]
    wanted = [min(full, available) - word for full, word in zip(natural, least, strict=True)]
    share = (available - sum(least)) / sum(wanted)
    return [int(word + share * want) for word, want in zip(least, wanted, strict=True)]
