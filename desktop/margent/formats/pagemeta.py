"""What a page says of itself: linked data first, which is written for programs, then its meta tags, then its words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml import etree

from margent.document import canonical
from margent.formats.bylines import authors_in, date_in
from margent.formats.pagetree import classes, elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_KINDS = re.compile(
    r"(?:\w*Article|BlogPosting|Report|Book|Chapter|WebPage|ScholarlyArticle|LiveBlogPosting|Legislation|\w*Document|"
    r"CreativeWork|Review|PublicationIssue|Thesis|Recipe|Product|VideoObject|NewsMediaOrganization)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\w*(?:Article|BlogPosting|Report|Legislation|Book|Thesis)", re.IGNORECASE)
_DATE = re.compile(r"\s*((?:1[5-9]|20|21)\d{2})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")
_YEAR = re.compile(r"\s*((?:1[5-9]|20|21)\d{2})(?:[-/.](\d{1,2}))?\s*")
_SAVED = re.compile(
    r"saved from url=\(\d+\)\s*(?P<a>\S+)|(?:^|\s)url:\s*(?P<b>https?://\S+)|Mirrored from (?P<c>\S+) by", re.IGNORECASE
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_BETWEEN = re.compile(r"\s+[|\-–—·•»:]+\s+|\s*[|»]\s*")
_LONGEST = {"title": 400, "summary": 1200, "author": 120}
_NAMES_APART = re.compile(r"\s*;\s*|\s*,\s*(?=\S+\s+\S)|\s+(?:and|und|et|и|және)\s+|\s*&\s*|\s*\|\s*")
_NOBODY = frozenset({"admin", "administrator", "editor", "null", "none", "undefined", "unknown", "staff", "author"})


@dataclass(frozen=True, slots=True)
class Said:
    """The statements of a page; "" and () where it says nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    source: str = ""
    summary: str = ""
    site: str = ""


