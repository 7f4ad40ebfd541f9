"""Has uploaded pictures made anew by child processes, so that none of them can stop this one."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from typing import Final

import msgspec

from services.events.images.picture import (
    MOST_BYTES,
    MOST_DRAWN_BYTES,
    Drawn,
    PictureTooHeavy,
    PictureUnreadable,
)

WALL_SECONDS: Final = 30
AT_ONCE: Final = 2
"""How many pictures of this process are made at the same time; others wait."""
_MODULE: Final = "services.events.images.child"
_turns: Final = asyncio.Semaphore(AT_ONCE)


async def redraw(body: bytes) -> Drawn:
    """Return a picture made anew from its pixels.

    Raises:
        PictureTooHeavy: the file has more than 5 MB.
        PictureUnreadable: it is no picture, one too large, or one that took too long.
    """
    if len(body) > MOST_BYTES:
        raise PictureTooHeavy
    async with _turns:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _MODULE,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment(),
        )  # fmt: skip
        try:
            async with asyncio.timeout(WALL_SECONDS):
                written, _ = await process.communicate(body)
        except (TimeoutError, BrokenPipeError, ConnectionResetError) as error:
            raise PictureUnreadable from error
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        raise PictureUnreadable
    drawn = msgspec.msgpack.decode(written, type=Drawn)
    if len(drawn.body) > MOST_DRAWN_BYTES:
        raise PictureTooHeavy
    return drawn


def _environment() -> dict[str, str]:
    """Return what a child needs to start: none of this process's secrets."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
