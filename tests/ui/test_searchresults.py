"""The list of what a search found: its rows and words, the keys, folding a document's places out, and odd texts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.query import Group, Hit, SearchResult
from margent.ui.searchresults import Found, FoundDelegate, FoundModel, SearchResults, found_rows
from margent.ui.style import Style

KEY = Qt.Key


def hit(snippet: str, *marks: tuple[int, int], where: str = "text", start: int = 0) -> Hit:
    return Hit(where, "r", start, start + 1, "", snippet, marks)  # type: ignore[arg-type]


def group(key: str, *hits: Hit, total: int | None = None, counted: bool = True, title: str = "") -> Group:
    count = len(hits) if total is None else total
    return Group(key, title or key.upper(), f"{key}.md", 1.0, hits, count, counted)


TAX = group("tax", hit("the tax", (4, 7), where="title"), hit("a tax is due", (2, 5), start=40), total=9)
FERRY = group("ferry", hit("a ferry", (2, 7), where="note"))
RESULT = SearchResult((TAX, FERRY))


@pytest.fixture
def results(qtbot: QtBot, qapp: QApplication) -> SearchResults:
    made = SearchResults(Style(qapp, "light"))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def rows(results: SearchResults) -> list[str]:
    return [str(results.model.data(results.model.index(row, 0))) for row in range(results.model.rowCount())]


def spoken(results: SearchResults) -> str:
    return str(results.model.data(results.view.currentIndex(), Qt.ItemDataRole.AccessibleTextRole))


def press(results: SearchResults, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(results.view, key)


def test_each_document_stands_before_its_places_and_says_how_many_more_there_are() -> None:
    assert list(found_rows(RESULT.groups)) == [
        ("tax", Found(TAX)),
        ("tax:0", Found(TAX, TAX.hits[0])),
        ("tax:1", Found(TAX, TAX.hits[1])),
        ("tax:more", Found(TAX, more=7)),
        ("ferry", Found(FERRY)),
        ("ferry:0", Found(FERRY, FERRY.hits[0])),
    ]
    assert "tax:more" not in dict(found_rows(RESULT.groups, {"tax"}))


def test_what_is_shown_and_heard(results: SearchResults) -> None:
    results.show_result("tax", RESULT)
    assert rows(results) == ["TAX", "the tax", "a tax is due", "7 more in this document", "FERRY", "a ferry"]
    assert results.heading.text() == "10 hit(s) in 2 document(s)."
    assert spoken(results) == "Title: the tax"
    model, role = results.model, Qt.ItemDataRole.AccessibleTextRole
    heard = [model.data(model.index(row, 0), role) for row in range(model.rowCount())]
    assert heard == [
        "TAX, 9 hit(s)", "Title: the tax", "Text: a tax is due", "7 more in this document", "FERRY, 1 hit(s)",
        "Note: a ferry",
    ]  # fmt: skip


def test_where_not_all_were_counted_that_is_said(results: SearchResults) -> None:
    results.show_result("tax", SearchResult((TAX._replace(counted=False),)))
    assert rows(results)[-1] == "7 and more in this document"
    assert "more than 8 hit(s)" in results.model.total(TAX._replace(counted=False))


def test_the_arrow_keys_walk_over_places(results: SearchResults) -> None:
    results.show_result("tax", RESULT)
    seen = [spoken(results)]
    for _ in range(3):
        results.step(1)
        seen.append(spoken(results))
    assert seen == ["Title: the tax", "Text: a tax is due", "7 more in this document", "Note: a ferry"]
    results.step(1)
    assert spoken(results) == "Note: a ferry"
    results.step(-1)
    assert spoken(results) == "7 more in this document"
    assert results.document() == "tax"


def test_enter_goes_to_the_place_and_a_heading_to_the_documents_beginning(results: SearchResults, qtbot: QtBot) -> None:
    results.show_result("tax", RESULT)
    opened: list[tuple[str, object]] = []
    results.openRequested.connect(lambda document, hit: opened.append((document, hit)))
    press(results, KEY.Key_Down, KEY.Key_Return)
    press(results, KEY.Key_Home, KEY.Key_Enter)
    results.step(1)
    results.open_current()
    assert opened == [("tax", TAX.hits[1]), ("tax", None), ("tax", TAX.hits[0])]
    with qtbot.waitSignal(results.left):
        press(results, KEY.Key_Escape)


def test_a_click_goes_where_it_points(results: SearchResults) -> None:
    results.show_result("tax", RESULT)
    opened: list[object] = []
    wanted: list[str] = []
    results.openRequested.connect(lambda _, hit: opened.append(hit))
    results.wholeWanted.connect(wanted.append)
    for row in (2, 3):
        spot = results.view.visualRect(results.model.index(row, 0)).center()
        QTest.mouseClick(results.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert (opened, wanted) == ([TAX.hits[1]], ["tax"])


@pytest.mark.parametrize(
    ("layout", "unfolds", "folds"),
    [
        (Qt.LayoutDirection.LeftToRight, KEY.Key_Right, KEY.Key_Left),
        (Qt.LayoutDirection.RightToLeft, KEY.Key_Left, KEY.Key_Right),
    ],
)
def test_a_documents_further_places_fold_out_and_in(
    results: SearchResults, layout: Qt.LayoutDirection, unfolds: Qt.Key, folds: Qt.Key
) -> None:
    results.setLayoutDirection(layout)
    results.show_result("tax", RESULT)
    wanted: list[str] = []
    results.wholeWanted.connect(wanted.append)
    press(results, unfolds)
    results.step(1)
    results.step(1)
    press(results, KEY.Key_Return)
    assert wanted == ["tax", "tax"]
    further = tuple(hit(f"tax {number}", (0, 3), start=50 + number) for number in range(7))
    whole = group("tax", TAX.hits[0], *further, TAX.hits[1], title="TAX")
    results.unfold(whole)
    assert rows(results) == ["TAX", "the tax", *(f"tax {n}" for n in range(7)), "a tax is due", "FERRY", "a ferry"]
    assert spoken(results) == "Text: tax 0"
    press(results, unfolds)
    assert wanted == ["tax", "tax"]
    press(results, folds)
    assert rows(results)[:4] == ["TAX", "the tax", "a tax is due", "7 more in this document"]
    assert spoken(results) == "7 more in this document"
    press(results, folds)
    press(results, unfolds)
    assert wanted == ["tax", "tax", "tax"]


def test_what_comes_late_of_a_document_that_is_not_shown_changes_nothing(results: SearchResults) -> None:
    results.show_result("ferry", SearchResult((FERRY,)))
    before = rows(results)
    results.unfold(TAX)
    press(results, KEY.Key_Right, KEY.Key_Left)
    assert rows(results) == before


def test_a_new_result_is_shown_folded(results: SearchResults) -> None:
    results.show_result("tax", RESULT)
    results.unfold(group("tax", *TAX.hits, hit("third")))
    results.show_result("tax", RESULT)
    assert "7 more in this document" in rows(results)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (SearchResult(), "Nothing found for “a b”. Try fewer or shorter words, or leave out what narrows the search."),
        (SearchResult(problem="There is no theme “x”."), "Nothing found for “a b”. There is no theme “x”."),
        (SearchResult((FERRY,), "“2026-13” is no date."), "1 hit(s) in 1 document(s). “2026-13” is no date."),
        (SearchResult((FERRY,), complete=False), "1 hit(s) in 1 document(s). These words are very common;"),
    ],
)
def test_one_sentence_says_what_came_of_it(results: SearchResults, result: SearchResult, said: str) -> None:
    results.show_result("tax", RESULT)
    results.show_result(" a b ", result)
    assert results.heading.text().startswith(said)
    assert results.heading.textFormat() == Qt.TextFormat.PlainText
    if not result.groups:
        assert (rows(results), results.document()) == ([], "")
        press(results, KEY.Key_Return, KEY.Key_Right, KEY.Key_Left, KEY.Key_Down)
        results.step(1)
        results.open_current()


@pytest.mark.parametrize(
    "shown",
    [
        hit("x" * 5000, (4000, 4003)),
        hit("word " * 1000 + "found " + "word " * 1000, (5000, 5005)),
        hit("", (0, 0)),
        hit("سياسة الطاقة في الاتحاد", (6, 12), where="title"),
        hit("🛢 oil 🛢 and gas", (2, 5), (8, 11)),
        hit("two\nlines", (4, 9)),
        hit("<b>no markup</b>", (3, 5)),
    ],
)
@pytest.mark.parametrize("layout", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize("width", [120, 600])
def test_odd_texts_are_painted_with_the_mark_in_sight(
    results: SearchResults, qtbot: QtBot, shown: Hit, layout: Qt.LayoutDirection, width: int
) -> None:
    results.setLayoutDirection(layout)
    results.resize(width, 300)
    results.show_result("x", SearchResult((group("k", shown, title="عنوان طويل " * 20, total=3),)))
    assert not results.grab().isNull()
    delegate = results._delegate
    laid = delegate._layout(shown, 300, rtl=layout == Qt.LayoutDirection.RightToLeft)
    line = laid.lineAt(0)
    assert laid.lineCount() == 1
    assert line.naturalTextWidth() <= 301
    if shown.marks and shown.marks[0][1]:
        first = laid.formats()[0]
        assert 0 <= line.cursorToX(first.start)[0] <= 300  # type: ignore[index]
        assert first.length > 0


def test_rows_are_as_high_as_what_they_are(results: SearchResults) -> None:
    results.show_result("tax", RESULT)
    assert isinstance(results.model, FoundModel)
    assert isinstance(results._delegate, FoundDelegate)
    heights = results._delegate.heights(results.model, 600)
    assert heights[0] == heights[4] > heights[1] == heights[2] == heights[3] == heights[5]


def test_who_walks_through_hits_stays_where_they_are_when_the_same_is_found_again(results: SearchResults) -> None:
    results.show_result("tax", RESULT)
    press(results, KEY.Key_Down)
    assert spoken(results) == "Text: a tax is due"
    changed = TAX._replace(title="Tax law")
    results.show_result("tax", SearchResult((FERRY, changed)))
    assert spoken(results) == "Text: a tax is due"
    results.show_result("tax", SearchResult((FERRY,)))
    assert results.document() == "ferry"
    results.show_result("ferry", SearchResult((FERRY, changed)))
    assert spoken(results) == "Note: a ferry"
