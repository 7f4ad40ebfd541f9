"""Asks a database whether what must always be true is true; what is not is a finding in words.

Source: the invariants of the concert (decision 0010, 0030), of courses (0082), of the calendar
(0040) and of the audit.
"""

from collections.abc import Mapping
from typing import Final

from deploy.postgres.roles import SERVICES
from shared import audit
from shared.database import Connection

MUST_BE_EMPTY: Final[Mapping[str, str]] = {
    "concerts whose taken places are not the places that their guests hold": """
        with held as (
            select
                honouring_event_id,
                seats + case when with_access_companion then 1 else 0 end as persons,
                category,
                seats - case when needs_wheelchair then 1 else 0 end
                + case when with_access_companion and not needs_wheelchair then 1 else 0 end
                    as standard,
                case when needs_wheelchair then 1 else 0 end as wheelchair,
                case when needs_wheelchair and with_access_companion then 1 else 0 end as companion
            from recognition.invitation
            where state in ('accepted', 'offered')
        )
        select balance.honouring_event_id
        from recognition.place_balance as balance
        left join held using (honouring_event_id)
        group by balance.honouring_event_id
        having
            balance.volunteer_taken
            <> coalesce(sum(persons) filter (where category = 'volunteer'), 0)
            or balance.protocol_taken
            <> coalesce(sum(persons) filter (where category = 'protocol'), 0)
            or balance.standard_taken <> coalesce(sum(standard), 0)
            or balance.wheelchair_taken <> coalesce(sum(wheelchair), 0)
            or balance.companion_taken <> coalesce(sum(companion), 0)
    """,
    "invitations without one valid ticket for each person who comes": """
        select invitation_id
        from recognition.invitation
        left join recognition.ticket using (invitation_id, honouring_event_id)
        group by invitation_id
        having
            count(ticket_id) filter (where cancelled_at is null)
            <> case when invitation.state = 'accepted'
                then seats + case when with_access_companion then 1 else 0 end
                else 0
            end
    """,
    "invitations that say something else than the end of their history": """
        select invitation_id
        from recognition.invitation
        inner join lateral (
            select state, seats from recognition.answer_history
            where answer_history.invitation_id = invitation.invitation_id
            order by version desc
            limit 1
        ) as latest on true
        where (latest.state, latest.seats) is distinct from (invitation.state, invitation.seats)
    """,
    "course runs whose taken places are not the places that participants hold": """
        select course_run_id
        from events.course_place_balance as balance
        left join events.course_registration as registration using (course_run_id)
        inner join events.course_run using (course_run_id)
        where course_run.state in ('open', 'confirmed')
        group by course_run_id, balance.taken
        having balance.taken
            <> count(*) filter (where registration.state in ('registered', 'offered'))
    """,
    "published events that no feed could show": """
        select calendar_event_id
        from events.calendar_event
        left join events.event_ical using (calendar_event_id)
        where
            calendar_event.state in ('published', 'cancelled', 'postponed')
            and calendar_event.visibility = 'public'
            and event_ical.calendar_event_id is null
    """,
    "people whom recognition knows in a later version than registry has": """
        select person_id
        from recognition.known_person as known
        left join registry.person using (person_id)
        where person.version is null or person.version < known.version
    """,
}


async def broken(connection: Connection) -> list[str]:
    """Return what is not as it must be, in words with a figure; empty if all is well.

    Args:
        connection: of a role that reads every schema, in a transaction.
    """
    findings = []
    for what, query in MUST_BE_EMPTY.items():
        if found := len(await connection.fetch(query)):
            findings.append(f"{found} {what}")
    for service in SERVICES:
        await connection.execute(f"set local search_path = {service}")
        if (position := await audit.first_broken(connection)) is not None:
            findings.append(f"the audit of {service} does not fit together from {position} on")
    return findings


async def audit_head(connection: Connection, service: str) -> str:
    """Return the newest hash of a service's audit in hexadecimal digits, within a transaction."""
    await connection.execute(f"set local search_path = {service}")
    return (await audit.head(connection)).hex()
