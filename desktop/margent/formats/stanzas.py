"""Plain text into pieces: which lines belong together, which were broken by a wrapping editor and which on purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from margent.document import canonical
from margent.formats.bylines import authors_in, date_in
from margent.formats.links import is_link_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONG = 120
"""Code points beyond which a line is a paragraph that no editor wrapped."""

PieceKind = Literal["prose", "item", "heading", "rule", "table", "code"]

_BREAKS = str.maketrans(
    {"\f": "\n\n", "\v": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"} | dict.fromkeys("\x1c\x1d\x1e\x1f", " ")
)
_LINE = re.compile(r"[^\n]+|(?<=\n)(?=\n)|\A(?=\n)|(?<=\n)\Z|\A\Z")
_QUOTED = re.compile(r"((?:>[ ]?)+)(.*)$")
_BULLET = re.compile(r"(?:[-*•‣◦▪■●·∙➢►✓\uf0b7\uf0a7](?:[ \t\xa0]+)|o\t+)(?=\S)")
_NUMBER = re.compile(r"([1-9][0-9]{0,2}|0)[.)][ \t\xa0]+(?=\S)")
_RULE = re.compile(r"[ \t]*(?:([-=_*~#+•·⁂])[ \t]*(?:\1[ \t]*){2,}|⁂)$")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,}|~{3,})$")
_HASHES = re.compile(r"(#{1,6})[ \t]+(\S.*?)[ \t#]*$")
_END = re.compile(r"[.!?…:;؟。！？।]['\"”’»)\]]*$")
_GAP = re.compile(r"\S {3,}\S")
_SPACE = re.compile(r"[ \t]{2,}|\t")
"""White space that is more than a space."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef\u3000-\u303f]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HEAD = 14
"""Lines at the beginning in which bylines and dates are looked for."""
_VERSE = 40
"""Lines of a stanza up to which short lines stay one block."""


@dataclass(slots=True)
class Line:
    """A line without its indentation and quotation signs, white space collapsed."""

    text: str
    raw: str
    indent: int = 0
    quote: int = 0
    apart: bool = False
    """Whether it is a paragraph whatever stands around it: an address, a byline, a date."""


@dataclass(slots=True)
class Piece:
    """Some lines that are one block."""

    kind: PieceKind
    text: str
    quote: int = 0
    indent: int = 0
    level: int = 0
    ordered: bool = False
    number: int = 0
    lines: int = 1
    alone: bool = False
    """Whether blank lines or long paragraphs stand on both sides of it."""


