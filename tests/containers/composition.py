"""Drives deploy/compose.yaml as an operator does: with a folder of secrets and an .env file."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from deploy.local.ports import free_port

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
PREFIX: Final = "ehrensache-test"
"""What the names of all projects and containers of tests begin with; a real one's do not."""
PATIENCE_SECONDS: Final = 180
BUSY_BOX: Final = "nats:2.15-alpine"
"""An image that is here anyway and has a shell's commands."""
PROFILES: Final = ("tools", "mail", "demo", "observability")
THIS_VERSION: Final = "0.1.0"
"""What images are tagged with if nobody says otherwise."""
BUILDKIT: Final = {"DOCKER_BUILDKIT": "1"}
"""The builder that engines of today use by themselves, and Debian's if it is told to."""


class Failed(AssertionError):
    """A command of Docker's failed; the message is what it said."""


class Composition:
    """A project of compose in a folder, with ports and networks of its own."""

    def __init__(self, folder: Path, name: str, *more: str, subnet: int = 67) -> None:
        """Take a folder.

        Args:
            folder: must be reachable by the engine.
            name: of the project, which containers, networks and volumes are named for.
            more: compose files beside compose.yaml that change it.
            subnet: third number of the edge's addresses, another one for each project.
        """
        self.folder = folder
        self.project = f"{PREFIX}-{name}"
        self.version = THIS_VERSION
        """Of the images that are started; another one for an upgrade, or back."""
        self._files = ("compose.yaml", *more)
        self._subnet = subnet
        self.ports = {
            name: free_port() for name in ("HTTP", "HTTPS", "MAILBOX", "OPENID", "GRAFANA")
        }
        self._file.write_text("".join(f"{n}={v}\n" for n, v in self._variables().items()))

    @property
    def secrets(self) -> Path:
        """The folder of the secrets; it belongs to the containers' user."""
        return self.folder / "secrets"

    @property
    def handover(self) -> Path:
        """The folder that the operator's commands write into."""
        return self.folder / "handover"

    @property
    def gateway(self) -> str:
        """The site's address."""
        return f"http://localhost:{self.ports['HTTP']}"

    def prepare(self) -> None:
        """Make the folders as the guide says."""
        backups = self.handover / "backups"
        for part in (self.secrets, self.handover, backups, self.folder / "certificates"):
            part.mkdir()
        self.as_root("chown", "-R", "10001:10001", "/folder/secrets", "/folder/handover")

    def run(self, *words: str, **changed: str) -> str:
        """Run a command of compose and return what it printed.

        Args:
            words: such as "up", "-d".
            changed: variables that differ from the .env file.

        Raises:
            Failed: it has.
        """
        variables = {"EHRENSACHE_VERSION": self.version, **changed}
        return docker("compose", *self._options(DEPLOY), *words, environment=variables)

    def build(self, services: Sequence[str], tree: Path, version: str, revision: str) -> None:
        """Build images by the compose file of a tree.

        Args:
            services: one for each image.
            tree: root of what they are built from.
            version: what they are tagged with.
            revision: the commit that the tree is of.
        """
        variables = {"EHRENSACHE_VERSION": version, "EHRENSACHE_REVISION": revision}
        command = ("compose", *self._options(tree / "deploy"), "build", "--quiet", *services)
        docker(*command, environment=variables)

    def rendered(self) -> dict[str, Any]:
        """Return the compose file with all variables filled in and all profiles."""
        profiles = [part for name in PROFILES for part in ("--profile", name)]
        whole: dict[str, Any] = json.loads(self.run(*profiles, "config", "--format", "json"))
        return whole

    def inspected(self, service: str) -> dict[str, Any]:
        """Return what the engine says of a service's first container, running or ended."""
        [found] = json.loads(docker("inspect", self.container(service)))
        return dict(found)

    def container(self, service: str, number: int = 1) -> str:
        """Return the name of one of a service's containers."""
        return f"{self.project}-{service}-{number}"

    def kill(self, service: str) -> None:
        """Kill a service's first container as a crash would, until its policy has restarted it."""
        before = self.inspected(service)
        pid = str(before["State"]["Pid"])
        rights = ("--rm", "--pid=host", "--network=none", "--user=0")
        docker("run", *rights, "--entrypoint=sh", BUSY_BOX, "-c", f"kill -KILL {pid}")
        self.wait(partial(self._has_restarted, service, before["RestartCount"]), service)

    def address(self, service: str, network: str) -> str:
        """Return a container's address in one of the project's networks."""
        networks = self.inspected(service)["NetworkSettings"]["Networks"]
        return str(networks[f"{self.project}_{network}"]["IPAddress"])

    def health(self, service: str) -> str:
        """Return "healthy", "unhealthy", "starting", or what else the container's state is."""
        state = self.inspected(service)["State"]
        return str(state.get("Health", {}).get("Status") or state["Status"])

    def await_health(self, *services: str) -> None:
        """Wait until services are healthy."""
        for service in services:
            self.wait(partial(self._is_healthy, service), service)

    def _is_healthy(self, service: str) -> bool:
        return self.health(service) == "healthy"

    def _has_restarted(self, service: str, times: int) -> bool:
        return bool(self.inspected(service)["RestartCount"] > times)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something is so.

        Raises:
            Failed: it is not in time.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise Failed(f"{what} is not there")
            time.sleep(0.2)

    def as_root(self, *command: str) -> str:
        """Run a command with the rights of root on the folder, which it finds as /folder."""
        mount = f"{self.folder}:/folder"
        options = ("--rm", "--network=none", "--user=0", "-v", mount, "--entrypoint", command[0])
        return docker("run", *options, BUSY_BOX, *command[1:])

    def remove(self) -> None:
        """Remove containers, networks, volumes, and all that belongs to their user."""
        self._remove_all()
        self.as_root("sh", "-c", "rm -rf /folder/secrets /folder/handover /folder/readable")

    def lose(self) -> None:
        """Remove containers, networks, volumes and secrets; what was handed over is elsewhere."""
        self._remove_all()
        self.as_root("sh", "-c", "rm -rf /folder/secrets/*")

    def _remove_all(self) -> None:
        profiles = [part for name in PROFILES for part in ("--profile", name)]
        self.run(*profiles, "down", "--volumes", "--remove-orphans", "--timeout=10")

    @property
    def _file(self) -> Path:
        return self.folder / "test.env"

    def _options(self, deploy: Path) -> list[str]:
        files = (deploy / ".env.example", deploy / "demo.env", self._file)
        named = [f"--env-file={file}" for file in files]
        composed = [f"--file={deploy / file}" for file in self._files]
        return [f"--project-name={self.project}", *composed, *named]

    def _variables(self) -> dict[str, str]:
        published = {f"EHRENSACHE_{name}_PUBLISHED": str(port) for name, port in self.ports.items()}
        return {
            **published,
            "EHRENSACHE_PUBLIC_URL": self.gateway,
            "EHRENSACHE_PARTNER_URL": f"ws://localhost:{self.ports['HTTP']}/bus",
            "EHRENSACHE_OIDC_ISSUER": f"http://localhost:{self.ports['OPENID']}",
            "EHRENSACHE_EDGE_SUBNET": f"10.203.{self._subnet}.0/24",
            "EHRENSACHE_SECRETS": str(self.secrets),
            "EHRENSACHE_HANDOVER": str(self.handover),
            "EHRENSACHE_CERTIFICATES": str(self.folder / "certificates"),
            "EHRENSACHE_BUILD_NETWORK": "host",
            "EHRENSACHE_LEASE_SECONDS": "10",
        }


def docker(*words: str, environment: Mapping[str, str] | None = None, both: bool = False) -> str:
    """Run a command of Docker's and return what it printed.

    Args:
        words: such as "ps".
        environment: variables that differ from ours.
        both: also what it printed as errors, which is where most of a container's log is.

    Raises:
        Failed: it has.
    """
    ended = subprocess.run(
        ["docker", *words],  # noqa: S607 - whichever engine there is
        env={**os.environ, **BUILDKIT, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if both else subprocess.PIPE,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise Failed(f"docker {' '.join(words)}\n{ended.stdout}\n{ended.stderr}")
    return ended.stdout
