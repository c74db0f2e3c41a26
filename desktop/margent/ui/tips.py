"""Words of the reader, of colleagues and of documents as tooltips and in menus and titles.

Qt takes a tooltip that looks like markup for markup, and markup can name pictures to be loaded: on Windows even from
another computer. A tooltip must show such words and never obey them.
"""

import re

_LONGEST = 1000
_LINE = 100
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of all that comes after it, the program's own words included."""


def as_tip(text: str) -> str:
    """`text` as a tooltip that shows it as it is, cut to what fits on a screen."""
    text = _cut(text, _LONGEST)
    if "<" not in text and "&lt;" not in text:
        return text
    # Without the html module, which the first page would wait for.
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<p>{shown}</p>"


def on_a_line(title: str) -> str:
    """`title` as it goes on a line with other words: cut, and not turning them about."""
    return _cut(_TURNS.sub("", title), _LINE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"
