"""A note's Markdown as the small HTML a card shows. Notes come from colleagues too, so nothing in them may act.

Most notes are a plain sentence or two; these never import Markdown. The others go through Python-Markdown and are
then cut down to a handful of tags: no pictures (nothing is fetched), no scripts, no styles.
"""

import re
from functools import lru_cache
from html import escape

_MARKUP = re.compile(
    r"""[*_`~\[\]\\]             # emphasis, code, links, escapes
    | &\#?\w+;                 # entities
    | ^\s{0,3}(?:\#{1,6}\s|[-+]\s|\d+[.)]\s|>)  # headings, lists, quotations
    | ^\s{0,3}(?:=+|-{2,})\s*$  # underlined headings, rules
    | ^(?:\ {4}|\t)             # code
    | https?://|\w@\w           # addresses
    """,
    re.VERBOSE | re.MULTILINE,
)
_TAGS = {"p", "br", "em", "strong", "b", "i", "del", "s", "ul", "ol", "li", "code", "pre", "blockquote", "a", "hr"}
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
_PICTURE = re.compile(r'<img alt="([^"]*)"[^>]*>')
_LEADING = "130%"


def to_html(note: str) -> str:
    """`note` (Markdown) as HTML for a QLabel: paragraphs, emphasis, lists, quotations, links and code; "" if blank.

    Line ends inside a paragraph are kept: people type notes as they would a message.
    """
    if not note.strip():
        return ""
    return _rendered(note) if _MARKUP.search(note) else _plain(note)


def _plain(note: str) -> str:
    paragraphs = [escape(part.strip("\n")) for part in re.split(r"\n\s*\n", note.strip())]
    return "".join(_paragraph(part.replace("\n", "<br>"), first=not n) for n, part in enumerate(paragraphs))


def _paragraph(inner: str, *, first: bool) -> str:
    return f'<p style="margin-top:{0 if first else 6}px; line-height:{_LEADING}">{inner}</p>'


@lru_cache(maxsize=200)
def _rendered(note: str) -> str:
    import nh3  # noqa: PLC0415 - plain notes do without
    from markdown import Markdown  # noqa: PLC0415

    markdown = Markdown(
        extensions=["nl2br", "sane_lists", "pymdownx.tilde", "pymdownx.magiclink"],
        extension_configs={"pymdownx.tilde": {"subscript": False}, "pymdownx.magiclink": {"hide_protocol": True}},
        output_format="html",
    )
    # Raw HTML is shown as it was typed, not obeyed.
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    html = _HEADING.sub(r"<p><b>\1</b></p>", _PICTURE.sub(r"\1", markdown.convert(note)))
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return _set(clean)


def _set(html: str) -> str:
    """Give paragraphs and lists the leading and the gaps of a card; the first thing stands at its top."""
    numbered = iter(range(len(html)))
    html = re.sub(
        r"<(p|ul|ol|blockquote|pre)>",
        lambda found: (
            f'<{found[1]} style="margin:{0 if next(numbered) == 0 else 4}px 0 0 {_indent(found[1])}px; '
            f'line-height:{_LEADING}; -qt-list-indent:0">'
        ),
        html,
    )
    html = html.replace("<li>", f'<li style="line-height:{_LEADING}">')
    # The interface face has two weights; a true bold would be smeared out of the lighter one.
    return re.sub(r"<(?:b|strong)>", '<span style="font-weight:600">', re.sub(r"</(?:b|strong)>", "</span>", html))


def _indent(tag: str) -> int:
    return {"ul": 16, "ol": 18, "blockquote": 10, "pre": 0}.get(tag, 0)
