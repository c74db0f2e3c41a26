"""What a Word document's styles and numberings say of its paragraphs and runs, whatever language they are named in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from margent.formats.docxlabels import is_plain, label
from margent.formats.docxparts import attribute, child, is_on, short, value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

Role = Literal["", "title", "heading", "quotation", "code", "contents"]


def _named(text: str) -> frozenset[str]:
    """Names of styles, parted by spaces; "_" stands for a space in a name."""
    return frozenset(name.replace("_", " ") for name in text.split())


_NAMES: dict[Role, frozenset[str]] = {
    "title": _named("title titel titre título titulo titolo название tytuł tytul tittel název titlu 表題 标题-文档"),
    "quotation": _named(
        "quote intense_quote block_text block_quote blockquote block_quotation quotation quotations "
        "zitat intensives_zitat blocktext citation citation_intense цитата цитата_2 "
        "выделенная_цитата cita cita_destacada cita_intensa texto_de_bloque citazione citazione_intensa "
        "testo_del_blocco citação citação_intensa citaat duidelijk_citaat bloktekst cytat cytat_intensywny "
        "citat starkt_citat sterkt_sitat sitat stærkt_citat lainaus erottuva_lainaus alıntı güçlü_alıntı "
        "citát výrazný_citát idézet kiemelt_idézet дәйексөз цитування 引用 引用文 明显引用"
    ),
    "code": _named("html_preformatted preformatted_text source_code code macro plain_code code_block"),
    "contents": _named(
        "toc_heading table_of_figures table_of_authorities contents_heading contents_1 contents_2 contents_3 "
        "inhaltsverzeichnisüberschrift en-tête_de_table_des_matières заголовок_оглавления"
    ),
}
_NO_ROLE = _named(
    "subtitle untertitel sous-titre подзаголовок subtítulo subtitulo sottotitolo ondertitel podtytuł undertitel "
    "alaotsikko altyazı author authors date abstract caption affiliation byline"
)
"""Styles that are often based on the title's, whose paragraphs are none."""
_HEADING = re.compile(
    r"(?:heading|überschrift|ueberschrift|titre|заголовок|título|titulo|encabezado|titolo|kop|nagłówek|rubrik|"
    r"overskrift|otsikko|başlık|nadpis|címsor|titlu|тақырып|επικεφαλίδα|标题|見出し)\s*([1-9])"
)
_CONTENTS = re.compile(r"(?:toc|verzeichnis|tm|оглавление|sommario|spis treści|inhopg|mazmun|мазмұны)\s*[1-9]")
_OF_PARAGRAPH = frozenset({"hidden", "language", "language_leftwards", "leftwards"})
"""What a paragraph's style says of its letters that is kept."""
_LONGEST_CHAIN = 20
"""Styles based on styles: Word itself stops at ten."""
_LEVELS = 9


