"""Whatever one does, the view shows a piece of the column without a gap, and keeps its place."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from margent.document import Block, Document
from margent.ui.column import Column
from margent.ui.page import Typography
from margent.ui.pageview import FOOT, PageView
from margent.ui.style import Style
from margent.ui.typesetter import Typesetter

PROSE = "The European Union is preparing to put its relations with Kazakhstan on a higher footing. "


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def blocks() -> st.SearchStrategy[Block]:
    return st.one_of(
        st.integers(0, 9).map(lambda n: Block("paragraph", PROSE * n)),
        st.integers(1, 3).map(lambda n: Block("heading", "A heading " * n, level=n)),
        st.integers(1, 60).map(lambda n: Block("code", "\n".join(["line"] * n))),
        st.integers(1, 30).map(lambda n: Block("table", "\n".join([f"{PROSE}\tb\tc"] * n), heading_row=True)),
        st.just(Block("rule")),
        st.just(Block("picture", "missing", target="x")),
        st.just(Block("quotation", "שלום עולם " * 30, quote=2)),
    )


def moves() -> st.SearchStrategy[tuple[str, float]]:
    names = ["by", "far", "bar", "top", "centre", "nearest", "width", "height", "size", "repaint"]
    return st.tuples(st.sampled_from(names), st.floats(0, 1))


def move(view: PageView, column: Column, setter: Typesetter, name: str, much: float) -> None:
    position = round(much * len(column.document.text))
    match name:
        case "by":
            view.scroll_by(round(600 * (much - 0.5)))
        case "far":
            view.scroll_by(round(20_000 * (much - 0.5)))
        case "bar":
            view.set_value(round(much * view.maximum()))
        case "top" | "centre" | "nearest":
            view.scroll_to(position, name)  # type: ignore[arg-type]
        case "width":
            view.resize(200 + round(much * 900), view.height)
        case "height":
            view.resize(view.width, 40 + round(much * 900))
        case "size":
            view.hold()
            setter.set_typography(Typography(size=12 + round(much * 20)))
            view.remeasure()
            view.resize(view.width, view.height)
        case _:
            column.repaint()
            view.invalidate()


@settings(max_examples=80, deadline=None)
@given(found=st.lists(blocks(), min_size=1, max_size=40), steps=st.lists(moves(), max_size=12))
def test_the_view_has_no_gap(style: Style, found: list[Block], steps: list[tuple[str, float]]) -> None:
    setter = Typesetter(style, Typography())
    column = Column(setter)
    column.set_document(Document("", tuple(found)))
    view = PageView(column, setter)
    view.resize(700, 500)
    for name, much in steps:
        move(view, column, setter, name, much)
        shown = view.shown()
        assert shown
        assert shown[0].y <= 0
        for above, below in pairwise(shown):
            assert below.number == above.number + 1
            assert below.y == above.y + above.strip.height
        last = shown[-1]
        bottom = last.y + last.strip.height
        if last.number < len(column) - 1:
            assert bottom >= view.height
        elif shown[0].number > 0 or shown[0].y < 0:
            assert bottom >= view.height - FOOT, "scrolled beyond the end"
        start, end = view.span()
        assert 0 <= start <= end <= len(column.document.text)
        assert 0 <= view.value() <= view.maximum()


@settings(max_examples=60, deadline=None)
@given(
    found=st.lists(blocks(), min_size=5, max_size=30),
    part=st.floats(0, 1),
    widths=st.lists(st.integers(240, 1000), min_size=1, max_size=5),
)
def test_a_place_outlives_every_width(style: Style, found: list[Block], part: float, widths: list[int]) -> None:
    setter = Typesetter(style, Typography())
    column = Column(setter)
    column.set_document(Document("", tuple(found)))
    view = PageView(column, setter)
    view.resize(700, 500)
    view.scroll_to(round(part * len(column.document.text)), "top")
    place, top = view.place(), view.top_of(view.place())
    for width in widths:
        view.resize(width, 500)
        assert view.place() == place
    view.resize(700, 500)
    assert view.place() == place
    assert abs(view.top_of(place) - top) <= 1


def test_an_empty_document_is_no_trouble(style: Style) -> None:
    setter = Typesetter(style, Typography())
    column = Column(setter)
    view = PageView(column, setter)
    view.resize(700, 500)
    for name in ("by", "far", "bar", "top", "centre", "nearest", "width", "height", "size", "repaint"):
        move(view, column, setter, name, 0.7)
        assert view.shown() == []
        assert view.span() == (0, 0)
        assert view.value() == 0
