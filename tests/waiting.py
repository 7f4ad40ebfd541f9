"""Waits for a condition instead of sleeping for a guessed time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")


async def until(condition: Callable[[], Value | Awaitable[Value]], seconds: float = 20) -> Value:
    """Return the condition's first true value.

    Raises:
        TimeoutError: it did not become true within `seconds`.
    """
    async with asyncio.timeout(seconds):
        while True:
            value = condition()
            settled = await value if isinstance(value, Awaitable) else value
            if settled:
                return settled
            await asyncio.sleep(0.01)
