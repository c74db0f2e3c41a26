"""Documents of any length for measurements: the same words for the same length, on every machine."""

from collections.abc import Iterator
from itertools import count

_TEXT = """
the of and to in a that is for on with as are by from at this be or which an it was will have more than its
partners region agreement corridor transport energy trade investment reform commission council member states
report finds progress remains uneven across sectors where funding was delayed national authorities should
publish annual figures on border waiting times because firms depend on reliable routes through the winter
"""
_WORDS = _TEXT.split()


def _numbers(seed: int) -> Iterator[int]:
    """A linear congruential generator with the constants of Numerical Recipes; its upper bits."""
    state = seed
    while True:
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        yield state >> 8


def markdown(words: int, seed: int = 1) -> str:
    """About `words` words (never fewer, at most 90 more) of headings, paragraphs, lists, emphasis and links."""
    numbers = _numbers(seed)
    parts = [f"# A brief of {words} words"]
    left = words - 5
    for index in count():
        if left <= 0:
            return "\n\n".join(parts) + "\n"
        length = 25 + next(numbers) % 60
        left -= length
        chosen = [_WORDS[next(numbers) % len(_WORDS)] for _ in range(length)]
        if index % 5 == 2:
            chosen[3] = f"*{chosen[3]}*"
            chosen[9] = f"**{chosen[9]}**"
            chosen[15] = f"[{chosen[15]}](https://example.org/{index})"
        if index % 12 == 0:
            parts.append(f"## Section {index // 12 + 1}: {' '.join(chosen[:4])}")
        if index % 9 == 4:
            third = length // 3
            items = chosen[:third], chosen[third : 2 * third], chosen[2 * third :]
            parts.append("\n".join(f"- {' '.join(item)}" for item in items))
        else:
            parts.append(f"{' '.join(chosen).capitalize()}.")
    raise AssertionError("count() has no end")
