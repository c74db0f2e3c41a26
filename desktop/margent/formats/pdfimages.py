"""The raster pictures of a PDF's page as PDFium holds them, and one of them as a file that every page can show.

A photograph is handed on as the JPEG it is in the file. Everything else (masks over it, colours of print, turned or
cropped) is drawn by PDFium and written down as PNG, no larger than a page on a fine screen needs.
"""

from __future__ import annotations

import ctypes
import math
import struct
from array import array
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from margent.formats.limits import PIXELS
from margent.formats.pdfpage import Box, Shown
from margent.formats.pdfpngs import png
from margent.formats.pdfraw import Handle, bytes_of
from margent.formats.pictures import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS: Final = 5000
"""Objects of a page that are looked at, those in forms included."""
SIGN: Final = 40.0
"""Points; a picture that is not larger both ways is a sign or a line."""
_DEEPEST: Final = 4
"""Forms in one another that are looked into."""
_DRAWN: Final = 2_500_000
"""Pixels of a picture that is drawn anew: 1,600 across at the shape of a page."""
_FINEST: Final = 300 / 72
"""Pixels a point at which several pieces are drawn as one."""
_WHOLE: Final = 0.97
"""Of a picture: what a clip leaves of it, from which on it counts as whole."""
_PLAIN = frozenset(
    {
        pdfium.FPDF_COLORSPACE_DEVICEGRAY,
        pdfium.FPDF_COLORSPACE_DEVICERGB,
        pdfium.FPDF_COLORSPACE_CALGRAY,
        pdfium.FPDF_COLORSPACE_CALRGB,
        pdfium.FPDF_COLORSPACE_ICCBASED,
    }
)
"""Colours that a JPEG outside the PDF has too."""
Matrix = tuple[float, float, float, float, float, float]


class Survey:
    """What a page has besides letters: where its pictures are, its thin lines, and how much is drawn with lines."""

    def __init__(self, page: Handle) -> None:
        self.images: list[tuple[tuple[int, ...], Handle, Matrix]] = []
        """How to reach each picture among the page's objects, the picture, and what brings it onto the page."""
        self.rules: list[Box] = []
        """Lines drawn on the page: long in one direction and thin in the other."""
        self._strokes = 0.0
        self._extent = [math.inf, math.inf, -math.inf, -math.inf]
        self._shaded = False
        self._left = OBJECTS
        self._values = [ctypes.c_float() for _ in range(4)]
        self._look(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, (), _SAME)

    @property
    def is_drawn(self) -> bool:
        """Whether lines and fillings make a drawing: more of them than boxes and rules around text are."""
        left, bottom, right, top = self._extent
        return self._shaded or (self._strokes >= 12 and min(right - left, top - bottom) > 1.5 * SIGN)

    def _look(self, holder: Handle, count: Handle, get: Handle, path: tuple[int, ...], around: Matrix) -> None:
        for number in range(min(count(holder), self._left)):
            self._left -= 1
            each = get(holder, number)
            kind = pdfium.FPDFPageObj_GetType(each) if each else pdfium.FPDF_PAGEOBJ_TEXT
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.images.append(((*path, number), each, around))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                if len(path) < _DEEPEST:
                    inner = _times(_matrix(each), around)
                    self._look(
                        each, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, (*path, number), inner
                    )
            elif pdfium.FPDFPageObj_GetBounds(each, *self._values):
                self._drawing(each, kind, _moved(Box(*(value.value for value in self._values)), around), path)

    def _drawing(self, each: Handle, kind: int, box: Box, path: tuple[int, ...]) -> None:
        least, most = sorted((box.right - box.left, box.top - box.bottom))
        if kind == pdfium.FPDF_PAGEOBJ_SHADING:
            self._shaded = self._shaded or least > SIGN
            return
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            return
        if least < 3:
            if most > 8 and not path:
                self.rules.append(box)
            return
        # A rectangle may be a bar of a chart or the ground of a cell.
        self._strokes += 1.0 if pdfium.FPDFPath_CountSegments(each) > 5 else 0.2
        self._extent = [
            min(self._extent[0], box.left),
            min(self._extent[1], box.bottom),
            max(self._extent[2], box.right),
            max(self._extent[3], box.top),
        ]


def shown(page: Handle, survey: Survey, visible: Box) -> Iterator[Shown]:
    """The pictures that are more than a sign, each with what of it lies in `visible`. Masks are no pictures."""
    about = pdfium.FPDF_IMAGEOBJ_METADATA()
    for path, image, around in survey.images:
        whole = _moved(_UNIT, _times(_matrix(image), around))
        box = _common(_common(whole, _clip(image, around)), visible)
        if box is None or min(box.right - box.left, box.top - box.bottom) <= SIGN:
            continue
        if not pdfium.FPDFImageObj_GetImageMetadata(image, page, about):
            continue
        if about.bits_per_pixel == 1 and about.colorspace == pdfium.FPDF_COLORSPACE_UNKNOWN:
            # A stencil: colour that shines through holes.
            continue
        width, height = about.width, about.height
        yield Shown(path, box, whole, _digest(image, width, height), width, height)


