"""`ehrensache reset`: wipes the data of the run on this machine."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import terminal
from deploy.cli.terminal import err
from deploy.local import unprivileged
from deploy.local.layout import Layout, default_layout
from deploy.local.processes import Register


def reset(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Wipe the data, secrets and logs of the run on this machine; programs stay installed."""
    layout = default_layout()
    if not yes and terminal.is_terminal():
        typer.confirm(f"Delete all data below {layout.root}?", abort=True)
    terminal.told(lambda: wipe(layout))
    err.print(f"The data below {layout.root} is deleted.")


def wipe(layout: Layout) -> None:
    """Delete everything that a run keeps, after ending what a crashed one left behind.

    Raises:
        AlreadyRunning: a run uses it.
    """
    register = Register(layout.notes)
    try:
        register.clear_up()
        _delete(layout.postgres)
        for folder in (layout.data, layout.logs, layout.secrets):
            _delete(folder)
    finally:
        register.close()
    _delete(layout.notes)


def _delete(folder: Path) -> None:
    """Delete a folder, and the place that it may be a link to."""
    if folder.is_symlink():
        if folder.resolve().is_relative_to(unprivileged.HOME):
            shutil.rmtree(folder.resolve(), ignore_errors=True)
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
