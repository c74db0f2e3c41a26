"""Footnotes of pages and books, however they are written, in the one form that the way from HTML to blocks knows."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml.html.builder import DIV, LI, OL

from margent.formats.pagetree import classes, elements, length, remove

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.html import HtmlElement

_MARK = re.compile(
    r"(?:fn|note|n\.)?\s*[\[({]?\s*(?:\d{1,4}|[*∗†‡§¶]{1,4}|[a-z]|[ivxlc]{1,6})\s*[\])}]?[.,]?", re.IGNORECASE
)
_REFERS = frozenset(
    {"footnote-ref", "noteref", "fnref", "footnoteref", "footnote-reference", "reference", "footnote-link", "footnote"}
    | {
        "footnote_referrer",
        "easy-footnote",
        "endnote-ref",
        "endnoteref",
        "footnotecall",
        "sdfootnoteanc",
        "sdendnoteanc",
    }
)
_VAGUE = frozenset({"reference", "footnote"})
"""Classes that some programs give to any link; on what stands around a number they mean a note."""
_WHOLE = frozenset({"li", "aside", "p", "div", "dd", "section", "dl", "footer"})
_BACK = frozenset({"mw-cite-backlink", "footnote-backref", "reversefootnote", "footnote-return", "footnote-back"})
CLASS, ID = "data-margent-class", "data-margent-id"
"""What is kept apart from the names of the page until those have served."""
_LONGEST = 20_000
_BEGINS = re.compile(r"\s*[\[({]?\s*(?P<words>\d{1,4}|[*∗†‡§¶]{1,4}|[A-Za-z]{1,6}(?=[\])}.:]))?\s*[\])}]?[.:)]?\s*")
"""How a note begins when it repeats its number."""
_ARROWS = re.compile(r"[\s↑↩↵^⏎⮐⤴\ufe0e\ufe0f]*")


def mark_notes(tree: HtmlElement) -> None:
    """Rewrite the references and notes of `tree` as Python-Markdown writes them, numbered in the order of the notes.

    A link is a reference when it says so (class, role or epub:type), or when it looks like one and its note leads
    back to it. Anything else stays a link.
    """
    for element in elements(tree):
        for own in (CLASS, ID):
            element.attrib.pop(own, None)
    named = _named(tree)
    found: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for link in tree.iter("a"):
        href = link.get("href") or ""
        if not href.startswith("#") or len(href) < 2:
            continue
        target = named.get(href[1:], named.get(unquote(href[1:])))
        note = _note(target, link) if target is not None else None
        if note is None or _is_way_back(link, note, found):
            continue
        if _says_so(link) or (_looks_so(link) and _leads_back(note, link)):
            found[note].append(link)
    _drop_within(found)
    order = [element for element in elements(tree) if element in found] if found else []
    backs = {note: {f"#{name}" for link in found[note] for name in _names_of(link)} for note in order}
    for number, note in enumerate(order, 1):
        words = " ".join(found[note][0].text_content().split()).strip("[](){}., ")
        for link in found[note]:
            _write_reference(link, number)
        _clean(note, backs[note], words)
    for number, note in enumerate(order, 1):
        _write_note(note, number)


def bring_notes(part: HtmlElement, tree: HtmlElement) -> None:
    """Append to `part`, an element of `tree`, the notes that it refers to and that stand elsewhere."""
    wanted = {link.get("href", "")[1:] for link in part.iter("a") if link.get(CLASS) == "footnote-ref"}
    wanted -= {element.get(ID, "") for element in elements(part)}
    boxes: dict[HtmlElement, None] = {}
    for element in elements(tree) if wanted else ():
        if element.get(ID) in wanted:
            boxes.update((above, None) for above in element.iterancestors() if above.get(CLASS) == "footnote")
    for box in boxes:
        if not any(above is part for above in box.iterancestors()):
            box.tail = None
            part.append(box)


def is_note(element: HtmlElement) -> bool:
    """Whether an element is a note or holds one."""
    return any(each.get(CLASS) == "footnote" for each in element.iter("div"))


def forget_names(tree: HtmlElement) -> None:
    """Take away classes and ids of the page that would be read as if `mark_notes` had written them, and put its own."""
    for element in elements(tree):
        if "class" in element.attrib:
            kept = [name for name in classes(element) if name.startswith(("language-", "lang-", "highlight-source-"))]
            if kept:
                element.set("class", " ".join(kept))
            else:
                del element.attrib["class"]
        name, own = element.get("id", ""), element.attrib.pop(ID, None)
        if own is not None or name.lower().startswith("fn"):
            element.set("id", own or f"own-{name}")
        own = element.attrib.pop(CLASS, None)
        if own is not None:
            element.set("class", own)
        href = element.get("href", "")
        if element.tag == "a" and href.lower().startswith("#fn") and own is None:
            element.set("href", f"#own-{href[1:]}")


def _named(tree: HtmlElement) -> dict[str, HtmlElement]:
    named: dict[str, HtmlElement] = {}
    for element in elements(tree):
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                named.setdefault(name, element)
    return named


def _note(target: HtmlElement, link: HtmlElement) -> HtmlElement | None:
    """The element that is the note `target` begins; None when that also holds other notes or the reference itself."""
    element: HtmlElement | None = target
    while element is not None and element.tag not in _WHOLE:
        element = element.getparent()
    if element is None or element.tag in {"body", "html"} or any(above is element for above in link.iterancestors()):
        return None
    if element is not target and _holds_several(element):
        return None
    return None if _is_section(element) else element


def _holds_several(element: HtmlElement) -> bool:
    """Whether more than one note, or the text with more than one reference, stands in an element."""
    names: set[str] = set()
    for each in element.iter("a", "span"):
        name = each.get("id") or each.get("name")
        if name and _MARK.fullmatch(" ".join(each.text_content().split()) or "-"):
            names.add(name)
            if len(names) > 2:
                return True
    return False


def _is_section(element: HtmlElement) -> bool:
    return element.find(".//h1") is not None or element.find(".//h2") is not None or length(element) > _LONGEST


def _is_way_back(link: HtmlElement, note: HtmlElement, found: Mapping[HtmlElement, list[HtmlElement]]) -> bool:
    """Whether a link stands in a note and leads to where that note is referred to."""
    for above in link.iterancestors():
        if above in found:
            return any(note in reference.iterancestors() for reference in found[above])
    return False


def _says_so(link: HtmlElement) -> bool:
    return (
        "noteref" in f"{link.get('role', '')} {link.get('epub-type', '')}"
        or bool((_REFERS - _VAGUE) & classes(link))
        or (_parent_says_so(link) and _looks_so(link))
    )


def _parent_says_so(link: HtmlElement) -> bool:
    parent = link.getparent()
    return parent is not None and (
        bool(_REFERS & classes(parent)) or "noteref" in f"{parent.get('role', '')} {parent.get('epub-type', '')}"
    )


def _looks_so(link: HtmlElement) -> bool:
    return _MARK.fullmatch(" ".join(link.text_content().split())) is not None


def _names_of(link: HtmlElement) -> set[str]:
    """Ids by which a note may lead back to its reference: the link's own and those of what stands around it."""
    names: set[str] = set()
    element: HtmlElement | None = link
    for _ in range(3):
        if element is None or element.tag in {"div", "body", "section"}:
            break
        names |= {name for name in (element.get("id"), element.get("name")) if name}
        element = element.getparent()
    for near in (*link.iterchildren("a", "span", "sup"), link.getprevious()):
        if near is not None and isinstance(near.tag, str):
            names |= {name for name in (near.get("id"), near.get("name")) if name}
    return names