def picture(document: Handle, page: Handle, chosen: Shown, turn: int) -> bytes:
    """The bytes of a picture on its page, JPEG or PNG, upright where letters of this quarter turn are upright.

    b"" for one that is too large or cannot be drawn.
    """
    found = _reached(page, chosen.path)
    if found is None or chosen.width * chosen.height > PIXELS or not chosen.width * chosen.height:
        return b""
    image, around = found
    matrix = _times(_matrix(image), around)
    crop = _crop(chosen)
    if crop is None and turn == 0 and _is_upright(matrix) and _is_plain_jpeg(page, image):
        data = _raw(image)
        if data.startswith(b"\xff\xd8\xff") and _is_opaque(document, image):
            return data
    return _drawn(document, image, matrix, chosen, turn)


def region(page: Handle, box: Box, scale: float) -> bytes:
    """What a page shows in `box` (points of the page), as PNG of `scale` pixels a point; b"" if it cannot be drawn.

    For a picture that is cut into pieces.
    """
    area = (box.right - box.left) * (box.top - box.bottom)
    scale = min(scale, _FINEST, math.sqrt(_DRAWN / max(area, 1.0)))
    across, down = ctypes.c_int(), ctypes.c_int()
    wide, high = round(pdfium.FPDF_GetPageWidthF(page) * scale), round(pdfium.FPDF_GetPageHeightF(page) * scale)
    corners = []
    for x, y in ((box.left, box.bottom), (box.right, box.top)):
        if not pdfium.FPDF_PageToDevice(page, 0, 0, wide, high, 0, x, y, across, down):
            return b""
        corners.append((across.value, down.value))
    (x, y), (x2, y2) = corners
    left, top, width, height = min(x, x2), min(y, y2), abs(x2 - x), abs(y2 - y)
    if not 0 < width * height <= 2 * _DRAWN:
        return b""
    bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
    if not bitmap:
        return b""
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, -left, -top, wide, high, 0, 0)
        return png(_pixels(bitmap), width, height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


# -- one picture ------------------------------------------------------------------------------------------------------


def _reached(page: Handle, path: tuple[int, ...]) -> tuple[Handle, Matrix] | None:
    """The picture at `path` among the page's objects, and what brings it onto the page."""
    around = _SAME
    holder, each = page, None
    for place, number in enumerate(path):
        get = pdfium.FPDFFormObj_GetObject if place else pdfium.FPDFPage_GetObject
        if place:
            around = _times(_matrix(holder), around)
        each = holder = get(holder, number)
        if not each:
            return None
    return None if each is None else (each, around)


def _drawn(document: Handle, image: Handle, matrix: Matrix, chosen: Shown, turn: int) -> bytes:
    scale = min(1.0, math.sqrt(_DRAWN / (chosen.width * chosen.height)))
    width, height = max(1, round(chosen.width * scale)), max(1, round(chosen.height * scale))
    with _rendered(document, image, width, height) as bitmap:
        if not bitmap:
            return b""
        width, height = pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap)
        pixels = _pixels(bitmap)
    quarter, mirrored = _orientation(matrix)
    if mirrored:
        pixels = _flipped(pixels, width)
    for _ in range((turn - quarter) % 4):
        pixels, width, height = _turned_right(pixels, width), height, width
    crop = _crop(chosen)
    if crop is not None:
        pixels, width, height = _cropped(pixels, width, height, _turned_crop(crop, turn))
    return png(pixels, width, height) if width and height else b""


@contextmanager
def _rendered(document: Handle, image: Handle, width: int, height: int) -> Iterator[Handle]:
    """The picture with its mask, upright as it is stored, in so many pixels."""
    before = pdfium.FS_MATRIX()
    kept = pdfium.FPDFPageObj_GetMatrix(image, before)
    pdfium.FPDFPageObj_SetMatrix(image, pdfium.FS_MATRIX(width, 0, 0, height, 0, 0))
    bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(document, None, image)
    try:
        yield bitmap
    finally:
        if bitmap:
            pdfium.FPDFBitmap_Destroy(bitmap)
        if kept:
            pdfium.FPDFPageObj_SetMatrix(image, before)


def _pixels(bitmap: Handle) -> array[int]:
    """The pixels of a bitmap of 32 bits a pixel, row by row: blue, green, red, cover, whatever the byte order."""
    width, height = pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    if stride != 4 * width:
        data = b"".join(data[row * stride : row * stride + 4 * width] for row in range(height))
    pixels = array("I")
    pixels.frombytes(data)
    if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
        cover = bytearray(data)
        cover[3::4] = b"\xff" * (width * height)
        pixels = array("I")
        pixels.frombytes(cover)
    return pixels


