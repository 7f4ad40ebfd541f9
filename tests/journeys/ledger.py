"""Looks behind the pages: have all facts arrived, do places add up, was each mail sent once?"""

from collections import Counter
from typing import Final

from nats.aio.client import Client

from deploy.postgres.roles import SERVICES
from services.events.site import Site
from services.events.subscriptions import subscriptions as heard_by_events
from services.notifier.subscriptions import subscriptions as heard_by_notifier
from services.recognition.subscriptions import subscriptions as heard_by_recognition
from services.registry.subscriptions import subscriptions as heard_by_registry
from shared.asks import Asks
from shared.audit import first_broken
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System
from tests.journeys.waiting import eventually

SENDER_DOMAIN: Final = "ehrensache.example"
HEARD: Final = {
    heard.service: sorted(heard.kinds)
    for heard in (
        heard_by_registry(),
        heard_by_recognition(Asks(Client())),
        heard_by_events(Site("http://localhost")),
        heard_by_notifier(),
    )
}
"""The subjects that each service listens to."""

ALL_FACTS: Final = " union all ".join(
    f"select fact_id, subject, published_at from {service}.outbox"  # noqa: S608 - names of ours
    for service in SERVICES
)

UNDER_WAY: Final = f"""
select 'facts to be published' as what, count(*) as many
from ({ALL_FACTS}) as fact where published_at is null
union all
select 'mails and letters to be sorted', count(*) from notifier.message
where channel is null and state = 'queued'
union all
select 'mails to be sent', count(*) from notifier.message
where channel = 'mail' and state in ('queued', 'claimed', 'data_started', 'retry')
"""  # noqa: S608 - names of ours

NOT_HEARD: Final = """
select '{service} has not heard' as what, count(*) as many
from ({facts}) as fact
where
    subject = any($1)
    and fact_id not in (select fact_id from {service}.inbox where consumer = '{service}')
"""

VIOLATIONS: Final = {
    "places are not those of the guests": """
        select balance.honouring_event_id, balance.volunteer_taken, balance.standard_taken
        from recognition.place_balance as balance
        left join lateral (
            select
                coalesce(sum(seats + with_access_companion::integer), 0) as persons,
                coalesce(sum(needs_wheelchair::integer), 0) as wheelchairs,
                coalesce(sum((needs_wheelchair and with_access_companion)::integer), 0) as beside
            from recognition.invitation
            where
                invitation.honouring_event_id = balance.honouring_event_id
                and state in ('accepted', 'offered')
        ) as guests on true
        where
            volunteer_taken + protocol_taken <> persons
            or standard_taken <> persons - wheelchairs - beside
            or wheelchair_taken <> wheelchairs
            or companion_taken <> beside
            or volunteer_taken > volunteer_capacity
            or standard_taken > standard_capacity
    """,
    "tickets are not those of the answer": """
        select invitation.invitation_id, invitation.state, count(ticket.ticket_id)
        from recognition.invitation
        left join recognition.ticket
            on ticket.invitation_id = invitation.invitation_id and ticket.cancelled_at is null
        group by invitation.invitation_id
        having count(ticket.ticket_id) <> case
            when invitation.state = 'accepted'
            then invitation.seats + invitation.with_access_companion::integer
            else 0
        end
    """,
    "an answer is not confirmed by exactly one message": """
        select answer.invitation_id, answer.version, answer.state, count(message.message_id)
        from recognition.answer_history as answer
        left join notifier.message
            on message.invitation_id = answer.invitation_id
            and message.invitation_version = answer.version
            and message.purpose <> 'rescheduled' and message.purpose <> 'cancelled'
        where answer.state in ('accepted', 'declined', 'waitlisted')
        group by answer.invitation_id, answer.version, answer.state
        having count(message.message_id) <> 1
    """,
    "notifier has another version of an invitation": """
        select invitation.invitation_id, invitation.version, known.version as known
        from recognition.invitation
        full join notifier.known_invitation as known using (invitation_id)
        where invitation.version is distinct from known.version
    """,
    "places of a course are not those of its people": """
        select balance.course_run_id, balance.taken, balance.maximum, count(holder.state)
        from events.course_place_balance as balance
        left join events.course_registration as holder
            on balance.course_run_id = holder.course_run_id
            and holder.state in ('registered', 'offered', 'attended', 'absent')
        group by balance.course_run_id
        having count(holder.state) <> balance.taken or balance.taken > balance.maximum
    """,
    "somebody waits for a course that has free places": """
        select balance.course_run_id from events.course_place_balance as balance
        inner join events.course_run using (course_run_id)
        where
            taken < maximum
            and course_run.state in ('open', 'confirmed')
            and first_starts_at > now()
            and exists (
                select from events.course_registration as waiting
                where waiting.course_run_id = balance.course_run_id and state = 'waitlisted'
            )
    """,
    "recognition has another version of a person": """
        select person.person_id, person.version, known.version as known
        from registry.person full join recognition.known_person as known using (person_id)
        where person.version is distinct from known.version
    """,
    "the calendar has another version of a concert": """
        select concert.aggregate_id, max(concert.aggregate_version), max(event.origin_version)
        from recognition.outbox as concert
        left join events.calendar_event as event on event.origin_id = concert.aggregate_id
        where concert.subject like 'facts.recognition.honouring_event_%'
        group by concert.aggregate_id
        having max(concert.aggregate_version) is distinct from max(event.origin_version)
    """,
}
"""What must be empty once nothing is under way, as statements that find the exceptions."""


