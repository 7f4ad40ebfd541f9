"""The gateway fetches its certificate by ACME, from whichever authority the operator names."""

import re
import ssl
from contextlib import suppress

import httpx

from tests.containers.acme.conftest import NAME
from tests.containers.composition import Failed
from tests.containers.system import ComposedSystem


async def asked(system: ComposedSystem, trusting: ssl.SSLContext, path: str) -> httpx.Response:
    """Ask for a page as a browser does that has found the name."""
    origin = f"https://localhost:{system.composition.ports['HTTPS']}"
    async with httpx.AsyncClient(verify=trusting, trust_env=False, base_url=origin) as browser:
        return await browser.get(
            path, headers={"Host": NAME}, extensions={"sni_hostname": NAME}, timeout=30
        )


async def test_pages_are_served_with_a_certificate_of_the_authority(
    system: ComposedSystem, trusting: ssl.SSLContext
) -> None:
    page = await asked(system, trusting, "/termine")

    assert page.status_code == httpx.codes.OK
    assert '<html lang="de"' in page.text


async def test_whoever_comes_without_tls_is_sent_to_the_same_page_with_it(
    system: ComposedSystem,
) -> None:
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(f"{system.composition.gateway}/termine", headers={"Host": NAME})

    assert answer.status_code == httpx.codes.PERMANENT_REDIRECT
    assert answer.headers["location"] == f"https://{NAME}/termine"


def test_the_exporter_sees_how_long_the_certificate_is_good(system: ComposedSystem) -> None:
    composition = system.composition
    asked = "import urllib.request as u; print(u.urlopen('http://exporter:8000/metrics').read())"
    said: list[str] = []

    def answers() -> bool:
        with suppress(Failed):
            said.append(composition.run("exec", "-T", "registry-worker", "python", "-c", asked))
        return bool(said)

    composition.run("up", "--detach", "--no-build", "exporter")
    composition.wait(answers, "the exporter's answer")

    [seconds] = re.findall(r"ehrensache_certificate_seconds ([0-9.]+)", said[0])
    assert 0 < float(seconds) <= 12 * 3_600  # for which Caddy's own authority signs


async def test_a_restarted_gateway_shows_the_certificate_that_it_has(
    system: ComposedSystem, trusting: ssl.SSLContext
) -> None:
    system.composition.run("stop", "authority")
    system.composition.run(
        "up", "--detach", "--no-build", "--no-deps", "--force-recreate", "gateway"
    )
    system.composition.await_health("gateway")

    assert (await asked(system, trusting, "/livez")).text == "alive"
