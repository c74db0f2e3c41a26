import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from margent import __version__, edits
from margent.cli import main
from margent.library.store import Library

Run = Callable[..., tuple[int, str, str]]

ARTICLE = """Ministers agree on a rail corridor

By A Reporter

Ministers agreed on Tuesday to study a rail corridor. The cost was not given.

The minister rejected a toll. The minister rejected a ban.
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "corridor.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def as_json(run: Run, *words: object) -> Any:
    code, out, err = run(*words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"margent {__version__}\n", "")


def test_a_fresh_library_holds_the_bundled_documents(run: Run) -> None:
    titles = [row["title"] for row in as_json(run, "list")]
    assert titles == ["EU–Kazakhstan: what an upgraded partnership would cover", "Reading and briefing with Margent"]
    brief = as_json(run, "themes", "EU–Kazakhstan")
    assert len(brief) >= 6
    assert all(row["passages"] for row in brief)


def test_a_news_article_from_import_to_export(run: Run, article: Path, tmp_path: Path) -> None:
    (record,) = as_json(run, "import", article)
    assert record["title"] == "Ministers agree on a rail corridor"
    made = as_json(
        run, "annotate", "rail corridor", "--quote", "The cost was not given", "--note", "Who pays?",
        "--kind", "question", "--theme", "Transport", "--theme", "Money", "--colour", "green",
    )  # fmt: skip
    assert made["quote"] == "The cost was not given"
    assert made["themes"] == ["Transport", "Money"]
    text = as_json(run, "show", record["id"][:9], "--text")["text"]
    assert text[made["start"] : made["end"]] == made["quote"]
    (row,) = as_json(run, "annotations", record["id"])
    assert row["note"] == "Who pays?"
    target = tmp_path / "brief.md"
    assert run("export", record["id"], "--date", "2026-11-24", "-o", target)[0] == 0
    first = target.read_bytes()
    assert b"> The cost was not given" in first
    assert b"Who pays?" in first
    assert run("export", record["id"], "--date", "2026-11-24", "-o", target)[0] == 0
    assert target.read_bytes() == first
    assert run("export", record["id"], "--date", "2026-11-24")[1].encode() == first
    assert run("check")[0] == 0


@pytest.mark.parametrize("template", ["meeting", "theme", "order", "whole"])
def test_private_notes_leave_only_when_asked(run: Run, article: Path, template: str) -> None:
    run("import", article)
    run("annotate", "rail corridor", "--quote", "a rail corridor. The", "--note", "SECRET", "--private")
    assert "SECRET" not in run("export", "rail corridor", "--template", template)[1]
    assert "SECRET" in run("export", "rail corridor", "--template", template, "--private")[1]


def test_twins_need_their_context(run: Run, article: Path) -> None:
    run("import", article)
    code, out, err = run("annotate", "rail", "--quote", "The minister rejected")
    assert (code, out) == (2, "")
    assert "--prefix" in err
    made = as_json(run, "annotate", "rail", "--quote", "The minister rejected", "--suffix", " a ban")
    assert made["suffix"].startswith(" a ban")


def test_importing_the_same_content_again_finds_it(run: Run, article: Path, tmp_path: Path) -> None:
    (first,) = as_json(run, "import", article)
    copy = tmp_path / "renamed.txt"
    copy.write_bytes(article.read_bytes())
    (second,) = as_json(run, "import", copy)
    assert second["id"] == first["id"]
    assert len(as_json(run, "list")) == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "no such document"], "no such document"),
        (["show", "e"], "e"),
        (["annotate", "EU–Kazakhstan", "--quote", "words that are not there"], "words that are not there"),
        (["annotations", "zzz"], "zzz"),
        (["export", "EU–Kazakhstan", "--template", "nonsense"], "nonsense"),
        (["missing-file.txt"], "missing-file.txt"),
        (["import", ""], "is empty"),
        (["merge", "-", " "], "is empty"),
        ([""], "is empty"),
        (["search", " "], "nothing to look for"),
        (["search", "energy", "--limit", "0"], "--limit"),
        (["search", "energy", "--limit", "many"], "many"),
        (["search", "energy", "--hits", "0"], "--hits"),
        (["export", "EU–Kazakhstan", "--theme", "Connectivity", "--format", "jsonld"], "--theme"),
        (["themes", "--export", __file__], "is no vocabulary"),
    ],
)
def test_bad_input_gets_one_sentence_and_changes_nothing(run: Run, words: list[str], says: str) -> None:
    before = as_json(run, "list")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("margent: ")
    assert says in err
    assert "Traceback" not in err
    assert as_json(run, "list") == before


def test_one_bad_file_does_not_keep_the_others_out(run: Run, article: Path, tmp_path: Path) -> None:
    bad = tmp_path / "picture.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    code, out, err = run("import", bad, article, tmp_path / "gone.txt")
    assert code == 2
    assert "Ministers agree" in out
    assert "picture.png" in err
    assert "gone.txt" in err
    assert "Traceback" not in err


def test_a_backup_is_a_library_that_opens(run: Run, article: Path, tmp_path: Path) -> None:
    run("import", article)
    run("annotate", "rail", "--quote", "Ministers agreed")
    copy = tmp_path / "elsewhere" / "library.db"
    copy.parent.mkdir()
    assert run("backup", copy)[0] == 0
    (row,) = as_json(run, "annotations", "rail", "--library", copy.parent)
    assert row["quote"] == "Ministers agreed"
    assert run("backup", copy)[0] == 2


def test_library_option_before_and_after_the_command(run: Run, tmp_path: Path, article: Path) -> None:
    assert run("--library", tmp_path / "one", "import", article)[0] == 0
    assert len(as_json(run, "list", "--library", tmp_path / "one")) == 3
    assert len(as_json(run, "list")) == 2


def test_a_folder_comes_in_and_another_state_of_a_document_is_told(run: Run, article: Path, tmp_path: Path) -> None:
    (first,) = as_json(run, "import", article)
    folder = tmp_path / "folder"
    folder.mkdir()
    again = folder / f"{article.stem} (2){article.suffix}"
    again.write_bytes(article.read_bytes() + b"\n\nOne more sentence.\n")
    (folder / "b.txt").write_text("Another text\n\nIn a few words.\n", "utf-8")
    rows = as_json(run, "import", folder)
    assert {row["file"] for row in rows} == {f"folder/{again.name}", "folder/b.txt"}
    assert {row["revision_of"] for row in rows} == {first["id"], None}
    (tmp_path / "more.txt").write_bytes(article.read_bytes() + b"\n\nTwo more sentences.\n")
    code, out, _ = run("import", tmp_path / "more.txt")
    assert code == 0
    assert "this looks like another state of" in out


def test_commands_do_not_import_qt() -> None:
    code = "import sys; from margent.cli import main; main(['list']); assert 'PySide6' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["show", "EU–Kazakhstan", "--text"]])
@pytest.mark.skipif(sys.platform == "win32", reason="closes standard output as a shell does")
def test_a_closed_or_broken_standard_output_is_no_crash(words: list[str], tmp_path: Path) -> None:
    library = ["--library", str(tmp_path / "library")]
    call = [sys.executable, "-c", "import sys; from margent.cli import main; sys.exit(main())", *library, *words]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *call], env=buffered, capture_output=True, text=True, check=False
    )
    assert (closed.returncode, closed.stderr) == (0, "")
    with subprocess.Popen(call, env=buffered, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are letters")
def test_a_name_that_is_no_text_is_shown_as_codes(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/bad\xff.txt"
    Path(os.fsdecode(name)).write_text(ARTICLE, "utf-8")
    library = ["--library", str(tmp_path / "library")]
    call = [sys.executable, "-c", "import sys; from margent.cli import main; sys.exit(main())", *library, "import"]
    done = subprocess.run([*map(os.fsencode, call), name, b"--json"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["file"].startswith("bad")


def test_what_a_terminal_obeys_is_shown_and_not_obeyed(
    run: Run, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    run("--library", library, "import", article)
    with closing(Library.open(library)) as opened:
        record = opened.find("corridor")
        text = opened.text(record.revision)
        opened.apply(edits.annotate(record, text, 0, 20, note="Bold \x1b[31m red.", author="A\u202eb"))
    words = ("--library", library, "annotations", record.id)
    plain = run(*words)[1]
    assert "\x1b" in plain
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = run(*words)[1]
    assert shown == plain.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
