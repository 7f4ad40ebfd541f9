"""Waits for what a journey counts on, and says what it waited for if that does not come."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")

PATIENCE_SECONDS = 120
LOOK_SECONDS = 0.05


class NeverHappened(AssertionError):
    """A condition did not become true."""


async def eventually(
    condition: Callable[[], Awaitable[Value | None]], what: str, seconds: float = PATIENCE_SECONDS
) -> Value:
    """Return the condition's first true value; looks without keeping the machine busy.

    Raises:
        NeverHappened: it did not become true within `seconds`; says what was waited for.
    """
    until = time.monotonic() + seconds
    while True:
        value = await condition()
        if value:
            return value
        if time.monotonic() > until:
            raise NeverHappened(f"{what}; at last there was {value!r}")
        await asyncio.sleep(LOOK_SECONDS)
