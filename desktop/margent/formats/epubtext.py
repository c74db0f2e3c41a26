"""The texts of a book as one tree: their names kept apart, their links and pictures found, their headings put in."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from html import escape, unescape
from typing import TYPE_CHECKING

from lxml.html.builder import DIV, IMG, A

from margent.errors import MargentError
from margent.formats import limits, pace, pagetree
from margent.formats.charsets import page_text
from margent.formats.epubpackage import resolved
from margent.formats.pagetree import elements, remove

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

    from margent.formats.archive import Archive
    from margent.formats.epubpackage import Entry, Package

PAGE = "page-of-print-"
"""How the id of an element begins that stands where a printed page does; its number in `Book.labels` follows."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PICTURE = "picture-of-book-"
_NOTES = ("footnote", "rearnote", "endnote")
_ABSOLUTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}:")
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_NAMED = re.compile(r"(?:span|em|i|b|strong)?\.([\w-]{1,80})\s*")
_STYLES = (
    (re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE), "i"),
    (re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE), "b"),
    (re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE), "sup"),
    (re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE), "sub"),
)
_LONGEST_STYLES = 1024 * 1024


class Book:
    """The texts of a book in one tree, in reading order."""

    def __init__(self, archive: Archive, package: Package, name: str) -> None:
        """Raises MargentError, naming the file, when the texts are longer together than limits.TEXT."""
        self.labels: list[str] = []
        """Labels of the printed pages."""
        self.missing = 0
        """How many texts are not in the archive, or cannot be read."""
        self._archive = archive
        self._package = package
        self._name = name
        self._pictures: dict[str, str] = {}
        self._numbers = {path: number for number, path in enumerate(package.spine)}
        self._styles = _styles(archive, package)
        contents: Mapping[str, list[Entry]] = defaultdict(list)
        pages: Mapping[str, list[Entry]] = defaultdict(list)
        for by_path, entries in ((contents, package.contents), (pages, package.pages)):
            for entry in entries:
                by_path[entry.path].append(entry)
        self._pages_stated = bool(package.pages)
        self.tree: HtmlElement = DIV()
        length = 0
        for number, path in enumerate(package.spine):
            pace.advance(number, 2 * len(package.spine))
            body = self._body(path)
            if body is None:
                continue
            length += archive.size(path)
            if length > limits.TEXT:
                raise limits.too_long(name, limits.TEXT)
            self._name_apart(body, path)
            self._mark_pages(body, path, pages[path])
            if contents[path]:
                _put_headings(body, contents[path], self._key(path, ""))
            self.tree.append(body)
        _lower_headings(self.tree)

    def picture(self, address: str) -> bytes | None:
        """The bytes of a picture by the address that the tree has for it."""
        path = self._pictures.get(address)
        try:
            return None if path is None else self._archive.get(path)
        except MargentError:
            return None

    # -- one text -----------------------------------------------------------------------------------------------

    def _body(self, path: str) -> HtmlElement | None:
        """The body of a text as a division of its own; None when there is nothing to read in it."""
        try:
            text = page_text(self._archive.read(path), self._name)[0]
            if pagetree.too_deep(text):
                text = _flat(text)
            tree = pagetree.chapter(text)
        except MargentError:
            self.missing += 1
            return None
        found = tree if tree.tag == "body" else next(tree.iter("body"), None)
        body = DIV(tree) if found is None else found
        body.tag = "div"
        body.tail = None
        if path == self._package.navigation:
            for nav in list(body.iter("nav")):
                remove(nav)
            if pagetree.length(body) < 200:
                return None
        for element in elements(body):
            if any(kind in element.get("epub-type", "") for kind in _NOTES):
                # Readers show a note where it is referred to, so books hide it where it stands.
                for attribute in ("hidden", "style", "aria-hidden"):
                    element.attrib.pop(attribute, None)
        _drawings(body)
        pagetree.strip_unseen(body)
        return body

    def _key(self, path: str, fragment: str) -> str:
        """The id in the whole tree of an id in one text; of the text itself without one."""
        return f"text{self._numbers.get(path, 0)}-{fragment}"

    def _name_apart(self, body: HtmlElement, path: str) -> None:
        folder = posixpath.dirname(path)
        for element in elements(body):
            for attribute in ("id", "name"):
                if element.get(attribute):
                    element.set(attribute, self._key(path, element.get(attribute, "")))
            if element.tag == "a" and element.get("href"):
                element.set("href", self._link(element.get("href", ""), path, folder))
            elif element.tag == "img":
                element.set("src", self._picture_at(element.get("src", ""), folder))
            elif element.tag == "span" and "class" in element.attrib:
                self._style(element)
        anchor = A(id=self._key(path, ""))
        anchor.tail, body.text = body.text, None
        body.insert(0, anchor)

    def _link(self, href: str, path: str, folder: str) -> str:
        if _ABSOLUTE.match(href.strip()):
            return href
        target, fragment = resolved(folder, href)
        target = target or path
        return f"#{self._key(target, fragment)}" if target in self._numbers else ""

    def _picture_at(self, source: str, folder: str) -> str:
        if _ABSOLUTE.match(source.strip()) or not source:
            return source
        path = resolved(folder, source)[0]
        address = f"{_PICTURE}{len(self._pictures)}"
        self._pictures[address] = path
        return address

    def _style(self, span: HtmlElement) -> None:
        """Say with a tag what the book says of a span with its style sheets alone."""
        for name in pagetree.classes(span):
            tag = self._styles.get(name)
            if tag is not None:
                span.tag = tag
                return

    # -- pages --------------------------------------------------------------------------------------------------

    def _mark_pages(self, body: HtmlElement, path: str, entries: list[Entry]) -> None:
        """Mark where printed pages begin, by the list of pages or, in a book without one, by the marks in the text."""
        named = {element.get("id", ""): element for element in elements(body)}
        if self._pages_stated:
            for entry in entries:
                target = named.get(self._key(path, entry.fragment))
                if target is not None:
                    self._mark_page(target, entry.label)
        for element in list(elements(body)):
            if "pagebreak" in f"{element.get('epub-type', '')} {element.get('role', '')}":
                label = element.get("title") or element.get("aria-label") or element.text_content().strip()
                # The number of a page is not among the words of the sentence that goes on to it.
                if pagetree.length(element) <= 12:
                    for part in elements(element):
                        part.text = None
                if label and not self._pages_stated:
                    self._mark_page(element, label)

    def _mark_page(self, target: HtmlElement, label: str) -> None:
        marker = A(id=f"{PAGE}{len(self.labels)}")
        self.labels.append(" ".join(label.split())[:40])
        if target.tag in {"a", "span", "div", "p", *_HEADINGS, "li", "section", "i", "b", "em"}:
            marker.tail, target.text = target.text, None
            target.insert(0, marker)
        else:
            target.addprevious(marker)


