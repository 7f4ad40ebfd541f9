"""`ehrensache check-config`: says whether a service could start with these variables."""

import importlib
from typing import Annotated

import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from deploy.cli.terminal import FAILED, err, out
from deploy.postgres.roles import SERVICES
from shared.settings import ServiceSettings, SettingsMissing, from_environment

HIDDEN = ("database_url", "key", "secret", "credentials", "password")
"""Words in the names of settings whose values are not shown."""


def check_config(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")],
) -> None:
    """Read a service's variables (EHRENSACHE_… and EHRENSACHE_…_FILE) as its processes would.

    Shows what was read, without secrets. Exit code 1 names every variable that is missing or
    wrong.
    """
    if service not in SERVICES:
        raise typer.BadParameter(f"there is no service {service!r}, only {', '.join(SERVICES)}")
    kind: type[ServiceSettings] = importlib.import_module(f"services.{service}.app").Settings
    try:
        settings = from_environment(kind)
    except SettingsMissing as missing:
        err.print(str(missing), markup=False)
        raise typer.Exit(FAILED) from None
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        shown = "(set)" if value and name.endswith(HIDDEN) else value
        out.print(f"{name} = {shown}", markup=False, soft_wrap=True)
    if wrong := _wrong_keys(settings):
        err.print("\n".join(wrong), markup=False)
        raise typer.Exit(FAILED)
    err.print(f"{service} could start.")


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
