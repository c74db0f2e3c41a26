"""A block of a PDF while its lines are collected."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from margent.document import Block, BlockKind, Mark, sorted_marks
from margent.formats.links import bare_links
from margent.formats.pdfjoining import join
from margent.formats.pdfwords import joined

if TYPE_CHECKING:
    from margent.formats.pdfjoining import Vocabulary
    from margent.formats.pdfpage import Line

_SHORT = 5
_BRIEF = 240
"""Lines and letters of a paragraph that can still be a heading."""
_LOOKS = frozenset({"strong", "emphasis", "code"})


@dataclass(slots=True)
class Draft:
    """Lines that make one block. `text` is joined already; `turns` are the offsets at which a page's text begins."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    text: str = ""
    marks: list[tuple[str, int, int, str]] = field(default_factory=list)
    turns: list[tuple[int, int]] = field(default_factory=list)
    level: int = 0
    ordered: bool = False
    number: int = 0
    target: str = ""
    heading_row: bool = False
    hang: float = 0.0
    """Of an item: where its text begins, points."""
    packed: bytes = b""
    """Its marks once it rests: as objects, those of a long document take more memory than its text."""

    @property
    def last(self) -> Line:
        """The line that was added last."""
        return self.lines[-1]

    def add(self, line: Line, vocabulary: Vocabulary, *, between: str | None = None, skip: int = 0) -> None:
        """Put `line` at the end, without its first `skip` characters.

        `between` is what goes between the lines; without it they are joined as running text.
        """
        text = line.text[skip:]
        if not self.lines:
            gap = ""
        elif between is None:
            self.text, gap = join(self.text, text, vocabulary)
        else:
            gap = between
        if not self.lines or self.last.page != line.page:
            self.turns.append((len(self.text) + len(gap), line.page))
        start = len(self.text) + len(gap) - skip
        self.marks.extend(
            (kind, max(first, skip) + start, last + start, target)
            for kind, first, last, target in line.marks
            if last > skip
        )
        self.text += gap + text
        self.lines.append(line)

    def rest(self) -> None:
        """Let go of what no later step asks for: the text is joined, and only a short paragraph can be a heading.

        Nothing is added afterwards, and the marks are to be had from `settled` alone.
        """
        if self.marks:
            self.packed, self.marks = pickle.dumps(self._joined(), pickle.HIGHEST_PROTOCOL), []
        for line in self.lines:
            line.marks = self.marks
        if self.kind == "paragraph" and len(self.text) <= _BRIEF:
            self.lines[_SHORT + 1 :] = []
            return
        first, last = self.lines[0], self.last
        for line in (first, last):
            line.text, line.cells = "", ()
        # Of contents it counts whether they have more than one line.
        if first is last or (first.page == last.page and self.target != "contents"):
            self.lines[:] = [first]
        else:
            self.lines[:] = [first, last]

    def settled(self) -> Draft:
        """This draft with its marks joined across lines and inside its text."""
        # What is unpacked was packed by this very object.
        self.marks = pickle.loads(self.packed) if self.packed else self._joined()  # noqa: S301
        self.packed = b""
        return self

    def _joined(self) -> list[tuple[str, int, int, str]]:
        length = len(self.text)
        return joined([(k, s, min(e, length), t) for k, s, e, t in self.marks if s < length], between=1)

    def block(self) -> Block:
        """The block; annotations, which are marks of the draft, are not in it."""
        found: list[Mark] = []
        for kind, start, end, target in self.marks:
            if kind == "note" or (kind in _LOOKS and self._is_given(kind, start, end)):
                continue
            found.append(Mark(kind, start, end, target))  # type: ignore[arg-type]
        if self.kind != "code":
            taken = [mark for mark in found if mark.kind == "link"]
            found.extend(
                link
                for link in bare_links(self.text)
                if not any(link.start < mark.end and mark.start < link.end for mark in taken)
            )
        return Block(
            self.kind,
            self.text,
            sorted_marks(found),
            level=self.level,
            ordered=self.ordered,
            number=self.number,
            target=self.target,
            heading_row=self.heading_row,
        )

    def _is_given(self, kind: str, start: int, end: int) -> bool:
        """Whether the kind of block says by itself what the mark says: a heading is bold, code is in one width."""
        if self.kind == "heading":
            return kind == "strong" or end - start >= len(self.text) - 1
        return self.kind == "code" and kind == "code"