class Look(NamedTuple):
    """How a run looks, as far as it is kept."""

    strong: bool = False
    emphasis: bool = False
    strike: bool = False
    underline: bool = False
    position: str = ""
    """"superscript", "subscript" or ""."""
    highlight: bool = False
    hidden: bool = False
    language: str = ""
    language_leftwards: str = ""
    """That of letters that run from right to left; Word keeps both for the same run."""
    leftwards: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str
    outline: int | None
    numbering: tuple[str, str]
    """Number and level as written; "" where not said."""
    run: dict[str, object]
    first_row: bool


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._defaults: dict[str, str] = {}
        self._looks: dict[str, dict[str, object]] = {}
        self._roles: dict[str, tuple[Role, int]] = {}
        self.language = attribute(child(root, "w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"), "w:val")
        for element in root if root is not None else ():
            if short(element.tag) == "w:style":
                self._add(element)
        normal = self._styles.get(self._defaults.get("paragraph", ""))
        self.language = str(normal.run.get("language", self.language)) if normal else self.language

    def _add(self, element: Element) -> None:
        name = attribute(element, "w:styleId")
        properties = child(element, "w:pPr")
        if attribute(element, "w:default") in {"1", "true"}:
            self._defaults.setdefault(attribute(element, "w:type"), name)
        self._styles.setdefault(
            name,
            _Style(
                name=_plain(value(element, "w:name")),
                parent=value(element, "w:basedOn"),
                outline=whole(value(properties, "w:outlineLvl")),
                numbering=(value(properties, "w:numPr", "w:numId"), value(properties, "w:numPr", "w:ilvl")),
                run=run_properties(child(element, "w:rPr")),
                first_row=any(
                    short(each.tag) == "w:tblStylePr" and attribute(each, "w:type") == "firstRow" and len(each)
                    for each in element
                ),
            ),
        )

    def chain(self, name: str) -> Iterator[tuple[str, _Style]]:
        """A style and those it is based on, nearest first."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield name, style
            name = style.parent

    def role(self, name: str) -> tuple[Role, int]:
        """What paragraphs of a style are, and the level (1–9) of a heading."""
        name = name or self._defaults.get("paragraph", "")
        if name not in self._roles:
            self._roles[name] = self._find_role(name)
        return self._roles[name]

    def _find_role(self, name: str) -> tuple[Role, int]:
        outlined = False
        chain = list(self.chain(name)) or [(name, _Style("", "", None, ("", ""), {}, first_row=False))]
        for key, style in chain:
            for known in (style.name, _plain(key)):
                if known in _NO_ROLE:
                    return "", 0
                role, level = role_of_name(known)
                if role and not (role == "heading" and outlined):
                    return role, level
            if style.outline is not None and not outlined:
                if style.outline < _LEVELS:
                    return "heading", style.outline + 1
                outlined = True
        return "", 0

    def numbering(self, name: str) -> tuple[str, str]:
        """The numbering and level that a paragraph style brings, as written; "" where it brings none."""
        number = level = ""
        for _, style in self.chain(name or self._defaults.get("paragraph", "")):
            number = number or style.numbering[0]
            level = level or style.numbering[1]
        return number, level

    def first_row(self, name: str) -> bool:
        """Whether a table style sets its first row apart."""
        return any(style.first_row for _, style in self.chain(name))

    def look(self, properties: Element | None, paragraph: str) -> Look:
        """How a run with these properties looks in a paragraph of a style.

        Of the paragraph's style only what is hidden, the language and its direction count: that its letters are bold
        says what kind of paragraph it is, which `role` tells.
        """
        whole_paragraph = self._inherited(paragraph) if paragraph else {}
        found: dict[str, object] = {key: said for key, said in whole_paragraph.items() if key in _OF_PARAGRAPH}
        if properties is not None and len(properties):
            style = value(properties, "w:rStyle")
            if style:
                # Links are underlined by their style; that they are links is said already.
                found |= {key: v for key, v in self._inherited(style).items() if key != "underline"}
            found |= run_properties(properties)
        return Look(**found)  # type: ignore[arg-type]

    def _inherited(self, name: str) -> dict[str, object]:
        known = self._looks.get(name)
        if known is None:
            known = {}
            for _, style in reversed(list(self.chain(name))):
                known |= style.run
            self._looks[name] = known
        return known


def run_properties(properties: Element | None) -> dict[str, object]:
    """What a `w:rPr` says, by the fields of Look; what it does not mention is left out."""
    found: dict[str, object] = {}
    for each in properties if properties is not None else ():
        match short(each.tag):
            case "w:b":
                found["strong"] = is_on(each)
            case "w:i":
                found["emphasis"] = is_on(each)
            case "w:strike" | "w:dstrike":
                found["strike"] = is_on(each)
            case "w:u":
                found["underline"] = is_on(each)
            case "w:vertAlign":
                position = attribute(each, "w:val")
                found["position"] = position if position in {"superscript", "subscript"} else ""
            case "w:highlight":
                found["highlight"] = is_on(each)
            case "w:vanish":
                found["hidden"] = is_on(each)
            case "w:lang":
                said = {"language": attribute(each, "w:val"), "language_leftwards": attribute(each, "w:bidi")}
                found |= {key: language for key, language in said.items() if language}
            case "w:rtl":
                found["leftwards"] = is_on(each)
            case "w:rFonts":
                found["font"] = attribute(each, "w:ascii") or attribute(each, "w:hAnsi")
    return found


def role_of_name(name: str) -> tuple[Role, int]:
    """What a style of this name (lower-case) stands for, and the level of a heading."""
    heading = _HEADING.fullmatch(name)
    if heading:
        return "heading", int(heading[1])
    if _CONTENTS.fullmatch(name):
        return "contents", 0
    for role, names in _NAMES.items():
        if name in names:
            return role, 0
    return "", 0


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbering."""

    form: str = "decimal"
    start: int = 1
    restarts: bool = True
    text: str | None = None
    """What is shown before an item, "%1.%2" for the numbers of the first two levels; None where nothing is said."""
    digits: bool = False
    """Whether all numbers of the label are shown in digits, whatever their own levels say."""
    close: bool = False
    """Whether nothing stands between the label and the words."""

    @property
    def blank(self) -> bool:
        """Whether nothing is shown before an item: a further paragraph of the one above."""
        return self.text is not None and not self.text.strip()


