"""Another program's annotations onto a document of the library: on the words they were made about, or orphaned.

Which document is meant is told by its title and, more surely, by the quotations: where that leaves a doubt, the
reader is asked. A quotation that is not found keeps its note; nobody is named as an author whom the file does not name.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from margent.anchoring import Match, Selector, relocate
from margent.annotations import (
    CONTEXT,
    UNSAID,
    Annotation,
    Change,
    DocumentRecord,
    Theme,
    Value,
    new_id,
    next_colour,
    now,
    theme_named,
)
from margent.exchange.lineage import brought as brought_as
from margent.exchange.lineage import is_as_brought, unpacked
from margent.exchange.merging import spares_of
from margent.exchange.parcel import Parcel, Remark, key_of
from margent.exchange.reading import Utf16
from margent.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

LABEL = "Import annotations"
SURE = 0.6
"""Share of the quotations that must be in a document for it to be the one meant without asking. A quotation of some
words hardly stands in two briefs; revisions and bad scans cost a third of them at most."""
_DOUBT = 0.5
"""Another document with more than half as many of the quotations may be the one as well."""
_ASKED = 40
"""So many quotations, spread over the file, tell as well as thousands."""
_TELLING = 12
"""Shorter quotations stand in too many texts to tell them apart, in characters."""


class Candidate(NamedTuple):
    """A document that a parcel may be about."""

    record: DocumentRecord
    share: float
    """Of the quotations looked for, those that stand in it, 0–1."""
    titled: bool
    """Whether it has the title, or the address, that the file gives."""


@dataclass(frozen=True, slots=True)
class Attached:
    """What attaching a parcel would do."""

    change: Change
    placed: int = 0
    moved: int = 0
    orphaned: int = 0
    """Of these, those that are about the whole document are counted by themselves."""
    whole: int = 0
    known: int = 0
    """Remarks that are in the library as they are."""
    differing: int = 0
    """Of these, those whose note reads otherwise here, and is not older."""
    binned: int = 0
    """Of these, those that were deleted here."""
    disputed: frozenset[str] = frozenset()
    """Ids of those that have the file's later note, and what was written here as a reply."""


def candidates(
    parcel: Parcel, records: Iterable[DocumentRecord], text_of: Callable[[DocumentRecord], str]
) -> list[Candidate]:
    """The documents that have some of the quotations, or the title, the likeliest first.

    `text_of` gives the newest text of a document.
    """
    quotes = _telling(parcel.remarks)
    found: list[Candidate] = []
    for record in records:
        addressed = bool(parcel.source) and record.source == parcel.source
        titled = _same(record.title, parcel.title) or addressed
        # Notes on a whole document have no words that could tell it; its address can.
        share = float(addressed and not quotes)
        if quotes:
            text = _plain(text_of(record))
            share = sum(quote in text for quote in quotes) / len(quotes)
        if titled or share:
            found.append(Candidate(record, share, titled))
    return sorted(found, key=lambda one: (-one.share, not one.titled, one.record.id))


def chosen(found: Sequence[Candidate]) -> DocumentRecord | None:
    """The document that is meant beyond doubt; None when somebody has to be asked."""
    if not found:
        return None
    first = found[0]
    rivals = [other for other in found[1:] if other.share > _DOUBT * first.share or (other.titled and not first.titled)]
    titled = [one for one in found if one.titled]
    if first.share >= SURE and not rivals:
        return first.record
    if len(titled) == 1 and titled[0] is first and first.share > 0 and not rivals:
        return first.record
    return None


def ids(parcel: Parcel, record: DocumentRecord, elsewhere: Container[str] = frozenset()) -> list[str]:
    """The ids that a parcel's remarks and answers get on a document; `elsewhere` are those that belong to others."""
    return list(_once(parcel, record, elsewhere))