def _leads_back(note: HtmlElement, link: HtmlElement) -> bool:
    names = _names_of(link)
    return any(unquote((back.get("href") or "")[1:]) in names for back in note.iter("a") if back.get("href"))


def _drop_within(found: dict[HtmlElement, list[HtmlElement]]) -> None:
    """Leave out notes that hold other notes: those are lists of notes, not one."""
    for note in list(found):
        for above in note.iterancestors():
            found.pop(above, None)


def _write_reference(link: HtmlElement, number: int) -> None:
    parent = link.getparent()
    for child in list(link):
        link.remove(child)
    link.attrib.clear()
    link.set(CLASS, "footnote-ref")
    link.set("href", f"#fn:{number}")
    link.text = str(number)
    if parent is not None and parent.tag == "sup":
        text = (parent.text or "").strip(" [(")
        if not text and len(parent) == 1:
            parent.text = None
            link.tail = None
            parent.attrib.clear()
        parent.set(ID, f"fnref:{number}")


def _clean(note: HtmlElement, backs: set[str], words: str) -> None:
    """Take out of a note what leads back to the text, and the number before it."""
    for element in [each for each in elements(note) if _BACK & classes(each) and each is not note]:
        remove(element)
    for link in list(note.iter("a")):
        leads = unquote(link.get("href") or "") in backs or "backlink" in link.get("role", "")
        if leads or (
            (link.get("href") or "").startswith("#") and _ARROWS.fullmatch(link.text_content()) and link.text_content()
        ):
            remove(link)
    for element, attribute, text in _texts(note):
        begins = _BEGINS.match(text)
        if not text.strip() or begins is None:
            continue
        if begins["words"] in {"", words}:
            setattr(element, attribute, text[begins.end() :])
        if begins.end() < len(text) or begins["words"]:
            break


def _texts(note: HtmlElement) -> Iterable[tuple[HtmlElement, str, str]]:
    """The pieces of text in a note, in order, with where each is kept."""
    for element in list(elements(note))[:20]:
        if element.text:
            yield element, "text", element.text
        if element is not note and element.tail:
            yield element, "tail", element.tail


def _write_note(note: HtmlElement, number: int) -> None:
    parent = note.getparent()
    if parent is None:
        return
    if note.tag == "li" and parent.tag in {"ol", "ul"}:
        note.attrib.clear()
        note.set(ID, f"fn:{number}")
        around = parent.getparent()
        if around is not None and around.get(CLASS) != "footnote":
            _wrap(parent)
        return
    item = LI(**{ID: f"fn:{number}"})
    box = DIV(OL(item), **{CLASS: "footnote"})
    parent.replace(note, box)
    box.tail, note.tail = note.tail, None
    note.attrib.pop("id", None)
    if note.tag in {"dd", "dl", "footer"}:
        note.tag = "div"
    item.append(note)


def _wrap(element: HtmlElement) -> None:
    parent = element.getparent()
    assert parent is not None
    box = DIV(**{CLASS: "footnote"})
    parent.replace(element, box)
    box.tail, element.tail = element.tail, None
    box.append(element)
