r"""Blocks, marks and notes as CommonMark that reads well in any program.

Escaping is for meaning alone: a character gets a backslash only where CommonMark (0.31), or the extensions that GitHub
and Obsidian add to it, would read it as markup. What a CommonMark parser makes of the result has the same words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from margent.brief import notes
from margent.document import Block, Mark, canonical

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Stand in a block's text for the signs around highlighted words until all others are escaped; no document has them."""
REFER, REFERRED = "\ufdd2", "\ufdd3"
"""The same for the signs around the label that refers to a footnote."""
_STANDINS = OPEN + CLOSE + REFER + REFERRED
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SPECIAL = re.compile(r"\\|\*+|_+|`+|~+|=+|\$+|%%+|<|&|\[|\]|!|\|")
_FORMULA = re.compile(r"\$\$|\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_TAG = re.compile(r"<[A-Za-z/!?]")
_LINK = re.compile(r"\[[^\[\]]*\](?:\(|\[)|\[\^")
_BOX = re.compile(r"\[[ xX]\](?=\s|$)")
_LINE_START = re.compile(
    r"""(?P<sign>\#{1,6}(?=[ \t]|$)|>|[-+*](?=[ \t]|$)|\[[^\]]*\]:|~{3,}|\|(?=[ \t]))
      | (?P<number>[0-9]{1,9})(?P<stop>[.)])(?=[ \t]|$)
      | (?P<ruler>(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*|-+[ \t]*)$)
      | (?P<table>\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$)""",
    re.VERBOSE,
)
_TRAILING = re.compile(r"(?:^|(?<= ))#+$")
_ADDRESS = re.compile(r"""(?:<[^>\n]*>|\S+)(?:\s+(?:".*"|'.*'|\(.*\)))?$""", re.DOTALL)
_WRAP = {"strong": "**", "emphasis": "*", "strike": "~~"}
_SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s<>]+$")


def escape(text: str, *, cell: bool = False) -> str:
    """Plain words as CommonMark: each line's start and every sign that would mean something gets a backslash.

    White space at the ends of lines goes. In a table's `cell` bars are escaped as well.
    """
    return _lines(_signs(text, 0, len(text), cell=cell))


def phrase(text: str) -> str:
    """A name or title in one line, as it stands behind other words or in a heading."""
    flat = " ".join(_clean(text).split())
    return _unclosed(_signs(flat, 0, len(flat)))


def heading(block: Block) -> str:
    """A heading's words and marks, as they stand behind its signs; a number at their beginning stays one."""
    flat = block._replace(text=block.text.replace("\n", " "))
    return _unclosed(_marks(flat).strip())


def source(address: str) -> str:
    """Where a document is from, in one line; an address of the web becomes a link wherever it is read."""
    address = address.strip()
    return f"<{address}>" if _SAFE_LINK.match(address) else phrase(address)


def finished(text: str) -> str:
    """`text` with the signs that stand-ins kept the place of."""
    text = text.replace(OPEN, "==").replace(CLOSE, "==").replace(REFER, "[^")
    return text.replace(f"{REFERRED}:", "]\\:").replace(REFERRED, "]")


def inline(block: Block, *, cell: bool = False) -> str:
    """A block's words with those of its marks that CommonMark can carry where they stand; the words come first."""
    return _lines(_marks(block, cell=cell))


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
        prefix = "> " * block.quote
        lines = [f"{prefix}{line}".rstrip() for line in text.split("\n")]
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
    plain = [block._replace(quote=block.quote - least) for block in parts]
    text = blocks(plain)
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
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * by + line if line else "" for line in rest)])


def _clean(text: str) -> str:
    return text if text.isascii() and text.isprintable() else canonical(text)


def _unclosed(words: str) -> str:
    """Words that end with signs which would close a heading, and be gone."""
    return _TRAILING.sub(lambda match: "\\" + match[0], words) if words.endswith("#") else words


# -- signs ----------------------------------------------------------------------------------------------------------


