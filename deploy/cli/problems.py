"""Decides what of a system's state somebody has to look at, and says it in a sentence each."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from deploy.cli.state import (
    HostState,
    MailState,
    PartnerState,
    ProcessState,
    ServiceState,
    StreamState,
)

OLDEST_SECONDS: Final = 60
"""What waits longer than this stands still: for the stream, for a service, for the mail server."""
TIMER_GRACE_SECONDS: Final = 300
"""How much longer than two of its intervals a timer may be silent."""
FULL_PART: Final = 0.8
"""Of a stream's bytes or the database's connections."""
FREE_PART: Final = 0.1
"""Of a disk."""
CERTIFICATE_SECONDS: Final = 21 * 86_400
BACKUP_SECONDS: Final = 26 * 3_600
"""A night's backup may take two hours longer than the last one."""
RESTORE_TEST_SECONDS: Final = 35 * 86_400
LIMITS: Final = {
    "imports_oldest_seconds": (1_800, "an import has not ended for {:.0f} s"),
    "place_drift": (0, "{:.0f} places of concerts are counted wrongly"),
    "offers_overdue_seconds": (300, "an offered place should have lapsed {:.0f} s ago"),
    "receipts_oldest_seconds": (300, "a partner has waited {:.0f} s for a receipt"),
    "releases_overdue_seconds": (300, "an event should have been public for {:.0f} s"),
    "pulls_overdue_seconds": (3_600, "a partner's calendar has not been fetched for {:.0f} s"),
    "course_place_drift": (0, "{:.0f} places of courses are counted wrongly"),
    "mail_possible_duplicates": (0, "{:.0f} mails may have arrived twice today"),
    "prints_oldest_seconds": (900, "a PDF of letters has not been finished for {:.0f} s"),
    "overdue_rows": (0, "{:.0f} rows should have been deleted"),
}
"""Figures that are a problem above a limit."""
PERSONAL_MAIL_SECONDS: Final = 900
"""How long an answer to a person may be due; mails of a wave go out at the rate that is set."""


def of_processes(processes: Iterable[ProcessState]) -> list[str]:
    """Name the processes that are not ready."""
    return [f"{each.name} {each.detail}" for each in processes if not each.is_ready]


def of_services(services: Iterable[ServiceState]) -> list[str]:
    """Name what has waited too long in a service, what was given up on, what stands still."""
    return [f"{service.name}: {said}" for service in services for said in _of_service(service)]


def of_partners(partners: Iterable[PartnerState]) -> list[str]:
    """Name the partners whose items are not taken."""
    return [
        f"{each.stream}: an item has waited {each.pending_seconds:.0f} s to be taken"
        for each in partners
        if each.pending_seconds > OLDEST_SECONDS
    ]


def of_mails(mails: MailState | None) -> list[str]:
    """Say why no mail goes out."""
    problems = []
    if mails and mails.trouble:
        problems.append(f"no mail goes out, {mails.waiting} wait: {mails.trouble}")
    if mails and mails.is_paused:
        problems.append(f"sending is paused in the console, {mails.waiting} mails wait")
    return problems


def of_host(host: HostState, streams: Sequence[StreamState]) -> list[str]:
    """Name what is nearly full or nearly over."""
    problems = [
        f"the stream {each.name} is {each.bytes / each.most_bytes:.0%} full; full, it takes nothing"
        for each in streams
        if each.most_bytes > 0 and each.bytes > FULL_PART * each.most_bytes
    ]
    database = host.database
    if database and database.connections > FULL_PART * database.most_connections:
        taken = f"{database.connections} of {database.most_connections}"
        problems.append(f"PostgreSQL: {taken} connections are taken")
    if host.nats_detail:
        problems.append(f"NATS {host.nats_detail}")
    problems += [
        f"the disk of {name} is {1 - free:.0%} full"
        for name, free in host.volumes.items()
        if free < FREE_PART
    ]
    left = host.certificate_seconds
    if left is not None and left < CERTIFICATE_SECONDS:
        problems.append(f"the website's certificate ends in {left / 86_400:.0f} days")
    problems += [
        f"the certificate of {server} ends in {good / 86_400:.0f} days"
        for server, good in host.inner_certificate_seconds.items()
        if good < CERTIFICATE_SECONDS
    ]
    return [*problems, *_of_backups(host.backup_seconds, host.restore_test_seconds)]


def is_overdue(age_seconds: float, interval_seconds: float) -> bool:
    """Tell whether a timer has missed two of its times."""
    return age_seconds > 2 * interval_seconds + TIMER_GRACE_SECONDS


def overdue_timers(service: ServiceState) -> dict[str, float]:
    """Return the timers that stand still, and for how many seconds they have done nothing."""
    intervals = service.labelled("timer_interval_seconds")
    ages = service.labelled("timer_age_seconds")
    return {name: age for name, age in ages.items() if is_overdue(age, intervals[name])}


def _of_backups(newest: float | None, tried: float | None) -> Iterator[str]:
    if newest == math.inf:
        yield "there is no backup"
    elif newest is not None and newest > BACKUP_SECONDS:
        yield f"the newest backup is {newest / 3_600:.0f} h old"
    if tried == math.inf:
        yield "no backup has ever been tried (`ehrensache restore --verify`)"
    elif tried is not None and tried > RESTORE_TEST_SECONDS:
        yield f"no backup has been tried for {tried / 86_400:.0f} days"


def _of_service(service: ServiceState) -> Iterator[str]:
    if service.oldest_seconds > OLDEST_SECONDS:
        yield f"a fact has waited {service.oldest_seconds:.0f} s to be published"
    if service.pending_seconds > OLDEST_SECONDS:
        yield f"a fact has waited {service.pending_seconds:.0f} s to be taken"
    if service.dead_letters > 0:
        listed = f"`ehrensache dead-letters list --service {service.name}`"
        yield f"{service.dead_letters} dead letters; see {listed}"
    for timer, age in overdue_timers(service).items():
        yield f"the timer {timer} has done nothing for {age:.0f} s"
    for figure in service.figures:
        limit, sentence = LIMITS.get(figure.name, (None, ""))
        if limit is not None and figure.value > limit:
            yield sentence.format(figure.value)
    waits = service.figure("mail_oldest_seconds", "personal")
    if waits > PERSONAL_MAIL_SECONDS:
        yield f"a mail to a person has been due for {waits:.0f} s"
