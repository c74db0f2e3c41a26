"""TOML is read as tomllib reads it, and plain TOML without tomllib."""

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent import toml
from margent.assets import RESOURCES

WORDS = st.text(st.characters(codec="utf-8"), max_size=6)
KEYS = st.text("abAZ09_-. \"'é", max_size=4)
NUMBERS = st.from_regex(r"[+-]?[0-9_]{0,18}(\.[0-9]{0,4})?(e[0-9])?", fullmatch=True)
VALUES = st.one_of(
    st.sampled_from(
        ["true", "false", "True", "[]", "{}", "inf", "nan", '""', "''", '"""', '"a" # b', '"a" "b"', '"\\n"']
    ),
    NUMBERS,
    WORDS.map(lambda word: f'"{word}"'),
    WORDS,
    st.dates().map(str),
)
LINES = st.one_of(
    st.tuples(KEYS, st.sampled_from(["=", " = ", "  =", ""]), VALUES).map("".join),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]"),
    WORDS.map(lambda word: f"# {word}"),
    st.sampled_from(["", " ", "\t", "  a = 1 ", "a = 1\r", "[a] # b", "a = 1 # b"]),
)


def read(loads: Any, text: str) -> Any:
    try:
        return loads(text)
    except tomllib.TOMLDecodeError:
        return "no TOML"


def typed(found: Any) -> Any:
    """Also tells 1 from 1.0 and from true."""
    return {key: typed(value) for key, value in found.items()} if isinstance(found, dict) else repr(found)


@given(st.lists(LINES, max_size=5).map("\n".join))
def test_every_text_is_read_as_tomllib_reads_it(text: str) -> None:
    assert typed(read(toml.loads, text)) == typed(read(tomllib.loads, text))


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), NUMBERS), unique_by=lambda pair: pair[0], max_size=4))
def test_numbers_are_those_of_tomllib(pairs: list[tuple[str, str]]) -> None:
    for key, number in pairs:
        text = f"{key} = {number}"
        assert typed(read(toml.loads, text)) == typed(read(tomllib.loads, text))


@pytest.mark.parametrize("path", sorted((RESOURCES / "appearances").glob("*.toml")), ids=lambda path: path.stem)
def test_the_appearances_are_plain_and_mean_what_tomllib_says(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text("utf-8")
    monkeypatch.setitem(sys.modules, "tomllib", None)
    found = toml.loads(text)
    monkeypatch.undo()
    assert typed(found) == typed(tomllib.loads(text))
    assert found["colours"]


def test_what_is_not_plain_needs_tomllib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomllib", None)
    assert toml.loads('a = "b"\n[c]\nd = 1.5') == {"a": "b", "c": {"d": 1.5}}
    with pytest.raises(ImportError):
        toml.loads("a = 'b'")
