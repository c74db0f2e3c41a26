"""The colours of each appearance, read from data files, and the arithmetic that says whether they can be read.

A colour is "#RRGGBB" everywhere outside `ui/`. An appearance is complete or it is an error: a role that is missing
would otherwise show as black on black on somebody's screen.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from margent import toml
from margent.annotations import COLOURS, THEME_COLOURS
from margent.assets import RESOURCES
from margent.errors import MargentError
from margent.values import value

Name = Literal["light", "sepia", "dark", "contrast"]
Choice = Literal["system", "light", "sepia", "dark", "contrast"]

NAMES: tuple[Name, ...] = get_args(Name)
CHOICES: tuple[Choice, ...] = get_args(Choice)

ROLES: Mapping[str, str] = {
    "page": "ground of the text",
    "panel": "ground of toolbar, sidebar and status bar",
    "card": "ground of cards, menus and pop-overs",
    "field": "ground of what is typed into",
    "chip": "ground of a theme's name on a card",
    "track": "ground of segmented controls, progress and occurrence strips",
    "raised": "ground of the chosen part of a segmented control",
    "hover": "ground of a row or flat button under the pointer",
    "pressed": "ground of a flat button while it is pressed, or on",
    "selected": "ground of the chosen row",
    "selection": "ground of selected text",
    "find": "ground of a match",
    "find_current": "ground of the match one stands on",
    "text": "text",
    "muted": "text of second rank",
    "faint": "text and icons of what is disabled",
    "link": "links in the text",
    "danger": "text of warnings and of what destroys",
    "line": "hairlines between areas and around cards",
    "control": "outline of check boxes, radio buttons and sliders",
    "accent": "filled buttons, ticks and progress",
    "accent_hover": "a filled button under the pointer",
    "accent_pressed": "a filled button while it is pressed",
    "on_accent": "text and icons on the accent",
    "focus": "the ring around what has the keyboard",
    "scrollbar": "handle of a scroll bar",
    "scrollbar_hover": "handle of a scroll bar under the pointer",
    "shadow": "colour of shadows, drawn translucent",
}
"""Every role a file gives a colour for, and what it is for."""

READABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("text", ("page", "panel", "card", "field", "chip", "track", "raised", "hover", "pressed", "selected")),
    ("text", ("selection", "find", "find_current")),
    ("muted", ("page", "panel", "card", "field", "chip", "track", "hover", "pressed", "selected")),
    ("link", ("page", "panel", "card", "hover", "selection", "find", "find_current")),
    ("danger", ("page", "panel", "card", "hover")),
    ("on_accent", ("accent", "accent_hover", "accent_pressed")),
)
"""Text roles and the grounds they stand on; each pair has a contrast of at least TEXT_CONTRAST."""

VISIBLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("control", ("page", "panel", "card", "field", "hover", "selected")),
    ("accent", ("page", "panel", "card", "field", "track", "hover")),
    ("focus", ("page", "panel", "card", "field", "hover", "selected")),
)
"""Shapes and the grounds they stand on; each pair has a contrast of at least SHAPE_CONTRAST."""

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
"""WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (graphical objects)."""

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_TINT = 0.14
_LAYERS = {"chip": 0.08, "hover": 0.1, "track": 0.12, "pressed": 0.18, "selected": 0.2, "selection": 0.25}


@value(frozen=True, slots=True)
class Appearance:
    """All colours of one appearance, as "#RRGGBB"."""

    name: str
    dark: bool
    """Whether text is lighter than its ground."""
    colours: Mapping[str, str]
    """By role: the keys of ROLES."""
    marks: Mapping[str, str]
    """By annotations.Colour: what is drawn under highlighted text."""
    strong: Mapping[str, str]
    """By annotations.Colour: underlines, and the edges of cards."""
    themes: Mapping[str, str]
    """By annotations.ThemeColour: bars in the gutter, dots and strips."""

    def tint(self, theme: str) -> str:
        """The ground of a passage of a theme whose passages are being shown."""
        return blend(self.themes[theme], self.colours["page"], _TINT)

    def faults(self) -> list[str]:
        """Every pair that cannot be told apart well enough, as a line a person can act on."""
        pairs = [(text, ground, TEXT_CONTRAST) for text, grounds in READABLE for ground in grounds]
        pairs += [(shape, ground, SHAPE_CONTRAST) for shape, grounds in VISIBLE for ground in grounds]
        found = [
            _fault(shape, self.colours[shape], ground, self.colours[ground], least) for shape, ground, least in pairs
        ]
        for text in ("text", "link"):
            grounds = {f"{mark} mark": value for mark, value in self.marks.items()}
            grounds |= {f"{theme} tint": self.tint(theme) for theme in self.themes}
            found += [_fault(text, self.colours[text], name, value, TEXT_CONTRAST) for name, value in grounds.items()]
        edges = {f"strong {name}": value for name, value in self.strong.items()} | dict(self.themes)
        for ground in ("page", "panel", "card", "track"):
            found += [
                _fault(name, value, ground, self.colours[ground], SHAPE_CONTRAST) for name, value in edges.items()
            ]
        return [line for line in found if line]


def load(name: Name, folder: Path | None = None) -> Appearance:
    """The appearance in `name`.toml of `folder` (the program's own by default).

    Raises MargentError, naming the file and the role, when the file cannot be read, a role is missing, or a value
    is not a colour.
    """
    path = (folder or RESOURCES / "appearances") / f"{name}.toml"
    try:
        found = toml.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise MargentError(f"The appearance in {path} cannot be read: {error}. Install Margent again.") from error
    dark = found.get("dark")
    if not isinstance(dark, bool):
        raise MargentError(f"The appearance in {path} does not say whether it is “dark”: write true or false.")
    return Appearance(
        name,
        dark,
        _table(path, found, "colours", tuple(ROLES)),
        _table(path, found, "marks", COLOURS),
        _table(path, found, "strong", COLOURS),
        _table(path, found, "themes", THEME_COLOURS),
    )


def _table(path: Path, found: Mapping[str, object], table: str, roles: tuple[str, ...]) -> Mapping[str, str]:
    values = found.get(table)
    colours: dict[str, str] = {}
    for role in roles:
        value = values.get(role) if isinstance(values, dict) else None
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            cause = "is missing" if value is None else f"is {value!r}, which is no colour"
            raise MargentError(f"In the appearance {path} the role “{table}.{role}” {cause}: write it as “#RRGGBB”.")
        colours[role] = value.upper()
    return colours


def from_platform(page: str, text: str, accent: str, on_accent: str, link: str, faint: str) -> Appearance | None:
    """High contrast in the platform's own six colours, or None when these could not be read.

    Grounds of state are text laid thinly on the page; marks and themes are those of the built-in appearance that is
    as dark. Links are in the colour of the text where the platform's own would vanish on one of the grounds.
    """
    dark = luminance(text) > luminance(page)
    base = load("contrast" if dark else "light")
    own = {"accent": accent, "accent_hover": accent, "accent_pressed": accent, "on_accent": on_accent}
    own |= dict.fromkeys(("page", "panel", "card", "field", "raised"), page)
    own |= dict.fromkeys(("text", "muted", "line", "control", "focus", "scrollbar", "scrollbar_hover"), text)
    own |= {role: blend(text, page, amount) for role, amount in _LAYERS.items()} | {"faint": faint}
    for shown in (link, text):
        colours = {**base.colours, **own, "link": shown}
        mixed = Appearance("contrast", dark, colours, base.marks, base.strong, base.themes)
        if not mixed.faults():
            return mixed
    return None


def _fault(shape: str, colour: str, ground: str, under: str, least: float) -> str:
    found = contrast(colour, under)
    return "" if found >= least else f"{shape} {colour} on {ground} {under}: {found:.2f}, not {least}"


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 to 1, as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def blend(over: str, under: str, amount: float) -> str:
    """`amount` (0–1) of `over` laid on `under`, in sRGB as painters do it."""
    channels = [
        round(int(over[at : at + 2], 16) * amount + int(under[at : at + 2], 16) * (1 - amount)) for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{value:02X}" for value in channels)
