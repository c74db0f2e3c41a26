"""PDFium, held at arm's length: a file's bytes in, pages of letters with their places out.

PDFium is a C library that trusts its caller. Every handle here is closed in the opposite order of opening, pages and
their letters before the file, and none is kept. It knows no threads: one call at a time in one process.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import pypdfium2  # type: ignore[import-untyped]  # noqa: F401 - importing it starts the library, and closes it at the end of the process
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from margent.errors import MargentError
from margent.formats import memory
from margent.formats.pdfglyphs import glyphs_of
from margent.formats.pdfimages import Survey, picture, region, shown
from margent.formats.pdfpage import Box, Face, Facts, Given, Outline, Page, Shown, Spot
from margent.formats.pdfraw import Handle, box_of, bytes_of, shorts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PAGES: Final = 5000
"""A longer file is refused: no brief has so many, and every page costs time."""
_ENTRIES: Final = 5000
"""Annotations or links of a page, and entries of the contents, that are looked at."""
_KINDS = {
    pdfium.FPDF_ANNOT_HIGHLIGHT: "highlight",
    pdfium.FPDF_ANNOT_UNDERLINE: "underline",
    pdfium.FPDF_ANNOT_SQUIGGLY: "underline",
    pdfium.FPDF_ANNOT_STRIKEOUT: "strike",
    pdfium.FPDF_ANNOT_TEXT: "text",
    pdfium.FPDF_ANNOT_FREETEXT: "text",
}
_FILLED = re.compile(r"([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+(?:rg|RG)\b")


class File:
    """An open PDF. Use it as `with opened(data, name) as file`."""

    def __init__(self, handle: Handle, data: bytes, name: str) -> None:
        self._handle = handle
        self._data = data
        self._name = name
        self._faces: dict[Face, Face] = {}
        self.count: int = pdfium.FPDF_GetPageCount(handle)
        self.given: list[Given] = []
        """The annotations of the pages read so far."""
        self.fields = 0
        """Filled form fields met on the pages read so far."""
        self.drawn: list[bool] = []
        """Of each page read so far: whether it has drawings, made of lines and fillings."""
        self.unreadable = 0
        """Letters met so far that the file gives no character for."""

    @property
    def is_dynamic(self) -> bool:
        """Whether the file is a form of Adobe's own kind (XFA)."""
        return pdfium.FPDF_GetFormType(self._handle) in {pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND}

    @property
    def attachments(self) -> int:
        """How many files are packed into this one."""
        return max(0, int(pdfium.FPDFDoc_GetAttachmentCount(self._handle)))

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self._data)

    def facts(self) -> Facts:
        """What the file says of itself."""

        def meta(key: bytes) -> str:
            return text_of(lambda out, size: pdfium.FPDF_GetMetaText(self._handle, key, out, size))

        author = meta(b"Author")
        return Facts(
            title=meta(b"Title"),
            authors=(author,) if author else (),
            created=meta(b"CreationDate"),
            language=text_of(lambda out, size: pdfium.FPDFCatalog_GetLanguage(self._handle, shorts(out), size)),
            subject=meta(b"Subject"),
            outline=tuple(self._outline()),
        )

    def page(self, index: int) -> Page:
        """Page `index`; one that is damaged is empty."""
        label = text_of(lambda out, size: pdfium.FPDF_GetPageLabel(self._handle, index, out, size))
        empty = Page(index, label.strip() or str(index + 1))
        self.drawn.append(False)
        with self._loaded(index) as handle:
            text = pdfium.FPDFText_LoadPage(handle) if handle else None
            if not text:
                return empty
            try:
                return self._read(handle, text, empty)
            finally:
                pdfium.FPDFText_ClosePage(text)

    def renew(self) -> None:
        """Close the file and open it again: PDFium keeps what it unpacked of every page until then."""
        handle = pdfium.FPDF_LoadMemDocument64(self._data, len(self._data), None)
        if handle:
            self.close()
            self._handle = handle
            memory.give_back()

    def close(self) -> None:
        """Give all back that PDFium holds; nothing can be read afterwards."""
        pdfium.FPDF_CloseDocument(self._handle)

    def pictures(self, page: Page, wanted: Sequence[Sequence[Shown]]) -> list[bytes]:
        """The bytes (JPEG or PNG) of pictures on a page; of several that are pieces of one, as one.

        b"" for one that is too large or cannot be drawn.
        """
        with self._loaded(page.number) as handle:
            if not handle:
                return [b""] * len(wanted)
            return [
                picture(self._handle, handle, pieces[0], page.turn) if len(pieces) == 1 else _together(handle, pieces)
                for pieces in wanted
            ]

    @contextmanager
    def _loaded(self, index: int) -> Iterator[Handle]:
        handle = pdfium.FPDF_LoadPage(self._handle, index)
        try:
            yield handle
        finally:
            if handle:
                pdfium.FPDF_ClosePage(handle)

    def _read(self, page: Handle, text: Handle, empty: Page) -> Page:
        visible = box_of(lambda box: pdfium.FPDF_GetPageBoundingBox(page, box))
        found, unreadable = glyphs_of(text, visible, self._faces)
        self.unreadable += unreadable
        turn = max(found, key=lambda each: len(found[each]), default=0)
        corners = Box(*visible)
        spots = [*self._links(page), *self._annotations(page, empty.number)]
        upright = _turned(corners, turn)
        survey = Survey(page)
        self.drawn[-1] = survey.is_drawn
        return empty._replace(
            bottom=upright.bottom,
            top=upright.top,
            glyphs=tuple(found.pop(turn, ())),
            aside=tuple(tuple(glyphs) for _, glyphs in sorted(found.items())),
            spots=tuple(spot._replace(boxes=tuple(_turned(box, turn) for box in spot.boxes)) for spot in spots),
            rules=tuple(_turned(box, turn) for box in survey.rules),
            pictures=tuple(each._replace(place=_turned(each.box, turn)) for each in shown(page, survey, corners)),
            turn=turn,
        )

    def _links(self, page: Handle) -> Iterator[Spot]:
        place = ctypes.c_int(0)
        link = pdfium.FPDF_LINK()
        box = pdfium.FS_RECTF()
        for _ in range(_ENTRIES):
            if not pdfium.FPDFLink_Enumerate(page, place, link):
                return
            action = pdfium.FPDFLink_GetAction(link)
            if not action or not pdfium.FPDFLink_GetAnnotRect(link, box):
                continue
            target = self._address(action)
            if re.match(r"(?:https?|mailto|ftp):", target, re.IGNORECASE):
                yield Spot("link", (Box(box.left, box.bottom, box.right, box.top),), target)

    def _address(self, action: Handle) -> str:
        found = bytes_of(lambda out, size: pdfium.FPDFAction_GetURIPath(self._handle, action, out, size))
        return found.decode("utf-8", "replace").strip()

    def _annotations(self, page: Handle, index: int) -> Iterator[Spot]:
        keys: dict[int, int] = {}
        first = len(self.given)
        for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _ENTRIES)):
            handle = pdfium.FPDFPage_GetAnnot(page, number)
            if not handle:
                continue
            try:
                kind = pdfium.FPDFAnnot_GetSubtype(handle)
                if kind == pdfium.FPDF_ANNOT_WIDGET:
                    self.fields += bool(_string(handle, b"V").strip())
                if kind not in _KINDS or pdfium.FPDFAnnot_GetFlags(handle) & pdfium.FPDF_ANNOT_FLAG_HIDDEN:
                    continue
                keys[number] = len(self.given)
                self.given.append(_given(page, handle, len(self.given), index, _KINDS[kind]))
                boxes = _quads(handle) or (_rectangle(handle),)
                yield Spot("note", boxes, str(keys[number]))
            finally:
                pdfium.FPDFPage_CloseAnnot(handle)
        for given in self.given[first:]:
            # What was a place on the page is now a number among all annotations; a lost parent is no parent.
            given.parent = keys.get(given.parent) if given.parent is not None else None

    def _outline(self) -> Iterator[Outline]:
        seen: set[int] = set()
        waiting = [(pdfium.FPDFBookmark_GetFirstChild(self._handle, None), 1)]
        while waiting and len(seen) < _ENTRIES:
            entry, level = waiting.pop()
            if not entry or ctypes.addressof(entry.contents) in seen:
                continue
            seen.add(ctypes.addressof(entry.contents))
            title = text_of(partial(pdfium.FPDFBookmark_GetTitle, entry))
            place = pdfium.FPDFBookmark_GetDest(self._handle, entry)
            page = pdfium.FPDFDest_GetDestPageIndex(self._handle, place) if place else -1
            if title.strip():
                yield Outline(" ".join(title.split()), level, page)
            waiting.append((pdfium.FPDFBookmark_GetNextSibling(self._handle, entry), level))
            if level < 12:
                waiting.append((pdfium.FPDFBookmark_GetFirstChild(self._handle, entry), level + 1))


