"""PDF into a document: pages of letters become lines, the lines running text, and the text blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from margent.document import Block, Document
from margent.errors import MargentError
from margent.formats import memory, pace, pdffacts
from margent.formats.bylines import authors_in, date_in
from margent.formats.naming import Names
from margent.formats.pdfcolumns import lines_of, mirrored
from margent.formats.pdfdraft import Draft
from margent.formats.pdffile import opened
from margent.formats.pdfflow import Flow
from margent.formats.pdffootnotes import take_footnotes
from margent.formats.pdffurniture import LineNumbers, without_furniture
from margent.formats.pdfheadings import find_headings, plain
from margent.formats.pdfjoining import Vocabulary
from margent.formats.pdfletters import leans_left
from margent.formats.pdflines import Lines, Pages
from margent.formats.pdfmeasure import Measure, usual_size
from margent.formats.pdfnotes import annotations_of, place_notes, stand_in
from margent.formats.pdfpictures import Gallery, placed
from margent.formats.pdfwords import words_of
from margent.formats.titles import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from margent.formats.pdffile import File
    from margent.formats.pdfpage import Facts

_T = TypeVar("_T")
_WAIT = "please wait"
"""How the one page begins that a form of Adobe's own kind shows to every other program."""
_PACKED = ("pdf portfolio", "pdf package")
_UNREADABLE = 20
"""Letters without a character, up to which they are signs in a formula."""
_RENEWED = 40
"""Pages of a large file that are read before what PDFium keeps of them is given back."""
_STATED = 6
"""Paragraphs of the first page in which a byline and a date are looked for."""


@dataclass(slots=True)
class _Sheet:
    """A page once its letters are lines."""

    label: str
    is_lined: bool
    """Whether it has any text."""
    edges: tuple[float, float]
    """Lowest and highest point of the page."""
    mirrored: bool = False
    """Whether it is read from the right, so that its lines are turned about."""


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:  # noqa: ARG001
    """The document in the PDF `data` from a file called `name`. Its pictures come along, drawings with lines do not.

    Raises MargentError, with a sentence that names the file, for one that is locked, damaged, without pages or
    without text. To be called from one thread at a time, for PDFium knows none.
    """
    with opened(data, name) as file:
        facts = file.facts()
        gallery, pages, counted = Gallery(), Pages(), LineNumbers()
        sheets = [_sheet(file, index, gallery, pages, counted) for index in range(file.count)]
        _refuse(file, pages, name)
        figures = gallery.figures(file)
        notices = _notices(file, sheets, gallery)
    edges = [sheet.edges for sheet in sheets]
    size = usual_size(line for lines in without_furniture(pages, edges) for line in lines)
    kept, notes = take_footnotes(without_furniture(pages, edges), size)
    flowing = Lines(kept)
    measure = Measure(flowing)
    vocabulary = Vocabulary(line.text for lines in pages for line in lines)
    del pages
    if len(data) > memory.LARGE:
        memory.give_back()
    drafts = Flow(flowing, measure, vocabulary).run()
    largest = find_headings(drafts, measure, facts.outline)
    for note in notes:
        draft = Draft("footnote", target=note.key)
        for place, line in enumerate(note.lines):
            draft.add(line, vocabulary, skip=0 if place else note.skip)
        drafts.append(draft)
    drafts = [draft for draft in drafts if draft.text.strip()]
    if not drafts:
        raise _scan(name)
    del kept, flowing, measure, vocabulary
    if len(data) > memory.LARGE:
        memory.give_back()
    title, opening = _title(facts, drafts, largest, name)
    said = drafts[:_STATED]
    drafts = placed(drafts, figures, (page for page, sheet in enumerate(sheets) if sheet.mirrored))
    blocks, starts, spans = _assembled(drafts, opening)
    if stand_in(file.given, spans, starts, [block.text for block in blocks]):
        notices = (*notices, "Comments that lie beside the text stand at the beginning of their page.")
    document = Document(
        title=title,
        blocks=tuple(blocks),
        authors=pdffacts.authors(facts.authors, data) or _said(said, authors_in, ()),
        date=_said(said, date_in, "") or pdffacts.day(facts.created),
        language=pdffacts.language(facts.language),
        pictures=gallery.kept,
        notices=notices,
        pages=tuple((start, sheets[page].label) for start, page in starts),
    )
    return replace(document, annotations=annotations_of(file.given, spans, document.text)) if spans else document


def _sheet(file: File, index: int, gallery: Gallery, pages: Pages, counted: LineNumbers) -> _Sheet:
    page = file.page(index)
    shown = [spot for spot in page.spots if spot.kind == "link" or file.given[int(spot.target)].kind != "text"]
    lines = lines_of(counted.without(words_of(page.glyphs, shown)), page.rules, index)
    place_notes(lines, page.spots, file.given)
    for glyphs in page.aside:
        # What stands sideways is read after the rest, as a column of its own.
        number = lines[-1].number + 1 if lines else 0
        turned = lines_of(words_of(glyphs), (), index)
        for line in turned:
            line.number += number
        lines.extend(turned)
    gallery.look(page, lines)
    leftward = sum(leans_left(line.text) for line in lines) * 2 > len(lines)
    if leftward:
        mirrored(lines)
    pace.advance(index + 1, file.count)
    if file.size > memory.LARGE and index % _RENEWED == _RENEWED - 1:
        file.renew()
    pages.append(lines)
    return _Sheet(page.label, bool(lines), (page.bottom, page.top), leftward)


