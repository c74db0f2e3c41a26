"""The dossier of a theme in a running program: what it shows, ticks, filters, where its rows lead, and its brief."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, DocumentRecord, Theme
from margent.document import Block, Document
from margent.importing import BRIEF
from margent.ui.app import Program
from margent.ui.dossierexport import DossierExport
from margent.ui.dossierloader import DossierLoader, Found
from margent.ui.dossiers import export

if TYPE_CHECKING:
    from margent.ui.dossierpane import DossierPane

Start = Callable[..., Program]
KEY = Qt.Key
COPPER = ("Copper is dear.", "Tin is not.", "The copper price moves.")


class Bench:
    """A program with a theme that stands in two documents."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program, self.qtbot, self.session = program, qtbot, program.session
        self.library = self.session.library
        self.rail = self.add("Rail", *COPPER)
        self.mine = self.add("Mine", "A copper mine.", "Silence.")
        made = edits.new_theme("Copper", "teal", ["copper"])
        self.session.do(made)
        (theme,) = made.after.values()
        assert isinstance(theme, Theme)
        self.theme = theme
        self.note = self.annotate(self.rail, "Tin is not.", note="Why **not**?", author="B. Adams")
        self.session.do(edits.set_passage(self.rail, theme, 0, len(COPPER[0]), "chosen"))
        program.window.library().show_dossier(theme.id)
        self.view = program.window.library().view
        assert self.view.dossier is not None
        self.pane: DossierPane = self.view.dossier
        self.settle()

    def add(self, title: str, *texts: str) -> DocumentRecord:
        blocks = tuple(Block("paragraph", text) for text in texts)
        document = Document(title, blocks, language="en", date="2 May 2026")
        return self.library.add_document(document, origin="x", original=title.encode())

    def annotate(self, record: DocumentRecord, words: str, **more: object) -> Annotation:
        text = self.library.text(record.revision)
        start = text.index(words)
        change = edits.annotate(record, text, start, start + len(words), themes=[self.theme.id], **more)  # type: ignore[arg-type]
        self.session.do(change)
        (value,) = change.after.values()
        assert isinstance(value, Annotation)
        return value

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.jobs.busy, timeout=10_000)
        self.qtbot.wait(150)
        self.qtbot.waitUntil(lambda: not self.session.jobs.busy, timeout=10_000)

    def shown(self) -> list[tuple[str, bool | None]]:
        lines = self.pane.model.values()
        return [(line.record.title if line.entry is None else line.entry.text, line.ticked) for line in lines]

    def key(self, text: str) -> str:
        lines = zip(self.pane.model.keys(), self.pane.model.values(), strict=True)
        return next(key for key, line in lines if line.entry is not None and line.entry.text == text)

    def stand_on(self, key: str) -> None:
        self.pane.view.setCurrentIndex(self.pane.model.index_of(key))

    def choose(self, key: str, text: str) -> None:
        """Take an entry of the row's menu."""
        menu = self.pane.menu_for(key)
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.close()
        self.settle()


@pytest.fixture
def bench(start: Start, qtbot: QtBot) -> Bench:
    return Bench(start(), qtbot)


def test_it_shows_passages_annotations_and_suggestions_by_document(bench: Bench) -> None:
    assert bench.shown() == [
        ("Rail", None),
        ("Copper is dear.", True),
        ("Tin is not.", True),
        ("The copper price moves.", False),
        ("Mine", False),
        ("A copper mine.", False),
    ]
    assert bench.pane.title.text() == "Copper"
    assert bench.pane.summary.text() == "1 passage(s) and 1 annotation(s) in 1 document(s) · 2 suggested · 2 ticked"
    texts = [str(bench.pane.model.index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for n in range(6)]
    assert texts[0] == "Rail. 2 May 2026. 3 place(s)"
    assert texts[1] == "Passage, chosen. Copper is dear."
    assert texts[2] == "Note · B. Adams. Tin is not.. Why **not**?"
    assert texts[3] == "Suggested by signal words. The copper price moves."
    assert bench.view.pane.shelf == f"t:{bench.theme.id}"
    assert bench.view.preview.title.text() == "Rail"
    assert bench.pane.view.hasFocus()


def test_space_and_a_click_on_the_box_tick_and_a_document_ticks_its_places(bench: Bench) -> None:
    view = bench.pane.view
    bench.stand_on(bench.key("The copper price moves."))
    bench.qtbot.keyClick(view, KEY.Key_Space)
    assert dict(bench.shown())["Rail"] is True
    rect = view.visualRect(bench.pane.model.index_of(bench.key("Copper is dear.")))
    bench.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(16, 14))
    assert dict(bench.shown())["Copper is dear."] is False
    bench.pane.toggle(f"document:{bench.rail.id}")
    assert [ticked for _, ticked in bench.shown()] == [True, True, True, True, False, False]
    bench.pane.toggle(f"document:{bench.rail.id}")
    assert not bench.pane.ticked()
    assert not bench.pane.export.isEnabled()
    bench.pane._forget_ticks()
    assert len(bench.pane.ticked()) == 2


