"""Which files a folder brings, and in which order."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.formats import limits
from margent.gathering import gather, in_archive, natural


def made(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def shown(*paths: Path) -> list[str]:
    return [file.shown for file in gather(paths)[0]]


def test_a_folder_brings_what_is_readable_in_natural_order(tmp_path: Path) -> None:
    made(tmp_path / "Briefs", "10.md", "2.md", "b/1.txt", "C/2.EPUB", "a.pdf", "a.docx", "x.zip", "m.eml", "p.mht")
    made(tmp_path / "Briefs", "a.png", "noname", "a.py", "c.css")
    assert shown(tmp_path / "Briefs") == [
        f"Briefs/{name}"
        for name in ("2.md", "10.md", "a.docx", "a.pdf", "b/1.txt", "C/2.EPUB", "m.eml", "p.mht", "x.zip")
    ]


def test_hidden_and_temporary_files_are_left_out(tmp_path: Path) -> None:
    made(tmp_path / "f", "a.md", ".b.md", "~$c.docx", ".~lock.d.md", "e.md~", ".git/f.md", "__MACOSX/g.md", "h.md.part")
    assert shown(tmp_path / "f") == ["f/a.md"]


def test_what_a_browser_saved_beside_a_page_is_no_document(tmp_path: Path) -> None:
    made(tmp_path / "f", "page.html", "page_files/ad.html", "Seite.htm", "Seite-Dateien/x.html", "other_files/own.md")
    assert shown(tmp_path / "f") == ["f/other_files/own.md", "f/page.html", "f/Seite.htm"]


def test_files_that_are_named_are_taken_as_they_are_and_in_their_order(tmp_path: Path) -> None:
    made(tmp_path, "b.weird", ".hidden", "a.md")
    paths = [tmp_path / name for name in ("b.weird", ".hidden", "a.md", "gone.md")]
    assert [file.path for file in gather(paths)[0]] == paths


def test_a_folder_with_nothing_to_read_is_told(tmp_path: Path) -> None:
    made(tmp_path / "pictures", "a.png")
    assert gather([tmp_path / "pictures"]) == ([], [("pictures", "pictures holds no file that Margent reads.")])


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights on Windows")
def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    made(tmp_path / "f", "a.md", "sub/b.md")
    (tmp_path / "f" / "sub" / "loop").symlink_to(tmp_path / "f")
    (tmp_path / "f" / "c.md").symlink_to(tmp_path / "f" / "a.md")
    (tmp_path / "f" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    assert shown(tmp_path / "f") == ["f/a.md", "f/c.md", "f/sub/b.md"]


def test_folders_are_looked_into_to_a_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FOLDERS", 2)
    made(tmp_path / "f", "1/2/a.md", "1/2/3/b.md")
    files, problems = gather([tmp_path / "f"])
    assert [file.shown for file in files] == ["f/1/2/a.md"]
    assert problems == [("f/1/2/3", "f/1/2/3 stands more than 2 folders deep: open it by itself.")]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may read everything is refused nothing")
def test_a_folder_that_may_not_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    made(tmp_path / "f", "locked/a.md", "open/b.md")
    (tmp_path / "f" / "locked").chmod(0)
    files, problems = gather([tmp_path / "f"])
    (tmp_path / "f" / "locked").chmod(0o700)
    assert [file.shown for file in files] == ["f/open/b.md"]
    assert problems == [("f/locked", "The folder f/locked could not be read (Permission denied).")]


def test_looking_stops_when_it_is_not_wanted_any_more(tmp_path: Path) -> None:
    made(tmp_path / "f", "a.md", "b/c.md")
    assert gather([tmp_path / "f"], lambda: True)[0] == []


def test_an_archive_brings_what_a_folder_would() -> None:
    names = ["x/10.md", "x/9.md", "__MACOSX/x/._9.md", "a.png", ".hidden/a.md", "x/~$b.docx", "n.zip"]
    assert in_archive(names) == ["n.zip", "x/9.md", "x/10.md"]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=8))
def test_every_list_of_names_has_a_natural_order(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural)) == sorted(names)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_in_names_go_by_their_size(first: int, second: int) -> None:
    assert (natural(f"a{first}.md") < natural(f"A{second}.md")) == (first < second)
    assert natural("9" * 5000) < natural("1" + "0" * 5000)
