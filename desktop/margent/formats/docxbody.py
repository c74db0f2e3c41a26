"""The text of a Word document made plain, so that mammoth can turn it into HTML without losing any of it.

Word writes a text down with everything that ever happened to it: changes that were tracked, fields with their codes,
two versions of each drawing, controls around words. Here it is read as Word shows it and written down again with
what Margent keeps: paragraphs of a few known styles, runs, tables, links, pictures, and bookmarks where comments begin
and end. Contents are left out, for the reader's own come from the headings.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from margent.errors import MargentError
from margent.formats.docxfields import Fields
from margent.formats.docxlabels import roman
from margent.formats.docxmath import formula
from margent.formats.docxparts import attribute, child, is_on, short, value
from margent.formats.docxstyles import Look, whole
from margent.formats.titles import title_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from margent.formats.docxparts import Package, Relation
    from margent.formats.docxstyles import Numbering, Styles

PLACE = "margent-c"
"""How the names of bookmarks at comments begin: then "s" for a start, "e" for an end, "r" for a reference, and the
comment's index in `Notes.comments`."""
ITEM = "margent-n-"
"""How the name of the bookmark at the beginning of a numbered item begins; its number follows."""
ANCHOR = "b-"
"""What the document's own bookmarks are prefixed with, so that none can look like one of these."""

_DEEPEST = 60
"""Tables, text boxes and controls in one another beyond which a text is refused: no program writes so."""
_DEEPEST_TABLE = 8
"""Tables in tables beyond which the cells become paragraphs."""
_LONGEST_HEADING = 300
"""Characters beyond which a heading is a paragraph that only borrowed a heading's numbering."""
_LONGEST_BOLD = 120
"""Characters beyond which a bold paragraph is emphasis and no heading."""
_LONGEST_SIGN = 3
_WIDEST = 256
_THROUGH = frozenset(
    {"w:smartTag", "w:customXml", "w:dir", "w:bdo", "w:sdtContent", "w:moveTo", "w:ins", "w:fldSimple", "w:hyperlink"}
)
_NOTES = frozenset({"w:footnoteReference", "w:endnoteReference"})
_PLAIN = Look()
_WEB = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)


@dataclass
class Notes:
    """What all parts of a document share while they are made plain."""

    comments: dict[str, int] = field(default_factory=dict)
    """The index of each comment that the document has, by its id."""
    footnotes: frozenset[str] = frozenset()
    endnotes: frozenset[str] = frozenset()
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    """Of those that carry a sign of their writer's ("*") instead of a number: the sign, with which they begin."""
    """The label of each note that is referred to, by kind ("foot", "end") and id, in the order of references."""
    headed: bool = True
    """Whether any paragraph has a style of headings or titles; where none has, bold lines are taken for headings."""
    began: bool = False
    """Whether words have been met yet."""
    titled: bool = False
    """Whether the document has a title on its page; headings then stand below it."""
    anchors: frozenset[str] = frozenset()
    """Names of bookmarks that links lead to."""
    tracked: Counter[str] = field(default_factory=Counter)
    """How many insertions, deletions and moves were tracked, hidden words and parts that are not shown."""
    languages: Counter[str] = field(default_factory=Counter)
    """How many characters are marked as each language."""


class _Item(NamedTuple):
    """What a paragraph is by its numbering."""

    style: str
    """The style of a list's items at its depth, of what goes on in one, or of a paragraph that has its label."""
    number: str
    """The bookmark with its number, of an item that has one; "" for others."""
    label: str
    """What Word shows before it, with the space behind."""
    counted: bool


