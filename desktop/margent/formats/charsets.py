"""Bytes into text where the file itself names an encoding, as pages, books and mail do, and may be wrong about it."""

from __future__ import annotations

import codecs
import re

from margent.formats.decoding import decode

_NAMES = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "unicode-1-1-utf-8": "utf-8",
    "x-user-defined": "cp1252",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-euc-jp": "euc_jp",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "windows-31j": "cp932",
}
"""What browsers read where a page says this: labels of smaller sets stand for the larger ones that people use."""
_STATEFUL = ("iso2022", "hz")
_TEXT_ONLY = frozenset(
    {"base64", "bz2", "hex", "idna", "mbcs", "oem", "palmos", "punycode", "quopri", "raw_unicode_escape"}
    | {"rot_13", "undefined", "unicode_escape", "utf_7", "uu", "zlib"}
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*(?P<xml>[\w.:-]{2,40})"
    rb"|<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*(?P<meta>[\w.:-]{2,40})",
    re.IGNORECASE,
)
_HEAD = 8192
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def page_text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a page: by its byte order mark, then what it says of itself, then by its bytes.

    With notices, a sentence each, where the encoding was guessed or bytes were lost. Raises MargentError, naming the
    file `name`, when no encoding makes text of it.
    """
    head = data[:_HEAD]
    found = _DECLARED.search(re.sub(rb"<!--[\s\S]*?-->", b"", head))
    declared = (found["xml"] or found["meta"]).decode("ascii") if found else ""
    return declared_text(data, declared, name)


def declared_text(data: bytes, declared: str, name: str) -> tuple[str, tuple[str, ...]]:
    """As `page_text`, for `data` that are said to be in the encoding `declared` ("" for none)."""
    encoding = python_name(declared)
    if data.startswith(_MARKS) or not encoding or encoding.startswith(("utf", "UTF")):
        return decode(data, name)
    if not encoding.startswith(_STATEFUL) and _is_utf8(data):
        # Bytes seldom happen to be UTF-8, and labels often are left over from an older page.
        return decode(data, name)
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    if lost > max(8, len(text) / 50):
        return decode(data, name)
    return text, (f"Some bytes were not {declared.upper()} text and are shown as \ufffd.",) if lost else ()


def python_name(label: str) -> str:
    """The codec for an encoding's `label` as browsers understand it, "" for an unknown one or none of text."""
    label = label.strip().strip("\"'").lower()
    if label in _NAMES:
        return _NAMES[label]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name.replace("-", "_") in _TEXT_ONLY else _NAMES.get(name, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not data.isascii()
