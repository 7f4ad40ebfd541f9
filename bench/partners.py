"""Measures how soon a partner's item stands in the public feed, over the partner's own account."""

from typing import Final

from bench.figures import Figure, percentile
from bench.items import FAIRS, follow, sender
from bench.system import System

PARTNER: Final = "bench"
RATE: Final = 200
SECONDS: Final = 10
MILLISECONDS: Final = 1_000


async def measure(system: System) -> list[Figure]:
    """Publish at a steady rate, and return when items were told and seen."""
    async with sender(system, PARTNER) as partner:
        way = await follow(system, partner, FAIRS, range(RATE * SECONDS), RATE)
    stored, told, seen = map(way.delays, (way.stored, way.told, way.seen))
    at = f"at {RATE} items/s"
    return [
        _figure(f"partner item to feed {at}, p50", percentile(seen, 0.5), percentile(stored, 0.5)),
        _figure(
            f"partner item to feed {at}, p99",
            percentile(seen, 0.99),
            percentile(stored, 0.99),
            is_kept=percentile(seen, 0.99) <= MILLISECONDS,
        ),
        _figure(
            f"partner item to receipt {at}, p99",
            percentile(told, 0.99),
            percentile(stored, 0.99),
            is_kept=percentile(told, 0.99) <= MILLISECONDS,
        ),
    ]


def _figure(what: str, value: float, bound: float, *, is_kept: bool | None = None) -> Figure:
    return Figure(
        what=what,
        value=value,
        unit="ms",
        bound=bound,
        bound_is="ms, until its stream has it on disk",
        budget="" if is_kept is None else f"≤ {MILLISECONDS:,} ms",
        is_kept=is_kept,
    )
