"""The operator's commands on real servers: status, dead letters, migrate, provision."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner, Result

from deploy.cli import problems
from deploy.cli.main import app
from deploy.cli.state import MailState, PartnerState, ProcessState, ServiceState
from deploy.local.stack import Stack, Wishes
from deploy.postgres.migrate import folders
from deploy.postgres.roles import SERVICES

NEWEST = {
    service: max(file.name[:4] for folder in folders(service) for file in folder.iterdir())
    for service in SERVICES
}
SUBJECT = "facts.registry.person_erased.v1"


@pytest.fixture(scope="module")
def stack(servers_directory: Path) -> Iterator[Stack]:
    with Stack(servers_directory / "cli", Wishes(services=(), durable=False)) as stack:
        yield stack


def _run(stack: Stack | None, *arguments: str, **environment: str) -> Result:
    root = str(stack.layout.root) if stack else "/nonexistent"
    return CliRunner().invoke(app, arguments, env={"EHRENSACHE_LOCAL": root, **environment})


def _execute(stack: Stack, role: str, statement: str, *arguments: object) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(stack.database_url(role))
        await connection.execute(statement, *arguments)
        await connection.close()

    asyncio.run(execute())


def _bury(stack: Stack, subject: str = SUBJECT) -> UUID:
    fact_id = uuid4()
    headers = {"ce-id": str(fact_id), "Nats-Msg-Id": str(fact_id)}
    _execute(
        stack,
        "recognition_app",
        """
        insert into dead_letter (consumer, fact_id, subject, headers, body, reason, deliveries)
        values ('recognition', $1, $2, $3, '{}', 'KeyError', 5)
        """,
        fact_id,
        subject,
        json.dumps(headers),
    )
    return fact_id


def _letters(stack: Stack) -> list[str]:
    listed = _run(stack, "dead-letters", "list", "--json")
    return [letter["dead_letter_id"] for letter in json.loads(listed.stdout)]


def test_status_says_that_everything_is_well(stack: Stack) -> None:
    shown = _run(stack, "status")

    assert shown.exit_code == 0
    assert "Everything is well" in shown.stdout
    assert all(name in shown.stdout for name in ("registry", "recognition", "events", "notifier"))


def test_status_names_what_is_wrong_and_exits_with_one(stack: Stack) -> None:
    fact_id = uuid4()
    _execute(
        stack,
        "registry_app",
        """
        insert into outbox (fact_id, subject, aggregate_id, aggregate_version, traceparent, body,
            recorded_at)
        values ($1, $2, $1, 1, '', '', now() - interval '5 minutes')
        """,
        fact_id,
        SUBJECT,
    )

    shown = _run(stack, "status", "--json")
    _execute(stack, "registry_app", "delete from outbox")

    state = json.loads(shown.stdout)
    assert shown.exit_code == 1
    assert state["services"][0]["unpublished"] == 1
    assert re.fullmatch(r"registry: a fact has waited 30\d s to be published", *state["problems"])


def test_status_names_processes_that_do_not_answer(stack: Stack) -> None:
    known = stack.notes
    answers = httpx.URL(known.gateway).port

    shown = _run(
        None,
        "status",
        EHRENSACHE_POSTGRES=known.postgres,
        EHRENSACHE_PASSWORDS=str(known.passwords),
        EHRENSACHE_NATS_URL=known.nats_url,
        EHRENSACHE_BUS_KEYS=str(known.bus_keys),
        EHRENSACHE_HEALTH=f"away=http://127.0.0.1:9 wrong=http://127.0.0.1:{answers}",
    )

    assert shown.exit_code == 1
    assert "✗ away does not answer (ConnectError)" in shown.stdout
    assert "✗ wrong " in shown.stdout


@pytest.mark.parametrize(
    ("away", "sentence", "known"),
    [
        ("EHRENSACHE_POSTGRES", "PostgreSQL at 127.0.0.1:9 cannot be reached", "pending"),
        ("EHRENSACHE_NATS_URL", "NATS at nats://127.0.0.1:9 cannot be reached", "unpublished"),
    ],
)
def test_status_says_what_it_can_while_a_server_is_away(
    stack: Stack, away: str, sentence: str, known: str
) -> None:
    notes = stack.notes
    servers = {
        "EHRENSACHE_POSTGRES": notes.postgres,
        "EHRENSACHE_PASSWORDS": str(notes.passwords),
        "EHRENSACHE_NATS_URL": notes.nats_url,
        "EHRENSACHE_BUS_KEYS": str(notes.bus_keys),
    }
    nobody = "127.0.0.1:9" if away == "EHRENSACHE_POSTGRES" else "nats://127.0.0.1:9"

    shown = _run(None, "status", "--json", **{**servers, away: nobody})

    state = json.loads(shown.stdout)
    unknown = {"pending", "unpublished"} - {known}
    assert shown.exit_code == 1
    assert any(sentence in problem for problem in state["problems"])
    assert all(service[known] >= 0 for service in state["services"])
    assert {service[name] for service in state["services"] for name in unknown} == {-1}


def test_status_names_trouble_with_mails(stack: Stack) -> None:
    _execute(stack, "notifier_app", "update sending_control set trouble = 'refused the password'")

    shown = _run(stack, "status", "--json")
    _execute(stack, "notifier_app", "update sending_control set trouble = ''")

    state = json.loads(shown.stdout)
    assert shown.exit_code == 1
    assert state["problems"] == ["no mail goes out, 0 wait: refused the password"]
    assert state["mails"]["trouble"] == "refused the password"


def test_status_says_how_long_the_oldest_fact_waits_for_a_service(stack: Stack) -> None:
    _bury(stack, "facts.registry.person_changed.v1")
    _run(stack, "dead-letters", "replay", "recognition", "--all")

    state = json.loads(_run(stack, "status", "--json").stdout)

    hearing = [each for each in state["services"] if each["pending"]]
    assert hearing
    assert all(each["pending_seconds"] > 0 for each in hearing)


def test_what_waits_too_long_is_a_problem() -> None:
    registry = ServiceState("registry", 3, 61.0, 0, 7, 0, 0, 62.0)
    partner = PartnerState("PARTNER_THEATER", 5, 63.0)
    paused = MailState(waiting=4, failed=0, trouble="", is_paused=True)
    slow = ProcessState("registry-api", is_ready=False, detail="is starting or ending")

    assert [
        *problems.of_processes([slow]),
        *problems.of_services([registry]),
        *problems.of_partners([partner]),
        *problems.of_mails(paused),
    ] == [
        "registry-api is starting or ending",
        "registry: a fact has waited 61 s to be published",
        "registry: a fact has waited 62 s to be taken",
        "PARTNER_THEATER: an item has waited 63 s to be taken",
        "sending is paused in the console, 4 mails wait",
    ]


def test_without_a_run_a_command_says_how_to_start_one() -> None:
    shown = _run(None, "status")

    assert shown.exit_code == 4
    assert "make up" in shown.stderr


def test_a_half_named_system_is_refused() -> None:
    shown = _run(None, "status", EHRENSACHE_POSTGRES="127.0.0.1:1")

    assert shown.exit_code == 2
    assert "EHRENSACHE_NATS_URL" in shown.stderr


@pytest.mark.parametrize("command", ["migrate", "verify", "rebuild", "provision"])
def test_a_server_that_is_away_is_named(stack: Stack, command: str) -> None:
    known = stack.notes

    shown = _run(
        None,
        command,
        EHRENSACHE_POSTGRES="127.0.0.1:9",
        EHRENSACHE_PASSWORDS=str(known.passwords),
        EHRENSACHE_NATS_URL="nats://127.0.0.1:9",
        EHRENSACHE_BUS_KEYS=str(known.bus_keys),
    )

    assert shown.exit_code == 4
    assert "127.0.0.1:9" in shown.stderr or "not reached" in shown.stderr


@pytest.mark.parametrize("command", ["migrate", "provision"])
def test_a_job_can_be_repeated(stack: Stack, command: str) -> None:
    first, second = _run(stack, command), _run(stack, command)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "up to date" in second.stderr


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("migrate", {"schemas": NEWEST}),
        ("provision", {"services": sorted(SERVICES), "partners": []}),
        ("verify", {"findings": []}),
    ],
)
def test_a_job_tells_programs_what_it_has_found(
    stack: Stack, command: str, told: dict[str, object]
) -> None:
    shown = _run(stack, command, "--json")

    assert shown.exit_code == 0
    assert json.loads(shown.stdout) == told


def test_programs_are_told_which_letters_are_closed_and_which_not(stack: Stack) -> None:
    _bury(stack)
    (letter,) = _letters(stack)
    named = ("recognition", letter, "--json")

    replayed = _run(stack, "dead-letters", "replay", *named)
    late = _run(stack, "dead-letters", "dismiss", *named, "--reason", "zu spät")

    failure = {"dead_letter_id": letter, "reason": "is unknown or was closed already"}
    assert (replayed.exit_code, late.exit_code) == (0, 1)
    assert json.loads(replayed.stdout) == {"closed": [letter], "failed": []}
    assert json.loads(late.stdout) == {"closed": [], "failed": [failure]}


def test_a_replayed_letter_is_published_once_more_and_closed(stack: Stack) -> None:
    _bury(stack)
    (letter,) = _letters(stack)
    before = _messages(stack)

    replayed = _run(stack, "dead-letters", "replay", "recognition", letter)

    assert replayed.exit_code == 0
    assert "1 replayed, 0 not" in replayed.stderr
    assert _messages(stack) == before + 1
    assert _letters(stack) == []
    again = _run(stack, "dead-letters", "replay", "recognition", letter)
    assert again.exit_code == 1
    assert "unknown or was closed already" in again.stderr


def test_a_letter_is_published_although_the_stream_has_seen_its_id(stack: Stack) -> None:
    fact_id = _bury(stack)
    letters = _letters(stack)
    _run(stack, "dead-letters", "replay", "recognition", *letters)
    before = _messages(stack)
    reopen = "update dead_letter set replayed_at = null where fact_id = $1"
    _execute(stack, "recognition_app", reopen, fact_id)

    _run(stack, "dead-letters", "replay", "recognition", "--all")

    assert _messages(stack) == before + 1


def test_a_letter_that_is_no_fact_stays_open(stack: Stack) -> None:
    _bury(stack, "partner.ABC.event")
    letters = _letters(stack)

    shown = _run(stack, "dead-letters", "replay", "recognition", "--all")
    listed = _run(stack, "dead-letters", "list", "--service", "recognition")
    wrong = _run(stack, "status", "--json")

    assert shown.exit_code == 1
    assert "only facts can be replayed" in shown.stderr
    assert _letters(stack) == letters != []
    assert listed.exit_code == 1
    assert "recognition: 1 dead letters" in json.loads(wrong.stdout)["problems"][0]


def test_a_letter_that_cannot_be_replayed_is_dismissed_with_a_reason(stack: Stack) -> None:
    (letter,) = _letters(stack)
    why = "Versuch eines Partners, nichts fehlt"

    without = _run(stack, "dead-letters", "dismiss", "recognition", letter, "--reason", " ")
    done = _run(stack, "dead-letters", "dismiss", "recognition", letter, "--reason", why)
    again = _run(stack, "dead-letters", "dismiss", "recognition", letter, "--reason", why)
    late = _run(stack, "dead-letters", "replay", "recognition", letter)
    listed = _run(stack, "dead-letters", "list", "--dismissed", "--json")
    state = json.loads(_run(stack, "status", "--json").stdout)

    (kept,) = json.loads(listed.stdout)
    counted = {one["name"]: (one["dead_letters"], one["dismissed"]) for one in state["services"]}
    assert (without.exit_code, done.exit_code, again.exit_code, late.exit_code) == (2, 0, 1, 1)
    assert "1 dismissed, 0 not" in done.stderr
    assert "unknown or was closed already" in again.stderr
    assert _letters(stack) == []
    assert (kept["dead_letter_id"], kept["dismissed_because"]) == (letter, why)
    assert kept["dismissed_by"].startswith("operator:")
    assert kept["dismissed_at"]
    assert counted["recognition"] == (0, 1)
    assert "(1 dismissed)" in _run(stack, "status").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("dead-letters", "replay", "recognition"),
        ("dead-letters", "replay", "recognition", "0199f3a0-0000-7000-8000-000000000000", "--all"),
        ("dead-letters", "replay", "nobody", "--all"),
        ("dead-letters", "list", "--service", "nobody"),
        ("dead-letters", "replay", "recognition", "no-uuid"),
    ],
)
def test_wrong_usage_is_explained(stack: Stack, arguments: tuple[str, ...]) -> None:
    assert _run(stack, *arguments).exit_code == 2


def _messages(stack: Stack) -> int:
    state = httpx.get(f"{stack.notes.nats_monitoring}/jsz", params={"streams": "true"}).json()
    return int(state["messages"])