@contextmanager
def opened(data: bytes, name: str) -> Iterator[File]:
    """The PDF in `data`, from a file called `name`, open as long as the `with` lasts.

    Raises MargentError, with a sentence that names the file, for one that is locked, damaged, without pages or too
    long.
    """
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        raise _refusal(pdfium.FPDF_GetLastError(), name)
    file = File(handle, data, name)
    try:
        if file.count < 1:
            raise MargentError(f"{name} has no pages: it may be damaged, so get it again from where it came from.")
        if file.count > PAGES:
            raise MargentError(f"{name} has {file.count} pages, and Margent reads up to {PAGES}: divide it.")
        yield file
    finally:
        file.close()


def _refusal(error: int, name: str) -> MargentError:
    if error == pdfium.FPDF_ERR_PASSWORD:
        return MargentError(
            f"{name} is locked with a password: open it in a PDF reader, save it without one and import that."
        )
    if error == pdfium.FPDF_ERR_SECURITY:
        return MargentError(f"{name} is encrypted in a way that Margent cannot read: save it without encryption.")
    return MargentError(f"{name} is not a complete PDF: it may be damaged, so get it again from where it came from.")


def _together(page: Handle, pieces: Sequence[Shown]) -> bytes:
    """Pieces of one picture as the page shows them together."""
    box = Box(
        min(each.box.left for each in pieces),
        min(each.box.bottom for each in pieces),
        max(each.box.right for each in pieces),
        max(each.box.top for each in pieces),
    )
    scale = max(each.width / max(each.whole.right - each.whole.left, 1.0) for each in pieces)
    return region(page, box, max(scale, 1.0))


