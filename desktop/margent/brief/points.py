"""Annotations as they stand in a brief, and the quotation that goes on the clipboard."""

from dataclasses import dataclass

from margent.annotations import Annotation
from margent.brief import markdown
from margent.document import Block, Document, Mark, cut
from margent.reading import Reading


@dataclass(frozen=True, slots=True)
class Point:
    """One annotation as it stands in a brief, with all that is needed to write it down."""

    annotation: Annotation
    quote: tuple[Block, ...]
    """What is quoted, block by block, numbers of footnotes left out; an orphan's is one paragraph."""
    section: tuple[str, ...] = ()
    """Headings it stands under, outermost first, the document's title left out."""
    paragraph: int = 0
    """Number of its block within the section, from 1; 0 for a heading or where it cannot be told."""
    themes: tuple[str, ...] = ()
    """Names, in the annotation's order."""
    replies: tuple[Annotation, ...] = ()


def gather(reading: Reading, *, exporter: str = "", include_private: bool = False) -> list[Point]:
    """Every annotation of a reading as a point: in reading order, orphans last, none left out but private ones.

    `exporter` is the name under which the reader's own notes were written; nothing depends on it yet but order of
    arguments, which templates get with the brief.
    """
    del exporter
    ordinals = _ordinals(reading.document)
    return [
        _point(reading, annotation, ordinals)
        for annotation in reading.in_order()
        if include_private or not annotation.private
    ]


def quotation(reading: Reading, start: int, end: int) -> str:
    """`start:end` (code points) as a Markdown quotation with its source, for the clipboard."""
    record = reading.record
    ordinals = _ordinals(reading.document)
    place = locator(*_place(reading.document, start, ordinals))
    named = ", ".join(part for part in (markdown.escape(record.title), place, record.source) if part)
    return f"{markdown.quotation(excerpt(reading.document, start, end))}\n>\n> — {named}\n"


def excerpt(document: Document, start: int, end: int) -> tuple[Block, ...]:
    """The blocks of `start:end`, the first and last cut, without numbers of footnotes, rules and empty ones."""
    blocks = []
    for index in range(document.block_at(start), len(document.blocks)):
        first, last = document.span_of(index)
        if first >= end:
            break
        block = document.blocks[index]
        whole = start <= first and end >= last
        part = _without_numbers(block if whole else cut(block, max(0, start - first), min(last, end) - first))
        if part.text.strip():
            blocks.append(part)
    return tuple(blocks)


def locator(section: tuple[str, ...], paragraph: int) -> str:
    """A short place for people: the innermost heading and the paragraph under it; "" when neither is known."""
    place = markdown.escape(section[-1]) if section else ""
    number = f"¶ {paragraph}" if paragraph else ""
    return ", ".join(part for part in (place, number) if part)


def _point(reading: Reading, annotation: Annotation, ordinals: list[int]) -> Point:
    document = reading.document
    names = {key: theme.name for key, theme in reading.themes.items()}
    themes = tuple(names[key] for key in annotation.themes if key in names)
    replies = tuple(reading.replies.get(annotation.id, ()))
    if annotation.state == "orphaned":
        lost = tuple(Block("paragraph", line) for line in annotation.exact.split("\n") if line.strip())
        return Point(annotation, lost, themes=themes, replies=replies)
    section, paragraph = _place(document, annotation.start, ordinals)
    quote = excerpt(document, annotation.start, annotation.end)
    return Point(annotation, quote, section, paragraph, themes, replies)


def _place(document: Document, position: int, ordinals: list[int]) -> tuple[tuple[str, ...], int]:
    section = document.section_at(position)
    if section and document.blocks and document.blocks[0].text == section[0] == document.title:
        section = section[1:]
    return section, ordinals[document.block_at(position)] if document.blocks else 0


def _ordinals(document: Document) -> list[int]:
    """The number of each block among the paragraphs of its section."""
    numbers = []
    count = 0
    for block in document.blocks:
        if block.kind == "heading":
            count = 0
        elif block.kind not in {"rule", "footnote"}:
            count += 1
        numbers.append(count if block.kind not in {"heading", "rule", "footnote"} else 0)
    return numbers


def _without_numbers(block: Block) -> Block:
    """The block without the numbers that refer to footnotes."""
    numbers = [mark for mark in block.marks if mark.kind == "noteref"]
    if not numbers:
        return block
    gone = [False] * len(block.text)
    for mark in numbers:
        gone[mark.start : mark.end] = [True] * (mark.end - mark.start)
    before = [0]
    for flag in gone:
        before.append(before[-1] + (not flag))
    text = "".join(char for char, flag in zip(block.text, gone, strict=True) if not flag)
    marks = tuple(
        Mark(mark.kind, before[mark.start], before[mark.end], mark.target)
        for mark in block.marks
        if mark.kind != "noteref" and before[mark.end] > before[mark.start]
    )
    return block._replace(text=text, marks=marks)
