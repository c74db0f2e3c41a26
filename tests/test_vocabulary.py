import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import THEME_COLOURS, Theme
from margent.errors import MargentError
from margent.vocabulary import LIMIT, Entry, Vocabulary, dump, merge, of_themes, parse, read, write

SHARED = """\
version = 1
title = "Central Asia desk"
language = "en"

[[theme]]
name = "Energy"
colour = "amber"
words = ["oil", "Gas", "energy security"]

[[theme]]
name = "Water"
words = ["Aral Sea"]
description = "Rivers and lakes"
"""


def theme(name: str, *words: str, colour: str = "plum", deleted: datetime | None = None) -> Theme:
    return Theme(id=name, name=name, words=words, colour=colour, deleted=deleted)  # type: ignore[arg-type]


def test_a_file_is_read_as_it_says() -> None:
    assert parse(SHARED, "desk.toml") == Vocabulary(
        "Central Asia desk",
        "en",
        (
            Entry("Energy", "amber", ("oil", "Gas", "energy security")),
            Entry("Water", None, ("Aral Sea",), "Rivers and lakes"),
        ),
    )


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20).map(
    lambda text: " ".join(text.split())
)
entries = st.builds(
    Entry,
    name=texts.filter(bool),
    colour=st.sampled_from([None, *THEME_COLOURS]),
    words=st.lists(texts.filter(bool), max_size=5, unique_by=str.casefold).map(tuple),
    description=texts,
)


@given(
    st.builds(Vocabulary, texts, texts, st.lists(entries, max_size=5, unique_by=lambda e: e.name.casefold()).map(tuple))
)
def test_what_is_written_is_read_back(vocabulary: Vocabulary) -> None:
    text = dump(vocabulary)
    tomllib.loads(text)
    back = parse(text, "x.toml")

    def plain(one: Vocabulary) -> list[object]:
        import unicodedata

        return [
            unicodedata.normalize("NFC", str(each))
            for entry in one.entries
            for each in (entry.name, entry.colour, list(entry.words), entry.description)
        ]

    assert plain(back) == plain(vocabulary)


@given(
    st.text(max_size=200)
    | st.sampled_from([SHARED, SHARED * 2]).flatmap(lambda t: st.integers(0, len(t)).map(lambda n: t[:n]))
)
def test_anything_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        parse(text, "x.toml")
    except MargentError as error:
        refused = str(error)
        assert refused.startswith("x.toml")
        assert refused.endswith(".")


