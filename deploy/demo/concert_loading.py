"""Plans the made-up city's concert and lets its associations propose their guests."""

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec

from deploy.demo.concert import Quota
from services.recognition.honouring.commands.ask_organisations import (
    AskOrganisations,
    ask_organisations,
)
from services.recognition.honouring.commands.open_nomination import OpenNomination, open_nomination
from services.recognition.honouring.commands.plan_honouring_event import (
    PlanHonouringEvent,
    plan_honouring_event,
)
from services.recognition.honouring.commands.propose_guest import ProposeGuest, propose_guest
from services.recognition.honouring.commands.set_quotas import SetQuotas, set_quotas
from shared.database import Pool, transaction

HEARD_SECONDS = 120
LOOK_SECONDS = 0.2

Numbers = Mapping[str, UUID]
"""Ids by the numbers of associations and people in the lists."""
Tell = Callable[[str, float], None]


class NotHeard(RuntimeError):
    """Recognition has not heard of the imported people in time."""

    def __init__(self) -> None:
        super().__init__(
            f"recognition has not heard of all people within {HEARD_SECONDS} s; "
            "`ehrensache status` says whether its worker and registry's run"
        )


class Plan(msgspec.Struct, frozen=True):
    """The concert's file."""

    plan: PlanHonouringEvent
    quotas: list[Quota]

    @property
    def organisation_numbers(self) -> list[str]:
        """Return the associations that may propose guests."""
        return [quota.organisation_number for quota in self.quotas]

    @property
    def person_numbers(self) -> list[str]:
        """Return the people who are proposed."""
        return [number for quota in self.quotas for number in quota.person_numbers]


async def ids_of(registry: Pool, plan: Plan) -> Numbers:
    """Return the ids of the plan's associations and people."""
    rows = await registry.fetch(
        """
        select source_number, organisation_id as id from organisation where source_number = any($1)
        union all
        select source_number, person_id from person where source_number = any($2)
        """,
        plan.organisation_numbers,
        plan.person_numbers,
    )
    return {row["source_number"]: row["id"] for row in rows}


async def load_concert(recognition: Pool, plan: Plan, numbers: Numbers, tell: Tell) -> None:
    """Plan the concert, set quotas, open the nomination and propose; nothing if it is planned.

    Raises:
        NotHeard: registry's facts have not arrived.
    """
    title = plan.plan.programme.title
    if await recognition.fetchval("select true from honouring_event where title = $1", title):
        return
    await _hear(recognition, plan, numbers, tell)
    async with transaction(recognition) as opened:
        event_id = await plan_honouring_event(opened, plan.plan)
        places = {numbers[quota.organisation_number]: quota.places for quota in plan.quotas}
        await set_quotas(opened, SetQuotas(honouring_event_id=event_id, places=places))
        await open_nomination(opened, OpenNomination(honouring_event_id=event_id))
        asking = AskOrganisations(honouring_event_id=event_id, expected=len(plan.quotas))
        await ask_organisations(opened, asking)
        for quota in plan.quotas:
            for person_number in quota.person_numbers:
                proposed = ProposeGuest(
                    honouring_event_id=event_id,
                    person_id=numbers[person_number],
                    organisation_id=numbers[quota.organisation_number],
                    proposed_by="Demodaten",
                )
                await propose_guest(opened, proposed)


async def _hear(recognition: Pool, plan: Plan, numbers: Numbers, tell: Tell) -> None:
    """Wait until recognition knows everybody whom the plan names."""
    people = [numbers[number] for number in plan.person_numbers]
    organisations = [numbers[number] for number in plan.organisation_numbers]
    statement = """
        select
            (select count(*) from known_person where person_id = any($1))
            + (select count(*) from known_organisation where organisation_id = any($2))
        """
    try:
        async with asyncio.timeout(HEARD_SECONDS):
            while True:
                heard = await recognition.fetchval(statement, people, organisations)
                tell("facts about them", 100 * heard / len(numbers))
                if heard >= len(people) + len(organisations):
                    return
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise NotHeard from None
