"""What programs write instead of paragraphs and lists, put right in the tree: tables for layout, Word's lists, rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml.html.builder import LI, OL, UL

from margent.formats.pagetree import classes, length, remove

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = (
    *("p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "article", "section", "pre", "figure"),
    *("hr", "dl", "center", "form"),
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-z]|[ivxlc]{1,6}|[A-Z])[.)]{0,2}|\[\d{1,3}\]|[—–•·▪*-]")
_LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
_PLAIN_ROW = 400
"""Letters in a cell from which on it is prose and not a figure."""


def reshape(tree: HtmlElement) -> None:
    """Put right what was written for the eye alone. Headings, lists and tables that say what they are stay."""
    _unwrap_pictures(tree)
    word_lists(tree)
    unfold_tables(tree)


def unfold_tables(tree: HtmlElement) -> None:
    """Make blocks of the cells of tables that only place things on a page, the innermost first."""
    for table in reversed(list(tree.iter("table"))):
        rows = _rows(table)
        if not rows:
            continue
        if _numbers_paragraphs(rows):
            _merge_numbers(rows)
            _unfold(table, rows)
        elif _is_layout(table, rows):
            _unfold(table, rows)


def word_lists(tree: HtmlElement) -> None:
    """Make lists of the paragraphs that Word marks as items only in its own style."""
    paragraphs = [e for e in tree.iter("p", "h1", "h2", "h3", "h4", "h5", "h6") if _LEVEL.search(e.get("style") or "")]
    open_lists: list[HtmlElement] = []
    last: HtmlElement | None = None
    for paragraph in paragraphs:
        found = _LEVEL.search(paragraph.get("style") or "")
        parent = paragraph.getparent()
        if found is None or parent is None or paragraph.tag != "p":
            open_lists, last = [], None
            continue
        level = min(int(found[1]), 9) or 1
        marker = _take_marker(paragraph)
        if last is None or last.getparent() is not parent or _next(last) is not paragraph:
            open_lists = []
        open_lists = open_lists[:level]
        while len(open_lists) < level:
            ordered = bool(re.match(r"\(?[\dA-Za-z]{1,4}[.)]", marker))
            new = OL() if ordered and len(open_lists) == level - 1 else UL()
            if open_lists:
                items = open_lists[-1]
                (items[-1] if len(items) else _item(items)).append(new)
            else:
                parent.insert(parent.index(paragraph), new)
                last = new
            open_lists.append(new)
        item = LI()
        open_lists[-1].append(item)
        paragraph.tail = None
        item.append(paragraph)


def _item(items: HtmlElement) -> HtmlElement:
    item = LI()
    items.append(item)
    return item


def _next(element: HtmlElement) -> HtmlElement | None:
    if (element.tail or "").strip():
        return None
    return element.getnext()


def _take_marker(paragraph: HtmlElement) -> str:
    for span in paragraph.iter("span"):
        if "ignore" in (span.get("style") or "").lower():
            text = str(span.text_content()).strip()
            remove(span)
            return text
    return ""


def _unwrap_pictures(tree: HtmlElement) -> None:
    """A picture of one point, which counts readers or holds a place, shows nothing."""
    for image in list(tree.iter("img")):
        source = (image.get("src") or "").strip()
        tiny = image.get("width") in {"0", "1"} and image.get("height") in {"0", "1"}
        if tiny:
            remove(image)
        elif source.startswith("data:") and len(source) < 200:
            image.attrib.pop("src")


def _rows(table: HtmlElement) -> list[list[HtmlElement]]:
    """The cells of a table by row, those of tables in it left out."""
    rows: list[list[HtmlElement]] = []
    for part in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        for row in [part] if part.tag == "tr" else list(part.iterchildren("tr")):
            cells = list(row.iterchildren("td", "th"))
            if cells:
                rows.append(cells)
    return rows


def _is_layout(table: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    if table.get("role") in {"presentation", "none"}:
        return True
    if classes(table) & {"wikitable", "infobox", "datatable", "data-table"} or table.find("caption") is not None:
        return False
    cells = [cell for row in rows for cell in row]
    filled = [cell for cell in cells if length(cell)]
    if any(cell.tag == "th" and length(cell) for cell in cells) and len(rows) > 1:
        return False
    if max(map(len, rows)) == 1 or len(filled) <= 1:
        return True
    if any(next(cell.iter("table"), None) is not None for cell in cells):
        return True
    return any(_holds_prose(cell) for cell in filled) and len(filled) <= 12


def _holds_prose(cell: HtmlElement) -> bool:
    if length(cell) < _PLAIN_ROW:
        return next(cell.iter(*_HEADINGS), None) is not None
    blocks = list(cell.iter(*_BLOCKS))
    return len(blocks) > 2 or len(list(cell.iter("br"))) > 4


def _numbers_paragraphs(rows: list[list[HtmlElement]]) -> bool:
    """Whether each row is a number or dash and the paragraph it belongs to, as in the acts of the European Union."""
    for row in rows:
        filled = [cell for cell in row if length(cell)]
        if len(filled) != 2 or any(cell.tag == "th" for cell in row):
            return False
        if not _NUMBER.fullmatch(" ".join(filled[0].text_content().split())):
            return False
        if next(filled[0].iter("a"), None) is not None and length(filled[1]) < 2:
            return False
    return any(length(row[-1]) > 60 for row in rows) or (
        len(rows) == 1 and next(rows[0][-1].iter("p"), None) is not None
    )


def _merge_numbers(rows: list[list[HtmlElement]]) -> None:
    for row in rows:
        number, body = (cell for cell in row if length(cell))
        text = " ".join(number.text_content().split())
        place = body
        while len(place) and not (place.text or "").strip() and place[0].tag in {"p", "div", "span"}:
            place = place[0]
        place.text = f"{text} {(place.text or '').lstrip()}"
        remove(number)


def _unfold(table: HtmlElement, rows: list[list[HtmlElement]]) -> None:
    for row in rows:
        for cell in row:
            if cell.getparent() is not None:
                cell.tag = "div"
                for name in ("colspan", "rowspan", "align", "style"):
                    cell.attrib.pop(name, None)
    for part in list(table.iter("tr", "thead", "tbody", "tfoot", "caption")):
        if _belongs(part, table):
            part.tag = "div"
    for part in list(table.iterchildren("colgroup", "col")):
        remove(part)
    table.tag = "div"


def _belongs(part: HtmlElement, table: HtmlElement) -> bool:
    return next((above for above in part.iterancestors("table")), None) is table
