"""Formulas of Word (Office MathML) as the letters they consist of, which can be read, searched and annotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from margent.formats.docxparts import attribute, child, short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_NO_ELEMENT = frozenset({"m:ctrlPr", "w:rPr", "m:rPr"})
_OPERATOR = "∫"
"""The sign of an operator that does not name its own (ECMA-376 part 1, 22.1.2.20)."""


def formula(element: Element, position: str = "") -> Iterator[tuple[str, str]]:
    """The letters of a formula in order, each stretch with "superscript", "subscript" or ""."""
    match short(element.tag):
        case "m:t":
            yield element.text or "", position
        case "m:f":
            yield from _part(element, "m:num", position)
            yield "/", position
            yield from _part(element, "m:den", position)
        case "m:sSup" | "m:sSub" | "m:sSubSup" | "m:sPre":
            yield from _part(element, "m:e", position)
            yield from _part(element, "m:sub", "subscript")
            yield from _part(element, "m:sup", "superscript")
        case "m:rad":
            yield "√", position
            yield from _part(element, "m:e", position)
        case "m:nary":
            yield _sign(element, "m:naryPr", "m:chr", _OPERATOR), position
            yield from _part(element, "m:sub", "subscript")
            yield from _part(element, "m:sup", "superscript")
            yield from _part(element, "m:e", position)
        case "m:d":
            yield from _bracketed(element, position)
        case "m:mr":
            for each in element:
                yield from formula(each, position)
                yield " ", position
        case name if name not in _NO_ELEMENT:
            for each in element:
                yield from formula(each, position)


def _part(element: Element, name: str, position: str) -> Iterator[tuple[str, str]]:
    found = child(element, name)
    if found is not None:
        yield from formula(found, position)


def _bracketed(element: Element, position: str) -> Iterator[tuple[str, str]]:
    yield _sign(element, "m:dPr", "m:begChr", "("), position
    separator = _sign(element, "m:dPr", "m:sepChr", "|")
    for index, each in enumerate(part for part in element if short(part.tag) == "m:e"):
        if index:
            yield separator, position
        yield from formula(each, position)
    yield _sign(element, "m:dPr", "m:endChr", ")"), position


def _sign(element: Element, properties: str, name: str, usual: str) -> str:
    found = child(element, properties, name)
    return usual if found is None else attribute(found, "m:val")
