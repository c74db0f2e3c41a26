"""From a block to a strip: which face and size, how much room above, where bullets, bars and panels stand.

Sizes follow the size of the text, so that one setting scales all of it. Everything here is done for blocks that are
about to be seen, and for nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from margent.ui.faces import Faces
from margent.ui.inline import Inline, Span
from margent.ui.page import Flow, Shape, Strip, Typography, mirrored, reads_right_to_left
from margent.ui.tables import column_widths

if TYPE_CHECKING:
    from collections.abc import Callable

    from margent.document import Align, Block, Document
    from margent.ui.pictures import Pictures
    from margent.ui.style import Style

LISTING_LINES = 40
"""Lines of a listing that make a strip."""
_HEADINGS = {1: 30 / 18, 2: 20 / 18, 3: 18 / 18, 4: 17 / 18, 5: 16 / 18, 6: 16 / 18}
_ABOVE_HEADING = {1: 44, 2: 31, 3: 26, 4: 22, 5: 22, 6: 22}
_BULLETS = "•◦–"
_WORDS_MEASURED = 12
_CELLS_MEASURED = 8
_BEYOND = 12
"""How far a shape that goes on in the next strip reaches beyond its own; painting is clipped to the strip."""


class Typesetter:
    """Sets the blocks of a document in one typography, in one width of column."""

    def __init__(self, style: Style, typography: Typography) -> None:
        self._style = style
        self.inline = Inline(style)
        self.set_typography(typography)

    def set_typography(self, typography: Typography) -> None:
        """Take another face, size, leading or measure."""
        self.faces = Faces(self._style, typography)
        self.inline.set_faces(self.faces)
        self.set_width(self.faces.full_width)

    def set_width(self, width: int) -> None:
        """Take the width of the column, in pixels."""
        self.width = width
        self._tables: dict[int, list[Span]] = {}

    def forget(self) -> None:
        """Drop what depends on the document or on colours."""
        self.inline.forget()
        self._tables = {}

    # -- whole strips ---------------------------------------------------------------------------------------------

    def strip(
        self,
        document: Document,
        index: int,
        start: int,
        end: int,
        pictures: Callable[[], Pictures],
        meta: str = "",
    ) -> Strip:
        """`start:end` of the document's text, which is block `index` or a part of it, laid out.

        `meta` is shown with it: under a heading, else above.
        """
        block = document.blocks[index]
        before = document.blocks[index - 1] if index else None
        after = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
        strip = Strip(index, document.starts[index], start, end)
        first, last = start == strip.origin, end == document.span_of(index)[1]
        strip.top = self.gap(before, block) if first else 0
        if meta and block.kind != "heading":
            strip.top = self._meta(strip, block, meta, strip.top) + self.faces.em(0.9)
        match block.kind:
            case "table":
                self._row(strip, document, first=first, last=last)
            case "picture":
                self._picture(strip, block, pictures())
            case "rule":
                self._rule(strip)
            case "code":
                self._listing(strip, document, first=first, last=last)
            case _:
                self._prose(strip, block, before, first=first)
        if meta and block.kind == "heading":
            strip.height = self._meta(strip, block, meta, strip.height + self.faces.em(0.35))
        self._bars(strip, block, (before if first else block, after if last else block))
        return strip

    def gap(self, before: Block | None, block: Block) -> int:
        """Room above a block, in pixels."""
        unit = self.faces.size / 18
        if before is None:
            return round(28 * unit)
        kind = block.kind
        if kind == "heading":
            gap = _ABOVE_HEADING[min(max(block.level, 1), 6)]
            return round((gap - 14 if before.kind == "heading" else gap) * unit)
        if before.kind == "heading":
            return round((14 if before.level == 1 else 6) * unit)
        if kind == "footnote":
            return round((6 if before.kind == "footnote" else 44) * unit)
        if kind == "rule" or before.kind == "rule":
            return round(26 * unit)
        if kind in {"table", "code", "picture"} or before.kind in {"table", "code", "picture"}:
            return round(20 * unit)
        if kind == "item" and before.level and block.level:
            return round(6 * unit)
        return round(15 * unit)

    # -- kinds ----------------------------------------------------------------------------------------------------

    def _prose(self, strip: Strip, block: Block, before: Block | None, *, first: bool) -> None:
        scale, font, pitch = self._face(block)
        text = block.text[strip.start - strip.origin : strip.end - strip.origin]
        flow = self.inline.flow(strip, block, text, strip.start, font, scale)
        indent = self._indent(block)
        if block.kind == "footnote":
            indent += self.faces.em(1.7)
        flow.y = strip.top
        height = flow.lay(self.width - indent, pitch)
        if block.kind == "heading" and len(flow.lines) > 1:
            height = balance(flow, pitch)
        flow.x = 0 if flow.right_to_left else indent
        if flow.right_to_left:
            flow.x = self.width - indent - flow.width
        strip.height = strip.top + height
        if not first:
            return
        if block.kind == "item":
            self._marker(strip, block, flow, font)
        elif block.kind == "footnote" and (before is None or before.target != block.target):
            self._hang(strip, flow, str(block.number or block.target), font)
            if before is not None and before.kind != "footnote":
                strip.shapes.append(Shape("line", QRectF(0, strip.top - self.faces.em(1.1), self.faces.em(7), 1)))

    def _face(self, block: Block) -> tuple[float, QFont, int]:
        if block.kind == "heading":
            scale = _HEADINGS[min(max(block.level, 1), 6)]
            leading = 1.24 if block.level <= 1 else 1.35
            return scale, self.faces.font(scale, 600), round(self.faces.size * scale * leading)
        if block.kind == "footnote":
            return 0.86, self.faces.font(0.86), round(self.faces.size * 0.86 * (self.faces.typography.leading - 0.05))
        return 1.0, self.faces.font(), self.faces.pitch

    def _marker(self, strip: Strip, block: Block, flow: Flow, font: QFont) -> None:
        """A bullet, number or box that hangs beside the first line and is no part of the text."""
        if block.checked is not None:
            side = self.faces.em(0.78)
            line = flow.lines[0]
            away = self.faces.em(0.62)
            left = flow.x + flow.width + away if flow.right_to_left else flow.x - away - side
            middle = strip.top + line.baseline - QFontMetricsF(font).xHeight() * 0.68
            box = QRectF(round(left), round(middle - side / 2), side, side)
            strip.shapes.append(Shape("ticked" if block.checked else "box", box))
        elif block.ordered:
            self._hang(strip, flow, f"{block.number}.", font)
        else:
            self._hang(strip, flow, _BULLETS[min(max(block.level, 1), 3) - 1], font)

    def _hang(self, strip: Strip, flow: Flow, text: str, font: QFont) -> None:
        away = self.faces.em(0.5 if len(text) < 4 else 0.3)
        width = QFontMetricsF(font).horizontalAdvance(text)
        left = flow.x + flow.width + away if flow.right_to_left else flow.x - away - width
        strip.shapes.append(Shape("text", QRectF(left, strip.top + flow.lines[0].baseline, width, 0), text, font))

    def _listing(self, strip: Strip, document: Document, *, first: bool, last: bool) -> None:
        block = document.blocks[strip.block]
        pad = self.faces.em(0.8)
        indent = self._indent(block)
        font = self.faces.mono(1.0)
        flow = self.inline.flow(
            strip, block, block.text[strip.start - strip.origin : strip.end - strip.origin], strip.start, font
        )
        flow.right_to_left = False
        flow.x = indent + pad
        flow.y = strip.top + (pad if first else 0)
        height = flow.lay(
            self.width - indent - 2 * pad,
            round(self.faces.size * 0.82 * 1.5),
            tab=QFontMetricsF(font).horizontalAdvance("    "),
        )
        strip.height = flow.y + height + (pad if last else 0)
        panel = QRectF(indent, strip.top, self.width - indent, strip.height - strip.top)
        strip.shapes.append(Shape("panel", panel.adjusted(0, 0 if first else -_BEYOND, 0, 0 if last else _BEYOND)))

    def _rule(self, strip: Strip) -> None:
        flow = Flow("", strip.start, self.faces.font(0.5))
        flow.y = strip.top
        flow.lay(self.width, 1)
        flow.lines[0] = flow.lines[0]._replace(height=1)
        strip.flows.append(flow)
        strip.height = strip.top + 1
        third = self.width // 3
        strip.shapes.append(Shape("line", QRectF(third, strip.top, self.width - 2 * third, 1)))

    def _picture(self, strip: Strip, block: Block, pictures: Pictures) -> None:
        size = pictures.size(block.target)
        indent = self._indent(block)
        room = self.width - indent
        font = self.faces.font(0.83)
        flow = self.inline.flow(strip, block, block.text, strip.start, font, 0.83)
        pitch = round(self.faces.size * 0.83 * 1.4)
        if size.isEmpty():
            pad = self.faces.em(1.0)
            glyph = self.faces.em(1.9)
            flow.y = strip.top + pad
            height = flow.lay(room - 2 * pad - glyph, pitch) + 2 * pad
            flow.x = indent + pad + (0 if flow.right_to_left else glyph)
            strip.shapes.append(Shape("missing", QRectF(indent, strip.top, room, height)))
            left = indent + room - pad - glyph + self.faces.em(0.7) if flow.right_to_left else indent + pad
            box = QRectF(left, flow.y + (pitch - self.faces.em(0.85)) // 2, self.faces.em(1.2), self.faces.em(0.85))
            strip.shapes.append(Shape("glyph", box))
            strip.height = strip.top + height
            return
        width = min(room, size.width())
        height = max(1, round(size.height() * width / size.width()))
        strip.shapes.append(Shape("picture", QRectF(indent, strip.top, width, height), block.target))
        flow.x, flow.y = indent, strip.top + height + (self.faces.em(0.5) if block.text else 0)
        caption = flow.lay(room, pitch)
        strip.height = flow.y + (caption if block.text else 0)

    # -- tables ---------------------------------------------------------------------------------------------------

    def _row(self, strip: Strip, document: Document, *, first: bool, last: bool) -> None:
        block = document.blocks[strip.block]
        columns = self._columns(document, strip.block)
        heading = first and block.heading_row
        font = self.faces.font(0.92, 600 if heading else 400)
        pitch = round(self.faces.size * 0.92 * 1.42)
        pad = self.faces.em(0.4)
        start, height = strip.start, 0
        for number, text in enumerate(block.text[strip.start - strip.origin : strip.end - strip.origin].split("\t")):
            flow = self.inline.flow(strip, block, text, start, font, 0.92)
            flow.x, width = columns[min(number, len(columns) - 1)]
            flow.y = strip.top + pad
            align: Align = block.align[number] if number < len(block.align) else "left"
            if flow.right_to_left and align == "right":
                align = mirrored(align)
            height = max(height, flow.lay(width, pitch, align=align))
            start += len(text) + 1
        strip.height = strip.top + pad + height + pad
        left = min(x for x, _ in columns)
        right = max(x + width for x, width in columns)
        edge = "heavy" if heading or (first and last) else "line"
        strip.shapes.append(Shape(edge, QRectF(left, strip.height - 1, right - left, 1)))

    def _columns(self, document: Document, index: int) -> list[Span]:
        """Left edge and width of each column of a table, measured on its longest cells."""
        known = self._tables.get(index)
        if known is not None:
            return known
        block = document.blocks[index]
        indent = self._indent(block)
        rows = block.rows()
        count = max(len(row) for row in rows)
        regular = QFontMetricsF(self.faces.font(0.92))
        semibold = QFontMetricsF(self.faces.font(0.92, 600))
        natural, least = [], []
        for number in range(count):
            cells = [row[number] for row in rows if number < len(row)]
            longest = sorted(cells, key=len)[-_CELLS_MEASURED:] + cells[:1]
            words = sorted((word for cell in longest for word in cell.split()), key=len)[-_WORDS_MEASURED:]
            metrics = [regular] * len(longest)
            metrics[-1] = semibold if block.heading_row else regular
            natural.append(max(m.horizontalAdvance(c) for m, c in zip(metrics, longest, strict=True)) + 2)
            least.append(max((semibold.horizontalAdvance(word) for word in words), default=0.0) + 2)
        between = self.faces.em(1.1)
        widths = column_widths(natural, least, self.width - indent - between * (count - 1))
        left, columns = indent, []
        for width in widths:
            columns.append((left, max(width, self.faces.em(0.6))))
            left += columns[-1][1] + between
        if reads_right_to_left(block.text):
            columns = [(self.width - x - width, width) for x, width in columns]
        self._tables[index] = columns
        return columns

    # -- inside ---------------------------------------------------------------------------------------------------

    def _indent(self, block: Block) -> int:
        depth = block.level if block.kind != "heading" else 0
        return min(block.quote * self.faces.em(1.2) + depth * self.faces.em(1.6), self.width // 2)

    def _meta(self, strip: Strip, block: Block, text: str, y: int) -> int:
        """Lay the line of facts out at height `y`, on the side where the block begins; where it ends."""
        font = self._style.ui_font()
        strip.meta = Flow(text, 0, font)
        strip.meta.y = y
        other = reads_right_to_left(block.text) != strip.meta.right_to_left
        self.inline.mute(strip.meta)
        pitch = round(QFontMetricsF(font).height() * 1.25)
        return y + strip.meta.lay(self.width, pitch, align="right" if other else "left")

    def _bars(self, strip: Strip, block: Block, around: tuple[Block | None, Block | None]) -> None:
        """A bar for each quotation the block stands in, joined to those of its neighbours."""
        above, below = (other.quote if other is not None else 0 for other in around)
        right_to_left = strip.flows[0].right_to_left
        for depth in range(block.quote):
            # Beyond the strip, where painting is clipped, so that ends are round only where a quotation ends.
            top = -_BEYOND if above > depth else strip.top
            bottom = strip.height + (_BEYOND if below > depth else 0)
            left = depth * self.faces.em(1.2) + 1
            left = self.width - left - 3 if right_to_left else left
            strip.shapes.append(Shape("bar", QRectF(left, top, 3, bottom - top)))


def balance(flow: Flow, pitch: int) -> int:
    """Lay a heading out again so that its lines are about as long as each other; its height."""
    lines, full = len(flow.lines), flow.width
    low, high = full // 2, full
    while high - low > 8:
        middle = (low + high) // 2
        flow.lay(middle, pitch)
        if len(flow.lines) > lines:
            low = middle
        else:
            high = middle
    height = flow.lay(high, pitch)
    if flow.right_to_left:
        return height
    flow.width = full
    return height
