"""Markdown as people write it today, made into the Markdown that Python-Markdown reads.

Python-Markdown keeps the rules of 2004: a nested list needs four spaces, a list or table a blank line before it, and
"#tag" is a heading. Editors, GitHub and Obsidian follow CommonMark, where a nested block lines up with the text of
its item. So lists are re-indented to four spaces a level, line by line, with code left as it is.
"""

import re
from dataclasses import dataclass

from margent.formats.rawhtml import begins_block, closed

_MARKER = re.compile(r"([-*+]|\d{1,9}[.)])( +(?=\S)|[ ]*$)")
_RULE = re.compile(r"([-*_])[ ]*(?:\1[ ]*){2,}$")
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
_HASH = re.compile(r"#[^#\s]")
_GAP = re.compile(r"[ \t]{40,}")
"""White space that Python-Markdown would look through once for each of its signs where it stands in a heading."""
_HEADING = re.compile(r"#{1,6}(?:[ ]|$)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
_DEFINITION = re.compile(r"[ ]{0,3}:[ ]{1,3}\S")
_REFERENCE = re.compile(r"[ ]{0,3}\[[^\]\[^][^\]\[]*\]:[ ]*\S")
_LABEL = re.compile(r"[ ]{0,3}\[[^\]\[^][^\]\[]*\]:[ ]*$")
_ABBREVIATION = re.compile(r"\*\[[^\\\]\[]+\][ ]?:[ ]*\S")
_LANGUAGE = re.compile(r"[\w+#.-]*\w[\w+#.-]*")
_VERBATIM = re.compile(r"<(pre|script|style|textarea)\b|<!--", re.IGNORECASE)
_DELIMITERS = re.compile(r"[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_CALLOUT = re.compile(r"\[!([\w-]+)\][-+]?[ ]*(.*)$")
_STEP = 4
_DEEPEST = 12
"""Nested quotations that are looked into; deeper ones stay as they are."""
_LEVELS = 40
"""Nested lists; a deeper item stands beside the one above, for Python-Markdown calls itself for each level."""
_BRACKETS = 1000
"""Opening brackets in a paragraph up to which all of them are left to Python-Markdown."""
_STEPS = 2_000_000
_SPANS = 20_000_000_000
"""Backticks times code points: Python-Markdown copies a paragraph for each span of code in it."""
_NESTED = 10
_REACH = 4096
"""Code points within which the address of a link must end."""


@dataclass
class _Item:
    column: int
    """Where the item's text begins in the source; what is indented so far belongs to it."""
    bullet: bool


def normalised(text: str, *, depth: int = 0) -> str:
    """`text` with lists, tables, quotations and fences as Python-Markdown wants them; the words stay the same."""
    return tamed("\n".join(_Lines(text.split("\n"), depth).run()))


def tamed(text: str) -> str:
    """`text` with brackets that cannot be links set aside, in paragraphs that have very many of them.

    Python-Markdown looks for the end of each bracket from each of them, so that ten thousand open ones take minutes.
    """
    if "<![" in text:
        text = "\n".join(line if "`" in line else line.replace("<![", "&lt;![") for line in text.split("\n"))
    return "\n\n".join(map(_escaped, text.split("\n\n"))) if _takes_long(text) else text


def restored(html: str) -> str:
    """The HTML of a text that was `tamed`, with the signs back that were set aside."""
    for aside, sign in _ASIDE.items():
        html = html.replace(aside, sign)
    return html


def _takes_long(text: str) -> bool:
    """Whether Python-Markdown, which may read a paragraph to its end from each sign, takes seconds for it."""
    signs = sum(map(text.count, "[<\\`"))
    return text.count("[") > _BRACKETS or signs * len(text) > _STEPS


def _escaped(paragraph: str) -> str:
    if not _takes_long(paragraph):
        return paragraph
    if paragraph.count("`") * len(paragraph) > _SPANS:
        paragraph = paragraph.replace("`", _TICK)
    paragraph = _MANY_BACKSLASHES.sub(lambda run: _BACKSLASH * len(run[0]), paragraph)
    last = paragraph.rfind(">") + 1
    paragraph = paragraph[:last] + paragraph[last:].replace("<", _LESS)
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    lost: list[int] = []
    for found in re.finditer(r"\\.|\[|\](\(?)", paragraph):
        if found[0] == "[":
            opened.append(found.start())
        elif found[0][0] == "]" and opened:
            endless = found[1] and paragraph.find(")", found.end(), found.end() + _REACH) < 0
            if endless or found.start() - opened[-1] > _REACH:
                lost.append(opened.pop())
            else:
                pairs.append((opened.pop(), found.start()))
    around: list[int] = []
    for start, end in sorted(pairs):
        while around and around[-1] < start:
            around.pop()
        around.append(end)
        if len(around) > _NESTED:
            lost.append(start)
    parts: list[str] = []
    last = 0
    for place in sorted(lost + opened):
        parts += [paragraph[last:place], _BRACKET]
        last = place + 1
    return "".join([*parts, paragraph[last:]])


_BRACKET, _LESS, _BACKSLASH, _TICK = "\x1a", "\x0e", "\x0f", "\x10"
"""What stands for a sign while Python-Markdown reads: controls, which no text has that comes here."""
_ASIDE = {_BRACKET: "[", _LESS: "&lt;", _BACKSLASH: "\\", _TICK: "`"}
_MANY_BACKSLASHES = re.compile(r"\\{64,}")


class _Lines:
    """One pass over the lines of a document or of a quotation in it."""

    def __init__(self, lines: list[str], depth: int) -> None:
        self.lines = lines
        self.out: list[str] = []
        self.depth = depth
        self.items: list[_Item] = []
        self.fence = ""
        self.fence_indent = 0
        self.closing = ""
        self.paragraph = False
        """Whether the line before is prose that the present one could continue."""
        self.blank = True
        self.code = False

    def run(self) -> list[str]:
        place = 0
        while place < len(self.lines):
            place = self._line(place)
        if self.fence:
            self._end_fence()
        return self.out

    def _line(self, place: int) -> int:
        """Take the line at `place`, or several; the place of the next."""
        line = _expanded(self.lines[place])
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if self.closing:
            self.out.append(self.lines[place])
            self.closing = "" if self.closing in line.lower() else self.closing
        elif self.fence:
            self._in_fence(line, indent, body)
        elif not body:
            self.out.append("")
            self.blank, self.paragraph = True, False
        elif indent < _STEP and not self._column(indent) and begins_block(body):
            return self._block_of_html(place)
        elif body.startswith(">") and indent - self._column(indent) < _STEP:
            return self._quotation(place, indent)
        else:
            self._content(place, line, indent, body)
            self.blank = not self.out[-1]
        return place + 1

    def _block_of_html(self, place: int) -> int:
        lines, place = closed(self.lines, place)
        self.items.clear()
        if not self.blank:
            self.out.append("")
        self.out += [*lines, ""]
        self.blank, self.paragraph, self.code = True, False, False
        return place

    def _begin_fence(self, opening: re.Match[str], indent: int) -> None:
        """Python-Markdown knows one word after a fence, the language, and no more."""
        language = _LANGUAGE.search(opening.string, opening.end())
        self.fence, self.fence_indent = opening[1], indent
        self.out.append(self._margin() + self.fence + (language[0] if language else ""))
        self.paragraph = False

    def _in_fence(self, line: str, indent: int, body: str) -> None:
        if body.startswith(self.fence) and not body.strip(self.fence[0] + " "):
            self._end_fence()
        else:
            self.out.append(self._margin() + line[min(indent, self.fence_indent) :])

    def _end_fence(self) -> None:
        self.out += [self._margin() + self.fence, ""]
        self.fence = ""
        self.blank, self.paragraph = True, False

    def _content(self, place: int, line: str, indent: int, body: str) -> None:
        marker = None if _RULE.match(body) else _MARKER.match(body)
        if self.items and self.paragraph and marker is None and indent < self.items[-1].column and not _begins(body):
            self.out.append(self._margin() + _hard_break(body))
            return
        left = self._leave(indent)
        relative = indent - (self.items[-1].column if self.items else 0)
        nests = marker is not None and not self.blank and bool(self.items) and relative < 2 * _STEP
        if relative >= _STEP and not nests:
            self._indented(line, relative, body)
            return
        self.code = False
        if marker is not None and self._may_begin(marker, left):
            self._item(marker, indent, body)
            return
        fence = _FENCE.match(body)
        if fence:
            if not self.blank:
                self.out.append("")
            self._begin_fence(fence, indent)
            return
        self._prose(place, line, body)

    def _indented(self, line: str, relative: int, body: str) -> None:
        """Code where a blank line or code stands before it, otherwise the paragraph goes on."""
        if self.blank or self.code:
            self.code, self.paragraph = True, False
            self.out.append(self._margin() + " " * relative + body)
        else:
            self.out.append(self._margin() + body if self.items else line)

    def _prose(self, place: int, line: str, body: str) -> None:
        following = self.lines[place + 1] if place + 1 < len(self.lines) else ""
        heading = _HEADING.match(body) is not None
        reference = _REFERENCE.match(body) and not _REFERENCE.match(self.out[-1] if self.out else "")
        if self.paragraph and (heading or reference or _begins_table(body, following) or self._begins_term(following)):
            self.out.append("")
        elif self.paragraph and self._defines_again(body):
            # Python-Markdown takes the first definition of a paragraph, and copies the rest.
            self.out.append("")
        if heading:
            body = _GAP.sub(" ", body)
        if _HASH.match(body) and any(filter(None, self.out)):
            body = "\\" + body
        verbatim = _VERBATIM.match(body)
        if verbatim:
            closing = f"</{verbatim[1].lower()}" if verbatim[1] else "-->"
            self.closing = "" if closing in body.lower() else closing
        margin = self._margin() if self.items else line[: len(line) - len(line.lstrip(" "))]
        self.out.append(margin + (_hard_break(body) if following.strip() else body))
        if heading or (self.paragraph and _UNDERLINE.match(body)):
            # Without a blank line Python-Markdown copies the rest of the paragraph for each heading in it.
            self.out.append("")
        self.paragraph = not heading and not _RULE.match(body)

    def _defines_again(self, body: str) -> bool:
        """Whether a line defines an abbreviation, or a reference whose address follows, as lines before it do."""
        if _LABEL.match(body):
            return any(map(_LABEL.match, self.out[-2:]))
        return _ABBREVIATION.match(body) is not None and _ABBREVIATION.match(self.out[-1]) is not None

    def _begins_term(self, following: str) -> bool:
        """Whether the line before is a definition and the one after too, so that a new term stands here."""
        return _DEFINITION.match(following) is not None and _DEFINITION.match(self.out[-1]) is not None

    # -- lists ----------------------------------------------------------------------------------------------------

    def _margin(self) -> str:
        return " " * (_STEP * len(self.items))

    def _column(self, indent: int) -> int:
        """Where the text of the innermost item that a line so far indented belongs to begins."""
        return max((item.column for item in self.items if item.column <= indent), default=0)

    def _leave(self, indent: int) -> _Item | None:
        """Leave the items that a line so far indented is outside of; the outermost of them."""
        left = None
        while self.items and indent < self.items[-1].column:
            left = self.items.pop()
        return left

    def _may_begin(self, marker: re.Match[str], left: _Item | None) -> bool:
        """Whether a list item begins here, or a paragraph goes on with a dash or a year."""
        if not self.paragraph or self.items or left is not None:
            return True
        return bool(marker[2]) and marker.end() < len(marker.string) and (marker[1] in "-*+" or marker[1][:-1] == "1")

    def _item(self, marker: re.Match[str], indent: int, body: str) -> None:
        bullet = marker[1] in {"-", "*", "+"}
        if not self.blank:
            # Python-Markdown takes an item after the second paragraph of another one for more of that paragraph.
            self.out.append("")
        spaces = len(marker[2])
        text = body[marker.end() :]
        if spaces > _STEP:
            text, spaces = " " * (spaces - 1) + text, 1
        del self.items[_LEVELS - 1 :]
        margin = self._margin()
        self.items.append(_Item(indent + len(marker[1]) + max(spaces, 1), bullet=bullet))
        sign = "-" if bullet else f"{marker[1][:-1]}."
        fence = _FENCE.match(text)
        if fence or not text:
            # Python-Markdown knows neither a fence beside a marker nor an item without text.
            self.out.append(f"{margin}{sign} {_NOTHING}")
        else:
            self.out.append(f"{margin}{sign} {text}")
        if fence:
            self.out.append("")
            self._begin_fence(fence, self.items[-1].column)
        inner = None if _RULE.match(text) else _MARKER.match(text)
        if inner is not None and text.strip():
            self.items.append(
                _Item(self.items[-1].column + len(inner[1]) + max(len(inner[2]), 1), bullet=inner[1] in {"-", "*", "+"})
            )
        self.paragraph = not fence

    # -- quotations -----------------------------------------------------------------------------------------------

    def _quotation(self, place: int, indent: int) -> int:
        """Normalise the lines of a quotation by themselves, and put them back with their signs."""
        self._leave(indent)
        end = place
        while end < len(self.lines) and self.lines[end].lstrip().startswith(">"):
            end += 1
        inner = [line.lstrip()[1:].removeprefix(" ") for line in self.lines[place:end]]
        callout = _CALLOUT.match(inner[0])
        if callout:
            inner[:1] = [f"**{callout[2] or callout[1].replace('-', ' ').capitalize()}**", ""]
        if self.depth < _DEEPEST:
            inner = _Lines(inner, self.depth + 1).run()
        margin = self._margin()
        if not self.blank and self.paragraph:
            self.out.append("")
        self.out += [f"{margin}> {line}".rstrip(" ") if not line.strip() else f"{margin}> {line}" for line in inner]
        self.blank, self.paragraph, self.code = False, True, False
        return end


_NOTHING = "&#32;"


def _expanded(line: str) -> str:
    """`line` with the tabs of its indentation as spaces; those in its text stay."""
    if "\t" not in line:
        return line
    body = line.lstrip(" \t")
    lead = line[: len(line) - len(body)].expandtabs(_STEP)
    marker = re.match(r"([-*+]|\d{1,9}[.)])\t+", body)
    return lead + (marker[1] + " " + body[marker.end() :] if marker else body)


def _begins_table(body: str, following: str) -> bool:
    return "|" in body and "|" in following and _DELIMITERS.match(following.strip()) is not None


def _begins(body: str) -> bool:
    """Whether a line begins something that ends a paragraph by itself."""
    return bool(re.match(r"#{1,6}[ ]|>", body) or _RULE.match(body) or _FENCE.match(body))


def _hard_break(body: str) -> str:
    """A backslash at a line's end is CommonMark's line break."""
    if body.endswith("\\") and not body.endswith("\\\\"):
        return body[:-1].rstrip() + "  "
    return body
