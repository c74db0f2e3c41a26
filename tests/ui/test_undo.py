"""Changes on Qt's undo stack: what merges, what is applied when, and what leaves the stack."""

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QUndoStack

from margent.annotations import Annotation, Change
from margent.errors import MargentError, StaleError
from margent.ui.undo import ChangeCommand


def annotation(note: str) -> Annotation:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Annotation(
        id="a", document="d", revision="r", start=0, end=4, exact="Four", note=note, created=moment, modified=moment
    )


def typed(before: str, after: str, merge: str = "note:a") -> Change:
    return Change("Edit note", {"a": annotation(before)}, {"a": annotation(after)}, merge)


class Log:
    """Takes what commands apply, and refuses when told to."""

    def __init__(self) -> None:
        self.applied: list[Change] = []
        self.errors: list[MargentError] = []
        self.refuse: MargentError | None = None

    def apply(self, change: Change) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.applied.append(change)

    def notes(self) -> list[str]:
        return [
            value.note for change in self.applied for value in change.after.values() if isinstance(value, Annotation)
        ]

    def command(self, change: Change, sitting: int = 0) -> ChangeCommand:
        return ChangeCommand(change, self.apply, self.errors.append, sitting)


def test_pushing_applies_nothing_for_the_change_stands_already() -> None:
    log, stack = Log(), QUndoStack()
    stack.push(log.command(typed("", "One")))
    assert log.applied == []
    assert stack.undoText() == "Edit note"


def test_undo_and_redo_apply_the_inverse_and_the_change_each_time() -> None:
    log, stack = Log(), QUndoStack()
    stack.push(log.command(typed("", "One")))
    for _ in range(2):
        stack.undo()
        stack.redo()
    assert log.notes() == ["", "One", "", "One"]


def test_typing_in_one_sitting_is_one_step() -> None:
    log, stack = Log(), QUndoStack()
    for before, after in (("", "O"), ("O", "On"), ("On", "One")):
        stack.push(log.command(typed(before, after)))
    assert stack.count() == 1
    stack.undo()
    stack.redo()
    assert log.notes() == ["", "One"]


@pytest.mark.parametrize(
    ("second", "sitting"),
    [
        (typed("One", "Two"), 1),
        (typed("One", "Two", merge=""), 0),
        (typed("One", "Two", merge="note:b"), 0),
    ],
    ids=["another sitting", "not typed", "another note"],
)
def test_what_does_not_belong_together_stays_apart(second: Change, sitting: int) -> None:
    log, stack = Log(), QUndoStack()
    stack.push(log.command(typed("", "One")))
    stack.push(log.command(second, sitting))
    assert stack.count() == 2


def test_changes_without_a_merge_key_never_merge() -> None:
    log, stack = Log(), QUndoStack()
    for _ in range(3):
        stack.push(log.command(typed("", "x", merge="")))
    assert stack.count() == 3


def test_a_change_that_can_no_longer_be_taken_back_is_told_and_leaves_the_stack() -> None:
    log, stack = Log(), QUndoStack()
    stack.push(log.command(typed("", "One", merge="")))
    stack.push(log.command(typed("One", "Two", merge="")))
    log.refuse = StaleError("Somebody else was faster.")
    stack.undo()
    assert [str(error) for error in log.errors] == ["Somebody else was faster."]
    assert stack.count() == 1
    log.refuse = None
    stack.undo()
    assert log.notes() == [""]


def test_an_undo_between_keys_begins_a_new_step() -> None:
    log, stack = Log(), QUndoStack()
    stack.push(log.command(typed("", "One")))
    stack.undo()
    stack.push(log.command(typed("", "Two")))
    assert stack.count() == 1
    stack.undo()
    assert log.notes() == ["", ""]