@pytest.mark.parametrize(
    ("change", "line", "cause"),
    [
        (("version = 1", "version = 9"), 1, "newer Margent"),
        (("version = 1", 'version = "one"'), 1, "whole number"),
        (('title = "Central Asia desk"', "title = 3"), 2, "“title” must be a text"),
        (('name = "Water"', 'name = ""'), 11, "has no name"),
        (('name = "Water"\n', ""), 10, "has no name"),
        (('name = "Water"', "name = ["), 12, "not valid TOML"),
        (('name = "Water"', 'name = "Water'), 11, "not valid TOML"),
        (('colour = "amber"', 'colour = "mauve"'), 7, "no colour “mauve” for “Energy”"),
        (('["Aral Sea"]', '"Aral Sea"'), 12, "the words of “Water” must be texts"),
        (('["Aral Sea"]', '["Aral Sea", 3]'), 12, "the words of “Water” must be texts"),
        (('"oil"', f'"{"o" * 300}"'), 8, "longer than 200 characters"),
        (('["Aral Sea"]', str([f"w{n}" for n in range(600)]).replace("'", '"')), 12, "600 words"),
        (('[[theme]]\nname = "Energy"', '[theme]\nname = "Energy"'), 10, "not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(change: tuple[str, str], line: int, cause: str) -> None:
    text = SHARED.replace(*change)
    assert text != SHARED
    with pytest.raises(MargentError) as caught:
        parse(text, "desk.toml")
    assert str(caught.value).startswith(f"desk.toml, line {line}: ")
    assert cause in str(caught.value)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("theme = 3", "must each begin with a line"),
        ("[theme]\nname = 'x'", "must each begin with a line"),
        ("x = 1", "has no themes"),
        ("", "has no themes"),
        ("[[theme]]\nname='x'\n" * 1001, "1,001 themes"),
        ("x = " + "[" * 5000, "TOML|deeper"),
    ],
)
def test_what_is_no_vocabulary_is_refused(text: str, cause: str) -> None:
    with pytest.raises(MargentError, match=cause):
        parse(text, "desk.toml")


def test_themes_of_one_name_in_a_file_are_one() -> None:
    text = "[[theme]]\nname = 'A'\nwords = ['x']\n[[theme]]\nname = 'a'\ncolour = 'rose'\nwords = ['X', 'y']\n"
    assert parse(text, "x.toml").entries == (Entry("A", "rose", ("x", "y")),)


# -- merging -----------------------------------------------------------------------------------------------------------


def test_new_themes_come_and_known_ones_get_words_while_all_of_the_readers_stays() -> None:
    mine = [theme("energy", "gas", "wind"), theme("Rights", "law")]
    merged = merge(parse(SHARED, "x"), mine)
    assert merged.new == ("Water",)
    assert merged.words == (("energy", ("oil", "energy security")),)
    assert merged.colours == (("energy", "plum", "amber"),)
    assert merged.same == ()
    assert merged.change is not None
    after = {value.name: value for value in merged.change.after.values() if isinstance(value, Theme)}
    assert after["energy"].words == ("gas", "wind", "oil", "energy security")
    assert after["energy"].colour == "plum"
    assert after["Water"].words == ("Aral Sea",)
    assert "Rights" not in after
    assert merged.change.before["energy"] == mine[0]
    back = merged.change.inverse()
    assert back.after["energy"] == mine[0]


def test_taking_it_in_again_changes_nothing() -> None:
    vocabulary = parse(SHARED, "x")
    first = merge(vocabulary, [])
    assert first.change is not None
    themes = [value for value in first.change.after.values() if isinstance(value, Theme)]
    again = merge(vocabulary, themes)
    assert again.change is None
    assert again.same == ("Energy", "Water")
    assert merge(Vocabulary(), themes).change is None


def test_new_themes_without_a_colour_get_the_ones_used_least() -> None:
    vocabulary = Vocabulary(entries=tuple(Entry(f"T{n}") for n in range(len(THEME_COLOURS))))
    merged = merge(vocabulary, [])
    assert merged.change is not None
    colours = [value.colour for value in merged.change.after.values() if isinstance(value, Theme)]
    assert sorted(colours) == sorted(THEME_COLOURS)


def test_a_theme_in_the_bin_is_neither_exported_nor_extended() -> None:
    gone = theme("Energy", "oil", deleted=datetime.now(UTC))
    assert of_themes([gone, theme("B"), theme("a")]).entries == (Entry("a", "plum"), Entry("B", "plum"))
    assert merge(parse(SHARED, "x"), [gone]).new == ("Energy", "Water")


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    vocabulary = parse(SHARED, "x")
    write(path, vocabulary)
    write(path, vocabulary)
    assert read(path) == vocabulary
    assert [each.name for each in tmp_path.iterdir()] == ["desk.toml"]
    path.write_bytes(b"\xef\xbb\xbf" + SHARED.replace("\n", "\r\n").encode())
    assert read(path) == vocabulary


@pytest.mark.parametrize(
    ("content", "cause"),
    [(b"title = 'x'\ny = '\xff'", "line 2: this is not UTF-8"), (b"#" * (LIMIT + 1), "longer than 1 MB")],
)
def test_a_file_that_cannot_be_one_is_refused(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "desk.toml"
    path.write_bytes(content)
    with pytest.raises(MargentError, match=cause):
        read(path)


def test_a_missing_file_and_a_folder_that_is_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(MargentError, match="There is no file"):
        read(tmp_path / "none.toml")
    with pytest.raises(MargentError, match="cannot be read"):
        read(tmp_path)
    with pytest.raises(MargentError, match="cannot be written"):
        write(tmp_path / "no" / "desk.toml", Vocabulary())
