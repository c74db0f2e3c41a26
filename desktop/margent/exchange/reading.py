"""Values out of other people's JSON: what is not of the expected shape is left out, never guessed at."""

from __future__ import annotations

import json
import re
from colorsys import rgb_to_hsv
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from margent.annotations import COLOURS, LATEST
from margent.document import canonical
from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from margent.annotations import Colour

Json = Any

DEEPEST = 200
"""Levels of arrays and objects; the standard parser would run into its own limit at some thousands."""
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12})$")
_PLAIN = 0.12
"""Below this saturation a colour is a grey."""
_HUES: tuple[tuple[int, Colour], ...] = ((20, "pink"), (70, "yellow"), (170, "green"), (248, "blue"), (290, "purple"))
"""Up to which hue, in degrees, a colour is called what; from the last one on it is pink again. People choose tints of
their own, light ones mostly, and call them by their hue."""
_OURS = {"#ffd400", "#5fb236", "#2ea8e5", "#e56eee", "#a28ae5", "#ff668c"}
"""What our five are in the colours of other programs."""
_NAMES: dict[str, Colour] = {
    "yellow": "yellow",
    "green": "green",
    "blue": "blue",
    "pink": "pink",
    "purple": "purple",
    "orange": "yellow",
    "red": "pink",
    "magenta": "pink",
    "violet": "purple",
    "cyan": "blue",
    "teal": "blue",
    "olive": "green",
    "gray": "purple",
    "grey": "purple",
}


def parsed(data: bytes, name: str) -> Json:
    """The JSON in a file called `name`, with or without a byte order mark.

    Raises MargentError naming the file when it is not JSON, or nests without end.
    """
    depth = 0
    for token in _NESTING.finditer(data):
        if token[0] in b"[{":
            depth += 1
        elif token[0] in b"]}":
            depth -= 1
        if depth > DEEPEST:
            raise MargentError(f"{name} nests more than {DEEPEST} levels deep, which no list of annotations does.")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MargentError(f"{name} is not text in UTF-8, as JSON has to be: save it again in that encoding.") from None
    except ValueError as error:
        raise MargentError(f"{name} is not whole JSON ({error}): get the file again.") from None


def mapping(value: Json) -> dict[str, Json]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Json) -> list[Json]:
    """`value` as a list: itself, or what it alone would hold; [] for null."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Json) -> str:
    """A string as the library stores it; "" for anything else."""
    return canonical(value) if isinstance(value, str) else ""


def line(value: Json) -> str:
    """A string on one line."""
    return " ".join(text(value).split())


def number(value: Json) -> int | None:
    """A whole number that is not negative; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53 else None


def share(value: Json) -> float | None:
    """A number from 0 to 1; None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1 else None


def moment(value: Json) -> datetime | None:
    """An ISO 8601 time, or seconds or milliseconds since 1970, in UTC to the millisecond; None for anything else,
    and for what is later than any clock shows.

    A time without a zone is taken for UTC, as every program that writes such ones means it.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            found = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        elif isinstance(value, str) and len(value) <= 40:
            found = datetime.fromisoformat(value.strip())
        else:
            return None
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000) if found < LATEST else None


def uuid_of(value: Json) -> str:
    """A UUID, plain or as a URN, as 32 hexadecimal digits; "" for anything else."""
    found = _UUID.match(value.strip()) if isinstance(value, str) else None
    return found[1].replace("-", "").lower() if found else ""


def colour_of(value: Json) -> Colour:
    """The one of our colours that a name or a `#rrggbb` comes nearest to; yellow for anything else."""
    said = value.strip().lower() if isinstance(value, str) else ""
    if said in _NAMES:
        return _NAMES[said]
    found = re.match(r"#?([0-9a-f]{6})(?:[0-9a-f]{2})?$", said) or re.match(r"#([0-9a-f]{3})$", said)
    if found is None:
        return "yellow"
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, _ = rgb_to_hsv(red, green, blue)
    if saturation < _PLAIN:
        return "purple"
    return next((colour for limit, colour in _HUES if hue * 360 < limit), "pink")


def is_colour(value: Json) -> bool:
    """Whether a colour is one of ours, or none at all, so that nothing is lost with it."""
    said = value.strip().lower() if isinstance(value, str) else ""
    return not said or said in COLOURS or said in _OURS


def told_colours(count: int) -> tuple[str, ...]:
    """What is to be said of so many colours that are not ours; nothing for none."""
    if not count:
        return ()
    return (f"{count} annotation(s) have a colour that is not one of the five: they get the nearest.",)


def names(values: Iterable[Json]) -> tuple[str, ...]:
    """Names out of strings and of objects that have a name, each once."""
    found = (
        line(value.get("name") or value.get("value")) if isinstance(value, dict) else line(value) for value in values
    )
    return tuple(dict.fromkeys(name for name in found if name))


class Utf16:
    """Code points for a text's UTF-16 units, which JavaScript counts in."""

    def __init__(self, whole: str) -> None:
        self._wide = [index for index, sign in enumerate(whole) if ord(sign) > 0xFFFF]

    def point(self, unit: int) -> int:
        """The code point that begins at or before a unit."""
        low, high = 0, len(self._wide)
        while low < high:
            middle = (low + high) // 2
            if self._wide[middle] + middle < unit:
                low = middle + 1
            else:
                high = middle
        return unit - low

    def unit(self, point: int) -> int:
        """The unit at which a code point begins."""
        low, high = 0, len(self._wide)
        while low < high:
            middle = (low + high) // 2
            if self._wide[middle] < point:
                low = middle + 1
            else:
                high = middle
        return point + low
