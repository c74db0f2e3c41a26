"""Annotations as they stand in a brief, and the quotation that goes on the clipboard."""

from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import NamedTuple

from margent.annotations import Annotation, Passage
from margent.brief import markdown
from margent.document import Block, Document, Mark, cut
from margent.reading import Reading


class Place(NamedTuple):
    """Where in its document a block stands, for people."""

    section: tuple[str, ...] = ()
    """Headings it stands under, outermost first, itself included; the document's title left out."""
    paragraph: int = 0
    """Its number within the section, from 1; 0 for a heading, a rule or a footnote."""
    footnote: str = ""
    """A footnote's label; it stands under no section."""
    page: str = ""
    """The label of the page its first words stand on, in a text that has pages."""


NOWHERE = Place()


class Point(NamedTuple):
    """One annotation as it stands in a brief, with all that is needed to write it down."""

    annotation: Annotation
    quote: tuple[Block, ...]
    """What is quoted, block by block, numbers of footnotes left out; an orphan's is one paragraph."""
    place: Place = NOWHERE
    """Of its first words; nowhere for an orphan."""
    themes: tuple[str, ...] = ()
    """Names, in the annotation's order."""
    replies: tuple[Annotation, ...] = ()
    """Oldest first. A private reply leaves with a private annotation that was chosen, never with a shared one."""
    before: str = ""
    """The words it was made on, where the text has changed since and these are others."""

    @property
    def section(self) -> tuple[str, ...]:
        """Headings it stands under, outermost first, the document's title left out."""
        return self.place.section


def gather(reading: Reading, *, include_private: bool = False) -> list[Point]:
    """Every annotation of a reading as a point: in reading order, orphans last, none left out but private ones."""
    places = places_of(reading.document)
    names = _Names(reading)
    return [
        _point(reading, annotation, places, names[annotation.themes])
        for annotation in reading.in_order()
        if include_private or not annotation.private
    ]


def gather_theme(reading: Reading, theme: str, *, include_private: bool = False) -> list[Point]:
    """The annotations of a theme (its id) as points, and its passages that none of them touches, in reading order.

    Passages are those given with the document or chosen in it, not what the theme's words suggest. The theme is the
    first of each point's. Orphans come last.
    """
    name = reading.themes[theme].name if theme in reading.themes else ""
    found = [
        point._replace(themes=(name, *(other for other in point.themes if other != name)))
        for point in gather(reading, include_private=include_private)
        if theme in point.annotation.themes
    ]
    standing = [point.annotation for point in found if point.annotation.state != "orphaned"]
    places = places_of(reading.document)
    bare = [
        _point(reading, _passage(reading, passage), places, (name,))
        for passage in reading.stored_passages(theme)
        if passage.origin != "dismissed" and not any(a.start < passage.end and a.end > passage.start for a in standing)
    ]
    return sorted([*found, *bare], key=_in_reading)


def gather_chosen(
    reading: Reading, theme: str, annotations: Collection[str], spans: Iterable[tuple[int, int]]
) -> list[Point]:
    """The annotations with these ids, and the words of these spans (code points), as points of a theme (its id).

    In reading order, orphans last; private annotations too, for each was chosen. The theme is each point's first.
    A span has the id of the passage that stands there, else one made of its place: the same each time.
    """
    name = reading.themes[theme].name if theme in reading.themes else ""
    places, names = places_of(reading.document), _Names(reading)
    stored = {(passage.start, passage.end): passage for passage in reading.stored_passages(theme)}
    found = [
        _point(reading, value, places, (name, *(other for other in names[value.themes] if other != name)))
        for value in reading.annotations.values()
        if value.id in annotations
    ]
    bare = [
        _point(reading, _passage(reading, stored.get(span) or _suggested(reading, theme, *span)), places, (name,))
        for span in spans
    ]
    return sorted([*found, *bare], key=_in_reading)


def _suggested(reading: Reading, theme: str, start: int, end: int) -> Passage:
    """A passage for words that nobody has put under a theme yet."""
    record = reading.record
    key = blake2b(f"{record.revision}:{theme}:{start}:{end}".encode(), digest_size=16).hexdigest()
    return Passage(
        id=key, theme=theme, document=record.id, revision=record.revision, start=start, end=end, origin="chosen",
        created=record.created, modified=record.created,
    )  # fmt: skip


def _in_reading(point: Point) -> tuple[bool, int, int]:
    annotation = point.annotation
    lost = annotation.state == "orphaned"
    return lost, 0 if lost else annotation.start, 0 if lost else annotation.end


def _passage(reading: Reading, passage: Passage) -> Annotation:
    """A passage as an annotation that says nothing."""
    words = reading.document.text[passage.start : passage.end]
    return Annotation(
        id=passage.id, document=passage.document, revision=passage.revision, start=passage.start, end=passage.end,
        exact=words, themes=(passage.theme,), created=passage.created, modified=passage.modified,
    )  # fmt: skip


