"""Sanitised HTML into blocks in one pass: the parser calls, a stack remembers what each open tag meant."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from margent.document import Block, MarkKind, canonical
from margent.formats.assembly import Assembly
from margent.formats.inline import Inline
from margent.formats.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from margent.formats.pictures import Pictures
    from margent.formats.places import Places, Point

    Leave = Callable[[], object]

INLINE: Final[Mapping[str, MarkKind]] = {
    "strong": "strong",
    "b": "strong",
    "em": "emphasis",
    "i": "emphasis",
    "cite": "emphasis",
    "dfn": "emphasis",
    "var": "emphasis",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sup": "superscript",
    "sub": "subscript",
    "del": "strike",
    "s": "strike",
    "strike": "strike",
    "ins": "underline",
    "u": "underline",
    "mark": "marked",
}
BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "html"}
    | {"legend", "li", "main", "menu", "nav", "ol", "p", "section", "summary", "ul"}
)
_VOID: Final = frozenset({"br", "hr", "img", "input", "wbr", "col"})
_SEPARATORS: Final = str.maketrans("\u2028\u2029", "\n\n")
_LONGEST_LINK: Final = 4096
_LONGEST_NAME: Final = 200
_LINK: Final = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"(?:language|lang|highlight-source)-([\w+#.-]{1,40})")


class Builder(HTMLParser):
    """Feed it sanitised HTML, then `finish` gives the blocks. It never recurses, however deep the tags nest."""

    def __init__(self, pictures: Pictures, places: Places | None = None) -> None:
        """`places`, when given, learns where the elements it asks for come to stand."""
        super().__init__(convert_charrefs=True)
        self.anchors: dict[str, int] = {}
        """The index of the block in which each id and name of the HTML stands, or that follows it."""
        self._pictures = pictures
        self._places = places
        self._out = Assembly()
        self._open: list[tuple[str, Leave | None]] = []
        """The open tags, each with what is to be done at its end."""
        self._code: list[str] | None = None
        self._code_points: list[tuple[Point, int]] = []
        self._language = ""
        self._table: Table | None = None
        self._cell = Inline(breaks=False)
        self._in_cell = False
        self._skipping = False

    def finish(self) -> list[Block]:
        """The blocks, after everything was fed."""
        while self._open:
            self.handle_endtag(self._open[-1][0])
        self._out.flush()
        return self._out.blocks

    # -- what the parser calls ------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter a tag, or do what a tag without an end says."""
        attributes = {name: value or "" for name, value in attrs}
        if self._places is not None and "id" in attributes:
            edges = self._places.new(attributes["id"])
            if edges is not None:
                self._enter_marked(tag, attributes, edges)
                return
        self._start(tag, attributes)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in _VOID:
            self._open.append((tag, None if self._skipping else self._enter(tag, attributes)))
        elif self._code is not None:
            self._code.append("\n" if tag == "br" else "")
        elif not self._skipping:
            self._void(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag. Sanitised HTML is well formed, so it is the innermost one."""
        if self._open and self._open[-1][0] == tag:
            leave = self._open.pop()[1]
            if leave is not None:
                leave()

    def handle_data(self, data: str) -> None:
        """Take text to where it belongs."""
        if self._skipping:
            return
        if self._code is not None:
            self._code.append(data)
        elif self._table is None:
            self._out.text(data)
        elif self._in_cell:
            self._cell.add(data)

    # -- marked elements ------------------------------------------------------------------------------------------

    def _enter_marked(self, tag: str, attributes: dict[str, str], edges: tuple[Point, Point]) -> None:
        """Enter an element whose edges are wanted: its own text begins after its tag and ends before its end tag."""
        if tag in _VOID:
            self._point(edges[0])
            self._start(tag, attributes)
            self._point(edges[1])
            return
        self._start(tag, attributes)
        self._point(edges[0])
        leave = self._open.pop()[1]

        def settle() -> None:
            self._point(edges[1])
            if leave is not None:
                leave()

        self._open.append((tag, settle))

    def _point(self, point: Point) -> None:
        if self._code is not None:
            self._code_points.append((point, sum(map(len, self._code))))
        elif self._table is None:
            self._out.inline.point(point)
        elif self._in_cell:
            self._cell.point(point)
        else:
            self._table.points([(point, 0)])

    # -- tags -----------------------------------------------------------------------------------------------------

    def _enter(self, tag: str, attributes: dict[str, str]) -> Leave | None:
        """Begin a tag; the answer is what to do at its end."""
        classes = attributes["class"].split() if "class" in attributes else []
        if tag == "rp" or "footnote-backref" in classes or "toc" in classes:
            return self._skip()
        if self._code is not None:
            self._language = self._language or _language(attributes)
            return None
        if tag in INLINE:
            return self._mark(INLINE[tag], attributes)
        if tag == "a":
            return self._link(attributes, classes)
        if tag == "q":
            return self._quoted()
        if self._table is not None:
            return self._enter_in_table(tag, attributes)
        begin = _BEGIN.get(next(filter(_BEGIN.__contains__, (f".{name}" for name in classes)), tag))
        if tag in BLOCKS or begin is not None:
            self._out.flush()
        if tag not in _HEADINGS:
            self._anchor(attributes)
        if begin is not None:
            leave: Leave = getattr(self, f"_begin_{begin}")(tag, attributes)
            return leave
        return self._out.flush if tag in BLOCKS else None

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "br" if self._table is None:
                self._out.line_break()
            case "br":
                self._cell.add(" ")
            case "hr" if self._table is None:
                self._out.rule()
            case "img":
                self._picture(attributes)
            case "input" if attributes.get("type") == "checkbox":
                self._out.box(attributes)

    def _skip(self) -> Leave:
        self._skipping = True

        def leave() -> None:
            self._skipping = False

        return leave

    def _anchor(self, attributes: Mapping[str, str]) -> None:
        for name in (attributes.get("id"), attributes.get("name")):
            if name and len(name) <= _LONGEST_NAME:
                self.anchors.setdefault(name, len(self._out.blocks))

    # -- inline ---------------------------------------------------------------------------------------------------

    @property
    def _inline(self) -> Inline:
        return self._out.inline if self._table is None else self._cell

    def _mark(self, kind: MarkKind, attributes: Mapping[str, str]) -> Leave | None:
        self._anchor(attributes)
        if kind == "superscript" and attributes.get("id", "").startswith("fnref"):
            return None
        inline = self._inline
        inline.open(kind)
        return inline.close

    def _link(self, attributes: Mapping[str, str], classes: list[str]) -> Leave | None:
        self._anchor(attributes)
        address = attributes.get("href", "").strip().replace(" ", "%20")
        inline = self._inline
        if len(address) > _LONGEST_LINK:
            return None
        if "footnote-ref" in classes and address.startswith("#fn:"):
            inline.open("noteref", address.removeprefix("#fn:"))
        elif (address.startswith("#") and len(address) > 1) or _LINK.fullmatch(address):
            inline.open("link", address)
        else:
            return None
        return inline.close

    def _quoted(self) -> Leave:
        self.handle_data("“")
        return lambda: self.handle_data("”")

    def _picture(self, attributes: Mapping[str, str]) -> None:
        description = " ".join(attributes.get("alt", "").split())
        if self._table is None:
            self._out.picture(description, self._pictures.key(attributes.get("src", "")))
        else:
            self._cell.add(description)

    # -- blocks ---------------------------------------------------------------------------------------------------

    def _begin_heading(self, tag: str, attributes: Mapping[str, str]) -> Leave:
        name = attributes.get("id", "")
        self._out.begin_heading(_HEADINGS[tag], name if len(name) <= _LONGEST_NAME else "")
        self._anchor(attributes)
        return self._out.end_heading

    def _begin_quote(self, _tag: str, _attributes: Mapping[str, str]) -> Leave:
        self._out.begin_quote()
        return self._out.end_quote

    def _begin_list(self, tag: str, attributes: Mapping[str, str]) -> Leave:
        start = _whole(attributes.get("start", ""))
        self._out.begin_list(ordered=tag == "ol", start=1 if start is None else start)
        return self._out.end_list

    def _begin_item(self, _tag: str, attributes: Mapping[str, str]) -> Leave:
        name = attributes.get("id", "")
        if name.startswith("fn:") and self._out.begin_note(name.removeprefix("fn:")):
            return self._out.end_note
        self._out.begin_item(_whole(attributes.get("value", "")))
        return self._out.end_item

    def _begin_definition(self, _tag: str, _attributes: Mapping[str, str]) -> Leave:
        self._out.begin_definition()
        return self._out.end_item

    def _begin_term(self, _tag: str, _attributes: Mapping[str, str]) -> Leave:
        """A defined term, or the title of a box: a paragraph in bold."""
        inline = self._inline
        inline.open("strong")

        def leave() -> None:
            self._out.flush()
            inline.close()

        return leave

    def _begin_notes(self, _tag: str, _attributes: Mapping[str, str]) -> Leave:
        self._out.begin_notes()
        return self._out.end_notes

    def _begin_code(self, _tag: str, attributes: Mapping[str, str]) -> Leave:
        self._out.interrupt()
        self._code = []
        self._language = _language(attributes)
        return self._end_code

    def _end_code(self) -> None:
        raw = "".join(self._code or ())
        text = _code(raw).rstrip()
        self._code = None
        if text:
            self._out.add(Block("code", text, target=self._language))
        points, self._code_points = self._code_points, []
        for point, place in points:
            self._out.between(point)
            if text:
                self._out.settle([(point, len(_code(raw[:place])))], len(self._out.blocks) - 1, len(text))

    # -- tables ---------------------------------------------------------------------------------------------------

    def _begin_table(self, _tag: str, _attributes: Mapping[str, str]) -> Leave:
        self._out.interrupt()
        self._table = Table()
        self._cell = Inline(breaks=False)
        self._in_cell = False
        return self._end_table

    def _end_table(self) -> None:
        table, self._table = self._table, None
        assert table is not None
        block = table.block()
        if block is not None:
            self._out.add(block)
        for point, place in table.settled():
            self._out.between(point)
            if block is not None:
                self._out.settle([(point, place)], len(self._out.blocks) - 1, len(block.text))

    def _enter_in_table(self, tag: str, attributes: dict[str, str]) -> Leave | None:
        """Inside a cell every block is a space; a table in a cell becomes its text."""
        table, cell = self._table, self._cell
        assert table is not None
        self._anchor(attributes)
        if self._in_cell:
            if tag not in BLOCKS and tag not in {"td", "th", "tr", "caption", "pre", "table"}:
                return None
            cell.add(" ")
            return lambda: cell.add(" ")
        if tag == "tr":
            table.row()
        if tag not in {"td", "th", "caption"}:
            return None
        self._in_cell = True

        def leave() -> None:
            self._in_cell = False
            text, marks = cell.take()
            if tag != "caption":
                table.points(cell.settled)
                table.cell((text, marks), attributes, heading=tag == "th")
            elif text:
                self._out.emit(text, marks)
                self._out.settle(cell.settled, len(self._out.blocks) - 1, len(text))

        return leave


_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BEGIN: Final[dict[str, str]] = {
    **dict.fromkeys(_HEADINGS, "heading"),
    "blockquote": "quote",
    "ol": "list",
    "ul": "list",
    "menu": "list",
    "li": "item",
    "dd": "definition",
    "dt": "term",
    "summary": "term",
    "pre": "code",
    "table": "table",
    ".footnote": "notes",
    ".footnotes": "notes",
    ".admonition": "quote",
    ".admonition-title": "term",
}
"""What each tag, or class, begins: the method `_begin_…` of the builder."""


def _code(raw: str) -> str:
    return canonical(raw.removeprefix("\n").translate(_SEPARATORS))


def _language(attributes: Mapping[str, str]) -> str:
    found = _LANGUAGE.search(attributes.get("class", ""))
    return found[1] if found else ""


def _whole(text: str) -> int | None:
    """A list's number as its attribute states it, within what a page can show."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None
