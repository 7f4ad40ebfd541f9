"""A system in containers under a name of its own, for which it fetches a certificate."""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.containers.composition import DEPLOY, Composition, Failed
from tests.containers.running import prepared, started
from tests.containers.system import ComposedSystem

NAME: Final = "ehrenamt.example"
WORLD: Final = Path(__file__).with_name("compose.world.yaml")
ROOT_OF_AUTHORITY: Final = "/tmp/caddy/pki/authorities/local/root.crt"  # noqa: S108 - in its container
OWN: Final = f"""
EHRENSACHE_GATEWAY_SITE={NAME}
EHRENSACHE_PUBLIC_URL=https://{NAME}
EHRENSACHE_CERTIFICATE_AT=gateway:443
"""
"""What the operator says in .env, besides who the authority is."""


def who_the_authority_is() -> str:
    """Return the line of .env.example that names an authority, with the address of this one."""
    text = (DEPLOY / ".env.example").read_text()
    [line] = re.findall(r"^# +(EHRENSACHE_GATEWAY_TLS=.+)$", text, re.MULTILINE)
    return str(line).replace("acme.example.de/acme/acme", "acme.example/acme/local")


class NamedSystem(ComposedSystem):
    """As the others, beside an authority whose root certificate the operator has been given."""

    def up(self) -> None:
        composition = self.composition
        composition.run("up", "--detach", "--no-build", "authority")
        composition.wait(partial(_is_known, composition), "the authority's certificate")
        super().up()


def _is_known(composition: Composition) -> bool:
    """Take over the authority's root certificate as soon as it is there."""
    with suppress(Failed):
        root = composition.run("exec", "-T", "authority", "cat", ROOT_OF_AUTHORITY)
        (composition.folder / "certificates" / "root.pem").write_text(root)
        return True
    return False


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[ComposedSystem]:
    """All services, started once."""
    with prepared("named", str(WORLD), subnet=77) as composition:
        with composition._file.open("a") as file:
            file.write(f"{OWN}{who_the_authority_is()}\n")
        async with started(composition, NamedSystem) as system:
            yield system


@pytest.fixture
def trusting(system: ComposedSystem) -> ssl.SSLContext:
    """Somebody who trusts this one authority and nobody else."""
    return ssl.create_default_context(cafile=system.composition.folder / "certificates/root.pem")
