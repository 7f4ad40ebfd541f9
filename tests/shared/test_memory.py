"""What a process has loaded is no matter of the garbage collector any more."""

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