class Line:
    """One paragraph while it is collected."""

    def __init__(self) -> None:
        self.pieces: list[tuple[Look | None, str, str]] = []
        """Look (None for what is no text), link, and XML."""
        self.after: list[str] = []
        """Blocks that stand in the paragraph but are shown after it: text boxes."""
        self.words: list[str] = []
        """Its text as it stands, to judge it by."""
        self.marked = False
        """Whether a comment begins or ends in it."""

    @property
    def length(self) -> int:
        """Characters of text."""
        return sum(map(len, self.words))

    @property
    def is_bold(self) -> bool:
        """Whether all of its words are bold."""
        looks = [look for look, _, xml in self.pieces if look is not None and xml.startswith("<w:t ")]
        return bool(looks) and all(look.strong for look in looks)

    def bookmark(self, name: str) -> None:
        """Put a bookmark here."""
        self.pieces.append((None, "", f'<w:bookmarkStart w:id="0" w:name={quoteattr(name)}/>'))

    def text(self, look: Look, link: str, text: str) -> None:
        """Put text at the end."""
        self.pieces.append((look, link, f'<w:t xml:space="preserve">{escape(text)}</w:t>'))
        self.words.append(text)

    def label(self, text: str) -> None:
        """Put the number that Word shows before the paragraph at its beginning."""
        if text:
            self.pieces.insert(0, (_PLAIN, "", f'<w:t xml:space="preserve">{escape(text)}</w:t>'))

    def put(self, look: Look, link: str, xml: str) -> None:
        """Put something that stands in a run at the end."""
        self.pieces.append((look, link, xml))

    def runs(self, *, heading: bool) -> str:
        """The paragraph's content; in a heading bold says nothing."""
        out: list[str] = []
        present: tuple[Look | None, str] | None = None
        end = ""
        for look, link, xml in self.pieces:
            if look is not None and heading:
                look = look._replace(strong=False)  # noqa: PLW2901 - the loop's own copy
            if look is None or (look, link) != present:
                out.append(end)
                begin, end = ("", "") if look is None else _run(look, link)
                present = (look, link)
                out.append(begin)
            out.append(xml)
        return "".join([*out, end])


