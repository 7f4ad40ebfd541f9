"""Waits for a condition instead of sleeping for a guessed time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

Value = TypeVar("Value")


@overload
async def until(condition: Callable[[], Awaitable[Value]], seconds: float = 20) -> Value: ...
@overload
async def until(condition: Callable[[], Value], seconds: float = 20) -> Value: ...
async def until(condition: Callable[[], object], seconds: float = 20) -> object:
    """Return the first true value of a condition, which may be a coroutine function.

    Raises:
        TimeoutError: it did not become true within `seconds`.
    """
    async with asyncio.timeout(seconds):
        while True:
            value = condition()
            settled = await value if inspect.isawaitable(value) else value
            if settled:
                return settled
            await asyncio.sleep(0.01)
