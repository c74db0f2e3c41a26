"""What a card says in words: times, states, and the line for a screen reader."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from margent.annotations import Annotation
from margent.ui.cardtext import author_of, full_time, short_time, spoken, state_of, times_of

PLAIN = Annotation(
    id="a", document="d", revision="r", start=0, end=5, exact="words", note="By how much?",
    created=datetime(2026, 11, 24, 8, 41, tzinfo=UTC), modified=datetime(2026, 11, 24, 8, 41, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def almaty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Almaty")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 24, 8, 41, tzinfo=UTC), "08:41"),
        (datetime(2026, 11, 23, 8, 41, tzinfo=UTC), "23 Nov"),
        (datetime(2025, 11, 23, 8, 41, tzinfo=UTC), "23 Nov 2025"),
    ],
)
def test_times_are_as_short_as_they_can_be(moment: datetime, said: str) -> None:
    assert short_time(moment, date(2026, 11, 24)) == said


def test_times_are_those_of_the_reader(almaty: None) -> None:
    moment = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert short_time(moment, date(2026, 11, 24)) == "01:30"
    assert "24" in full_time(moment)


def test_a_changed_note_says_when_it_was_changed() -> None:
    assert "Changed" not in times_of(PLAIN)
    assert "Changed" in times_of(replace(PLAIN, modified=datetime(2026, 11, 24, 9, 0, tzinfo=UTC)))


@pytest.mark.parametrize(("author", "said"), [("", "You"), ("Anna", "You"), ("A. Novak", "A. Novak")])
def test_the_reader_is_you(author: str, said: str) -> None:
    assert author_of(replace(PLAIN, author=author), "Anna") == said


def test_a_screen_reader_hears_all_of_a_card() -> None:
    said = spoken(replace(PLAIN, kind="question", done=True, private=True, author="A. Novak"), "Anna", 0)
    assert said.startswith("Question by A. Novak, ")
    assert said.endswith(", done, private: By how much?")


def test_a_note_without_words_is_told_by_what_it_marks() -> None:
    assert spoken(replace(PLAIN, note=""), "", 0).endswith("no text, on “words”")


@pytest.mark.parametrize(
    ("state", "words", "said"),
    [
        ("placed", "words", ""),
        ("moved", "other", "The words changed. They were: “words”"),
        ("moved", "words", "The text around it changed."),
        ("orphaned", "", "No longer in this text: “words”"),
    ],
)
def test_where_a_note_stands_is_said_in_words(state: str, words: str, said: str) -> None:
    assert state_of(replace(PLAIN, state=state), words) == said  # type: ignore[arg-type]
