"""Lines packed by page read as the lines they were packed from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.formats import pdflines
from margent.formats.pdflines import Lines, Pages
from margent.formats.pdfpage import Face, Line


def line(text: str) -> Line:
    return Line(text, 72.0, 300.0, 700.0, Face(10.0), [("strong", 0, 1, "")])


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=8))
def test_pages_and_lines_come_back_in_order(texts: list[list[str]]) -> None:
    pages = Pages([line(text) for text in page] for page in texts)
    assert list(pages) == [[line(text) for text in page] for page in texts]
    assert pages.counts == [len(page) for page in texts]
    every = [line(text) for page in texts for text in page]
    lines = Lines(pages)
    assert len(lines) == len(every)
    assert list(lines) == every
    assert [lines[place] for place in range(len(lines))] == every
    assert lines[1:4] == every[1:4]
    assert lines[-1:] == every[-1:]
    with pytest.raises(IndexError):
        lines[len(every)]


def test_a_line_is_the_same_object_as_long_as_its_page_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdflines, "_OPEN", 2)
    pages = Pages([[line(str(page))] for page in range(4)])
    lines = Lines(pages)
    first = lines[0]
    assert lines[1] is lines[1]
    assert lines[0] is first
    assert [lines[2].text, lines[3].text] == ["2", "3"]
    assert lines[0] is not first
    assert lines[0] == first


def test_a_later_change_to_a_line_is_not_seen() -> None:
    own = line("as it was")
    pages = Pages([[own]])
    own.text = "changed"
    assert pages[0][0].text == "as it was"
