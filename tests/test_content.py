import re
import tomllib
from pathlib import Path

import pytest

from margent.annotations import THEME_COLOURS, Theme
from margent.assets import CONTENT
from margent.document import Document
from margent.formats import read
from margent.importing import BRIEF, BUNDLED, GUIDE
from margent.themes import suggest
from margent.ui.actions import ACTIONS

BRIEF_THEMES = {
    "Geopolitics": "brick",
    "Regional stability": "forest",
    "Connectivity": "slate",
    "Energy & raw materials": "amber",
    "Governance & rights": "plum",
    "Trade & research": "navy",
    "Green & digital": "teal",
    "Outlook": "olive",
}


def bundled(key: str) -> Document:
    name = BUNDLED[key]
    return read((CONTENT / name).read_bytes(), name)


def themes_of(document: Document, index: int) -> list[str]:
    return [theme.name for theme in document.themes if document.span_of(index) in theme.spans]


def test_every_content_file_is_bundled_and_shipped() -> None:
    assert sorted(path.name for path in CONTENT.iterdir()) == sorted(BUNDLED.values())
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert "content" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]


@pytest.mark.parametrize("key", BUNDLED)
def test_a_bundled_document_reads_without_a_notice(key: str) -> None:
    document = bundled(key)
    assert document.notices == ()
    assert document.blocks[0].kind == "heading"
    assert document.blocks[0].text == document.title
    assert [block.text for _, block in document.headings() if block.level == 1] == [document.title]
    assert document.summary.endswith(".")
    assert document.source == ""
    assert document.language == "en-GB"


@pytest.mark.parametrize("key", BUNDLED)
def test_the_themes_of_a_bundled_document_have_colours_and_passages(key: str) -> None:
    document = bundled(key)
    assert len({theme.name for theme in document.themes}) == len(document.themes) >= 4
    assert len({theme.colour for theme in document.themes}) == len(document.themes)
    for theme in document.themes:
        assert theme.colour in THEME_COLOURS
        # The guide's themes are about Margent itself; words for them would be found in every other document.
        assert len(theme.words) >= 3 if key == BRIEF else not theme.words
        assert theme.spans


def test_the_brief_has_the_length_and_sections_of_a_brief() -> None:
    brief = bundled(BRIEF)
    assert brief.title == "EU–Kazakhstan: what an upgraded partnership would cover"
    assert 400 <= brief.words() <= 600
    assert 6 <= len([block for _, block in brief.headings() if block.level == 2]) <= 7
    assert {block.kind for block in brief.blocks} == {"heading", "paragraph"}


def test_the_brief_says_that_its_source_is_not_given() -> None:
    assert "\nsource: not given\n" in (CONTENT / BUNDLED[BRIEF]).read_text("utf-8")


def test_each_paragraph_of_the_brief_belongs_to_one_or_two_themes() -> None:
    brief = bundled(BRIEF)
    assert {theme.name: theme.colour for theme in brief.themes} == BRIEF_THEMES
    for index, block in enumerate(brief.blocks):
        themes = themes_of(brief, index)
        if block.kind == "heading":
            assert not themes, block.text
        else:
            assert 1 <= len(themes) <= 2, block.text


def test_the_brief_has_no_figure_and_no_address() -> None:
    """The facts behind it give none, and a brief must not invent any."""
    text = bundled(BRIEF).text
    assert re.findall(r"\d|https?:|www\.|%|€|\$", text) == []


@pytest.mark.parametrize("theme", BRIEF_THEMES)
def test_the_signal_words_of_the_brief_point_to_its_own_passages_alone(theme: str) -> None:
    brief = bundled(BRIEF)
    given = next(each for each in brief.themes if each.name == theme)
    found = suggest(brief, Theme(id="t", name=theme, words=given.words))
    assert found
    assert set(found) <= set(given.spans)


def test_the_guide_shows_what_a_page_can_do() -> None:
    guide = bundled(GUIDE)
    kinds = {block.kind for block in guide.blocks}
    assert kinds >= {"heading", "paragraph", "item", "quotation", "table", "footnote"}
    assert any(block.ordered for block in guide.blocks)
    notes = [mark for block in guide.blocks for mark in block.marks if mark.kind == "noteref"]
    assert [mark.target for mark in notes] == [block.target for block in guide.blocks if block.kind == "footnote"]
    assert 300 <= guide.words() <= 800


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("Ctrl+O", "open"),
        ("Ctrl+Shift+T", "typography"),
        ("Ctrl+F", "find"),
        ("F3", "find_next"),
        ("Shift+F3", "find_previous"),
        ("Ctrl+B", "sidebar"),
        ("F7", "caret"),
        ("Ctrl+1", "yellow"),
        ("Ctrl+5", "purple"),
        ("Ctrl+6", "underline"),
        ("Ctrl+M", "note"),
        ("Ctrl+T", "theme"),
        ("Ctrl+Shift+C", "copy_quote"),
        ("Ctrl+Z", "undo"),
        ("Ctrl+/", "shortcuts"),
        ("Ctrl+E", "brief"),
        ("Ctrl+S", "export"),
        ("Ctrl+Shift+L", "private"),
    ],
)
def test_the_guide_tells_the_keys_that_the_program_has(key: str, action: str) -> None:
    assert key in next(each.keys for each in ACTIONS if each.name == action)
    assert re.search(rf"(?<![\w+]){re.escape(key)}(?![\w+])", bundled(GUIDE).text)


def test_the_guide_tells_no_key_that_the_program_does_not_have() -> None:
    told = set(re.findall(r"(?:(?:Ctrl|Shift|Alt)\+)+[\w/]+|\bF\d{1,2}\b", bundled(GUIDE).text))
    assert told <= {key for action in ACTIONS for key in action.keys}