def _marks(block: Block, *, cell: bool = False) -> str:
    """A block's words and marks, the beginnings of lines left as they are."""
    text = block.text
    if not block.marks:
        return _signs(text, 0, len(text), cell=cell)
    out: list[str] = []
    at = 0
    for mark in _carried(block):
        out += (_signs(text, at, mark.start, cell=cell), _marked(text, mark, cell=cell))
        at = mark.end
    out.append(_signs(text, at, len(text), cell=cell))
    return "".join(out)


def _lines(text: str) -> str:
    """Lines with their beginnings made safe, joined by forced breaks; empty ones would end a paragraph."""
    if "\n" not in text:
        return _start(text.strip(" \t"))
    lines = [_start(line.strip(" \t")) for line in text.split("\n")]
    return "\\\n".join(line for line in lines if line)


def _signs(text: str, start: int, end: int, *, cell: bool = False, label: bool = False) -> str:
    """`text[start:end]` with a backslash before each sign that means something where it stands in `text`.

    In the `label` of a link no bracket may stand alone.
    """
    if _SPECIAL.search(text, start, end) is None:
        return text[start:end]
    out: list[str] = []
    at = start
    for match in _SPECIAL.finditer(text, start, end):
        out.append(text[at : match.start()])
        means = _means(match, text, end, cell=cell, label=label)
        out.append("\\" + "\\".join(match[0]) if means else match[0])
        at = match.end()
    out.append(text[at:end])
    return "".join(out)


def _means(match: re.Match[str], text: str, end: int, *, cell: bool, label: bool) -> bool:
    """Whether a sign, of what is written up to `end`, would be read as markup."""
    found, after = match[0], text[match.end() : match.end() + 1]
    ends = match.end() == end
    always: dict[str, Callable[[], bool]] = {
        "<": lambda: bool(_TAG.match(text, match.start())),
        "&": lambda: bool(_ENTITY.match(text, match.start())),
        "\\": lambda: ends or not after or after in _PUNCTUATION or after in _STANDINS or after == "\n",
        "!": lambda: ends or after == "[",
        "[": lambda: label or _bracket_means(text, match.start()),
        "]": lambda: label,
        "`": lambda: True,
        "|": lambda: cell,
        "%": lambda: True,
        "$": lambda: bool(_FORMULA.search(text)),
    }
    if found[0] in always:
        return always[found[0]]()
    return _run_means(found, text[max(0, match.start() - 1) : match.start()], after, text)


def _run_means(found: str, before: str, after: str, text: str) -> bool:
    """Whether a run of delimiters could open or close something."""
    open_, close = not after or after.isspace(), not before or before.isspace()
    if open_ and close:
        return False
    if found[0] == "=":
        touches = before in {OPEN, CLOSE} or after in {OPEN, CLOSE}
        return touches or (len(found) == 2 and (text.count("==") > 1 or OPEN in text))
    if found[0] == "~":
        return text.count("~") > len(found) or len(found) > 2
    return not (found[0] == "_" and _is_word(before) and _is_word(after))


def _is_word(char: str) -> bool:
    return bool(char) and char.isalnum()


def _bracket_means(text: str, start: int) -> bool:
    if text.startswith(("[[", "[^"), start) or _BOX.match(text, start):
        return True
    return "](" in text or "][" in text


def _start(line: str) -> str:
    """`line` so that its beginning is no heading, item, quotation, rule, fence, definition or table."""
    match = _LINE_START.match(line)
    if match is None:
        return line
    if match["number"]:
        return f"{match['number']}\\{line[match.end('number') :]}"
    return line if line.startswith("\\") else f"\\{line}"


# -- marks ----------------------------------------------------------------------------------------------------------


