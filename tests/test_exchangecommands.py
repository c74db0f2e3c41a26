"""The command line takes annotations in and sends them out, and says what it does before and after."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from margent.cli import main

Run = Callable[..., Any]
BRIEF = "b0e5"
QUOTE = "Oil, gas and minerals"
TEXT = """# Roads

The corridor reopened on 3 May after long talks between the two sides.

The minister rejected the second draft of the protocol in a letter.

Nothing was agreed on the price of transit.
"""


class RefusedError(Exception):
    """What the command line said on standard error when it did not do it."""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(library: str, *words: str | Path, text: bool = False) -> Any:
        given = ["--library", str(tmp_path / library), *map(str, words)]
        code = main(given if text else [*given, "--json"])
        said = capsys.readouterr()
        if code == 2:
            raise RefusedError(said.err)
        return said.out if text else json.loads(said.out)

    return call


def annotate(run: Run, library: str, quote: str = QUOTE, note: str = "By how much?", **more: str) -> str:
    extra = [word for name, value in more.items() for word in (f"--{name}", value)]
    document = "roads" if quote != QUOTE else BRIEF
    return str(run(library, "annotate", document, "--quote", quote, "--note", note, "--author", "Ana", *extra)["id"])


@pytest.fixture
def sent(run: Run, tmp_path: Path) -> Path:
    annotate(run, "ana", kind="question")
    path = tmp_path / "brief.margent"
    run("ana", "export", BRIEF, "--format", "margent", "-o", path, "--author", "Ana")
    return path


def test_an_exchange_file_is_merged_and_a_dry_run_changes_nothing(run: Run, sent: Path) -> None:
    (told,) = run("bek", "merge", "-", sent, "--dry-run")
    assert told["counts"] == {"new": 1, "changed": 0, "deleted": 0, "restored": 0, "conflict": 0}
    assert (told["rows"][0]["author"], told["rows"][0]["note"]) == ("Ana", "By how much?")
    assert run("bek", "annotations", BRIEF) == []
    assert run("bek", "merge", "-", sent)[0]["counts"]["new"] == 1
    (note,) = run("bek", "annotations", BRIEF)
    assert (note["quote"], note["note"], note["author"], note["kind"]) == (QUOTE, "By how much?", "Ana", "question")
    assert run("bek", "merge", "-", sent)[0]["counts"]["new"] == 0


def test_it_is_told_in_words_by_author(run: Run, sent: Path) -> None:
    said = run("bek", "merge", BRIEF, sent, text=True)
    assert "1 new" in said
    assert "Ana: 1 new" in said


def test_a_document_that_is_not_there_comes_with_its_notes(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roads.md"
    file.write_text(TEXT, "utf-8")
    run("ana", "import", file)
    annotate(run, "ana", "The corridor reopened")
    out = tmp_path / "roads.margent"
    run("ana", "export", "roads", "--format", "margent", "-o", out)
    (dry,) = run("bek", "merge", "-", out, "--dry-run")
    assert (dry["new"], dry["title"], dry["document"]) == (True, "Roads", None)
    assert len(run("bek", "list")) == 2
    (told,) = run("bek", "merge", "-", out)
    assert told["new"]
    assert run("bek", "annotations", "roads")[0]["quote"] == "The corridor reopened"
    assert run("bek", "check")["sound"]


def test_what_a_dry_run_could_not_read_is_told_of_a_document_that_is_not_there_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "roads.md").write_text(TEXT, "utf-8")
    run("ana", "import", tmp_path / "roads.md")
    annotate(run, "ana", "The corridor reopened")
    out = tmp_path / "whole.md"
    run("ana", "export", "roads", "--template", "whole", "-o", out)
    text = out.read_text("utf-8")
    out.write_text(text.replace('"exact":"The corridor', '"exact":The corridor'), "utf-8")
    (dry,) = run("bek", "merge", "-", out, "--dry-run")
    assert any("damaged" in problem for problem in dry["problems"])


def test_notes_without_a_name_do_not_leave(run: Run, tmp_path: Path) -> None:
    run("ana", "annotate", BRIEF, "--quote", QUOTE, "--author", "")
    out = tmp_path / "x.margent"
    with pytest.raises(RefusedError, match="carry no name"):
        run("ana", "export", BRIEF, "--format", "margent", "-o", out)
    assert not out.exists()
    run("ana", "export", BRIEF, "--format", "margent", "-o", out, "--author", "Ana")
    assert run("ana", "annotations", BRIEF)[0]["author"] == "Ana"


def test_private_notes_stay_unless_they_are_chosen(run: Run, tmp_path: Path) -> None:
    run("ana", "annotate", BRIEF, "--quote", QUOTE, "--note", "Mine alone.", "--author", "Ana", "--private")
    out = tmp_path / "x.margent"
    run("ana", "export", BRIEF, "--format", "margent", "-o", out)
    assert run("bek", "merge", "-", out)[0]["rows"] == []
    run("ana", "export", BRIEF, "--format", "margent", "-o", out, "--private")
    assert run("bek", "merge", "-", out)[0]["counts"]["new"] == 1


def test_a_document_exported_whole_comes_back_with_edits(run: Run, tmp_path: Path) -> None:
    annotate(run, "ana")
    out = tmp_path / "whole.md"
    run("ana", "export", BRIEF, "--template", "whole", "-o", out)
    out.write_text(out.read_text("utf-8").replace("By how much?", "By how much exactly?", 1), "utf-8")
    (told,) = run("ana", "merge", "-", out)
    assert told["counts"]["changed"] == 1
    assert run("ana", "annotations", BRIEF)[0]["note"] == "By how much exactly?"


def test_an_edit_made_here_meanwhile_is_kept_beside_it(run: Run, tmp_path: Path) -> None:
    key = annotate(run, "ana")
    out = tmp_path / "ana.margent"
    run("ana", "export", BRIEF, "--format", "margent", "-o", out)
    run("bek", "merge", "-", out)
    whole = tmp_path / "whole.md"
    run("bek", "export", BRIEF, "--template", "whole", "-o", whole)
    whole.write_text(whole.read_text("utf-8").replace("By how much?", "Says Bek.", 1), "utf-8")
    run("bek", "merge", "-", whole)
    run("ana", "export", BRIEF, "--template", "whole", "-o", tmp_path / "mine.md")
    mine = (tmp_path / "mine.md").read_text("utf-8").replace("By how much?", "Says Ana.", 1)
    (tmp_path / "mine.md").write_text(mine, "utf-8")
    run("ana", "merge", "-", tmp_path / "mine.md")
    run("bek", "export", BRIEF, "--format", "margent", "-o", tmp_path / "bek.margent", "--author", "Bek")
    (told,) = run("ana", "merge", "-", tmp_path / "bek.margent")
    assert told["counts"]["conflict"] == 1
    assert next(row["clash"] for row in told["rows"] if row["id"] == key) == "note"
    (note,) = run("ana", "annotations", BRIEF)
    assert {note["note"], *(reply["note"] for reply in note["replies"])} == {"Says Ana.", "Says Bek."}


def test_a_newer_text_takes_the_notes_along_and_tells_what_became_of_them(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roads.md"
    file.write_text(TEXT, "utf-8")
    run("ana", "import", file)
    for quote in ("The corridor reopened", "The minister rejected the second draft", "the price of transit"):
        annotate(run, "ana", quote)
    newer = TEXT.replace("rejected", "accepted").replace("Nothing was agreed on the price of transit.\n", "New.\n")
    file.write_text(newer, "utf-8")
    told = run("ana", "revise", "roads", file)
    assert (told["revision"], told["placed"], told["moved"], told["orphaned"]) == (2, 1, 1, 1)
    assert [note["quote"] for note in run("ana", "annotations", "roads", "--state", "orphaned")] == [
        "the price of transit"
    ]
    assert [note["quote"] for note in run("ana", "annotations", "roads", "--state", "moved")] == [
        "The minister rejected the second draft"
    ]
    assert run("ana", "check")["sound"]
    with pytest.raises(RefusedError, match="already"):
        run("ana", "revise", "roads", file)


@pytest.mark.parametrize(
    "program", ["jsonld", "annotations", "readium", "hypothesis", "readwise", "koreader", "calibre", "zotero"]
)
def test_annotations_go_to_other_programs_and_come_back(run: Run, tmp_path: Path, program: str) -> None:
    annotate(run, "ana", kind="question")
    out = tmp_path / "out.bin"
    told = run("ana", "export", BRIEF, "--format", program, "-o", out)
    assert bool(told["left_out"]) == (program not in {"jsonld", "annotations", "readium"})
    assert run("bek", "merge", "-", out)[0]["counts"]["new"] >= 1
    (note,) = run("bek", "annotations", BRIEF)
    assert (note["quote"], note["note"], note["state"]) == (QUOTE, "By how much?", "placed")


def test_text_goes_to_standard_output_and_what_is_no_text_does_not(run: Run) -> None:
    annotate(run, "ana")
    assert run("ana", "export", BRIEF, "--format", "readwise", text=True).startswith("Highlight,Title")
    with pytest.raises(RefusedError, match="give a file with -o"):
        run("ana", "export", BRIEF, "--format", "margent")


def test_no_other_file_is_written_over(run: Run, tmp_path: Path) -> None:
    annotate(run, "ana")
    there = tmp_path / "letter.txt"
    there.write_text("Dear colleague,\n", "utf-8")
    with pytest.raises(RefusedError, match=r"letter\.txt is there already"):
        run("ana", "export", BRIEF, "--format", "jsonld", "-o", there)
    assert there.read_text("utf-8") == "Dear colleague,\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file"),
        ("", "holds no annotations"),
        ("Just words.", "holds no annotations"),
        ("{broken", "is not whole JSON"),
        (
            "Highlight,Title,Author,URL,Note,Location,Date\nwords of nobody,Other,,,Ask.,,\n",
            "import the document first",
        ),
    ],
)
def test_a_file_with_nothing_to_take_in_is_refused_by_name(
    run: Run, tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "odd.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(RefusedError, match=said) as caught:
        run("ana", "merge", "-", path)
    assert "odd.csv" in str(caught.value)


def test_where_two_documents_may_be_meant_it_asks(run: Run, tmp_path: Path) -> None:
    for name, more in (("one.md", "First.\n"), ("two.md", "Second.\n")):
        (tmp_path / name).write_text(TEXT + more, "utf-8")
        run("ana", "import", tmp_path / name)
    table = "Highlight,Title,Author,URL,Note,Location,Date\nThe corridor reopened on 3 May,Other,,,Ask.,,\n"
    (tmp_path / "x.csv").write_text(table, "utf-8")
    with pytest.raises(RefusedError, match="not certain which document"):
        run("ana", "merge", "-", tmp_path / "x.csv")
    document = run("ana", "list")[0]["id"]
    assert run("ana", "merge", document, tmp_path / "x.csv")[0]["counts"]["new"] == 1


def test_of_several_documents_those_that_are_known_come_in_and_the_others_are_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "My Clippings.txt"
    mark = "- Your Highlight on Location 5-7 | Added on Tuesday, November 24, 2026 11:00:00 AM"
    known = f"Some brief\n{mark}\n\n{{}}\n==========\n"
    other = f"Another book (X)\n{mark}\n\nWords of a book that nobody here has.\n==========\n"
    text = run("a", "show", BRIEF, "--text", text=True)
    quote = next(line for line in text.splitlines() if len(line) > 60)
    file.write_text(known.format(quote) + other, encoding="utf-8")
    with pytest.raises(RefusedError, match="Another book"):
        run("a", "merge", "-", file, text=True)
    assert [row["quote"] for row in run("a", "annotations", BRIEF)] == [quote]
    file.write_text(other + other.replace("Another book", "A third"), encoding="utf-8")
    with pytest.raises(RefusedError, match=r"2 documents, none of them surely in your library \(“Another book”, “A th"):
        run("a", "merge", "-", file)


NEWER = TEXT.replace("# Roads\n", "# Roads\n\nAll of it in short.\n").replace("rejected", "accepted")


@pytest.fixture
def newer(run: Run, tmp_path: Path) -> Path:
    """Ana's file: her notes, on a newer text than the one that Bek has; both began with the same one."""
    (tmp_path / "roads.md").write_text(TEXT, "utf-8")
    (tmp_path / "roads 2.md").write_text(NEWER, "utf-8")
    run("ana", "import", tmp_path / "roads.md")
    run("bek", "import", tmp_path / "roads.md")
    run("bek", "annotate", "roads", "--quote", "The minister rejected", "--note", "Why?", "--author", "Bek")
    run("ana", "revise", "roads", tmp_path / "roads 2.md")
    annotate(run, "ana", quote="in short", note="Good.")
    path = tmp_path / "roads.margent"
    run("ana", "export", "roads", "--format", "margent", "-o", path, "--author", "Ana")
    return path