def test_what_was_ticked_stays_so_through_changes_and_other_dossiers(bench: Bench) -> None:
    bench.pane.toggle(bench.key("A copper mine."))
    bench.annotate(bench.mine, "Silence.")
    bench.settle()
    assert dict(bench.shown())["A copper mine."] is True
    other = next(theme for theme in bench.library.theme_list() if theme.id != bench.theme.id)
    bench.view.pane.choose(f"t:{other.id}")
    bench.settle()
    assert bench.pane.theme == other.id
    assert bench.pane.title.text() == other.name
    bench.view.show_dossier(bench.theme.id)
    bench.settle()
    assert dict(bench.shown())["A copper mine."] is True


def test_it_is_narrowed_by_words_kind_document_and_author(bench: Bench) -> None:
    bench.annotate(bench.mine, "Silence.", note="Ask", kind="question")
    bench.settle()
    bench.pane.field.setText("mine")
    bench.settle()
    assert [text for text, _ in bench.shown()] == ["Mine", "A copper mine.", "Silence."]
    bench.pane.field.clear()
    bench.settle()
    bench.pane.sorts.button(1).click()
    assert [text for text, _ in bench.shown()] == ["Mine", "Silence.", "Rail", "Tin is not."]
    bench.pane.author.setCurrentText("B. Adams")
    assert [text for text, _ in bench.shown()] == ["Rail", "Tin is not."]
    bench.pane.author.setCurrentIndex(0)
    bench.pane.sorts.button(3).click()
    bench.choose(bench.key("A copper mine."), "Only this document")
    assert [text for text, _ in bench.shown()] == ["Mine", "A copper mine."]
    bench.pane.sorts.button(2).click()
    assert bench.shown() == []
    assert bench.pane.empty.text() == "Nothing in this dossier fits what is asked for."
    assert bench.pane.empty.isVisible()


def test_a_suggestion_is_kept_or_dismissed_and_undo_brings_it_back(bench: Bench) -> None:
    bench.choose(bench.key("A copper mine."), "Keep this passage")
    assert bench.pane.summary.text().startswith("2 passage(s) and 1 annotation(s) in 2 document(s) · 1 suggested")
    assert dict(bench.shown())["A copper mine."] is True
    bench.choose(bench.key("The copper price moves."), "Dismiss this passage")
    assert "The copper price moves." not in dict(bench.shown())
    bench.choose(bench.key("Copper is dear."), "Remove this passage")
    assert "Copper is dear." not in dict(bench.shown())
    for _ in range(3):
        bench.program.window.actions_by_name["undo"].trigger()
        bench.settle()
    assert bench.pane.summary.text().startswith("1 passage(s) and 1 annotation(s) in 1 document(s) · 2 suggested")


def test_it_follows_the_theme_and_the_documents(bench: Bench) -> None:
    bench.session.do(edits.set_words(bench.theme, ["silence"]))
    bench.settle()
    assert [text for text, _ in bench.shown()] == ["Rail", "Copper is dear.", "Tin is not.", "Mine", "Silence."]
    bench.session.do(edits.delete_documents([bench.library.record(bench.mine.id)]))
    bench.settle()
    assert "Silence." not in dict(bench.shown())
    theme = next(theme for theme in bench.library.theme_list() if theme.id == bench.theme.id)
    bench.session.do(edits.delete_theme(theme))
    bench.settle()
    assert bench.view.pages.currentWidget() is not bench.pane
    assert bench.view.pane.shelf == "all"


