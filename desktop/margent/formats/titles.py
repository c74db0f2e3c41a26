"""Which first line of a text is its title, and what a file's name says when none is."""

import re

_LONGEST = 160
_END = re.compile(r"[.;,:…]['\"”’»)\]]*$")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.)+$|\b(?:Inc|Ltd|Co|St|Jr|Sr|etc|No|vol)\.$", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)


def title_line(text: str) -> bool:
    """Whether a line reads like a title: short, one line, not a sentence, and not an address."""
    if not text or len(text) > _LONGEST or "\n" in text or _ADDRESS.fullmatch(text):
        return False
    if not any(map(str.isalnum, text)):
        return False
    return _END.search(text) is None or _ABBREVIATION.search(text) is not None


def stem(name: str) -> str:
    """The name of a file as words: without its suffix, its underscores and hyphens as spaces."""
    name = re.split(r"[\\/]", name)[-1]
    bare = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", name) or name
    words = re.sub(r"[_\s]+", " ", bare if " " in bare else bare.replace("-", " ")).strip()
    return words or "Untitled"
