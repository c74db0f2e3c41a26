"""Web pages as they were saved: the article out of the page, or the whole page, and what it says of itself.

Nothing is ever fetched: a picture on the network becomes its description.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from margent.document import Block, Document
from margent.errors import MargentError
from margent.formats import html, pagemeta, pagetree
from margent.formats.article import ENOUGH, article
from margent.formats.charsets import page_text
from margent.formats.naming import Names
from margent.formats.notices import ARTICLE_ONLY
from margent.formats.pagenotes import forget_names, mark_notes
from margent.formats.pageshape import reshape
from margent.formats.titles import stem, title_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.html import HtmlElement

_FIRST = 8
"""Blocks among which the title may stand, after a date or the name of a section."""


def read(
    data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None, *, whole: bool = False
) -> Document:
    """The document in a saved web page; `picture` as in `formats.read`.

    The article is taken out of a page that has one, and ARTICLE_ONLY is among the notices then; with `whole`, or where
    no article is found, the whole page is read. Raises MargentError when the page is empty or its tags nest too deep.
    """
    return from_html(lambda: page_text(data, name), name, picture, whole=whole)


def from_html(
    page: Callable[[], tuple[str, tuple[str, ...]]],
    name: str,
    picture: Callable[[str], bytes | None] | None = None,
    *,
    whole: bool = False,
    address: str = "",
    title: str = "",
    sources: Callable[[str], str] | None = None,
) -> Document:
    """As `read`, from what `page` gives: text, and notices about it. It may be asked twice, for a text is not kept.

    `address` is where the page came from, when something other than the page says so, and `title` its title where the
    page states none. `sources` gives for the address of a picture in the page the one by which `picture` knows it, ""
    for none.
    """
    tree, notices = _tree(page, name)
    if tree is None:
        return _untreed(page()[0], name, picture, notices)
    said = pagemeta.Statements(tree).said()
    said = replace(said, source=address or said.source, title=said.title or title)
    absolute(tree, said.source)
    if sources is not None:
        name_pictures(tree, sources)
    pagetree.strip_unseen(tree)
    mark_notes(tree)
    found = None if whole else article(tree)
    if found is not None and pagetree.length(found) < ENOUGH:
        del tree, found
        return from_html(page, name, picture, whole=True, address=address, title=title, sources=sources)
    part = tree if found is None else found
    cut = found is not None
    if part is not tree:
        pagetree.remove(part)
        tree.clear()
    del tree, found
    forget_names(part)
    reshape(part)
    content = html.parse_tree(part, picture)
    title, blocks = titled(said.title, content.blocks, name)
    return Document(
        title=title,
        blocks=blocks,
        summary=said.summary,
        authors=said.authors,
        date=said.date,
        language=said.language,
        source=said.source,
        pictures=content.pictures,
        notices=(*notices, *((ARTICLE_ONLY,) if cut else ()), *content.notices),
    )


def _tree(page: Callable[[], tuple[str, tuple[str, ...]]], name: str) -> tuple[HtmlElement | None, tuple[str, ...]]:
    """The tree of a page and notices about its text; no tree where tags nest too deep for one."""
    text, notices = page()
    if pagetree.too_deep(text):
        return None, notices
    try:
        return pagetree.page(text), notices
    except MargentError:
        raise MargentError(f"{name} is a page without text: there is nothing to read in it.") from None


def titled(stated: str, blocks: tuple[Block, ...], name: str) -> tuple[str, tuple[Block, ...]]:
    """The title, and the blocks so that it stands among the first of them as heading 1.

    What was stated wins, then the first heading, then the file's name.
    """
    if not any(block.text or block.target for block in blocks):
        return stated or stem(name), ()
    if not stated:
        first = next((block for block in blocks if block.kind == "heading"), None)
        if first is not None and first.level == 1:
            return first.text, blocks
        opening = blocks[0]
        if opening.kind == "heading" or (opening.kind == "paragraph" and len(blocks) > 1 and title_line(opening.text)):
            target = opening.target or Names(b.target for b in blocks if b.kind == "heading").new(opening.text)
            return opening.text, (opening._replace(kind="heading", level=1, quote=0, target=target), *blocks[1:])
    title = stated or stem(name)
    for index, block in enumerate(blocks[:_FIRST]):
        if block.kind in {"heading", "paragraph"} and _same(block.text, title):
            target = block.target or Names(b.target for b in blocks if b.kind == "heading").new(title)
            heading = block._replace(kind="heading", level=1, quote=0, target=target)
            return title, (*blocks[:index], heading, *blocks[index + 1 :])
    target = Names(block.target for block in blocks if block.kind == "heading").new(title)
    return title, (Block("heading", title, level=1, target=target), *blocks)


def too_nested(name: str) -> MargentError:
    """The sentence for a file that nests its tags deeper than any text does."""
    return MargentError(f"{name} nests thousands of tags in each other: copy its text from a browser and save that.")


def _untreed(text: str, name: str, picture: Callable[[str], bytes | None] | None, notices: Sequence[str]) -> Document:
    """A page whose tags nest so deep that no tree can hold them: its words are read all the same."""
    try:
        content = html.parse(text, picture)
    except MargentError:
        raise too_nested(name) from None
    title, blocks = titled("", content.blocks, name)
    return Document(title=title, blocks=blocks, pictures=content.pictures, notices=(*notices, *content.notices))


def _same(first: str, second: str) -> bool:
    return re.sub(r"\W", "", first).casefold() == re.sub(r"\W", "", second).casefold()


def name_pictures(tree: HtmlElement, sources: Callable[[str], str]) -> None:
    """Give each picture of `tree` the address by which it is known elsewhere, where `sources` has one."""
    for image in tree.iter("img"):
        known = sources((image.get("src") or "").strip())
        if known:
            image.set("src", known)


def absolute(tree: HtmlElement, source: str) -> None:
    """Make links of a page that came from `source` lead where they led there; those to the page itself stay inside."""
    base = next((pagemeta.joined(source, base.get("href") or "") for base in tree.iter("base")), source)
    if not base.lower().startswith(("http://", "https://")):
        return
    here = source.partition("#")[0]
    for link in tree.iter("a"):
        address = (link.get("href") or "").strip()
        if not address or address.startswith("#"):
            continue
        whole = pagemeta.joined(base, address)
        place, _, fragment = whole.partition("#")
        link.set("href", f"#{fragment}" if place == here and fragment else whole)
