"""How list items, notes, numbered headings and lines of a table of contents begin."""

from __future__ import annotations

import re
from typing import NamedTuple

_BULLET = re.compile(r"(?P<sign>[•◦▪■□●○‣⁃➢❖✓✔◻❑·∙►▶▸◆◇–—*\-])\s+(?=\S)")
_NUMBERED = re.compile(r"\(?(?P<number>\d{1,3})[.)]\s+(?=\S)")
_LETTERED = re.compile(r"(?:\((?:[a-z]|[ivx]{1,5})\)|(?:[a-z]|[ivx]{1,5})\))\s+(?=\S)")
_ENUMERATED = re.compile(
    r"(?:(?:chapter|part|section|annex|appendix|article|kapitel|teil|anhang|chapitre|partie|annexe|глава|часть|раздел|"
    r"приложение|тарау|бөлім)\s+(?P<named>\d{1,2}|[A-Z]|[IVX]{1,6})\b"
    # A letter or Roman numeral alone may be a word: "A plan", "I think".
    r"|(?P<number>\d{1,2}(?:\.\d{1,3}){0,4}|[A-Z](?:\.\d{1,3}){1,4}|(?:[A-Z]|[IVX]{1,6})(?=[.:)]))"
    r"[.:)]?\s+(?=[^\W\d_]))",
    re.IGNORECASE,
)
_LEADER = re.compile(r"(?:\s*[.·…_]){4,}\s*(?P<page>[\divxlcIVXLC]{0,7})$")
_NOTE = re.compile(r"(?P<label>\d{1,3}|[*†‡§¶]{1,3}|[a-z])(?P<after>[.)]?\s*)(?=\S)")
_SAID = re.compile(r"\d*(?:[.–-]\d+)*[a-z]?,?\s+[^\W\d_A-ZА-ЯЁ]")
"""After the first sign of a figure's number: a sentence that goes on about the figure ("Figure 2 shows …")."""
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|box|chart|map|graph|source|note|abbildung|tabelle|tableau|рис(?:унок|\.)|таблица|сурет|"
    r"кесте)\b\.?\s*(?:[A-Z]?\d|[IVX]+\b|:)|[图圖図表]\s*\d",
    re.IGNORECASE,
)


class Bullet(NamedTuple):
    """The sign or number that begins an item; `length` of characters with the space behind."""

    length: int
    number: int
    """0 for a sign."""
    dash: bool
    """A dash or an asterisk, which begins a line of prose as well."""


def bullet(text: str) -> Bullet | None:
    """The bullet that `text` begins with, if any."""
    found = _BULLET.match(text)
    if found:
        return Bullet(found.end(), 0, dash=found["sign"] in "–—*-·")
    found = _NUMBERED.match(text)
    if found and int(found["number"]) > 0:
        return Bullet(found.end(), int(found["number"]), dash=False)
    return None


def is_lettered(text: str) -> bool:
    """Whether `text` begins with a letter or small Roman number in brackets."""
    return _LETTERED.match(text) is not None


def depth(text: str) -> int:
    """How deep a heading's number says that it stands: 1 for "2 Aims", 2 for "2.1 Means"; 0 without a number."""
    found = _ENUMERATED.match(text)
    return (found["number"] or "").count(".") + 1 if found else 0


def leader(text: str) -> tuple[str, str] | None:
    """Title and page of a line of a table of contents, whose dots lead from one to the other."""
    found = _LEADER.search(text)
    if found and found.start() > 1:
        return text[: found.start()].rstrip(), found["page"]
    return None


def note_label(text: str) -> tuple[str, int] | None:
    """The label that a footnote begins with, and how many characters it takes."""
    found = _NOTE.match(text)
    return (found["label"], found.end()) if found else None


def is_caption(text: str) -> bool:
    """Whether `text` names a figure or table: "Figure 2: ..."."""
    found = _CAPTION.match(text)
    return found is not None and not (found[0][-1].isalnum() and _SAID.match(text, found.end()))
