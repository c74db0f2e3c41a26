"""What the clipboard gives to bring in."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from margent.formats import read
from margent.importing import Content
from margent.ui.pasting import given


def test_files_come_before_the_text_that_names_them(qapp: object, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a b.md")), QUrl("https://example.org/x.md")])
    data.setText("a b.md")
    assert given(data) == [tmp_path / "a b.md"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\n  A headline \n\nWords.", "A headline.txt"),
        ("and/or\\x: what?\nmore", "and or x: what?.txt"),
        ("w" * 200, "w" * 79 + "….txt"),
    ],
)
def test_a_text_is_called_by_its_first_line(qapp: object, text: str, name: str) -> None:
    data = QMimeData()
    data.setText(text)
    (content,) = given(data)
    assert isinstance(content, Content)
    assert content.name == name
    assert content.data.decode() == text.strip()


def test_formatted_text_becomes_a_page_of_that_title(qapp: object) -> None:
    data = QMimeData()
    data.setText("Rails & roads\n\nMinisters agreed on a corridor.")
    data.setHtml("<html><body><h1>Rails &amp; roads</h1><p>Ministers agreed on a <b>corridor</b>.</p></body></html>")
    (content,) = given(data)
    assert isinstance(content, Content)
    assert content.name == "Rails & roads.html"
    document = read(content.data, content.name)
    assert document.title == "Rails & roads"
    assert "Ministers agreed on a corridor." in document.text
    assert any(mark.kind == "strong" for block in document.blocks for mark in block.marks)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_is_nothing(qapp: object, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    assert given(data) == []
    data.setUrls([QUrl("https://example.org/x.md")])
    assert not [item for item in given(data) if isinstance(item, Path)]
