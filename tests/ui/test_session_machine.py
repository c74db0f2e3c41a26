"""A reader at random: whatever is done, undone, and done by another process, memory and library say the same."""

import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtWidgets import QApplication

from margent import edits
from margent.annotations import COLOURS, KINDS, STYLES, THEME_COLOURS, Annotation, Change, Theme
from margent.formats import read
from margent.library import store, writing
from margent.library.backup import check
from margent.library.store import Library
from margent.reading import Reading
from margent.settings import Folders, Settings
from margent.ui.session import Session

TEXTS = {
    "a" * 32: "Ministers agree\n\nMinisters agreed on 🚆 rail. Nobody asked who pays.\n\nThe cost was not given.\n",
    "b" * 32: "Қазақстан\n\nOil, gas and minerals. Water is short; e\u0301nergie is not.\n",
}
NOTES = ["", "Who pays?", "Кім төлейді? 🤔", "- one\n- two"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two documents, to be copied: making one anew takes longer than all of a run."""
    folder = tmp_path_factory.mktemp("template")
    library = Library.open(folder)
    for key, text in TEXTS.items():
        library.add_document(read(text.encode(), "text.txt"), origin="text.txt", original=text.encode(), id=key)
    library.close()
    return folder


def state(reading: Reading) -> dict[str, object]:
    """All that a reading says, but for the place and what is only suggested."""
    return {
        "annotations": dict(sorted(reading.annotations.items())),
        "replies": {parent: found for parent, found in sorted(reading.replies.items()) if found},
        "themes": dict(sorted(reading.themes.items())),
        "passages": {key: reading.stored_passages(key) for key in sorted(reading.themes)},
        "order": [value.id for value in reading.in_order()],
        "shown": [theme.id for theme in reading.shown_themes()],
    }


def without_times(found: dict[str, object]) -> str:
    """A state to compare with one that was undone to, which differs in when it was modified alone."""
    return re.sub(r"modified=datetime\.datetime\([^)]*\)", "", repr(found))


class Reader(RuleBasedStateMachine):
    """Drives a Session as the window does, and looks at the library after each step."""

    source: Path
    restart: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        self.restart()
        self.home = Path(tempfile.mkdtemp())
        shutil.copytree(self.source, self.home / "library")
        self.session = Session(Folders(self.home / "library", self.home / "config"), Settings(daily_backup=False))
        self.failed: list[str] = []
        self.session.failed.connect(self.failed.append)
        self.library = Library.open(self.home / "library")
        self.session._library_opened(self.library)
        self.session._watch.stop()
        self.other = Library.open(self.home / "library")
        self.strange = False
        self.show("a" * 32)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            assert check(self.library) == []
            self.session.close()
            QApplication.processEvents()
            self.other.close()
            shutil.rmtree(self.home)

    # -- what is there ----------------------------------------------------------------------------------------

    @property
    def reading(self) -> Reading:
        assert self.session.reading is not None
        return self.session.reading

    def show(self, document: str) -> None:
        self.session.jobs.run = lambda *_, **__: None  # type: ignore[method-assign]
        self.session.show(self.library.reading(document))

    def one(self, data: st.DataObject) -> Annotation | None:
        every = [*self.reading.annotations.values()]
        return data.draw(st.sampled_from(every)) if every else None

    def theme(self, data: st.DataObject) -> Theme | None:
        every = sorted(self.reading.themes.values(), key=lambda theme: theme.id)
        return data.draw(st.sampled_from(every)) if every else None

    def do(self, change: Change | None) -> None:
        if change is not None:
            done = self.session.do(change)
            assert done == bool(change.after), self.failed

    # -- what a reader does -----------------------------------------------------------------------------------

    @rule(data=st.data(), colour=st.sampled_from(COLOURS), style=st.sampled_from(STYLES))
    def highlight(self, data: st.DataObject, colour: str, style: str) -> None:
        text = self.reading.document.text
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        if text[start:end].strip():
            self.do(edits.annotate(self.reading.record, text, start, end, colour=colour, style=style))  # type: ignore[arg-type]

    @rule(data=st.data(), notes=st.lists(st.sampled_from(NOTES), min_size=1, max_size=4))
    def type_note(self, data: st.DataObject, notes: Sequence[str]) -> None:
        value = self.one(data)
        if value is not None:
            self.session.typing(True)
            for note in notes:
                self.do(edits.set_note(self.reading.annotations[value.id], note))
            self.session.typing(False)
            if data.draw(st.booleans()):
                self.session.end_sitting()

    @rule(data=st.data(), what=st.sampled_from(["colour", "style", "kind", "done", "private", "delete"]))
    def change(self, data: st.DataObject, what: str) -> None:
        value = self.one(data)
        if value is None:
            return
        match what:
            case "colour":
                self.do(edits.set_colour([value], data.draw(st.sampled_from(COLOURS))))
            case "style":
                self.do(edits.set_style([value], data.draw(st.sampled_from(STYLES))))
            case "kind":
                self.do(edits.set_kind([value], data.draw(st.sampled_from(KINDS))))
            case "done":
                self.do(edits.set_done([value], not value.done))
            case "private":
                self.do(edits.set_private([value], not value.private))
            case _:
                self.do(edits.delete([value]))

    @rule(data=st.data(), note=st.sampled_from(NOTES))
    def reply(self, data: st.DataObject, note: str) -> None:
        value = self.one(data)
        if value is not None:
            self.do(edits.reply(value, note, author="Ana"))

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        binned = self.session.bin()
        if binned:
            self.do(edits.restore([data.draw(st.sampled_from(binned))]))

    @rule(data=st.data(), name=st.sampled_from(["Energy", "Rail", "Water"]), colour=st.sampled_from(THEME_COLOURS))
    def new_theme(self, data: st.DataObject, name: str, colour: str) -> None:
        self.do(edits.new_theme(name, colour, data.draw(st.sampled_from([[], ["oil"], ["rail", "cost"]]))))  # type: ignore[arg-type]

    @rule(data=st.data(), what=st.sampled_from(["rename", "recolour", "words", "delete", "passage", "drop"]))
    def change_theme(self, data: st.DataObject, what: str) -> None:
        theme = self.theme(data)
        if theme is None:
            return
        match what:
            case "rename":
                self.do(edits.rename_theme(theme, data.draw(st.sampled_from(["Power", "Transport"]))))
            case "recolour":
                self.do(edits.recolour_theme(theme, data.draw(st.sampled_from(THEME_COLOURS))))
            case "words":
                self.do(edits.set_words(theme, data.draw(st.sampled_from([[], ["gas"]]))))
            case "delete":
                self.do(edits.delete_theme(theme))
            case "passage":
                origin = data.draw(st.sampled_from(["chosen", "dismissed"]))
                self.do(edits.set_passage(self.reading.record, theme, 0, 5, origin))  # type: ignore[arg-type]
            case _:
                for passage in self.reading.stored_passages(theme.id)[:1]:
                    self.do(edits.drop_passage(passage))

    @rule(data=st.data(), add=st.booleans())
    def file(self, data: st.DataObject, add: bool) -> None:
        value, theme = self.one(data), self.theme(data)
        if value is not None and theme is not None:
            self.do((edits.add_theme if add else edits.remove_theme)([value], theme.id))

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        theme, into = self.theme(data), self.theme(data)
        if theme is None or into is None or theme == into:
            return
        annotations = [*self.library.annotations(), *self.library.annotations(deleted=True)]
        passages = [*self.library.passages(), *self.library.passages(deleted=True)]
        self.do(edits.merge_themes(theme, into, annotations, passages))

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.session.undo_group.undo()

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.session.undo_group.redo()

    @rule(document=st.sampled_from(sorted(TEXTS)))
    def switch(self, document: str) -> None:
        self.show(document)

    # -- what others do ---------------------------------------------------------------------------------------

    @rule(data=st.data(), reload=st.booleans())
    def another_process_writes(self, data: st.DataObject, reload: bool) -> None:
        self.strange = True
        there = self.other.annotations(self.reading.record.id)
        value = data.draw(st.sampled_from([None, *there]))
        if value is None:
            text = self.reading.document.text
            self.other.apply(edits.annotate(self.reading.record, text, 0, 9, note="From elsewhere"))
        else:
            kind = data.draw(st.sampled_from(["note", "delete"]))
            self.other.apply(edits.delete([value]) if kind == "delete" else edits.set_note(value, value.note + "!"))
            if value.id in self.reading.annotations:
                before = len(self.failed)
                mine = self.reading.annotations[value.id]
                assert not self.session.do(edits.set_private([mine], not mine.private))
                assert len(self.failed) == before + 1
                assert "nothing was written" in self.failed[-1]
        assert self.library.changed_elsewhere()
        self.session.reload()
        if reload:
            self.session.reload()

    # -- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def memory_says_what_the_library_says(self) -> None:
        if hasattr(self, "session"):
            assert state(self.reading) == state(self.library.reading(self.reading.record.id))

    @precondition(lambda self: not self.strange)
    @rule()
    def undoing_everything_goes_back_to_the_beginning_and_redoing_comes_back(self) -> None:
        before = without_times(state(self.reading))
        group, steps = self.session.undo_group, 0
        stack = group.activeStack()
        failed = len(self.failed)
        while group.canUndo():
            group.undo()
            steps += 1
        if len(self.failed) > failed:
            return  # the other document's history has changed a theme of the library since; that was told
        assert not self.reading.annotations
        while group.canRedo() and steps:
            group.redo()
            steps -= 1
        assert stack is group.activeStack()
        if len(self.failed) == failed:
            assert without_times(state(self.reading)) == before


@pytest.fixture
def machine(qapp: QApplication, template: Path, monkeypatch: pytest.MonkeyPatch) -> type[Reader]:
    """The machine with ids and a clock of its own, so that a run can be had again."""
    count = itertools.count(1)

    def later() -> datetime:
        return datetime(2031, 1, 1, tzinfo=UTC) + timedelta(milliseconds=next(count))

    def restart() -> None:
        nonlocal count
        count = itertools.count(1)

    monkeypatch.setattr(edits, "new_id", lambda: f"{next(count):032x}")
    for module in (edits, writing, store):
        monkeypatch.setattr(module, "now", later)
    Reader.source = template
    Reader.restart = staticmethod(restart)
    return Reader


LONG = bool(os.environ.get("MARGENT_LONG"))


@pytest.mark.timeout(3600 if LONG else 120)
def test_memory_and_library_agree_whatever_is_done(machine: type[Reader]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=2000 if LONG else 25,
            stateful_step_count=60 if LONG else 30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
        ),
    )
