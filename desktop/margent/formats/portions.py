"""A tree as text in portions, each taken out of the tree: a large page is never there as a tree and twice as text.

A portion is well formed but for the containers around it, whose tags stand between portions.
"""

from __future__ import annotations

import sys
from html import escape
from typing import TYPE_CHECKING, NamedTuple, cast

from lxml import html as lxml_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

PORTION = 1 << 18
"""About so many letters and tags' letters are in a portion, if the tree can be parted there."""
_TAG = 32
"""Letters that an element's tags count for."""
_DEEPEST = 200
"""Containers in containers that are parted."""
_ROOTS = frozenset({"html", "body"})
_HOLDERS = frozenset({"article", "blockquote", "center", "div", "dl", "main", "ol", "section", "ul"})
"""Elements that blocks stand in, so that what is in them reads the same by itself."""
_ROWS = frozenset({"thead", "tbody", "tfoot"})
_WITHIN = {
    "table": frozenset({"caption", "colgroup", "col", "tr", *_ROWS}),
    **dict.fromkeys(_ROWS, frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
}


class Portion(NamedTuple):
    """Some HTML, and what it has to stand in so that it is read as it was: "table" for its rows, mostly ""."""

    html: str
    within: str = ""


class Tag(NamedTuple):
    """The start of a container as an element without content, or ("", name) for its end."""

    html: str
    name: str


def portions(tree: HtmlElement) -> Iterator[Portion | Tag]:
    """All of `tree` in order, without what follows its end tag. What was given is not in the tree any more."""
    if _size(tree, PORTION) < PORTION:
        yield Portion(_written(tree, with_tail=False))
        return
    yield from _parted(tree, 0)


def _parted(element: HtmlElement, depth: int) -> Iterator[Portion | Tag]:
    """The content of a large element, and its tags around it; what follows its end tag is left to the caller."""
    if element.tag == "table" and _is_regular(element):
        yield _start(element)
        yield from _rows(element)
        yield Tag("", "table")
        return
    if element.tag not in _HOLDERS | _ROOTS or depth >= _DEEPEST:
        yield Portion(_written(element, with_tail=False))
        return
    if element.tag in _HOLDERS:
        yield _start(element)
    waiting = [escape(element.text or "", quote=False)]
    length = len(waiting[0])
    for child in _taken(element):
        size = _size(child, PORTION)
        if size >= PORTION:
            yield Portion("".join(waiting))
            yield from _parted(child, depth + 1)
            waiting, length = [escape(child.tail or "", quote=False)], len(child.tail or "")
        else:
            waiting.append(_written(child, with_tail=True))
            length += size
        if length >= PORTION:
            yield Portion("".join(waiting))
            waiting, length = [], 0
    yield Portion("".join(waiting))
    if element.tag in _HOLDERS:
        yield Tag("", element.tag)


def _rows(part: HtmlElement) -> Iterator[Portion]:
    """The rows of a large table or of a part of one, some at a time."""
    waiting: list[str] = []
    length = 0
    for row in _taken(part):
        if row.tag in _ROWS:
            yield _rows_in(part.tag, waiting)
            yield from _rows(row)
            waiting, length = [], 0
        else:
            waiting.append(_written(row, with_tail=False))
            length += len(waiting[-1])
        if length >= PORTION:
            yield _rows_in(part.tag, waiting)
            waiting, length = [], 0
    yield _rows_in(part.tag, waiting)


def _taken(element: HtmlElement) -> Iterator[HtmlElement]:
    """The children, each taken out with its tail once the next is asked for."""
    while (child := next(element.iterchildren(), None)) is not None:
        yield child
        element.remove(child)


def _rows_in(tag: str, rows: list[str]) -> Portion:
    inside = "".join(rows)
    return Portion(inside if tag == "table" else f"<{tag}>{inside}</{tag}>", "table")


def _is_regular(table: HtmlElement) -> bool:
    """Whether a table has cells in rows and nothing between them, for that a browser puts above the whole table."""
    for element in table.iter("table", *_ROWS, "tr"):
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            return False
        if any(child.tag not in _WITHIN[element.tag] for child in element):
            return False
    return True


def _start(element: HtmlElement) -> Tag:
    bare = element.makeelement(element.tag, dict(element.attrib))
    return Tag(_written(bare, with_tail=False), element.tag)


def _written(element: HtmlElement, *, with_tail: bool) -> str:
    return cast("str", lxml_html.tostring(element, encoding="unicode", with_tail=with_tail))


def size(tree: HtmlElement) -> int:
    """How many letters all of `tree` would be written with, roughly."""
    return _size(tree, sys.maxsize)


def _size(element: HtmlElement, limit: int) -> int:
    """How much an element with its tail would be written as, roughly; `limit` for anything from there on."""
    size = 0
    for each in element.iter():
        size += _TAG + len(each.text or "") + len(each.tail or "")
        if size >= limit:
            return limit
    return size
