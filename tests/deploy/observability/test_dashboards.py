"""The dashboards are what their source says, and what Grafana takes."""

import json
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.cli.figures import KIT, OWN
from deploy.observability.__main__ import FOLDER, HERE
from deploy.observability.dashboards import dashboards
from deploy.postgres.roles import SERVICES
from tests.deploy.observability.queries import metrics, queries

NAMES = sorted(dashboards())
COLUMNS = 24


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_dashboard_is_up_to_date(name: str) -> None:
    """Run `make reference` if this fails."""
    assert (FOLDER / name).read_text(encoding="utf-8") == dashboards()[name]


def test_there_is_one_for_the_city_and_one_for_each_service_and_no_other() -> None:
    assert sorted(f"{name}.json" for name in ("city", *SERVICES)) == NAMES
    assert [path.name for path in sorted(FOLDER.iterdir())] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_grafanas_own_types_lose_nothing_of_a_dashboard(name: str) -> None:
    read = Dashboard.from_json(document(name))

    assert json.loads(JSONEncoder().encode(read)) == document(name)


@pytest.mark.parametrize("name", NAMES)
def test_panels_have_their_place_their_number_and_the_source_that_is_provisioned(name: str) -> None:
    panels = document(name)["panels"]
    provisioned = yaml.safe_load(
        (HERE / "grafana/provisioning/datasources/prometheus.yml").read_text()
    )["datasources"][0]
    cells = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]

    assert document(name)["schemaVersion"] == 41
    assert sorted(panel["id"] for panel in panels) == list(range(1, len(panels) + 1))
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < COLUMNS
    for panel in (panel for panel in panels if panel["type"] != "row"):
        assert panel["targets"]
        assert panel["datasource"] == {"type": provisioned["type"], "uid": provisioned["uid"]}


def test_every_figure_of_the_database_is_drawn() -> None:
    drawn = set().union(*map(metrics, queries()))
    figures = [*KIT, *(name for own in OWN.values() for name in own)]

    assert not [name for name in figures if f"ehrensache_{name}" not in drawn]


def test_titles_are_told_apart() -> None:
    titles = [document(name)["title"] for name in NAMES]

    assert len(set(titles)) == len(titles)
