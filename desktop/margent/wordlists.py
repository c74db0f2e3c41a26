"""Words that carry no topic, by language, and what makes others fit to name one.

Most lists come from stopwords-iso; those for Kazakh, Kyrgyz, Uzbek and Tajik, which it does not have, are in
`resources/stopwords`. Loading them takes some milliseconds, so that nothing is loaded before it is asked for.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from margent.assets import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOPICS: Final[Mapping[str, frozenset[str]]] = {
    "en": _words(
        "group groups member members order problem problems state states system information research interest "
        "interests value general world computer home page area young research goods invention place number room"
    ),
    "ru": _words("вода война город деньги дорога женщина земля мир народ россия русский ребенок работа"),
    "de": _words("ordnung mensch menschen mittel teil recht"),
}
"""What stopwords-iso counts as stop words and yet stands in names of topics ("Member States", "rule of law")."""
_MORE: Final[Mapping[str, frozenset[str]]] = {
    "en": _words(
        "need use used using new way ways year time times example including include includes however based may "
        "also one two three number section figure table see page chapter day month set lot kind sort per via etc "
        "eg ie much many well within across become become make made take taken give given come came look looking "
        "reader read wish wishes side sides whose toward others today certain want wants must able let lets yes "
        "no good better best bad big high low long short different various several next last previous current "
        "whole basis daily"
    ),
    "ru": _words(
        "который также является являются более менее этот однако например числе рамках целях связи течение "
        "частности области сфере вопросы вопросам случае мере части том данный данной данного данных данные года "
        "году годы лет могут имеет имеют является являлся стал стала стали будут должны необходимо следует между "
        "среди согласно благодаря помимо именно поэтому пока кроме того включая около свыше новый новые новых "
        "новая нового либо какого какой какие каких каким какому настоящий настоящая настоящее настоящие "
        "настоящей настоящего настоящих настоящим"
    ),
    "de": _words(
        "sowie etwa bzw dabei zudem jedoch neue neuen neuer neues rahmen bereich jahr jahre jahren insbesondere "
        "beispielsweise hierzu ferner daher wurde wurden seite teil form art fall hinblick bezug"
    ),
    "fr": _words(
        "ainsi afin notamment lors selon dont cadre année années nouveau nouvelle nouveaux nouvelles cours part titre "
        "sein outre également celui celle ceux exemple manière façon article page peut peuvent doit doivent"
    ),
    "es": _words("así sin según además ejemplo año años nuevo nueva nuevos nuevas parte marco página través"),
}
_OWN: Final = frozenset({"kk", "ky", "uz", "tg"})
BEFORE_NOUN: Final[Mapping[str, frozenset[str]]] = {
    "en": _words(
        "the a an this these those its their our his her your my each every no some any of in on for with by from "
        "between into about without against under over through and or"
    ),
    "fr": _words("le la les l un une des du de d au aux cet cette ces ce son sa ses leur leurs en par sur entre et"),
    "es": _words("el la los las un una unos unas de del al este esta estos estas su sus en por con para entre y"),
    "it": _words("il lo la i gli le un una uno di del della dei delle degli al alla nel nella questo questa in per e"),
    "pt": _words("o a os as um uma de do da dos das no na nos nas ao este esta seu sua em por com para e"),
}
"""Small words that stand before nouns (or adjectives before them)…"""
BEFORE_VERB: Final[Mapping[str, frozenset[str]]] = {
    "en": _words(
        "to would could should will can may might must shall cannot it they we you he she i who which not also is are "
        "was were be been being do does did has have had let then when if where how please"
    ),
    "fr": _words("il elle ils elles on nous vous je tu qui se s ne n y a ont est sont était peut pour à"),
    "es": _words("se no que lo le les ha han es son fue puede pueden para"),
    "it": _words("si non che lo ha hanno è sono può possono"),
    "pt": _words("se não que há é são foi pode podem"),
}
"""…and before verbs."""
CONNECTORS: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset({"of"}),
    "fr": frozenset({"de", "des", "du", "d", "la", "l", "les", "à", "aux", "au"}),
    "es": frozenset({"de", "del", "la", "las", "los", "el"}),
    "it": frozenset({"di", "del", "della", "delle", "dei", "degli", "dello", "dell"}),
    "pt": frozenset({"de", "do", "da", "dos", "das"}),
    "ca": frozenset({"de", "del", "la", "d"}),
    "ro": frozenset({"de"}),
}
"""Words that may stand inside a name, not at its ends: "rule of law", "droits de l’homme"."""


def stop_words(language: str) -> frozenset[str]:
    """The words of a language (two letters) that carry no topic, lower-case; those of English for an unknown one."""
    return _stop_words(language or "en")


@cache
def _stop_words(language: str) -> frozenset[str]:
    if language in _OWN:
        lines = (RESOURCES / "stopwords" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
    import stopwordsiso  # noqa: PLC0415 - suggesting alone

    code = "no" if language in {"nb", "nn"} else language
    listed = frozenset(stopwordsiso.stopwords(code)) if stopwordsiso.has_lang(code) else frozenset()
    # The list has phrases too, which match no single word.
    words = frozenset(word.lower() for word in listed if " " not in word)
    return (words - _TOPICS.get(language, frozenset())) | _MORE.get(language, frozenset())


# -- Kazakh ---------------------------------------------------------------------------------------------------------

_CASES = re.compile(
    "(?:с?[ыі]н(?:ың|ің|а|е|да|де|ан|ен)|[ыі]н|сын|сін|с[ыі]|(?<=[^аәеёиоөуұүыіэюя])[ыі]|[нтд][ыі]ң|[нтд][ыі]|"
    "[ғқ]а|[гк]е|[дт][ае]н?|н[ае]н|[мбп]ен)$"
)
"""Endings of case, with those of possession before them."""
_PLURAL = re.compile("(?:[лдт][ае]р)$")
_HARDENED: Final = {"г": "к", "ғ": "қ", "б": "п"}
_SHORTEST = 4


def light_stem(word: str, language: str) -> str:
    """A Kazakh word (lower-case) without its endings of case, possession and number; others as they are.

    Snowball has no Kazakh. Words are counted by this, never searched for: it may take two words for one.
    """
    if language not in NAMES.light:
        return word
    for ending in (_CASES, _PLURAL, _CASES):
        found = ending.search(word)
        if found and found.start() >= _SHORTEST:
            word = word[: found.start()]
    return word[:-1] + _HARDENED.get(word[-1:], word[-1:])


# -- forms that name ------------------------------------------------------------------------------------------------

_RU_ADJECTIVE = re.compile(r"(?:[ыиео][йе]|[ая]я|[ыи]х|[ыи]м|[ыи]ми|[ео]го|[ео]му|[ую]ю|[ео]м|ей|ою)$")
_RU_PLAIN = re.compile(r"(?:[ыио]й|[ая]я|[ое]е|[ыи]е)$")
_RU_NOT_LAST = re.compile(r"(?:ого|ных|ной|ному|ными|\w{4}но|ен|ны)$")
_RU_VERB = re.compile(r"(?:ться|тся|[аяеиыу]ть|[аяиеую]ет|[аяую]ют|[аи]ли|[аи]ла|[аи]ло|ся|сь|ится|ят|ит|вший|вшая)$")
_RU_OBLIQUE_NOUN = re.compile(r"(?:у|ю|ой|ей|ом|ем|ам|ям|ами|ями|ах|ях|ов|ев)$")
_RU_FEMININE = re.compile(r"(?:ой|ей|у|ю)$")
_RU_MASCULINE = re.compile(r"(?:ом|ем|ов|ев)$")
_KK_ASIDE = re.compile(r"(?<=\w{4})(?:[ғқ]а|[гк]е|[дт][ае]|[дтн][ае]н|[мбп]ен)$")
"""Endings of the cases that stand beside a verb: no name of a topic has them."""
_KK_VERB = re.compile(
    r"(?:[ыі]п|[ғқ]ан|[гк]ен|[ае]т[ыі]н|йт[ыі]н|[ае]д[ыі]|йд[ыі]|[ғқ]алы|[гк]елі|дара|дере|[ыі]луы|[ыі]луі)$"
)
_KK_ADJECTIVE = re.compile(r"(?:л[ыі]|с[ыі]з|[дт][ае]й|ша|ше)$")
_RU_OBLIQUE = re.compile(r"(?:ого|его|ому|ему|ыми|ими|ых|их|ую|юю|ом|ем|ой|ей|ым|им)$")
_EN_ALONE_NOT = re.compile(r"(?:ing|ed|ly|able|ible|ive|ous|ful|less|al|ic|est)$")
_EN_LAST_NOT = re.compile(r"(?:ly|ed|ing|ous|ive|ible|ful|ual|onal|ural)$")
_FR_NOT = re.compile(r"(?:ment|er|ant|ées?|és?|aux|elles?|ives?|iques?|aires?|ales?|al|euses?|ent|bles?|bres?)$")
_DE_OBLIQUE = re.compile(r"(?:en|em)$")


class NAMES:
    """Which words can stand as a name, by language. Nothing here is certain; it only orders what is suggested."""

    light: Final = frozenset({"kk"})

    @staticmethod
    def alone(word: str, language: str) -> bool:
        """Whether one word can name a topic: as far as its ending tells, it is a noun."""
        lower = word.lower()
        match language:
            case "de":
                return word[:1].isupper()
            case "en":
                return lower in _EN_NOUNS or (len(word) > 3 and not _EN_ALONE_NOT.search(lower)) or word.isupper()
            case "ru" | "uk":
                no_noun = _RU_ADJECTIVE.search(lower) or _RU_VERB.search(lower) or re.search(r"\w{3}но$", lower)
                return len(word) > 3 and not no_noun
            case "fr":
                return len(word) > 3 and (word[:1].isupper() or not _FR_NOT.search(lower) or lower.endswith("ement"))
            case "kk":
                return len(word) > 3 and not (_KK_VERB.search(lower) or _KK_ADJECTIVE.search(lower))
        return len(word) > 3

    @staticmethod
    def together(words: Sequence[str], language: str) -> bool:
        """Whether these words can name a topic: the last, or in Romance languages the first, is a noun."""
        first, last = words[0].lower(), words[-1].lower()
        match language:
            case "en":
                if any(word.lower().endswith("ing") and word.lower() not in _EN_NOUNS for word in words[1:-1]):
                    return False
                return not _EN_LAST_NOT.search(last) or last in _EN_NOUNS
            case "ru" | "uk":
                if any(_RU_VERB.search(word.lower()) for word in words) and not words[-1].lower().endswith("сть"):
                    return False
                return not _RU_PLAIN.search(last) and not _RU_NOT_LAST.search(last)
            case "kk":
                return not _KK_VERB.search(last) and not any(_KK_ASIDE.search(word.lower()) for word in words)
            case "de":
                return words[-1][:1].isupper()
            case "fr":
                return not first.endswith(("ment", "ant"))
        return True


_EN_NOUNS: Final = _words(
    "funding training housing banking mining engineering planning lending manufacturing monitoring reporting "
    "financing processing recycling farming shipping fishing spending pricing trading building learning "
    "computing marketing policing warning hearing meeting wellbeing steel seed feed speed supply family "
    "assembly anomaly monopoly capital proposal approval referral renewal signal journal hospital terminal "
    "mineral arrival survival tribunal trial metal goal deal coal refusal disposal criminal principal legal- "
    "aid policy music traffic public logic clinic fabric topic republic pandemic epidemic mechanic archive "
    "initiative directive objective incentive perspective alternative representative narrative collective "
    "executive native motive detective census forest interest harvest protest request conquest"
)


def _ru_nominative(noun: str, forms: set[str]) -> bool:
    """Whether a Russian noun stands in its first case, as far as its other forms tell what gender it has."""
    if _RU_OBLIQUE_NOUN.search(noun):
        return False
    masculine = any(map(_RU_MASCULINE.search, forms))
    if not masculine and any(map(_RU_FEMININE.search, forms)):
        return noun.endswith(("а", "я", "ь"))
    return not (masculine and any(noun in {f"{other}а", f"{other}ы"} for other in forms))


def is_oblique(form: str, language: str, forms: Mapping[str, int]) -> bool:
    """Whether a form of a phrase is not the one a dictionary would have, as far as its endings tell."""
    words = form.lower().split()
    match language:
        case "ru" | "uk":
            nouns = {other.lower().split()[-1] for other in forms}
            return not _ru_nominative(words[-1], nouns) or any(map(_RU_OBLIQUE.search, words[:-1]))
        case "de":
            return any(_DE_OBLIQUE.search(word) for word in form.split()[:-1] if word[:1].islower())
        case "kk":
            often = max(forms.values())
            return len(form) > min(len(other) for other, count in forms.items() if count * 4 >= often)
    return False
