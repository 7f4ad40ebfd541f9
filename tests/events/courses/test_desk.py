"""Staff register people who telephone, look at proofs of engagement, and erase whoever asks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.courses.commands.accept_proof import AcceptProof, accept_proof
from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.erase_participant import EraseParticipant, erase_participant
from services.events.courses.commands.give_links import GiveLinks, give_links
from services.events.courses.commands.leave_waiting_list import (
    LeaveWaitingList,
    leave_waiting_list,
)
from services.events.courses.commands.name_substitute import NameSubstitute, name_substitute
from services.events.courses.commands.note_undeliverable_mails import (
    NoteUndeliverableMails,
    note_undeliverable_mails,
)
from services.events.courses.commands.record_attendance import RecordAttendance, record_attendance
from services.events.courses.commands.refuse_proof import RefuseProof, refuse_proof
from services.events.courses.commands.register_participant import (
    RegisterParticipant,
    register_participant,
)
from services.events.courses.commands.settle_runs import SettleRuns, settle_runs
from services.events.courses.links import RETENTION_DAYS
from services.events.courses.refusals import (
    AlreadyRegistered,
    EachNeedsProof,
    NotYours,
    ProofMissing,
    RegistrationUnknown,
    RunBegun,
    WrongState,
)
from services.events.courses.store import courses, links, participants, registrations
from services.events.courses.store.desk import Caller
from shared.contracts.notifier import MessageFailed
from shared.database import Connection
from shared.web.tokens import hash_token
from tests.events.courses import builders as a
from tests.events.courses.deeds import broken


def caller(number: int = 1, **changes: Any) -> Caller:
    given: dict[str, Any] = {
        "name": f"Ruf Anrufer{chr(64 + number)}",
        "email": None,
        "phone": f"0351 {number}",
        "consent": "telefonisch",
    }
    return Caller(**given | changes)


async def registered(
    transaction: Connection, run_id: UUID, number: int = 1, *, proof: bool = False, **who: str
) -> UUID:
    command = RegisterParticipant(
        course_run_id=run_id, caller=caller(number, **who), has_proof=proof
    )
    return await register_participant(transaction, command, a.NOW)


async def asking_for_proof(transaction: Connection, **changes: Any) -> UUID:
    run_id = await a.opened(transaction, **changes)
    run = await a.run_of(transaction, run_id)
    course = await courses.get(transaction, run.course_id)
    says = a.texts(needs_proof=True)
    assert await courses.change(transaction, course.course_id, course.version, says)
    return run_id


async def facts(transaction: Connection) -> list[str]:
    rows = await transaction.fetch(
        "select subject from outbox where subject like '%.course_%' order by position"
    )
    return [row["subject"].split(".")[2] for row in rows]


def of(registration_id: UUID, run_id: UUID) -> dict[str, UUID]:
    return {"course_registration_id": registration_id, "course_run_id": run_id}


async def test_people_without_mail_get_places_and_then_the_list(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=2)
    people = [await registered(transaction, run_id, number) for number in (1, 2, 3)]

    told = await participants.told(transaction, run_id)

    assert [await a.state(transaction, one) for one in people] == [
        "registered",
        "registered",
        "waitlisted",
    ]
    assert (told.everybody, told.without_email) == (3, 3)
    assert await broken(transaction, run_id) == []


async def test_who_has_a_mail_address_gets_it_like_everybody(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    with_mail = await registered(transaction, run_id, email="ruf@example.org", phone="")
    without = await registered(transaction, run_id, 2)

    told = await give_links(transaction, GiveLinks(course_registration_ids=(with_mail, without)))

    assert {one.course_registration_id: one.email for one in told} == {
        with_mail: "ruf@example.org",
        without: "",
    }
    assert (await facts(transaction))[-2:] == ["course_registered", "course_registered"]


async def test_an_unconfirmed_request_is_taken_over_and_a_second_one_refused(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    asked = await a.requested(transaction, run_id)
    email = a.applicant().email

    taken = await registered(transaction, run_id, email=email.upper())
    with pytest.raises(AlreadyRegistered):
        await registered(transaction, run_id, email=email)

    assert taken == asked
    assert (await registrations.get(transaction, taken)).name == caller().name


async def test_nobody_is_registered_before_the_announcement_or_once_it_has_begun(
    transaction: Connection,
) -> None:
    planned = await a.planned(transaction)
    run_id = await a.opened(transaction)
    begun = (await a.run_of(transaction, run_id)).times.first_starts_at
    command = RegisterParticipant(course_run_id=run_id, caller=caller(), has_proof=False)

    with pytest.raises(WrongState):
        await registered(transaction, planned)
    with pytest.raises(RunBegun):
        await register_participant(transaction, command, begun)
    late = begun - timedelta(hours=1)
    mine = await register_participant(transaction, command, late)
    assert await a.state(transaction, mine) == "registered"


async def test_a_confirmation_waits_for_the_proof_and_holds_no_place(
    transaction: Connection,
) -> None:
    run_id = await asking_for_proof(transaction, minimum=1, maximum=1)
    first = await a.confirmed(transaction, run_id, 1)
    second = await a.confirmed(transaction, run_id, 2)

    await accept_proof(transaction, AcceptProof(**of(second, run_id)), a.NOW)
    await accept_proof(transaction, AcceptProof(**of(first, run_id)), a.NOW)

    assert await a.state(transaction, second) == "registered"
    assert await a.state(transaction, first) == "waitlisted"
    assert (await facts(transaction))[-4:] == [
        "course_registration_requested",
        "course_proof_awaited",
        "course_registered",
        "course_waitlisted",
    ]
    assert await broken(transaction, run_id) == []


async def test_a_proof_is_decided_on_once(transaction: Connection) -> None:
    run_id = await asking_for_proof(transaction)
    waits = await a.confirmed(transaction, run_id)

    command = RefuseProof(**of(waits, run_id), refusal="Der Ausweis ist abgelaufen.")
    await refuse_proof(transaction, command)
    refused = await registrations.get(transaction, waits)

    assert (refused.state, refused.refusal) == ("refused", "Der Ausweis ist abgelaufen.")
    assert (await facts(transaction))[-1] == "course_registration_refused"
    with pytest.raises(ProofMissing):
        await refuse_proof(transaction, command)
    with pytest.raises(ProofMissing):
        await accept_proof(transaction, AcceptProof(**of(waits, run_id)), a.NOW)
    again = await a.requested(transaction, run_id)
    assert again != waits


async def test_who_has_shown_a_proof_needs_not_show_it_again(transaction: Connection) -> None:
    run_id = await asking_for_proof(transaction)
    mine = await registered(transaction, run_id, proof=True)
    await cancel_registration(transaction, CancelRegistration(**of(mine, run_id)), a.NOW)

    await a.confirm(transaction, run_id, mine)

    assert await a.state(transaction, mine) == "registered"


async def test_without_a_proof_staff_register_into_the_wait_for_it(
    transaction: Connection,
) -> None:
    run_id = await asking_for_proof(transaction)
    mine = await registered(transaction, run_id)
    before = await a.state(transaction, mine)

    await leave_waiting_list(transaction, LeaveWaitingList(**of(mine, run_id)), a.NOW)

    assert (before, await a.state(transaction, mine)) == ("proof_pending", "left")


async def test_nobody_passes_a_place_on_that_needs_a_proof(transaction: Connection) -> None:
    run_id = await asking_for_proof(transaction)
    mine = await registered(transaction, run_id, proof=True)

    command = NameSubstitute(**of(mine, run_id), applicant=a.applicant(9))

    with pytest.raises(EachNeedsProof):
        await name_substitute(transaction, command, a.NOW)


async def test_a_proof_that_nobody_has_shown_ends_when_the_run_begins(
    transaction: Connection,
) -> None:
    run_id = await asking_for_proof(transaction)
    waits = await a.confirmed(transaction, run_id)
    begun = (await a.run_of(transaction, run_id)).times.first_starts_at

    await settle_runs(transaction, SettleRuns(), begun)

    assert await a.state(transaction, waits) == "unserved"
    with pytest.raises(ProofMissing):
        await accept_proof(transaction, AcceptProof(**of(waits, run_id)), begun)


@pytest.mark.parametrize("kind", ["registered", "waitlisted", "proof_pending"])
async def test_who_is_erased_makes_room_and_leaves_no_name(
    transaction: Connection, kind: str
) -> None:
    if kind == "proof_pending":
        run_id = await asking_for_proof(transaction)
        mine = await a.confirmed(transaction, run_id)
    else:
        run_id = await a.opened(transaction, minimum=1, maximum=1)
        people = [await a.confirmed(transaction, run_id, number) for number in (1, 2, 3)]
        mine = people[0 if kind == "registered" else 1]
    token = await a.link(transaction, mine)
    assert await a.state(transaction, mine) == kind

    await erase_participant(transaction, EraseParticipant(**of(mine, run_id)), a.NOW)
    await erase_participant(transaction, EraseParticipant(**of(mine, run_id)), a.NOW)

    gone = await registrations.get(transaction, mine)
    assert (gone.name, gone.email, gone.phone) == ("", None, "")
    assert gone.state == ("cancelled_in_time" if kind == "registered" else "left")
    assert await links.find(transaction, hash_token(token)) is None
    assert await give_links(transaction, GiveLinks(course_registration_ids=(mine,))) == []
    assert await broken(transaction, run_id) == []
    if kind == "registered":
        assert await a.state(transaction, people[1]) == "offered"
    with pytest.raises(NotYours):
        await a.confirm(transaction, run_id, mine)


async def test_what_is_needed_for_figures_stays_after_an_erasure(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    mine = await registered(transaction, run_id)
    begun = (await a.run_of(transaction, run_id)).times.first_starts_at
    command = RecordAttendance(course_run_id=run_id, attended=(mine,))
    await record_attendance(transaction, command, begun)

    await erase_participant(transaction, EraseParticipant(**of(mine, run_id)), begun)

    assert await a.state(transaction, mine) == "attended"
    (one,) = await participants.of_run(transaction, run_id, ("attended",))
    assert (one.name, one.email, one.phone) == ("", "", "")


async def test_several_who_have_a_place_are_erased_after_the_beginning(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    people = [await a.confirmed(transaction, run_id, number) for number in (1, 2)]
    begun = (await a.run_of(transaction, run_id)).times.first_starts_at

    for one in people:
        await erase_participant(transaction, EraseParticipant(**of(one, run_id)), begun)

    assert [await a.state(transaction, one) for one in people] == ["registered"] * 2


async def test_nobodys_name_is_kept_after_the_kept_time_whatever_was_ticked(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    people = [await a.confirmed(transaction, run_id, number) for number in (1, 2)]
    people.append(await registered(transaction, run_id, 3))
    ends = (await a.run_of(transaction, run_id)).times.last_ends_at

    await links.erase_participants(transaction, ends + timedelta(days=RETENTION_DAYS), 10)

    found = [await registrations.get(transaction, one) for one in people]
    assert [(one.name, one.email, one.phone) for one in found] == [("", None, "")] * 3


async def test_an_unconfirmed_request_is_deleted_and_a_stranger_is_unknown(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    asked = await a.requested(transaction, run_id)
    command = EraseParticipant(**of(asked, run_id))

    await erase_participant(transaction, command, a.NOW)

    with pytest.raises(RegistrationUnknown):
        await registrations.get(transaction, asked)
    with pytest.raises(RegistrationUnknown):
        await erase_participant(transaction, command, a.NOW)


async def test_whom_no_mail_was_sent_to_is_never_undeliverable(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    mine = await registered(transaction, run_id)
    failed = MessageFailed(
        message_id=mine, version=1, purpose="course_place", concerns_id=mine, smtp_code=550
    )

    await note_undeliverable_mails(transaction, NoteUndeliverableMails(facts=[failed]), a.NOW)

    (one,) = await participants.of_run(transaction, run_id, ("registered",))
    assert one.undeliverable_at is None


async def test_somebody_whom_nobody_can_reach_is_refused_by_the_table(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)

    with pytest.raises(Exception, match="course_registration_desk"):
        await registered(transaction, run_id, phone="")
