"""Templates are found, told apart, and reported with their line; none runs on, fills the memory or rolls dice."""

from pathlib import Path

import pytest

from margent.brief.templates import OWN, fill, templates
from margent.errors import MargentError

VALUES = {"title": "Ten per cent", "points": [{"quote": "> one", "themes": ["Oil", "Gas"]}, {"quote": "> two"}]}


def put(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.md.j2"
    path.write_text(text, "utf-8")
    return path


def test_our_own_come_first_and_say_their_titles(tmp_path: Path) -> None:
    assert [info.name for info in templates()] == ["meeting", "theme", "order", "whole"]
    assert all(info.title and info.title != info.name for info in templates())
    assert [info.name for info in templates(tmp_path / "missing")] == ["meeting", "theme", "order", "whole"]


def test_the_readers_own_add_to_ours_or_replace_them(tmp_path: Path) -> None:
    mine = put(tmp_path, "{# My memo.\n   More words. #}\n", "memo")
    other = put(tmp_path, "no title", "a b")
    ours = put(tmp_path, "{#- Shorter -#}\nShort", "meeting")
    (tmp_path / "folder.md.j2").mkdir()
    found = {info.name: info for info in templates(tmp_path)}
    assert list(found) == ["meeting", "theme", "order", "whole", "a b", "memo"]
    assert [found[name].path for name in ("memo", "a b", "meeting")] == [mine, other, ours]
    assert [found[name].title for name in ("memo", "a b", "meeting")] == ["My memo", "a b", "Shorter"]
    assert fill("meeting", {}, tmp_path) == "Short"


def test_a_template_writes_what_it_is_given(tmp_path: Path) -> None:
    text = (
        "{% macro bold(words) %}**{{ words }}**{% endmacro %}\n"
        "{% for point in points if point.themes is defined %}\n"
        '{{ loop.index }} {{ bold(point.quote) }} {{ point.themes | join(", ") | replace("Gas", "gas") }}\n'
        "{% endfor %}\n"
        "{% set count = namespace(all=0) %}\n"
        "{% for point in points %}{% set count.all = count.all + 1 %}{% endfor %}\n"
        '{{ title ~ ": " ~ count.all }}{% if not title %}?{% endif %}'
    )
    put(tmp_path, text)
    assert fill("mine", VALUES, tmp_path) == "1 **> one** Oil, gas\nTen per cent: 2"


def test_parts_come_from_the_readers_folder_before_ours(tmp_path: Path) -> None:
    put(tmp_path, '{% include "part.md.j2" %}')
    put(tmp_path, "of {{ title }}", "part")
    assert fill("mine", VALUES, tmp_path) == "of Ten per cent"


BROKEN = {
    "one\n{% for %}": "line 2",
    "one\n\n{{ missing }}": "line 3: 'missing' is undefined",
    "{{ title.missing }}": "line 1",
    "\n{{ 1 / 0 }}": "line 2: division by zero",
    "\n{{ title + 1 }}": "line 2",
    "\n{{ title | shout }}": "line 2: No filter named 'shout'",
    '\n{% include "other.j2" %}': "line 2: there is no “other.j2”",
    '\n{% include "../mine.md.j2" %}': "line 2: there is no “../mine.md.j2”",
    '{% include "mine.md.j2" %}': "goes round in a circle",
    "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}": "goes round in a circle",
    "{{ title.__class__ }}": "line 1",
    "{{ title.upper() }}": "line 1",
    "{{ points.append(1) }}": "line 1",
    "\n{{ points }}": "line 2: a list cannot be written",
    "{{ range }}": "line 1",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_one_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(MargentError) as failure:
        fill("mine", VALUES, tmp_path)
    assert str(path) in str(failure.value)
    assert BROKEN[text] in str(failure.value)
    assert str(failure.value).endswith(".")
    assert not str(failure.value).endswith("..")


def test_the_line_of_a_part_is_named_with_its_file(tmp_path: Path) -> None:
    put(tmp_path, '\n{% include "part.md.j2" %}')
    part = put(tmp_path, "\n\n{{ missing }}", "part")
    with pytest.raises(MargentError, match=rf"line 3 of {part}"):
        fill("mine", VALUES, tmp_path)


ENDLESS = {
    "a loop in a loop": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a loop that skips": "{% for a in range(9999) %}{% for b in range(99999) if b < 0 %}{% endfor %}{% endfor %}",
    "a loop that writes": f"{{% for a in range(99999) %}}{'x' * 5000}{{% endfor %}}",
    "calls that branch": "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "a text that doubles": "{% set x = 'words' %}" + "{% set x = x ~ x %}" * 60,
    "a text that is added": "{% set x = 'words' %}" + "{% set x = x + x %}" * 60,
    "a list that doubles": "{% set x = [1] %}" + "{% set x = x + x %}" * 60,
    "a part that doubles": "{% set x = 'words' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
    "words between words": "{% set x = 'words' %}" + "{% set x = [x, x] | join(x) %}" * 60,
    "words for letters": "{% set x = 'wwww' %}" + "{% set x = x | replace('w', x) %}" * 60,
    "a word many times": "{{ 'x' * 10000000000 }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a number that grows": "{% set x = 9 %}" + "{% set x = x * x %}" * 60,
    "a wide field": "{{ '%9999999999d' % 1 }}",
    "a macro that writes": f"{{% macro f() %}}{'x' * 9000}{{% endmacro %}}"
    "{% for a in range(99999) %}{% set y = f() %}{% endfor %}",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.timeout(20)
def test_no_template_runs_on_or_fills_the_memory(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(MargentError, match="line 1") as failure:
        fill("mine", VALUES, tmp_path)
    assert str(path) in str(failure.value)


@pytest.mark.parametrize("text", ["{{ [1, 2, 3] | random }}", "{{ lipsum() }}", "{{ namespace() }}"])
def test_nothing_differs_from_one_time_to_the_next(tmp_path: Path, text: str) -> None:
    put(tmp_path, text)
    with pytest.raises(MargentError):
        fill("mine", VALUES, tmp_path)


def test_a_file_that_is_no_template_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "x" * 200_000, "long")
    (tmp_path / "latin.md.j2").write_bytes(b"caf\xe9")
    for name, says in (("long", "bytes"), ("latin", "UTF-8"), ("none", "There is no template “none”")):
        with pytest.raises(MargentError, match=says):
            fill(name, VALUES, tmp_path)


def test_ours_stand_in_the_resources() -> None:
    assert {info.path.parent for info in templates()} == {OWN}
    assert all(info.path.is_file() for info in templates())