class _Names(dict[tuple[str, ...], tuple[str, ...]]):
    """Names of themes by their ids; the same few come back with every other annotation."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._themes = reading.themes

    def __missing__(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        self[keys] = names = tuple(self._themes[key].name for key in keys if key in self._themes)
        return names


def quotation(reading: Reading, start: int, end: int) -> str:
    """`start:end` (code points) as a Markdown quotation with its source, for the clipboard. "" without words."""
    document, record = reading.document, reading.record
    quote = markdown.quotation(excerpt(document, start, end))
    if not quote:
        return ""
    begun = start + len(document.text[start:end]) - len(document.text[start:end].lstrip())
    place = _on_page(places_of(document)[document.block_at(begun)], document, begun)
    named = [markdown.phrase(record.title), locator(place), markdown.source(record.source)]
    origin = ", ".join(part for part in named if part)
    return f"{quote}\n>\n> — {origin}\n" if origin else f"{quote}\n"


def excerpt(document: Document, start: int, end: int) -> tuple[Block, ...]:
    """The blocks of `start:end`, the first and last cut, without numbers of footnotes, rules and empty ones."""
    return _excerpt(document, document.block_at(start), start, end)


def _excerpt(document: Document, index: int, start: int, end: int) -> tuple[Block, ...]:
    """The same where it is known that `start` is in block `index`."""
    starts, parts = document.starts, document.blocks
    if index < len(parts):
        # Most are words inside one paragraph, and need none of the care that lists, tables and marks do.
        block, first = parts[index], starts[index]
        if end <= first + len(block.text) and not block.marks and block.kind == "paragraph":
            words = block.text[start - first : end - first]
            return (Block._make((block.kind, words, (), *block[3:])),) if words.strip() else ()
    blocks = []
    while index < len(parts) and starts[index] < end:
        block, first = parts[index], starts[index]
        last = first + len(block.text)
        if start > first or end < last:
            block = _cut(block, max(0, start - first), min(last, end) - first)
        if block.marks:
            block = _without_numbers(block)
        if block.text.strip():
            blocks.append(block)
        index += 1
    return tuple(blocks)


def locator(place: Place, footnote: str = "footnote {label}", page: str = "p. {label}") -> str:
    """A short place in Markdown: the innermost heading, the page, and the paragraph under the heading; "" when none
    is known.

    `footnote` and `page` say what the label is that of, in the language of the brief.
    """
    heading = markdown.phrase(place.section[-1]) if place.section and not place.footnote else ""
    return ", ".join(part for part in (heading, paragraph(place, footnote, page)) if part)


def paragraph(place: Place, footnote: str = "footnote {label}", page: str = "p. {label}") -> str:
    """Where it is under its heading: the page, and the paragraph's number with its sign, or the footnote before its
    page; "" without any.
    """
    sheet = page.format(label=markdown.phrase(place.page)) if place.page else ""
    if place.footnote:
        parts = (footnote.format(label=markdown.phrase(place.footnote)), sheet)
    else:
        parts = (sheet, f"¶ {place.paragraph}" if place.paragraph else "")
    return ", ".join(part for part in parts if part)


def places_of(document: Document) -> list[Place]:
    """The place of each block, in one walk."""
    places: list[Place] = []
    path: list[tuple[int, str]] = []
    section: tuple[str, ...] = ()
    count = 0
    for index, block in enumerate(document.blocks):
        if block.kind == "heading":
            count = 0
            while path and path[-1][0] >= block.level:
                path.pop()
            words = " ".join(_without_numbers(block).text.split())
            if index or words != " ".join(document.title.split()):
                path.append((block.level, words))
            section = tuple(text for _, text in path)
            places.append(Place(section))
        elif block.kind == "footnote":
            places.append(Place(footnote=block.target or "*"))
        elif block.kind == "rule":
            places.append(Place(section))
        else:
            count += 1
            places.append(Place(section, count))
    return places or [NOWHERE]


def _point(reading: Reading, annotation: Annotation, places: list[Place], themes: tuple[str, ...]) -> Point:
    document = reading.document
    replies: tuple[Annotation, ...] = ()
    if annotation.id in reading.replies:
        replies = tuple(r for r in reading.replies[annotation.id] if annotation.private or not r.private)
    if annotation.state == "orphaned":
        return Point(annotation, _as_written(annotation), themes=themes, replies=replies)
    start, end = annotation.start, annotation.end
    index = document.block_at(start)
    # A highlight on nothing but the number of a footnote has no words without it.
    quote = _excerpt(document, index, start, end) or _as_written(annotation)
    now = document.text[start:end]
    changed = annotation.exact != now and annotation.exact.split() != now.split()
    place = _on_page(places[index], document, start) if document.pages else places[index]
    return Point(annotation, quote, place, themes, replies, annotation.exact if changed else "")


def _on_page(place: Place, document: Document, position: int) -> Place:
    return place._replace(page=document.page_at(position))


def _as_written(annotation: Annotation) -> tuple[Block, ...]:
    return tuple(Block("paragraph", line) for line in annotation.exact.split("\n") if line.strip())


def _cut(block: Block, start: int, end: int) -> Block:
    """`block` reduced to `start:end`. Rows of a table keep their columns, and are no heading if they were none."""
    if not block.marks and block.kind != "table":
        return Block(block.kind, block.text[start:end], (), *block[3:])
    part = cut(block, start, end)
    if block.kind != "table" or not start:
        return part
    missing = block.text.count("\t", block.text.rfind("\n", 0, start) + 1, start) if "\n" in part.text else 0
    marks = tuple(mark._replace(start=mark.start + missing, end=mark.end + missing) for mark in part.marks)
    heading = block.heading_row and "\n" not in block.text[:start]
    return part._replace(text="\t" * missing + part.text, marks=marks, heading_row=heading)


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
