"""Whatever somebody writes into an exported brief is in it after the next export, in its place, and only once."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from margent.brief.keeping import altered, bare, kept, sealed

FIRST = """<!-- margent:begin brief d0c -->

# Title

- [ ] **Question:** By how much?
- [x] **Action:** Ask who pays.

## Energy

> a quotation
>
> of two paragraphs

— Energy, ¶ 1

By how much?

<!-- margent:a01 -->

> another

— Energy, ¶ 1

<!-- margent:a02 -->"""


def export(body: str) -> str:
    return f"{sealed(body)}\n\n<!-- margent:end brief d0c -->\n"


SECOND = FIRST.replace("By how much?", "By how much, and when?").replace("> another", "> another one")
WITHOUT_FIRST = FIRST[: FIRST.index("> a quot")] + FIRST[FIRST.index("> another") :]


def test_a_file_that_nobody_touched_becomes_the_new_export() -> None:
    for old in (FIRST, SECOND, WITHOUT_FIRST):
        for new in (FIRST, SECOND, WITHOUT_FIRST):
            assert kept(export(old), export(new)) == export(new)


REMARKS = [
    ("# Title", "Seen by the desk."),
    ("- [x] **Action:** Ask who pays.", "- [ ] **Action:** Call Ana."),
    ("## Energy", "A line, and\n\n```\ncode\n\n\nof three stanzas\n```"),
    ("— Energy, ¶ 1", "*to check*"),
    ("By how much?\n", "12 %, says Ana."),
    ("<!-- margent:a01 -->", "> my own quotation\n>\n> of two paragraphs"),
    ("<!-- margent:a01 -->", "> a quotation\n>\n> of two paragraphs"),
    ("<!-- margent:a02 -->", "At the end."),
]


@pytest.mark.parametrize(("after", "remark"), REMARKS)
def test_a_remark_stays_where_it_was_put(after: str, remark: str) -> None:
    at = export(FIRST).index(after) + len(after.rstrip("\n"))
    old = f"{export(FIRST)[:at]}\n\n{remark}\n\n{export(FIRST)[at:].lstrip()}"
    for new in (FIRST, SECOND):
        result = kept(old, export(new))
        without = "".join(result.rsplit(f"\n\n{remark}", 1))
        assert without.replace("\n\n- [x] **A", "\n- [x] **A") == export(new)
        assert kept(result, export(new)) == result
    assert kept(old, export(FIRST)) == old


def test_a_remark_under_a_point_that_left_the_brief_stays_before_the_next() -> None:
    old = export(FIRST).replace("<!-- margent:a01 -->", "<!-- margent:a01 -->\n\nMine.")
    assert "## Energy\n\nMine.\n\n> another" in kept(old, export(WITHOUT_FIRST))


@pytest.mark.parametrize(
    ("ours", "theirs", "left"),
    [
        ("By how much?\n\n<", "By how much?\nMine, right below.\n\n<", "By how much?\n\nMine, right below.\n\n<"),
        ("By how much?\n\n<", "Mine, right above.\nBy how much?\n\n<", "Mine, right above.\n\nBy how much?\n\n<"),
        ("<!-- margent:a01 -->\n", "<!-- margent:a01 -->\nMine.\n", "<!-- margent:a01 -->\n\nMine.\n"),
    ],
)
def test_lines_beside_one_of_ours_are_parted_from_it(ours: str, theirs: str, left: str) -> None:
    assert kept(export(FIRST).replace(ours, theirs), export(FIRST)) == export(FIRST).replace(ours, left)


def test_what_was_altered_stands_beside_what_it_was() -> None:
    old = export(FIRST).replace("> another", "> quite another")
    assert "<!-- margent:a01 -->\n\n> quite another\n\n> another\n\n— Energy" in kept(old, export(FIRST))


def test_what_was_taken_out_comes_back() -> None:
    assert kept(export(FIRST).replace("## Energy\n\n", ""), export(FIRST)) == export(FIRST)


@pytest.mark.parametrize("box", ["- [ ] **Q", "> - [ ] **Q"])
def test_a_box_that_was_ticked_by_hand_stays_ticked(box: str) -> None:
    first = FIRST.replace("- [ ] **Q", box)
    ticked = export(first).replace(box, box.replace(" ]", "x]"))
    assert kept(ticked, export(first)) == export(first).replace(box, box.replace(" ]", "x]"))
    cleared = export(first).replace("- [x] **A", "- [ ] **A")
    assert kept(cleared, export(first)) == export(first).replace("- [x] **A", "- [ ] **A")


def test_a_box_that_the_library_ticked_is_ticked() -> None:
    done = FIRST.replace("- [ ] **Q", "- [x] **Q").replace("- [x] **A", "- [ ] **A")
    assert kept(export(FIRST), export(done)) == export(done)


def test_a_tick_for_a_question_that_was_reworded_is_not_lost() -> None:
    ticked = export(FIRST).replace("- [ ] **Q", "- [x] **Q")
    result = kept(ticked, export(SECOND))
    assert "- [x] **Question:** By how much?\n" in result
    assert "- [ ] **Question:** By how much, and when?\n" in result


def test_spaces_and_line_ends_are_nobodys_writing() -> None:
    wrapped = export(FIRST).replace("> a quotation", ">  a\n> quotation  ").replace("¶ 1", "¶ 1  ")
    assert kept(wrapped, export(FIRST)) == export(FIRST)


@pytest.mark.parametrize("damage", ["", "<!-- margent:wrote ! ! -->", "<!-- margent:wrote abc= = -->"])
def test_without_its_seal_all_that_is_not_said_anew_is_kept(damage: str) -> None:
    start = export(FIRST).index("<!-- margent:wrote")
    end = export(FIRST).index("-->", start) + 3
    old = f"{export(FIRST)[:start]}Mine.\n\n{damage}{export(FIRST)[end:]}"
    result = kept(old, export(SECOND))
    assert "Mine." in result
    assert "> another\n" in result
    assert "> another one\n" in result


def test_for_a_message_the_comments_go() -> None:
    assert bare(export("# Title\n\n> a\n\n<!-- margent:a01 -->\n<!-- margent:a02 -->\n\nb <!-- c -->")) == (
        "# Title\n\n> a\n\nb <!-- c -->\n"
    )


LINES = st.sampled_from(
    [
        "{}",
        "> {}",
        "> - [ ] {}",
        "- [ ] {}",
        "- [x] {}",
        "",
        "",
        "    {}",
        "- {}",
        "## {}",
        "<!-- margent:{} -->",
    ]
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.tuples(LINES, st.integers(0, 30)), max_size=16, unique_by=lambda pair: pair[1]))
    return "<!-- margent:begin brief d0c -->\n\n" + "\n".join(line.format(f"n{n}", "x") for line, n in lines).strip(
        "\n"
    )


@settings(max_examples=600, deadline=None)
@given(bodies(), bodies(), st.lists(st.tuples(st.integers(1, 40), LINES), max_size=4), st.booleans())
def test_no_line_of_anybodys_is_lost(old: str, new: str, written: list[tuple[int, str]], apart: bool) -> None:
    lines = sealed(old).split("\n")
    mine = [text.format(f"mine {n}") for n, (_, text) in enumerate(written) if text and "margent" not in text]
    for (at, _), text in zip(written, mine, strict=False):
        lines[at:at] = ["", text, ""] if apart else [text]
    result = kept("\n".join(lines), sealed(new))
    assert set(mine) <= set(result.split("\n"))
    assert not Counter(filter(str.strip, sealed(new).split("\n"))) - Counter(result.split("\n"))
    assert kept(result, sealed(new)) == result


@pytest.mark.parametrize(
    ("old", "new", "stretches"),
    [
        ("One.", "One.", []),
        ("One.", "One. More.", None),
        ("- [ ] Two", "- [x] Two", ["- [x] Two"]),
        ("One.\n", "One.\n\nA remark.\n", ["A remark."]),
        ("One.\n\n", "", None),
        ("margent:wrote", "margent:other", None),
        ("One.", "  One.  ", []),
    ],
    ids=["nothing", "changed", "ticked", "added", "taken out", "without its seal", "white space"],
)
def test_tells_what_was_altered(old: str, new: str, stretches: list[str] | None) -> None:
    text = sealed("<!-- margent:begin brief d0c -->\n\nOne.\n\n- [ ] Two\n\n<!-- margent:a -->").replace(old, new, 1)
    found = altered(text)
    assert (None if found is None else [text[start:end] for start, end in found]) == stretches
