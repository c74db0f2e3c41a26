"""The letters of a page as PDFium gives them, one by one, with where they stand and how they look."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from margent.formats.pdfletters import letters
from margent.formats.pdfpage import GUESS, Box, Face, Glyph
from margent.formats.pdfraw import Handle, bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LETTERS: Final = 200_000
"""Letters of one page that are read; more are a drawing made of letters."""
_BOLD = re.compile(r"bold|black|heavy|semibd|demi(?!r)|[-_,]bd|cmbx|sfbx|ptmb|extrab", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|[-_,]it\b|cmti|cmsl|sfti|sfsl|slant", re.IGNORECASE)
_MONO = re.compile(r"mono|courier|consol|cmtt|sftt|typewriter|menlo|fixed", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_MISSING = frozenset({0, 0xFFFD})
_NONE = _MISSING | {10, 13}
_LEAP: Final = 7
"""Letters that are passed over to see whether one text object goes on."""


def _quick(function: Handle, answer: Handle, *arguments: Handle) -> Handle:
    """A function of PDFium's that takes and gives addresses as numbers: it is called for every letter."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(answer, *arguments)(address)


_OBJECT_AT = _quick(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_BOX_AT = _quick(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_ORIGIN_AT = _quick(
    pdfium.FPDFText_GetCharOrigin, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)
_FONT_OF = _quick(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p)
_MODE_OF = _quick(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_int, ctypes.c_void_p)


class _Stretch(NamedTuple):
    """Letters that the file draws at once: all of one look, on one line."""

    start: int
    end: int
    """Numbers of its letters among the page's."""
    face: int
    """Its number among the page's looks."""
    turn: int
    """Its quarter turn; -1 when it stands aslant."""


def glyphs_of(text: Handle, visible: Box, known: dict[Face, Face]) -> tuple[dict[int, list[Glyph]], int]:
    """The letters of a page by the quarter turn they stand in, upright each; slanted ones (watermarks) are left out.

    With them, how many letters the file gives no character for. `known` holds the looks that the file has shown, so
    that equal ones are one.
    """
    count = min(pdfium.FPDFText_CountChars(text), _LETTERS)
    codes = _codes(text, count)
    looks = _Looks(text)
    stretches = list(_stretches(text, count, looks))
    faces = [known.setdefault(face, face) for face in looks.settled(stretches)]
    found: dict[int, list[Glyph]] = {0: []}
    unreadable = 0
    for stretch in stretches:
        rows = found.setdefault(stretch.turn, []) if stretch.turn >= 0 else None
        face = faces[stretch.face]
        missing = sum(codes[index] in _MISSING for index in range(stretch.start, stretch.end))
        unreadable += missing
        if rows is not None and face.size >= 0.5:
            _read(text, codes, stretch, face, visible, rows)
    return {turn: rows for turn, rows in found.items() if rows}, unreadable


def _read(text: Handle, codes: Sequence[int], stretch: _Stretch, face: Face, visible: Box, rows: list[Glyph]) -> None:
    """Put the letters of a stretch into `rows`."""
    loose, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box, across, up = ctypes.byref(loose), ctypes.byref(x), ctypes.byref(y)
    left_edge, low_edge, right_edge, high_edge = visible
    left_edge, low_edge, right_edge, high_edge = left_edge - 2, low_edge - 2, right_edge + 2, high_edge + 2
    address = ctypes.cast(text, ctypes.c_void_p).value
    turn = stretch.turn
    new = tuple.__new__
    for index in range(stretch.start, stretch.end):
        code = codes[index]
        if code == 32:
            # A space that PDFium thought of itself must be borne out by its gap.
            guessed = pdfium.FPDFText_IsGenerated(text, index)
            rows.append(Glyph(GUESS if guessed else " ", 0.0, 0.0, 0.0, face))
            continue
        if code in _NONE or not _BOX_AT(address, index, box) or not _ORIGIN_AT(address, index, across, up):
            continue
        left, base = x.value, y.value
        if not (left_edge <= left <= right_edge and low_edge <= base <= high_edge):
            continue
        char = letters(code)
        if not char:
            continue
        if turn == 0:
            right = loose.right
            rows.append(new(Glyph, (char, left, max(left, right), base, face)))
        elif turn == 1:
            rows.append(Glyph(char, base, max(loose.top, base), -left, face))
        elif turn == 2:
            rows.append(Glyph(char, -left, max(-loose.left, -left), -base, face))
        else:
            rows.append(Glyph(char, -base, max(-loose.bottom, -base), left, face))


def _codes(text: Handle, count: int) -> Sequence[int]:
    """The character code of each letter, in one call where the letters and the codes are as many."""
    out = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text, 0, count, out) == count + 1:
        codes = out[:count]
        if not any(0xD800 <= code < 0xE000 for code in codes):
            # The hyphen at the end of a line has a code of its own in either.
            return [2 if code == 0xFFFE else code for code in codes]
    return [pdfium.FPDFText_GetUnicode(text, index) for index in range(count)]


def _stretches(text: Handle, count: int, looks: _Looks) -> Iterator[_Stretch]:
    """The stretches of a page in the order of its letters; what PDFium puts between lines belongs to none."""
    address = ctypes.cast(text, ctypes.c_void_p).value
    index = 0
    while index < count:
        owner = _OBJECT_AT(address, index)
        start = index
        index += 1
        if not owner:
            continue
        # Letters of one object follow each other, so that those between two of its own are its own.
        while index + _LEAP < count and _OBJECT_AT(address, index + _LEAP) == owner:
            index += _LEAP + 1
        while index < count and _OBJECT_AT(address, index) == owner:
            index += 1
        yield _Stretch(start, index, *looks.of(start, owner))


class _Looks:
    """The looks of a page's text objects, those of one font asked for once."""

    def __init__(self, text: Handle) -> None:
        self._text = text
        self._fonts: dict[int, tuple[bool, bool, bool, int]] = {}
        self._faces: list[Face] = []
        self._weights: list[int] = []
        self._matrix = pdfium.FS_MATRIX()

    def of(self, index: int, owner: int) -> tuple[int, int]:
        """Face and turn of the stretch that a text object is; its first letter is `index`."""
        matrix = self._matrix
        size = pdfium.FPDFText_GetFontSize(self._text, index)
        turn, slanted = 0, False
        if pdfium.FPDFText_GetMatrix(self._text, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
            if matrix.b or matrix.c or matrix.a <= 0 or matrix.d <= 0:
                turn, slanted = _stance(matrix.a, matrix.b, matrix.c, matrix.d)
        bold, italic, mono, weight = self._font(index, owner)
        stroked = _MODE_OF(owner) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
        self._faces.append(Face(round(abs(size), 1), bold or stroked, italic or slanted, mono))
        self._weights.append(weight)
        return len(self._faces) - 1, turn

    def _font(self, index: int, owner: int) -> tuple[bool, bool, bool, int]:
        """Whether a font is bold, italic, of one width; its weight, of which 400 is regular."""
        font = _FONT_OF(owner)
        known = self._fonts.get(font) if font else None
        if known is None:
            flags = ctypes.c_int(0)
            name = bytes_of(lambda out, size: pdfium.FPDFText_GetFontInfo(self._text, index, out, size, flags))
            title = _SUBSET.sub("", name.decode("utf-8", "replace"))
            known = (
                bool(flags.value & 1 << 18) or bool(_BOLD.search(title)),
                bool(flags.value & 1 << 6) or bool(_ITALIC.search(title)),
                bool(flags.value & 1) or bool(_MONO.search(title)),
                pdfium.FPDFText_GetFontWeight(self._text, index),
            )
            if font:
                self._fonts[font] = known
        return known

    def settled(self, stretches: Sequence[_Stretch]) -> list[Face]:
        """The looks by their numbers; those are bold too whose weight is well over that of most letters of the page.

        PDFium reckons the weight from the width of a font's stems, which many files state wrongly, for all alike.
        """
        by_weight: Counter[int] = Counter()
        for stretch in stretches:
            by_weight[self._weights[stretch.face]] += stretch.end - stretch.start
        usual = by_weight.most_common(1)[0][0] if by_weight else 0
        return [
            face._replace(bold=True)
            if not face.bold and weight >= 600 and usual > 0 and weight >= 1.3 * usual
            else face
            for face, weight in zip(self._faces, self._weights, strict=True)
        ]


def _stance(a: float, b: float, c: float, d: float) -> tuple[int, bool]:
    """The quarter turn of letters with this matrix, -1 when it is none, and whether they lean over."""
    angle = math.degrees(math.atan2(b, a))
    quarter = round(angle / 90)
    skew = math.degrees(math.atan2(-c, d)) - angle
    return quarter % 4 if abs(angle - quarter * 90) < 5 else -1, 5 < -((skew + 180) % 360 - 180) < 30
