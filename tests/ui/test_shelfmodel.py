"""The table of documents as a model: what its cells say, and that it keeps in step without losing anything."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from margent.annotations import DocumentRecord, Theme
from margent.importing import BRIEF, GUIDE
from margent.shelf import ShelfRow
from margent.shelving import FIELDS
from margent.ui.shelfmodel import DOCUMENTS, ShelfModel, opened_text, origin_of

THEMES = {"t": Theme(id="t", name="Energy"), "u": Theme(id="u", name="Trade")}


def row(key: str, title: str, highlights: int = 0, notes: int = 0, themes: tuple[str, ...] = ()) -> ShelfRow:
    record = DocumentRecord(id=key, revision="r", title=title, origin=f"{title}.docx", progress=0.38)
    return ShelfRow(record, highlights, notes, themes)


ROWS = [row("a", "Corridors", 7, 3, ("t", "u")), row("b", "Budget", 7, 1), row("c", "Annex", 0, 0, ("u",))]


@pytest.fixture
def model(qtbot: QtBot) -> ShelfModel:
    model = ShelfModel()
    model.show(ROWS, THEMES)
    return model


def cell(model: ShelfModel, key: str, field: str, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    return model.data(model.index(model.row(key), FIELDS.index(field)), role)  # type: ignore[arg-type]


def test_cells_say_what_there_is_in_words_for_the_ear(model: ShelfModel) -> None:
    said = [cell(model, "a", field, Qt.ItemDataRole.AccessibleTextRole) for field in FIELDS]
    assert said == [
        "Corridors, imported from DOCX", "Themes: Energy, Trade", "7 highlight(s)", "3 note(s)", "38% read",
        "Last opened: new",
    ]  # fmt: skip
    assert cell(model, "b", "themes", Qt.ItemDataRole.AccessibleTextRole) == "No themes"


def test_dots_without_words_are_named_when_pointed_at(model: ShelfModel) -> None:
    assert cell(model, "a", "themes", Qt.ItemDataRole.ToolTipRole) == "Energy\nTrade"


def test_a_title_that_looks_like_markup_is_shown_and_not_obeyed(model: ShelfModel) -> None:
    model.show([row("a", "<img src=x>")], THEMES)
    assert "&lt;img" in str(cell(model, "a", "title", Qt.ItemDataRole.ToolTipRole))


@pytest.mark.parametrize(
    ("field", "order", "keys"),
    [
        ("title", Qt.SortOrder.AscendingOrder, "cba"), ("title", Qt.SortOrder.DescendingOrder, "abc"),
        ("highlights", Qt.SortOrder.DescendingOrder, "abc"), ("highlights", Qt.SortOrder.AscendingOrder, "cab"),
        ("themes", Qt.SortOrder.DescendingOrder, "acb"),
    ],
)  # fmt: skip
def test_sorting_is_stable_and_whatever_points_at_a_row_goes_along(
    model: ShelfModel, field: str, order: Qt.SortOrder, keys: str
) -> None:
    held = {key: QPersistentModelIndex(model.index(model.row(key), 3)) for key in "abc"}
    model.sort(FIELDS.index(field), order)  # type: ignore[arg-type]
    assert "".join(model.keys()) == keys
    assert {key: model.keys()[index.row()] for key, index in held.items()} == {key: key for key in "abc"}
    assert {index.column() for index in held.values()} == {3}


def test_a_number_is_first_ordered_from_the_largest_and_a_title_from_a(model: ShelfModel) -> None:
    asked = [
        model.headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.InitialSortOrderRole) for n in range(len(FIELDS))
    ]
    assert asked == [Qt.SortOrder.AscendingOrder] + [Qt.SortOrder.DescendingOrder] * (len(FIELDS) - 1)


def test_new_numbers_are_told_to_views_for_the_whole_row(model: ShelfModel) -> None:
    told: list[tuple[int, int, int]] = []
    model.dataChanged.connect(lambda a, b: told.append((a.row(), a.column(), b.column())))
    model.show([ROWS[0]._replace(notes=4), *ROWS[1:]], THEMES)
    assert told == [(0, 0, len(FIELDS) - 1)]
    assert cell(model, "a", "notes") == "4"


def test_a_typed_title_is_asked_for_and_an_empty_or_equal_one_is_not(model: ShelfModel) -> None:
    asked: list[tuple[str, str]] = []
    model.renamed.connect(lambda key, title: asked.append((key, title)))
    index = model.index(0, 0)
    for typed in ("  ", "Corridors", "  New\ntitle "):
        model.setData(index, typed)
    assert asked == [("a", "New title")]
    assert cell(model, "a", "title") == "Corridors"


def test_what_is_in_the_bin_is_neither_dragged_nor_renamed(model: ShelfModel) -> None:
    editable, dragged = Qt.ItemFlag.ItemIsEditable, Qt.ItemFlag.ItemIsDragEnabled
    assert model.flags(model.index(0, 0)) & editable
    assert not model.flags(model.index(0, 1)) & editable
    model.show(ROWS, THEMES, editable=False)
    assert not model.flags(model.index(0, 0)) & (editable | dragged)


def test_documents_are_dragged_by_their_ids_each_once(model: ShelfModel) -> None:
    indexes = [model.index(row, column) for row in (0, 2) for column in range(3)]
    assert bytes(model.mimeData(indexes).data(DOCUMENTS).data()) == b"a\nc"


TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 8, 40).astimezone()


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, "new"), (NOON, "today 08:40"), (NOON - timedelta(days=1), "yesterday"),
        (NOON - timedelta(days=3), "21 Nov"), (NOON.replace(year=2025), "24 Nov 2025"),
    ],
)  # fmt: skip
def test_times_are_told_as_people_do(moment: datetime | None, text: str) -> None:
    assert opened_text(moment, TODAY) == text


@pytest.mark.parametrize(
    ("key", "origin", "text"),
    [
        (BRIEF, "bundled", "Bundled brief"), (GUIDE, "bundled", "Bundled guide"),
        ("x", "a.b.docx", "imported from DOCX"),
        ("x", "README", "imported from README"), ("x", "v1.2 final", "imported from v1.2 final"),
        ("x", "", "Source not given"),
    ],
)  # fmt: skip
def test_an_origin_is_told_in_a_few_words(key: str, origin: str, text: str) -> None:
    assert origin_of(DocumentRecord(id=key, revision="r", title="", origin=origin)) == text


def test_the_order_of_rows_follows_the_field_that_is_sorted_by(model: ShelfModel) -> None:
    model.sort(FIELDS.index("notes"), Qt.SortOrder.DescendingOrder)
    model.show([*ROWS, row("d", "Late", notes=2)], THEMES)
    notes = [int(str(cell(model, key, "notes"))) for key in model.keys()]  # noqa: SIM118 - a model is no dict
    assert all(first >= second for first, second in pairwise(notes))
