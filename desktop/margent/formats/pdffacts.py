"""What a PDF says of itself, as far as it can be believed: title, authors, dates."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from margent.document import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = re.compile(r"^\s*(?:microsoft (?:word|powerpoint|excel|publisher|office \w+) ?[-–:] ?)\s*", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:docx?|docm|pdf|tex|dvi|ps|indd|qxp?d?|pptx?|xlsx?|odt|odp|rtf|html?|md|txt|pub|wpd|pages|fm|xml|cdr|ai)\s*$",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"(?:untitled|title|document|doc|presentation|powerpoint presentation|slide|none|null|unknown|template|"
    r"print|layout|book|report|draft|new|без имени|документ)?[\W\d_]*",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:user|admin(?:istrator)?|owner|author|unknown|none|null|anonymous|default|test|guest|root|microsoft(?: \w+)*|"
    r"windows(?: \w+)*|hp|dell|lenovo|acer|pc|office|пользователь|автор|.*@.*|.*\\.*|[\W\d_]*)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?\s*(?:([Zz+-])(?:(\d{2})'?(\d{2})?'?)?)?")
_CREATORS = re.compile(rb"<dc:creator>(.{0,8000}?)</dc:creator>", re.DOTALL)
_ENTRY = re.compile(rb"<rdf:li[^>]{0,200}>(.{0,400}?)</rdf:li>", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_BETWEEN = re.compile(r"\s*(?:;|\band\b|\bund\b|\bet\b|&|\n|\|)\s*")


def line(text: str) -> str:
    """`text` as one line without what no page can show."""
    return " ".join(canonical(text).split())


def credible_title(text: str) -> str:
    """A title from a file's properties; "" for one that is a program's or a file's name or says nothing."""
    title = _PROGRAM.sub("", line(text))
    if _FILE.search(title) or _EMPTY.fullmatch(title) or len(title) > 300 or title.count("\ufffd") > 1:
        return ""
    if re.fullmatch(r"\S*[/\\_]\S*", title) or not any(map(str.isalpha, title)):
        return ""
    return title


def stands_in(title: str, text: str) -> bool:
    """Whether most of the words of `title` stand in `text`."""
    words = re.findall(r"\w{2,}", title.casefold())
    there = set(re.findall(r"\w{2,}", text.casefold()))
    return bool(words) and sum(word in there for word in words) >= 0.7 * len(words)


def authors(stated: Sequence[str], data: bytes) -> tuple[str, ...]:
    """The people that a file's properties name; `data` is the whole file, whose XMP packet may tell them apart."""
    whole = line("; ".join(stated))
    listed = _creators(data)
    if len(listed) > 1 and (not whole or all(name in whole for name in listed)):
        return listed
    if not whole:
        return listed
    parts = [part.strip(" ,.") for part in _BETWEEN.split(whole)]
    if len(parts) == 1 and re.fullmatch(r"(?:\S+ \S[^,]*)(?:, \S+ \S[^,]*)+", whole):
        parts = [part.strip() for part in whole.split(",")]
    return tuple(
        dict.fromkeys(part for part in parts if not _NOBODY.fullmatch(part.strip("()[]<> ")) and len(part) < 100)
    )


def _creators(data: bytes) -> tuple[str, ...]:
    """The authors in the file's one XMP packet; () where there are several, for pictures bring theirs."""
    packets = _CREATORS.findall(data)
    if len({*packets}) != 1:
        return ()
    names = (line(html.unescape(entry.decode("utf-8", "replace"))) for entry in _ENTRY.findall(packets[0]))
    return tuple(name for name in names if not _NOBODY.fullmatch(name) and len(name) < 100)


def moment(text: str) -> datetime | None:
    """A PDF's date, "D:20240131120000+01'00'", in UTC; None for what is none. Without a zone it is taken as UTC."""
    found = _DATE.match(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, sign, across, more = found.groups()
    try:
        shift = timedelta(hours=int(across or 0), minutes=int(more or 0))
        zone = timezone(-shift if sign == "-" else shift)
        local = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day(text: str) -> str:
    """The day of a PDF's date as it stands there, ISO 8601; "" for what is none."""
    found = _DATE.match(text.strip())
    if not found or not (found[2] and found[3]):
        return ""
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def language(text: str) -> str:
    """A language tag in the form of BCP 47; "" for what is none."""
    tag = text.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) and tag.lower() not in {"und", "x-unknown", "zxx"} else ""
