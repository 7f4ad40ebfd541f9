"""With the cluster's compose files as well, three servers of NATS speak TLS with each other."""

from functools import partial

import httpx

from tests.containers.running import prepared
from tests.waiting import until

FILES = ("compose.cluster.yaml", "compose.tls.yaml", "compose.cluster.tls.yaml")
SERVERS = ("nats", "nats-2", "nats-3")


async def test_servers_of_a_cluster_find_each_other_over_tls() -> None:
    with prepared("routes", *FILES, subnet=78) as composition:
        composition.run("run", "--rm", "secrets")
        composition.run("up", "--detach", "--no-build", *SERVERS)
        composition.await_health(*SERVERS)

        for server in SERVERS:
            origin = f"http://{composition.address(server, 'bus')}:8222"
            await until(partial(_knows_two_others, origin))
        conf = composition.as_root("cat", "/folder/secrets/nats.conf")

    assert conf.count("verify: true") == 1


async def _knows_two_others(origin: str) -> bool:
    """Tell whether a server has routes to the two others."""
    async with httpx.AsyncClient(trust_env=False, base_url=origin) as client:
        routes = (await client.get("/routez")).json()["routes"]
    return len({route["remote_name"] for route in routes}) == len(SERVERS) - 1
