"""Somebody who types `ehrensache partner …`."""

import asyncio
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from deploy.cli import partner


class Operator:
    """Somebody at a terminal of a running system."""

    def __init__(self, variables: dict[str, str], folder: Path) -> None:
        self.variables = variables
        self.folder = folder

    async def run(self, *arguments: str, **variables: str) -> Result:
        env = self.variables | variables
        return await asyncio.to_thread(lambda: CliRunner().invoke(partner.app, arguments, env=env))

    async def add(self, name: str, *more: str) -> Result:
        return await self.run("add", name, "--out", str(self.file(name)), "--json", *more)

    async def listed(self) -> dict[str, Any]:
        result = await self.run("list", "--json")
        return {each["name"]: each for each in json.loads(result.stdout)}

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.creds"
