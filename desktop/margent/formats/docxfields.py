"""Word's fields: a code ("HYPERLINK …") and the result that it had when the file was saved, which is what is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from margent.formats.docxparts import attribute, child, is_on

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LINK = re.compile(r'\s*HYPERLINK\s+(?:(\\l)\s+)?(?:"([^"]*)"|([^\\\s]\S*))(?:\s+\\l\s+"([^"]*)")?', re.IGNORECASE)
_LEFT_OUT = re.compile(r"\s*(?:TOC|RD|XE|TC|TA)\b", re.IGNORECASE)
_CHECKBOX = re.compile(r"\s*FORMCHECKBOX\b", re.IGNORECASE)


@dataclass(slots=True)
class _Field:
    code: str = ""
    in_code: bool = True
    left_out: bool = False
    link: str = ""
    checked: bool = False


class Fields:
    """The fields that are open at a place of the text; they nest, and a table of contents holds whole paragraphs."""

    def __init__(self) -> None:
        self._open: list[_Field] = []
        self._checkbox = ""

    @property
    def silent(self) -> bool:
        """Whether text here is a field's code, or the result of one that is left out: contents."""
        return any(each.in_code or each.left_out for each in self._open)

    @property
    def link(self) -> str:
        """Where the innermost link leads, or ""."""
        return next((each.link for each in reversed(self._open) if each.link), "")

    def begin(self, code: str) -> None:
        """A field whose code is known from the start."""
        self._open.append(_Field(code))
        self._separate()

    def end(self) -> None:
        """The innermost field is complete."""
        if self._open:
            done = self._open.pop()
            if _CHECKBOX.match(done.code):
                self._checkbox = "☒" if done.checked else "☐"

    def see(self, name: str, element: Element) -> None:
        """Take a `w:fldChar` or a `w:instrText`."""
        if name == "w:instrText":
            if self._open and self._open[-1].in_code:
                self._open[-1].code += element.text or ""
            return
        match attribute(element, "w:fldCharType"):
            case "begin":
                box = child(element, "w:ffData", "w:checkBox")
                state = child(box, "w:checked")
                self._open.append(_Field(checked=is_on(state if state is not None else child(box, "w:default"))))
            case "separate":
                self._separate()
            case "end":
                self.end()

    def take_checkbox(self) -> str:
        """The sign of a box that was just completed, or ""."""
        sign, self._checkbox = self._checkbox, ""
        return sign

    def _separate(self) -> None:
        if not self._open:
            return
        present = self._open[-1]
        present.in_code = False
        present.left_out = _LEFT_OUT.match(present.code) is not None
        present.link = link_of(present.code)


def link_of(code: str) -> str:
    """Where a field with this code leads: an address, "#b-" and a bookmark's name, or ""."""
    found = _LINK.match(code)
    if found is None:
        return ""
    inside, quoted, bare, place = found.groups()
    target = quoted if quoted is not None else bare
    if inside:
        return f"#b-{target}"
    return f"{target}#{place}" if place else target
