"""Plain text into a document: an article pasted into a file, a report from a wrapping editor, an old e-mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from margent.document import Align, Block, Document
from margent.formats.bylines import authors_in, date_in
from margent.formats.decoding import decode
from margent.formats.links import bare_links, is_link_line
from margent.formats.naming import Names
from margent.formats.stanzas import LONG, Line, Piece, lines_of, pieces_of, stanzas_of, wrapping_of
from margent.formats.titles import stem, title_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_END = re.compile(r"[.!?…؟。！？।]['\"”’»)\]]*$")
_SECTION = re.compile(
    r"(?:chapter|part|section|annex|appendix|article|kapitel|abschnitt|chapitre|partie|capítulo|глава|часть|раздел|"
    r"тарау|бөлім)\s+(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"(?:(?:executive )?summary|abstract|introduction|background|overview|context|key (?:points|findings|messages)|"
    r"conclusions?|recommendations?|outlook|foreword|preface|contents|references|bibliography|further reading)",
    re.IGNORECASE,
)
_ENUMERATED = re.compile(r"(?:\d{1,2}[.)]|(?P<deep>\d{1,2}(?:\.\d{1,2}){1,4})[.)]?|[IVX]{1,5}[.)])\s+(?P<title>\S)")
_FURNITURE = re.compile(
    r"(?:advertis|sponsored|share(?: this| on| via|$)|tweet|subscribe|sign up|newsletter|most read|trending|"
    r"follow us|page \d|related(?: \w+)?$|read (?:more|also|next)|see also|also read|editor.s pick|story continues|"
    r"listen to|watch:|watch now|"
    r"(?:photo|image|picture|video|credit|caption|source|tag|topic|comment)s?\b(?:\s*:|$)|filed under|"
    r"источник|читайте|реклама|фото)"
    r"|.*(?:\bgetty\b|\breuters\b|\bafp\b|\bphotos? by\b|\bfile photo\b|\bcourtesy of\b|©)",
    re.IGNORECASE,
)
"""What stands between the paragraphs of an article on the web and belongs to its page, not to its text."""
_RUBRIC = re.compile(
    r"(?:analysis|breaking|business|comment|editorial|exclusive|explainer|interview|news|opinion|politics|world)"
    r"(?: news)?|.+ [|/›»] .+",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?:title|headline|subject)\s*:\s*(\S.*)", re.IGNORECASE)
_SOURCE = re.compile(r"(?:source|quelle|источник|дереккөз)\s*:\s*(\S.*)", re.IGNORECASE)


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:  # noqa: ARG001
    """The document in plain text `data` from a file called `name`. Plain text shows no pictures."""
    lines, notices = _lines(data, name)
    pieces = _opened(_pieces(lines))
    del lines
    title, place = _title(pieces, name)
    body = next((index for index, piece in enumerate(pieces) if index > place and _is_prose(piece)), len(pieces))
    for index in range(len(pieces) - 2, place, -1):
        _find_heading(pieces[index], pieces[index + 1], in_head=index < body)
    head = [piece.text for piece in pieces[:body] if piece.kind == "prose"]
    blocks = _blocks(pieces)
    if place < 0 and blocks[:1] and blocks[0].text != title and any(block.text for block in blocks):
        blocks.insert(0, Block("heading", title, level=1))
    names = Names()
    return Document(
        title=title,
        blocks=tuple(b._replace(target=names.new(b.text)) if b.kind == "heading" else b for b in blocks),
        authors=next(filter(None, map(authors_in, head)), ()),
        date=next(filter(None, map(date_in, head)), ""),
        source=_source([*head, *(piece.text for piece in pieces[-3:])]),
        notices=notices,
    )


def blocks_of(text: str) -> list[Block]:
    """Plain text as blocks, its lines joined to paragraphs; without a search for a title and headings."""
    blocks = _blocks(_pieces(lines_of(text)))
    return [block._replace(kind="paragraph", level=0) if block.kind == "heading" else block for block in blocks]


def _lines(data: bytes, name: str) -> tuple[list[Line], tuple[str, ...]]:
    """The lines in `data`, and notices; the text itself is gone then."""
    text, notices = decode(data, name)
    return lines_of(text), notices


def _pieces(lines: Sequence[Line]) -> list[Piece]:
    stanzas = list(stanzas_of(lines))
    return pieces_of(stanzas, wrapping_of(stanzas))


def _opened(pieces: list[Piece]) -> list[Piece]:
    """The pieces with a first stanza of two or three short lines taken apart: headline, standfirst, byline."""
    if len(pieces) < 2 or pieces[0].kind != "prose" or not 1 <= pieces[0].text.count("\n") <= 2:
        return pieces
    lines = pieces[0].text.split("\n")
    return [*(Piece("prose", line, pieces[0].quote, pieces[0].indent, alone=True) for line in lines), *pieces[1:]]


def _title(pieces: Sequence[Piece], name: str) -> tuple[str, int]:
    """The title and the index of the piece that is it (made a heading 1), or the file's name and -1."""
    for index, piece in enumerate(pieces[:4]):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if piece.kind == "rule" or is_link_line(piece.text):
            continue
        if piece.kind == "heading" or (following and (_is_headline(piece) or _is_sentence_above(piece, following))):
            if following is not None and _is_kicker(piece, following):
                continue
            piece.kind, piece.level = "heading", 1
            return piece.text, index
        if date_in(piece.text) or authors_in(piece.text):
            continue
        labelled = _LABELLED.fullmatch(piece.text)
        if labelled or (following is None and _is_headline(piece)):
            return (labelled[1] if labelled else piece.text), -1
        break
    return stem(name), -1


