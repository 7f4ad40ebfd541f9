"""Nothing starts half-configured, and everything ends in time with its work done."""

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.containers.composition import Composition, Failed
from tests.containers.system import PROCESSES, ComposedSystem

SECRETS = ("registry.url", "bus/users/events.creds", "staff-token.key", "opt-out.secret")


pytestmark = pytest.mark.usefixtures("composition")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composition]:
    """A project with secrets that nothing was started from."""
    bare = Composition(tmp_path_factory.mktemp("bare"), "bare", subnet=70)
    bare.prepare()
    bare.run("run", "--rm", "secrets")
    yield bare
    bare.remove()


@pytest.mark.parametrize("missing", SECRETS)
def test_a_missing_secret_stops_the_start_and_is_named(bare: Composition, missing: str) -> None:
    bare.as_root("mv", f"/folder/secrets/{missing}", "/folder/secrets/away")

    with pytest.raises(Failed) as stopped:
        bare.run("create", "--no-build", *PROCESSES)

    bare.as_root("mv", "/folder/secrets/away", f"/folder/secrets/{missing}")
    bare.run("down")  # what was made before the start stopped would be in the way of the next one
    assert missing in str(stopped.value)


@pytest.mark.parametrize("missing", ["PUBLIC_URL", "SMTP_HOST", "OIDC_ISSUER", "GATEWAY_SITE"])
def test_a_missing_variable_stops_the_start_and_is_named(
    composition: Composition, missing: str
) -> None:
    with pytest.raises(Failed, match=f"EHRENSACHE_{missing}"):
        composition.run("config", "--quiet", **{f"EHRENSACHE_{missing}": ""})


def test_secrets_are_made_once(bare: Composition) -> None:
    before = bare.as_root("sh", "-c", "cd /folder/secrets && sha256sum $(find . -type f | sort)")

    bare.run("run", "--rm", "secrets")

    after = bare.as_root("sh", "-c", "cd /folder/secrets && sha256sum $(find . -type f | sort)")
    assert after == before
    modes = bare.as_root("sh", "-c", "find /folder/secrets -type d -exec stat -c %a {} +")
    assert set(modes.split()) == {"700"}


async def test_a_process_ends_by_itself_when_it_is_told_to(system: ComposedSystem) -> None:
    composition = system.composition
    for name in PROCESSES:
        composition.run("stop", name)
    ended = {name: composition.inspected(name)["State"] for name in PROCESSES}
    composition.run("start", *PROCESSES)
    composition.await_health(*PROCESSES)

    # Who does not end within the time that the file grants is killed, and leaves 137.
    assert {name: state["ExitCode"] for name, state in ended.items()} == dict.fromkeys(PROCESSES, 0)
    grace = composition.rendered()["services"]["registry-worker"]["stop_grace_period"]
    assert grace == "10s"


async def test_jobs_can_be_repeated(system: ComposedSystem) -> None:
    composition = system.composition
    before = await system.value("select count(*) from registry.schema_migrations")

    composition.run("run", "--rm", "migrate")
    composition.run("run", "--rm", "provision")

    assert await system.value("select count(*) from registry.schema_migrations") == before
    for job in ("volumes", "migrate", "provision"):
        assert composition.inspected(job)["State"]["ExitCode"] == 0


async def test_status_says_that_all_is_well_once_a_backup_was_tried(
    system: ComposedSystem,
) -> None:
    backup = system.back_up("status.key")
    system.command("restore", f"backups/{backup}", "--identity", "status.key", "--verify")

    said = system.command("status", "--json")

    state = json.loads(said)
    assert state["problems"] == []
    assert {one["name"] for one in state["processes"]} == set(PROCESSES)


async def test_the_exporter_tells_what_waits_with_no_more_than_its_own_secrets(
    system: ComposedSystem,
) -> None:
    composition = system.composition
    asked = "import urllib.request as u; print(u.urlopen('http://exporter:8000/metrics').read())"
    said: list[str] = []

    def answers() -> bool:
        with suppress(Failed):
            said.append(composition.run("exec", "-T", "registry-worker", "python", "-c", asked))
        return bool(said)

    composition.run("up", "--detach", "--no-build", "exporter")
    composition.wait(answers, "the exporter's answer")

    assert "ehrensache_problems" in said[0]
    mounts = {one["Destination"] for one in composition.inspected("exporter")["Mounts"]}
    assert mounts == {
        "/secrets/passwords/observer.password",
        "/secrets/bus/users/observer.creds",
        "/volumes/postgres",
        "/handover/backups",
    }
