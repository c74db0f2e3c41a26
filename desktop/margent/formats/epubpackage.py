"""What an EPUB book says of itself: its metadata, the order of its files, its contents and its printed pages."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from lxml import etree

from margent.document import canonical
from margent.errors import MargentError
from margent.formats import limits, pagetree
from margent.formats.charsets import page_text
from margent.formats.pagemeta import iso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from lxml.html import HtmlElement

    from margent.formats.archive import Archive

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""Ways to disguise fonts, which a book needs to be read as little as the fonts themselves."""
_TEXTS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_DEEPEST = 6


class Entry(NamedTuple):
    """A line of the contents, or a printed page: where it leads, and its words."""

    path: str
    fragment: str
    label: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the book as its manifest lists it."""

    path: str
    kind: str
    properties: frozenset[str] = frozenset()


@dataclass
class Package:
    """A book's package: what its files are and in which order they are read."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    source: str = ""
    summary: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    """By the id in the manifest."""
    spine: list[str] = field(default_factory=list)
    """Paths of the texts in reading order; those that stand outside it (linear="no") come last."""
    contents: list[Entry] = field(default_factory=list)
    pages: list[Entry] = field(default_factory=list)
    navigation: str = ""
    """Path of the file with the contents, when it is one of HTML."""


def package(archive: Archive, name: str) -> Package:
    """The package of the book in `archive`. Raises MargentError, naming it, when it is damaged or protected."""
    place = _package_path(archive, name)
    root = _xml(archive, place, name)
    book = _described(root)
    base = posixpath.dirname(place)
    for element in _all(root, "item"):
        path = resolved(base, element.get("href", ""))[0]
        properties = frozenset((element.get("properties") or "").split())
        book.items[element.get("id", "")] = Item(path, (element.get("media-type") or "").lower(), properties)
    _order(root, book, archive)
    _refuse_protected(archive, book, name)
    _navigate(root, book, archive, name)
    return book


def resolved(folder: str, href: str) -> tuple[str, str]:
    """The path in the archive and the fragment of an address that stands in a file in `folder`."""
    address, _, fragment = href.strip().partition("#")
    path = unquote(address.partition("?")[0])
    whole = posixpath.normpath(posixpath.join(folder, path)) if path else ""
    return whole.lstrip("/"), unquote(fragment)


def _package_path(archive: Archive, name: str) -> str:
    data = archive.get(_CONTAINER)
    if data is not None:
        try:
            roots = _all(limits.xml(data, _CONTAINER, name), "rootfile")
        except MargentError:
            roots = iter(())
        for element in roots:
            path = resolved("", element.get("full-path", ""))[0]
            if path in archive:
                return path
    found = next((path for path in archive.names if path.lower().endswith(".opf")), "")
    if not found:
        raise MargentError(f"{name} is damaged: the list of its parts is missing, so get another copy and open that.")
    return found


def _xml(archive: Archive, path: str, name: str) -> Element:
    """A file of XML; what other readers repair in silence is repaired here too, entities excepted."""
    data = archive.read(path)
    try:
        return limits.xml(data, path, name)
    except MargentError:
        if b"<!ENTITY" in data:
            raise
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(data, parser)
            repaired = b"" if root is None else etree.tostring(root, encoding="us-ascii")
        except (etree.XMLSyntaxError, etree.SerialisationError, ValueError):
            repaired = b""
        if not repaired:
            raise
        return limits.xml(repaired, path, name)


def _all(root: Element, *names: str) -> Iterator[Element]:
    """Elements by their names without a namespace, in order."""
    return (element for element in root.iter() if isinstance(element.tag, str) and _local(element.tag) in names)


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


def _described(root: Element) -> Package:
    refined: dict[str, dict[str, str]] = {}
    for meta in _all(root, "meta"):
        if meta.get("refines"):
            refined.setdefault(meta.get("refines", "")[1:], {})[meta.get("property", "")] = _line(meta.text)

    def about(element: Element, key: str) -> str:
        return refined.get(element.get("id", ""), {}).get(key, "") or _attribute(element, key)

    titles = [(about(e, "title-type") not in {"", "main"}, _line(e.text)) for e in _all(root, "title")]
    makers = [(about(e, "role") or "aut", _line(e.text)) for e in _all(root, "creator")]
    authors = [name for role, name in makers if role == "aut" and name] or [name for _, name in makers if name]
    languages = [_line(e.text).replace("_", "-") for e in _all(root, "language")]
    return Package(
        title=min((t for t in titles if t[1]), key=lambda t: t[0], default=(False, ""))[1],
        authors=tuple(dict.fromkeys(re.sub(r"\s*<[^<>\s]*@[^<>\s]*>", "", author) for author in authors)),
        date=_date(root),
        language=next((each for each in languages if _LANGUAGE.fullmatch(each)), ""),
        source=_source(root),
        summary=_plain(next((e.text or "" for e in _all(root, "description") if e.text), "")),
    )


def _date(root: Element) -> str:
    stated = sorted(
        (_attribute(e, "event") not in {"publication", "original-publication", ""}, index, _line(e.text))
        for index, e in enumerate(_all(root, "date"))
    )
    return next((date for date in (iso(text) for _, _, text in stated) if date), "")