def attach(
    parcel: Parcel,
    record: DocumentRecord,
    text: str,
    stored: Mapping[str, Annotation],
    themes: Sequence[Theme],
    *,
    elsewhere: Container[str] = frozenset(),
    brought: Mapping[str, str] | None = None,
) -> Attached:
    """Put a parcel's remarks on a document whose newest revision has `text`.

    `stored` holds the library's annotations by id, deleted ones too: what is there stays as it is unless the file has
    a later note for it, and what was deleted stays deleted. `themes` are those that stand, `elsewhere` the ids that
    something else in the library has, and `brought` what is kept of the notes that a file brought before (`lineage`).
    """
    entries = _once(parcel, record, elsewhere)
    fresh = [(key, remark) for key, (remark, head) in entries.items() if head is None and key not in stored]
    known_themes = list(themes)
    before: dict[str, Value | None] = {}
    after: dict[str, Value | None] = {}
    counts = {"placed": 0, "moved": 0, "orphaned": 0, "whole": 0}
    for (key, remark), match in zip(fresh, _matches(parcel, [remark for _, remark in fresh], text), strict=True):
        filed = []
        for name in remark.themes:
            theme = theme_named(name, known_themes)
            if theme is None:
                theme = Theme(id=new_id(), name=name, colour=next_colour(known_themes))
                known_themes.append(theme)
                before[theme.id], after[theme.id] = None, theme
            filed.append(theme.id)
        value = _annotation(key, remark, match, record, text, tuple(dict.fromkeys(filed)))
        before[key], after[key] = None, value
        counts[value.state if value.exact else "whole"] += 1
    known = differing = binned = 0
    disputed: set[str] = set()
    for key, (remark, head) in entries.items():
        old = stored.get(key)
        if old is not None:
            later = _later(old, remark)
            known += later is None
            differing += later is None and old.deleted is None and bool(remark.note) and remark.note != old.note
            binned += old.deleted is not None
            if later is not None:
                before[key], after[key] = old, later
                if is_as_brought(old.note, (brought or {}).get(key, "")):
                    continue
                for spare in spares_of(old, later):
                    disputed.add(key)
                    if spare.id not in stored:
                        before[spare.id], after[spare.id] = None, spare
        elif head is not None:
            parent = after.get(head) or stored.get(head)
            if isinstance(parent, Annotation) and parent.deleted is None:
                before[key], after[key] = None, _reply(key, remark, parent)
    lineage = {}
    for key in entries.keys() & after.keys():
        taken, was = after[key], (brought or {}).get(key, "")
        # What is remembered of an exchange says more, and is left as it is.
        if isinstance(taken, Annotation) and not unpacked(taken, was).seen:
            lineage[key] = (was, brought_as(taken.note))
    change = Change(LABEL, before, after, lineage=lineage)
    return Attached(change, known=known, differing=differing, binned=binned, disputed=frozenset(disputed), **counts)


def _once(parcel: Parcel, record: DocumentRecord, elsewhere: Container[str]) -> dict[str, tuple[Remark, str | None]]:
    """Every remark and answer by its id, with the id of what it answers; of two with one id the later one.

    An id that something else has is left to it: the same file on a second document gives notes of their own there.
    """

    def own(key: str) -> str:
        return hashlib.sha256(f"{record.id}\n{key}".encode()).hexdigest()[:32] if key in elsewhere else key

    found: dict[str, tuple[Remark, str | None]] = {}
    for named, remark, head_named in _all(parcel):
        key, head = own(named), None if head_named is None else own(head_named)
        if key not in found or _moment(found[key][0]) <= _moment(remark):
            found[key] = (remark, head)
    return found


def _moment(remark: Remark) -> datetime:
    return remark.modified or remark.created or datetime.min.replace(tzinfo=UTC)


def _all(parcel: Parcel) -> Iterator[tuple[str, Remark, str | None]]:
    """Every remark and answer with its id, and the id of what it answers."""
    for remark in parcel.remarks:
        head = key_of(parcel, remark)
        yield head, remark, None
        for reply in remark.replies:
            # Answers without an id of their own may say the same to different remarks.
            yield key_of(replace(parcel, title=head), reply), reply, head


def _matches(parcel: Parcel, remarks: Sequence[Remark], text: str) -> list[Match | None]:
    """Where each remark's words are; None for one that is about the whole document."""
    units = Utf16(text) if parcel.utf16 else None
    quoted = [remark.exact.strip() != "" and not (remark.last or remark.until) for remark in remarks]
    selectors = [_selector(remark, len(text), units) for remark, told in zip(remarks, quoted, strict=True) if told]
    found = iter(relocate(None, text, selectors)) if selectors else iter(())
    return [
        next(found) if told else _ranged(remark, text) if remark.exact.strip() else _counted(remark, text, units)
        for remark, told in zip(remarks, quoted, strict=True)
    ]


