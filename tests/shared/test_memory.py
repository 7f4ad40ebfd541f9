"""What a process has loaded is the collector's matter no more, and what it frees is not kept."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY

LOADED = """
import gc, sys
from services.events.app import api
app = api()
print(gc.get_freeze_count(), len(gc.get_objects()))
"""


FREED = """
from shared.memory import keep_what_is_loaded

def resident():
    rows = dict(line.split(":") for line in open("/proc/self/status"))
    return int(rows["VmRSS"].split()[0]) * 1024

keep_what_is_loaded()
bytearray(30_000_000)  # such a one lets glibc keep all that is smaller
before, pins = resident(), []
bodies = []
for _ in range(150):
    bodies.append(bytearray(b"x") * 200_000)
    pins.append([bytearray(600) for _ in range(4)])
while_held = resident()
bodies.clear()
print(while_held - before, resident() - before)
"""


@pytest.fixture(scope="module")
def counts() -> tuple[int, int]:
    """How many objects are kept, and how many the collector still looks at, in a loaded api."""
    variables = {
        "EHRENSACHE_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "EHRENSACHE_NATS_URL": "nats://127.0.0.1:1",
        "EHRENSACHE_PUBLIC_URL": PUBLIC_URL,
        "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": STAFF_PUBLIC_KEY,
    }
    told = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**os.environ, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    kept, looked_at = told.stdout.split()
    return int(kept), int(looked_at)


def test_a_collection_looks_at_next_to_nothing(counts: tuple[int, int]) -> None:
    kept, looked_at = counts

    assert kept > 100_000
    assert looked_at < kept / 100


def test_large_pieces_go_back_to_the_system_when_they_are_freed() -> None:
    told = subprocess.run(
        [sys.executable, "-c", FREED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    held, kept = map(int, told.stdout.split())

    assert held > 25_000_000
    assert kept < 5_000_000
