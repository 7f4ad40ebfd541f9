"""Remembers which old credentials of a partner still count for a while, and until when."""

from pathlib import Path

import msgspec

from deploy.nats.identity import write_secret


class Retirement(msgspec.Struct, frozen=True):
    """Credentials that end at a time which is not yet come (Übergangsfrist)."""

    revoked_until: int
    """Credentials issued up to this Unix time are the ones that end."""
    due_at: int
    """Unix time from which they are refused."""


def planned(folder: Path) -> list[Retirement]:
    """Return what is planned for the partner whose keys are in the folder, the earliest first."""
    file = _file(folder)
    return msgspec.json.decode(file.read_bytes(), type=list[Retirement]) if file.exists() else []


def plan(folder: Path, retirement: Retirement) -> None:
    """Write down that credentials end later."""
    _keep(folder, [*planned(folder), retirement])


def forget(folder: Path, revoked_until: int) -> None:
    """Cross out what is done: credentials issued up to this Unix time are refused already."""
    _keep(folder, [each for each in planned(folder) if each.revoked_until > revoked_until])


def _keep(folder: Path, retirements: list[Retirement]) -> None:
    ordered = sorted(retirements, key=lambda each: each.due_at)
    write_secret(_file(folder), msgspec.json.encode(ordered).decode())


def _file(folder: Path) -> Path:
    return folder / "retirements.json"
