"""Who wrote an article and when, where its first lines say so beyond doubt."""

import re
from datetime import date

_MONTHS = (
    "january jan janvier januar enero gennaio января январь қаңтар",
    "february feb février februar febrero febbraio февраля февраль ақпан",
    "march mar mars märz marzo марта март наурыз",
    "april apr avril abril aprile апреля апрель сәуір",
    "may mai mayo maggio мая май мамыр",
    "june jun juin juni junio giugno июня июнь маусым",
    "july jul juillet juli julio luglio июля июль шілде",
    "august aug août agosto августа август тамыз",
    "september sept sep septembre septiembre settembre сентября сентябрь қыркүйек",
    "october oct octobre oktober octubre ottobre октября октябрь қазан",
    "november nov novembre noviembre ноября ноябрь қараша",
    "december dec décembre dezember diciembre dicembre декабря декабрь желтоқсан",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_LABEL = (
    r"(?:(?:first |last )?(?:published|updated|posted|modified|date|publié le|mis à jour le|veröffentlicht am|stand|"
    r"publicado el|опубликовано|дата)(?: on| at)?\s*:?\s*)?"
)
_DAY = r"(?:(?:[^\W\d_]{2,12}),?\s+)?"
_ZONE = r"\(?(?:[A-Z]{2,5}|UTC[+-]\d+)?\)?"
_TIME = rf"(?:,?\s*(?:at\s+|um\s+|à\s+|в\s+)?\d{{1,2}}[:.h]\d{{2}}(?::\d{{2}})?\s*(?:[ap]\.?m\.?)?\s*{_ZONE})?"
_DATE = re.compile(
    rf"{_LABEL}{_DAY}(?:"
    r"(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2})(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s+(?:de\s+)?(?P<m2>{_NAMES})\.?,?\s+(?:de\s+)?(?P<y2>\d{{4}})"
    r"(?:\s*(?:г\.|года|ж\.))?"
    rf"|(?P<m3>{_NAMES})\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})"
    r"|(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})"
    rf"){_TIME}\.?",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:written|words|story|text|report|reporting|reported|analysis|opinion)\s+by|by|authors?\s*:|von|par|por|"
    r"автор[ы]?\s*:|авторы?\s*:|текст\s*:)\s*:?\s+(?P<names>\S.*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b|\bи\b|\bжәне\b)\s*")
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "del", "della", "di", "da", "la", "le", "du", "dos", "das"}
    | {"bin", "ibn", "al", "el", "ben", "ter", "ten", "zu", "zur"}
)
_PARTS = re.compile(r"\s+[|·•]\s+|\s+[–—-]\s+|\t+")
_LONGEST = 120


def authors_in(line: str) -> tuple[str, ...]:
    """The names in a line that begins with "By" or its like; () for any other line, a sentence with "by" included."""
    if len(line) > _LONGEST:
        return ()
    for part in _PARTS.split(line):
        found = _BY.fullmatch(part.strip())
        if found:
            names = re.split(r",?\s+in\s+(?=[A-Z])", found["names"])[0]
            people = [name for name in _BETWEEN.split(names.strip(" .,")) if name]
            if people and all(map(_is_name, people)):
                return tuple(people)
    return ()


def date_in(line: str) -> str:
    """The date that a line consists of, ISO 8601 where it is a day of the calendar; "" for any other line."""
    if len(line) > _LONGEST:
        return ""
    for part in _PARTS.split(line):
        found = _DATE.fullmatch(part.strip())
        if found:
            return _iso(found)
    return ""


def _iso(found: re.Match[str]) -> str:
    for form in "1234":
        year, month, day = (found[f"{part}{form}"] for part in "ymd")
        if year:
            number = int(month) if month.isdecimal() else _MONTH[month.lower()]
            try:
                return date(int(year), number, int(day)).isoformat()
            except ValueError:
                return ""
    return ""


def _is_name(text: str) -> bool:
    """Whether `text` is one to five words, each with a capital or a particle between."""
    words = text.split()
    if not 1 <= len(words) <= 5 or any(character.isdigit() for character in text):
        return False
    return all(word[0].isupper() or not word[0].islower() or word.lower() in _PARTICLES for word in words) and any(
        word[0].isalpha() and word.lower() not in _PARTICLES for word in words
    )
