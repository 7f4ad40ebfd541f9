"""`ehrensache check-config`: says whether a service could start with these variables."""

import importlib
from typing import Annotated, Any

import msgspec
import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from deploy.cli.terminal import FAILED, Json, err, out, print_json
from deploy.postgres.roles import SERVICES
from shared.settings import ServiceSettings, SettingsMissing, from_environment

HIDDEN = ("database_url", "key", "secret", "credentials", "password")
"""Words in the names of settings whose values are not shown."""


class Checked(msgspec.Struct, frozen=True):
    """What a service would read, and what is wrong with it."""

    service: str
    settings: dict[str, Any]
    """As its Struct has them, secrets only as "(set)"; empty where one is missing."""
    problems: list[str]


def check_config(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")],
    *,
    as_json: Json = False,
) -> None:
    """Read a service's variables (EHRENSACHE_… and EHRENSACHE_…_FILE) as its processes would.

    Shows what was read, without secrets. Exit code 1 names every variable that is missing or
    wrong.
    """
    if service not in SERVICES:
        raise typer.BadParameter(f"there is no service {service!r}, only {', '.join(SERVICES)}")
    checked = _checked(service)
    if as_json:
        print_json(checked)
    else:
        for name, shown in checked.settings.items():
            out.print(f"{name} = {shown}", markup=False, soft_wrap=True)
    for problem in checked.problems:
        err.print(problem, markup=False)
    if checked.problems:
        raise typer.Exit(FAILED)
    err.print(f"{service} could start.")


def _checked(service: str) -> Checked:
    kind: type[ServiceSettings] = importlib.import_module(f"services.{service}.app").Settings
    try:
        settings = from_environment(kind)
    except SettingsMissing as missing:
        return Checked(service, {}, missing.problems)
    values = msgspec.structs.asdict(settings)
    shown = {
        name: "(set)" if value and name.endswith(HIDDEN) else value
        for name, value in values.items()
    }
    return Checked(service, shown, _wrong_keys(settings))


def _wrong_keys(settings: ServiceSettings) -> list[str]:
    """Name the settings that should hold a key in PEM and do not."""
    wrong = []
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if not name.endswith(("_private_key", "_public_key")):
            continue
        try:
            if name.endswith("_private_key"):
                load_pem_private_key(value.encode(), password=None)
            else:
                load_pem_public_key(value.encode())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            wrong.append(f"{name} holds no key in PEM")
    return wrong
