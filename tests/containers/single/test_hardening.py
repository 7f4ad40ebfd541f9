"""Each service of the compose file is as closed as can be; every exception is named here."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from deploy.postgres.roles import SERVICES
from deploy.postgres.settings import INITIAL
from tests.containers.composition import DEPLOY, Composition
from tests.containers.system import PROCESSES, STARTED, ComposedSystem

JOBS: Final = {"volumes", "migrate", "provision", "secrets", "operator", "demo"}
"""Run once and end; all others are started again."""
FOREIGN_USERS: Final = {"postgres": "postgres", "prometheus": "nobody", "grafana": "472:0"}
"""Users of the official images, since their volumes belong to them."""
MORE_RIGHTS: Final = {
    "gateway": ["NET_BIND_SERVICE"],
    "helpers": ["NET_BIND_SERVICE"],
    "volumes": ["CHOWN"],
}
PUBLISHING: Final = {"gateway": None, "helpers": "127.0.0.1"}
"""Who publishes ports, and on which address only."""
NETWORKS: Final = {
    **{f"{service}-api": {"edge", "bus", service} for service in SERVICES},
    **{f"{service}-worker": {"bus", service} for service in ("registry", "recognition")},
    "events-worker": {"bus", "events", "outside"},
    "notifier-worker": {"bus", "notifier", "outside"},
    "gateway": {"edge", "partners"},
    "nats": {"bus", "partners"},
    "postgres": {*SERVICES, "operator"},
    "migrate": {"operator"},
    "provision": {"bus"},
    "operator": {"bus", "operator"},
    "demo": {"bus", "operator"},
    "mailbox": {"outside"},
    "helpers": {"edge", "outside", "watch"},
    "exporter": {"bus", "operator", "partners"},
    "prometheus": {"bus", "watch"},
    "grafana": {"watch"},
    "volumes": set(),
    "secrets": set(),
    "openid": set(),
}
OPEN_NETWORKS: Final = {"edge", "outside"}
"""The others lead nowhere outside."""
OF_COMPOSE: Final = {"COMPOSE_FILE"}
"""Variables of compose's own that .env.example explains."""
SECRET: Final = re.compile(r"PASSWORD|SECRET|PRIVATE_KEY|CREDENTIALS|DATABASE_URL|OPT_OUT")


@pytest.fixture(scope="module", params=[(), ("compose.cluster.yaml",)], ids=["single", "cluster"])
def any_rendered(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The compose file, and the variant for a cluster, with all variables filled in."""
    folder = tmp_path_factory.mktemp("rendered")
    return Composition(folder, "rendered", *request.param).rendered()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The compose file with all variables filled in."""
    return Composition(tmp_path_factory.mktemp("rendered"), "rendered").rendered()


def services(rendered: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from rendered["services"].items()


def test_every_service_is_read_only_without_rights_and_bounded(
    any_rendered: dict[str, Any],
) -> None:
    for name, service in services(any_rendered):
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service.get("cap_add", []) == MORE_RIGHTS.get(name, []), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert 0 < service["pids_limit"] <= 512, name
        assert 0 < int(service["mem_limit"]) <= 2 * 1024**3, name
        assert 0 < service["cpus"] <= 2, name
        assert service["tmpfs"], name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name


def test_every_service_runs_as_a_user_without_rights(any_rendered: dict[str, Any]) -> None:
    for name, service in services(any_rendered):
        usual = "0:0" if name == "volumes" else "10001:10001"
        assert service["user"] == FOREIGN_USERS.get(name, usual), name


def test_jobs_end_and_everything_else_is_started_again(any_rendered: dict[str, Any]) -> None:
    for name, service in services(any_rendered):
        assert service["restart"] == ("no" if name in JOBS else "unless-stopped"), name


def test_only_the_gateway_is_reached_from_outside(any_rendered: dict[str, Any]) -> None:
    published = {
        name: {port.get("host_ip") for port in service["ports"]}
        for name, service in services(any_rendered)
        if service.get("ports")
    }

    assert published == {name: {address} for name, address in PUBLISHING.items()}


def test_every_service_is_in_its_networks_only(rendered: dict[str, Any]) -> None:
    found = {name: set(service.get("networks") or {}) for name, service in services(rendered)}
    leading_out = {
        name for name, network in rendered["networks"].items() if not network.get("internal")
    }

    assert found == NETWORKS
    assert leading_out == OPEN_NETWORKS
    for link in SERVICES:
        sharing = {name for name, networks in found.items() if link in networks}
        assert sharing == {"postgres", f"{link}-api", f"{link}-worker"}


def test_secrets_come_as_files(any_rendered: dict[str, Any]) -> None:
    for name, service in services(any_rendered):
        for variable, value in service.get("environment", {}).items():
            if SECRET.search(variable) and not variable.endswith("_PUBLIC_KEYS"):
                assert variable.endswith(("_FILE", "_PASSWORDS", "_FOLDER")), (name, variable)
                assert f"{value}/".startswith(("/run/secrets/", "/secrets/")), (name, variable)


def test_a_service_is_given_its_own_secrets_only(any_rendered: dict[str, Any]) -> None:
    for name, service in services(any_rendered):
        own = name.partition("-")[0]
        for secret in service.get("secrets", []):
            of = secret["source"].partition("_")[0]
            assert of not in SERVICES or of == own, (name, secret["source"])


def test_everything_waits_until_what_it_needs_is_there(rendered: dict[str, Any]) -> None:
    awaited = {
        name: {other: how["condition"] for other, how in service.get("depends_on", {}).items()}
        for name, service in services(rendered)
    }

    for process in PROCESSES:
        assert awaited[process] == {
            "migrate": "service_completed_successfully",
            "provision": "service_completed_successfully",
        }
    assert awaited["migrate"] == {"postgres": "service_healthy"}
    assert awaited["provision"] == {"nats": "service_healthy"}
    assert awaited["nats"] == {"volumes": "service_completed_successfully"}
    assert {awaited["gateway"][f"{one}-api"] for one in SERVICES} == {"service_healthy"}


def test_every_variable_is_explained() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    example = (DEPLOY / ".env.example").read_text()
    explained = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    filled_in = re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)

    assert {*used, *OF_COMPOSE} == set(explained)
    assert len(filled_in) == len(set(filled_in))


def test_the_data_of_postgres_is_made_as_in_the_local_run(rendered: dict[str, Any]) -> None:
    given = rendered["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]

    assert given.split() == list(INITIAL)


async def test_the_engine_keeps_what_the_file_says(system: ComposedSystem) -> None:
    for name in (*STARTED, "postgres", "nats"):
        found = system.composition.inspected(name)
        host, process = found["HostConfig"], found["Config"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        more = [right.removeprefix("CAP_") for right in host["CapAdd"] or []]
        assert more == MORE_RIGHTS.get(name, []), name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["PidsLimit"] > 0, name
        assert host["Memory"] > 0, name
        assert process["User"] == FOREIGN_USERS.get(name, "10001:10001"), name
        assert found["State"]["OOMKilled"] is False, name
        assert found["RestartCount"] == 0, name
