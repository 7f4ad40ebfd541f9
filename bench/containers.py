"""python -m bench.containers: sizes of our images and the start of the compose file.

Needs an engine and the foreign images: `python -m deploy.offline` sees to both.
"""

import json
import time
from typing import Final

from bench.figures import Figure, table
from deploy.offline.images import PYTHON
from deploy.postgres.roles import SERVICES
from tests.containers.composition import Composition, docker
from tests.containers.leftovers import sweep
from tests.containers.running import prepared
from tests.containers.system import ComposedSystem

MEGABYTE: Final = 1_000_000
STORES: Final = ("postgres", "nats")
IMAGES: Final = (*SERVICES, "operator", "demo")


def main() -> None:
    """Measure and print one table."""
    sweep()
    with prepared("bench", subnet=69) as composition:
        figures = [*_sizes(), *_starts(composition)]
    print(table(figures))


def _sizes() -> list[Figure]:
    base = _megabytes(PYTHON)
    return [
        Figure(
            what=f"image of {name}",
            value=_megabytes(f"ehrensache/{name}:0.1.0"),
            unit="MB",
            bound=base,
            bound_is=f"MB, {PYTHON}",
        )
        for name in IMAGES
    ]


def _starts(composition: Composition) -> list[Figure]:
    system = ComposedSystem(composition)
    system.make_secrets()
    first = _start(system, "containers, start, empty data, with migrations")
    composition.run("--profile=demo", "stop", "--timeout=10")
    return [first, _start(system, "containers, start, data of an earlier run")]


def _start(system: ComposedSystem, what: str) -> Figure:
    began = time.perf_counter()
    system.composition.run("up", "--detach", "--no-build", *STORES)
    system.composition.await_health(*STORES)
    stores = time.perf_counter() - began
    system.up()
    return Figure(
        what=what,
        value=time.perf_counter() - began,
        unit="s",
        bound=stores,
        bound_is="s, the stores healthy",
    )


def _megabytes(image: str) -> float:
    [found] = json.loads(docker("image", "inspect", image))
    return float(found["Size"]) / MEGABYTE


if __name__ == "__main__":
    main()
