"""Named points at which a fault test makes the process die, to prove what survives."""

import os
import signal
from collections import Counter

VARIABLE = "EHRENSACHE_FAILPOINTS"

_hits: Counter[str] = Counter()


def reached(name: str) -> None:
    """Kill this process at once if the environment asks for it here; otherwise do nothing.

    EHRENSACHE_FAILPOINTS is a comma-separated list of names, each with an optional `:n` for the
    n-th time the point is reached (counted from 1): `relay.after_publish:2`.
    """
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    _hits[name] += 1
    if name in wanted.split(",") or f"{name}:{_hits[name]}" in wanted.split(","):
        os.kill(os.getpid(), signal.SIGKILL)
