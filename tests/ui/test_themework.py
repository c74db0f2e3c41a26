"""Suggested themes and shared vocabularies in a running program: nothing comes unasked, one undo takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from margent.document import Block, Document
from margent.suggesting import Suggestion
from margent.ui.app import Program
from margent.ui.suggestdialog import SuggestDialog
from margent.ui.themerows import SUGGEST
from margent.ui.vocabularydialog import VocabularyDialog

Start = Callable[..., Program]
KEY = Qt.Key
TEXT = [
    (
        "Renewable hydrogen needs water. The first plant for renewable hydrogen is planned at Kuryk, beside the sea, "
        "where a desalination plant would have to be built before anything else could be."
    ),
    (
        "The European Investment Bank pays for much of it. The European Investment Bank asks for an environmental "
        "impact assessment, and civil society asks to be heard in the environmental impact assessment as well."
    ),
    (
        "Training for miners and engineers takes as long as permits do, and nobody has yet counted how many of them "
        "the new pits would need, nor who would pay for renewable hydrogen in the end."
    ),
]


class Bench:
    """A program that reads a document of which no theme knows anything."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program, self.qtbot, self.session = program, qtbot, program.session
        self.library = self.session.library
        blocks = tuple(Block("paragraph", text) for text in TEXT)
        record = self.library.add_document(Document("Plans", blocks, language="en"), origin="x", original=b"plans")
        program.window.show_document(record.id)
        qtbot.waitUntil(lambda: self.session.reading is not None and self.session.reading.record.id == record.id)
        self.settle()
        self.work = program.window.themes

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.jobs.busy, timeout=10_000)
        self.qtbot.wait(20)

    def suggest(self) -> SuggestDialog:
        self.program.window.actions_by_name["suggest_themes"].trigger()
        self.settle()
        assert isinstance(self.work.dialog, SuggestDialog)
        return self.work.dialog

    def names(self) -> set[str]:
        return {theme.name for theme in self.library.theme_list()}

    def key(self, dialog: SuggestDialog, name: str) -> str:
        pairs = zip(dialog.model.keys(), dialog.model.values(), strict=True)
        return next(key for key, offer in pairs if offer.name.lower() == name)


@pytest.fixture
def bench(start: Start, qtbot: QtBot) -> Bench:
    return Bench(start(), qtbot)


def test_suggestions_come_unticked_with_words_and_passages(bench: Bench) -> None:
    before = bench.names()
    dialog = bench.suggest()
    offers = {offer.name.lower(): offer for offer in dialog.model.values()}
    assert "renewable hydrogen" in offers
    assert not any(offer.ticked for offer in offers.values())
    assert not dialog.add.isEnabled()
    dialog.view.setCurrentIndex(dialog.model.index_of(bench.key(dialog, "renewable hydrogen")))
    assert dialog.name.text().lower() == "renewable hydrogen"
    assert list(dialog.passages.values()) == [TEXT[0], TEXT[2]]
    dialog.reject()
    assert bench.work.dialog is None
    assert bench.names() == before


def test_what_is_ticked_is_added_in_one_step_that_undo_takes_back(bench: Bench) -> None:
    before = bench.names()
    dialog = bench.suggest()
    index = dialog.model.index_of(bench.key(dialog, "renewable hydrogen"))
    dialog.view.setCurrentIndex(index)
    bench.qtbot.keyClick(dialog.view, KEY.Key_Space)

    bank = dialog.model.index_of(bench.key(dialog, "european investment bank"))
    rect = dialog.view.visualRect(bank)
    bench.qtbot.mouseClick(dialog.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(16, 14))
    dialog.name.setText("The bank")
    dialog.name.textEdited.emit("The bank")
    dialog.words.setPlainText("investment bank, lender")
    dialog.add.click()
    bench.settle()
    new = {theme.name: theme for theme in bench.library.theme_list() if theme.name not in before}
    assert {name.lower() for name in new} == {"renewable hydrogen", "the bank"}
    assert new["The bank"].words == ("investment bank", "lender")
    assert len({theme.colour for theme in new.values()}) == 2
    assert bench.program.window.actions_by_name["undo"].text() == "Undo: Add themes"
    bench.program.window.actions_by_name["undo"].trigger()
    assert bench.names() == before


def test_other_words_are_looked_for_at_once_and_a_name_that_is_taken_is_refused(bench: Bench) -> None:
    dialog = bench.suggest()
    key = bench.key(dialog, "renewable hydrogen")
    dialog.view.setCurrentIndex(dialog.model.index_of(key))
    dialog.words.setPlainText("training")
    bench.qtbot.waitUntil(lambda: list(dialog.passages.values()) == [TEXT[2]])
    assert dialog.count.text() == "1 passage(s)"
    dialog.toggle(key)
    assert dialog.add.isEnabled()
    for name, problem in (
        (next(iter(bench.names())).upper(), "There is a theme of this name already."),
        ("  ", "A theme needs a name."),
        ("Training", ""),
    ):
        dialog.name.setText(name)
        dialog.name.textEdited.emit(name)
        assert dialog.problem.text() == problem
        assert dialog.add.isEnabled() is not bool(problem)
    other = list(dialog.model.keys())[-1]
    dialog.toggle(other)
    dialog.view.setCurrentIndex(dialog.model.index_of(other))
    dialog.name.textEdited.emit("training")
    assert dialog.problem.text() == "There is a theme of this name already."
    assert not dialog.add.isEnabled()
    dialog.reject()


