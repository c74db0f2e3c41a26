"""Paragraphs as long as books, full of signs, in passages that Python-Markdown reads one by one.

It copies the rest of a paragraph for each link or emphasis in it, so that a hundred thousand of them in one paragraph
take minutes. What begins in one passage and ends in the next keeps its signs; no word is lost.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString

_STEPS: Final = 10_000_000
"""Signs of a passage times its code points: some tens of milliseconds."""
_SHORTEST: Final = 4000
"""Code points up to which a text is one passage, whatever stands in it."""
_SIGN: Final = re.compile(r"[*_~=`<>\[\]()\\&!\x02:/@]")


class Passages(Treeprocessor):
    """Runs before inline signs are read, and puts all but the first passage of a long text into spans."""

    def run(self, root: Element) -> None:
        """Part the texts of the tree that are too long for their signs."""
        for element in list(root.iter()):
            text = element.text
            if text is None or len(text) <= _SHORTEST or isinstance(text, AtomicString) or len(element):
                continue
            first, *others = passages(text)
            element.text = first
            for other in others:
                SubElement(element, "span").text = other


def passages(text: str) -> Iterator[str]:
    """`text` in parts whose signs times their length stay within bounds, cut at white space where there is some."""
    signs = sum(1 for _ in _SIGN.finditer(text))
    if signs * len(text) <= _STEPS:
        yield text
        return
    size = max(_SHORTEST, int((_STEPS * len(text) / signs) ** 0.5))
    start = 0
    while len(text) - start > size:
        end = _cut(text, start, start + size)
        yield text[start:end]
        start = end
    yield text[start:]


def _cut(text: str, start: int, limit: int) -> int:
    """Where a passage ends that begins at `start`: outside of what Python-Markdown wrote itself between two signs."""
    half = (start + limit) // 2
    ends = (text.rfind(sign, half, limit) + len(sign) for sign in ("\n", ". ", " "))
    place = next((end for end in ends if end > half), limit)
    opened = text.rfind(STX, half, place)
    return opened if opened > 0 and text.find(ETX, opened, place) < 0 else place
