"""A brief's file has a name that stays, keeps what its user wrote, and is the old one or the new one, never between."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.brief import filing
from margent.brief.keeping import sealed
from margent.errors import MargentError

BRIEF = "a1b2"


def managed(words: str, brief: str = BRIEF) -> str:
    return f"<!-- margent:begin brief {brief} -->\n\n{sealed(words)}\n\n<!-- margent:end brief {brief} -->\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("EU–Kazakhstan: what an upgrade covers", "EU–Kazakhstan what an upgrade covers.md"),
        ("a/b\\c", "a b c.md"),
        ('What "next"? <draft>|*', "What next draft.md"),
        ("", "brief.md"),
        (" . ", "brief.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("CON", "brief CON.md"),
        ("con.2024", "brief con.2024.md"),
        ("nul .x", "brief nul .x.md"),
        ("LPT¹", "brief LPT¹.md"),
        ("Console", "Console.md"),
        ("Trailing dots...", "Trailing dots.md"),
        (".hidden", "hidden.md"),
        ("tab\tand\nline", "tab and line.md"),
        ("nul\x00byte", "nul byte.md"),
        ("left\u202eright", "left right.md"),
        ("Cafe\u0301", "Café.md"),
        ("Қазақстан", "Қазақстан.md"),
        ("👩‍👧 family", "👩‍👧 family.md"),
        ("word " * 40, "word " * 15 + "word.md"),
        ("x" * 300, "x" * 80 + ".md"),
        ("🌍" * 90, "🌍" * 50 + ".md"),
    ],
)
def test_a_title_gives_a_name_that_every_system_takes(title: str, name: str, tmp_path: Path) -> None:
    assert filing.suggested_name(title) == name
    assert filing.write(tmp_path / name, managed("x")).read_text("utf-8") == managed("x")


@given(st.text(max_size=200))
def test_every_title_gives_one_short_clean_name(title: str) -> None:
    name = filing.suggested_name(title)
    assert name == filing.suggested_name(title)
    assert len(name.encode("utf-8")) <= 210
    assert not set(name) & set('<>:"/\\|?*\n\r\t\0')
    assert name.endswith(".md")
    assert name[:-3].strip(" .") == name[:-3] != ""


def test_a_long_name_is_not_cut_before_an_accent() -> None:
    assert filing.suggested_name("q" * 79 + "x\u0323\u0302" + "yyyy") == "q" * 79 + ".md"


@pytest.mark.parametrize("before", ["", "Mine.\n\n", "\ufeff", "\ufeffMine.\n"])
@pytest.mark.parametrize("after", ["", "\nMine too.", "\n---\n\nend\n"])
def test_what_the_user_wrote_around_the_brief_stays(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_bytes((before + managed("old\n\nwords") + after).encode())
    filing.write(path, managed("new"))
    assert path.read_bytes().decode() == before + managed("new") + after


def test_windows_line_ends_stay_and_reach_the_new_part(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_bytes(("Mine.\n" + managed("old") + "Yours.\n").replace("\n", "\r\n").encode())
    filing.write(path, managed("new\nlines"))
    assert path.read_bytes().decode() == ("Mine.\n" + managed("new\nlines") + "Yours.\n").replace("\n", "\r\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_somebody_wrote_into_the_brief_stays(end: str, tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    point = "> quoted\n\nnote\n\n<!-- margent:a01 -->"
    path.write_bytes(managed(f"# Title\n\n{point}").replace("a01 -->", "a01 -->\n\nMine.").replace("\n", end).encode())
    filing.write(path, managed(f"# Title\n\n> first\n\n{point}\n\n> next"))
    left = managed(f"# Title\n\n> first\n\n{point}\n\n> next").replace("a01 -->", "a01 -->\n\nMine.")
    assert path.read_bytes().decode() == left.replace("\n", end)


def test_spaces_that_an_editor_left_behind_the_markers_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_text(managed("old").replace("-->", "-->  ") + "Mine.", "utf-8")
    filing.write(path, managed("new"))
    assert path.read_text("utf-8") == managed("new") + "Mine."


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    path = filing.write(tmp_path / "brief.md", managed("same"))
    filing.write(path, managed("same"))
    assert path.read_text("utf-8") == managed("same")


def test_two_briefs_in_one_file_keep_apart(tmp_path: Path) -> None:
    path = tmp_path / "dossier.md"
    path.write_text(managed("one", "aa") + "\nbetween\n\n" + managed("two", "bb"), "utf-8")
    filing.write(path, managed("TWO", "bb"))
    assert path.read_text("utf-8") == managed("one", "aa") + "\nbetween\n\n" + managed("TWO", "bb")


BEGIN, END = f"<!-- margent:begin brief {BRIEF} -->", f"<!-- margent:end brief {BRIEF} -->"
DAMAGED = {
    "not ours": "Notes of my own.\n",
    "empty": "",
    "no end": f"{BEGIN}\n\nwords\n",
    "no beginning": f"words\n{END}\n",
    "the wrong way round": f"{END}\nwords\n{BEGIN}\n",
    "twice": managed("one") + managed("two"),
    "one inside the other": f"{BEGIN}\n{BEGIN}\nwords\n{END}\n{END}\n",
    "ends with another": f"{BEGIN}\nwords\n<!-- margent:end brief ffff -->\n",
    "another document's": managed("words", "ffff"),
    "quoted, not at a line's start": f"> {BEGIN}\n> {END}\n",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_without_this_brief_is_only_replaced_when_told_to(name: str, tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_text(DAMAGED[name], "utf-8")
    with pytest.raises(MargentError, match=r"brief\.md .*Choose another name"):
        filing.write(path, managed("new"))
    assert path.read_text("utf-8") == DAMAGED[name]
    filing.write(path, managed("new"), replace=True)
    assert path.read_text("utf-8") == managed("new")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_bytes(managed("é").encode("utf-16"))
    with pytest.raises(MargentError, match="not written by Margent"):
        filing.write(path, managed("new"))
    assert path.read_bytes() == managed("é").encode("utf-16")


def test_replacing_still_spares_what_stands_around_the_same_brief(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_text("Mine.\n" + managed("old"), "utf-8")
    filing.write(path, managed("new"), replace=True)
    assert path.read_text("utf-8") == "Mine.\n" + managed("new")


def test_ours_is_told_by_a_whole_part(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    assert not filing.is_ours(path)
    assert not filing.is_ours(tmp_path)
    for text, ours in ((managed("x"), True), (DAMAGED["no end"], False), (DAMAGED["not ours"], False)):
        path.write_text(text, "utf-8")
        assert filing.is_ours(path) is ours
    path.write_bytes(managed("x").replace("\n", "\r\n").encode())
    assert filing.is_ours(path)


def test_missing_folders_are_made_and_nothing_else_is_left(tmp_path: Path) -> None:
    filing.write(tmp_path / "new" / "deep" / "brief.md", managed("x"))
    assert [path.name for path in (tmp_path / "new" / "deep").iterdir()] == ["brief.md"]


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "brief.md").mkdir()
    with pytest.raises(MargentError, match="is not a file"):
        filing.write(tmp_path / "brief.md", managed("x"), replace=True)


posix = pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")


@posix
def test_a_link_stays_a_link_to_the_file_that_changed(tmp_path: Path) -> None:
    (tmp_path / "synced").mkdir()
    target = tmp_path / "synced" / "real.md"
    target.write_text("Mine.\n" + managed("old"), "utf-8")
    link = tmp_path / "brief.md"
    link.symlink_to(target)
    filing.write(link, managed("new"))
    assert link.is_symlink()
    assert target.read_text("utf-8") == "Mine.\n" + managed("new")


@posix
def test_the_mode_of_a_file_stays_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    path = filing.write(tmp_path / "brief.md", managed("x"))
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    path.chmod(0o600)
    filing.write(path, managed("y"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("failing", ["open", "fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filing.write(tmp_path / "brief.md", managed("old"))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        monkeypatch.setattr(filing.os, failing, fail)
    with pytest.raises(MargentError, match=r"brief\.md cannot be written: No space left on device"):
        filing.write(path, managed("new"))
    monkeypatch.undo()
    assert path.read_text("utf-8") == managed("old")
    assert [found.name for found in tmp_path.iterdir()] == ["brief.md"]


def test_an_interruption_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filing.write(tmp_path / "brief.md", managed("old"))

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(filing.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        filing.write(path, managed("new"))
    monkeypatch.undo()
    assert path.read_text("utf-8") == managed("old")
    assert [found.name for found in tmp_path.iterdir()] == ["brief.md"]


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(MargentError, match=r"brief\.md cannot be written: Permission denied"):
            filing.write(tmp_path / "brief.md", managed("x"))
    finally:
        tmp_path.chmod(0o700)
