"""Every appearance is complete, and everything in it can be read."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import COLOURS, THEME_COLOURS
from margent.appearance import (
    NAMES,
    READABLE,
    ROLES,
    SHAPE_CONTRAST,
    TEXT_CONTRAST,
    VISIBLE,
    Name,
    blend,
    contrast,
    from_platform,
    load,
    luminance,
)
from margent.assets import RESOURCES
from margent.errors import MargentError

COLOUR = st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)
HEX = re.compile(r"#[0-9A-F]{6}")

TEXT_PAIRS = [(text, ground) for text, grounds in READABLE for ground in grounds]
SHAPE_PAIRS = [(shape, ground) for shape, grounds in VISIBLE for ground in grounds]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(name: Name, text: str, ground: str) -> None:
    colours = load(name).colours
    assert contrast(colours[text], colours[ground]) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_stand_out_from_their_ground(name: Name, shape: str, ground: str) -> None:
    colours = load(name).colours
    assert contrast(colours[shape], colours[ground]) >= SHAPE_CONTRAST


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mark", COLOURS)
@pytest.mark.parametrize("text", ["text", "link"])
def test_marked_text_is_as_readable_as_any(name: Name, mark: str, text: str) -> None:
    appearance = load(name)
    assert contrast(appearance.colours[text], appearance.marks[mark]) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEME_COLOURS)
@pytest.mark.parametrize("text", ["text", "link"])
def test_a_tinted_passage_is_as_readable_as_any(name: Name, theme: str, text: str) -> None:
    appearance = load(name)
    assert contrast(appearance.colours[text], appearance.tint(theme)) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ground", ["page", "panel", "card", "track"])
def test_underlines_edges_and_gutter_bars_can_be_seen(name: Name, ground: str) -> None:
    appearance = load(name)
    for value in (*appearance.strong.values(), *appearance.themes.values()):
        assert contrast(value, appearance.colours[ground]) >= SHAPE_CONTRAST, value


@pytest.mark.parametrize("name", NAMES)
def test_faults_agrees_with_the_tables(name: Name) -> None:
    assert load(name).faults() == []


def test_faults_names_the_pair_that_cannot_be_read() -> None:
    light = load("light")
    grey = type(light)("light", False, {**light.colours, "muted": "#AAAAAA"}, light.marks, light.strong, light.themes)
    assert grey.faults()[0].startswith("muted #AAAAAA on page #FBFAF7: 2.2")


@pytest.mark.parametrize("name", NAMES)
def test_marks_and_themes_differ_from_one_another(name: Name) -> None:
    appearance = load(name)
    for table in (appearance.marks, appearance.strong, appearance.themes):
        assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_truly_whether_it_is_dark(name: Name) -> None:
    appearance = load(name)
    assert appearance.dark == (luminance(appearance.colours["text"]) > luminance(appearance.colours["page"]))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_no_role_that_nothing_asks_for(name: Name) -> None:
    found = tomllib.loads((RESOURCES / "appearances" / f"{name}.toml").read_text("utf-8"))
    assert set(found) == {"dark", "colours", "marks", "strong", "themes"}
    assert set(found["colours"]) == set(ROLES)
    assert set(found["marks"]) == set(found["strong"]) == set(COLOURS)
    assert set(found["themes"]) == set(THEME_COLOURS)


BROKEN = [
    ('page = "#FBFAF7"\n', "", "colours.page", "is missing"),
    ('muted = "#5A5F67"', 'muted = "grey"', "colours.muted", "no colour"),
    ('muted = "#5A5F67"', "muted = 7", "colours.muted", "no colour"),
    ("[marks]", "[other]", "marks.yellow", "is missing"),
    ('slate = "#5D6B7A"\n', "", "themes.slate", "is missing"),
    ("dark = false", "", "dark", "true or false"),
    ("[colours]", "[colours", "light.toml", "cannot be read"),
]


@pytest.mark.parametrize(("old", "new", "role", "cause"), BROKEN)
def test_a_broken_role_is_named_with_its_file(tmp_path: Path, old: str, new: str, role: str, cause: str) -> None:
    text = (RESOURCES / "appearances" / "light.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "light.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(MargentError) as caught:
        load("light", tmp_path)
    assert str(tmp_path / "light.toml") in str(caught.value)
    assert role in str(caught.value)
    assert cause in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MargentError, match=r"dark\.toml cannot be read"):
        load("dark", tmp_path)


PLATFORMS = [
    # page, text, accent, on_accent, link, faint; whether it comes out dark
    ("#FFFFFF", "#000000", "#37006E", "#FFFFFF", "#00009F", "#600000", False),
    ("#202020", "#FFFFFF", "#8EE3F0", "#263B50", "#75E9FC", "#A6A6A6", True),
    ("#2D3236", "#B6F6F0", "#A1BFDE", "#212D3B", "#70EBDE", "#A6A6A6", True),
    ("#FFFAEF", "#3D3D3D", "#903909", "#FFF5E3", "#1C5E75", "#676767", False),
]


@pytest.mark.parametrize(("page", "text", "accent", "on_accent", "link", "faint", "dark"), PLATFORMS)
def test_the_contrast_palettes_of_windows_are_followed(
    page: str, text: str, accent: str, on_accent: str, link: str, faint: str, dark: bool
) -> None:
    appearance = from_platform(page, text, accent, on_accent, link, faint)
    assert appearance is not None
    assert appearance.dark is dark
    assert appearance.faults() == []
    assert appearance.colours["page"] == page
    assert appearance.colours["text"] == text
    assert appearance.colours["accent"] == accent


def test_a_platform_palette_that_cannot_be_read_is_not_followed() -> None:
    assert from_platform("#EEEEEE", "#999999", "#8EE3F0", "#263B50", "#75E9FC", "#A6A6A6") is None


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#FFFFFF", "#FFFFFF", 1.0),
        ("#777777", "#FFFFFF", 4.478),
        ("#0000FF", "#FFFFFF", 8.592),
    ],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.001)


@given(COLOUR, COLOUR)
def test_contrast_does_not_depend_on_the_order(first: str, second: str) -> None:
    assert contrast(first, second) == contrast(second, first)
    assert 1 <= contrast(first, second) <= 21


@given(COLOUR, COLOUR, st.floats(0, 1))
def test_a_blend_lies_between_its_colours(over: str, under: str, amount: float) -> None:
    mixed = blend(over, under, amount)
    assert HEX.fullmatch(mixed)
    for at in (1, 3, 5):
        low, high = sorted((int(over[at : at + 2], 16), int(under[at : at + 2], 16)))
        assert low <= int(mixed[at : at + 2], 16) <= high
    assert blend(over, under, 1) == over
    assert blend(over, under, 0) == under
