"""HTML into blocks, written once for every rich format: each turns its file into HTML and comes here.

The HTML is sanitised first, whoever wrote it, and then read in one pass without recursion, so that neither a script
nor ten thousand nested quotations can harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

import nh3

from margent.document import Block, Mark, canonical, sorted_marks
from margent.errors import MargentError
from margent.formats import memory, pace
from margent.formats.builder import BLOCKS, INLINE, Builder
from margent.formats.naming import Names
from margent.formats.pictures import Pictures
from margent.formats.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lxml.html import HtmlElement

_DEEPEST = 12_000
"""Nested tags beyond which the sanitiser, whose time grows with the square of the depth, would take seconds."""

_TAGS = (
    BLOCKS
    | INLINE.keys()
    | {
        *(
            "a",
            "br",
            "wbr",
            "hr",
            "img",
            "input",
            "span",
            "pre",
            "table",
            "caption",
            "colgroup",
            "col",
            "thead",
            "tbody",
        ),
        *(
            "tfoot",
            "tr",
            "td",
            "th",
            "abbr",
            "q",
            "small",
            "big",
            "time",
            "bdi",
            "bdo",
            "font",
            "label",
            "ruby",
            "rt",
            "rp",
        ),
    }
)
_GONE = {
    *("script", "style", "title", "template", "noscript", "iframe", "object", "svg", "select", "textarea", "button"),
    *("annotation", "audio", "video", "canvas", "map", "noframes", "noembed"),
}
_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "li": {"value"},
    "td": {"align", "style", "colspan", "rowspan"},
    "th": {"align", "style", "colspan", "rowspan"},
    "input": {"type", "checked"},
}
_FORMULA = re.compile(
    r"<(/?)(?:math|m[inos]|mtext|mrow|ms(?:up|ub|ubsup|qrt|tyle|pace)|mfrac|mroot|m(?:under|over|underover)|mt(?:able|r|d)|"
    r"mpadded|mphantom|menclose|mfenced|mmultiscripts|merror|semantics)\b",
    re.IGNORECASE,
)
"""The sanitiser drops formulas with their letters; as tags without a meaning they leave them."""
_NEVER_NESTED = frozenset(
    [
        "br",
        "hr",
        "img",
        "input",
        "wbr",
        "col",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "link",
        "meta",
        "area",
    ]
)


@dataclass(frozen=True, slots=True)
class Content:
    """What the HTML holds: blocks, the pictures they show, and what the reader should know, a sentence each."""

    blocks: tuple[Block, ...]
    pictures: Mapping[str, bytes]
    notices: tuple[str, ...] = ()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Start and end of each element that `parse` was asked for, by its id."""


def parse(html: str, picture: Callable[[str], bytes | None] | None = None, places: str = "") -> Content:
    """The blocks of `html`, a page or a part of one.

    `picture` gives the bytes of a local picture by its address; nothing is ever fetched from the network. Links keep
    to http, https, mailto and the document's own headings. Raises MargentError when tags nest thousands deep.

    With `places` the answer says where each element whose id begins with it stands, in code points of the text of the
    blocks joined by newlines; an empty element stands between two letters. Of elements with one id the first counts.
    """
    reading = _Reading(picture, places)
    reading.feed(html)
    del html
    return reading.content()


def parse_all(parts: Iterable[str], picture: Callable[[str], bytes | None] | None = None) -> Content:
    """As `parse`, from HTML in parts, each well formed, which are never all there at once."""
    reading = _Reading(picture)
    for part in parts:
        reading.feed(part)
    return reading.content()


def parse_tree(tree: HtmlElement, picture: Callable[[str], bytes | None] | None = None, places: str = "") -> Content:
    """As `parse`, from a tree of lxml, which is used up."""
    from margent.formats.portions import Portion, portions, size  # noqa: PLC0415 - of formats that have trees

    whole, done = size(tree), 0
    reading = _Reading(picture, places)
    for part in portions(tree):
        # The tree was the first half of the work.
        pace.advance(whole + min(done, whole), 2 * whole)
        done += len(part.html)
        if isinstance(part, Portion):
            reading.feed(part.html, part.within)
        else:
            reading.feed_tag(part.html, part.name)
    return reading.content()


class _Reading:
    """HTML on its way into blocks."""

    def __init__(self, picture: Callable[[str], bytes | None] | None, places: str = "") -> None:
        self._pictures = Pictures(picture)
        self._places = Places(places) if places else None
        self._builder = Builder(self._pictures, self._places)

    def feed(self, html: str, within: str = "") -> None:
        """Take more HTML, which stands `within` an element that was begun; "" where that is not needed to read it."""
        around = (f"<{within}>", f"</{within}>") if within else ("", "")
        clean = sanitised(f"{around[0]}{html}{around[1]}" if within else html)
        if len(html) > memory.LARGE:
            del html
            memory.give_back()
        self._builder.feed(canonical(clean.removeprefix(around[0]).removesuffix(around[1]) if within else clean))

    def feed_tag(self, html: str, name: str) -> None:
        """Begin an element, given without content, or end the one called `name`."""
        end = f"</{name}>"
        self._builder.feed(canonical(sanitised(html)).removesuffix(end) if html else end)

    def content(self) -> Content:
        """What all of it holds."""
        self._builder.close()
        blocks = self._builder.finish()
        spans = self._places.spans(blocks) if self._places is not None else {}
        return Content(_linked(blocks, self._builder.anchors), self._pictures.kept, self._pictures.notices(), spans)


def sanitised(html: str) -> str:
    """`html` as well-formed text with the tags and attributes that `parse` knows, and none that could act."""
    _refuse_depth(html)
    return nh3.clean(
        _FORMULA.sub(r"<\1span", html),
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties={"text-align"},
    )


def _refuse_depth(html: str) -> None:
    """Raise MargentError when tags nest deeper than any text does; a tag that is never closed counts too."""
    if html.count("<") <= _DEEPEST:
        return
    depth = 0
    for tag in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        if tag[2].lower() in _NEVER_NESTED or tag[2] in {"p", "P"}:
            continue
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > _DEEPEST:
            raise MargentError("The text nests thousands of tags in each other, which is no text that can be read.")


def _linked(blocks: list[Block], anchors: Mapping[str, int]) -> tuple[Block, ...]:
    """`blocks` with a name for each heading, and links inside the document that lead to one, or no links.

    `anchors` has the index of the block where each id of the HTML stands; a link to one leads to its section.
    """
    names = Names(block.target for block in blocks if block.kind == "heading" and block.target)
    headings = [0] * len(blocks)
    latest = -1
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            latest = index
            if not block.target:
                blocks[index] = block._replace(target=names.new(block.text))
        headings[index] = latest
    notes = {block.target for block in blocks if block.kind == "footnote"}
    known = {block.target: block.target for block in blocks if block.kind == "heading"}

    def target(name: str) -> str:
        for way in (name, unquote(name)):
            if way in known:
                return known[way]
            index = anchors.get(way, -1)
            if 0 <= index < len(blocks) and headings[index] >= 0:
                return blocks[headings[index]].target
        return ""

    def lead(mark: Mark) -> Mark | None:
        if mark.kind == "noteref":
            return mark if mark.target in notes else None
        if mark.kind == "link" and mark.target.startswith("#"):
            found = target(mark.target[1:])
            return mark._replace(target=f"#{found}") if found else None
        return mark

    return tuple(
        block._replace(marks=sorted_marks(filter(None, map(lead, block.marks)))) if block.marks else block
        for block in blocks
    )
