"""The parts of a Word document: a ZIP archive whose relations say which XML file is what (ECMA-376, part 2)."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from margent.errors import MargentError
from margent.formats import limits
from margent.formats.archive import open_zip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.microsoft.com/office/word/2012/wordml": "w15",
    "http://schemas.microsoft.com/office/word/2016/wordml/cid": "cid",
    "http://schemas.microsoft.com/office/word/2018/wordml/cex": "cex",
    "http://schemas.microsoft.com/office/word/2023/wordml/word16du": "w16du",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
}
"""Both names of each namespace, of the transitional and of the strict form of the standard, are one here."""


class Relation(NamedTuple):
    """What a part refers to."""

    kind: str
    """The last word of the relation's type: "comments", "image", "hyperlink"…"""
    target: str
    """The path of a part in the package, or an address when `external`."""
    external: bool


class Package:
    """The parts of one document, read as they are asked for."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises MargentError, naming the file, when it is no archive or has no text in it."""
        self.name = name
        self.damaged: list[str] = []
        """Parts besides the text that could not be read."""
        self._archive = open_zip(data, name)
        self._folded = {path.lower(): path for path in self._archive}
        roots = self._relations_of("").values()
        main = next((r.target for r in roots if r.kind == "officeDocument" and not r.external), "word/document.xml")
        self.main = self._path(main)
        if not self.main:
            raise MargentError(f"{name} is damaged: the text of the document is missing in it.")
        self.relations = self.relations_of(self.main)
        self.core = next((self._path(r.target) for r in roots if r.kind == "core-properties"), "")

    def text(self) -> Element:
        """The root of the document's text."""
        return self._xml(self.main)

    def part(self, kind: str) -> str:
        """The path of the part that the text relates to as `kind`, or ""."""
        found = (self._path(r.target) for r in self.relations.values() if r.kind == kind and not r.external)
        return next(filter(None, found), "")

    def optional(self, path: str) -> Element | None:
        """The root of a part that a document can be read without; a damaged one is noted and taken as missing."""
        path = self._path(path) if path else ""
        if not path:
            return None
        try:
            return self._xml(path)
        except MargentError:
            self.damaged.append(path)
            return None

    def relations_of(self, path: str) -> Mapping[str, Relation]:
        """What the part at `path` refers to, by id."""
        try:
            return self._relations_of(path)
        except MargentError:
            self.damaged.append(path)
            return {}

    def get(self, path: str) -> bytes | None:
        """The bytes of a part, None when there is none or it cannot be unpacked."""
        path = self._path(path)
        try:
            return self._archive.get(path) if path else None
        except MargentError:
            return None

    def _xml(self, path: str) -> Element:
        return limits.xml(self._archive.read(path), path, self.name)

    def _relations_of(self, path: str) -> dict[str, Relation]:
        folder, _, file = path.rpartition("/")
        source = self._path(posixpath.join(folder, "_rels", f"{file}.rels"))
        if not source:
            return {}
        found: dict[str, Relation] = {}
        for child in self._xml(source):
            given = child.attrib
            if short(child.tag) != "rel:Relationship" or not given.get("Id"):
                continue
            target, external = given.get("Target", ""), given.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[given["Id"]] = Relation(given.get("Type", "").rpartition("/")[2], target, external)
        return found

    def _path(self, path: str) -> str:
        """`path` as the archive spells it, for names of parts are one in any case; "" when there is none."""
        return path if path in self._archive else self._folded.get(path.lower(), "")


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """An element's or attribute's name with the usual prefix for its namespace: "w:p"; unknown namespaces have none."""
    if not tag.startswith("{"):
        return tag
    namespace, _, name = tag[1:].partition("}")
    return f"{_PREFIXES.get(namespace, '?')}:{name}"


def attribute(element: Element | None, name: str) -> str:
    """The attribute with this short name, or ""; one without a prefix is taken too, as some programs write it."""
    if element is None:
        return ""
    bare = name.partition(":")[2]
    for key, value in element.attrib.items():
        if key == bare or short(key) == name:
            return value
    return ""


def child(element: Element | None, *names: str) -> Element | None:
    """The descendant that is reached by the first child of each short name in turn, or None."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if short(each.tag) == name), None)
    return element


def value(element: Element | None, *names: str) -> str:
    """The `w:val` of the descendant that `child` finds, or ""."""
    return attribute(child(element, *names), "w:val")


def is_on(element: Element | None) -> bool:
    """Whether a property that is there is switched on: it is, unless it says otherwise."""
    return element is not None and attribute(element, "w:val").lower() not in {"0", "false", "off", "none"}
