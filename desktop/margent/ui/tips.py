"""Words of the reader, of colleagues and of documents as tooltips.

Qt takes a tooltip that looks like markup for markup, and markup can name pictures to be loaded: on Windows even from
another computer. A tooltip must show such words and never obey them.
"""

from html import escape

_LONGEST = 1000


def as_tip(text: str) -> str:
    """`text` as a tooltip that shows it as it is, cut to what fits on a screen."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST].rstrip()}…"
    if "<" not in text and "&lt;" not in text:
        return text
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"
