import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.formats.html import parse

TABLE = (
    "<table id=m-1><caption id=m-6>cap</caption><tr><td></td></tr><tr id=m-2><td>a<td id=m-3>b</tr>"
    "<tr><td>c</td><td><p>d <b id=m-4>e</b></p></td><td id=m-5></td></tr></table>"
)


def covered(html: str) -> dict[str, str]:
    content = parse(html, places="m-")
    text = "\n".join(block.text for block in content.blocks)
    return {name: text[start:end] for name, (start, end) in content.places.items()}


def before(html: str) -> dict[str, str]:
    content = parse(html, places="m-")
    text = "\n".join(block.text for block in content.blocks)
    return {name: text[:start] for name, (start, _) in content.places.items()}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <span id=m-1>two</span> three</p>", {"m-1": "two"}),
        ("<p>  one<b id=m-1> two </b>three</p>", {"m-1": " two "}),
        ("<p>one</p><div id=m-1><p>two</p><p>three</p></div><p>four</p>", {"m-1": "two\nthree"}),
        ("<h2 id=m-1>Head</h2><blockquote id=m-2>q</blockquote>", {"m-1": "Head", "m-2": "q"}),
        ("<ul><li id=m-1>a<ul><li id=m-2>b</ul></ul>", {"m-1": "a\nb", "m-2": "b"}),
        ("<pre>\nab <i id=m-1>cd</i>\n</pre>", {"m-1": "cd"}),
        (
            TABLE,
            {"m-1": "a\tb\nc\td e", "m-2": "a\tb", "m-3": "b", "m-4": "e", "m-5": "", "m-6": "cap"},
        ),
        ("<p>e\u0301 x<i id=m-1>o\u0308y</i>z</p>", {"m-1": "öy"}),
        ("<p>a<br> <br><i id=m-1>b</i></p>", {"m-1": "b"}),
        ("<p id=m-1>a</p><p id=m-1>b</p><p id=x>c</p>", {"m-1": "a"}),
        ("<p>a <span id=m-1><img src=x alt='A map'></span></p><p id=m-2><img src=x alt=Map></p>",
         {"m-1": "A map", "m-2": "Map"}),
        ("<div id=m-1></div>", {"m-1": ""}),
    ],
)  # fmt: skip
def test_marked_elements_are_found_in_the_text(html: str, expected: dict[str, str]) -> None:
    assert covered(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <a id=m-1></a>two</p>", "one "),
        ("<p>one<a id=m-1></a></p><p>two</p>", "one"),
        ("<p>one</p><a id=m-1></a><p>two</p>", "one\n"),
        ("<p>one<br><a id=m-1></a>two</p>", "one\n"),
        ("<p>one <a id=m-1></a><br>two</p>", "one"),
        ("<p>one</p><p><a id=m-1></a></p>", "one"),
        ("<table><tr><td>a</td><td>b<a id=m-1></a></td></tr></table>", "a\tb"),
        ("<table><tr><td colspan=2>a</td><td>b<a id=m-1></a></td></tr><tr><td></tr></table>", "a\t\tb"),
        ("<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td><a id=m-1></a>c</td></tr></table>", "a\tb\n\t"),
        ("<p>one <img id=m-1 src=x alt=y> two</p>", "one "),
        ("<pre>a<a id=m-1></a>b</pre>", "a"),
        ("<p>e\u0301 <a id=m-1></a>\u0301x</p>", "é "),
    ],
)
def test_an_empty_element_lies_between_two_letters(html: str, expected: str) -> None:
    assert before(html) == {"m-1": expected}
    if "img" not in html:
        assert covered(html) == {"m-1": ""}


def test_only_elements_that_were_asked_for_are_marked() -> None:
    html = "<p id=m-1>one</p><p id=other>two</p>"
    assert parse(html).places == {}
    assert set(parse(html, places="o").places) == {"other"}


PIECES = [
    *("a", "bb ", "  c", "\n", "e\u0301", "\u0301", "🎉", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<pre>", "</pre>"),
    *("<table>", "<tr>", "<td>", "</table>", "<b>", "</b>", "<br>", "<h2>", "</h2>", "<img src=x alt=pic>"),
    *("<blockquote>", "</blockquote>", "<a id=m-1>", "<p id=m-2>", "<td id=m-3>", "<i id=m-4></i>", "<img id=m-5>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_places_stand_within_the_text_and_change_nothing_else(html: str) -> None:
    plain, marked = parse(html), parse(html, places="m-")
    assert marked.blocks == plain.blocks
    length = len("\n".join(block.text for block in plain.blocks))
    for start, end in marked.places.values():
        assert 0 <= start <= end <= length


def test_ten_thousand_places_in_one_paragraph_are_found_quickly() -> None:
    html = "<p>e\u0301 " + "".join(f"<a id=m-{number}></a>w " for number in range(10_000)) + "</p>"
    places = parse(html, places="m-").places
    assert [places[f"m-{number}"] for number in (0, 1, 9999)] == [(2, 2), (4, 4), (20_000, 20_000)]