def test_a_newer_text_in_an_exchange_file_comes_along_unless_it_is_to_stay_out(run: Run, newer: Path) -> None:
    (dry,) = run("bek", "merge", "-", newer, "--dry-run")
    states = {"placed": 0, "moved": 1, "orphaned": 0}
    created = dry["text"]["created"]
    told = {"relation": "newer", "file": "roads 2.md", "created": created, "taken": True, **states}
    assert dry["text"] == told
    assert "in short" not in run("bek", "show", "roads", "--text", text=True)
    (kept,) = run("bek", "merge", "-", newer, "--keep-text")
    assert kept["text"] == {**told, "taken": False}
    assert "in short" not in run("bek", "show", "roads", "--text", text=True)
    assert [value["note"] for value in run("bek", "annotations", "roads", "--state", "orphaned")] == ["Good."]
    said = run("bek", "merge", "-", newer, text=True)
    assert "Its newer text (roads 2.md, 20" in said
    assert "1 annotations on the same words, 1 to be checked, 0 without their words" in said
    assert "in short" in run("bek", "show", "roads", "--text", text=True)
    assert [value["note"] for value in run("bek", "annotations", "roads", "--state", "moved")] == ["Why?"]
    (again,) = run("bek", "merge", "-", newer)
    assert (again["text"], again["rows"], again["problems"]) == (None, [], [])


