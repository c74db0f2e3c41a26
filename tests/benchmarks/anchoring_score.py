"""How well quotations were found again: counts what came of each case of `tests/data/anchoring`.

An answer is the span a quotation was attached to, or None for an orphan. What matters most is how many are silently
wrong: on other text, or attached although the quotation is gone.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Case: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[int, int]

DATA = Path(__file__).parents[1] / "data" / "anchoring"
OUTCOMES = ("correct", "partial", "wrong", "attached", "lost")


def read(name: str) -> list[Case]:
    """The objects of a gzipped file of JSON lines."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def overlap(first: Span, second: Span) -> float:
    """Intersection over union, 0 for spans that do not meet."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return shared / (max(first[1], second[1]) - min(first[0], second[0])) if shared > 0 else 0.0


def outcome(case: Case, answer: Span | None) -> str:
    """What came of a case.

    Correct; partial (the true place, badly cut); wrong (another place); attached (though gone); lost (though there).
    Text that was kept must come back exactly; elsewhere half of intersection over union is enough, with any of the
    spans that the labels allow. More than four times too wide is no longer partial.
    """
    truth = case["truth"]
    if truth.get("orphan"):
        return "correct" if answer is None else "attached"
    if answer is None:
        return "correct" if truth.get("orphan_ok") else "lost"
    spans = [(truth["start"], truth["end"]), *map(tuple, truth.get("alts", ()))]
    if case["cls"] == "kept":
        if answer == spans[0]:
            return "correct"
    elif max(overlap(answer, span) for span in spans) >= 0.5:
        return "correct"
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    meets = min(answer[1], high) > max(answer[0], low)
    return "partial" if meets and answer[1] - answer[0] <= 4 * (high - low) + 40 else "wrong"


class Score:
    """Outcomes by class of case, and over all."""

    def __init__(self, cases: Iterable[Case], answers: Mapping[str, Span | None]) -> None:
        self.counts: dict[str, Counter[str]] = {"all": Counter()}
        for case in cases:
            result = outcome(case, answers[case["id"]])
            self.counts["all"][result] += 1
            self.counts.setdefault(case["cls"], Counter())[result] += 1

    def correct(self, group: str = "all") -> float:
        """Per cent."""
        return self._percent(group, "correct")

    def silently_wrong(self, group: str = "all") -> float:
        """Per cent."""
        return self._percent(group, "wrong", "attached")

    def table(self) -> str:
        """All figures, a group a line."""
        head = f"{'':10}{'n':>6}" + "".join(f"{name:>10}" for name in OUTCOMES) + f"{'% correct':>12}{'% silent':>10}"
        lines = [head]
        for group, counts in sorted(self.counts.items()):
            figures = "".join(f"{counts[name]:>10}" for name in OUTCOMES)
            shares = f"{self.correct(group):>12.2f}{self.silently_wrong(group):>10.2f}"
            lines.append(f"{group:10}{counts.total():>6}{figures}{shares}")
        return "\n".join(lines)

    def _percent(self, group: str, *outcomes: str) -> float:
        counts = self.counts[group]
        return 100 * sum(counts[name] for name in outcomes) / counts.total()