def _given(page: Handle, handle: Handle, key: int, index: int, kind: str) -> Given:
    parent = None
    linked = pdfium.FPDFAnnot_GetLinkedAnnot(handle, b"IRT")
    if linked:
        try:
            parent = pdfium.FPDFPage_GetAnnotIndex(page, linked)
        finally:
            pdfium.FPDFPage_CloseAnnot(linked)
    return Given(
        key,
        kind,
        note=_string(handle, b"Contents"),
        author=_string(handle, b"T").strip(),
        created=_string(handle, b"CreationDate"),
        modified=_string(handle, b"M"),
        colour=_colour(handle),
        parent=parent if parent is not None and parent >= 0 else None,
        page=index,
    )


def _colour(handle: Handle) -> tuple[int, int, int] | None:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if pdfium.FPDFAnnot_GetColor(handle, pdfium.FPDFANNOT_COLORTYPE_Color, red, green, blue, alpha):
        return red.value, green.value, blue.value
    # PDFium keeps the colour back where the file draws the annotation itself; then the drawing tells it.
    drawn = text_of(
        lambda out, size: pdfium.FPDFAnnot_GetAP(handle, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, shorts(out), size)
    )
    found = _FILLED.search(drawn)
    if not found:
        return None
    try:
        first, second, third = (max(0, min(255, round(float(value) * 255))) for value in found.groups())
    except ValueError:
        return None
    return first, second, third


def _quads(handle: Handle) -> tuple[Box, ...]:
    quad = pdfium.FS_QUADPOINTSF()
    boxes = []
    for number in range(min(pdfium.FPDFAnnot_CountAttachmentPoints(handle), _ENTRIES)):
        if pdfium.FPDFAnnot_GetAttachmentPoints(handle, number, quad):
            across = (quad.x1, quad.x2, quad.x3, quad.x4)
            up = (quad.y1, quad.y2, quad.y3, quad.y4)
            boxes.append(Box(min(across), min(up), max(across), max(up)))
    return tuple(boxes)


def _rectangle(handle: Handle) -> Box:
    return box_of(lambda box: pdfium.FPDFAnnot_GetRect(handle, box))


def _turned(box: Box, turn: int) -> Box:
    """`box` in the points in which letters of this quarter turn stand upright."""
    left, bottom, right, top = box
    match turn:
        case 1:
            return Box(bottom, -right, top, -left)
        case 2:
            return Box(-right, -top, -left, -bottom)
        case 3:
            return Box(-top, left, -bottom, right)
        case _:
            return box


def _string(handle: Handle, key: bytes) -> str:
    return text_of(lambda out, size: pdfium.FPDFAnnot_GetStringValue(handle, key, shorts(out), size)).replace(
        "\r", "\n"
    )
