"""Markdown into a document: front matter, then Python-Markdown, then the same way as any HTML."""

from __future__ import annotations

import string
import unicodedata
from typing import TYPE_CHECKING

import markdown
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.footnotes import FootnoteExtension, FootnoteReorderingProcessor
from markdown.extensions.md_in_html import MarkdownInHtmlExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension, TableProcessor
from markdown.extensions.toc import TocExtension
from pymdownx.highlight import HighlightExtension
from pymdownx.magiclink import MagiclinkExtension
from pymdownx.mark import MarkExtension
from pymdownx.superfences import SuperFencesCodeExtension
from pymdownx.tasklist import TasklistExtension
from pymdownx.tilde import DeleteSubExtension

from margent.document import Block, Document, GivenTheme, canonical
from margent.errors import MargentError
from margent.formats import dialect, html, metadata, pace
from margent.formats.decoding import decode
from margent.formats.naming import Names
from margent.formats.passages import Passages
from margent.formats.stretches import stretches
from margent.formats.titles import stem, title_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from margent.formats.metadata import ThemeEntry

_CELLS = 200_000
"""Cells up to which a table may be as empty as it likes."""
_TICKS = 1000
"""Backticks in a row of a table: for each, all are looked through."""
_TYPED = str.maketrans("‘’“”–—", "''\"\"--")


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:
    """The document in Markdown `data` from a file called `name`; `picture` as in `formats.read`."""
    text, notices = decode(data, name)
    header, body = metadata.split(canonical(text))
    try:
        content = html.parse_all(_parts(body), picture)
    except (MargentError, RecursionError):
        raise MargentError(
            f"{name} nests lists, quotations or tags too deeply to be read: open it as plain text (.txt) instead."
        ) from None
    title, blocks = _titled(header.title, content.blocks, name)
    themes, missing = _given(header.themes, blocks)
    return Document(
        title=title,
        blocks=blocks,
        summary=header.summary,
        authors=header.authors,
        date=header.date,
        language=header.language,
        source=header.source,
        themes=themes,
        pictures=content.pictures,
        notices=(*notices, *header.notices, *content.notices, *missing),
    )


def to_html(text: str) -> str:
    """Markdown without front matter as HTML, not sanitised: `html.parse` does that."""
    return _converted(dialect.normalised(text), Names())


def _parts(text: str) -> Iterator[str]:
    """The same in parts, where the text is very long."""
    text = dialect.normalised(text)
    names, done = Names(), 0
    for part in stretches(text):
        yield _converted(part, names)
        done += len(part)
        pace.advance(min(done, len(text)), len(text))


def _converted(text: str, names: Names) -> str:
    footnotes = _Footnotes(USE_DEFINITION_ORDER=False)
    converter = markdown.Markdown(
        extensions=[
            TableExtension(),
            footnotes,
            AttrListExtension(),
            TocExtension(slugify=lambda title, _: names.new(title), marker=""),
            DefListExtension(),
            AdmonitionExtension(),
            SaneListExtension(),
            AbbrExtension(),
            MarkdownInHtmlExtension(),
            DeleteSubExtension(),
            MarkExtension(),
            TasklistExtension(),
            MagiclinkExtension(),
            HighlightExtension(use_pygments=False),
            SuperFencesCodeExtension(),
        ]
    )
    converter.treeprocessors.register(_InOrder(footnotes), "footnote-reorder", 19)
    converter.treeprocessors.register(Passages(), "passages", 30)
    converter.parser.blockprocessors.register(_Tables(converter.parser, {"use_align_attribute": False}), "table", 75)
    # Blocks have no place for what an abbreviation means; a thousand of them would be looked for in every word.
    converter.treeprocessors.deregister("abbr")
    # CommonMark takes a backslash before any ASCII punctuation; without this "\\<b>" would be a tag.
    converter.ESCAPED_CHARS = list(string.punctuation)
    return dialect.restored(converter.convert(text))


class _Order(list[str]):
    """Labels in their order, each once, whose places are known without a search."""

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[str, int] = {}

    def __contains__(self, label: object) -> bool:
        return label in self._places

    def append(self, label: str) -> None:
        """Put a label behind the others."""
        self._places[label] = len(self)
        super().append(label)

    def index(self, label: str, *_: object) -> int:
        """The place of a label that is there."""
        return self._places[label]


class _Footnotes(FootnoteExtension):
    """Footnotes without links back to each of their references, which blocks do not have.

    Python-Markdown counts through all references of a footnote for each further one.
    """

    def reset(self) -> None:
        """Forget the footnotes of the text before."""
        super().reset()
        self.footnote_order = _Order()

    def unique_ref(self, reference: str, found: bool = False) -> str:  # noqa: ARG002 - as it is called
        """The name of a reference, the same for each to one footnote."""
        return reference