def _flat(text: str) -> str:
    """The words of a text whose tags nest too deep for a tree, without its tags."""
    bare = unescape(re.sub(r"<(?:script|style)\b[\s\S]*?</|<[^<>]*>", "\n", text, flags=re.IGNORECASE))
    return f"<body>{''.join(f'<p>{escape(line)}</p>' for line in bare.splitlines() if line.strip())}</body>"


def _drawings(body: HtmlElement) -> None:
    """A drawing that only frames a picture is that picture; its words, if it has others, are lost with the drawing."""
    for svg in list(body.iter("svg")):
        image = next(svg.iter("image"), None)
        source = image.get("href", "") if image is not None else ""
        if source:
            title = next((each.text_content() for each in svg.iter("title", "desc")), svg.get("aria-label", ""))
            picture = IMG(src=source, alt=" ".join(title.split()))
            picture.tail, svg.tail = svg.tail, None
            parent = svg.getparent()
            if parent is not None:
                parent.replace(svg, picture)


def _styles(archive: Archive, package: Package) -> dict[str, str]:
    """The tags for classes to which a style sheet gives a slant, a weight or a height in the line."""
    found: dict[str, str] = {}
    for item in package.items.values():
        if item.kind != "text/css" or item.path not in archive or archive.size(item.path) > _LONGEST_STYLES:
            continue
        try:
            text = archive.read(item.path).decode("utf-8", errors="replace")
        except MargentError:
            continue
        for selectors, body in _RULE.findall(re.sub(r"/\*[\s\S]*?\*/", "", text)):
            tag = next((tag for pattern, tag in _STYLES if pattern.search(body)), "")
            for selector in selectors.split(",") if tag else ():
                name = _NAMED.fullmatch(selector.strip())
                if name:
                    found.setdefault(name[1].lower(), tag)
    return found


# -- headings -------------------------------------------------------------------------------------------------------


def _put_headings(body: HtmlElement, entries: list[Entry], start: str) -> None:
    """Make headings of the lines of the contents that lead into a text without headings of its own."""
    if next(body.iter(*_HEADINGS), None) is not None:
        return
    named = {element.get("id", ""): element for element in elements(body)}
    for entry in entries:
        target = named.get(f"{start}{entry.fragment}") if entry.fragment else body[0]
        if target is None:
            continue
        same = _line_with(target, body, entry.label)
        if same is not None:
            same.tag = f"h{entry.depth}"
            continue
        heading = body.makeelement(f"h{entry.depth}")
        heading.text = entry.label
        block = target
        while block.getparent() is not None and block.getparent() is not body and block.tag in {"a", "span", "i", "b"}:
            block = block.getparent()
        block.addprevious(heading)


def _line_with(target: HtmlElement, body: HtmlElement, label: str) -> HtmlElement | None:
    """The paragraph with the words of `label` alone that stands at `target` or soon after it."""
    wanted = _plain(label)
    begun = 0
    for element in elements(body):
        if element is target or (begun == 0 and any(each is target for each in element.iterdescendants())):
            begun = 1
        if begun and element.tag in {"p", "div"}:
            begun += 1
            words = _plain(element.text_content())
            if words == wanted and not any(child.tag in {"p", "div"} for child in element):
                return element
            if begun > 8:
                break
    return None


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _lower_headings(tree: HtmlElement) -> None:
    """Where chapters are headings of the first level, leave that level to the title of the book."""
    if sum(1 for _ in tree.iter("h1")) < 2:
        return
    for heading in list(tree.iter(*_HEADINGS)):
        heading.tag = f"h{min(int(heading.tag[1]) + 1, 6)}"
