"""The trial notices a parser, a search and an exchange that do not work: it would be of no use if it could not fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from margent import exchangecommands, samples, suggesting, trial
from margent.errors import MargentError
from margent.library.search import SearchResult
from margent.library.store import Library

if TYPE_CHECKING:
    from pathlib import Path


def test_it_passes_and_leaves_the_documents_in_its_own_folder(tmp_path: Path) -> None:
    trial.trial(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"here", "there"}


@pytest.mark.parametrize(
    ("module", "data", "said"),
    [
        ("pdf", b"%PDF-1.4\n%%EOF\n", "sample.pdf"),
        ("docx", b"PK\3\4[Content_Types].xml word/", "sample.docx"),
        ("mail", b"From: a\nTo: b\nSubject: c\nMessage-ID: <d@e>\n\nOther words.\n", "it read “"),
    ],
)
def test_it_names_the_format_that_does_not_work(
    module: str, data: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(samples.SAMPLES, module, lambda *_: data)  # type: ignore[arg-type]
    with pytest.raises(MargentError, match=said):
        trial.trial(tmp_path)


def test_it_notices_a_search_that_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "search", lambda *_: SearchResult(groups=()))
    with pytest.raises(MargentError, match=r"sample\.pdf was not found"):
        trial.trial(tmp_path)


def test_it_notices_a_note_that_does_not_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = exchangecommands.outgoing.bundle

    def without_notes(*given: Any, **named: Any) -> Any:
        return replace(real(*given, **named), copies={})

    monkeypatch.setattr(exchangecommands.outgoing, "bundle", without_notes)
    with pytest.raises(MargentError, match=r"a note goes to a colleague: \[\] arrived"):
        trial.trial(tmp_path)


def test_it_notices_that_no_theme_is_suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "suggest_in", lambda *_: [])
    with pytest.raises(MargentError, match="suggests themes"):
        trial.trial(tmp_path)