class _Tables(TableProcessor):
    """Tables, but for those whose cells would be almost all empty, or whose rows have code without end.

    A heading of a thousand columns above thirty thousand rows of one cell is a short file, and thirty million cells.
    """

    def test(self, parent: Element, block: str) -> bool:
        """Whether a block is a table that can be made."""
        pipes = block.count("|")
        if not pipes:
            return False
        first = block.partition("\n")[0].count("|") + 1
        cells = first * block.count("\n")
        if cells > _CELLS and cells > 4 * pipes:
            return False
        if block.count("`") > _TICKS and any(row.count("`") > _TICKS for row in block.split("\n")):
            return False
        return bool(super().test(parent, block))


class _InOrder(FootnoteReorderingProcessor):
    """Brings footnotes into the order of their numbers, those without a link back to the text too."""

    def reorder_footnotes(self, parent: Element) -> None:
        """Sort the list in the part that holds the footnotes."""
        listed = parent.find("ol")
        if listed is None:
            return
        order = {key: place for place, key in enumerate(self.footnotes.footnote_order)}

        def place(item: Element) -> int:
            key = item.get("id", "").partition(self.footnotes.get_separator())[2]
            return order.get(key, len(order))

        listed[:] = sorted(listed, key=place)


def _titled(stated: str, blocks: tuple[Block, ...], name: str) -> tuple[str, tuple[Block, ...]]:
    """The title, and the blocks so that the page begins with it.

    A stated title wins, then the first heading 1, then a first line that reads like a title, then the file's name.
    """
    if not any(block.text or block.target for block in blocks):
        return stated or stem(name), ()
    first = next((block for block in blocks if block.kind == "heading" and block.level == 1), None)
    if not stated and first is not None:
        return first.text, blocks
    if not stated:
        opening = blocks[0]
        if opening.kind == "heading":
            return opening.text, blocks
        if opening.kind == "paragraph" and len(blocks) > 1 and title_line(opening.text):
            return opening.text, (_heading(opening.text, blocks[1:]), *blocks[1:])
    title = canonical(stated) or stem(name)
    if blocks[0].kind == "heading" and blocks[0].level == 1 and _same(blocks[0].text, title):
        return title, blocks
    return title, (_heading(title, blocks), *blocks)


def _heading(title: str, blocks: Iterable[Block]) -> Block:
    names = Names(block.target for block in blocks if block.kind == "heading")
    return Block("heading", title, level=1, target=names.new(title))


def _same(first: str, second: str) -> bool:
    return _plain(first) == _plain(second)


def _plain(text: str) -> str:
    """`text` as two writers of the same words would agree on it, whatever quotes and dashes their keyboards have."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TYPED).casefold().split())


def _given(entries: Sequence[ThemeEntry], blocks: tuple[Block, ...]) -> tuple[tuple[GivenTheme, ...], tuple[str, ...]]:
    """The themes with the spans of the blocks that their openings name, and a notice for each opening without one."""
    starts: list[int] = []
    position = 0
    for block in blocks:
        starts.append(position)
        position += len(block.text) + 1
    plain = [_plain(block.text) for block in blocks] if entries else []
    themes: list[GivenTheme] = []
    notices: list[str] = []
    for entry in entries:
        places: set[int] = set()
        for opening in entry.passages:
            place, problem = _place(opening, plain, blocks)
            if problem:
                notices.append(f"The theme “{entry.name}” names a passage that {problem}: “{opening}”.")
            else:
                places.add(place)
        spans = tuple((starts[place], starts[place] + len(blocks[place].text)) for place in sorted(places))
        themes.append(GivenTheme(canonical(entry.name), entry.colour, entry.words, spans))
    return tuple(themes), tuple(notices)


def _place(opening: str, plain: Sequence[str], blocks: Sequence[Block]) -> tuple[int, str]:
    """The index of the block that begins with `opening`, or alone contains it; or why there is none.

    Prose comes before headings, which often share their first words with the paragraph below.
    """
    wanted = _plain(opening)
    for matches in (
        [index for index, text in enumerate(plain) if text.startswith(wanted)],
        [index for index, text in enumerate(plain) if wanted in text],
    ):
        found = [index for index in matches if blocks[index].kind != "heading"] or matches
        if len(found) == 1:
            return found[0], ""
        if found:
            return 0, "stands in several places"
    return 0, "is not in the text"