def _is_plain_jpeg(page: Handle, image: Handle) -> bool:
    """Whether the bytes in the file are a JPEG that shows outside it what it shows inside."""
    if pdfium.FPDFImageObj_GetImageFilterCount(image) != 1:
        return False
    name = bytes_of(lambda out, size: pdfium.FPDFImageObj_GetImageFilter(image, 0, out, size))
    about = pdfium.FPDF_IMAGEOBJ_METADATA()
    return bool(
        name == b"DCTDecode"
        and pdfium.FPDFImageObj_GetImageMetadata(image, page, about)
        and about.bits_per_pixel in {8, 24}
        and about.colorspace in _PLAIN
    )


def _is_opaque(document: Handle, image: Handle) -> bool:
    """Whether nothing shines through the picture: drawn small, it covers all of its place."""
    with _rendered(document, image, 32, 32) as bitmap:
        if not bitmap:
            return False
        cover = _pixels(bitmap).tobytes()[3::4]
    return cover.count(255) == len(cover)


def _raw(image: Handle) -> bytes:
    size = pdfium.FPDFImageObj_GetImageDataRaw(image, None, 0)
    if not 0 < size <= LIMIT:
        return b""
    out = ctypes.create_string_buffer(size)
    pdfium.FPDFImageObj_GetImageDataRaw(image, out, size)
    return out.raw


def _digest(image: Handle, width: int, height: int) -> bytes:
    """What tells a picture from others in the file: the same for one that is shown twice."""
    raw = _raw(image)
    known = raw or struct.pack("<Q", pdfium.FPDFImageObj_GetImageDataRaw(image, None, 0))
    return blake2b(known + struct.pack("<QQ", width, height), digest_size=16).digest()


# -- where it stands --------------------------------------------------------------------------------------------------

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_UNIT = Box(0.0, 0.0, 1.0, 1.0)
"""What every picture fills before its matrix brings it onto the page."""


def _matrix(each: Handle) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(each, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does what `first` does and then what `second` does (PDF 1.7, 8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(box: Box, matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(across), min(up), max(across), max(up))


def _common(first: Box | None, second: Box | None) -> Box | None:
    if first is None or second is None:
        return first
    box = Box(
        max(first.left, second.left),
        max(first.bottom, second.bottom),
        min(first.right, second.right),
        min(first.top, second.top),
    )
    return box if box.left < box.right and box.bottom < box.top else Box(box.left, box.bottom, box.left, box.bottom)


def _clip(image: Handle, around: Matrix) -> Box | None:
    """The rectangle around what a picture's clip lets be seen; None where nothing clips it."""
    clip = pdfium.FPDFPageObj_GetClipPath(image)
    found: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(max(pdfium.FPDFClipPath_CountPaths(clip), 0), 20) if clip else 0):
        points = []
        for place in range(min(max(pdfium.FPDFClipPath_CountPathSegments(clip, number), 0), 200)):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, number, place)
            if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
        if not points:
            continue
        across, up = [x for x, _ in points], [y for _, y in points]
        own = Box(min(across), min(up), max(across), max(up))
        found = own if found is None else _common(found, own)
    return None if found is None else _moved(found, around)


def _is_upright(matrix: Matrix) -> bool:
    a, b, c, d, _, _ = matrix
    return a > 0 and d > 0 and abs(b) < 0.02 * a and abs(c) < 0.02 * d


def _orientation(matrix: Matrix) -> tuple[int, bool]:
    """By how many quarters a picture is turned to the left, and whether it is mirrored left to right before."""
    a, b, c, d, _, _ = matrix
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return round(math.degrees(math.atan2(b, a)) / 90) % 4, mirrored


def _crop(chosen: Shown) -> tuple[float, float, float, float] | None:
    """What of the picture is seen, as shares from its left, top, right, bottom on the page; None for all of it."""
    box, whole = chosen.box, chosen.whole
    wide, high = whole.right - whole.left, whole.top - whole.bottom
    if (box.right - box.left) * (box.top - box.bottom) > _WHOLE * wide * high:
        return None
    return (
        (box.left - whole.left) / wide,
        (whole.top - box.top) / high,
        (whole.right - box.right) / wide,
        (box.bottom - whole.bottom) / high,
    )


def _turned_crop(crop: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """The same shares where letters of this quarter turn stand upright."""
    for _ in range(turn % 4):
        left, top, right, bottom = crop
        crop = bottom, left, top, right
    return crop


# -- pixels -----------------------------------------------------------------------------------------------------------


def _flipped(pixels: array[int], width: int) -> array[int]:
    out = array("I")
    for start in range(0, len(pixels), width):
        out.extend(pixels[start : start + width][::-1])
    return out


def _turned_right(pixels: array[int], width: int) -> array[int]:
    """The pixels a quarter turn to the right: what stood on its left side comes to the top."""
    out = array("I")
    for column in range(width):
        out.extend(pixels[column::width][::-1])
    return out


def _cropped(
    pixels: array[int], width: int, height: int, crop: tuple[float, float, float, float]
) -> tuple[array[int], int, int]:
    left, top, right, bottom = (round(share * (height if place % 2 else width)) for place, share in enumerate(crop))
    out = array("I")
    for row in range(top, height - bottom):
        out.extend(pixels[row * width + left : (row + 1) * width - right])
    return out, max(0, width - left - right), max(0, height - top - bottom)
