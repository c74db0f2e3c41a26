"""What the reader decided about the brief of one document, and how it is kept between two sittings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from margent.brief.points import Point


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which points leave, in which order, under which words and in which form."""

    template: str = "meeting"
    title: str = ""
    """"" for the document's own."""
    introduction: str = ""
    private: bool = False
    left_out: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    """Ids in the order the reader gave them; empty where the order of the text holds."""

    def ordered(self, points: Sequence[Point]) -> list[Point]:
        """`points` (in reading order) as arranged; those the order does not name follow the one before them."""
        rank = {key: place for place, key in enumerate(self.order)}
        placed: list[tuple[int, int, Point]] = []
        last = -1
        for number, point in enumerate(points):
            last = rank.get(point.annotation.id, last)
            placed.append((last, number, point))
        return [point for _, _, point in sorted(placed, key=lambda entry: entry[:2])]

    def chosen(self, points: Sequence[Point]) -> tuple[Point, ...]:
        """Those of `points` that are not left out."""
        return tuple(point for point in points if point.annotation.id not in self.left_out)


def dumps(arrangement: Arrangement) -> str:
    """The arrangement as JSON."""
    return json.dumps(
        {
            "template": arrangement.template,
            "title": arrangement.title,
            "introduction": arrangement.introduction,
            "private": arrangement.private,
            "left_out": sorted(arrangement.left_out),
            "order": list(arrangement.order),
        },
        ensure_ascii=False,
    )


def loads(text: str) -> Arrangement:
    """The arrangement that `dumps` wrote; the plain one for anything else."""
    try:
        found = json.loads(text)
        return Arrangement(
            template=str(found["template"]),
            title=str(found["title"]),
            introduction=str(found["introduction"]),
            private=bool(found["private"]),
            left_out=frozenset(map(str, found["left_out"])),
            order=tuple(map(str, found["order"])),
        )
    except (ValueError, KeyError, TypeError):
        return Arrangement()
