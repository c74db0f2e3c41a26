"""A page as a tree that can be searched and cut, with what a browser would not show taken out of it."""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING, cast

from lxml import etree
from lxml import html as lxml_html

from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

DEEPEST = 1500
"""Nested tags beyond which libxml2 would drop what they hold; such pages are read without a tree."""

_UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "embed", "select", "textarea", "button", "audio"}
    | {"video", "canvas", "map", "noframes", "noembed", "link", "meta", "base", "dialog", "title", "datalist", "param"}
)
_LABELS = frozenset(
    {"sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden", "element-invisible", "noprint"}
    | {"mw-editsection", "mw-jump-link", "headerlink", "header-anchor", "anchorjs-link"}
)
"""Classes of words for a machine that reads the page aloud, of those not to be printed, and of the signs beside a
heading by which it is edited or linked to."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_SELF_CLOSED = re.compile(
    r"<(a|abbr|aside|b|blockquote|code|dd|div|dl|dt|em|figure|h[1-6]|i|iframe|li|ol|p|pre|script|section|small|span|strong|"
    r"style|sub|sup|table|td|textarea|th|title|tr|u|ul)((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)
_PROLOGUE = re.compile(r"\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(?:\[[\s\S]{0,20000}?\]\s*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#[xX][0-9a-fA-F]+);)([A-Za-z][A-Za-z0-9]{1,31};)?")
_NUMBERED = re.compile(r"&#([xX]?)((?<=[xX])[0-9a-fA-F]{1,8}|(?<=#)[0-9]{1,9});?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_EPUB = ("{http://www.idpf.org/2007/ops}", "epub:")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
_FLAT = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p"}
    | {"param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"}
)


def too_deep(text: str) -> bool:
    """Whether tags nest deeper than DEEPEST; those that are never closed count, as they do for a parser."""
    if text.count("<") <= DEEPEST:
        return False
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() in _FLAT or tag[3].endswith("/"):
            continue
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > DEEPEST:
            return True
    return False


def page(text: str) -> HtmlElement:
    """The tree of an HTML page, not too deep. Raises MargentError when there is nothing in it."""
    xml = _PROLOGUE.match(text)
    text = _clean(text[xml.end() :] if xml else text)
    if xml:
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    parser = lxml_html.HTMLParser(huge_tree=True, remove_pis=True, encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring((text or " ").encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        raise MargentError("The page has nothing in it that could be read.") from None
    return tree


def chapter(text: str) -> HtmlElement:
    """The tree of an XHTML page as strict XML, and where that fails as HTML.

    Its document type is not looked at, so that no entity of its own is expanded; those of HTML become their letters.
    Names are without their namespaces: `epub:type` is `epub-type`.
    """
    body = _clean(_PROLOGUE.sub("", text, count=1))
    strict = _ENTITY.sub(_plain_entity, _DOCTYPE.sub("", body, count=1))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, remove_comments=True
    )
    parser.set_element_class_lookup(lxml_html.HtmlElementClassLookup())
    try:
        tree = etree.fromstring(strict.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return _local(page(f"<?xml version='1.0'?>{_DOCTYPE.sub('', body, count=1)}"))
    return _local(cast("HtmlElement", tree))


def elements(tree: HtmlElement) -> Iterator[HtmlElement]:
    """All elements, without comments, in the order of their start tags."""
    return cast("Iterator[HtmlElement]", tree.iter(etree.Element))


def length(element: HtmlElement) -> int:
    """How many `letters` an element holds, as a measure of its weight."""
    return sum(letters(text) for text in element.itertext() if isinstance(text, str))


def letters(text: str) -> int:
    """How much a text says: its bytes in UTF-8 without white space, for a Chinese sign says as much as three do."""
    return len("".join(text.split()).encode("utf-8", errors="replace"))


def remove(element: HtmlElement) -> None:
    """Take an element out with all it holds; what stands after it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def classes(element: HtmlElement) -> set[str]:
    """The classes of an element, in small letters."""
    return set((element.get("class") or "").lower().split())


def strip_unseen(tree: HtmlElement) -> None:
    """Take out of `tree` what a browser would not show: scripts, comments, hidden elements.

    A hidden element that holds most of the page stays: pages are saved while a message lies over them.
    """
    for comment in list(tree.iter(etree.Comment)):
        _drop_comment(comment)
    for element in list(elements(tree)):
        if element.tag in _UNSEEN and element is not tree:
            remove(element)
    hidden = [element for element in elements(tree) if _is_hidden(element)]
    if hidden:
        whole = length(tree)
        for element in hidden:
            if element is not tree and element.tag not in {"body", "main"} and 3 * length(element) < max(whole, 1):
                remove(element)


def _is_hidden(element: HtmlElement) -> bool:
    attributes = element.attrib
    if "style" in attributes and _HIDDEN.search(str(attributes["style"])):
        return True
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    if attributes.get("aria-hidden") == "true" and element.tag not in {"img", "figure"}:
        return True
    return "class" in attributes and bool(_LABELS & classes(element))


def _drop_comment(comment: etree._Comment) -> None:
    parent = comment.getparent()
    if parent is None:
        return
    if comment.tail:
        before = comment.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + comment.tail
        else:
            parent.text = (parent.text or "") + comment.tail
    parent.remove(comment)


def _local(tree: HtmlElement) -> HtmlElement:
    for element in elements(tree):
        if "}" in element.tag or ":" in element.tag:
            name = _last(element.tag)
            element.tag = name if _NAME.fullmatch(name) else "span"
        for key in map(str, list(element.attrib)):
            if "}" not in key and ":" not in key:
                continue
            # A name that is none, as "{{x}}", can be listed but not asked for.
            value = element.attrib.pop(key, None)
            if value is None:
                continue
            name = f"epub-{_last(key)}" if key.startswith(_EPUB) else _last(key)
            if _NAME.fullmatch(name) and name not in element.attrib:
                element.set(name, value)
    etree.cleanup_namespaces(tree)
    return tree


def _clean(text: str) -> str:
    """`text` without what no tree can hold, as it stands or by number; Windows' numbers are read as letters."""
    return _NUMBERED.sub(_by_number, _CONTROLS.sub("", text))


def _by_number(found: re.Match[str]) -> str:
    number = int(found[2], 16) if found[1] else int(found[2])
    if 0x80 <= number < 0xA0:
        return bytes([number]).decode("cp1252", errors="ignore")
    if number > 0x10FFFF or _CONTROLS.match(chr(number)):
        return ""
    return found[0]


def _last(name: str) -> str:
    """A name without its namespace."""
    return re.split("[}:]", name)[-1]


def _plain_entity(found: re.Match[str]) -> str:
    if not found[1]:
        return "&amp;"
    text = entities.unescape(found[0])
    return entities.escape(text) if text == found[0] or text in "<>&\"'" else text
