"""Every text on screen can be translated, and counts say "1 reply" and "2 replies"."""

import ast
import importlib.util
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTranslator

from margent import edits, revising, vocabulary
from margent.assets import RESOURCES
from margent.exchange import attaching, incoming, outgoing
from margent.ui.undo import LABELS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "desktop/margent/ui").glob("*.py"))
ENGLISH = RESOURCES / "translations/margent_en.ts"

needs_tools = pytest.mark.skipif(shutil.which("pyside6-lupdate") is None, reason="lupdate is not installed")


@pytest.fixture(scope="module")
def translate() -> Any:
    spec = importlib.util.spec_from_file_location("translate", ROOT / "packaging/translate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def collected(folder: Path) -> dict[tuple[str, str], bool]:
    """Context and text of all that lupdate finds, with whether it is a plural."""
    target = folder / "all.ts"
    command = ["pyside6-lupdate", "-silent", "-locations", "none", *map(str, SOURCES), "-ts", str(target)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    return {
        (context.findtext("name") or "", message.findtext("source") or ""): message.get("numerus") == "yes"
        for context in ET.parse(target).iter("context")
        for message in context.iter("message")
    }


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bool]:
    return collected(tmp_path_factory.getbasetemp())


def calls() -> list[tuple[str, int, ast.Call, bool]]:
    """Every call of tr and translate: file, line, call, and whether it stands in an f-string."""
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        inside = {id(node) for f in ast.walk(tree) if isinstance(f, ast.JoinedStr) for node in ast.walk(f)}
        found += [
            (path.name, node.lineno, node, id(node) in inside)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"tr", "translate"}
        ]
    return found


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@needs_tools
def test_every_literal_given_to_tr_is_found_by_lupdate_under_the_context_it_has_at_run_time(
    texts: dict[tuple[str, str], bool],
) -> None:
    known = {text for _, text in texts}
    for name, line, call, in_fstring in calls():
        assert isinstance(call.func, ast.Attribute)
        where = f"{name}:{line}"
        if call.func.attr == "tr":
            assert isinstance(call.func.value, ast.Name), where
            assert call.func.value.id == "self", f"{where}: lupdate names the context after {call.func.value.id}"
            literal = call.args[0]
            if isinstance(literal, ast.Constant):
                assert not in_fstring, f"{where}: lupdate does not look into f-strings"
                assert literal.value in known, where
        elif len(call.args) >= 2 and is_text(call.args[0]):
            context, literal = call.args[:2]
            assert isinstance(context, ast.Constant)
            if isinstance(literal, ast.Constant):
                assert not in_fstring, where
                assert (context.value, literal.value) in texts, where
            else:
                assert any(context.value == there for there, _ in texts), f"{where}: nothing is marked for it"


@needs_tools
def test_contexts_are_classes_or_groups_and_not_variables(texts: dict[tuple[str, str], bool]) -> None:
    assert not [context for context, _ in texts if not re.fullmatch(r"_?[A-Z]\w+", context)]


@needs_tools
def test_what_counts_is_a_plural_and_the_english_file_is_in_step(texts: dict[tuple[str, str], bool]) -> None:
    assert not [key for key, plural in texts.items() if plural != bool(re.search("%L?n", key[1]))]
    stored = {
        (context.findtext("name"), message.findtext("source"))
        for context in ET.parse(ENGLISH).iter("context")
        for message in context.iter("message")
    }
    assert stored == {key for key, plural in texts.items() if plural}, "run packaging/translate.py"


@needs_tools
def test_counts_are_proper_english(texts: dict[tuple[str, str], bool]) -> None:
    translator = QTranslator()
    assert translator.load("margent_en", str(RESOURCES / "translations"))
    plurals = [key for key, plural in texts.items() if plural]
    assert len(plurals) > 15
    for context, text in plurals:
        for number in (0, 1, 2, 1000):
            said = translator.translate(context, text, None, number)
            assert said, (context, text)
            assert "(" not in said.replace("(hollow)", ""), said


@pytest.mark.parametrize(
    ("source", "one", "several"),
    [
        ("%n reply(ies)", "%n reply", "%n replies"),
        ("%n annotation(s)", "%n annotation", "%n annotations"),
        ("%1 of %n point(s) included", "%1 of %n point included", "%1 of %n points included"),
        ("%n chosen (hollow)", "%n chosen (hollow)", "%n chosen (hollow)"),
    ],
)
def test_endings_in_brackets(translate: Any, source: str, one: str, several: str) -> None:
    assert translate.english_forms(source) == (one, several)


def test_an_unknown_ending_is_reported(translate: Any) -> None:
    with pytest.raises(ValueError, match="ox"):
        translate.english_forms("%n ox(en)")


def test_every_change_is_named_for_translators() -> None:
    tree = ast.parse(Path(edits.__file__).read_text("utf-8"))
    given: set[str] = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"_one", "_each", "Change"}
        ):
            label = node.args[0]
            given |= {
                n.value
                for n in ast.walk(label)
                if isinstance(n, ast.Constant) and n.value not in {"underline", "dismissed"}
            }
    given.discard("note")
    elsewhere = {revising.LABEL, incoming.LABEL, attaching.LABEL, outgoing.SIGNING, vocabulary.LABEL}
    assert {label for label in given if isinstance(label, str)} | elsewhere == set(LABELS)
