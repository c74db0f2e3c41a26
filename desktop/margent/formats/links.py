"""Addresses that stand bare in prose, as marks that can be followed."""

import re

from margent.document import Mark

_BARE = re.compile(
    r"(?<![\w@./-])(?:(?P<web>https?://[^\s<>\"“”«»]+|www\.[^\s<>\"“”«»]+\.[^\s<>\"“”«»]+)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+))",
    re.IGNORECASE,
)
_AFTER = ".,;:!?…'’*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_LONGEST = 4096


def bare_links(text: str) -> tuple[Mark, ...]:
    """A link mark for each web and mail address in `text`, without the punctuation that follows it."""
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return ()
    marks: list[Mark] = []
    for found in _BARE.finditer(text):
        end = _end(text, found.start(), found.end())
        address = text[found.start() : end]
        if end - found.start() > _LONGEST or address.lower() in {"http://", "https://", "www."}:
            continue
        scheme = "mailto:" if found["mail"] else "" if "://" in address[:8] else "http://"
        marks.append(Mark("link", found.start(), end, scheme + address))
    return tuple(marks)


def is_link_line(text: str) -> bool:
    """Whether a line is an address, alone or after a label: "Read more: https://…"."""
    links = bare_links(text)
    if len(links) != 1:
        return False
    before, after = text[: links[0].start].rstrip(" <(["), text[links[0].end :].strip(" >)].")
    return not after and (not before or (len(before) <= 60 and before.endswith((":", "–", "—", "-", "→", "»"))))


def _end(text: str, start: int, end: int) -> int:
    """Where the address that begins at `start` ends: brackets belong to it only in pairs."""
    while end > start:
        last = text[end - 1]
        opening = _PAIRS.get(last)
        if last in _AFTER or (opening and text.count(last, start, end) > text.count(opening, start, end)):
            end -= 1
        else:
            break
    return end
