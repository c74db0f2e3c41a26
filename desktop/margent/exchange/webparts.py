"""The parts of a W3C annotation as they are published: where it stands, what it says and who made it.

The model leaves much to the writer: a place may be words, counts, a range between two places or an address with a
fragment; a body may be a text, several, or something elsewhere. Each is taken for what it surely says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from margent.exchange import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    Json = Any

_MARKUP = {"text/html", "application/xhtml+xml"}
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|urn:|mailto:)\S*\s*$")
_COUNTED = re.compile(r"char=(\d+),(\d+)")
"""A place in plain text, in characters (RFC 5147)."""
_QUOTED = re.compile(
    r":~:(?:[^&]*&)*?text=(?:(?P<prefix>[^&,]*[^&,-])-,)?(?P<start>[^&,]+)"
    r"(?:,(?P<end>[^&,-](?:[^&,]*[^&,-])?))?(?:,-(?P<suffix>[^&,]+))?(?:&|$)"
)
"""Words in an address, as browsers write them: `#:~:text=prefix-,first,last,-suffix`."""
_TERMS = {"@id": "id", "@type": "type", "@value": "value"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an annotation stands, as far as its selectors tell."""

    exact: str = ""
    """The words, or of a range its first ones."""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    """Code points in the text that it was made on."""
    end: int | None = None
    last: str = ""
    """Of a range, its last words."""
    until: str = ""
    """Of a range, the words that it ends before."""
    progress: float | None = None
    untold: bool = False
    """Whether there are selectors, but none that tells words or counts characters."""


