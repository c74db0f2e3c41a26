"""Blocks as CommonMark that reads well in any program: what a parser makes of it has the same words.

How the words of a line are escaped and marked is told in `inline`, how a note is tamed in `notes`.
"""

import re
from collections.abc import Iterable, Sequence

from margent.brief import notes
from margent.brief.inline import STANDINS, Place
from margent.brief.inline import inline as written
from margent.document import Block, Mark, canonical, sorted_marks

OPEN, CLOSE, REFER, REFERRED = list(STANDINS)
"""Stand in a block's text for the signs around highlighted words, and around the label that refers to a footnote."""
_ADDRESS = re.compile(r"""(?:<[^>\n]*>|\S+)(?:\s+(?:".*"|'.*'|\(.*\)))?$""", re.DOTALL)
_WEB = re.compile(r"(https?://|mailto:)[^\s<>]+$")


def escape(text: str) -> str:
    """Plain words as a paragraph of their own."""
    return written(text)


def phrase(text: str) -> str:
    """A name or title in one line, as it stands behind other words or in a heading."""
    return written(" ".join(_clean(text).split()), place="heading")


def shortened(text: str, most: int = 60) -> str:
    """A name or quotation in one line of at most `most` characters, cut between words."""
    line = " ".join(_clean(text).split())
    return written(line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…", place="heading")


def heading(block: Block) -> str:
    """A heading's words and marks, as they stand behind its signs; a number at their beginning stays one."""
    return written(block.text, block.marks, place="heading")


def source(address: str) -> str:
    """Where a document is from, in one line; an address of the web becomes a link wherever it is read."""
    address = address.strip()
    return f"<{address}>" if _WEB.match(address) else phrase(address)


def finished(text: str) -> str:
    """`text` with the signs that stand-ins kept the place of."""
    text = text.replace(OPEN, "==").replace(CLOSE, "==").replace(REFER, "[^")
    return text.replace(f"{REFERRED}:", "]&#58;").replace(REFERRED, "]")


def inline(block: Block, *, place: Place = "block") -> str:
    """A block's words with those of its marks that Markdown can carry where they stand; the words come first."""
    return written(block.text, block.marks, place=place)


def blocks(parts: Iterable[Block], *, headings: int | None = None) -> str:
    """Blocks as Markdown, blank lines between them; lists stay tight.

    `headings` is added to the level of each heading; None writes headings as strong paragraphs, as in a quotation.
    """
    out: list[str] = []
    before: Block | None = None
    numbers: dict[int, int] = {}
    for block in _nested(parts):
        text = _block(block, headings, numbers)
        if not text:
            continue
        if block.quote or "\n" in text:
            prefix = "> " * block.quote
            lines = [f"{prefix}{line}".rstrip() for line in text.split("\n")]
        else:
            lines = [text.rstrip()]
        if before is not None:
            tight = before.kind == "item" and block.kind == "item" and before.quote == block.quote
            shared = min(before.quote, block.quote)
            if not tight:
                out.append(("> " * shared).rstrip())
        out += lines
        before = block
    return "\n".join(out)


def quotation(parts: Sequence[Block]) -> str:
    """Blocks as a quotation: every line, blank ones too, begins with `>`. "" when nothing is quoted."""
    if len(parts) == 1 and parts[0].kind in {"paragraph", "quotation"}:
        text = inline(parts[0])
        return "> " + text.replace("\n", "\n> ") if text else ""
    least = min((block.quote for block in parts), default=0)
    text = blocks([block._replace(quote=block.quote - least) for block in parts] if least else parts)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def note(text: str) -> str:
    """A note in the Markdown its author typed, made safe for its surroundings.

    Headings become strong lines, raw HTML and definitions of links become words, an open fence is closed: a note can
    neither break the order of a document nor swallow what follows it.
    """
    if not text:
        return ""
    text = _clean(text).strip("\n")
    return notes.tamed(text)


def indent(text: str, by: int) -> str:
    """`text` as the inside of a list item: every line but the first moves `by` columns in."""
    if "\n" not in text:
        return text
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * by + line if line else "" for line in rest)])


def _clean(text: str) -> str:
    return text if text.isascii() and text.isprintable() else canonical(text)


# -- blocks ---------------------------------------------------------------------------------------------------------