def _carried(block: Block) -> list[Mark]:
    """Marks that can be written where they stand, in order, none overlapping another: the widest wins."""
    chosen: list[Mark] = []
    for mark in sorted(block.marks, key=lambda m: (m.start - m.end, m.start)):
        trimmed = _trimmed(block.text, mark)
        if trimmed is None or any(m.start < trimmed.end and m.end > trimmed.start for m in chosen):
            continue
        if _writable(block.text, trimmed):
            chosen.append(trimmed)
    chosen.sort(key=lambda m: m.start)
    # Two that touch would run their signs together.
    return [m for n, m in enumerate(chosen) if not n or chosen[n - 1].end < m.start]


def _trimmed(text: str, mark: Mark) -> Mark | None:
    words = text[mark.start : mark.end]
    start = mark.start + len(words) - len(words.lstrip())
    end = mark.end - (len(words) - len(words.rstrip()))
    return mark._replace(start=start, end=end) if end > start else None


def _writable(text: str, mark: Mark) -> bool:
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    words = text[mark.start : mark.end]
    if "\n" in words or "\t" in words:
        return False
    if mark.kind == "link":
        return bool(_SAFE_LINK.match(mark.target)) and before not in {"!", "\\"}
    if mark.kind == "code":
        return before != "`" and after != "`" and before != "\\"
    if mark.kind not in _WRAP:
        return False
    signs = "*_~=\\`"
    if any(char and char in signs for char in (before, after, words[0], words[-1])):
        return False
    opens = not _may_punctuate(words[0]) or not before or before.isspace() or _punctuates(before)
    closes = not _may_punctuate(words[-1]) or not after or after.isspace() or _punctuates(after)
    return opens and closes and not (mark.kind == "strike" and "~" in text)


def _punctuates(char: str) -> bool:
    """Whether every version of CommonMark counts `char` as punctuation."""
    return char in _PUNCTUATION or char in _STANDINS or unicodedata.category(char)[0] == "P"


def _may_punctuate(char: str) -> bool:
    """Whether some version does: 0.31 added the symbols."""
    return _punctuates(char) or unicodedata.category(char)[0] == "S"


def _marked(text: str, mark: Mark, *, cell: bool) -> str:
    words = text[mark.start : mark.end]
    if mark.kind == "code":
        return _code(words, cell=cell)
    if mark.kind == "link":
        label = _signs(text, mark.start, mark.end, cell=cell, label=True)
        address = mark.target.replace("|", "%7C") if cell else mark.target
        return f"[{label}](<{address}>)" if re.search(r"[()\\]", address) else f"[{label}]({address})"
    wrap = _WRAP[mark.kind]
    return f"{wrap}{_signs(text, mark.start, mark.end, cell=cell)}{wrap}"


def _code(words: str, *, cell: bool) -> str:
    longest = max((len(run) for run in re.findall(r"`+", words)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if words[0] in "` " or words[-1] in "` " else ""
    inside = words.replace("|", "\\|") if cell else words
    return f"{ticks}{pad}{inside}{pad}{ticks}"


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
        yield block._replace(level=level)


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
    plain = phrase(block.text)
    return f"**{plain}**" if plain[:1] not in {"", "*", "\\"} and plain[-1:] != "*" else escape(block.text)


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
    box = "" if block.checked is None else "[x] " if block.checked else "[ ] "
    return _indented(f"{sign} {box}{indent(inline(block), len(sign) + 1)}", block.level - 1)


def _indented(text: str, level: int) -> str:
    """`text` inside `level` lists; four columns a level suit "- " and "1. " alike, and every Markdown program."""
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
    return _start(" | ".join(cell for cell in _cells(block)[0] if cell))


def _cells(block: Block) -> list[list[str]]:
    """The cells as Markdown, each with the marks that stand wholly in it."""
    rows = []
    at = 0
    for row in block.text.split("\n"):
        cells = []
        for words in row.split("\t"):
            inside = [
                mark._replace(start=mark.start - at, end=mark.end - at)
                for mark in block.marks
                if mark.start >= at and mark.end <= at + len(words)
            ]
            cells.append(inline(Block("paragraph", words, tuple(inside)), cell=True))
            at += len(words) + 1
        rows.append(cells)
    return rows
