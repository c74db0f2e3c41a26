"""What is told of the chosen documents: one in full, several as a sum, the latest notes as cards."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from margent.annotations import UNSAID, Annotation, DocumentRecord
from margent.shelf import ShelfRow
from margent.ui.preview import Preview, breakable, language_name
from margent.ui.style import Style

THEN = datetime(2020, 3, 4, 12, tzinfo=UTC)
RECORD = DocumentRecord(
    id="d", revision="r", title="Rail <b>corridors</b>", authors=("A. Novak", "B. Serik"), date="2019", language="kk",
    source="https://example.org/rail", summary="Of **rails**.", origin="rail.pdf", words=690, progress=0.4,
    created=THEN, modified=THEN,
)  # fmt: skip
NOTE = Annotation(
    id="n", document="d", revision="r", start=0, end=4, exact="Rail", note="Who *pays*?", colour="green",
    author="", created=THEN, modified=THEN,
)  # fmt: skip


class Bench:
    """A preview in a window of its own."""

    def __init__(self, app: QApplication, qtbot: QtBot, width: int = 320) -> None:
        self.qtbot = qtbot
        self.preview = Preview(Style(app, "light"), "Ana")
        qtbot.addWidget(self.preview)
        self.preview.resize(width, 600)
        self.preview.show()

    def tell(self, *records: DocumentRecord, notes: int = 1, deleted: bool = False) -> None:
        self.preview.show_rows([ShelfRow(record, 3, notes, ()) for record in records], deleted=deleted)

    def buttons(self) -> list[str]:
        preview = self.preview
        shown = (preview.open_button, preview.edit_button, preview.restore_button)
        return [button.text() for button in shown if not button.isHidden()]


@pytest.fixture
def bench(qapp: QApplication, qtbot: QtBot) -> Bench:
    return Bench(qapp, qtbot)


def test_one_document_is_told_of_in_full_and_its_title_is_no_markup(bench: Bench) -> None:
    bench.tell(RECORD)
    preview = bench.preview
    assert preview.title.text() == RECORD.title
    assert preview.title.textFormat() == Qt.TextFormat.PlainText
    assert preview.meta.text() == "690 word(s) · 3 min · Kazakh · added 4 Mar 2020"
    assert preview.facts.text().split("\n") == [
        "A. Novak, B. Serik", "2019", "https://example.org/rail", "imported from PDF (rail.pdf)", "read to 40%",
    ]  # fmt: skip
    assert "rails" in preview.summary.text()
    assert bench.buttons() == ["Open", "Edit details…"]


@pytest.mark.parametrize(
    ("words", "told"), [(0, "1 min"), (115, "1 min"), (13_000, "57 min"), (13_800, "1 h"), (92_000, "7 h")]
)
def test_long_reading_is_told_in_hours(bench: Bench, words: int, told: str) -> None:
    bench.tell(replace(RECORD, words=words))
    assert told in bench.preview.meta.text().split(" · ")


def test_what_is_not_known_takes_no_room(bench: Bench) -> None:
    bench.tell(DocumentRecord(id="d", revision="r", title="", origin="x.md", created=THEN, modified=THEN))
    assert bench.preview.title.text() == "Untitled"
    assert bench.preview.facts.text() == "imported from MD (x.md)"
    assert bench.preview.summary.isHidden()


def test_several_documents_are_a_sum_and_their_titles(bench: Bench) -> None:
    records = [replace(RECORD, id=f"d{n}", title=f"Number {n}", words=1000) for n in range(14)]
    bench.tell(*records)
    assert bench.preview.title.text() == "14 document(s)"
    assert bench.preview.meta.text() == "14000 word(s) · 1 h · 42 highlight(s) · 14 note(s)"
    assert "Number 11" in bench.preview.summary.text()
    assert "Number 12" not in bench.preview.summary.text()
    assert "and 2 more" in bench.preview.summary.text()
    assert bench.buttons() == []


def test_in_the_bin_documents_can_be_restored_and_nothing_else(bench: Bench) -> None:
    bench.tell(RECORD, deleted=True)
    assert bench.buttons() == ["Restore"]
    bench.tell(RECORD, replace(RECORD, id="e"), deleted=True)
    assert bench.buttons() == ["Restore"]
    assert bench.preview.first() is bench.preview.restore_button


def test_nothing_chosen_says_what_to_do(bench: Bench) -> None:
    bench.tell()
    assert bench.preview.meta.text()
    assert bench.buttons() == []


@pytest.mark.parametrize("way", [Qt.Key.Key_Return, Qt.Key.Key_Space, None])
@pytest.mark.parametrize("number", [0, 1])
def test_a_note_leads_to_its_place(bench: Bench, way: Qt.Key | None, number: int) -> None:
    bench.tell(RECORD)
    bench.preview.show_notes([NOTE, replace(NOTE, id="m", parent="n", note="I do.", author="Bek")])
    asked: list[tuple[str, str]] = []
    bench.preview.noteRequested.connect(lambda document, note: asked.append((document, note)))
    card = bench.preview.cards[number]
    if way is None:
        # Through the window, as a pointer does: a card leaves the press to those around it.
        bench.qtbot.wait(10)
        spot = card.mapTo(bench.preview, QPoint(20, 8))
        QTest.mouseClick(bench.preview.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    else:
        bench.qtbot.keyClick(card, way)
    assert asked == [("d", "n")], "an answer stands with what it answers"


def test_cards_say_who_wrote_and_cut_what_is_long(bench: Bench) -> None:
    bench.tell(RECORD)
    bench.preview.show_notes([replace(NOTE, author=UNSAID, note="long " * 200), NOTE])
    first, second = bench.preview.cards
    assert first.accessibleName().startswith("Author not given")
    assert second.accessibleName().startswith("You")
    label = first.findChild(QLabel)
    assert isinstance(label, QLabel)
    assert "…" in label.text()


def test_notes_stay_while_the_same_document_is_told_of_and_go_with_it(bench: Bench) -> None:
    bench.tell(RECORD)
    bench.preview.show_notes([NOTE])
    bench.tell(replace(RECORD, progress=0.5))
    assert len(bench.preview.cards) == 1
    bench.tell(replace(RECORD, id="e"))
    assert not bench.preview.cards


@pytest.mark.parametrize("title", ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "a" * 90, "ا" * 90])
@pytest.mark.parametrize("several", [False, True])
def test_a_word_wider_than_the_preview_makes_nothing_wider(bench: Bench, title: str, several: bool) -> None:
    long = replace(RECORD, title=title, source="x" * 200)
    bench.tell(*([long, replace(long, id="e")] if several else [long]))
    bench.qtbot.wait(20)
    body = bench.preview.widget()
    assert body is not None
    assert body.width() <= bench.preview.viewport().width()
    if not several:
        assert bench.preview.title.height() > 2 * bench.preview.title.fontMetrics().height() - 4


def test_only_long_words_are_made_breakable() -> None:
    assert breakable("a well known partnership") == "a well known partnership"
    assert breakable("x" * 30).replace("\u200b", "") == "x" * 30
    assert max(map(len, breakable("x" * 30).split("\u200b"))) <= 12


@pytest.mark.parametrize(("code", "name"), [("de", "German"), ("kk", "Kazakh"), ("", ""), ("qzz", "qzz")])
def test_languages_are_named_where_they_are_known(code: str, name: str) -> None:
    assert language_name(code) == name
