"""`ehrensache reset`: wipes the data of the run on this machine."""

import shutil
from pathlib import Path

from deploy.cli import terminal
from deploy.cli.terminal import Json, Yes, err, print_json, require_yes
from deploy.local import unprivileged
from deploy.local.layout import Layout, default_layout
from deploy.local.processes import Register


def reset(
    *,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Wipe the data, secrets and logs of the run on this machine; programs stay installed."""
    layout = default_layout()
    require_yes(f"Delete all data below {layout.root}?", yes=yes)
    deleted = terminal.told(lambda: wipe(layout))
    if as_json:
        print_json({"deleted": deleted})
    err.print(f"The data below {layout.root} is deleted.")


def wipe(layout: Layout) -> list[Path]:
    """Delete everything that a run keeps, after ending what a crashed one left behind.

    Returns:
        The folders that are gone.

    Raises:
        AlreadyRunning: a run uses it.
    """
    register = Register(layout.notes)
    kept = (layout.postgres, layout.data, layout.logs, layout.secrets)
    try:
        register.clear_up()
        gone = [folder for folder in kept if _delete(folder)]
    finally:
        register.close()
    _delete(layout.notes)
    return [*gone, layout.notes]


def _delete(folder: Path) -> bool:
    """Delete a folder, and the place that it may be a link to; tell whether there was one."""
    if folder.is_symlink():
        if folder.resolve().is_relative_to(unprivileged.HOME):
            shutil.rmtree(folder.resolve(), ignore_errors=True)
        folder.unlink()
        return True
    if not folder.exists():
        return False
    shutil.rmtree(folder)
    return True