def _ranged(remark: Remark, text: str) -> Match:
    """Where a range is of which only its ends are told: certain where each of them stands once in the text."""
    first, last = remark.exact.strip(), (remark.last or remark.until).strip()
    starts = _all_of(text, first)
    if len(starts) > 1 and (remark.prefix or remark.suffix):
        starts = [at for at in starts if text[:at].endswith(remark.prefix)] or starts
    ends = [at for at in _all_of(text, last) if starts and at >= starts[0] + (len(first) if remark.until else 0)]
    if not starts or not ends:
        return Match("orphaned", 0, 0, 0.0)
    end = ends[0] + len(last) if remark.last else starts[0] + len(text[starts[0] : ends[0]].rstrip())
    sure = len(starts) == 1 and len(ends) == 1
    return Match("placed" if sure else "moved", starts[0], end, 1.0 if sure else 0.5)


def _all_of(text: str, words: str) -> list[int]:
    """Where `words` stand in `text`, whatever the white space; two places are as many as it takes to be in doubt."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    return [found.start() for found, _ in zip(pattern.finditer(text), range(20), strict=False)]


def _counted(remark: Remark, text: str, units: Utf16 | None) -> Match | None:
    """A place that is only counted is never certain: the text that it was counted in may have been another."""
    if remark.start is None or remark.end is None:
        return None
    start, end = (at if units is None else units.point(at) for at in (remark.start, remark.end))
    if not start < end <= len(text) or not text[start:end].strip():
        return None
    return Match("moved", start, end, 0.1)


def _selector(remark: Remark, length: int, units: Utf16 | None) -> Selector:
    exact = remark.exact.strip()
    if remark.start is None:
        start = round((remark.progress or 0.0) * length)
    else:
        start = remark.start if units is None else units.point(remark.start)
    return Selector(exact, remark.prefix, remark.suffix, start, start + len(exact))


def _annotation(
    key: str, remark: Remark, match: Match | None, record: DocumentRecord, text: str, themes: tuple[str, ...]
) -> Annotation:
    created = remark.created or remark.modified or now()
    exact = " … ".join(filter(None, (remark.exact.strip(), remark.last.strip())))
    start, end, state = (0, 0, "orphaned") if match is None else (match.start, match.end, match.state)
    here = state != "orphaned"
    told = bool(exact) and not (remark.last or remark.until)
    return Annotation(
        id=key,
        document=record.id,
        revision=record.revision,
        start=start,
        end=end,
        # Words that are found but differ are kept as they were: the card shows both.
        exact=text[start:end] if state == "placed" or (here and not told) else exact,
        prefix=text[max(0, start - CONTEXT) : start] if here else remark.prefix[-CONTEXT:],
        suffix=text[end : end + CONTEXT] if here else remark.suffix[:CONTEXT],
        state="orphaned" if match is None else match.state,
        colour=remark.colour,
        style=remark.style,
        kind=remark.kind,
        note=remark.note,
        private=remark.private,
        done=remark.done,
        author=remark.author or UNSAID,
        themes=themes,
        created=created,
        modified=remark.modified or created,
    )


def _reply(key: str, remark: Remark, parent: Annotation) -> Annotation:
    created = remark.created or remark.modified or now()
    return replace(
        parent,
        id=key,
        parent=parent.id,
        note=remark.note,
        author=remark.author or UNSAID,
        kind="note",
        done=False,
        private=remark.private,
        themes=(),
        created=created,
        modified=remark.modified or created,
    )


def _later(old: Annotation, remark: Remark) -> Annotation | None:
    """`old` with the file's later note; None where there is nothing later in it."""
    if old.deleted is not None or remark.modified is None or remark.modified <= old.modified:
        return None
    # With the file's time: an older file that comes after this one is older.
    return replace(old, note=remark.note, modified=remark.modified) if remark.note != old.note else None


def _telling(remarks: Sequence[Remark]) -> list[str]:
    quotes = list(dict.fromkeys(filter(lambda quote: len(quote) >= _TELLING, (_plain(one.exact) for one in remarks))))
    step = max(1, len(quotes) // _ASKED)
    return quotes[::step][:_ASKED]


def _plain(text: str) -> str:
    return fold(text, accents=False, spaces=True).text.strip()


def _same(first: str, second: str) -> bool:
    return bool(first) and fold(first, spaces=True).text.strip() == fold(second, spaces=True).text.strip()
