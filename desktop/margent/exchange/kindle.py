"""Kindle's *My Clippings.txt*: entries of five lines in the language of the device, with every edit a new entry.

Entries are told apart by the words for highlight, note and bookmark; a note belongs to the highlight that ends where
it stands. The file has neither authors of notes nor time zones: nobody is named, and times are the laptop's own.
"""

from __future__ import annotations

import re
from collections import Counter
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
_DASH = ("-", "–")
"""How the second line of an entry begins; Russian ones with the longer."""
_NOTE = re.compile(
    r"\b(?:note|notiz|nota|notitie|not|notatka|anteckning|заметка|примечание)\b|笔记|筆記|メモ|메모", re.IGNORECASE
)
_BOOKMARK = re.compile(
    r"\b(?:bookmark|lesezeichen|signet|marcador|segnalibro|bladwijzer|zakładka|bokmärke|yer imi|закладка)\b|书签|書籤|"
    r"ブックマーク|북마크",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\b(?:underline|circle|asterisk)\b", re.IGNORECASE)
"""Marks that the newest devices know besides highlights; what they call them in other languages is not known."""
_RANGE = r"(\d{1,9})(?:\s*(?:[-–]|t/m)\s*(\d{1,9}))?"
_PLACE = re.compile(
    r"(?:location|loc\.|position|emplacement|posici[oó]n|posi[cç][aã]o|posizione|locatie|pozycja|plats|konum|мест[оеа]|"
    rf"位置(?:No\.)?|위치)[^\d\n]{{0,12}}#?{_RANGE}",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(rf"{_RANGE}\.?\s+konum", re.IGNORECASE)
"""Turkish says the number first."""
_PAGE = re.compile(
    r"(?:page|seite|p[áa]gina|pagina|strona|stronie|sida|sayfa|страниц\w*|第)\s*([\divxlc]+(?:[-–][\divxlc]+)?)"
    r"|(\d+)\s*(?:ページ|页|頁|페이지|\.\s*sayfa)",
    re.IGNORECASE,
)
_PAGES = re.compile(_RANGE)
_LIMIT = re.compile(
    r"<[^<>\n]*(?:limit|límit|лимит|предел|maxim|grenze|上限|한도|sınır)[^<>\n]*>\s*$|"
    r"^\s*您已达到本内容的剪贴上限\s*$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s*<[^<>\n]{20,}>\s*$")
"""What stands in place of the words in any language: nothing that is read begins and ends so."""
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp]\.?\s?[Mm]\.?)?")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_NUMBERS = re.compile(r"\b(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})\b")
_AFTERNOON = re.compile(r"下午|午後|오후")
_MORNING = re.compile(r"上午|午前|오전")

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
_MONTHS["setiembre"] = 9
_SHORT = {name[:3]: number for name, number in list(_MONTHS.items())[:12]}
"""What English devices may shorten them to."""
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
    return len(entries) > 1 and any(re.search(r"\n[ \t]*[-–]\s.*[|｜]", entry) for entry in entries[:3])


def read(data: bytes, name: str) -> list[Parcel]:
    """The highlights and notes by book. Raises MargentError naming the file when it has no entries."""
    text = reading.text(data.decode("utf-8-sig", "replace")).replace("\ufeff", "")
    books: dict[str, list[_Entry]] = {}
    lost: dict[str, Counter[str]] = {}
    chunks = _RULE.split(text)
    # A file that does not end with the rule was not copied, or not written, to its end.
    broken = int(bool(chunks[-1].strip()))
    for chunk in chunks:
        lines = chunk.strip("\n").split("\n")
        if len(lines) < 2 or not lines[1].lstrip().startswith(_DASH):
            broken += bool(chunk.strip()) and chunk is not chunks[-1]
            continue
        broken += "\ufffd" in chunk
        title = lines[0].strip("\n")
        entry = _entry(lines[1], "\n".join(lines[2:]).strip())
        said = lost.setdefault(title, Counter())
        words = entry.remark.exact
        if entry.kind != "bookmark" and not (words or entry.remark.note):
            said["empty"] += 1
        elif entry.kind == "bookmark":
            said["bookmarks"] += 1
        elif not _LIMIT.search(words) and not _ALONE.match(words):
            books.setdefault(title, []).append(entry)
        elif left := "" if _ALONE.match(words) else _LIMIT.sub("", words).strip():
            said["cut"] += 1
            books.setdefault(title, []).append(replace(entry, remark=replace(entry.remark, exact=left)))
        else:
            said["missing"] += 1
    if not lost:
        raise MargentError(f"{name} has no entries of a {_PROGRAM} in it: copy My Clippings.txt from the device again.")
    return [
        Parcel(
            _PROGRAM, *_about(title), "", tuple(_joined(books.get(title, []), title)), _told(said, title, name, broken)
        )
        for title, said in lost.items()
    ]


def _told(said: Counter[str], line: str, name: str, broken: int) -> tuple[str, ...]:
    title = _about(line)[0]
    found = (
        (said["cut"], f"{name}: the publisher's limit cut {{}} highlight(s) of “{title}” short."),
        (said["missing"], f"{name}: the publisher's limit left nothing of {{}} highlight(s) of “{title}”."),
        (said["bookmarks"], "{} bookmark(s) without words were left out."),
        (said["empty"], "{} entry(ies) without words were left out."),
        (broken, f"{name}: {{}} entry(ies) are damaged and could not be read whole."),
    )
    return tuple(sentence.format(count) for count, sentence in found if count)