def test_words_typed_for_one_offer_are_kept_when_another_one_is_looked_at(bench: Bench) -> None:
    dialog = bench.suggest()
    first, second = list(dialog.model.keys())[:2]
    dialog.view.setCurrentIndex(dialog.model.index_of(first))
    dialog.words.setPlainText("permits")
    dialog.view.setCurrentIndex(dialog.model.index_of(second))
    offer = dialog.model.get(first)
    assert offer is not None
    assert offer.words == ("permits",)
    untouched = dialog.model.get(second)
    assert untouched is not None
    assert "permits" not in untouched.words
    dialog.reject()


def test_a_passage_is_shown_on_the_page_and_another_document_ends_the_suggestions(bench: Bench) -> None:
    dialog = bench.suggest()
    dialog.view.setCurrentIndex(dialog.model.index_of(bench.key(dialog, "renewable hydrogen")))
    dialog.list.opened.emit(dialog.passages.index(1, 0))
    start = len("\n".join(TEXT[:2])) + 1
    assert bench.program.window.read.reader.selection() == (start, start + len(TEXT[2]))
    other = next(record for record in bench.library.records() if record.title != "Plans")
    bench.program.window.show_document(other.id)
    bench.settle()
    assert bench.work.dialog is None


def test_the_row_below_the_themes_asks_for_suggestions_once(bench: Bench) -> None:
    sidebar = bench.program.window.read.sidebar
    assert sidebar is not None
    pane = sidebar.themes
    pane._opened(pane.model.index_of(SUGGEST))
    dialog = bench.work.dialog
    assert isinstance(dialog, SuggestDialog)
    bench.settle()
    pane._opened(pane.model.index_of(SUGGEST))
    assert bench.work.dialog is dialog
    dialog.reject()


def test_a_document_without_suggestions_says_why(bench: Bench) -> None:
    dialog = bench.suggest()
    dialog.show_suggestions([])
    assert dialog.said.text().startswith("There is nothing to suggest")
    assert not dialog._middle.isVisible()
    dialog.show_suggestions([Suggestion("Sea", ("sea",), 1.0, ((0, 5),))])
    assert dialog._middle.isVisible()
    dialog.fail("The library cannot be read.")
    assert dialog.said.text() == "The library cannot be read."
    dialog.reject()


# -- vocabularies -----------------------------------------------------------------------------------------------------


def take_in(bench: Bench, path: Path, text: str) -> VocabularyDialog:
    path.write_text(text, "utf-8")
    bench.work.take_in_from(path)
    bench.settle()
    assert isinstance(bench.work.dialog, VocabularyDialog)
    return bench.work.dialog


def test_what_an_import_adds_is_shown_and_then_done_in_one_step(bench: Bench, tmp_path: Path) -> None:
    known = next(theme for theme in bench.library.theme_list() if theme.words and theme.colour != "slate")
    before = bench.library.theme_list()
    text = (
        '[[theme]]\nname = "Water"\ncolour = "teal"\nwords = ["water", "river"]\n\n'
        f'[[theme]]\nname = "{known.name}"\ncolour = "slate"\nwords = ["wholly new"]\n'
    )
    dialog = take_in(bench, tmp_path / "team.toml", text)
    rows = [(row.name, row.fate, row.words) for row in dialog.model.values()]
    assert rows == [
        ("Water", "new", "water, river"),
        (known.name, "more words", "wholly new"),
        (known.name, "keeps its colour", "The file has Slate."),
    ]
    assert bench.library.theme_list() == before
    dialog.reject()
    assert bench.library.theme_list() == before
    take_in(bench, tmp_path / "team.toml", text).take.click()
    bench.settle()
    after = {theme.name: theme for theme in bench.library.theme_list()}
    assert after["Water"].words == ("water", "river")
    assert after[known.name].words == (*known.words, "wholly new")
    assert after[known.name].colour == known.colour
    assert "Imported" in bench.program.window.messages.text()
    bench.program.window.actions_by_name["undo"].trigger()
    assert {theme.name for theme in bench.library.theme_list()} == {theme.name for theme in before}


def test_an_exported_vocabulary_has_nothing_new_for_its_own_library(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "themes.toml"
    bench.work.export_to(path)
    bench.settle()
    assert str(path) in bench.program.window.messages.text()
    dialog = take_in(bench, path, path.read_text("utf-8"))
    assert not dialog.take.isEnabled()
    assert dialog.summary.text() == "Your library has all of these themes already."
    dialog.reject()


def test_a_file_that_is_no_vocabulary_is_told_with_its_line(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "team.toml"
    path.write_text('[[theme]]\nname = "A"\nwords = "one"\n', "utf-8")
    bench.work.take_in_from(path)
    bench.settle()
    assert bench.program.window.messages.text().startswith("team.toml, line 3:")
    assert bench.work.dialog is None


def test_the_dossier_of_the_chosen_theme_is_one_key_away(bench: Bench) -> None:
    window = bench.program.window
    action = window.actions_by_name["dossier"]
    action.trigger()
    assert window.messages.text() == "Choose a theme first."
    theme = bench.library.theme_list()[0]
    assert window.read.sidebar is not None
    window.read.sidebar.choose_theme(theme.id)
    action.trigger()
    bench.settle()
    assert window.view_name == "library"
    dossier = window.library().view.dossier
    assert dossier is not None
    assert dossier.theme == theme.id
    window.library().view.leave_dossier()
    action.trigger()
    bench.settle()
    assert window.library().view.pages.currentWidget() is dossier
