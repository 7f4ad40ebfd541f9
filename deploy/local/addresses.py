"""Chooses the ports of a local run and says the addresses that follow from them."""

import socket
from pathlib import Path

import msgspec

from deploy.local.ports import HOST, free_port, is_free, soon
from deploy.postgres.roles import SERVICES

USUAL = {
    "gateway": 8080,
    "mailbox": 8025,
    "smtp": 2525,
    "openid": 9400,
    "postgres": 5432,
    "nats": 4222,
    "nats_monitoring": 8222,
    "nats_websocket": 8223,
    **{f"{service}-api": 8101 + number for number, service in enumerate(SERVICES)},
    **{f"{service}-worker": 8201 + number for number, service in enumerate(SERVICES)},
}
"""The port of each part where nothing else has it; a worker's is its health port."""

SHOWN = {"gateway", "mailbox", "openid"}
"""Opened in a browser as http://localhost:…, so nothing else may have them on IPv6 either."""


class Addresses(msgspec.Struct, frozen=True):
    """The ports of one run, by part."""

    ports: dict[str, int]

    @property
    def gateway(self) -> str:
        """Origin of the application."""
        return f"http://localhost:{self.ports['gateway']}"

    @property
    def mailbox(self) -> str:
        """Where the mails can be read."""
        return f"http://localhost:{self.ports['mailbox']}"

    @property
    def openid(self) -> str:
        """Issuer of the sign-in."""
        return f"http://localhost:{self.ports['openid']}"

    def health(self, process: str) -> str:
        """Return where a service's process, such as `events-api`, tells of its health."""
        return f"http://{HOST}:{self.ports[process]}"

    @property
    def moved(self) -> dict[str, int]:
        """Return the usual ports that had to be given up, by part."""
        return {part: usual for part, usual in USUAL.items() if self.ports[part] != usual}


def choose(memory: Path, *, usual: bool = True) -> Addresses:
    """Choose a free port for every part: the last one, else the usual one, else any.

    Addresses in mails and sign-ins stay good as long as the ports of the last run are free.

    Args:
        memory: file in which the choice is kept.
        usual: False takes any free ports, for tests that run beside a started stack.
    """
    last = msgspec.json.decode(memory.read_bytes(), type=dict[str, int]) if memory.exists() else {}
    ports: dict[str, int] = {}
    until = soon()
    for part, usual_port in USUAL.items():
        wishes = [last.get(part), usual_port if usual else None]
        ports[part] = _choose_one(part, [one for one in wishes if one], set(ports.values()), until)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_bytes(msgspec.json.format(msgspec.json.encode(ports)))
    return Addresses(ports)


def _choose_one(part: str, wishes: list[int], taken: set[int], until: float) -> int:
    for wish in wishes:
        if wish not in taken and is_free(wish, until=until) and _is_free_on_ipv6(part, wish):
            return wish
    while True:
        port = free_port()
        if port not in taken and _is_free_on_ipv6(part, port):
            return port


def _is_free_on_ipv6(part: str, port: int) -> bool:
    if part not in SHOWN or not socket.has_ipv6:
        return True
    with socket.socket(socket.AF_INET6) as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("::1", port)) != 0