class Body:
    """One part of a document with text: the document itself, or its footnotes, or its endnotes."""

    def __init__(self, package: Package, path: str, styles: Styles, numbering: Numbering, notes: Notes) -> None:
        self.links: set[str] = set()
        """The addresses that links lead to; each is the id of its own relation."""
        self.pictures: dict[str, str] = {}
        """Ids of the paths of pictures in the package."""
        self._package = package
        self._prefix = "".join(filter(str.isalnum, path))
        self._relations: Mapping[str, Relation] = package.relations_of(path)
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._fields = Fields()
        self._style = ""
        self._linked = ""
        self._pending: list[str] = []
        """Names of bookmarks that stand between paragraphs, for the next one."""
        self._carried: Line | None = None
        """A paragraph whose end was deleted: it goes on in the next."""
        self._change = ("", "")
        """The kind and author of the tracked change that was met last, as long as no other words came after it."""
        self._inserting = 0
        self._listed = 0
        """How deep the item of a list is that the paragraph before stands in; 0 outside lists."""
        self._out: list[str] = []
        self._depth = 0
        self._tables = 0

    def plain(self, element: Element) -> list[str]:
        """The blocks in `element`, each a whole `w:p` or `w:tbl` of the kind described above."""
        self._out = []
        self._blocks(element)
        if self._pending or self._carried is not None:
            self._end(self._begin(), None)
        out, self._out = self._out, []
        return out

    # -- blocks ---------------------------------------------------------------------------------------------------

    def _blocks(self, element: Element) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MargentError(
                f"{self._package.name} nests tables and boxes deeper than any document does: ask for another copy."
            )
        for each in element:
            self._block(each)
        self._depth -= 1

    def _block(self, each: Element) -> None:
        match short(each.tag):
            case "w:p":
                self._paragraph(each)
            case "w:tbl":
                self._table(each)
            case "w:sdt":
                self._control(each)
            case "mc:AlternateContent":
                self._blocks(_chosen(each))
            case "w:del" | "w:moveFrom":
                self._note_change("deletion" if short(each.tag) == "w:del" else "", each)
            case "m:oMathPara" | "m:oMath":
                line = self._begin()
                self._formula(each, line)
                self._end(line, None)
            case "w:altChunk" | "w:subDoc":
                self._notes.tracked["part"] += 1
            case name if name in _THROUGH:
                self._blocks(each)
            case name:
                self._pending += self._places(name, each)

    def _control(self, element: Element) -> None:
        content = child(element, "w:sdtContent")
        gallery = value(element, "w:sdtPr", "w:docPartObj", "w:docPartGallery").lower()
        if content is not None and gallery not in {"table of contents", "table of figures"}:
            self._blocks(content)

    def _paragraph(self, element: Element) -> None:
        line = self._begin()
        properties = child(element, "w:pPr")
        self._style = value(properties, "w:pStyle")
        self._inline(element, line)
        mark = child(properties, "w:rPr")
        if child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None:
            self._carried = line
            return
        self._end(line, properties)

    def _begin(self) -> Line:
        line, self._carried = self._carried or Line(), None
        for name in self._pending:
            line.bookmark(name)
            line.marked = line.marked or name.startswith(PLACE)
        self._pending = []
        return line

    def _end(self, line: Line, properties: Element | None) -> None:
        """Write a paragraph down, of the style that says what it is."""
        style = value(properties, "w:pStyle")
        role, level = self._styles.role(style)
        outline = whole(value(properties, "w:outlineLvl"))
        if outline is not None and outline < 9 and role == "":
            role, level = "heading", outline + 1
        if not self._notes.headed and role == "" and not self._tables and self._is_set_apart(line, properties):
            role, level = "heading", 1 + self._notes.began
        self._notes.began = self._notes.began or line.length > 0
        is_heading = role in {"heading", "title"} and line.length <= _LONGEST_HEADING
        name, number = "MgP", ""
        item = self._item(properties, style)
        if role == "contents":
            line.pieces = [piece for piece in line.pieces if piece[0] is None]
        elif is_heading:
            name = "MgTitle" if role == "title" else f"MgH{min(level + self._notes.titled, 6)}"
            if item is not None and line.length:
                line.label(item.label)
        elif role == "code" and not line.marked:
            name = "MgCode"
        elif item is not None and (line.length or line.after):
            name, number = item.style, item.number
            if not number and item.counted and line.length:
                line.label(item.label)
        elif role == "quotation":
            name = "MgQuote"
        if line.length or line.after:
            self._listed = _depth_of(name)
        runs = line.runs(heading=is_heading)
        if runs:
            self._out.append(f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr>{number}{runs}</w:p>')
        self._out += line.after

    def _is_set_apart(self, line: Line, properties: Element | None) -> bool:
        """Whether a paragraph is a heading that was only made bold, as in documents without heading styles."""
        text = "".join(line.words).strip()
        if not line.is_bold or not title_line(text) or len(text) > _LONGEST_BOLD or line.after:
            return False
        own = child(properties, "w:numPr")
        number = value(own, "w:numId") or self._styles.numbering(value(properties, "w:pStyle"))[0]
        return number in {"", "0"}

    def _item(self, properties: Element | None, style: str) -> _Item | None:
        """What the numbering says of a paragraph, which is counted by that, as Word counts empty ones too."""
        own = child(properties, "w:numPr")
        inherited = self._styles.numbering(style)
        number = value(own, "w:numId") or inherited[0]
        level = value(own, "w:ilvl") or inherited[1]
        found = self._numbering.find(number, level, style)
        if found is None:
            return None
        key, index, what = found
        depth = self._numbering.depth(key, index)
        if what.form == "bullet":
            return _Item(f"Mg{'C' if what.blank else 'U'}{depth}", "", "", counted=False)
        count = self._numbering.count(key, index, what)
        label = self._numbering.label(key, index, what)
        if self._numbering.is_listed(index, what):
            return _Item(f"MgO{depth}", f'<w:bookmarkStart w:id="0" w:name="{ITEM}{count}"/>', label, counted=True)
        # "(a)" and "1.1" are words that others refer by; inside an item of a list they stand under it.
        inside = min(self._listed, depth - 1)
        return _Item(f"MgC{inside}" if inside else "MgP", "", label, counted=True)

    # -- tables ---------------------------------------------------------------------------------------------------

    def _table(self, element: Element) -> None:
        rows = [row for row in _through(element, "w:tr") if not self._deleted(row)]
        cells = [[cell for cell in _through(row, "w:tc") if not _has(cell, "w:tcPr", "w:cellDel")] for row in rows]
        if max(map(len, cells), default=0) <= 1 or self._tables >= _DEEPEST_TABLE:
            # A table of one column is a box around prose.
            for cell in (cell for row in cells for cell in row):
                self._blocks(cell)
            return
        headings = _heading_rows(element, rows, cells, self._styles)
        outer, self._out = self._out, []
        self._tables += 1
        for index, row in enumerate(rows):
            head = "<w:trPr><w:tblHeader/></w:trPr>" if index < headings else ""
            self._out.append(f"<w:tr>{head}")
            before = whole(value(row, "w:trPr", "w:gridBefore")) or 0
            if before:
                self._out.append(f'<w:tc><w:tcPr><w:gridSpan w:val="{min(before, _WIDEST)}"/></w:tcPr><w:p/></w:tc>')
            for cell in cells[index]:
                self._cell(cell)
            self._out.append("</w:tr>")
        self._tables -= 1
        inner, self._out = self._out, outer
        self._out.append(f"<w:tbl>{''.join(inner)}</w:tbl>")

    def _cell(self, element: Element) -> None:
        properties = child(element, "w:tcPr")
        across = min(whole(value(properties, "w:gridSpan")) or 1, _WIDEST)
        merge = child(properties, "w:vMerge")
        self._out.append("<w:tc><w:tcPr>")
        if across > 1:
            self._out.append(f'<w:gridSpan w:val="{across}"/>')
        if merge is not None:
            self._out.append(
                f'<w:vMerge w:val="{"restart" if attribute(merge, "w:val") == "restart" else "continue"}"/>'
            )
        self._out.append("</w:tcPr>")
        self._listed = 0
        self._blocks(element)
        self._listed = 0
        self._out.append("</w:tc>")

    def _deleted(self, row: Element) -> bool:
        gone = _has(row, "w:trPr", "w:del")
        if gone:
            self._note_change("deletion", row)
        return gone

    # -- inline ---------------------------------------------------------------------------------------------------

    def _inline(self, element: Element, line: Line) -> None:
        self._depth += 1
        if self._depth > 3 * _DEEPEST:
            raise MargentError(
                f"{self._package.name} nests its words deeper than any document does: ask for another copy."
            )
        for each in element:
            self._piece(each, line)
        self._depth -= 1

    def _piece(self, each: Element, line: Line) -> None:
        name = short(each.tag)
        match name:
            case "w:r":
                self._run(each, line)
            case "w:ins" | "w:moveTo":
                self._note_change("insertion" if name == "w:ins" else "move", each)
                self._inserting += 1
                self._inline(each, line)
                self._inserting -= 1
            case "w:del" | "w:moveFrom":
                self._note_change("deletion" if name == "w:del" else "", each)
            case "w:hyperlink":
                outer, self._linked = self._linked, self._address(each)
                self._inline(each, line)
                self._linked = outer
            case "w:fldSimple":
                self._fields.begin(attribute(each, "w:instr"))
                self._inline(each, line)
                self._fields.end()
            case "w:sdt":
                content = child(each, "w:sdtContent")
                if content is not None:
                    self._inline(content, line)
            case "m:oMath" | "m:oMathPara":
                self._formula(each, line)
            case "mc:AlternateContent":
                self._inline(_chosen(each), line)
            case "w:p" | "w:tbl":
                # Malformed, but some converters write a paragraph in a paragraph's control.
                self._apart(each, line, wrap=True)
            case _ if name in _THROUGH:
                self._inline(each, line)
            case _:
                for place in self._places(name, each):
                    line.bookmark(place)
                    line.marked = line.marked or place.startswith(PLACE)

    def _places(self, name: str, element: Element) -> list[str]:
        """The bookmarks for an element that marks a place: the edge of a comment, or where a link leads to."""
        index = self._notes.comments.get(attribute(element, "w:id"))
        match name:
            case "w:commentRangeStart" if index is not None:
                return [f"{PLACE}s-{index}"]
            case "w:commentRangeEnd" if index is not None:
                return [f"{PLACE}e-{index}"]
            case "w:commentReference" if index is not None:
                return [f"{PLACE}r-{index}"]
            case "w:bookmarkStart" if attribute(element, "w:name") in self._notes.anchors:
                return [f"{ANCHOR}{attribute(element, 'w:name')}"]
        return []

    def _run(self, element: Element, line: Line) -> None:
        look = self._styles.look(child(element, "w:rPr"), self._style)
        for each in element:
            name = short(each.tag)
            if name in {"w:fldChar", "w:instrText"}:
                self._fields.see(name, each)
                checkbox = self._fields.take_checkbox()
                if checkbox:
                    line.text(look, "", checkbox)
            elif name == "w:commentReference":
                for place in self._places(name, each):
                    line.bookmark(place)
                    line.marked = True
            elif name in _NOTES and _sign_after(element, each):
                # The rest of the run is the sign.
                self._note(name, each, line, _sign_after(element, each))
                return
            elif look.hidden:
                self._notes.tracked["hidden"] += len((each.text or "").split()) if name == "w:t" else 0
            elif not self._fields.silent:
                self._in_run(name, each, look, line)

    def _in_run(self, name: str, each: Element, look: Look, line: Line) -> None:
        link = self._link()
        match name:
            case "w:t":
                self._words(each.text or "", look, link, line)
            case "w:tab" | "w:ptab":
                line.text(look, link, "\t")
            case "w:br" if attribute(each, "w:type") in {"page", "column"}:
                line.text(look, link, " ")
            case "w:br" | "w:cr":
                line.put(look, link, "<w:br/>")
            case "w:noBreakHyphen":
                line.text(look, link, "\u2011")
            case "w:softHyphen":
                line.text(look, link, "\u00ad")
            case "w:sym":
                self._symbol(attribute(each, "w:font"), attribute(each, "w:char"), look, link, line)
            case "w:footnoteReference" | "w:endnoteReference":
                self._note(name, each, line)
            case "w:ruby":
                self._ruby(each, line)
            case "w:drawing" | "w:pict" | "w:object":
                self._drawing(each, line)
            case "mc:AlternateContent":
                for inner in _chosen(each):
                    self._in_run(short(inner.tag), inner, look, line)

    def _words(self, text: str, look: Look, link: str, line: Line) -> None:
        if not text:
            return
        if not self._inserting:
            self._change = ("", "")
        self._notes.languages[look.language_leftwards if look.leftwards else look.language] += len(text)
        if look.font.startswith(("Symbol", "Wingdings", "Webdings")) and any("\uf000" <= c <= "\uf0ff" for c in text):
            for character in text:
                self._symbol(look.font, f"{ord(character):04X}", look, link, line)
            return
        line.text(look, link, text)

    def _symbol(self, font: str, code: str, look: Look, link: str, line: Line) -> None:
        """A sign of a picture font, which mammoth knows the meaning of; any other font's is a character."""
        if not code or len(code) > 6 or any(c not in "0123456789abcdefABCDEF" for c in code):
            return
        number = int(code, 16)
        if not font.startswith(("Symbol", "Wingdings", "Webdings")) or (number < 0xF000 and number > 0xFF):
            character = chr(number) if 31 < number < 0xD800 or 0xF900 <= number < 0xFFFE else ""
            line.text(look, link, character)
            return
        line.put(look, link, f'<w:sym w:font={quoteattr(font)} w:char="{code.upper()}"/>')
        line.words.append(" ")

    def _note(self, name: str, element: Element, line: Line, sign: str = "") -> None:
        """A reference to a note, with the number it has in the document; a second one to the same note is left out.

        One with a `sign` of its own is not counted; where another has the same, the sign is doubled.
        """
        kind, key = ("foot" if name == "w:footnoteReference" else "end"), attribute(element, "w:id")
        known = self._notes.footnotes if kind == "foot" else self._notes.endnotes
        labels = self._notes.labels
        if key not in known or (kind, key) in labels:
            return
        marks = self._notes.marks
        if sign:
            taken = set(labels.values())
            marks[kind, key] = sign
            labels[kind, key] = next(sign * times for times in range(1, len(taken) + 2) if sign * times not in taken)
        else:
            count = 1 + sum(other[0] == kind and other not in marks for other in labels)
            labels[kind, key] = str(count) if kind == "foot" or not self._notes.footnotes else roman(count)
        line.put(_PLAIN, "", f'<w:footnoteReference w:id="{labels[kind, key]}"/>')

    def _ruby(self, element: Element, line: Line) -> None:
        """Words with their reading above: the reading follows in brackets."""
        base, reading = child(element, "w:rubyBase"), child(element, "w:rt")
        if base is not None:
            self._inline(base, line)
        if reading is not None and any(text.text for text in reading.iter() if short(text.tag) == "w:t"):
            line.text(_PLAIN, "", "(")
            self._inline(reading, line)
            line.text(_PLAIN, "", ")")

    def _formula(self, element: Element, line: Line) -> None:
        if self._fields.silent:
            return
        for text, position in formula(element):
            line.text(_PLAIN._replace(position=position), "", text)

    # -- drawings -------------------------------------------------------------------------------------------------

    def _drawing(self, element: Element, line: Line) -> None:
        """Pictures where they stand, and the words in boxes after the paragraph."""
        pictures, boxes, diagrams = _parts_of_drawing(element)
        description = _description(element)
        for key in pictures:
            relation = self._relations.get(key)
            path = relation.target if relation is not None and not relation.external else ""
            self._picture(path or (relation.target if relation is not None else ""), description, line)
        for box in boxes:
            self._apart(box, line)
        for key in diagrams:
            relation = self._relations.get(key)
            self._diagram(relation.target if relation is not None and not relation.external else "", line)
        if not pictures and not boxes and not diagrams:
            if any(short(each.tag) == "?:chart" or short(each.tag).endswith(":chart") for each in element.iter()):
                self._notes.tracked["chart"] += 1
            if description:
                self._picture("", description, line)

    def _picture(self, path: str, description: str, line: Line) -> None:
        key = self.pictures.setdefault(path, f"{self._prefix}{len(self.pictures)}")
        line.put(
            _PLAIN._replace(position=""),
            self._link(),
            f"<w:drawing><wp:inline><wp:docPr descr={quoteattr(description)}/><a:graphic><a:graphicData><pic:pic>"
            f'<pic:blipFill><a:blip r:embed="{key}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
            f"</wp:inline></w:drawing>",
        )

    def _apart(self, element: Element, line: Line, *, wrap: bool = False) -> None:
        """Blocks that stand in a paragraph; a field or link around it does not reach into them."""
        outer = self._out, self._fields, self._linked, self._carried, self._style
        self._out, self._fields, self._linked, self._carried = [], Fields(), "", None
        if wrap:
            self._block(element)
        else:
            self._blocks(element)
        line.after += self._out
        self._out, self._fields, self._linked, self._carried, self._style = outer

    def _diagram(self, path: str, line: Line) -> None:
        """The words of a diagram, each of its shapes an item."""
        root = self._package.optional(path)
        for paragraph in root.iter() if root is not None else ():
            if short(paragraph.tag) == "a:p":
                words = "".join(each.text or "" for each in paragraph.iter() if short(each.tag) == "a:t")
                if words.strip():
                    shape = Line()
                    shape.text(_PLAIN, "", words)
                    line.after.append(f'<w:p><w:pPr><w:pStyle w:val="MgU1"/></w:pPr>{shape.runs(heading=False)}</w:p>')

    # -- links and changes ----------------------------------------------------------------------------------------

    def _link(self) -> str:
        """Where text here leads: a web or mail address, "#" and the name of a bookmark, or ""."""
        link = self._linked or self._fields.link
        if not link or link.startswith("#"):
            return link
        if not _WEB.match(link):
            return ""
        self.links.add(link)
        return link

    def _address(self, element: Element) -> str:
        """Where a link leads: an address, "#" and a bookmark's name, or ""."""
        relation = self._relations.get(attribute(element, "r:id"))
        anchor = attribute(element, "w:anchor")
        if relation is None:
            return f"#{ANCHOR}{anchor}" if anchor in self._notes.anchors else ""
        if not relation.external:
            return ""
        return f"{relation.target.partition('#')[0]}#{anchor}" if anchor else relation.target

    def _note_change(self, what: str, element: Element) -> None:
        """Count a tracked change; Word writes one that has several runs down as several."""
        if what and any(short(each.tag) in {"w:t", "w:delText", "w:drawing", "m:t"} for each in element.iter()):
            change = (what, attribute(element, "w:author"))
            if change != self._change:
                self._notes.tracked[what] += 1
            self._change = change


def _depth_of(style: str) -> int:
    """How deep in lists a paragraph of one of the styles for mammoth stands."""
    deep = style[3:] if style[2:3] in "UOC" else ""
    return int(deep) if deep.isdigit() else 0


def _run(look: Look, link: str) -> tuple[str, str]:
    """The beginning and end of a run."""
    properties = (
        "<w:b/>" * look.strong
        + "<w:i/>" * look.emphasis
        + "<w:strike/>" * look.strike
        + '<w:u w:val="single"/>' * (look.underline and not link)
        + '<w:highlight w:val="yellow"/>' * look.highlight
        + (f'<w:vertAlign w:val="{look.position}"/>' if look.position else "")
    )
    begin = f"<w:r><w:rPr>{properties}</w:rPr>" if properties else "<w:r>"
    if not link:
        return begin, "</w:r>"
    if link.startswith("#"):
        return f"<w:hyperlink w:anchor={quoteattr(link[1:])}>{begin}", "</w:r></w:hyperlink>"
    return f"<w:hyperlink r:id={quoteattr(link)}>{begin}", "</w:r></w:hyperlink>"


def _chosen(element: Element) -> Element:
    """Of an alternative the part for newer programs, where it holds anything that is kept, else the other one."""
    choice, fallback = child(element, "mc:Choice"), child(element, "mc:Fallback")
    if choice is not None and (fallback is None or any(short(each.tag) in _KEPT for each in choice.iter())):
        return choice
    return fallback if fallback is not None else element


def _sign_after(run: Element, reference: Element) -> str:
    """The sign ("*", "†") that a reference to a note says is in its place; "" where Word counts, or for a letter."""
    if attribute(reference, "w:customMarkFollows") not in {"1", "true", "on"}:
        return ""
    sign = "".join(each.text or "" for each in run if short(each.tag) == "w:t").strip()
    return sign if 0 < len(sign) <= _LONGEST_SIGN and not any(map(str.isalnum, sign)) else ""


_KEPT = frozenset({"a:blip", "w:t", "w:txbxContent", "dgm:relIds", "m:t", "w:sym", "w:p"})


def _through(element: Element, wanted: str) -> list[Element]:
    """The rows of a table or the cells of a row, also those in controls and tracked changes."""
    found: list[Element] = []
    for each in element:
        name = short(each.tag)
        if name == wanted:
            found.append(each)
        elif name in _THROUGH or name == "w:sdt":
            found += _through(each, wanted)
    return found


def _has(element: Element, *names: str) -> bool:
    return child(element, *names) is not None


def _heading_rows(element: Element, rows: list[Element], cells: list[list[Element]], styles: Styles) -> int:
    """How many rows at the top are the table's heading: those that say so, or a first one that is set apart."""
    said = 0
    while said < len(rows) and is_on(child(rows[said], "w:trPr", "w:tblHeader")):
        said += 1
    if said or len(rows) < 2:
        return min(said, 1)
    options = child(element, "w:tblPr", "w:tblLook")
    bits = attribute(options, "w:val")
    flagged = attribute(options, "w:firstRow") in {"1", "true"} or (
        bool(bits) and all(c in "0123456789abcdefABCDEF" for c in bits[:8]) and bool(int(bits[:8], 16) & 0x20)
    )
    if flagged and styles.first_row(value(element, "w:tblPr", "w:tblStyle")):
        return 1
    return int(_is_bold(cells[0]) and not _is_bold(cells[1]))


def _is_bold(cells: list[Element]) -> bool:
    """Whether every word in the cells is bold, and there are some."""
    runs = [run for cell in cells for run in cell.iter() if short(run.tag) == "w:r"]
    worded = [run for run in runs if any(short(each.tag) == "w:t" and (each.text or "").strip() for each in run)]
    return bool(worded) and all(is_on(child(run, "w:rPr", "w:b")) for run in worded)


def _parts_of_drawing(element: Element) -> tuple[list[str], list[Element], list[str]]:
    """Ids of the pictures, the text boxes and the ids of diagrams in a drawing, without those inside a text box."""
    pictures: list[str] = []
    boxes: list[Element] = []
    diagrams: list[str] = []
    waiting = list(element)[::-1]
    while waiting:
        each = waiting.pop()
        match short(each.tag):
            case "w:txbxContent":
                boxes.append(each)
                continue
            case "mc:AlternateContent":
                waiting.append(_chosen(each))
                continue
            case "a:blip":
                pictures.append(attribute(each, "r:embed") or attribute(each, "r:link"))
            case "v:imagedata":
                pictures.append(attribute(each, "r:id"))
            case "dgm:relIds":
                diagrams.append(attribute(each, "r:dm"))
        waiting += list(each)[::-1]
    return pictures, boxes, diagrams


def _description(element: Element) -> str:
    """What stands for a picture where it cannot be seen."""
    for each in element.iter():
        if short(each.tag) == "wp:docPr":
            return attribute(each, "wp:descr") or attribute(each, "wp:title")
        if short(each.tag) in {"v:shape", "v:imagedata"}:
            found = attribute(each, "v:alt") or attribute(each, "o:title")
            if found:
                return found
    return ""
