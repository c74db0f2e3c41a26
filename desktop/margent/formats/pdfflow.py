"""Lines of a PDF in reading order into paragraphs, headings, items, code and tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from margent.formats.pdfdraft import Draft
from margent.formats.pdffurniture import numeral
from margent.formats.pdfjoining import join
from margent.formats.pdfmarkers import bullet, depth, is_caption, is_lettered, leader
from margent.formats.pdftables import table_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.formats.pdfjoining import Vocabulary
    from margent.formats.pdfmeasure import Measure
    from margent.formats.pdfpage import Line

_ENDS = re.compile(r"[.!?…:;。！？؟։]['\"”’»)\]]*\d{0,3}$")
_TAIL = 12
_BACK = 9
"""Blocks back from which on none is gone on with any more."""
_AHEAD = 80
"""Lines ahead in which the next item of a numbered list is looked for."""


class Flow:
    """Reads the lines of a document in order; `drafts` are the blocks they make."""

    def __init__(self, lines: Sequence[Line], measure: Measure, vocabulary: Vocabulary) -> None:
        self.drafts: list[Draft] = []
        self._lines = lines
        self._measure = measure
        self._vocabulary = vocabulary
        self._open: Draft | None = None
        """The block that the next line may go on."""
        self._lists: list[tuple[float, int]] = []
        """Where the bullets of the lists around the present line stand (points), and the last number in each."""

    def run(self) -> list[Draft]:
        """The blocks of all lines."""
        index = 0
        while index < len(self._lines):
            index = self._step(index)
        for draft in self.drafts:
            if draft.target == "contents":
                draft.target = ""
                if len(draft.lines) == 1:
                    draft.kind, draft.text = "paragraph", draft.text.replace("\t", " ")
        return self.drafts

    def _step(self, index: int) -> int:
        """Put line `index` where it belongs; the index of the next line."""
        line = self._lines[index]
        found = table_at(self._lines, index, self._measure, self._vocabulary)
        if found is not None:
            table, end = found
            self._begin(table)
            self._open = None
            return end
        contents = leader(line.text) or self._bare_entry(index)
        if contents is not None:
            self._contents(line, contents)
            return index + 1
        if self._is_code(index):
            self._code(line)
            return index + 1
        if self._item(index):
            return index + 1
        draft = self._continued(index)
        if draft is None:
            draft = self._begin(Draft("paragraph"))
            if self._lists and not self._inside_item(line):
                self._lists.clear()
            if self._lists:
                draft.level = len(self._lists)
        draft.add(line, self._vocabulary)
        self._open = draft
        return index + 1

    def _begin(self, draft: Draft) -> Draft:
        self.drafts.append(draft)
        if len(self.drafts) > _BACK:
            self.drafts[-_BACK].rest()
        return draft

    # -- code and contents ------------------------------------------------------------------------------------------

    def _is_code(self, index: int) -> bool:
        line = self._lines[index]
        sign = bullet(line.text)
        if not line.face.mono or (sign is not None and not sign.dash):
            return False
        draft = self._open
        if draft is None or draft.kind not in {"paragraph", "item"} or draft.last is not self._lines[index - 1]:
            return True
        # The name of a file may fill a line of a sentence.
        return _ENDS.search(draft.text[-_TAIL:]) is not None or self._breaks(index)

    def _code(self, line: Line) -> None:
        """Add a line in letters of one width, with the indentation it has on the page."""
        draft = self._open
        if draft is None or draft.kind != "code" or not self._is_near(draft.last, line, 2.2):
            draft = self._begin(Draft("code"))
        width = max(line.right - line.left, 1) / max(len(line.text), 1)
        start = draft.lines[0].left if draft.lines else line.left
        indent = max(0, min(40, round((line.left - start) / width)))
        draft.add(line, self._vocabulary, between="\n" + " " * indent)
        self._open = draft

    def _contents(self, line: Line, parts: tuple[str, str]) -> None:
        title, page = parts
        draft = self._open
        if draft is not None and draft.kind == "paragraph" and self._is_entry(draft, line):
            # The first line of an entry that takes two.
            self.drafts.pop()
            before, gap = join(draft.text, title, self._vocabulary)
            shift = len(before + gap)
            title = before + gap + title
            line.marks = [*draft.marks, *((kind, s + shift, e + shift, target) for kind, s, e, target in line.marks)]
            draft = self.drafts[-1] if self.drafts and self.drafts[-1].target == "contents" else None
        if draft is None or draft.target != "contents":
            draft = self._begin(Draft("table", target="contents"))
        row = f"{title}\t{page}".replace("\n", " ")
        marks = [(kind, s, min(e, len(title)), target) for kind, s, e, target in line.marks if s < len(title)]
        line.text, line.marks = row, marks
        draft.add(line, self._vocabulary, between="\n")
        self._open = draft

    def _is_entry(self, draft: Draft, line: Line) -> bool:
        if len(draft.lines) > 2 or draft is not self.drafts[-1]:
            return False
        text = draft.text
        return self._is_near(draft.last, line, 1.2) and not _ENDS.search(text[-_TAIL:]) and draft.last.size == line.size

    def _bare_entry(self, index: int) -> tuple[str, str] | None:
        """Title and page of an entry of the contents without dots, which stands among others that have them."""
        line = self._lines[index]
        if len(line.cells) < 2:
            return None
        last = line.cells[-1]
        page = line.text[last.start : last.end]
        if not page or len(page) > 6 or numeral(page) is None:
            return None
        entry = line.text[: last.start].strip(), page
        draft = self._open
        if draft is not None and draft.target == "contents" and self._is_near(draft.last, line, 4):
            return entry if abs(draft.last.right - line.right) < 3 else None
        after = self._lines[index + 1] if index + 1 < len(self._lines) else None
        if after is None or after.page != line.page or abs(after.right - line.right) > 3:
            return None
        alike = len(after.cells) > 1 and numeral(after.text[after.cells[-1].start :]) is not None
        return entry if leader(after.text) or (alike and depth(line.text) > 0 < depth(after.text)) else None

    # -- lists ------------------------------------------------------------------------------------------------------

    def _item(self, index: int) -> bool:
        line = self._lines[index]
        sign = bullet(line.text)
        if sign is None or not self._is_item(index, sign.number, dash=sign.dash):
            return False
        while self._lists and line.left < self._lists[-1][0] - 0.7 * line.size:
            self._lists.pop()
        if not self._lists or line.left > self._lists[-1][0] + 0.9 * line.size:
            self._lists.append((line.left, sign.number))
        else:
            self._lists[-1] = (min(line.left, self._lists[-1][0]), sign.number)
        draft = self._begin(Draft("item", level=len(self._lists), ordered=sign.number > 0, number=sign.number))
        shown = len(line.text[: sign.length].rstrip())
        draft.hang = next(
            (cell.left for cell in line.cells[1:] if cell.start >= shown),
            line.left + (sign.length + 0.5) * line.size / 2,
        )
        draft.add(line, self._vocabulary, skip=sign.length)
        self._open = draft
        return True

    def _is_item(self, index: int, number: int, *, dash: bool) -> bool:
        """Whether the sign that line `index` begins with begins an item there and not a line of prose."""
        line = self._lines[index]
        draft = self._open
        if number:
            if line.size > 1.1 * self._measure.size or (line.face.bold and self._measure.bold_tells):
                return False
            if any(last == number - 1 and abs(left - line.left) < line.size for left, last in self._lists):
                return True
            return number == 1 and self._comes(index, 2)
        if not dash:
            return True
        if draft is not None and draft.kind == "item":
            return any(abs(left - line.left) < line.size for left, _ in self._lists) or line.left > draft.last.left
        return self._breaks(index) or line.left > self._lines[index - 1].left + 0.5 * line.size

    def _comes(self, index: int, number: int) -> bool:
        """Whether an item with `number` follows at the same edge."""
        line = self._lines[index]
        for other in self._lines[index + 1 : index + _AHEAD]:
            sign = bullet(other.text)
            if (
                sign
                and sign.number == number
                and abs(other.left - other.column.left - line.left + line.column.left) < 6
            ):
                return other.face.bold == line.face.bold and abs(other.size - line.size) < 0.6
        return False

    def _inside_item(self, line: Line) -> bool:
        """Whether a paragraph stands inside the present item: as far in as its text."""
        item = next((draft for draft in reversed(self.drafts) if draft.kind == "item"), None)
        if item is None or line.page - item.last.page > 1 or line.size > 1.1 * self._measure.size:
            return False
        first = item.lines[0]
        return line.left - line.column.left >= item.hang - first.column.left - 0.5 * line.size

    # -- paragraphs -------------------------------------------------------------------------------------------------

    def _continued(self, index: int) -> Draft | None:
        """The block that line `index` goes on; None when it begins one."""
        line = self._lines[index]
        draft = self._open
        if draft is None or draft.kind not in {"paragraph", "item"}:
            return self._resumed(index) if draft is None or draft.kind != "code" else None
        if index and draft.last is self._lines[index - 1] and not self._breaks(index):
            return draft
        before = draft.last
        if (before.page, before.number) == (line.page, line.number) and not self._is_below_caption(index):
            return None
        return self._resumed(index)

    def _resumed(self, index: int) -> Draft | None:
        """An unfinished paragraph further up that line `index`, the first of its kind in a column, goes on."""
        line = self._lines[index]
        if line.size > 1.1 * self._measure.size or (line.face.bold and self._measure.bold_tells):
            return None
        below = index > 0 and self._is_below_caption(index)
        if index and (self._lines[index - 1].page, self._lines[index - 1].number) == (line.page, line.number):
            # Below a caption, or what else is set apart by its size, goes on what was left open above it.
            apart = abs(self._lines[index - 1].size - line.size) >= 0.6 or below
            if not apart or not line.text[:1].islower():
                return None
        for draft in self.drafts[:-5:-1]:
            last = draft.lines[-1]
            if draft.kind not in {"paragraph", "item"} or abs(last.size - line.size) > 0.6:
                continue
            if ((last.page, last.number) == (line.page, line.number) and not below) or line.page - last.page > 1:
                continue
            if is_caption(draft.text) or last.face.bold != line.face.bold:
                continue
            return draft if self._goes_on(draft, line) else None
        return None

    def _is_below_caption(self, index: int) -> bool:
        """Whether line `index` stands at a distance below the caption of a figure or a table."""
        if not self.drafts or not is_caption(self.drafts[-1].text) or self._lines[index].cells:
            # What stands in cells is the table that the caption names.
            return False
        before = self.drafts[-1].last
        return before is self._lines[index - 1] and not self._is_near(before, self._lines[index], 1.33)

    def _goes_on(self, draft: Draft, line: Line) -> bool:
        """Whether an unfinished `draft` reads on in `line`, which stands in another column."""
        if is_lettered(line.text):
            return False
        first = line.text[:1]
        if (draft.text.endswith("-") and first.isalnum()) or (first.islower() and draft.text[-1:] in ",;:"):
            return True
        if _ENDS.search(draft.text[-_TAIL:]):
            full = draft.last.right > draft.last.column.right - draft.last.size
            indented = line.left > line.column.left + 0.8 * line.size
            return full and not indented and self._measure.indents and len(draft.lines) > 1 and draft.text[-1] in ".!?”"
        return first.islower() or not _has_room(draft.last.column.right - draft.last.right, line)

    def _breaks(self, index: int) -> bool:
        """Whether a new paragraph begins between line `index` and the one before it."""
        line, before = self._lines[index], self._lines[index - 1]
        if index == 0 or (line.page, line.number) != (before.page, before.number):
            return not (index and self._is_title_below(before, line))
        if line.face.bold != before.face.bold and self._measure.bold_tells:
            return True
        large = line.size > 1.1 * self._measure.size
        if abs(line.size - before.size) > 0.07 * max(line.size, before.size) or not self._is_near(
            before, line, 1.45 if large else 1.33
        ):
            return True
        if is_lettered(line.text) or is_caption(line.text):
            return True
        if large:
            return False
        return self._is_indented(index) or self._ended(index)

    def _is_title_below(self, before: Line, line: Line) -> bool:
        """Whether `line` is the short last line of a title, which does not reach over the gutter below it."""
        step = before.base - line.base
        return (
            before.page == line.page
            and line.size > 1.1 * self._measure.size
            and line.face == before.face
            and 0 < step < 1.45 * self._measure.leading(line)
            and line.left < before.right
            and before.left < line.right
        )

    def _is_near(self, before: Line, line: Line, most: float) -> bool:
        """Whether `line` stands below `before` at no more than `most` times the usual distance."""
        if (before.page, before.number) != (line.page, line.number):
            return True
        step = before.base - line.base
        return -0.1 * line.size < step <= most * self._measure.leading(line) + 0.3

    def _is_indented(self, index: int) -> bool:
        """Whether line `index` is set in or out against the one before it as the first of a paragraph."""
        line, before = self._lines[index], self._lines[index - 1]
        step = line.left - before.left
        draft = self._open
        first = draft is not None and len(draft.lines) == 1
        if draft is not None and draft.kind == "item":
            return line.left < draft.hang - 1.2 * line.size and step < -0.8 * line.size and not first
        if abs(step) < 0.8 * line.size or self._is_centred(before, line):
            return False
        if step < 0:
            # A first line stands further in than the second; further down, a line set out begins something.
            return not first
        if first and not _ENDS.search(before.text) and before.right > self._measure.reach(self._lines, index - 1) - 5:
            # The first line of an entry that hangs out.
            return False
        following = self._lines[index + 1] if index + 1 < len(self._lines) else None
        hangs = first and following is not None and abs(following.left - line.left) < 1 and following.page == line.page
        return not hangs or before.right < self._measure.reach(self._lines, index - 1) - 3 * line.size

    @staticmethod
    def _is_centred(before: Line, line: Line) -> bool:
        middle = (line.left + line.right - before.left - before.right) / 2
        return abs(middle) < 1.5 and abs(line.left - before.left) > 2 and line.left > line.column.left + 2

    def _ended(self, index: int) -> bool:
        """Whether the line before `index` ended early: the first word of this one would have had room in it."""
        line, before = self._lines[index], self._lines[index - 1]
        room = self._measure.reach(self._lines, index - 1) - before.right
        if not _has_room(room, line):
            return False
        if abs(before.right - line.right) < 2 and abs(before.left - line.left) < 2:
            return False
        return (
            room > 0.25 * (before.column.right - before.column.left)
            or _ENDS.search(before.text) is not None
            or (line.text[:1].isupper() and room > 4 * line.size)
        )


def _has_room(room: float, line: Line) -> bool:
    """Whether the first word of `line`, with a space before it, is narrower than `room` points."""
    width = (line.right - line.left) / max(len(line.text), 1)
    word = line.text.split(maxsplit=1)[0] if line.text.strip() else ""
    return room >= (len(word) + 1) * width + 0.4 * line.size
