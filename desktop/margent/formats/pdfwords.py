"""Letters of a page into words, by the gaps between them and the spaces among them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from margent.formats.pdfletters import accented, is_accent, leans_left
from margent.formats.pdfpage import GUESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from margent.formats.pdfpage import Box, Face, Glyph, Spot

_GAP: Final = 0.15
"""Of the letters' size: a wider gap parts words. TeX sets spaces of 0.22 at the least and kerns by 0.1 at the most."""
_SUPPOSED: Final = 0.03
"""The same where PDFium takes the gap for a space."""
_PLAIN_ACCENTS: Final = "`^~"
"""The accents that are signs of ASCII."""
_HIGHEST: Final = 2000
"""Steps of twelve points up a page, at the most, at which links and annotations are looked for."""
_FAR: Final = 1.5
"""Of the letters' size: what follows after a wider gap is no part of the same stretch."""


@dataclass(slots=True)
class Word:
    """Letters without a space between them; a raised or lowered number belongs to the word it stands at."""

    text: str
    left: float
    right: float
    base: float
    face: Face
    marks: list[tuple[str, int, int, str]] = field(default_factory=list)
    after_space: bool = True
    """Whether a space was written before it, or the gap is as wide as one."""


def words_of(glyphs: Sequence[Glyph], spots: Iterable[Spot] = ()) -> list[Word]:
    """The words that `glyphs` spell, in the order they were drawn, with what `spots` cover marked on them."""
    covers = _Covers(spots)
    return [word for strip in _strips(glyphs) for word in _split(strip, covers)]


class _Strip:
    """Letters drawn one after another on one line."""

    __slots__ = ("glyphs", "guesses", "spaces")

    def __init__(self) -> None:
        self.glyphs: list[Glyph] = []
        self.spaces: set[int] = set()
        """Places before which a space was written."""
        self.guesses: set[int] = set()
        """Places before which PDFium supposes one."""


def _strips(glyphs: Sequence[Glyph]) -> Iterable[_Strip]:
    strip = _Strip()
    spaced = guessed = False
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.char == " ":
            spaced = True
            continue
        if glyph.char == GUESS:
            guessed = True
            continue
        if (
            last is not None
            and not (
                glyph.face is last.face
                and glyph.base == last.base
                and -0.6 * glyph.face.size <= glyph.left - last.right <= _FAR * glyph.face.size
            )
            and not _follows(last, glyph)
        ):
            yield strip
            strip, spaced = _Strip(), True
        if guessed:
            strip.guesses.add(len(strip.glyphs))
            guessed = False
        if spaced:
            strip.spaces.add(len(strip.glyphs))
        strip.glyphs.append(glyph)
        last, spaced = glyph, False
    if strip.glyphs:
        yield strip


def _follows(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.face.size, glyph.face.size)
    rise = abs(glyph.base - last.base)
    if rise > 0.08 * size:
        alike = min(last.face.size, glyph.face.size) > 0.87 * size
        if rise > (0.25 if alike else 0.65) * size and not (is_accent(last.char) or is_accent(glyph.char)):
            return False
    ahead = glyph.left - last.right
    if -0.6 * size <= ahead <= _FAR * size:
        return True
    return (is_accent(glyph.char) and -1.2 * size <= ahead <= 0) or (
        leans_left(last.char + glyph.char) and -1.2 * size <= last.left - glyph.right <= _FAR * size
    )


def _split(strip: _Strip, covers: _Covers) -> Iterable[Word]:
    glyphs = _set_accents(strip)
    if leans_left("".join([glyph.char for glyph in glyphs[:40]])):
        yield from _leaning(strip, glyphs, covers)
        return
    gaps = [after.left - before.right for before, after in pairwise(glyphs)]
    breaks = _breaks(strip, glyphs, gaps)
    start = 0
    for end in [*breaks, len(glyphs)]:
        if end > start:
            yield _word(glyphs[start:end], covers, after_space=start in breaks or start in strip.spaces)
        start = end


