"""Prints every figure of design.md section 8 beside a bound from the same run: `make bench`."""

import uvloop

from bench import facts
from bench.figures import table
from bench.servers import started


async def main() -> None:
    """Measure one after the other on servers of their own."""
    async with started() as servers:
        figures = await facts.measure(servers)
    print(table(figures))


if __name__ == "__main__":
    uvloop.run(main())
