"""Addresses as link destinations. What is not an address of the web or of mail is no link in a brief."""

import re
from urllib.parse import quote

_SAFE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ENDING = re.compile(r'[\s<>\\"`^{|}\x00-\x1f\x7f-\x9f]')
"""Signs that some program takes for the destination's end, or for more than a part of it."""


def destination(target: str) -> str:
    """`target` as the destination of a Markdown link, or "" when it is not to be one.

    The address stays as it is as far as it can: another reading it back has the same one.
    """
    target = target.strip()
    if not _SAFE.match(target):
        return ""
    coded = _ENTITY.sub("&amp;", _ENDING.sub(lambda sign: quote(sign[0], safe=""), target))
    return f"<{coded}>" if re.search(r"[()\[\]]", coded) else coded
