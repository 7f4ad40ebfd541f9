"""The rows of requests keep to one a day by themselves, whoever comes first."""

from uuid import UUID

from services.recognition.honouring.store import requests
from shared.database import Connection
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.nominations import club_that_was_asked, tomorrow


async def request_of(transaction: Connection, club: UUID) -> UUID:
    found: UUID = await transaction.fetchval(
        "select nomination_request_id from nomination_request where organisation_id = $1", club
    )
    return found


async def test_an_association_that_is_entered_already_is_not_entered_again(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)

    assert await requests.add(transaction, event_id, {club: "mail"}, None) == []


async def test_a_reminder_by_hand_and_one_by_itself_never_meet_on_one_day(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)
    request_id = await request_of(transaction, club)

    at_once = await requests.remind_silent(transaction, [request_id])
    await tomorrow(transaction, event_id)
    by_hand = await requests.remind(transaction, event_id, [club])
    by_itself = await requests.remind_silent(transaction, [request_id])
    by_hand_again = await requests.remind(transaction, event_id, [club])

    assert [one.version for one in by_hand] == [2]
    assert (at_once, by_itself, by_hand_again) == ([], [], [])


async def test_an_association_whose_quota_was_taken_back_is_not_reminded_by_itself(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)
    await tomorrow(transaction, event_id)
    await transaction.execute("update organisation_quota set places = 0")

    assert await requests.remind_silent(transaction, [await request_of(transaction, club)]) == []
