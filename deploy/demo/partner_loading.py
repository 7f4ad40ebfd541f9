"""Takes the made-up city's partners in and publishes their events as they themselves would."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PUBLISH = ROOT / "examples" / "partner" / "publish.py"
TITLES = {
    "stadttheater": "Stadttheater Elbstadt",
    "volkshochschule": "Volkshochschule Elbstadt",
    "stadtteil": "Stadtteilverein Ziegelei e. V.",
}


class PartnerRefused(RuntimeError):
    """A step failed; the message is the program's own."""


async def publish(environment: Mapping[str, str], nats_url: str, file: Path) -> None:
    """Take the partner in that the file is named for, unless it is, and publish the file's events.

    The partner's credentials stay beside the file: `examples/partner` can be tried with them.

    Raises:
        PartnerRefused: the account could not be made, or an event not be published.
    """
    credentials, done = file.with_suffix(".creds"), file.with_suffix(".published")
    if done.exists():
        return
    if not credentials.exists():
        ehrensache = Path(sys.executable).with_name("ehrensache")
        wishes = ("--title", TITLES[file.stem], "--out", str(credentials))
        await _run(environment, str(ehrensache), "partner", "add", file.stem, *wishes)
    await _run(environment, sys.executable, str(PUBLISH), str(credentials), str(file), nats_url)
    done.touch()


async def _run(environment: Mapping[str, str], *command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise PartnerRefused(output.decode(errors="replace").strip())
