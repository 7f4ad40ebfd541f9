"""Things that people do about their registrations, and what must be so after any of them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from services.events.courses.commands.accept_offer import AcceptOffer, accept_offer
from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.confirm_registration import (
    ConfirmRegistration,
    confirm_registration,
)
from services.events.courses.commands.erase_participant import EraseParticipant, erase_participant
from services.events.courses.commands.lapse_offers import LapseOffers, lapse_offers
from services.events.courses.commands.leave_waiting_list import (
    LeaveWaitingList,
    leave_waiting_list,
)
from services.events.courses.commands.name_substitute import NameSubstitute, name_substitute
from services.events.courses.refusals import (
    AlreadyRegistered,
    NotYours,
    OfferLapsed,
    RegistrationUnknown,
    StaleVersion,
)
from shared.database import Connection
from tests.events.courses import builders as a

REFUSED: Final = (
    NotYours,
    OfferLapsed,
    AlreadyRegistered,
    RegistrationUnknown,
    StaleVersion,
)
KINDS: Final = ("confirm", "accept", "leave", "cancel", "substitute", "lapse", "erase")
_WORK: Final[dict[str, tuple[type[Any], Callable[..., Awaitable[Any]]]]] = {
    "confirm": (ConfirmRegistration, confirm_registration),
    "accept": (AcceptOffer, accept_offer),
    "leave": (LeaveWaitingList, leave_waiting_list),
    "cancel": (CancelRegistration, cancel_registration),
    "erase": (EraseParticipant, erase_participant),
}


async def do(transaction: Connection, run_id: UUID, registration_id: UUID, kind: str) -> None:
    """Do it; what the domain refuses changes nothing."""
    about = {"course_registration_id": registration_id, "course_run_id": run_id}
    try:
        if kind == "lapse":
            await lapse_offers(transaction, LapseOffers(), a.NOW + timedelta(hours=48))
        elif kind == "substitute":
            someone = a.applicant(email=f"{registration_id}@example.org")
            await name_substitute(transaction, NameSubstitute(**about, applicant=someone), a.NOW)
        else:
            command, work = _WORK[kind]
            await work(transaction, command(**about), a.NOW)
    except REFUSED:
        return


async def broken(connection: Connection, run_id: UUID) -> list[str]:
    """Return which promises a run does not keep."""
    row = await connection.fetchrow(
        """
        select
            taken, maximum,
            (select value from own_figure where name = 'course_place_drift') as drift,
            count(*) filter (where state in ('registered', 'offered')) as held,
            count(*) filter (where state = 'waitlisted') as waiting
        from course_place_balance
        left join course_registration using (course_run_id)
        where course_run_id = $1
        group by course_run_id
        """,
        run_id,
    )
    assert row is not None
    wrong = {
        "places are not those of the people": row["taken"] != row["held"],
        "the alert sees something": row["drift"] != 0,
        "more places are taken than there are": row["taken"] > row["maximum"],
        "somebody waits for a free place": row["waiting"] and row["taken"] < row["maximum"],
    }
    return [promise for promise, is_broken in wrong.items() if is_broken]