def test_of_two_texts_it_has_to_be_said_which_is_to_count(run: Run, newer: Path, tmp_path: Path) -> None:
    (tmp_path / "roads b.md").write_text(TEXT.replace("3 May", "4 May"), "utf-8")
    run("bek", "revise", "roads", tmp_path / "roads b.md")
    with pytest.raises(RefusedError, match=r"Give --revise to make it the newest text here .*, or --keep-text"):
        run("bek", "merge", "-", newer)
    assert len(run("bek", "annotations", "roads")) == 1
    (dry,) = run("bek", "merge", "-", newer, "--dry-run")
    assert (dry["text"]["relation"], dry["text"]["taken"]) == ("other", None)
    assert run("bek", "merge", "-", newer, "--keep-text")[0]["text"]["taken"] is False
    assert run("bek", "merge", "-", newer, "--revise")[0]["text"]["taken"] is True
    assert "in short" in run("bek", "show", "roads", "--text", text=True)


def test_an_imported_newer_file_says_what_would_make_it_a_revision(run: Run, newer: Path, tmp_path: Path) -> None:
    path = tmp_path / "roads 2.md"
    (row,) = run("bek", "import", path)
    older = row["revision_of"]
    assert row["revise"] == f"margent revise {older[:8]} '{path}'"
    run("bek", "revise", older[:8], path)
    assert len(run("bek", "list")) == 4


def test_an_imported_newer_file_is_made_a_revision_at_once(run: Run, newer: Path, tmp_path: Path) -> None:
    (row,) = run("bek", "import", "--revise", tmp_path / "roads 2.md")
    assert (row["revision"], row["placed"], row["moved"], row["orphaned"]) == (2, 0, 1, 0)
    assert row["revision_of"] == row["id"]
    assert len(run("bek", "list")) == 3
    assert "in short" in run("bek", "show", "roads", "--text", text=True)
    (known,) = run("bek", "import", "--revise", tmp_path / "roads 2.md")
    assert known["id"] == row["id"]
