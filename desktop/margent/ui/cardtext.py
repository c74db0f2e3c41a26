"""What a card says in words: who, when, what kind, and all of it in one line for a screen reader."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject

from margent.annotations import KINDS, UNSAID, Annotation, Colour, Kind, Style
from margent.reading import Reading
from margent.ui.actions import QT_TRANSLATE_NOOP

KIND_ICONS: dict[Kind, str] = {
    "note": "sticky-note",
    "question": "circle-help",
    "action": "list-checks",
    "position": "flag",
}
_KIND_WORDS: dict[Kind, str] = {
    "note": QT_TRANSLATE_NOOP("Card", "note"),
    "question": QT_TRANSLATE_NOOP("Card", "question"),
    "action": QT_TRANSLATE_NOOP("Card", "action"),
    "position": QT_TRANSLATE_NOOP("Card", "position"),
}
_KIND_NAMES: dict[Kind, str] = {
    "note": QT_TRANSLATE_NOOP("Card", "Note"),
    "question": QT_TRANSLATE_NOOP("Card", "Question"),
    "action": QT_TRANSLATE_NOOP("Card", "Action"),
    "position": QT_TRANSLATE_NOOP("Card", "Position"),
}
_MARKS: dict[tuple[Style, Colour], str] = {
    ("highlight", "yellow"): QT_TRANSLATE_NOOP("Card", "Yellow highlight"),
    ("highlight", "green"): QT_TRANSLATE_NOOP("Card", "Green highlight"),
    ("highlight", "blue"): QT_TRANSLATE_NOOP("Card", "Blue highlight"),
    ("highlight", "pink"): QT_TRANSLATE_NOOP("Card", "Pink highlight"),
    ("highlight", "purple"): QT_TRANSLATE_NOOP("Card", "Purple highlight"),
    ("underline", "yellow"): QT_TRANSLATE_NOOP("Card", "Yellow underline"),
    ("underline", "green"): QT_TRANSLATE_NOOP("Card", "Green underline"),
    ("underline", "blue"): QT_TRANSLATE_NOOP("Card", "Blue underline"),
    ("underline", "pink"): QT_TRANSLATE_NOOP("Card", "Pink underline"),
    ("underline", "purple"): QT_TRANSLATE_NOOP("Card", "Purple underline"),
}
_SPOKEN = 200


def kind_word(kind: Kind) -> str:
    """What a card calls a kind."""
    return QCoreApplication.translate("Card", _KIND_WORDS[kind])


def kind_name(kind: Kind) -> str:
    """What a menu calls a kind."""
    return QCoreApplication.translate("Card", _KIND_NAMES[kind])


def kinds() -> tuple[Kind, ...]:
    """The kinds in the order of menus."""
    return KINDS


def resolved_line(annotation: Annotation, replies: int) -> str:
    """What stands for a conversation that is closed: “✓ Resolved · 2 replies · By how much?”."""
    parts = ["✓ " + QCoreApplication.translate("Card", "Resolved")]
    if replies:
        parts.append(_Counts().replies(replies))
    if annotation.note.strip():
        parts.append(_cut(annotation.note))
    return " · ".join(parts)


def mark_of(annotation: Annotation) -> str:
    """How its words are marked, for those who do not see it."""
    mark = QCoreApplication.translate("Card", _MARKS[annotation.style, annotation.colour])
    if annotation.state == "moved":
        return QCoreApplication.translate("Card", "%1 with a broken edge: to be checked").replace("%1", mark)
    return mark


def may_resolve(reading: Reading, annotation: Annotation) -> bool:
    """Whether there is a conversation on an annotation to be closed, or one that was closed."""
    return bool(reading.replies.get(annotation.id)) or (annotation.done and not annotation.is_task)


def is_resolved(reading: Reading, annotation: Annotation) -> bool:
    """Whether the conversation on an annotation is closed, and is shown folded."""
    return annotation.done and may_resolve(reading, annotation)


def author_of(annotation: Annotation, owner: str) -> str:
    """“You” for the reader's own, else the author's name, or that none is given."""
    if annotation.author == UNSAID:
        return QCoreApplication.translate("Card", "Author not given")
    return QCoreApplication.translate("Card", "You") if annotation.author in {"", owner} else annotation.author


def short_time(moment: datetime, today: date | None = None) -> str:
    """08:41 for a moment of `today` (local time zone), 23 Nov in the same year, 23 Nov 2025 before that."""
    local = moment.astimezone()
    day = today or datetime.now().astimezone().date()
    locale = QLocale()
    at = QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0)
    if local.date() == day:
        return locale.toString(at, "HH:mm")
    return locale.toString(at, "d MMM" if local.year == day.year else "d MMM yyyy")


def day_of(moment: datetime, today: date | None = None) -> str:
    """The day of a moment (local time zone) in a few words: 23 Nov, with the year where it was another one."""
    local = moment.astimezone()
    day = today or datetime.now().astimezone().date()
    at = QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0)
    return QLocale().toString(at, "d MMM" if local.year == day.year else "d MMM yyyy")


def full_time(moment: datetime) -> str:
    """Day and time in full, in the local time zone."""
    local = moment.astimezone()
    at = QDateTime(local.year, local.month, local.day, local.hour, local.minute, local.second)
    return QLocale().toString(at, QLocale.FormatType.LongFormat)


def times_of(annotation: Annotation) -> str:
    """When it was written and, if that was another minute, last changed."""
    made = QCoreApplication.translate("Card", "Written %1").replace("%1", full_time(annotation.created))
    if (annotation.modified - annotation.created).total_seconds() < 60:
        return made
    return made + "\n" + QCoreApplication.translate("Card", "Changed %1").replace("%1", full_time(annotation.modified))


def state_of(annotation: Annotation, words: str) -> str:
    """Why a card does not stand beside the words it was written for; "" when it does. `words` are those marked now."""
    match annotation.state:
        case "moved" if words != annotation.exact:
            return QCoreApplication.translate("Card", "The words changed. They were: “%1”").replace(
                "%1", _cut(annotation.exact)
            )
        case "moved":
            return QCoreApplication.translate("Card", "The text around it changed.")
        case "orphaned":
            return QCoreApplication.translate("Card", "No longer in this text: “%1”").replace(
                "%1", _cut(annotation.exact)
            )
        case _:
            return ""


def spoken(annotation: Annotation, owner: str, replies: int) -> str:
    """A card in one line: “Question by You, 08:41: By how much?”."""
    parts = [f"{author_of(annotation, owner)}, {short_time(annotation.created)}"]
    if annotation.done:
        done, resolved = QCoreApplication.translate("Card", "done"), QCoreApplication.translate("Card", "resolved")
        parts.append(done if annotation.is_task else resolved)
    if annotation.state == "moved":
        parts.append(QCoreApplication.translate("Card", "to be checked"))
    if annotation.state == "orphaned":
        parts.append(QCoreApplication.translate("Card", "no longer in the text"))
    if annotation.private:
        parts.append(QCoreApplication.translate("Card", "private"))
    if replies:
        parts.append(_Counts().replies(replies))
    head = (
        QCoreApplication.translate("Card", "%1 by %2")
        .replace("%1", kind_name(annotation.kind))
        .replace("%2", ", ".join(parts))
    )
    said = " ".join(annotation.note.split()) or QCoreApplication.translate("Card", "no text, on “%1”").replace(
        "%1", _cut(annotation.exact)
    )
    return f"{head}: {said[:_SPOKEN]}"


class _Counts(QObject):
    """Numbers in words. A class, since lupdate does not see that a text has a plural in a call of `translate`."""

    def replies(self, number: int) -> str:
        return self.tr("%n reply(ies)", None, number)


def _cut(text: str, most: int = 90) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
