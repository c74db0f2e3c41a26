"""Kindle's *My Clippings.txt*: entries of five lines in the language of the device, with every edit a new entry.

Entries are told apart by the words for highlight, note and bookmark; a note belongs to the highlight that ends where
it stands. The file has neither authors of notes nor time zones: nobody is named, and times are the laptop's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.parcel import Parcel, Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = "Kindle"
_RULE = re.compile(r"^={8,}[ \t]*$", re.MULTILINE)
_NOTE = re.compile(
    r"\b(?:note|notiz|nota|notitie|not|notatka|anteckning|заметка|примечание)\b|笔记|筆記|メモ|메모", re.IGNORECASE
)
_BOOKMARK = re.compile(
    r"\b(?:bookmark|lesezeichen|signet|marcador|segnalibro|bladwijzer|zakładka|bokmärke|yer imi|закладка)\b|书签|書籤|"
    r"ブックマーク|북마크",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:location|loc\.|position|emplacement|posici[oó]n|posi[cç][aã]o|posizione|locatie|pozycja|plats|konum|место|"
    r"位置(?:No\.)?|위치)[^\d\n]{0,12}#?(\d+)(?:\s*[-–]\s*(\d+))?",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?\.?\s+konum", re.IGNORECASE)
"""Turkish says the number first."""
_PAGE = re.compile(
    r"(?:page|seite|p[áa]gina|pagina|strona|stronie|sida|sayfa|страниц\w*|第)\s*([\divxlc]+(?:[-–][\divxlc]+)?)"
    r"|(\d+)\s*(?:ページ|页|頁|페이지|\.\s*sayfa)",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"<[^<>\n]*(?:limit|limite|límite|grenze|лимит)[^<>\n]*>\s*$", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp]\.?[Mm]\.?)?")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_AFTERNOON = re.compile(r"下午|午後|오후")
_TITLE = re.compile(r"(?P<title>.*?)\s*(?:\((?P<author>(?:[^()]|\([^()]*\))*)\))?\s*$")

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "januari februari mars april maj juni juli augusti september oktober november december",
    )
    for number, name in enumerate(names.split(), 1)
}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    first: int
    last: int
    remark: Remark


def is_ours(data: bytes) -> bool:
    """Whether a text file is made of this device's entries."""
    text = data[:20_000].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    entries = _RULE.split(text)
    return len(entries) > 1 and any(re.search(r"\n\s*-\s.*\|", entry) for entry in entries[:3])


def read(data: bytes, name: str) -> list[Parcel]:
    """The highlights and notes by book. Raises MargentError naming the file when it has no entries."""
    text = reading.text(data.decode("utf-8-sig", "replace"))
    books: dict[str, list[_Entry]] = {}
    lost: dict[str, list[str]] = {}
    for chunk in _RULE.split(text):
        lines = chunk.strip("\n \ufeff").split("\n")
        if len(lines) < 2 or not lines[1].lstrip().startswith("-"):
            continue
        title = lines[0].strip(" \ufeff")
        entry = _entry(lines[1], "\n".join(lines[2:]).strip())
        lost.setdefault(title, [])
        if entry is None or entry.kind == "bookmark":
            continue
        if _LIMIT.search(entry.remark.exact):
            lost[title].append(f"{name}: the publisher's limit cut a highlight of “{title}” short.")
            entry = replace(entry, remark=replace(entry.remark, exact=_LIMIT.sub("", entry.remark.exact).strip()))
        books.setdefault(title, []).append(entry)
    if not books and not lost:
        raise MargentError(f"{name} has no entries of a {_PROGRAM} in it: copy My Clippings.txt from the device again.")
    return [
        Parcel(_PROGRAM, *_about(title), "", tuple(_joined(entries)), tuple(lost[title]))
        for title, entries in books.items()
    ]


def _about(line: str) -> tuple[str, tuple[str, ...]]:
    """Title and authors: `Access brief (Unit, Policy)`."""
    found = _TITLE.match(line)
    if found is None or not found["title"]:
        return line, ()
    authors = [_forward(author) for author in re.split(r"[;]", found["author"] or "")]
    return found["title"], reading.names(authors)


def _forward(author: str) -> str:
    last, comma, first = author.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first else author


def _entry(line: str, words: str) -> _Entry | None:
    place, page = _PLACE_BEFORE.search(line) or _PLACE.search(line), _PAGE.search(line)
    first = int(place[1]) if place else 0
    last = int(place[2]) if place and place[2] else first
    if last < first:
        # "1234-38" leaves out what both numbers begin with.
        last = int(str(first)[: -len(str(last))] + str(last)) if len(str(last)) < len(str(first)) else first
    kind = (
        "bookmark"
        if _BOOKMARK.search(line)
        else "note"
        if _NOTE.search(line.split("|", maxsplit=1)[0])
        else "highlight"
    )
    if not words:
        return None if kind != "bookmark" else _Entry(kind, first, last, Remark())
    remark = Remark(
        exact=words if kind == "highlight" else "",
        note=words if kind == "note" else "",
        created=_moment(line.rsplit("|", 1)[-1]),
        page=(page[1] or page[2]) if page else "",
    )
    return _Entry(kind, first, last, remark)


def _moment(line: str) -> datetime | None:
    clock = _CLOCK.search(line)
    east = _EAST.search(line)
    if east:
        day = (int(east[1]), int(east[2]), int(east[3]))
    else:
        month = next((_MONTHS[word] for word in map(str.lower, _WORD.findall(line)) if word in _MONTHS), 0)
        bare = line[: clock.start()] + line[clock.end() :] if clock else line
        numbers = [int(found) for found in re.findall(r"\d+", bare)]
        year = next((number for number in numbers if number > 1000), 0)
        date = next((number for number in numbers if 0 < number < 32), 0)
        day = (year, month, date)
    hour, minute, second = (int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else (0, 0, 0)
    late = bool(_AFTERNOON.search(line)) or (clock is not None and (clock[4] or "").lower().startswith("p"))
    early = clock is not None and (clock[4] or "").lower().startswith("a")
    hour = hour + 12 if late and hour < 12 else 0 if early and hour == 12 else hour
    try:
        return datetime(*day, hour, minute, second).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _joined(entries: Sequence[_Entry]) -> list[Remark]:
    """Highlights, each grown or shortened one once as it was last, with the notes that stand at their ends."""
    highlights: list[_Entry] = []
    for entry in entries:
        if entry.kind != "highlight":
            continue
        same = [index for index, other in enumerate(highlights) if _is_again(other, entry)]
        for index in reversed(same):
            del highlights[index]
        highlights.append(entry)
    notes: dict[int, dict[tuple[int, str], Remark]] = {}
    alone: dict[int | str, Remark] = {}
    for entry in entries:
        if entry.kind != "note":
            continue
        homes = [
            index for index, other in enumerate(highlights) if other.first and other.first <= entry.first <= other.last
        ]
        if homes:
            # A note that was changed stands there again; the last one counts.
            notes.setdefault(homes[-1], {})[entry.first, ""] = entry.remark
        else:
            alone[entry.first or entry.remark.note] = entry.remark
    found = []
    for index, entry in enumerate(highlights):
        said = [remark.note for remark in notes.get(index, {}).values()]
        found.append(replace(entry.remark, note="\n\n".join(said), start=None))
    return [*found, *alone.values()]


def _is_again(old: _Entry, new: _Entry) -> bool:
    """Whether an entry is an earlier one after its ends were moved."""
    if not old.first or old.first > new.last or new.first > old.last:
        return False
    one, other = old.remark.exact, new.remark.exact
    return one == other or one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)
