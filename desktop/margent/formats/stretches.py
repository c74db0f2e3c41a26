"""Markdown of many megabytes in stretches, each of which reads the same by itself.

Python-Markdown's tree takes sixteen times its text. A stretch ends before a heading or a paragraph at the margin, and
has the references and abbreviations of the whole text behind it, which show nothing. A text with footnotes, or with
tags that could hold several stretches, stays whole.
"""

import re
from collections.abc import Iterator

LARGE = 2_000_000
"""Code points up to which a text is read as one."""
STRETCH = 1 << 18
"""Code points from which on a stretch ends where it can."""

_WHOLE = re.compile(
    r"^[ ]*\[\^[^\]\n]+\]:|<!--|<(?:pre|script|style|textarea)\b|\bmarkdown\s*=", re.IGNORECASE | re.MULTILINE
)
_DEFINITION = re.compile(r"^[ ]{0,3}(?:\*?\[[^\]\[^\n][^\]\[\n]*\]):[^\n]*$", re.MULTILINE)
_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})")


def stretches(text: str) -> Iterator[str]:
    """The stretches of a text that `dialect.normalised` gave."""
    if len(text) <= LARGE or _WHOLE.search(text):
        yield text
        return
    known = "\n".join(found[0] for found in _DEFINITION.finditer(text))
    behind = f"\n\n{known}" if known and len(known) < STRETCH else ""
    if known and not behind:
        yield text
        return
    start = place = 0
    for place in _places(text):
        if place - start >= STRETCH:
            yield text[start:place] + behind
            start = place
    yield text[start:]


def _places(text: str) -> Iterator[int]:
    """Where a heading or a paragraph begins at the margin behind a blank line, outside of fences."""
    place = 0
    fence = ""
    blank = False
    for line in text.split("\n"):
        marks = _FENCE.match(line)
        if marks:
            if not fence:
                fence = marks[1]
            elif marks[1].startswith(fence) and not line[marks.end() :].strip():
                fence = ""
        elif blank and not fence and (line[:1].isalpha() or line.startswith(("# ", "## "))):
            yield place
        blank = not line
        place += len(line) + 1