def _about(line: str) -> tuple[str, tuple[str, ...]]:
    """Title and authors: `Access brief (Unit, Policy)`. Two spaces at the end say that there is no author."""
    bare = line.strip()
    at, depth = len(bare), int(bare.endswith(")"))
    while depth and at > 1:
        at -= 1
        depth += {")": 1, "(": -1}.get(bare[at - 1], 0)
    title = bare[: at - 1].rstrip()
    if depth or at == len(bare) or not title or line.endswith("  "):
        return bare, ()
    return title, reading.names([_forward(author) for author in bare[at:-1].split(";")])


def _forward(author: str) -> str:
    last, comma, first = author.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first else author


def _entry(line: str, words: str) -> _Entry:
    place, page = _PLACE_BEFORE.search(line) or _PLACE.search(line), _PAGE.search(line)
    # In documents of fixed pages there are no locations; the page is where highlight and note meet.
    here = place or _PAGES.match((page[1] or page[2]) if page else "")
    first = int(here[1]) if here else 0
    last = int(here[2]) if here and here[2] else first
    if last < first:
        # "1234-38" leaves out what both numbers begin with.
        last = int(str(first)[: -len(str(last))] + str(last)) if len(str(last)) < len(str(first)) else first
    label = line.split("|", maxsplit=1)[0]
    kind = "bookmark" if _BOOKMARK.search(line) else "note" if _NOTE.search(label) else "highlight"
    remark = Remark(
        exact=words if kind == "highlight" else "",
        note=words if kind == "note" else "",
        created=_moment(re.split(r"[|｜]", line)[-1]),
        page=(page[1] or page[2]) if page else "",
        style="underline" if _UNDER.search(label) else "highlight",
    )
    return _Entry(kind, first, last, remark)


def _moment(line: str) -> datetime | None:
    """When an entry was made, in any of the ways in which devices write it; None where it does not say."""
    clock = _CLOCK.search(line)
    # In "14.03.2026 11:00" the day would be taken for a time of day.
    for found in _CLOCK.finditer(line):
        clock = found
    bare = line[: clock.start()] + line[clock.end() :] if clock else line
    day = _day(bare, american=clock is not None and bool(clock[4]))
    hour, minute, second = (int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else (0, 0, 0)
    late = bool(_AFTERNOON.search(line)) or (clock is not None and (clock[4] or "").lower().startswith("p"))
    early = bool(_MORNING.search(line)) or (clock is not None and (clock[4] or "").lower().startswith("a"))
    hour = hour + 12 if late and hour < 12 else 0 if early and hour == 12 else hour
    try:
        return datetime(*day, hour, minute, second).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _day(line: str, *, american: bool) -> tuple[int, int, int]:
    """Year, month and day, 0 for what is not said; in numbers alone the month comes first where clocks have noons."""
    east = _EAST.search(line)
    if east:
        return int(east[1]), int(east[2]), int(east[3])
    numbers = _NUMBERS.search(line)
    if numbers:
        return _numeric(int(numbers[1]), int(numbers[3]), int(numbers[4]), american=american)
    words = [word.lower() for word in _WORD.findall(line)]
    month = next((_MONTHS[word] for word in words if word in _MONTHS), 0)
    month = month or next((_SHORT[word] for word in words if word in _SHORT), 0)
    found = [int(number) for number in re.findall(r"(?<!\d)\d{1,4}(?!\d)", line)]
    return (
        next((number for number in found if number > 1000), 0),
        month,
        next((number for number in found if 0 < number < 32), 0),
    )


def _numeric(first: int, second: int, third: int, *, american: bool) -> tuple[int, int, int]:
    """A day in numbers: a year is beyond 31 or comes last, and a month is 12 at most."""
    if first > 31:
        return first, second, third
    year = third if third > 99 else 2000 + third
    return (year, first, second) if (american and first <= 12) or second > 12 else (year, second, first)


def _joined(entries: Sequence[_Entry], title: str) -> list[Remark]:
    """Highlights, each grown or shortened one once as it was last, with the notes that stand at their ends."""
    highlights: list[_Entry] = []
    for entry in entries:
        if entry.kind != "highlight":
            continue
        same = [index for index, other in enumerate(highlights) if _is_again(other, entry)]
        for index in reversed(same):
            del highlights[index]
        highlights.append(entry)
    notes: dict[int, dict[int, Remark]] = {}
    alone: dict[int | str, _Entry] = {}
    for entry in entries:
        if entry.kind != "note":
            continue
        homes = [
            index for index, other in enumerate(highlights) if other.first and other.first <= entry.first <= other.last
        ]
        if homes:
            # A note that was changed stands there again; the last one counts.
            notes.setdefault(homes[-1], {})[entry.first] = entry.remark
        else:
            alone[entry.first or entry.remark.note] = entry
    found = [_known(entry, title, [*notes.get(index, {}).values()]) for index, entry in enumerate(highlights)]
    return [*found, *(_known(entry, title, [entry.remark]) for entry in alone.values())]


def _known(entry: _Entry, title: str, notes: Sequence[Remark]) -> Remark:
    """A remark that is known again when a later file has another note with it: by its place and its time."""
    created = entry.remark.created
    moments = [moment for moment in (created, *(note.created for note in notes)) if moment is not None]
    foreign = ""
    if entry.first and (created is not None or entry.kind == "note"):
        since = "" if entry.kind == "note" or created is None else created.isoformat()
        foreign = f"{title} {entry.kind} {entry.first}-{entry.last} {since}"
    said = "\n\n".join(note.note for note in notes)
    return replace(entry.remark, foreign=foreign, note=said, modified=max(moments, default=None))


def _is_again(old: _Entry, new: _Entry) -> bool:
    """Whether an entry is an earlier one after its ends were moved."""
    if not old.first or old.first > new.last or new.first > old.last:
        return False
    one, other = old.remark.exact, new.remark.exact
    return one == other or one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)
