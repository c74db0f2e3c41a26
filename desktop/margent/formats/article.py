"""The article in a page: readability says where it stands, the page itself gives it whole."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from readability import Document as Readable  # type: ignore[import-untyped]
from readability.readability import Unparseable  # type: ignore[import-untyped]

from margent.formats.pagenotes import bring_notes, is_note
from margent.formats.pagetree import classes, elements, length, letters, remove

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

ENOUGH = 400
"""Letters below which what was taken out of a page is no article."""

MOST = 60_000
"""Elements from which on readability, which reads some of a page again for each part of it, would take many seconds."""

_MARKER = "data-margent"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PROSE = 80
"""Letters from which on a block is prose: shorter ones are labels as often."""
_HOLDERS = frozenset(
    {"html", "body", "div", "article", "section", "main", "td", "tr", "tbody", "table", "center", "form", "span"}
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "big",
        "br",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
    }
    | {"strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "acronym", "del"}
)
_NAVIGATES = ("nav", "footer", "aside", "header", "form", "menu")
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|socials|related|recommend\w*|newsletter|subscribe|subscription|signup|sign-up|promo\w*|"
    r"advert\w*|ads?|ad-\w+|sponsor\w*|outbrain|taboola|comments?|commentlist|talkback|discussion|replies|respond|comentarios?|kommentare?|commentaires?|disqus|breadcrumbs?|pagination|pager|"
    r"toolbar|tools|sidebar|widget|cookie\w*|gdpr|banner|popup|modal|paywall|taglist|(?:post|entry|article)-tags|"
    r"most-?(?:read|popular|viewed)|trending|read-?(?:more|next)|more-?(?:from|on|stories|news)|see-?also-box|jump-?link|"
    r"skip-?link|print|mw-editsection|navbox|metadata|catlinks|printfooter|sitesub|mw-jump|ambox|vertical-navbox|"
    r"noprint|toc|reference-tooltip|follow|rating|poll|byline|dateline|post-?meta|entry-?meta|article-?meta|meta|"
    r"author-?(?:box|bio|info|card)|bio|timestamp|utility|login|search|menu|nav(?:igation|bar|header|footer|links)?|footer)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
_BODIES = (
    "//*[@itemprop='articleBody']",
    "//article",
    "//main",
    "//*[@role='main']",
    "//*[@id='mw-content-text']",
    "//*[@role='article']",
    "//*[contains(concat(' ',normalize-space(@class),' '),' entry-content ')]",
    "//*[contains(concat(' ',normalize-space(@class),' '),' post-content ')]",
    "//*[contains(concat(' ',normalize-space(@class),' '),' article-body ')]",
    "//*[contains(concat(' ',normalize-space(@class),' '),' article-content ')]",
)


def article(tree: HtmlElement) -> HtmlElement | None:
    """The element of `tree` that is the article; None where the page is all there is, or no article is found.

    Elements are taken as they stand, for readability, which points them out, drops lists, tables and headings on the
    way. What does not belong to the article is taken out of it; `tree` is as it was only when the answer is None.
    """
    if tree.find("body") is None or not _has_other_parts(tree):
        return None
    found, chosen = _container(tree)
    if length(found) < ENOUGH:
        return None
    bring_notes(found, tree)
    _prune(found, chosen)
    return found


class _Prose:
    """How much prose each element of a page holds: letters of blocks with many of them and few in links."""

    def __init__(self, tree: HtmlElement, trusted: Iterable[HtmlElement] = ()) -> None:
        """The names of elements that are `trusted` do not speak against them."""
        trusted = set(trusted)
        self.blocks: dict[HtmlElement, int] = {}
        """The letters of each block of prose."""
        self._within: dict[HtmlElement, int] = defaultdict(int)
        whole = length(tree)
        plain: dict[HtmlElement, int] = defaultdict(int)
        linked: dict[HtmlElement, int] = defaultdict(int)
        place: dict[HtmlElement, tuple[HtmlElement, bool, bool]] = {}
        for element in elements(tree):
            parent = element.getparent()
            block, in_link, beside = (
                place.get(parent, (tree, False, False)) if parent is not None else (tree, False, False)
            )
            outside = (block, in_link)
            if element.tag not in _INLINE:
                block = element
            in_link = in_link or element.tag == "a"
            if not beside and element not in trusted and (element.tag in {"nav", "footer"} or _is_noise(element)):
                # A name like "has-sidebar" may stand on what holds the whole page.
                beside = length(element) < 0.5 * whole
            place[element] = (block, in_link, beside)
            for text, (where, link) in ((element.text, (block, in_link)), (element.tail, outside)):
                if text and not beside:
                    (linked if link else plain)[where] += letters(text)
        for block, weight in plain.items():
            if weight >= _PROSE and linked[block] < 0.5 * weight:
                self.blocks[block] = weight
                self._within[block] += weight
                for above in block.iterancestors():
                    self._within[above] += weight

    def within(self, element: HtmlElement) -> int:
        """Letters of prose in `element`."""
        return self._within.get(element, 0)

    def lowest(self, top: HtmlElement, share: float) -> HtmlElement:
        """The lowest element in `top` that still holds this share of its prose."""
        found = top
        while True:
            inner = next((e for e in found if self.within(e) >= share * self.within(top) and e.tag in _HOLDERS), None)
            if inner is None:
                return found
            found = inner


def _has_other_parts(tree: HtmlElement) -> bool:
    """Whether the page has anything beside its text: a page written by hand comes in whole."""
    for element in elements(tree):
        if element.tag in {"nav", "form", "footer", "aside"} or element.get("role") in {
            "navigation",
            "banner",
            "search",
        }:
            return True
        if _is_noise(element):
            return True
    links = sum(length(link) for link in tree.iter("a") if not (link.get("href") or "#").startswith("#"))
    return links > 0.35 * max(length(tree), 1)


def _pointed_out(tree: HtmlElement) -> set[HtmlElement]:
    """The elements that readability keeps; none when it finds nothing."""
    numbered = list(elements(tree))
    if len(numbered) > MOST:
        return set()
    for number, element in enumerate(numbered):
        element.set(_MARKER, str(number))
    log = logging.getLogger("readability.readability")
    quiet, log.disabled = log.disabled, True
    try:
        summary = Readable(tree, min_text_length=25, retry_length=ENOUGH).summary(html_partial=True)
    except (Unparseable, ValueError):
        summary = ""
    finally:
        log.disabled = quiet
    for element in numbered:
        element.attrib.pop(_MARKER, None)
    return {numbered[int(number)] for number in re.findall(rf'{_MARKER}="(\d+)"', summary)}


def _own(element: HtmlElement) -> int:
    """Letters that stand in the element itself and not in those inside it."""
    return len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)


def _container(tree: HtmlElement) -> tuple[HtmlElement, set[HtmlElement]]:
    """The element that is the article, and the elements in it that are surely its own.

    Readability's choice counts where it holds the better part of the page's prose, and is widened when the article goes
    on beside it. Where readability took something else, the lowest element with most of the prose is the article.
    """
    chosen = _pointed_out(tree)
    found = _lowest_of(tree, chosen)
    prose = _Prose(tree, () if found is None else (found, *found.iterancestors()))
    whole = prose.lowest(tree, 0.75)
    if found is None or _poor(found, whole, prose):
        found, chosen = whole, set()
    else:
        found = _widened(found, prose)
    for path in _BODIES:
        named = [each for each in tree.xpath(path) if prose.within(each) >= 0.9 * prose.within(found)]
        if named and prose.within(named[-1]) <= 1.2 * prose.within(found) <= 3 * length(named[-1]):
            found = named[-1]
            break
    return found, chosen | set(prose.blocks)


def _poor(found: HtmlElement, whole: HtmlElement, prose: _Prose) -> bool:
    """Whether an element holds so little of the prose that it cannot be the article."""
    inside, all_in_all = prose.within(found), prose.within(whole)
    return inside < 0.2 * all_in_all or (length(found) < ENOUGH and 3 * inside < all_in_all)


def _widened(found: HtmlElement, prose: _Prose) -> HtmlElement:
    """`found`, or what is around it where the article goes on there: advertisements part it into several boxes."""
    own = classes(found)
    widest = found
    for above in list(found.iterancestors())[:4]:
        if above.tag in {"html", "body"} or prose.within(above) <= 1.15 * prose.within(widest):
            continue
        if prose.within(above) < 0.5 * length(above):
            break
        if prose.within(above) > 0.85 * length(above):
            widest = above
            continue
        alike = [e for e in above.iter(found.tag) if own and classes(e) == own and e is not found]
        goes_on = 2 * sum(prose.within(each) > 0 for each in alike) > len(alike)
        bare = sum(prose.blocks.get(child, 0) for child in above.iterchildren("p"))
        if goes_on or bare > 0.15 * prose.within(widest):
            widest = above
    return widest


def _lowest_of(tree: HtmlElement, chosen: set[HtmlElement]) -> HtmlElement | None:
    """The lowest element that holds nearly all the letters of `chosen`."""
    weights: dict[HtmlElement, int] = defaultdict(int)
    for element in chosen:
        letters = _own(element)
        weights[element] += letters
        for above in element.iterancestors():
            weights[above] += letters
    total = weights[tree]
    if not total:
        return None
    found = tree
    while True:
        inner = next((e for e in found if weights.get(e, 0) >= 0.9 * total and e.tag in _HOLDERS), None)
        if inner is None:
            return found
        found = inner


def _prune(article: HtmlElement, chosen: set[HtmlElement]) -> None:
    """Take out of the article what is not part of it: navigation, lists of links, boxes for sharing."""
    for element in list(elements(article)):
        if element is article or element.getparent() is None:
            continue
        if element.tag in {"figure", "figcaption", "img", "picture", "br", "sup", "sub", "tr", "td", "th", "tbody"}:
            continue
        if _is_beside(element, chosen):
            if element.tag == "header":
                _keep_headings(element)
            else:
                remove(element)
    _drop_last_headings(article)


def _is_beside(element: HtmlElement, chosen: set[HtmlElement]) -> bool:
    weight = length(element)
    if element.tag == "nav":
        return True
    if is_note(element):
        return False
    kept = sum(_own(each) for each in elements(element) if each in chosen)
    if element.tag in _NAVIGATES and kept < 0.5 * weight:
        return True
    if _is_noise(element) and (kept < 0.5 * weight or weight < 200):
        return weight < 5 * ENOUGH or kept < 0.1 * weight
    if kept > 0.3 * weight or element.tag in {"p", "span", "b", "strong", "em", "i", "a", "li", *_HEADINGS}:
        return False
    if any(above.tag == "li" for above in element.iterancestors()):
        return False
    return weight > 0 and _link_share(element, weight) > (0.9 if element.tag in {"ul", "ol", "dl", "table"} else 0.5)


def _link_share(element: HtmlElement, weight: int) -> float:
    return sum(length(link) for link in element.iter("a") if not (link.get("href") or "").startswith("#")) / max(
        weight, 1
    )


def _is_noise(element: HtmlElement) -> bool:
    if element.tag in {"body", "html", "main", "article", "p", "a", "img", "span", *_HEADINGS}:
        return False
    said = f"{element.get('class', '')} {element.get('id', '')}"
    return len(said) > 2 and _NOISE.search(said) is not None


def _keep_headings(header: HtmlElement) -> None:
    for child in list(header):
        if isinstance(child.tag, str) and next(child.iter(*_HEADINGS), None) is None:
            remove(child)


def _drop_last_headings(article: HtmlElement) -> None:
    """Headings with nothing after them headed what was taken out."""
    for heading in reversed(list(article.iter(*_HEADINGS))):
        if heading.tag == "h1" or _has_text_after(heading, article):
            return
        remove(heading)


def _has_text_after(element: HtmlElement, top: HtmlElement) -> bool:
    here = element
    while here is not top:
        if (here.tail or "").strip():
            return True
        if any(
            isinstance(each.tag, str) and (length(each) or each.find(".//img") is not None)
            for each in here.itersiblings()
        ):
            return True
        parent = here.getparent()
        if parent is None:
            return False
        here = parent
    return False