def test_rows_lead_to_their_places_in_the_text(bench: Bench) -> None:
    window, read = bench.program.window, bench.program.window.read
    bench.stand_on(bench.key("The copper price moves."))
    bench.qtbot.keyClick(bench.pane.view, KEY.Key_Return)
    bench.settle()
    assert window.view_name == "read"
    assert bench.session.reading is not None
    assert bench.session.reading.record.id == bench.rail.id
    assert read.sidebar is not None
    assert read.sidebar.passage_label() == "Copper: passage 2 of 2"
    window.show_library()
    bench.settle()
    assert bench.view.pages.currentWidget() is bench.pane
    rect = bench.pane.view.visualRect(bench.pane.model.index_of(bench.note.id))
    bench.qtbot.mouseClick(bench.pane.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    bench.settle()
    assert read.current is not None
    assert read.current.id == bench.note.id


def test_the_themes_tab_leads_to_a_theme_in_all_documents(bench: Bench) -> None:
    bench.program.window.show_document(bench.rail.id)
    bench.settle()
    assert bench.program.window.view_name == "read"
    bench.view.leave_dossier()
    sidebar = bench.program.window.read.sidebar
    assert sidebar is not None
    menu = sidebar.themes.menu_for(bench.theme.id)
    next(action for action in menu.actions() if action.text() == "In all documents").trigger()
    menu.close()
    bench.settle()
    assert bench.program.window.view_name == "library"
    assert bench.view.pages.currentWidget() is bench.pane
    assert bench.pane.theme == bench.theme.id


def test_escape_leads_back_to_the_documents_and_enter_on_the_theme_to_its_dossier(bench: Bench) -> None:
    bench.qtbot.keyClick(bench.pane.view, KEY.Key_Escape)
    assert bench.view.pages.currentIndex() == 0
    assert [row.record.title for row in bench.view.model.values()] == ["Rail"]
    shelves = bench.view.pane.view
    shelves.setCurrentIndex(bench.view.pane.model.index_of(f"t:{bench.theme.id}"))
    bench.qtbot.keyClick(shelves, KEY.Key_Return)
    bench.settle()
    assert bench.view.pages.currentWidget() is bench.pane
    bench.view.pane.choose("all")
    assert bench.view.pages.currentIndex() == 0
    shelves.scrollTo(bench.view.pane.model.index_of(f"t:{bench.theme.id}"))
    spot = shelves.visualRect(bench.view.pane.model.index_of(f"t:{bench.theme.id}")).center()
    bench.qtbot.mouseClick(shelves.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    bench.qtbot.mouseDClick(shelves.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    bench.settle()
    assert bench.view.pages.currentWidget() is bench.pane


def test_the_count_of_a_theme_in_the_library_follows_changes(bench: Bench) -> None:
    def count() -> int:
        entry = bench.view.pane.model.get(f"t:{bench.theme.id}")
        assert entry is not None
        return entry.count

    assert count() == 1
    bench.annotate(bench.mine, "Silence.")
    bench.settle()
    assert count() == 2
    bench.program.window.actions_by_name["undo"].trigger()
    bench.settle()
    assert count() == 1


def test_looking_for_suggestions_can_be_stopped(bench: Bench, qtbot: QtBot) -> None:
    bench.pane._progressed(3, 8)
    assert bench.pane.progress.isVisible()
    assert bench.pane._progress_text.text() == "Looking for suggestions: 3 of 8 document(s)"
    bench.pane._ended()
    assert not bench.pane.progress.isVisible()
    loader = DossierLoader(bench.session)
    loader.open(bench.theme.id)
    with qtbot.waitSignal(loader.changed):
        pass
    assert loader.running
    with qtbot.waitSignal(loader.ended):
        loader.stop()
    bench.settle()
    assert not loader.running
    assert not loader.complete


def test_a_search_that_is_overtaken_adds_nothing(bench: Bench) -> None:
    loader = bench.pane.loader
    before = loader.suggested()
    loader.open(bench.theme.id)
    loader.open(bench.theme.id)
    bench.settle()
    assert loader.suggested() == before
    assert Found(1, 2, []).of == 2


def test_changes_in_a_row_leave_no_document_behind(bench: Bench) -> None:
    bench.session.do(edits.set_passage(bench.rail, bench.theme, 27, 50, "dismissed"))
    bench.session.do(edits.set_passage(bench.mine, bench.theme, 0, 14, "dismissed"))
    bench.settle()
    sources = [line.entry.source for line in bench.pane.model.values() if line.entry is not None]
    assert sources == ["chosen", "annotation"]
    bench.session.do(edits.delete([bench.note]))
    bench.settle()
    assert bench.pane.summary.text() == "1 passage(s) in 1 document(s) · 1 ticked"
    bench.program.window.actions_by_name["undo"].trigger()
    stack = bench.session.undo_group.activeStack()
    assert stack is not None
    stack.undo()
    stack.undo()
    bench.settle()
    assert "2 suggested" in bench.pane.summary.text()
    assert bench.pane.loader.complete


# -- the brief --------------------------------------------------------------------------------------------------------


def a_dialog(bench: Bench) -> DossierExport:
    dialog = export(bench.view, bench.pane, bench.session, bench.program.style)
    assert dialog is not None
    bench.settle()
    return dialog


def test_the_brief_has_just_what_is_ticked_and_is_shown_as_it_will_be_written(bench: Bench) -> None:
    bench.pane.toggle(bench.key("A copper mine."))
    dialog = a_dialog(bench)
    assert dialog.count.text() == "3 point(s) in 2 document(s)"
    text = dialog.sheet.source.toPlainText()
    assert text.index("> Copper is dear.") < text.index("> Tin is not.") < text.index("> A copper mine.")
    assert "price" not in text
    assert "Why **not**?" in text
    dialog.title.setText("For the minister")
    dialog.form.setCurrentIndex(dialog.form.findData("meeting"))
    bench.qtbot.wait(150)
    bench.settle()
    assert "# For the minister" in dialog.sheet.source.toPlainText()
    assert dialog.form.findData("whole") < 0
    dialog.reject()
    again = a_dialog(bench)
    assert again.title.text() == "For the minister"
    assert again.template == "meeting"
    again.reject()


def test_exporting_again_keeps_what_others_wrote(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "Copper.md"
    dialog = a_dialog(bench)
    dialog.write_to(path)
    bench.settle()
    assert str(path) in bench.program.window.messages.text()
    assert "> Tin is not." in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8") + "\nOurs.\n", "utf-8")
    bench.pane.toggle(bench.key("A copper mine."))
    dialog = a_dialog(bench)
    dialog.write_to(path)
    bench.settle()
    text = path.read_text("utf-8")
    assert "> A copper mine." in text
    assert text.endswith("\nOurs.\n")
    assert text.count("margent:begin brief") == 1


def test_the_brief_goes_on_the_clipboard_without_the_machine_s_part(bench: Bench) -> None:
    dialog = a_dialog(bench)
    dialog.copy.click()
    bench.settle()
    text = QGuiApplication.clipboard().text()
    assert "> Tin is not." in text
    assert "margent:" not in text


def test_the_bundled_brief_s_given_passages_are_in_the_dossiers_of_its_themes(bench: Bench) -> None:
    themes = {passage.theme for passage in bench.library.passages(BRIEF)}
    bench.view.show_dossier(min(themes))
    bench.settle()
    sources = {line.entry.source for line in bench.pane.model.values() if line.entry is not None}
    assert "given" in sources


def test_a_file_that_cannot_be_written_is_told_of_in_the_dialog_which_stays(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "Other.md"
    path.write_text("<!-- margent:begin brief abc -->\n\nx\n\n<!-- margent:end brief abc -->\n", "utf-8")
    dialog = a_dialog(bench)
    dialog.write_to(path)
    bench.settle()
    assert dialog.isVisible()
    assert "holds the brief of another document" in dialog.problem.text()
    assert dialog.problem.isVisible()
    assert dialog.export.isEnabled()
    dialog.reject()


def test_a_private_note_and_an_orphan_are_told_apart(bench: Bench) -> None:
    secret = bench.annotate(bench.rail, "The copper price moves.", note="Ours", private=True)
    bench.session.do(edits.detach([bench.note]))
    bench.settle()
    assert dict(bench.shown())["The copper price moves."] is False
    last = bench.pane.model.index_of(bench.note.id)
    of_rail = [line.entry for line in bench.pane.model.values() if line.record.id == bench.rail.id]
    assert of_rail[-1] is not None
    assert of_rail[-1].annotation is not None
    assert of_rail[-1].annotation.id == bench.note.id
    assert "No longer in the text" in str(last.data(Qt.ItemDataRole.AccessibleTextRole))
    text = str(bench.pane.model.index_of(secret.id).data(Qt.ItemDataRole.AccessibleTextRole))
    assert text.startswith("Note · Private · You")
    bench.pane.toggle(secret.id)
    dialog = a_dialog(bench)
    assert "Ours" in dialog.sheet.source.toPlainText()
    dialog.reject()


def test_it_is_painted_in_both_directions(bench: Bench) -> None:
    pictures = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        bench.pane.setLayoutDirection(direction)
        bench.qtbot.wait(30)
        pictures.append(bench.pane.view.grab().toImage())
    left, right = pictures
    tick = bench.program.style.px(18)
    top = bench.pane.view.visualRect(bench.pane.model.index_of(bench.note.id)).top() + tick
    accent = bench.program.style.colour("accent").rgb()
    assert any(left.pixel(x, top) == accent for x in range(2 * tick))
    assert any(right.pixel(right.width() - 1 - x, top) == accent for x in range(3 * tick))