@dataclass(frozen=True)
class Wrapping:
    """How the lines of a file were broken: at `width` code points, or (0) only where a paragraph or verse ends."""

    width: int = 0
    long_lines: bool = False
    stanzas: Sequence[Sequence[Line]] = field(default=(), repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the file in small letters, those that a line's end divides not among them."""
        found: set[str] = set()
        for stanza in self.stanzas:
            text = "\n".join([line.text for line in stanza])
            found.update(word.lower() for word in _WORD.findall(re.sub(r"\S*[-\u00ad]\n\S*", "\n", text)))
        return frozenset(found)

    def joins(self, line: Line, following: Line) -> bool:
        """Whether the editor broke the line: the next word would not have fitted, or the sentence goes on."""
        if not self.width:
            return False
        room = self.width - line.indent
        word = following.text.partition(" ")[0]
        if len(line.text) + 1 + len(word) > room or line.text.endswith("\u00ad"):
            return True
        goes_on = _END.search(line.text) is None and following.text[0].islower()
        return goes_on and (len(line.text) > self.width // 2 or line.text.endswith("-"))

    def joined(self, lines: Sequence[Line]) -> str:
        """Wrapped lines as one, words that were divided whole again where that is sure."""
        parts = [lines[0].text]
        for line, following in pairwise(lines):
            parts.append(self._between(parts, line.text, following.text))
            parts.append(following.text)
        return "".join(parts)

    def _between(self, parts: list[str], before: str, after: str) -> str:
        if before.endswith("\u00ad"):
            parts[-1] = parts[-1][:-1]
            return ""
        if before[-1] in "-–—/" and len(before) > 1 and before[-2].isalnum():
            if before[-1] == "-" and after[0].islower():
                first, second = re.findall(r"[^\W\d_]*$", before[:-1])[0], re.match(r"[^\W\d_]*", after)
                if first and second and (first + second[0]).lower() in self.words:
                    parts[-1] = parts[-1][:-1]
            return ""
        return "" if _UNSPACED.match(before[-1]) and _UNSPACED.match(after[0]) else " "


def lines_of(text: str) -> list[Line]:
    """The lines of `text` (decoded, not yet canonical), blank ones empty."""
    lines: list[Line] = []
    # Line by line, for one sign beyond the first plane makes each copy of a whole text take four times its length.
    for rough in _LINE.finditer(text.replace("\r\n", "\n")):
        for raw in canonical(rough[0].translate(_BREAKS)).split("\n"):
            quoted = _QUOTED.match(raw)
            rest = quoted[2] if quoted else raw
            body = rest.strip()
            lead = rest[: len(rest) - len(rest.lstrip())].expandtabs(4)
            lines.append(Line(_SPACE.sub(" ", body), body, len(lead), quoted[1].count(">") if quoted else 0))
    seen = [line for line in lines if line.text][:_HEAD]
    for line in lines:
        line.apart = is_link_line(line.text)
    for line in seen[1:]:
        line.apart = line.apart or bool(authors_in(line.text) or date_in(line.text))
    return lines


def stanzas_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand together: without a blank line between, and quoted equally deep."""
    stanza: list[Line] = []
    for line in lines:
        if stanza and (not line.text or line.quote != stanza[-1].quote):
            yield stanza
            stanza = []
        if line.text:
            stanza.append(line)
    if stanza:
        yield stanza


def wrapping_of(stanzas: Sequence[Sequence[Line]]) -> Wrapping:
    """How a file is wrapped, judged by all pairs of neighbouring lines.

    A wrapping editor breaks a line where the next word would go beyond its width; an author anywhere else. Verse is
    told from prose by its capitals.
    """
    lines = [line for stanza in stanzas for line in stanza]
    long_lines = sum(len(line.text) > LONG for line in lines) * 5 >= len(lines)
    pairs = [
        (line, following)
        for stanza in stanzas
        for line, following in pairwise(stanza)
        if not (line.apart or following.apart or _RULE.match(following.text) or _BULLET.match(following.raw))
        and len(line.text) <= LONG
    ]
    if not pairs:
        return Wrapping(long_lines=long_lines)
    lengths = sorted(len(line.text) + line.indent for line, _ in pairs)
    wrapping = Wrapping(lengths[(len(lengths) - 1) * 98 // 100], long_lines=long_lines, stanzas=stanzas)
    if not wrapping.width >= 40:
        return Wrapping(long_lines=long_lines)
    full = sum(
        len(line.text) + line.indent + 1 + len(following.text.partition(" ")[0]) > wrapping.width
        for line, following in pairs
    )
    small = sum(following.text[0].islower() for _, following in pairs)
    cased = sum(following.text[0].islower() or following.text[0].isupper() for _, following in pairs)
    running = sum(_END.search(line.text) is None for line, _ in pairs)
    prose = small * 10 >= 3 * len(pairs) or (
        wrapping.width >= 55 and running * 2 >= len(pairs) and (cased * 3 < len(pairs) or full * 10 >= 9 * len(pairs))
    )
    return wrapping if prose and full * 2 >= len(pairs) else Wrapping(long_lines=long_lines)


def pieces_of(stanzas: Sequence[Sequence[Line]], wrapping: Wrapping) -> list[Piece]:
    """The pieces of a file in order; which short ones are headings is not decided here."""
    numbers = _numbered(stanzas)
    pieces: list[Piece] = []
    for stanza in stanzas:
        whole = _whole(stanza)
        if whole is not None:
            pieces.append(whole)
            continue
        found = list(_parts(stanza, wrapping, numbers))
        for place, piece in enumerate(found):
            beside = [found[near] for near in (place - 1, place + 1) if 0 <= near < len(found)]
            piece.alone = piece.lines == 1 and all(len(other.text) > LONG for other in beside)
        pieces += found
    return pieces


def _whole(stanza: Sequence[Line]) -> Piece | None:
    """A stanza that is one table, or a drawing whose columns must stay under each other."""
    first = stanza[0]
    if len(stanza) < 2 or any(_BULLET.match(line.raw) for line in stanza):
        return None
    tabs = {len(re.findall(r"\t", line.raw)) for line in stanza}
    if len(tabs) == 1 and tabs != {0}:
        rows = ["\t".join(_SPACE.sub(" ", cell.strip()) for cell in line.raw.split("\t")) for line in stanza]
        return Piece("table", "\n".join(rows), first.quote, first.indent, lines=len(stanza))
    drawn = sum(len(_GAP.findall(line.raw)) >= 1 or line.raw.count("|") >= 2 for line in stanza)
    if drawn * 4 >= 3 * len(stanza) and max(len(line.raw) for line in stanza) <= LONG:
        least = min(line.indent for line in stanza)
        drawing = "\n".join(" " * (line.indent - least) + line.raw.expandtabs(4) for line in stanza)
        return Piece("code", drawing, first.quote, first.indent, lines=len(stanza))
    return None


def _parts(stanza: Sequence[Line], wrapping: Wrapping, numbers: dict[int, int]) -> Iterator[Piece]:
    """The blocks of a stanza: marked headings, rules, items and paragraphs."""
    place = 0
    while place < len(stanza):
        line = stanza[place]
        following = stanza[place + 1] if place + 1 < len(stanza) else None
        hashes = _HASHES.match(line.raw)
        if _RULE.match(line.text):
            over = place + 2 < len(stanza) and stanza[place + 2].text == line.text and _UNDERLINE.match(line.text)
            if over and following is not None and not _RULE.match(following.text):
                yield Piece("heading", following.text, line.quote, level=1 if line.text[0] == "=" else 2)
                place += 3
            else:
                yield Piece("rule", "", line.quote)
                place += 1
        elif following is not None and _underlined(line, following):
            yield Piece("heading", line.text, line.quote, level=1 if following.text[0] == "=" else 2)
            place += 2
        elif hashes and len(line.text) <= LONG:
            yield Piece("heading", _SPACE.sub(" ", hashes[2]), line.quote, level=len(hashes[1]))
            place += 1
        else:
            end = _end(stanza, place, wrapping, numbers)
            yield _prose(stanza[place:end], wrapping, numbers)
            place = end


def _underlined(line: Line, following: Line) -> bool:
    return (
        _UNDERLINE.match(following.text) is not None
        and len(line.text) <= 100
        and 2 * len(following.text) >= min(len(line.text), 40)
        and _BULLET.match(line.raw) is None
    )


def _end(stanza: Sequence[Line], start: int, wrapping: Wrapping, numbers: dict[int, int]) -> int:
    """Where the paragraph or item that begins at `start` ends in its stanza."""
    item = _is_item(stanza[start], numbers)
    end = start + 1
    while end < len(stanza):
        line, following = stanza[end - 1], stanza[end]
        after = stanza[end + 1] if end + 1 < len(stanza) else None
        if _is_item(following, numbers) or _RULE.match(following.text) or line.apart or following.apart:
            break
        if after is not None and _underlined(following, after):
            break
        if item and following.indent >= stanza[start].indent + 2:
            end += 1
            continue
        indented = following.indent >= line.indent + 2 and after is not None and after.indent < following.indent
        if indented or (after is not None and _stands_between(line, following, after, wrapping)):
            break
        if not (wrapping.joins(line, following) or (not item and _verse(line, following, stanza, wrapping))):
            break
        end += 1
    return end


def _stands_between(line: Line, following: Line, after: Line, wrapping: Wrapping) -> bool:
    """Whether `following` is a heading in wrapped text: a sentence ends before it, and it ends short of the width."""
    if not wrapping.width or _END.search(line.text) is None or _END.search(following.text) is not None:
        return False
    return not following.text[0].islower() and not wrapping.joins(following, after)


def _verse(line: Line, following: Line, stanza: Sequence[Line], wrapping: Wrapping) -> bool:
    """Whether two lines that no editor parted are lines of one block: an address, a verse, a caption."""
    longest = max(len(line.text), len(following.text))
    if wrapping.long_lines or len(stanza) > _VERSE or longest > LONG:
        return False
    ends = _END.search(line.text) is not None
    if wrapping.width:
        return not ends and longest < 0.7 * wrapping.width
    return not ends or len(line.text) < 40


def _prose(lines: Sequence[Line], wrapping: Wrapping, numbers: dict[int, int]) -> Piece:
    """One paragraph or item of these lines: wrapped lines joined, the others broken where they were."""
    first = lines[0]
    item = _is_item(first, numbers)
    number = numbers.get(id(first), 0)
    if item:
        marker = (_NUMBER if number else _BULLET).match(first.raw)
        text = _SPACE.sub(" ", first.raw[marker.end() if marker else 0 :])
        lines = [Line(text, text, first.indent, first.quote), *lines[1:]]
    runs: list[list[Line]] = [[lines[0]]]
    for line, following in pairwise(lines):
        if item or wrapping.joins(line, following):
            runs[-1].append(following)
        else:
            runs.append([following])
    return Piece(
        "item" if item else "prose",
        "\n".join(wrapping.joined(run) for run in runs),
        first.quote,
        first.indent,
        ordered=bool(number),
        number=number,
        lines=len(runs),
    )


def _is_item(line: Line, numbers: dict[int, int]) -> bool:
    return id(line) in numbers or (_BULLET.match(line.raw) is not None and not _RULE.match(line.text))


def _numbered(stanzas: Sequence[Sequence[Line]]) -> dict[int, int]:
    """The numbers of the lines that are items of a numbered list, by the identity of the line.

    A number alone makes no item: "3. Title" may be a heading and "12. May" the end of a date. Two that follow each
    other do, unless prose stands between them.
    """
    found: list[tuple[int, int, int, Line]] = []
    prose = 0
    for place, stanza in enumerate(stanzas):
        for line in stanza:
            prose += len(line.text) > LONG
            marker = _NUMBER.match(line.raw)
            if marker:
                found.append((place, prose, int(marker[1]), line))
    items: dict[int, int] = {}
    for (place, before, number, line), (later, after, next_number, following) in pairwise(found):
        near = later - place <= 1 and line.indent == following.indent and line.quote == following.quote
        parted = after - (len(following.text) > LONG) > before
        if near and not parted and next_number == number + 1:
            items[id(line)] = number
            items[id(following)] = next_number
    return items
