r"""A note keeps the Markdown its author typed, without the power to change what stands around it.

A note is read by people who did not write it, between texts of others. So it may hold lists, emphasis, links, tables
and code, but no headings (they would enter the document's outline), no HTML (it could hide all that follows), no
definitions (they vanish, and change links elsewhere) and no code, comment or formula left open.
"""

import re

_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})(.*)$")
_CONTAINER = re.compile(r"[ \t]*(?:(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))[ \t]*)*")
_UNDERLINE = re.compile(r"((?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))*[ \t]*)(=+|-+)$")
_HEADING = re.compile(r"#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?$")
_DEFINITION = re.compile(r"(?P<open>\[)?(?:\\.|[^\[\]\\])*\]:")
"""The label of a link's address, or the rest of one that a line before began."""
_TOKEN = re.compile(
    r"""\\.
      | (?<!`)(?P<ticks>`+)(?!`)(?P<code>.*?)(?<!`)(?P=ticks)(?!`)
      | (?P<address><(?:https?://|mailto:)[^\s<>]*>)
      | (?P<open>`)
      | (?P<tag><(?=[A-Za-z/!?]))
      | (?P<footnote>\[\^)
      | (?P<comment>%%)
      | (?P<formula>\$\$)""",
    re.VERBOSE,
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


_CARE = re.compile(r"[`~<#\[%$\t]")
_CARE_AT_ENDS = ("-", "=", " ")
"""What is in, or ends a line of, every note that is not calm as it is."""


def tamed(text: str) -> str:
    """`text` (canonical, no line break at its ends) with what reaches beyond it made words."""
    if not (_CARE.search(text) or text.endswith(_CARE_AT_ENDS) or any(f"{sign}\n" in text for sign in _CARE_AT_ENDS)):
        return text
    lines = [_spaces(line) for line in text.split("\n")]
    words = _Words(lines)
    out: list[str] = []
    fence: list[str] = []
    sign = ""
    inner = column = 0
    for line in lines:
        opening = _FENCE.match(line.lstrip(" "))
        width = len(line) - len(line.lstrip(" "))
        if fence:
            fence.append(line[min(width, column) :])
            if opening and width < 4 and opening[1].startswith(sign) and not opening[2].strip():
                out.append(set_in([*fence[:-1], line.lstrip(" ")]))
                fence = []
        elif inner and (not line or width >= inner):
            # Code inside a list item ends with the item; until then its lines are not read as fences.
            out.append(words.plain(line))
            inner = 0 if opening and not opening[2].strip() else inner
        elif opening and width < 4:
            # One that might or might not belong to the list before it begins at the margin, where it surely opens.
            fence, sign, column = [line.lstrip(" ")], opening[1], width
            inner = 0
        else:
            container = _CONTAINER.match(line)
            prefix = container[0] if container else ""
            inner = len(prefix) if prefix.strip() and ">" not in prefix and _FENCE.match(line[len(prefix) :]) else 0
            added = _line(line, prefix, out[-1] if out else "", words)
            out += added if added[0] or (out and out[-1]) else added[1:]
    if fence:
        out.append(set_in([*fence, sign]))
    return "\n".join(out).strip("\n")


def set_in(lines: list[str]) -> str:
    """Lines of fenced code; one column in where one could be taken for a comment of ours, which changes no code."""
    pad = " " if any(line.startswith("<!--") for line in lines) else ""
    return "\n".join(pad + line.rstrip() if line else "" for line in lines)


class _Words:
    """The words between a note's code. Where a code span is left open in one line, no line's code is certain."""

    def __init__(self, lines: list[str]) -> None:
        text = "\n".join(lines)
        self._certain = (
            not any(match["open"] for line in lines for match in _TOKEN.finditer(line)) if "`" in text else True
        )
        self._formula = text.count("$$") % 2 == 1

    def plain(self, line: str) -> str:
        """A line in which nothing is HTML, the address of a footnote, a hidden comment or an open formula."""
        return _TOKEN.sub(self._token, line) if line else line

    def _token(self, match: re.Match[str]) -> str:
        # Python-Markdown takes no backslash before these signs; a character reference is read by every program.
        if match["tag"] or match[0] == "\\<":
            return "&lt;"
        if match["footnote"]:
            return "\\[^"
        if match["comment"]:
            return "&#37;%"
        if match["formula"] and self._formula:
            return "&#36;$"
        if match["code"] and not self._certain:
            return _TAG.sub("&lt;", match[0])
        return match[0]


def _line(line: str, prefix: str, before: str, words: _Words) -> list[str]:
    """A line outside code as the lines it becomes."""
    breaks = line.endswith("  ")
    line = line.rstrip()
    rest = line[len(prefix) :]
    heading = _HEADING.match(rest)
    if heading:
        title = words.plain((heading[1] or "").strip())
        strong = f"**{title}**" if title and not re.search(r"[*\\]", title) else title
        # A paragraph of its own, as the heading was.
        return [
            *([""] if before and not prefix.strip() else []),
            f"{prefix}{strong}".rstrip(),
            *([""] if not prefix else []),
        ]
    underline = _UNDERLINE.match(line) if before.strip() else None
    if underline:
        return [f"{underline[1]}\\{underline[2]}"]
    definition = _DEFINITION.match(rest)
    # Behind a bracket that a line before opened, an escaped one is a part of the label and does not help.
    if definition and definition["open"] and not before.strip():
        rest = f"\\{rest}"
    elif definition and (before.strip() or "\\" not in definition[0]):
        rest = f"{rest[: definition.end() - 1]}&#58;{rest[definition.end() :]}"
    said = prefix + words.plain(rest)
    return [f"{said}  " if breaks and said else said]


def _spaces(line: str) -> str:
    """The line with its indentation in spaces."""
    bare = line.lstrip(" \t")
    return line[: len(line) - len(bare)].expandtabs(4) + bare if line.strip() else ""
