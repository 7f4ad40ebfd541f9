"""Finds where the superuser reaches PostgreSQL: named by a file, or that of the local run."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.reach import Reach
from deploy.cli.terminal import fail
from deploy.local.layout import default_layout
from deploy.local.postgres import SUPERUSER, password_file
from shared import inner_tls

VARIABLE = "EHRENSACHE_SUPERUSER_URL_FILE"

UrlFile = Annotated[
    Path | None,
    typer.Option(
        "--superuser-url-file",
        help="File with a superuser's URL of the database `postgres`; not needed on the run that "
        "`ehrensache up` started on this machine.",
        envvar=VARIABLE,
    ),
]


def superuser_url(target: Reach, file: Path | None) -> str:
    """Return the superuser's URL, or end the command saying how to name it."""
    if file:
        return inner_tls.secured(file.read_text(encoding="utf-8").strip(), target.inner_ca)
    local = password_file(default_layout().postgres)
    if not local.exists():
        fail(f"Name a file with a superuser's URL: --superuser-url-file or {VARIABLE}")
    return f"postgres://{SUPERUSER}:{local.read_text()}@{target.postgres}/postgres"
