"""A reader who does all there is to do, in any order, against a plain dictionary that remembers it."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from margent import edits
from margent.annotations import COLOURS, KINDS, Annotation, Change, Passage, Theme, Value, same
from margent.document import Block, Document, GivenTheme
from margent.errors import StaleError
from margent.library.backup import check
from margent.library.glance import glance
from margent.library.store import Library
from margent.reading import Reading

TEXT = Document(
    "Brief",
    (Block("paragraph", "Oil and gas 🛢 draw money from Europe."), Block("paragraph", "Courts matter too.")),
    themes=(GivenTheme("Energy", words=("oil",), spans=((0, 3), (8, 11))), GivenTheme("Law", spans=((39, 45),))),
)

PICK = st.integers(0, 1 << 16)
SPAN = st.tuples(st.integers(0, 20), st.integers(21, 40))
NOTE = st.text(max_size=12)


def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        with closing(Library.open(Path(folder))) as library:
            library.add_document(TEXT, origin="brief.md", original=b"brief")
        return Path(folder, "library.db").read_bytes()


class Reader(RuleBasedStateMachine):
    """Keeps in `model` the last value of every id, and in `gone` the ids that do not stand."""

    template = b""

    @initialize()
    def start(self) -> None:
        Reader.template = Reader.template or _template()
        self.folder = Path(tempfile.mkdtemp(prefix="margent-test-"))
        (self.folder / "library.db").write_bytes(self.template)
        self.library = Library.open(self.folder)
        self.record = self.library.records()[0]
        values: list[Value] = [*self.library.theme_list(), *self.library.passages()]
        self.model: dict[str, Value] = {value.id: value for value in values}
        self.past: dict[str, list[Value]] = {key: [value] for key, value in self.model.items()}
        self.undone: list[Change] = []
        self.done: list[Change] = []
        self.heard: list[Change] = []
        self.reading = self.library.reading(self.record.id)
        self.listen()

    def listen(self) -> None:
        def hear(change: Change) -> None:
            self.heard.append(change)
            self.reading.apply(change)

        self.library.notify = hear
        driver = self.library._writer.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA synchronous = OFF")  # other tests ask for durability; this one takes thousands of steps

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            shutil.rmtree(self.folder)

    # -- what there is to do ------------------------------------------------------------------------------------

    def values(self, kind: type[Any], *, standing: bool = True) -> list[Any]:
        return [v for v in self.model.values() if isinstance(v, kind) and (v.deleted is None) == standing]

    def pick(self, kind: type[Any], index: int, *, standing: bool = True) -> Any:
        found = self.values(kind, standing=standing)
        return found[index % len(found)] if found else None

    def write(self, change: Change) -> Change:
        applied = self.library.apply(change)
        assert self.heard[-1] == applied
        for key, value in applied.after.items():
            old = self.model.get(key)
            if value is not None:
                assert old is None or value.modified > old.modified
                self.model[key] = value
                self.past.setdefault(key, []).append(value)
            elif old is not None and old.deleted is None:
                self.model[key] = replace(old, deleted=old.modified)
        return applied

    def do(self, change: Change) -> None:
        if change.after:
            self.done.append(self.write(change))
            self.undone.clear()

    def edit(self, index: int, make: Callable[[Annotation], Change]) -> None:
        value = self.pick(Annotation, index)
        if value is not None:
            self.do(make(value))

    @rule(span=SPAN, note=NOTE, themes=st.lists(PICK, max_size=2), colour=st.sampled_from(COLOURS))
    def annotate(self, span: tuple[int, int], note: str, themes: list[int], colour: Any) -> None:
        picked = [self.pick(Theme, index) for index in themes]
        ids = [theme.id for theme in picked if theme is not None]
        self.do(edits.annotate(self.record, TEXT.text, *span, note=note, themes=ids, colour=colour))

    @rule(index=PICK, note=NOTE)
    def reply(self, index: int, note: str) -> None:
        self.edit(index, lambda value: edits.reply(value, note, author="B"))

    @rule(index=PICK, note=NOTE)
    def type_a_note(self, index: int, note: str) -> None:
        self.edit(index, lambda value: edits.set_note(value, note))

    @rule(index=PICK, kind=st.sampled_from(KINDS), done=st.booleans())
    def change_kind(self, index: int, kind: Any, done: bool) -> None:
        self.edit(index, lambda value: edits.set_kind([value], kind))
        self.edit(index, lambda value: edits.set_done([value], done))

    @rule(index=PICK, theme=PICK)
    def file_under(self, index: int, theme: int) -> None:
        picked = self.pick(Theme, theme)
        if picked is not None:
            self.edit(index, lambda value: edits.add_theme([value], picked.id))

    @rule(index=PICK, which=st.integers(0, 3))
    def unfile(self, index: int, which: int) -> None:
        self.edit(index, lambda value: edits.remove_theme([value], value.themes[which % len(value.themes)])
                  if value.themes else Change("", {}, {}))  # fmt: skip

    @rule(index=PICK, span=SPAN)
    def attach(self, index: int, span: tuple[int, int]) -> None:
        self.edit(index, lambda value: edits.attach(value, TEXT.text, *span))

    @rule(count=st.integers(1, 4))
    def delete(self, count: int) -> None:
        self.do(edits.delete(self.values(Annotation)[-count:]))

    @rule(index=PICK)
    def restore(self, index: int) -> None:
        values = {value.id: value for value in self.library.bin() if value.deleted is not None}
        value = self.pick(Annotation, index, standing=False)
        if value is not None:
            self.do(edits.restore([values[value.id]]))

    @rule(name=st.sampled_from(["Trade", "Water", "Rail"]))
    def new_theme(self, name: str) -> None:
        self.do(edits.new_theme(name, "teal", [name.lower()]))

    @rule(index=PICK)
    def rename_theme(self, index: int) -> None:
        theme = self.pick(Theme, index)
        if theme is not None:
            self.do(edits.rename_theme(theme, theme.name + "!"))

    @rule(index=PICK)
    def delete_theme(self, index: int) -> None:
        theme = self.pick(Theme, index)
        if theme is not None:
            self.do(edits.delete_theme(theme))

    @rule(first=PICK, second=PICK)
    def merge_themes(self, first: int, second: int) -> None:
        theme, into = self.pick(Theme, first), self.pick(Theme, second)
        if theme is not None and theme.id != into.id:
            annotations = [*self.library.annotations(), *self.library.annotations(deleted=True)]
            passages = [*self.library.passages(), *self.library.passages(deleted=True)]
            self.do(edits.merge_themes(theme, into, annotations, passages))

    @rule(index=PICK, span=SPAN, origin=st.sampled_from(["chosen", "dismissed"]))
    def set_passage(self, index: int, span: tuple[int, int], origin: Any) -> None:
        theme = self.pick(Theme, index)
        if theme is not None:
            self.do(edits.set_passage(self.record, theme, *span, origin))

    @rule(index=PICK)
    def drop_passage(self, index: int) -> None:
        passage = self.pick(Passage, index)
        if passage is not None:
            self.do(edits.drop_passage(passage))

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        change = self.done.pop()
        self.write(change.inverse())
        self.undone.append(change)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        change = self.undone.pop()
        self.write(change)
        self.done.append(change)

    @rule(key=PICK, which=PICK)
    def write_against_a_stale_value(self, key: int, which: int) -> None:
        name = list(self.past)[key % len(self.past)]
        old = self.past[name][which % len(self.past[name])]
        now = self.model[name]
        if not same(old, now) and not (old.deleted is not None and now.deleted is not None):
            heard = len(self.heard)
            with pytest.raises(StaleError):
                self.library.apply(Change("Stale", {name: old}, {name: replace(old, created=old.modified)}))
            assert len(self.heard) == heard

    @rule(position=st.integers(0, len(TEXT.text)))
    def read_on(self, position: int) -> None:
        self.library.set_place(self.record.id, self.record.revision, position, position / len(TEXT.text))
        self.library.touch_opened(self.record.id)

    @rule()
    def close_and_open(self) -> None:
        self.library.close()
        found = glance(self.folder)
        self.library = Library.open(self.folder)
        self.listen()
        assert found is not None
        assert vars(found) == vars(self.library.reading(self.record.id))
        assert check(self.library) == []

    # -- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def the_library_holds_what_was_written(self) -> None:
        if not hasattr(self, "library"):
            return
        library = self.library
        for kind, standing, gone in (
            (Annotation, library.annotations(), library.annotations(deleted=True)),
            (Theme, library.theme_list(), library.theme_list(deleted=True)),
            (Passage, library.passages(), library.passages(deleted=True)),
        ):
            assert {v.id: v for v in standing} == {v.id: v for v in self.values(kind)}
            assert {v.id: bare(v) for v in gone} == {v.id: bare(v) for v in self.values(kind, standing=False)}

    @invariant()
    def an_open_reading_is_in_step(self) -> None:
        if not hasattr(self, "library"):
            return
        fresh = self.library.reading(self.record.id)
        assert shown(self.reading) == shown(fresh)


def bare(value: Any) -> Any:
    """A value that does not stand, but for when it went: undoing a creation and deleting are told apart by nobody."""
    return replace(value, modified=value.created, deleted=None)


def shown(reading: Reading) -> object:
    return (
        [value.id for value in reading.in_order()],
        reading.annotations,
        {key: replies for key, replies in reading.replies.items() if replies},
        reading.themes,
        {theme: sorted(reading.stored_passages(theme), key=lambda p: p.id) for theme in reading.themes},
    )


TestReader = Reader.TestCase
TestReader.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
