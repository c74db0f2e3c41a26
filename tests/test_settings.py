from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.errors import MargentError
from margent.settings import Settings, folders, load, save, within


def test_every_setting_says_what_it_means_and_its_default_is_in_range() -> None:
    for spec in fields(Settings):
        assert len(spec.metadata["meaning"]) > 10
    assert within(Settings()) == Settings()


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == Settings()


@given(
    author=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    size=st.integers(11, 40),
    leading=st.sampled_from([1.1, 1.55, 2.4]),
    sidebar=st.booleans(),
)
def test_what_is_saved_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, author: str, size: int, leading: float, sidebar: bool
) -> None:
    path = tmp_path_factory.mktemp("settings") / "deep" / "settings.toml"
    chosen = replace(Settings(), author=author, size=size, leading=leading, sidebar=sidebar)
    save(path, chosen)
    assert load(path) == chosen


def test_comments_and_unknown_keys_of_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\nfuture = 3\nauthor = "Ana"\n', "utf-8")
    save(path, replace(load(path), author="Bo"))
    assert path.read_text("utf-8") == '# mine\nfuture = 3\nauthor = "Bo"\n'


@pytest.mark.parametrize("line", ['size = "big"', "size = 900", 'appearance = "neon"', "sidebar = 1"])
def test_a_value_that_makes_no_sense_is_the_default(tmp_path: Path, line: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(line, "utf-8")
    assert load(path) == Settings()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("= = =", "utf-8")
    with pytest.raises(MargentError, match=r"settings\.toml"):
        load(path)


def test_settings_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(MargentError, match="could not be saved"):
        save(tmp_path / "file" / "settings.toml", replace(Settings(), size=20))


def test_the_library_folder_comes_from_option_then_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARGENT_LIBRARY", str(tmp_path / "env"))
    assert folders().library == tmp_path / "env"
    assert folders(tmp_path / "given").library == tmp_path / "given"
    monkeypatch.delenv("MARGENT_LIBRARY")
    assert folders().library.name == "margent"


@pytest.mark.parametrize("content", [b"this is = = not toml", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(MargentError, match=r"settings\.toml"):
        save(path, Settings(author="Ana"))
    assert path.read_bytes() == content