def _nested(parts: Iterable[Block]) -> Iterable[Block]:
    """The blocks, each at most one list deeper than the item before it: a cut may leave an inner item alone."""
    depth = 0
    quote = 0
    for block in parts:
        if block.quote != quote or block.level == 0 or block.kind == "heading":
            depth = 0
        quote = block.quote
        if block.kind == "heading":
            yield block
            continue
        level = min(block.level, depth + 1 if block.kind == "item" else depth)
        if block.kind == "item":
            level = max(1, level)
        depth = level
        yield block if level == block.level else block._replace(level=level)


def _block(block: Block, headings: int | None, numbers: dict[int, int]) -> str:
    if block.kind != "item":
        for level in [level for level in numbers if level > block.level or block.level == 0]:
            del numbers[level]
    if block.kind == "heading":
        return _heading(block, headings)
    if block.kind == "item":
        return _item(block, numbers)
    if block.kind == "footnote":
        return _footnote(block, headings)
    if block.kind == "rule":
        return "---" if headings is not None else ""
    if block.kind == "code":
        text = _fenced(block)
    elif block.kind == "table":
        text = _table(block) if headings is not None or "\n" in block.text else _row(block)
    elif block.kind == "picture":
        text = escape(" ".join(block.text.split()))
    else:
        text = inline(block)
    return _indented(text, block.level)


def _heading(block: Block, headings: int | None) -> str:
    if headings is not None:
        return f"{'#' * min(6, block.level + headings)} {heading(block)}"
    whole = Mark("strong", 0, len(block.text))
    return written(block.text.replace("\n", " "), sorted_marks([*block.marks, whole]))


def _footnote(block: Block, headings: int | None) -> str:
    """A footnote; in a quotation, where nothing refers to it and programs would drop it, a paragraph."""
    text = inline(block)
    if headings is None:
        return text
    # One word alone would be the address of a link called "^1" where footnotes are not known, and not be seen.
    guard = " <!-- -->" if _ADDRESS.match(text) else ""
    return f"[^{block.target}]: {indent(text, 4)}{guard}"


def _item(block: Block, numbers: dict[int, int]) -> str:
    for deeper in [known for known in numbers if known > block.level]:
        del numbers[deeper]
    if block.ordered:
        numbers[block.level] = block.number or numbers.get(block.level, 0) + 1
        sign = f"{numbers[block.level]}."
    else:
        numbers.pop(block.level, None)
        sign = "-"
    words = inline(block, place="item")
    box = "" if block.checked is None else "[x] " if block.checked else "[ ] "
    return _indented(f"{sign} {box}{indent(words, len(sign) + 1)}", block.level - 1)


def _indented(text: str, level: int) -> str:
    """`text` inside `level` lists; four columns a level suit "- " and "1. " alike, and every Markdown program."""
    if not level:
        return text
    pad = "    " * level
    return "\n".join(f"{pad}{line}" if line else "" for line in text.split("\n"))


def _fenced(block: Block) -> str:
    longest = max((len(run) for run in re.findall(r"^ *(`{3,})", block.text, re.MULTILINE)), default=2)
    fence = "`" * max(3, longest + 1)
    language = block.target if re.fullmatch(r"[\w+#.-]*", block.target) else ""
    return notes.set_in([f"{fence}{language}", *block.text.split("\n"), fence])


def _table(block: Block) -> str:
    rows = _cells(block)
    columns = max(len(row) for row in rows)
    rows = [row + [""] * (columns - len(row)) for row in rows]
    head = rows.pop(0) if block.heading_row or len(rows) > 1 else [""] * columns
    rule = {"left": "---", "center": ":-:", "right": "--:"}
    aligned = [rule[block.align[n]] if n < len(block.align) else "---" for n in range(columns)]
    lines = [head, aligned, *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _row(block: Block) -> str:
    """The cells of one row alone; a table would need a heading that was not quoted."""
    return " | ".join(cell for cell in _cells(block, first="block")[0] if cell)


def _cells(block: Block, *, first: Place = "cell") -> list[list[str]]:
    """The cells as Markdown, each with its part of the marks; `first` is where the first that has words stands."""
    rows = []
    at = 0
    place = first
    for row in block.text.split("\n"):
        cells = []
        for words in row.split("\t"):
            inside = [
                mark._replace(start=max(mark.start - at, 0), end=min(mark.end - at, len(words)))
                for mark in block.marks
                if mark.start < at + len(words) and mark.end > at
            ]
            cells.append(written(words, inside, place=place))
            at += len(words) + 1
            place = "cell" if words.strip() else place
        rows.append(cells)
    return rows
