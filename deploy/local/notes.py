"""What a run notes down about itself, for the operator's commands."""

import os
from pathlib import Path

import msgspec

OWNER_ONLY = 0o600


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything of a run is reached. Secrets are named by their files, never held."""

    process: int
    """Of the run itself."""
    gateway: str
    mailbox: str
    openid: str
    postgres: str
    """host:port."""
    passwords: Path
    """Folder with `<role>.password` files."""
    nats_url: str
    nats_monitoring: str
    bus_keys: Path
    """Folder that `deploy.nats.accounts.ensure` was given."""
    health: dict[str, str]
    """Origin of /livez, /readyz and /metrics for each process of a service."""


def write(notes: Notes, folder: Path) -> None:
    """Keep the notes in a folder."""
    file = folder / "notes.json"
    unfinished = file.with_suffix(".unfinished")
    unfinished.touch(mode=OWNER_ONLY)
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(notes, enc_hook=os.fspath)))
    unfinished.replace(file)


def read(folder: Path) -> Notes | None:
    """Return the notes of a started run; None if nothing runs."""
    try:
        content = (folder / "notes.json").read_bytes()
    except FileNotFoundError:
        return None
    return msgspec.json.decode(content, type=Notes, dec_hook=lambda kind, value: kind(value))


def erase(folder: Path) -> None:
    """Say that nothing runs any more."""
    (folder / "notes.json").unlink(missing_ok=True)