async def under_way(system: System) -> dict[str, int]:
    """Return what has not arrived yet, by kind; empty when everything has."""
    found = {row["what"]: row["many"] for row in await system.rows(UNDER_WAY)}
    for service, subjects in HEARD.items():
        statement = NOT_HEARD.format(service=service, facts=ALL_FACTS)
        for row in await system.rows(statement, subjects):
            found[row["what"]] = row["many"]
    return {what: many for what, many in found.items() if many}


async def settled(system: System) -> None:
    """Wait until every fact has arrived wherever it is heard and every mail is sent.

    Raises:
        NeverHappened: something stays under way; the message names it.
    """
    left: dict[str, int] = {}

    async def nothing_under_way() -> bool:
        # Twice: while a look goes on, a fact may arrive and queue a mail that was counted before.
        for _ in range(2):
            left.clear()
            left.update(await under_way(system))
            if left:
                return False
        return True

    try:
        await eventually(nothing_under_way, "something stays under way")
    except AssertionError as error:
        raise AssertionError(f"{error}: {left}") from error


async def violations(system: System, mailbox: Mailbox) -> list[str]:
    """Return every way in which the services, the ledger and the mailbox contradict each other."""
    found = [
        f"{what}: {dict(row)}"
        for what, statement in VIOLATIONS.items()
        for row in await system.rows(statement)
    ]
    found += [f"dead letter: {row}" for row in await dead_letters(system)]
    found += await _broken_chains(system)
    return found + await _unflagged_repeats(system, mailbox)


async def dead_letters(system: System) -> list[str]:
    """Return the facts that a service has given up."""
    found = []
    for service in SERVICES:
        statement = f"select subject, reason from {service}.dead_letter"  # noqa: S608 - ours
        found += [f"{service} {tuple(row)}" for row in await system.rows(statement)]
    return found


async def repeats(mailbox: Mailbox) -> dict[str, int]:
    """Return the Message-IDs that were delivered more than once, with how often."""
    counted = Counter(mail.message_id for mail in await mailbox.listed())
    return {message_id: times for message_id, times in counted.items() if times > 1}


async def _unflagged_repeats(system: System, mailbox: Mailbox) -> list[str]:
    """Compare the mailbox with the ledger: nothing missing, nothing more, no silent repeat.

    A mail whose sender died after the server had it is flagged. If it is overtaken before it can be
    sent again, it stays withheld and flagged: it may have arrived.
    """
    delivered = {mail.message_id for mail in await mailbox.listed()}
    rows = await system.rows(
        "select message_id, state, possible_duplicate from notifier.message where channel = 'mail'"
    )
    sent = {
        f"<l.{row['message_id']}@{SENDER_DOMAIN}>" for row in rows if row["state"] == "accepted"
    }
    in_doubt = {
        f"<l.{row['message_id']}@{SENDER_DOMAIN}>" for row in rows if row["possible_duplicate"]
    }
    silent = [one for one in await repeats(mailbox) if one not in in_doubt]
    return [
        *(f"noted as sent and not delivered: {one}" for one in sent - delivered),
        *(f"delivered and not noted as sent: {one}" for one in delivered - sent - in_doubt),
        *(f"delivered twice without a word: {one}" for one in silent),
    ]


async def _broken_chains(system: System) -> list[str]:
    broken = []
    for service in SERVICES:
        async with system.connected_as(f"{service}_app") as connection:
            position = await first_broken(connection)
        if position is not None:
            broken.append(f"audit chain of {service} at {position}")
    return broken