class Statements:
    """All statements of a page, by where they stand; taken before the page is stripped."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._meta: dict[str, list[str]] = {}
        for meta in tree.iter("meta"):
            for attribute in ("name", "property", "itemprop", "http-equiv"):
                for name in (meta.get(attribute) or "").lower().split():
                    value = _line(meta.get("content"))
                    if value:
                        self._meta.setdefault(name, []).append(value)
        self._linked = _linked(tree)

    def said(self) -> Said:
        """The best of each kind of statement."""
        source = self._source()
        return Said(
            title=self._title(),
            authors=self._authors(),
            date=self._date(),
            language=self._language(),
            source=source,
            summary=self._summary(),
            site=self._first("og:site_name", "application-name"),
        )

    # -- each ---------------------------------------------------------------------------------------------------

    def _title(self) -> str:
        stated = [
            *(self._values("headline", "name") if self._linked else ()),
            *self._all("citation_title", "og:title", "dc.title", "dcterms.title", "twitter:title", "title"),
        ]
        whole = self._tree.find(".//title")
        page = _line(whole.text_content()) if whole is not None else ""
        headings = [_line(h.text_content()) for h in self._tree.iter("h1")]
        headings = [h for h in headings if 3 <= len(h) <= _LONGEST["title"]]
        site = self._first("og:site_name", "application-name")
        for title in (*stated, page):
            bare = without_site(title, site)
            heading = next(
                (h for wanted in (bare, *_BETWEEN.split(title), title) for h in headings if _agree(h, wanted)), ""
            )
            if heading or bare:
                return (heading or bare)[: _LONGEST["title"]]
        return headings[0] if len(headings) == 1 else ""

    def _authors(self) -> tuple[str, ...]:
        found: list[str] = []
        for entry in self._linked:
            found.extend(_people(entry.get("author", entry.get("creator"))))
            if found:
                break
        for name in ("citation_author", "dc.creator", "dcterms.creator", "author", "article:author", "parsely-author"):
            if not found:
                found = [part for value in self._meta.get(name, ()) for part in _apart(value)]
        if not found:
            found = list(self._byline())
        names = [name for name in map(_person, found) if name]
        return tuple(dict.fromkeys(names))[:20]

    def _byline(self) -> tuple[str, ...]:
        for element in elements(self._tree):
            properties = f"{element.get('rel', '')} {element.get('itemprop', '')}".split()
            if "author" in properties:
                text = _line(element.text_content())
                return authors_in(text) or tuple(_apart(text)) if 0 < len(text) <= _LONGEST["author"] else ()
            if classes(element) & {"byline", "author", "article-author", "post-author", "author-name", "by-author"}:
                text = _line(element.text_content())
                names = authors_in(text)
                if names:
                    return names
        return ()

    def _date(self) -> str:
        stated = [*self._values("datePublished", "dateCreated", "uploadDate", "dateModified")]
        stated += self._all(
            *("article:published_time", "og:published_time", "citation_publication_date", "citation_date"),
            *(
                "citation_online_date",
                "dc.date.issued",
                "dcterms.issued",
                "dcterms.created",
                "dc.date.created",
                "dc.date",
            ),
            *("dcterms.date", "datepublished", "date", "pubdate", "publishdate", "publish-date", "publish_date"),
            *(
                "parsely-pub-date",
                "sailthru.date",
                "article:published",
                "published",
                "creation_date",
                "dcterms.modified",
            ),
        )
        for element in elements(self._tree):
            if element.get("itemprop") in {"datePublished", "dateCreated"} or element.tag == "time":
                stated.append(element.get("datetime") or element.get("content") or _line(element.text_content()))
        return next((date for date in map(iso, stated) if date), "")

    def _language(self) -> str:
        html = self._tree if self._tree.tag == "html" else self._tree.getroottree().getroot()
        body = html.find("body")
        stated = (html.get("lang"), html.get("xml:lang"), *self._values("inLanguage"))
        stated += (*self._all("content-language", "dc.language", "dcterms.language", "og:locale", "language"),)
        stated += () if body is None else (body.get("lang"),)
        for value in stated:
            found = _LANGUAGE.fullmatch((value or "").strip())
            if found:
                return found[0].replace("_", "-")
        return ""

    def _source(self) -> str:
        for comment in (*self._tree.itersiblings(etree.Comment, preceding=True), *self._tree.iter(etree.Comment)):
            found = _SAVED.search(comment.text or "")
            if found:
                address = _address(found["a"] or found["b"] or f"http://{found['c'] or ''}")
                if address:
                    return address
        stated = [link.get("href") or "" for link in self._tree.iter("link") if "canonical" in (link.get("rel") or "")]
        stated += self._all(
            "og:url", "citation_public_url", "citation_abstract_html_url", "dc.identifier", "twitter:url"
        )
        stated += self._values("url", "mainEntityOfPage")
        base = next((base.get("href") or "" for base in self._tree.iter("base")), "")
        for address in (*stated, base):
            absolute = _address(address) or (_address(joined(base, address)) if _address(base) else "")
            if absolute:
                return absolute
        return ""

    def _summary(self) -> str:
        stated = self._all("og:description", "description", "dc.description", "dcterms.abstract", "citation_abstract")
        stated = [*self._values("description", "abstract"), *stated, *self._all("twitter:description")]
        return next((text[: _LONGEST["summary"]] for text in stated if len(text) > 20), "")

    # -- finding ------------------------------------------------------------------------------------------------

    def _all(self, *names: str) -> list[str]:
        return [value for name in names for value in self._meta.get(name, ())]

    def _first(self, *names: str) -> str:
        return next(iter(self._all(*names)), "")

    def _values(self, *names: str) -> list[str]:
        """Texts of linked data by the names of their properties, the articles' before other things'."""
        values: list[str] = []
        for name in names:
            for entry in self._linked:
                value = entry.get(name)
                for each in value if isinstance(value, list) else [value]:
                    text = each.get("@id", each.get("name")) if isinstance(each, dict) else each
                    if isinstance(text, str) and text.strip():
                        values.append(_line(text))
        return values


def iso(text: str) -> str:
    """The day in a date of any usual form, ISO 8601; a month or year alone stays one; "" for anything else."""
    found = _DATE.match(text)
    if found:
        year, month, day = found.groups()
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{month}-{day}"
    short = _YEAR.fullmatch(text)
    if short:
        return short[1] if not short[2] or not 1 <= int(short[2]) <= 12 else f"{short[1]}-{int(short[2]):02}"
    date = date_in(" ".join(text.split())[:120])
    return date if date >= "1000" else ""


def without_site(title: str, site: str) -> str:
    """`title` without the name of the site before or after it."""
    parts = _BETWEEN.split(title)
    if len(parts) < 2:
        return title
    if site:
        for part in (parts[-1], parts[0]):
            if _same(part, site):
                cut = title.removesuffix(part) if part is parts[-1] else title.removeprefix(part)
                return cut.strip(" |-–—·•»:")
    last = parts[-1]
    before = title[: len(title) - len(last)].rstrip(" |-–—·•»:")
    divider = title[len(before) : len(title) - len(last)].strip()
    if divider in {"|", "»", "·", "•", "-", "–", "—"} and len(last.split()) <= 5 and len(before.split()) >= 3:
        return before
    return title


def _same(first: str, second: str) -> bool:
    return re.sub(r"\W", "", first).casefold() == re.sub(r"\W", "", second).casefold()


def _agree(heading: str, title: str) -> bool:
    """Whether a heading is the title, or the title with more to it."""
    short, long = (re.sub(r"\W", "", text).casefold() for text in (heading, title))
    return bool(short) and (short == long or (len(short) > 15 and (short in long or long in short) and len(long) > 15))


def _linked(tree: HtmlElement) -> list[dict[str, object]]:
    """The things that linked data in the page describe, articles first."""
    things: list[dict[str, object]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>)\s*$", "", script.text)
            try:
                things.extend(_things(json.loads(text, strict=False)))
            except (ValueError, RecursionError):
                continue
    known = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str)}
    kept = [thing for thing in things if _kind(thing, _KINDS)]
    for thing in kept:
        author = thing.get("author")
        if isinstance(author, dict) and set(author) == {"@id"}:
            thing["author"] = known.get(author["@id"])
    return sorted(kept, key=lambda thing: not _kind(thing, _ARTICLE))


def _things(data: object) -> Iterator[dict[str, object]]:
    waiting, seen = [data], 0
    while waiting and seen < 2000:
        seen += 1
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            yield each
            waiting.extend(value for key in ("@graph", "mainEntity", "mainEntityOfPage") if (value := each.get(key)))


def _kind(thing: dict[str, object], pattern: re.Pattern[str]) -> bool:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(each, str) and pattern.fullmatch(each.rpartition("/")[2]) for each in kinds)


def _people(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = each.get("name") if isinstance(each, dict) else each
        for single in name if isinstance(name, list) else [name]:
            if isinstance(single, str):
                yield from _apart(_line(single))


def _apart(names: str) -> list[str]:
    by = authors_in(names)
    return list(by) if by else [name for name in _NAMES_APART.split(names) if name]


def _person(name: str) -> str:
    name = re.sub(r"^(?:by|von|par|por)\s+", "", name, flags=re.IGNORECASE).strip(" ,;|·-–—")
    if _address(name) or not 2 <= len(name) <= _LONGEST["author"] or name.casefold() in _NOBODY or "@" in name:
        return ""
    return canonical(name)


def _address(text: str) -> str:
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme.lower() in {"http", "https"} and parts.netloc and len(text) <= 2000 else ""


def joined(base: str, address: str) -> str:
    """`address` as it is meant in a page at `base`; as it stands when one of them is no address at all."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _line(text: object) -> str:
    """Text as one line, its entities read once more: many sites write them twice."""
    return canonical(" ".join(unescape(text).split())) if isinstance(text, str) else ""
