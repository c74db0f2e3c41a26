"""Blocks of HTML between Markdown, which CommonMark ends at a blank line and Python-Markdown at the closing tag.

GitHub's writers wrap whole sections in <details> or <div>. What such a tag holds is Markdown again after a blank line,
so the tag is closed there; what it meant for the whole section is lost, its words are not.
"""

import re
from collections.abc import Sequence

_TAGS = (
    "address|article|aside|blockquote|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|"
    "header|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_BEGINS = re.compile(rf"</?(?!pre\b)(?:{_TAGS})(?=[\s>/])(?![^>]*\bmarkdown\s*=)", re.IGNORECASE)
_TAG = re.compile(rf"<(/?)({_TAGS})(?=[\s>/])[^<>]*?(/?)>", re.IGNORECASE)


def begins_block(line: str) -> bool:
    """Whether a line begins a block of HTML that does not ask for Markdown in it."""
    return line.startswith("<") and _BEGINS.match(line) is not None


def closed(lines: Sequence[str], start: int) -> tuple[list[str], int]:
    """The lines of the block of HTML that begins at `start`, each of its tags closed; and where the next line is.

    The block goes on beyond a blank line where HTML follows and something is still open.
    """
    standing: list[str] = []
    block: list[str] = []
    place = start
    while place < len(lines):
        line = lines[place]
        if line.strip():
            block.append(_balanced(line, standing))
        elif _goes_on(lines, place, standing):
            block.append("")
        else:
            break
        place += 1
    if standing:
        block.append("".join(f"</{tag}>" for tag in reversed(standing)))
    return block, place


def _goes_on(lines: Sequence[str], place: int, standing: Sequence[str]) -> bool:
    if "pre" in standing:
        return True
    while standing and place < len(lines) and not lines[place].strip():
        place += 1
    return bool(standing) and place < len(lines) and lines[place].lstrip().startswith("<")


def _balanced(line: str, standing: list[str]) -> str:
    """`line` without end tags of what was never begun; `standing` is what is open before it and then after it."""

    def keep(found: re.Match[str]) -> str:
        tag = found[2].lower()
        if not found[1]:
            if not found[3]:
                standing.append(tag)
            return found[0]
        if tag not in standing:
            return ""
        while standing.pop() != tag:
            pass
        return found[0]

    return _TAG.sub(keep, line)
