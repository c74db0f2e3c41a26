"""How wide the columns of a table are: numbers in, numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def column_widths(natural: Sequence[float], least: Sequence[float], available: float) -> list[int]:
    """Widths in pixels that fit `available` together.

    `natural` is what each column needs to hold its longest cell on one line, `least` its longest word. Columns keep
    their natural widths where these fit. Otherwise narrow ones keep theirs and the wide ones share what is left in
    proportion, none below its longest word while that is possible at all; words then break.
    """
    if sum(natural) <= available:
        return [round(width) for width in natural]
    if sum(least) >= available:
        share = available / max(1.0, sum(least))
        return [int(width * share) for width in least]
    widths = list(least)
    room = available - sum(least)
    open_columns = [n for n, width in enumerate(natural) if width > least[n]]
    while open_columns and room > 0.5:
        share = room / len(open_columns)
        for n in list(open_columns):
            step = min(share, natural[n] - widths[n])
            widths[n] += step
            room -= step
            if natural[n] - widths[n] < 0.5:
                open_columns.remove(n)
    return [int(width) for width in widths]
