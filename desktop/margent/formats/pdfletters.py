"""Codes of a PDF's letters into text: ligatures taken apart, symbol fonts told, accents set upon their letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_HYPHEN = 2
"""PDFium's code for a hyphen at the end of a line."""
_SYMBOLS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0A8: "◻",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF0E0: "→",
    0xF0E8: "→",
    0xF06C: "•",
    0xF06E: "■",
    0xF076: "❖",
    0xF071: "❑",
    0xF02D: "–",
}
_SPACES = frozenset(range(0x2000, 0x200B)) | {0x09, 0x20, 0xA0, 0x202F, 0x205F, 0x3000}
_NOTHING = frozenset({0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF})
_ACCENTS = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "~": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˛": "\u0328",
}


@lru_cache(maxsize=4096)
def letters(code: int) -> str:
    """The text that PDFium's character code stands for; "" for one that shows nothing.

    Ligatures and presentation forms become their letters; every space is a plain one.
    """
    if code in {_HYPHEN, 0xAD}:
        # A soft hyphen that is drawn is seen as a hyphen.
        return "-"
    if code in _SPACES:
        return " "
    if code < 32 or 0x7F <= code < 0xA0 or code in _NOTHING or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    if 0xF000 <= code <= 0xF0FF:
        return _SYMBOLS.get(code) or (chr(code - 0xF000) if 0x21 <= code - 0xF000 < 0x7F else "")
    char = chr(code)
    if 0xFB00 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC:
        return unicodedata.normalize("NFKC", char).strip()
    return char


def accented(accent: str, letter: str) -> str:
    """`letter` with a free-standing `accent` set upon it; "" when the two make no one letter."""
    combining = _ACCENTS.get(accent, accent if len(accent) == 1 and unicodedata.combining(accent) else "")
    if not combining or len(letter) != 1:
        return ""
    whole = unicodedata.normalize("NFC", {"ı": "i", "ȷ": "j"}.get(letter, letter) + combining)
    return whole if len(whole) == 1 else ""


def is_accent(char: str) -> bool:
    """Whether the character is an accent that some files draw beside its letter."""
    return char in _ACCENTS or (len(char) == 1 and bool(unicodedata.combining(char)))


def leans_left(text: str) -> bool:
    """Whether `text` has letters that are written from right to left."""
    if text.isascii():
        return False
    return any("\u0590" <= char <= "\u08ff" for char in text) and any(
        unicodedata.bidirectional(char) in {"R", "AL"} for char in text
    )
