"""Very long Markdown in stretches reads as it does whole."""

import pytest

from margent.formats import html, markdown, pace, stretches

SECTION = """## Same heading

Words with a [reference][one], the HTML and *emphasis*, and [another].

- An item

    its second paragraph
- Another

Term
: Meaning

> Quoted

```text
# no heading

Words in a fence
```

| a | b |
|---|---|
| 1 | 2 |

Setext
------

Last words.

"""
KNOWN = '\n[one]: https://example.org/1 "One"\n[another]: <https://example.org/2>\n*[HTML]: Hypertext\n'


@pytest.mark.parametrize("length", [1, 60, 200, 1000])
def test_a_text_reads_the_same_in_stretches(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# A text\n\n" + SECTION * 12 + KNOWN
    whole = markdown.read(source.encode(), "a.md")
    with monkeypatch.context() as patch:
        patch.setattr(stretches, "LARGE", 100)
        patch.setattr(stretches, "STRETCH", max(length, len(KNOWN)))
        assert sum(1 for _ in stretches.stretches(source)) > 2
        assert markdown.read(source.encode(), "a.md") == whole


@pytest.mark.parametrize("kept", ["[^1]: A note.\n", "<!-- gone -->\n", "<div markdown='1'>\n", "<pre>x</pre>"])
def test_what_could_hold_several_stretches_stays_whole(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "LARGE", 100)
    monkeypatch.setattr(stretches, "STRETCH", 100)
    source = "Words.\n\n" * 200
    assert len(list(stretches.stretches(source))) > 2
    assert list(stretches.stretches(source + kept)) == [source + kept]


def test_it_is_told_how_far_a_long_text_has_been_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "LARGE", 100)
    monkeypatch.setattr(stretches, "STRETCH", 100)
    said: list[float] = []
    monkeypatch.setattr(pace, "advance", lambda done, total: said.append(done / total))
    markdown.read(b"Words.\n\n" * 200, "a.md")
    assert len(said) > 2
    assert said == sorted(said)
    assert html.parse("<p>x</p>").blocks
