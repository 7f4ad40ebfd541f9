"""Draws the curve of answers as points, for a picture that needs no script and no style."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

WIDTH: Final = 340
HEIGHT: Final = 165
_MOST_LABELS: Final = 5


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The running totals at the end of one day."""

    day: date
    answers: int
    accepted: int


class Label(msgspec.Struct, frozen=True):
    """A day's name below the picture."""

    x: float
    text: str


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Two lines in a field of WIDTH by HEIGHT units, from the lower left corner."""

    answers: str
    """Points of a polyline, `x,y` separated by blanks."""
    accepted: str
    labels: tuple[Label, ...]
    top: int
    """The number at the upper edge."""
    width: int = WIDTH
    height: int = HEIGHT


def curve(days: Sequence[Day], invited: int) -> Curve | None:
    """Return the curve of answers out of so many invited; None where there is nothing to see."""
    if not days or invited < 1:
        return None
    last = len(days) - 1
    step = WIDTH / last if last else 0.0

    def line(totals: Sequence[int]) -> str:
        points = [(number * step, total) for number, total in enumerate(totals)]
        if not last:
            points.append((float(WIDTH), totals[0]))
        return " ".join(f"{x:.1f},{HEIGHT - total / invited * HEIGHT:.1f}" for x, total in points)

    return Curve(
        answers=line([one.answers for one in days]),
        accepted=line([one.accepted for one in days]),
        labels=_labels(days, step),
        top=invited,
    )


def _labels(days: Sequence[Day], step: float) -> tuple[Label, ...]:
    every = max(1, -(-len(days) // _MOST_LABELS))
    return tuple(
        Label(round(number * step, 1), f"{one.day:%d.%m.}")
        for number, one in enumerate(days)
        if number % every == 0
    )