@dataclass(slots=True)
class _Number:
    abstract: str
    overrides: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """The numberings of a document, counting as Word does: lists that share a definition count on."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._numbers: dict[str, _Number] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        for element in root if root is not None else ():
            if short(element.tag) == "w:abstractNum":
                self._add_abstract(element)
            elif short(element.tag) == "w:num":
                self._add_number(element)

    def _add_abstract(self, element: Element) -> None:
        name = attribute(element, "w:abstractNumId")
        self._abstract[name] = dict(map(_level, (e for e in element if short(e.tag) == "w:lvl")))
        self._links[name] = value(element, "w:numStyleLink")
        for each in element:
            style = value(each, "w:pStyle") if short(each.tag) == "w:lvl" else ""
            if style:
                self._by_style[style] = (name, _index(attribute(each, "w:ilvl")))

    def _add_number(self, element: Element) -> None:
        number = _Number(value(element, "w:abstractNumId"))
        for each in element:
            if short(each.tag) == "w:lvlOverride":
                index = _index(attribute(each, "w:ilvl"))
                start = whole(value(each, "w:startOverride"))
                if start is not None:
                    number.overrides[index] = start
                own = child(each, "w:lvl")
                if own is not None:
                    number.levels[index] = _level(own)[1]
        self._numbers[attribute(element, "w:numId")] = number

    def find(self, number: str, level: str, style: str) -> tuple[str, int, Level] | None:
        """The numbering (id), depth (0–8) and level of a paragraph; None when it is no item of a list.

        `number` and `level` are the paragraph's own, or its style's, as written.
        """
        known = self._numbers.get(number)
        if known is None:
            return None
        by_style = self._by_style.get(style)
        index = by_style[1] if not level and by_style and by_style[0] == known.abstract else _index(level)
        found = self._level(known, index)
        if found is None or (found.form == "none" and not label(found.text or "", [""] * _LEVELS, ())):
            return None
        return number, index, found

    def is_listed(self, index: int, level: Level) -> bool:
        """Whether paragraphs of a level are items as of any list, told by a sign or a plain number."""
        return level.form == "bullet" or is_plain(level.text, level.form, index)

    def depth(self, number: str, index: int) -> int:
        """How deep an item stands among items: 1 for one whose outer levels are none, as below articles."""
        known = self._numbers[number]
        outer = (self._level(known, place) for place in range(index))
        return 1 + sum(each is None or self.is_listed(place, each) for place, each in enumerate(outer))

    def label(self, number: str, index: int, level: Level) -> str:
        """What Word shows before the item that was counted last at this depth, with the space behind it."""
        known = self._numbers[number]
        counts = self._counts.get(known.abstract, [None] * _LEVELS)
        levels = [self._level(known, place) or Level() for place in range(_LEVELS)]
        numbers = [each.start if count is None else count for count, each in zip(counts, levels, strict=True)]
        forms = ["decimal" if level.digits and each.form != "none" else each.form for each in levels]
        shown = label(f"%{index + 1}." if level.text is None else level.text, forms, numbers)
        return shown + " " * (bool(shown) and not level.close)

    def _level(self, known: _Number, index: int) -> Level | None:
        return known.levels.get(index) or self._levels(known.abstract).get(index)

    def count(self, number: str, index: int, level: Level) -> int:
        """The number of the next item at a depth of a numbering."""
        known = self._numbers[number]
        counts = self._counts.setdefault(known.abstract, [None] * _LEVELS)
        present = counts[index]
        following = level.start if present is None else present + 1
        if index in known.overrides and (number, index) not in self._begun:
            following = known.overrides[index]
        self._begun.add((number, index))
        counts[index] = following
        for deeper in range(index + 1, _LEVELS):
            inner = self._levels(known.abstract).get(deeper)
            if inner is None or inner.restarts:
                counts[deeper] = None
        return following

    def _levels(self, abstract: str) -> dict[int, Level]:
        """The levels of a definition, which may stand in another one that a style names."""
        for _ in range(_LONGEST_CHAIN):
            link = self._links.get(abstract)
            number = self._numbers.get(self._styles.numbering(link)[0]) if link else None
            if number is None:
                break
            abstract = number.abstract
        return self._abstract.get(abstract, {})


def _level(element: Element) -> tuple[int, Level]:
    start = whole(value(element, "w:start"))
    return _index(attribute(element, "w:ilvl")), Level(
        form=value(element, "w:numFmt") or "decimal",
        start=1 if start is None else start,
        restarts=value(element, "w:lvlRestart") != "0",
        text=None if child(element, "w:lvlText") is None else value(element, "w:lvlText"),
        digits=is_on(child(element, "w:isLgl")),
        close=value(element, "w:suff") == "nothing",
    )


def whole(text: str) -> int | None:
    """A number as written in an attribute, within what a page can show."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _index(text: str) -> int:
    return min(whole(text) or 0, _LEVELS - 1)


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