def _source(root: Element) -> str:
    """The address of the book, or else its number: ISBN or DOI. Numbers that programs make up lead nowhere."""
    stated = [_line(e.text) for e in (*_all(root, "source"), *_all(root, "identifier"))]
    for text in stated:
        if re.match(r"https?://\S+$", text, re.IGNORECASE):
            return text
    for text in stated:
        doi = re.match(r"(?:urn:|info:)?doi[:/]\s*(10\.\S+)$|(10\.\d{4,9}/\S+)$", text, re.IGNORECASE)
        if doi:
            return f"https://doi.org/{doi[1] or doi[2]}"
    for text in stated:
        number = re.sub(r"(?i)^(?:urn:)?isbn[:\s]*|[\s-]", "", text)
        if re.fullmatch(r"97[89]\d{10}|\d{9}[\dXx]", number):
            return f"ISBN {number}"
    return ""


def _order(root: Element, book: Package, archive: Archive) -> None:
    first: list[str] = []
    last: list[str] = []
    for reference in _all(root, "itemref"):
        item = book.items.get(reference.get("idref", ""))
        if item is not None and (item.kind in _TEXTS or item.path.lower().endswith((".html", ".xhtml", ".htm"))):
            (last if reference.get("linear") == "no" else first).append(item.path)
    if not first and not last:
        first = [item.path for item in book.items.values() if item.kind in _TEXTS and item.path in archive]
    book.spine = list(dict.fromkeys([*first, *last]))


def _refuse_protected(archive: Archive, book: Package, name: str) -> None:
    data = archive.get(_ENCRYPTION)
    if data is None:
        return
    texts = set(book.spine)
    for locked in _all(limits.xml(data, _ENCRYPTION, name), "EncryptedData"):
        ways = {method.get("Algorithm", "") for method in _all(locked, "EncryptionMethod")}
        paths = {resolved("", each.get("URI", ""))[0] for each in _all(locked, "CipherReference")}
        if not ways & _FONTS and (paths & texts or not paths):
            raise MargentError(
                f"{name} is protected by the shop it comes from, and only that shop's program can read it: "
                f"ask the publisher for a copy without protection."
            )


# -- contents -------------------------------------------------------------------------------------------------------


def _navigate(root: Element, book: Package, archive: Archive, name: str) -> None:
    item = next((item for item in book.items.values() if "nav" in item.properties and item.path in archive), None)
    if item is not None:
        book.navigation = item.path
        folder = posixpath.dirname(item.path)
        for nav in _navs(archive, item.path, name):
            kind = f"{nav.get('epub-type', '')} {nav.get('role', '')}"
            if "toc" in kind and not book.contents:
                book.contents = list(_listed(nav, folder))
            elif "page-list" in kind or "pagelist" in kind:
                book.pages = list(_listed(nav, folder))
    toc = book.items.get(next((spine.get("toc", "") for spine in _all(root, "spine")), ""))
    if toc is None:
        toc = next((item for item in book.items.values() if item.kind == "application/x-dtbncx+xml"), None)
    if toc is not None and toc.path in archive and not (book.contents and book.pages):
        _from_ncx(_ncx(archive, toc.path, name), book, posixpath.dirname(toc.path))


def _navs(archive: Archive, path: str, name: str) -> list[HtmlElement]:
    """The lists of links in the file with the contents; none when it is damaged, for the texts tell the rest."""
    try:
        return list(pagetree.chapter(page_text(archive.read(path), name)[0]).iter("nav"))
    except MargentError:
        return []


def _listed(nav: HtmlElement, folder: str) -> Iterator[Entry]:
    for link in nav.iter("a"):
        path, fragment = resolved(folder, link.get("href") or "")
        depth = sum(1 for above in link.iterancestors("ol"))
        label = _line(link.text_content())
        if path and label:
            yield Entry(path, fragment, label, min(max(depth, 1), _DEEPEST))


def _ncx(archive: Archive, path: str, name: str) -> Element | None:
    try:
        return _xml(archive, path, name)
    except MargentError:
        return None


def _from_ncx(ncx: Element | None, book: Package, folder: str) -> None:
    if ncx is None:
        return
    if not book.contents:
        waiting = [(point, 1) for top in _all(ncx, "navMap") for point in top if _local(point.tag) == "navPoint"]
        while waiting:
            point, depth = waiting.pop(0)
            entry = _point(point, folder, depth)
            if entry is not None:
                book.contents.append(entry)
            waiting[:0] = [(child, depth + 1) for child in point if _local(child.tag) == "navPoint"]
    if not book.pages:
        targets = (_point(target, folder, 1) for target in _all(ncx, "pageTarget"))
        book.pages = [entry for entry in targets if entry is not None]


def _point(point: Element, folder: str, depth: int) -> Entry | None:
    label = next((_line("".join(child.itertext())) for child in point if _local(child.tag) == "navLabel"), "")
    source = next((child.get("src", "") for child in point if _local(child.tag) == "content"), "")
    path, fragment = resolved(folder, source)
    return Entry(path, fragment, label, min(depth, _DEEPEST)) if path and label else None


def _line(text: str | None) -> str:
    return canonical(" ".join((text or "").split()))


def _plain(text: str) -> str:
    """A description, which often is HTML, as plain text."""
    if "<" in text:
        try:
            text = str(pagetree.page(text).text_content())
        except MargentError:
            return ""
    return _line(text)[:1200]
