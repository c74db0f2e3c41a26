"""--json gives the keys that the README promises, for every command."""

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from margent.cli import COMMANDS, main

README = Path(__file__).resolve().parents[1] / "README.md"

Run = Callable[..., Any]

DOC = "EU–Kazakhstan"
GUIDE = "Reading and briefing"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> Any:
        main([*map(str, words), "--json"])
        return json.loads(capsys.readouterr().out)

    return call


def promised() -> dict[str, str]:
    """The table of JSON values in the README, by command."""
    section = README.read_text("utf-8").split("### JSON")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    assert rows
    return dict(rows)


def keys(text: str) -> set[str]:
    """Names in the code spans of a text, without what stands in brackets behind them."""
    found = ", ".join(re.findall(r"`([^`]+)`", text))
    return {re.sub(r"\[\]$|\s*\(.*", "", name.strip()) for name in found.split(",") if name.strip()}


DOCUMENT = keys(promised()["list"])
ANNOTATION = keys(promised()["annotate"])


def test_the_readme_tells_of_every_command() -> None:
    assert set(promised()) == set(COMMANDS)


def test_list(run: Run) -> None:
    assert all(set(row) == DOCUMENT for row in run("list"))
    assert {"id", "title", "progress"} <= DOCUMENT


def test_import(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "a.txt"
    good.write_text("A title\n\nSome words.\n", "utf-8")
    came, failed = run("import", good, tmp_path / "gone.txt")
    first, second = promised()["import"].split("; ")[0].split(", or ")
    assert set(came) == keys(first) | DOCUMENT
    assert came["revision_of"] is None
    assert set(failed) == keys(second)


def test_show(run: Run) -> None:
    first, second = promised()["show"].split("; with `--text`:")
    assert set(run("show", DOC)) == keys(first) | DOCUMENT
    assert set(run("show", DOC, "--text")) == keys(second)


def test_annotate_and_annotations(run: Run) -> None:
    made = run("annotate", DOC, "--quote", "Oil, gas and minerals", "--theme", "Energy")
    assert set(made) == ANNOTATION
    (row,) = run("annotations", DOC)
    assert set(row) == ANNOTATION | keys(promised()["annotations"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row["created"])


def test_themes(run: Run) -> None:
    bare, rest = promised()["themes"].split("; with a document also ")
    spans = rest.split("passages[]`: ")[1].split(", where")[0]
    assert all(set(row) == keys(bare) for row in run("themes"))
    rows = run("themes", DOC)
    assert rows
    for row in rows:
        assert set(row) == keys(bare) | {"annotations", "passages"}
        for span in row["passages"]:
            assert set(span) == keys(spans)
            assert span["origin"] in keys(rest.split("where origin is")[1])


def test_suggested_themes(run: Run) -> None:
    before = run("themes")
    rows = run("themes", DOC, "--suggest")
    assert rows
    for row in rows:
        assert set(row) == {"name", "words", "score", "passages"}
        assert all(set(span) == {"start", "end", "text"} for span in row["passages"])
    assert run("themes") == before


def test_suggestions_need_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["themes", "--suggest"]) == 2
    assert "margent themes DOC --suggest" in capsys.readouterr().err


def test_a_vocabulary_goes_out_and_comes_in(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "desk.toml"
    assert run("themes", "--export", path) == {"themes": len(run("themes")), "file": str(path)}
    assert run("themes", "--export", "-")["toml"] == path.read_text("utf-8")
    assert run("themes", "--import", path)["new"] == []
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '\n[[theme]]\nname = "Water"\nwords = ["Aral Sea"]\n\n[[theme]]\nname = "outlook"\nwords = ["hope"]\n'
        )
    came = run("themes", "--import", path)
    assert (came["new"], came["words"], came["colours"]) == (["Water"], {"Outlook": ["hope"]}, [])
    themes = {row["name"]: row for row in run("themes")}
    assert themes["Water"]["words"] == ["Aral Sea"]
    assert themes["Outlook"]["words"][-1] == "hope"
    assert run("themes", "--import", path)["words"] == {}
    path.write_text("[[theme]]\n", "utf-8")
    assert main(["themes", "--import", str(path)]) == 2
    assert "desk.toml, line 1: this theme has no name." in capsys.readouterr().err


def test_export(run: Run, tmp_path: Path) -> None:
    assert set(run("export", DOC)) == {"id", "markdown"}
    assert set(run("export", DOC, "-o", tmp_path / "brief.md")) == {"id", "file"}
    assert keys(promised()["export"]) == {"id", "markdown", "file"}


def test_export_of_several_documents(run: Run) -> None:
    first = run("annotate", DOC, "--quote", "Oil, gas and minerals", "--theme", "Outlook")
    other = run("annotate", GUIDE, "--quote", run("show", GUIDE, "--text")["text"].split("\n")[1][:30])
    both = run("export", DOC, GUIDE, DOC, "--template", "order")
    assert both["id"] == run("export", GUIDE, DOC)["id"] not in {first["document"], other["document"]}
    for key in (first["id"], other["id"]):
        assert both["markdown"].count(f"<!-- margent:{key} -->") == 1
    assert "2 points in 2 documents" in both["markdown"]


def test_export_of_a_theme(run: Run) -> None:
    inside = run("annotate", DOC, "--quote", "Oil, gas and minerals", "--theme", "Water")
    outside = run("annotate", DOC, "--quote", "The European Union")
    (theme,) = (row["id"] for row in run("themes") if row["name"] == "Water")
    brief = run("export", "--theme", "water")
    assert brief["id"] == theme
    assert f"<!-- margent:{inside['id']} -->" in brief["markdown"]
    assert outside["id"] not in brief["markdown"]
    assert "# Water\n" in brief["markdown"]
    assert run("export", DOC, "--theme", "Water") == brief


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export",), "margent export --theme NAME"),
        (("export", "--theme", "Fire"), "There is no theme “Fire”"),
        (("export", DOC, GUIDE, "--template", "whole"), "several documents cannot hold a whole one"),
    ],
)
def test_an_export_that_cannot_be_says_why(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    run("annotate", DOC, "--quote", "Oil, gas and minerals")
    run("annotate", GUIDE, "--quote", run("show", GUIDE, "--text")["text"].split("\n")[1][:30])
    assert main(list(words)) == 2
    assert said in capsys.readouterr().err


def test_backup_and_check(run: Run, tmp_path: Path) -> None:
    assert set(run("backup", tmp_path / "copy.db")) == keys(promised()["backup"])
    sound = run("check")
    assert set(sound) == {name for name in keys(promised()["check"]) if name not in {"true", "false"}}
    assert (sound["sound"], sound["problems"]) == (True, [])


def test_every_option_in_the_readme_is_one_the_command_takes() -> None:
    from margent.cli import _commands

    usage = README.read_text("utf-8").split("```text")[1].split("```")[0]
    parser = _commands()
    (subs,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    blocks = re.split(r"\n(?=margent )", usage)
    seen = set()
    for block in blocks:
        match = re.match(r"\s*margent (\w+)", block)
        if match is not None and match[1] in subs.choices:
            known = {option for action in subs.choices[match[1]]._actions for option in action.option_strings}
            assert set(re.findall(r"(?<!\w)--?[a-z][a-z-]*", block)) <= known, match[1]
            seen.add(match[1])
    assert seen == set(COMMANDS)


def test_search(run: Run) -> None:
    found = run("search", "energy", "--limit", "1")
    assert set(found) == keys(promised()["search"]) - {"id", "title", "total", "counted", "hits"}
    (group,) = found["groups"]
    assert set(group) == {"id", "title", "total", "counted", "hits"}
    assert group["total"] > len(group["hits"]) == 5
    (every,) = run("search", "energy", "--limit", "1", "--hits", "500")["groups"]
    assert every["counted"]
    assert len(every["hits"]) == every["total"] >= group["total"]
    (one,) = run("search", "energy", "--limit", "1", "--hits", "1")["groups"]
    assert len(one["hits"]) == 1
    assert group["title"].startswith(DOC)
    assert set(group["hits"][0]) == {"where", "start", "end", "annotation", "text", "marks"}
    assert run("search", "kind:wish")["problem"].startswith("There is no kind")


def test_search_for_people_groups_by_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "minerals -nothing"]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert DOC in first
    assert "minerals" in second
    assert main(["search", "qqqqq"]) == 1


def test_check_makes_the_index_anew(run: Run) -> None:
    assert run("check", "--rebuild") == {"sound": True, "problems": []}