def _refuse(file: File, pages: Pages, name: str) -> None:
    """Raise MargentError where the pages hold no text, or only the excuse of a form or a portfolio for having none."""
    words = " ".join(line.text for lines in pages[:2] for line in lines).casefold()
    if file.is_dynamic and words.startswith(_WAIT):
        raise MargentError(f"{name} is a form that only Adobe's reader can show: print it to a PDF there.")
    if file.attachments and len(pages) == 1 and any(sign in words for sign in _PACKED):
        raise MargentError(f"{name} is a portfolio, a PDF that only holds other files: save these and import them.")
    if not words and not any(pages.counts):
        raise _scan(name)


def _scan(name: str) -> MargentError:
    return MargentError(
        f"{name} has no text in it: it is a scan or a picture of pages, so have its text recognised (OCR) first."
    )


def _notices(file: File, sheets: Sequence[_Sheet], gallery: Gallery) -> tuple[str, ...]:
    said: list[str] = []
    drawn = [page for page, drawing in enumerate(file.drawn) if drawing]
    blank = [page for page in sorted({*gallery.pages, *drawn}) if not sheets[page].is_lined]
    if blank:
        which = "Page {} has" if len(blank) == 1 else "Pages {} have"
        said.append(
            which.format(_listed([sheets[page].label for page in blank]))
            + " no text: what is a scan or a picture there needs a program that recognises text (OCR)."
        )
    lined = [sheets[page].label for page in drawn if page not in blank]
    if lined:
        where = "page" if len(lined) == 1 else "pages"
        said.append(f"What is drawn with lines on {where} {_listed(lined)} is left out: look at it in the PDF.")
    if gallery.grounds:
        where = "a page" if gallery.grounds == 1 else f"{gallery.grounds} pages"
        said.append(f"The pictures that lie behind the text of {where} are left out: look at them in the PDF.")
    if gallery.lost:
        what = "A picture is" if gallery.lost == 1 else f"{gallery.lost} pictures are"
        said.append(f"{what} too large or damaged, and left out.")
    if file.fields:
        count = "A form field is" if file.fields == 1 else f"{file.fields} form fields are"
        said.append(f"{count} filled in, and what stands there is left out.")
    if file.attachments:
        count = "A file is" if file.attachments == 1 else f"{file.attachments} files are"
        said.append(f"{count} attached to the PDF and left out.")
    if file.unreadable > _UNREADABLE:
        said.append("Some letters of the PDF do not say which they are, and are left out.")
    return tuple(said)


def _listed(labels: Sequence[str]) -> str:
    """Labels of pages in a row of at most eight."""
    shown = ", ".join(labels[:8])
    return f"{shown} and {len(labels) - 8} more" if len(labels) > 8 else shown


def _title(facts: Facts, drafts: list[Draft], largest: Draft | None, name: str) -> tuple[str, str]:
    """The title, and the same again where no heading of the text says it, so that it is to be put before the text."""
    stated = pdffacts.credible_title(facts.title)
    first = drafts[0].lines[0].page
    opening = " ".join(draft.text for draft in drafts if draft.lines[0].page == first)
    if stated and pdffacts.stands_in(stated, opening):
        for draft in drafts[:12]:
            if draft.kind in {"heading", "paragraph"} and plain(draft.text) == plain(stated):
                if largest is not None and largest is not draft:
                    largest.level = 2
                draft.kind, draft.level = "heading", 1
                return stated, ""
        if largest is None or not pdffacts.stands_in(stated, largest.text):
            return stated, "" if largest is not None else stated
    if largest is not None:
        return largest.text, ""
    title = stated or stem(name)
    return title, title


def _said(drafts: Sequence[Draft], find: Callable[[str], _T], nothing: _T) -> _T:
    """What `find` finds in one of the first paragraphs."""
    return next(filter(None, (find(draft.text) for draft in drafts[:_STATED])), nothing)


def _assembled(
    drafts: list[Draft], opening: str
) -> tuple[list[Block], list[tuple[int, int]], dict[int, list[tuple[int, int]]]]:
    """Blocks, where each page begins (offset, index), and by the number of an annotation the spans it covers.

    Takes `drafts` out of their list one by one, so that a long text is there once.
    """
    drafts.reverse()
    names = Names()
    blocks: list[Block] = []
    starts: list[tuple[int, int]] = []
    spans: dict[int, list[tuple[int, int]]] = {}
    position = 0
    if opening:
        blocks.append(Block("heading", opening, level=1, target=names.new(opening)))
        position = len(opening) + 1
    while drafts:
        draft = drafts.pop().settled()
        block = draft.block()
        if block.kind == "heading":
            block = block._replace(target=names.new(block.text))
        blocks.append(block)
        for offset, page in draft.turns:
            if not starts or starts[-1][1] != page:
                starts.append((position + offset if starts else 0, page))
        for kind, start, end, target in draft.marks:
            if kind == "note":
                spans.setdefault(int(target), []).append((position + start, position + end))
        position += len(block.text) + 1
    return blocks, starts, spans