def _is_headline(piece: Piece) -> bool:
    text = piece.text
    if piece.kind != "prose" or piece.quote or _LABELLED.fullmatch(text) or authors_in(text) or date_in(text):
        return False
    return title_line(text) or (len(text) <= LONG and "\n" not in text and text.endswith(("?", "!")))


def _is_sentence_above(piece: Piece, following: Piece) -> bool:
    """Whether a short sentence alone above a longer paragraph is a headline with a full stop."""
    text = piece.text
    short = piece.kind == "prose" and not piece.quote and piece.alone and len(text) <= 100 and "\n" not in text
    plain = text[:1].isalnum() and not (authors_in(text) or date_in(text) or _LABELLED.fullmatch(text))
    return short and plain and text.endswith(".") and _is_prose(following) and len(following.text) > len(text)


def _is_kicker(piece: Piece, following: Piece) -> bool:
    """Whether a headline is only the rubric above the real one: "OPINION", "World | Europe"."""
    text = piece.text
    rubric = text.isupper() or _RUBRIC.fullmatch(text) is not None
    shorter = len(text) <= 40 and len(text) < len(following.text)
    return piece.kind == "prose" and rubric and shorter and _is_headline(following)


def _is_prose(piece: Piece) -> bool:
    """Whether a piece is a paragraph of running text rather than a line that could be anything."""
    text = piece.text
    if piece.kind != "prose" or is_link_line(text):
        return False
    return len(text) >= 80 or (_END.search(text) is not None and len(text.split()) >= 8)


def _find_heading(piece: Piece, following: Piece, *, in_head: bool) -> None:
    """Make a heading of a short line that stands by itself above something, if it reads like one.

    Before the first paragraph of the body (`in_head`) a short line may be a name, a place or a rubric, so that there
    only a numbered line, one of capitals or a word like "Summary" is a heading.
    """
    text = piece.text
    short = piece.kind == "prose" and piece.alone and not piece.quote and len(text) <= 80 and "\n" not in text
    if not short or not title_line(text) or text.endswith(("?", "!")) or following.kind in {"rule", "table", "code"}:
        return
    if (
        is_link_line(text)
        or date_in(text)
        or authors_in(text)
        or not (following.kind != "prose" or _is_prose(following))
    ):
        return
    plain = not in_head and following.kind != "heading" and _reads_like_a_heading(text)
    numbered = _ENUMERATED.match(text)
    if numbered and not numbered["title"].islower():
        piece.kind, piece.level = "heading", min(2 + (numbered["deep"] or "").count("."), 6)
    elif _SECTION.match(text) or _KNOWN.fullmatch(text) or _in_capitals(text) or plain:
        piece.kind, piece.level = "heading", 2


def _in_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and text.isupper() and not _FURNITURE.match(text) and not any(map(str.isdigit, text))


def _reads_like_a_heading(text: str) -> bool:
    first = text[0]
    if (
        len(text) > 60
        or not any(map(str.isalpha, text))
        or len(text.split()) > 10
        or not first.isalnum()
        or first.islower()
    ):
        return False
    return _FURNITURE.match(text) is None and not any(sign in text for sign in '|@“”"«»')


def _blocks(pieces: Sequence[Piece]) -> list[Block]:
    """The pieces as blocks; indentation tells how deep an item is, and whether a paragraph still belongs to one."""
    blocks: list[Block] = []
    indents: list[int] = []
    for piece in pieces:
        if piece.kind == "item":
            while indents and piece.indent < indents[-1]:
                indents.pop()
            if not indents or piece.indent > indents[-1] + 1:
                indents.append(piece.indent)
        elif not (indents and piece.kind in {"prose", "code"} and piece.indent >= indents[-1] + 2):
            indents.clear()
        blocks.append(_block(piece, len(indents)))
    return blocks


def _block(piece: Piece, level: int) -> Block:
    text, quote = piece.text, piece.quote
    match piece.kind:
        case "heading":
            return Block("heading", text, bare_links(text), level=piece.level, quote=quote)
        case "table":
            align: Align = "left"
            columns = text.partition("\n")[0].count("\t") + 1
            return Block("table", text, bare_links(text), quote=quote, align=(align,) * columns)
        case "item":
            ordered, number = piece.ordered, piece.number
            return Block("item", text, bare_links(text), level=level, quote=quote, ordered=ordered, number=number)
        case "rule" | "code":
            return Block(piece.kind, text, level=level, quote=quote)
    return Block("quotation" if quote else "paragraph", text, bare_links(text), level=level, quote=quote)


def _source(lines: Sequence[str]) -> str:
    """The address in a line "Source: https://…" at the head or foot, when there is one only."""
    found = {mark.target for line in lines if _SOURCE.fullmatch(line) for mark in bare_links(line)}
    return found.pop() if len(found) == 1 else ""