def plain(value: Json) -> Json:
    """`value` with the names of terms that the recommendation uses: JSON-LD allows others for the same."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {
        _TERMS.get(name, name): plain(one) if name != "@context" else one
        for name, one in value.items()
        if name not in _TERMS or _TERMS[name] not in value
    }
    for name in ("type", "motivation", "purpose"):
        if name in found:
            found[name] = _short(found[name])
    return found


def _short(value: Json) -> Json:
    if isinstance(value, list):
        return [_short(one) for one in value]
    return value.removeprefix("oa:") if isinstance(value, str) else value


def words(value: Json) -> str:
    """A text on one line: a string, the first of several, or one of a map of languages."""
    for one in reading.listed(value):
        if isinstance(one, dict):
            return words(one.get("value") or next(iter(one.values()), ""))
        found = reading.line(one)
        if found:
            return found
    return ""


# -- where ------------------------------------------------------------------------------------------------------------


def targets(item: Mapping[str, Json]) -> list[Json]:
    """What an annotation is about: each by itself where several have a place of their own."""
    found = reading.listed(item.get("target"))
    own = [one for one in found if list(_selectors([one]))]
    return own if len(own) > 1 else [item.get("target")]


def place(item: Mapping[str, Json]) -> Place:
    """Where an annotation stands."""
    selectors = list(_selectors(reading.listed(item.get("target"))))
    if not selectors:
        return Place()

    def first(kind: str) -> Mapping[str, Json]:
        return next((found for found in selectors if found.get("type") == kind), {})

    quote, counted = first("TextQuoteSelector"), first("TextPositionSelector")
    told: dict[str, Json] = {
        "exact": reading.text(quote.get("exact")),
        "prefix": reading.text(quote.get("prefix")),
        "suffix": reading.text(quote.get("suffix")),
        "start": reading.number(counted.get("start")),
        "end": reading.number(counted.get("end")),
    }
    for found in (_ranged(first("RangeSelector")), _fragment(first("FragmentSelector"))):
        told = {**_said(found), **_said(told)}
    progress = reading.share(first("ProgressionSelector").get("value"))
    untold = not told.get("exact") and told.get("start") is None and progress is None
    return Place(**told, progress=progress, untold=untold)


def _said(told: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in told.items() if value not in {"", None}}


def _selectors(about: list[Json]) -> Iterator[Mapping[str, Json]]:
    waiting: list[Json] = []
    for target in about:
        address = target if isinstance(target, str) else reading.mapping(target).get("id")
        if isinstance(address, str) and "#" in address:
            waiting.append({"type": "FragmentSelector", "value": address.split("#", 1)[1]})
        if isinstance(target, dict):
            waiting += reading.listed(target.get("selector"))
    for _ in range(100):
        if not waiting:
            return
        selector = waiting.pop(0)
        if isinstance(selector, dict):
            yield selector
            waiting += reading.listed(selector.get("refinedBy")) + reading.listed(selector.get("items"))


def _ranged(selector: Mapping[str, Json]) -> dict[str, Json]:
    """A range from where one selector begins to where another begins."""
    ends = [
        {str(found.get("type")): found for found in _selectors([{"selector": selector.get(name)}])}
        for name in ("startSelector", "endSelector")
    ]
    quotes = [reading.mapping(end.get("TextQuoteSelector")) for end in ends]
    counts = [reading.mapping(end.get("TextPositionSelector")) for end in ends]
    told: dict[str, Json] = {}
    # A count inside an element is none in the text; only what is counted from its beginning tells a place.
    if all(len(end) == 1 for end in ends):
        start, end = (reading.number(count.get("start")) for count in counts)
        if start is not None and end is not None:
            told = {"start": start, "end": end}
    first, until = (reading.text(quote.get("exact")) for quote in quotes)
    if first and until:
        prefix = reading.text(quotes[0].get("prefix"))
        told |= {"exact": first, "prefix": prefix, "until": until}
    return told


def _fragment(selector: Mapping[str, Json]) -> dict[str, Json]:
    value = selector.get("value")
    if not isinstance(value, str) or len(value) > 5_000:
        return {}
    counted = _COUNTED.match(value)
    if counted:
        return {"start": int(counted[1][:15]), "end": int(counted[2][:15])}
    quoted = _QUOTED.search(value)
    if quoted is None:
        return {}
    prefix, first, last, suffix = (reading.text(unquote(quoted[name] or "")) for name in _QUOTED.groupindex)
    return {"exact": first, "last": last, "prefix": f"{prefix} " if prefix else "", "suffix": suffix and f" {suffix}"}


# -- who and what -----------------------------------------------------------------------------------------------------


def author(item: Mapping[str, Json]) -> str:
    """Who made it: all that are named; a program only where nobody else is."""
    people: list[str] = []
    programs: list[str] = []
    for creator in reading.listed(item.get("creator")):
        if not isinstance(creator, dict):
            people += [reading.line(creator)] if reading.line(creator) and not reading.uuid_of(creator) else []
            continue
        name = words(creator.get("name")) or words(creator.get("nickname")) or _address(creator)
        if name:
            (programs if "Software" in reading.listed(creator.get("type")) else people).append(name)
    return ", ".join(dict.fromkeys(people or programs))


def _address(creator: Mapping[str, Json]) -> str:
    email, identity = words(creator.get("email")).removeprefix("mailto:"), reading.line(creator.get("id"))
    return email or ("" if reading.uuid_of(identity) else identity)


@dataclass(frozen=True, slots=True)
class Said:
    """What an annotation says."""

    note: str
    """Markdown."""
    tags: tuple[str, ...]
    looks: Mapping[str, Json]
    """What its bodies say of colour and style."""
    unnamed: int = 0
    """Tags that are something elsewhere and have no name here."""


def said(item: Mapping[str, Json]) -> Said:
    """The note, the tags and the looks in an annotation's bodies."""
    notes = [reading.text(item.get("bodyValue"))]
    tags: list[Json] = []
    looks: dict[str, Json] = {}
    unnamed = 0
    waiting = [*reading.listed(item.get("body"))]
    for _ in range(200):
        if not waiting:
            break
        body = waiting.pop(0)
        if isinstance(body, str):
            notes.append(f"<{body.strip()}>" if _ADDRESS.match(body) else reading.text(body))
            continue
        if not isinstance(body, dict):
            continue
        looks = {**body, **looks}
        waiting += reading.listed(body.get("items"))
        tags += [*reading.listed(body.get("tags")), *reading.listed(body.get("tag"))]
        purposes = {str(purpose) for purpose in reading.listed(body.get("purpose"))}
        if {"tagging", "classifying"} & purposes:
            name = words(body.get("value")) or words(body.get("label")) or _label(body.get("source"))
            tags.append(name)
            unnamed += not name
        elif isinstance(body.get("value"), str | dict):
            if purposes == {"highlighting"}:
                looks.setdefault("color", body["value"])
            else:
                form = reading.line(body.get("margent:format") or body.get("format"))
                notes.append(_markdown(_value(body["value"]), form))
        else:
            notes.append(_elsewhere(body))
    note = "\n\n".join(note.strip() for note in notes if note.strip())
    return Said(note, reading.names(tags), looks, unnamed)


def _value(value: Json) -> str:
    return value if isinstance(value, str) else words(value)


def _label(source: Json) -> str:
    return words(reading.mapping(source).get("label")) if isinstance(source, dict) else ""


def _elsewhere(body: Mapping[str, Json]) -> str:
    """A link to a body that is something elsewhere: a picture, a page, a film."""
    source = body.get("source", body.get("id"))
    address = reading.line(reading.mapping(source).get("id") if isinstance(source, dict) else source)
    return f"<{address}>" if _ADDRESS.match(address) and not reading.uuid_of(address) else ""


def _markdown(value: str, form: str) -> str:
    if form == "text/markdown":
        return reading.text(value)
    from margent.brief import markdown  # noqa: PLC0415 - of notes in other forms alone

    if form in _MARKUP:
        from margent.formats.html import parse  # noqa: PLC0415

        return markdown.blocks(parse(value).blocks).strip()
    return "\n\n".join(markdown.escape(part) for part in reading.text(value).split("\n\n"))
