"""The letters of a page as PDFium gives them, one by one, with where they stand and how they look."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from typing import Final

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from margent.formats.pdfletters import letters
from margent.formats.pdfpage import GUESS, Box, Face, Glyph
from margent.formats.pdfraw import Handle, bytes_of

_LETTERS: Final = 200_000
"""Letters of one page that are read; more are a drawing made of letters."""
_BOLD = re.compile(r"bold|black|heavy|semibd|demi(?!r)|[-_,]bd|cmbx|sfbx|ptmb|extrab", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|[-_,]it\b|cmti|cmsl|sfti|sfsl|slant", re.IGNORECASE)
_MONO = re.compile(r"mono|courier|consol|cmtt|sftt|typewriter|menlo|fixed", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")


def glyphs_of(text: Handle, visible: Box) -> tuple[dict[int, list[Glyph]], int]:
    """The letters of a page by the quarter turn they stand in, upright each; slanted ones (watermarks) are left out.

    With them, how many letters the file gives no character for.
    """
    found: dict[int, list[tuple[str, float, float, float, int]]] = {}
    unreadable = 0
    faces: list[Face] = []
    weights: list[int] = []
    count = min(pdfium.FPDFText_CountChars(text), _LETTERS)
    loose, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    left_edge, low_edge, right_edge, high_edge = visible
    unicode, box_at, origin_at, object_at = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetCharOrigin,
        pdfium.FPDFText_GetTextObject,
    )
    present, size, turn, number, rows = -1, 0.0, 0, -1, found.setdefault(0, [])
    for index in range(count):
        code = unicode(text, index)
        if code in {10, 13}:
            continue
        owner = object_at(text, index)
        if not owner:
            continue
        if code in {0, 0xFFFD}:
            unreadable += 1
            continue
        if code == 32 and pdfium.FPDFText_IsGenerated(text, index):
            # PDFium thought of this space itself: the gap must bear it out.
            rows.append((GUESS, 0.0, 0.0, 0.0, number))
            continue
        address = ctypes.addressof(owner.contents)
        if address != present:
            present = address
            face, weight, turn = _face(text, index, owner)
            size, number = face.size, len(faces)
            faces.append(face)
            weights.append(weight)
            rows = found.setdefault(turn, [])
        if turn < 0 or size < 0.5 or not box_at(text, index, loose) or not origin_at(text, index, x, y):
            continue
        if not (left_edge - 2 <= x.value <= right_edge + 2 and low_edge - 2 <= y.value <= high_edge + 2):
            continue
        char = letters(code)
        if not char:
            continue
        if turn == 0:
            rows.append((char, x.value, max(loose.right, x.value), y.value, number))
        elif turn == 1:
            rows.append((char, y.value, max(loose.top, y.value), -x.value, number))
        elif turn == 2:
            rows.append((char, -x.value, max(-loose.left, -x.value), -y.value, number))
        else:
            rows.append((char, -y.value, max(-loose.bottom, -y.value), x.value, number))
    _set_bold(faces, weights, Counter(row[4] for rows in found.values() for row in rows if row[0] is not GUESS))
    glyphs = {
        turn: [Glyph(char, left, right, base, faces[number]) for char, left, right, base, number in rows]
        for turn, rows in found.items()
        if turn >= 0 and rows
    }
    return glyphs, unreadable


def _set_bold(faces: list[Face], weights: list[int], letters_of: Counter[int]) -> None:
    """Make those of `faces` bold whose weight is well over that of most letters of the page.

    PDFium reckons the weight from the width of a font's stems, which many files state wrongly, for all fonts alike.
    """
    by_weight: Counter[int] = Counter()
    for number, count in letters_of.items():
        by_weight[weights[number]] += count
    if not by_weight:
        return
    usual = by_weight.most_common(1)[0][0]
    for number, weight in enumerate(weights):
        if weight >= 600 and usual > 0 and weight >= 1.3 * usual:
            faces[number] = faces[number]._replace(bold=True)


def _face(text: Handle, index: int, owner: Handle) -> tuple[Face, int, int]:
    """The look of a text object's letters, their weight (400 is regular), their quarter turn; -1 when it is none."""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text, index)
    turn = 0
    slanted = False
    if pdfium.FPDFText_GetMatrix(text, index, matrix):
        size *= math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        quarter = round(angle / 90)
        turn = quarter % 4 if abs(angle - quarter * 90) < 5 else -1
        skew = math.degrees(math.atan2(-matrix.c, matrix.d)) - angle
        slanted = 5 < -((skew + 180) % 360 - 180) < 30
    flags = ctypes.c_int(0)
    name = bytes_of(lambda out, size: pdfium.FPDFText_GetFontInfo(text, index, out, size, flags))
    title = _SUBSET.sub("", name.decode("utf-8", "replace"))
    heavy = bool(flags.value & 1 << 18)
    stroked = pdfium.FPDFTextObj_GetTextRenderMode(owner) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
    face = Face(
        round(abs(size), 1),
        bold=heavy or stroked or bool(_BOLD.search(title)),
        italic=slanted or bool(flags.value & 1 << 6) or bool(_ITALIC.search(title)),
        mono=bool(flags.value & 1) or bool(_MONO.search(title)),
    )
    return face, pdfium.FPDFText_GetFontWeight(text, index), turn
