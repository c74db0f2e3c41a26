"""Which paragraphs of a PDF are headings, and how deep: by size and weight, by number, by the file's own contents."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from margent.formats.pdfmarkers import depth, is_caption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.formats.pdfdraft import Draft
    from margent.formats.pdfmeasure import Measure
    from margent.formats.pdfpage import Outline

_LARGER: Final = 1.12
"""Of the text's size: letters as large as this are a heading's."""
_LONGEST: Final = 240
"""Letters of a heading that is larger than the text; one that is only bold has less."""
_SENTENCE = re.compile(r"[a-zа-я0-9”\"')\]][.;,!]['\"”’)]?$")
_Style = tuple[float, bool, bool]


def find_headings(drafts: Sequence[Draft], measure: Measure, outline: Sequence[Outline]) -> Draft | None:
    """Make headings of those paragraphs that are, with levels from 1 to 6; the title among them, if there is one.

    The title is the largest of the first page and alone has level 1, unless there is none.
    """
    entries = _entries(outline)
    styles: dict[int, _Style] = {}
    for place, draft in enumerate(drafts):
        if draft.kind == "paragraph" and not draft.level and _is_heading(drafts, place, measure, entries):
            draft.kind = "heading"
            styles[place] = _style(draft, measure)
    _drop_unlisted(drafts, styles, measure, entries)
    title = _title(drafts, styles, measure)
    order = sorted({style for place, style in styles.items() if drafts[place] is not title}, key=_rank)
    levels = _levels(drafts, styles, order, entries, title)
    for place in styles:
        drafts[place].level = 1 if drafts[place] is title else levels[place]
    return title


def plain(text: str) -> str:
    """`text` without what a heading and its entry in the contents may differ in: numbers, signs, case, spaces."""
    return re.sub(r"[\W\d_]+", "", text).casefold()


def _entries(outline: Sequence[Outline]) -> dict[tuple[str, int], int]:
    """Levels of the entries by plain title and page, for the page they lead to and its neighbours."""
    return {
        (plain(entry.title), entry.page + shift): entry.level
        for shift in (1, -1, 0)
        for entry in reversed(outline)
        if plain(entry.title)
    }


def _is_heading(drafts: Sequence[Draft], place: int, measure: Measure, entries: dict[tuple[str, int], int]) -> bool:
    draft = drafts[place]
    text = draft.text
    letters = sum(map(str.isalpha, text))
    if letters < 2 or letters < 0.4 * len(text.replace(" ", "")) or len(text) > _LONGEST or len(draft.lines) > 5:
        return False
    first = draft.lines[0]
    if not depth(text) and any(len(line.cells) > 1 for line in draft.lines) and first.size < 1.5 * measure.size:
        # The heading row of a table.
        return False
    listed = (plain(text), first.page) in entries
    if first.size >= _LARGER * measure.size:
        return listed or not (_SENTENCE.search(text) and len(text) > 100)
    if listed and len(draft.lines) <= 3 and (first.face.bold or first.face.italic or depth(text) > 0 or text.isupper()):
        return True
    if is_caption(text) or len(text) > 160 or len(draft.lines) > 3 or first.size < 0.9 * measure.size:
        return False
    if _SENTENCE.search(text) and not (depth(text) and len(text) < 80):
        return False
    if all(line.face.bold for line in draft.lines) and measure.bold_tells:
        return not text.endswith(",")
    after = drafts[place + 1] if place + 1 < len(drafts) else None
    opens = after is not None and after.kind in {"paragraph", "item"} and len(after.text) > len(text)
    numbered = depth(text) > 0 and len(draft.lines) <= 2 and after is not None and after.kind == "paragraph"
    stands_out = len(text) < 90 and (_is_capital(text) or draft.lines[0].face.italic)
    return opens and ((listed and text[0].isalnum()) or (numbered and stands_out))


def _drop_unlisted(
    drafts: Sequence[Draft], styles: dict[int, _Style], measure: Measure, entries: dict[tuple[str, int], int]
) -> None:
    """Take back headings that are no larger than the text, of a look that the file's contents hardly ever list.

    A file whose contents list many of its headings has all that matter in them; the rest are terms and labels.
    """
    listed = {place for place in styles if (plain(drafts[place].text), drafts[place].lines[0].page) in entries}
    if len(listed) < 5:
        return
    for style in {style for style in styles.values() if style[0] < _LARGER * measure.size}:
        own = [place for place in styles if styles[place] == style]
        if sum(place in listed for place in own) < 0.3 * len(own):
            for place in own:
                if place not in listed:
                    drafts[place].kind = "paragraph"
                    del styles[place]


def _is_capital(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def _style(draft: Draft, measure: Measure) -> _Style:
    face = max(draft.lines, key=lambda line: len(line.text)).face
    size = round(face.size * 2) / 2
    return max(size, round(measure.size * 2) / 2 - 0.5), face.bold or _is_capital(draft.text), face.italic


def _rank(style: _Style) -> tuple[float, bool, bool]:
    size, heavy, italic = style
    return -size, not heavy, italic


def _title(drafts: Sequence[Draft], styles: dict[int, _Style], measure: Measure) -> Draft | None:
    """The largest heading of the first page that has any text, the first of equal ones."""
    if not drafts or not styles:
        return None
    page = drafts[0].lines[0].page
    own = [place for place in styles if drafts[place].lines[0].page == page and styles[place][0] > measure.size * 1.1]
    if not own:
        return None
    largest = max(styles[place][0] for place in own)
    rivals = [place for place in styles if styles[place][0] >= largest]
    place = min(own, key=lambda each: (-styles[each][0], each))
    # A first page that only begins the first of many equal chapters has no title.
    if len(rivals) > 2 and depth(drafts[place].text):
        return None
    return drafts[place]


def _levels(
    drafts: Sequence[Draft],
    styles: dict[int, _Style],
    order: list[_Style],
    entries: dict[tuple[str, int], int],
    title: Draft | None,
) -> dict[int, int]:
    """The level of each heading: what the contents say of its style, else the rank of its style, else its number."""
    top = 1 if title is None else 2
    said: dict[_Style, Counter[int]] = {}
    own: dict[int, int] = {}
    for place, style in styles.items():
        level = entries.get((plain(drafts[place].text), drafts[place].lines[0].page))
        if level is not None:
            said.setdefault(style, Counter())[level] += 1
            own[place] = level + top - 1
    ranks = {style: number + top for number, style in enumerate(order)}
    numbered: dict[int, Counter[int]] = {}
    for place, style in styles.items():
        deep = depth(drafts[place].text)
        if deep and style in ranks:
            numbered.setdefault(deep, Counter())[ranks[style]] += 1
    base = min((min(counter) - deep for deep, counter in numbered.items()), default=0)
    found: dict[int, int] = {}
    for place, style in styles.items():
        deep = depth(drafts[place].text)
        if place in own:
            level = own[place]
        elif style in said:
            level = said[style].most_common(1)[0][0] + top - 1
        elif deep and len(numbered) > 1:
            level = base + deep
        else:
            level = ranks.get(style, top)
        found[place] = max(top, min(6, level))
    return found
