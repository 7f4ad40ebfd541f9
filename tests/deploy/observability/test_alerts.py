"""Each alert fires when it should and is silent when it should; promtool judges."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.problems import LIMITS, TIMER_GRACE_SECONDS
from deploy.local import promtool
from deploy.observability.__main__ import HERE
from tests.deploy.observability.queries import alerts, drawn

PROMETHEUS = HERE / "prometheus"
TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
SEVERITIES = {"warn", "page"}


def judged(*arguments: str | Path) -> str:
    """Return what promtool says against it; nothing if it is content."""
    program = promtool.find()
    assert program, promtool.MISSING
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_alerts_fire_when_they_should(file: Path) -> None:
    assert judged("test", "rules", file) == ""


def test_promtool_finds_an_alert_that_does_not_fire(tmp_path: Path) -> None:
    rules = (PROMETHEUS / "rules" / "mails.yml").read_text().replace("> 900", "> 9000000")
    (tmp_path / "rules").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "rules" / "mails.yml").write_text(rules)
    (tmp_path / "tests" / "mails.yml").write_text((PROMETHEUS / "tests/mails.yml").read_text())

    assert "MailsWait" in judged("test", "rules", tmp_path / "tests" / "mails.yml")


def test_every_alert_is_tested_while_it_fires_and_while_it_is_silent() -> None:
    fired: set[tuple[str, str]] = set()
    silent: set[str] = set()
    for case in (case for file in TESTS for case in yaml.safe_load(file.read_text())["tests"]):
        for check in case["alert_rule_test"]:
            expected = check["exp_alerts"]
            fired |= {(check["alertname"], one["exp_labels"]["severity"]) for one in expected}
            silent |= set() if expected else {check["alertname"]}

    assert fired == {(rule["alert"], rule["labels"]["severity"]) for rule in alerts()}
    assert silent == {rule["alert"] for rule in alerts()}


def test_prometheus_takes_its_configuration() -> None:
    assert judged("check", "config", PROMETHEUS / "prometheus.yml") == ""


def test_every_query_of_a_dashboard_can_be_read(tmp_path: Path) -> None:
    recorded = [
        {"record": f"drawn:{number}", "expr": query, "labels": {"panel": where}}
        for number, (where, query) in enumerate(drawn())
    ]
    rules = tmp_path / "drawn.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "drawn", "rules": recorded}]}))

    assert len(recorded) > 100
    assert judged("check", "rules", rules) == ""


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: f"{rule['alert']}-{rule['expr'][-6:]}")
def test_an_alert_says_what_is_wrong_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in SEVERITIES
    assert rule["annotations"]["summary"].endswith(".")
    assert re.fullmatch(r"docs/runbook\.md#[a-z0-9-]+", rule["annotations"]["runbook_url"])


def test_the_status_screen_and_the_alerts_have_the_same_limits() -> None:
    expressions = " ".join(rule["expr"] for rule in alerts())

    for figure, (limit, _) in LIMITS.items():
        assert re.search(rf"ehrensache_{figure} (>|!=) {limit}\b", expressions), figure
    overdue = f"> 2 * ehrensache_timer_interval_seconds + {TIMER_GRACE_SECONDS}"
    assert overdue in expressions