def _breaks(strip: _Strip, glyphs: list[Glyph], gaps: list[float]) -> list[int]:
    """The places at which a new word begins. Text with its letters set apart has wider gaps between words still."""
    inner = [
        gap / glyph.face.size
        for place, (gap, glyph) in enumerate(zip(gaps, glyphs, strict=False), 1)
        if place not in strip.spaces and glyph.char.isalnum()
    ]
    apart = median(inner) if len(inner) >= 6 else 0.0
    limit = max(apart, 0) + _GAP if apart < 0.06 else apart * 1.6 + 0.1
    spaces = strip.spaces
    singles = sum(place + 1 in spaces for place in spaces)
    if len(glyphs) >= 5 and singles >= 0.75 * (len(glyphs) - 1):
        # "P O L I C Y  B R I E F": a space stands after every letter, so only a wider gap parts words.
        usual = median(gaps)
        return [place for place, gap in enumerate(gaps, 1) if gap > 1.5 * usual + 0.05 * glyphs[place].face.size]
    guesses = strip.guesses if apart < 0.06 else frozenset()
    found = []
    for place, gap in enumerate(gaps, 1):
        least = -0.25 if place in spaces else _SUPPOSED if place in guesses else limit
        if gap > least * glyphs[place - 1].face.size:
            found.append(place)
    return found


def _leaning(strip: _Strip, glyphs: list[Glyph], covers: _Covers) -> Iterable[Word]:
    """Words of a strip that has letters written from right to left, each with its letters as they are read."""
    groups: list[list[Glyph]] = [[]]
    for place, glyph in enumerate(glyphs):
        last = groups[-1][-1] if groups[-1] else None
        gap = 0.0 if last is None else max(glyph.left - last.right, last.left - glyph.right)
        if last is not None and (place in strip.spaces or gap > _GAP * glyph.face.size):
            groups.append([])
        groups[-1].append(glyph)
    for group in groups:
        if group:
            yield _word(_unturned(group), covers, after_space=True)


def _unturned(glyphs: list[Glyph]) -> list[Glyph]:
    """`glyphs` with the letters of a ligature in order: PDFium turns them about with the line they stand in."""
    out: list[Glyph] = []
    for glyph in glyphs:
        same = len(out)
        while (
            same and (out[same - 1].left, out[same - 1].right) == (glyph.left, glyph.right) and leans_left(glyph.char)
        ):
            same -= 1
        out.insert(same, glyph)
    return out


def _set_accents(strip: _Strip) -> list[Glyph]:
    """The strip's letters, with accents that were drawn over them set upon them."""
    glyphs = strip.glyphs
    text = "".join([glyph.char for glyph in glyphs])
    if not (any(sign in text for sign in _PLAIN_ACCENTS) if text.isascii() else any(map(is_accent, text))):
        return glyphs
    out: list[Glyph] = []
    places: set[int] = set()
    guesses: set[int] = set()
    for place, glyph in enumerate(glyphs):
        last = out[-1] if out else None
        if place in strip.spaces:
            places.add(len(out))
        if place in strip.guesses:
            guesses.add(len(out))
        if last is not None and place not in strip.spaces and _over(last, glyph):
            accent, letter = (last, glyph) if is_accent(last.char) else (glyph, last)
            whole = accented(accent.char, letter.char)
            if whole:
                out[-1] = letter._replace(char=whole)
                continue
        out.append(glyph)
    strip.spaces, strip.guesses = places, guesses
    return out


def _over(first: Glyph, second: Glyph) -> bool:
    """Whether one of the two is an accent and stands over the other."""
    if is_accent(first.char) == is_accent(second.char):
        return False
    if unicodedata.combining(second.char[0]):
        return True
    middle = (first.left + first.right) / 2
    return second.left - 0.05 * second.face.size <= middle <= second.right or (
        first.left <= (second.left + second.right) / 2 <= first.right
    )


