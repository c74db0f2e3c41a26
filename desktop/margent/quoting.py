"""Find the one place a typed quotation means, or say why there is none: for annotating from the command line."""

import unicodedata
from collections.abc import Iterator

from margent.errors import MargentError
from margent.folding import Folded, fold


def locate_quote(text: str, quote: str, prefix: str = "", suffix: str = "") -> tuple[int, int]:
    """Start and end (code points) of the only place in `text` where `quote` stands between `prefix` and `suffix`.

    The quotation as written comes first; only when it is nowhere do white space, case and the shape of quotation
    marks and dashes cease to matter. For the context around it they never do. Accents always count.
    Raises MargentError when the place does not exist or is not the only one.
    """
    quote, prefix, suffix = (unicodedata.normalize("NFC", typed) for typed in (quote.strip(), prefix, suffix))
    if not quote:
        raise MargentError("There are no words in the quotation; give the words to annotate.")
    folded = _folded(text)
    before, after = _folded(prefix).text.strip(), _folded(suffix).text.strip()
    places = [(start, start + len(quote)) for start in _occurrences(text, quote)]
    fitting = _in_context(folded, places, before, after)
    if not fitting:
        wanted = _folded(quote).text
        spans = (folded.span(start, start + len(wanted)) for start in _occurrences(folded.text, wanted))
        places = list(dict.fromkeys(spans))
        fitting = _in_context(folded, places, before, after)
    if len(fitting) == 1:
        return fitting[0]
    shown = f"“{_shortened(quote)}”"
    if not places:
        raise MargentError(f"{shown} is not in the document; check its wording, or quote fewer words.")
    if not fitting:
        where = " and ".join(
            f"{side} “{_shortened(context.strip())}”"
            for side, context in (("after", prefix), ("before", suffix))
            if context.strip()
        )
        raise MargentError(f"{shown} is in the document {_times(len(places))}, but never {where}; check that context.")
    more = "more of --prefix or --suffix" if before or after else "--prefix or --suffix"
    raise MargentError(
        f"{shown} is in the document {_times(len(fitting))}; give {more}, the words around it, to say which is meant."
    )


def _folded(text: str) -> Folded:
    return fold(text, accents=False, spaces=True)


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    place = text.find(wanted) if wanted else -1
    while place >= 0:
        yield place
        place = text.find(wanted, place + 1)


def _in_context(folded: Folded, places: list[tuple[int, int]], before: str, after: str) -> list[tuple[int, int]]:
    """Those of `places` in the source that have `before` and `after` (folded, without outer space) around them."""
    text = folded.text

    def fits(place: tuple[int, int]) -> bool:
        start, end = folded.offset(place[0]), folded.offset(place[1])
        while start and text[start - 1] == " ":
            start -= 1
        while end < len(text) and text[end] == " ":
            end += 1
        return text.endswith(before, 0, start) and text.startswith(after, end)

    return [place for place in places if fits(place)] if before or after else places


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:57].rstrip()}…"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
