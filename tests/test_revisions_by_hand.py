"""Texts revised by a known sequence of edits: where every character went is remembered, so the truth needs no diff.

The texts are of the kinds that a law, a policy and a standard are made of: numbered headings, formulas that repeat,
equal items. What an annotation may be told of its words follows from the edits alone.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest

from margent.anchoring import Match, Selector, describe, relocate

Paragraph: TypeAlias = list[tuple[str, int]]
"""Characters, each with its position in the old text; -1 for those that came."""

GERMAN = """§ 1 Anwendungsbereich
Dieses Gesetz gilt für Träger, die Leistungen nach Absatz 2 Satz 1 erbringen. Für Auszubildende gilt § 12.
§ 2 Zuständigkeit
(1) Die Bundesregierung wird ermächtigt, durch Rechtsverordnung mit Zustimmung des Bundesrates die Höhe zu bestimmen.
(2) Die Bundesregierung wird ermächtigt, durch Rechtsverordnung mit Zustimmung des Bundesrates die Dauer zu regeln.
(3) Die Behörde kann die Genehmigung widerrufen, wenn der Träger seine Pflichten nicht oder nicht rechtzeitig erfüllt.
§ 3 (weggefallen)
(weggefallen)
§ 4 (weggefallen)
(weggefallen)
§ 5 Höhe der Leistung
Der Zuschlag beträgt 9,1 vom Hundert des Entgelts, das bis zum 31. Dezember 2023 verdient worden ist.
Bruchteile von Tagen, die mindestens einen halben Tag ergeben, sind auf volle Tage aufzurunden.
§ 6 Ordnungswidrigkeiten
1. entgegen § 4 Absatz 2 eine Bescheinigung nicht, nicht richtig oder nicht vollständig ausstellt,
2. entgegen § 5 Absatz 1 einen Betrag nicht, nicht richtig oder nicht vollständig ausweist.
Die Ordnungswidrigkeit kann mit einer Geldbuße bis zu fünftausend Euro geahndet werden.
§ 7 Inkrafttreten
Dieses Gesetz tritt am ersten Tag des auf die Verkündung folgenden Monats in Kraft."""
RUSSIAN = """Статья 1
Каждый человек имеет право на свободу убеждений и на свободное выражение их без вмешательства.
Статья 2
Министр отклонил предложение о продлении мандата миссии на 12 месяцев. Движение остаётся ниже уровня 2023 года.
Статья 3
Никто не может быть принуждаем вступать в какую-либо ассоциацию. Каждый обязан уплачивать законные сборы.
Статья 4
Порядок ведения реестра определяется уполномоченным органом. Сведения предоставляются бесплатно в течение пяти дней."""
CHINESE = """第一条
人人有权享有主张和发表意见的自由，此项权利不受干涉。
第二条
部长拒绝了延长任务期限的提案。交通量仍低于去年的水平，各方应在每季度末提交报告。
第三条
任何人不得加以非法逮捕、拘禁或放逐。本法自二〇二三年一月一日起施行。"""
ENGLISH = """3.1 Requirements
The client MUST send the header with every request. The server SHALL NOT rely on the order of fields.
3.2 Errors
If the request is rejected, the server responds with a status of 404 and closes the connection after 1.5 seconds.
Implementations that do not support the option ignore it. Values above 65,535 are reserved for private use.
3.3 Security Considerations
There are no known security considerations beyond those of the base protocol, which are described in section 9.
Whoever asks for a permit pays a fee. The agency may refuse a permit, if the applicant has not paid an earlier fee."""
TEXTS = {"German": GERMAN, "Russian": RUSSIAN, "Chinese": CHINESE, "English": ENGLISH}


@dataclass
class Draft:
    """A text under revision."""

    old: str
    chance: random.Random
    paragraphs: list[Paragraph] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = 0
        for line in self.old.split("\n"):
            self.paragraphs.append([(letter, place + step) for step, letter in enumerate(line)])
            place += len(line) + 1

    def revise(self, edits: int) -> tuple[str, dict[int, int]]:
        """The new text, and where each character of the old one that is left stands in it."""
        kinds = (self.word, self.word, self.number, self.insert, self.drop, self.move, self.delete, self.add)
        for _ in range(edits):
            self.chance.choice(kinds)()
        letters: Paragraph = []
        for paragraph in self.paragraphs:
            letters += [("\n", -1), *paragraph] if letters else paragraph
        where = {source: place for place, (_, source) in enumerate(letters) if source >= 0}
        return "".join(letter for letter, _ in letters), where

    def word(self) -> None:
        self._replace(r"[^\W\d]{2,}", lambda old: old[::-1] + "q")

    def number(self) -> None:
        self._replace(r"\d+", lambda old: str(int(old) + 7))

    def insert(self) -> None:
        self._replace(r"(?<=\w) (?=\w)|，", lambda old: old + self.chance.choice(["nicht", "не", "不", "zqx"]) + " ")

    def drop(self) -> None:
        self._replace(r"\w{1,12} |\w{2}，", lambda _: "")

    def move(self) -> None:
        paragraph = self.paragraphs.pop(self.chance.randrange(len(self.paragraphs)))
        self.paragraphs.insert(self.chance.randrange(len(self.paragraphs) + 1), paragraph)

    def delete(self) -> None:
        if len(self.paragraphs) > 3:
            self.paragraphs.pop(self.chance.randrange(len(self.paragraphs)))

    def add(self) -> None:
        words = "".join(f"{self.chance.choice('bdfgk')}{self.chance.choice('aeiou')}x{n} " for n in range(9))
        self.paragraphs.insert(self.chance.randrange(len(self.paragraphs) + 1), [(letter, -1) for letter in words])

    def _replace(self, pattern: str, new: Callable[[str], str]) -> None:
        paragraph = self.chance.choice(self.paragraphs)
        found = list(re.finditer(pattern, "".join(letter for letter, _ in paragraph)))
        if found:
            match = self.chance.choice(found)
            paragraph[match.start() : match.end()] = [(letter, -1) for letter in new(match[0])]


def spans(text: str, chance: random.Random, count: int) -> list[tuple[int, int]]:
    """Lines, sentences, phrases and words of `text`."""
    patterns = [r"[^\n]+", r"[^\n.。]+[.。]", r"\w+[ ，]?\w+[ ，]?\w*", r"\w{4,}"]
    kinds = [[match.span() for match in re.finditer(pattern, text)] for pattern in patterns]
    return [chance.choice(chance.choice(kinds)) for _ in range(count)]


def complaint(old: str, new: str, where: dict[int, int], span: tuple[int, int], match: Match) -> str | None:
    """What an annotation is told wrongly of its words, None if nothing. Words that read alike elsewhere are spared."""
    letters = [place for place in range(*span) if old[place].isalnum()]
    there = [where[place] for place in letters if place in where]
    quote, found = old[slice(*span)], new[match.start : match.end]
    if match.state != "placed":
        if len(there) == len(letters) >= 30 and _together(new, there) and match.state == "orphaned":
            return "lost though whole"
        return None
    if quote != found:
        return "placed on other words"
    if len(there) == len(letters) and _together(new, there):
        return None if match.start <= there[0] < match.end or _twins(new, found) else "placed elsewhere"
    return None if _twins(old, found) else "placed though changed"


def _together(new: str, there: list[int]) -> bool:
    return there == [place for place in range(there[0], there[-1] + 1) if new[place].isalnum()]


def _twins(text: str, words: str) -> bool:
    return text.count(words) > 1


@pytest.mark.parametrize("context", [None, 128, 32], ids=["old text kept", "128 characters", "32 characters"])
@pytest.mark.parametrize("language", TEXTS)
def test_no_annotation_is_told_wrongly_where_its_words_are(language: str, context: int | None) -> None:
    old = TEXTS[language]
    wrong = []
    for seed in range(40):
        chance = random.Random(seed)
        new, where = Draft(old, chance).revise(chance.choice([1, 3, 6, 12]))
        asked = spans(old, chance, 20)
        matches = relocate(old if context is None else None, new, [_selector(old, span, context) for span in asked])
        for span, match in zip(asked, matches, strict=True):
            if told := complaint(old, new, where, span, match):
                wrong.append((seed, told, old[slice(*span)], new[match.start : match.end]))
    assert not wrong


def _selector(old: str, span: tuple[int, int], context: int | None) -> Selector:
    whole = describe(old, *span)
    if context is None:
        return whole
    return Selector(whole.exact, whole.prefix[-context:], whole.suffix[:context], *span)


# A Chinese heading of three letters that went elsewhere alone is to be checked.
@pytest.mark.parametrize(
    ("language", "least"), [("German", 0.95), ("Russian", 0.95), ("Chinese", 0.88), ("English", 0.95)]
)
def test_most_of_what_was_not_touched_is_placed(language: str, least: float) -> None:
    old = TEXTS[language]
    placed = whole = 0
    for seed in range(40):
        chance = random.Random(seed)
        new, where = Draft(old, chance).revise(4)
        asked = spans(old, chance, 20)
        for span, match in zip(asked, relocate(old, new, [describe(old, *span) for span in asked]), strict=True):
            letters = [place for place in range(*span) if old[place].isalnum()]
            if all(place in where for place in letters) and _together(new, [where[place] for place in letters]):
                whole += 1
                placed += match.state == "placed" and new[match.start : match.end] == old[slice(*span)]
    assert whole > 500
    assert placed >= least * whole