def _word(glyphs: list[Glyph], covers: _Covers, *, after_space: bool) -> Word:
    first = glyphs[0]
    text = "".join([glyph.char for glyph in glyphs])
    left = min(first.left, glyphs[-1].left)
    right = max(first.right, glyphs[-1].right)
    face, base = first.face, first.base
    plain = True
    for glyph in glyphs:
        if glyph.face is not face or (glyph.base != base and abs(glyph.base - base) >= 0.3):
            plain = False
            break
    if plain:
        word = Word(text, left, right, base, face, _looks(face, len(text)), after_space)
    else:
        largest = max(glyph.face.size for glyph in glyphs)
        main = [glyph for glyph in glyphs if glyph.face.size > 0.87 * largest]
        base = median(glyph.base for glyph in main)
        face = max((glyph.face for glyph in main), key=lambda each: sum(glyph.face == each for glyph in main))
        word = Word(text, left, right, base, face, _mixed(glyphs, base, largest), after_space)
    if covers:
        word.marks.extend(_covered(glyphs, covers))
    return word


def _looks(face: Face, length: int) -> list[tuple[str, int, int, str]]:
    return [
        (kind, 0, length, "")
        for kind, has in (("strong", face.bold), ("emphasis", face.italic), ("code", face.mono))
        if has
    ]


def _mixed(glyphs: list[Glyph], base: float, largest: float) -> list[tuple[str, int, int, str]]:
    """Marks of a word whose letters differ: looks, and small ones above or below its line."""
    marks: list[tuple[str, int, int, str]] = []
    position = 0
    for glyph in glyphs:
        end = position + len(glyph.char)
        kinds = [kind for kind, *_ in _looks(glyph.face, 1)]
        if glyph.face.size <= 0.87 * largest:
            rise = (glyph.base - base) / largest
            if rise > 0.15:
                kinds.append("superscript")
            elif rise < -0.08:
                kinds.append("subscript")
        marks.extend((kind, position, end, "") for kind in kinds)
        position = end
    return joined(marks)


class _Covers:
    """What links and annotations cover on a page, found by the height it stands at."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self._levels: dict[int, list[tuple[Box, Spot]]] = {}
        for spot in spots:
            for box in spot.boxes:
                for level in range(self._level(box.bottom - 9), min(self._level(box.top + 9), _HIGHEST) + 1):
                    self._levels.setdefault(level, []).append((box, spot))

    def __bool__(self) -> bool:
        return bool(self._levels)

    def at(self, base: float) -> Sequence[tuple[Box, Spot]]:
        """The boxes that letters on this base may lie in, and what each belongs to."""
        return self._levels.get(self._level(base), ())

    @staticmethod
    def _level(base: float) -> int:
        return max(-_HIGHEST, min(_HIGHEST, int(base // 12)))


def _covered(glyphs: list[Glyph], covers: _Covers) -> list[tuple[str, int, int, str]]:
    near = covers.at(glyphs[0].base)
    if not near:
        return []
    marks: list[tuple[str, int, int, str]] = []
    left, right = min([glyph.left for glyph in glyphs]), max([glyph.right for glyph in glyphs])
    for box, spot in near:
        if box.left > right or box.right < left or not box.bottom - 9 < glyphs[0].base < box.top + 9:
            continue
        position = 0
        for glyph in glyphs:
            end = position + len(glyph.char)
            if box.holds((glyph.left + glyph.right) / 2, glyph.base + 0.25 * glyph.face.size):
                marks.append((spot.kind, position, end, spot.target))
            position = end
    return joined(marks)


def joined(marks: list[tuple[str, int, int, str]], between: int = 0) -> list[tuple[str, int, int, str]]:
    """`marks` with those of one kind and target made one where at most `between` characters part them."""
    if len(marks) < 2:
        return list(marks)
    last: dict[tuple[str, str], tuple[int, int]] = {}
    out: list[tuple[str, int, int, str]] = []
    for kind, start, end, target in sorted(marks, key=lambda mark: mark[1]):
        held = last.get((kind, target))
        if held is not None and start - held[1] <= between:
            last[kind, target] = (held[0], max(held[1], end))
            continue
        if held is not None:
            out.append((kind, *held, target))
        last[kind, target] = (start, end)
    out.extend((kind, *held, target) for (kind, target), held in last.items())
    return sorted(out, key=lambda mark: (mark[1], -mark[2]))
