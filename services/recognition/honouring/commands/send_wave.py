"""Invite everybody who is selected, as one wave with one deadline (Einladungswelle)."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory, end_of_day
from services.recognition.honouring.planning import PlanUnsound, demand
from services.recognition.honouring.store import events, waves
from services.recognition.honouring.store.waves import Invited
from shared import outbox
from shared.contracts.fact import Fact
from shared.contracts.recognition import GuestInvited, InvitationWaveSent
from shared.database import Connection
from shared.errors import Refused

Audience = Literal["all", "volunteer", "protocol"]


class WaveDiffers(Refused):
    """Other people would be invited than the person saw in the preview."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"Inzwischen wären {found} statt {expected} Personen einzuladen."
            " Bitte sehen Sie sich die Vorschau noch einmal an."
        )


class SendWave(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to invite, and until when they answer."""

    honouring_event_id: UUID
    audience: Audience = "all"
    answer_by_on: date
    """Last day for an answer."""
    expected: int
    """How many invitations the person confirmed."""
    sent_by: str
    """Name of who sends."""


async def send_wave(transaction: Connection, command: SendWave) -> UUID:
    """Make the invitations and say so for each, then for the wave; returns the wave's id.

    Sent twice, the second finds nobody left to invite.

    Raises:
        PhaseForbids: nobody has been selected.
        PlanUnsound: the deadline is past or not before the event.
        WaveDiffers: the number of people is not the one that was confirmed.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(
        event,
        "nomination_closed",
        "guests_selected",
        "inviting",
        sentence="Bitte wählen Sie zuerst Gäste aus.",
    )
    answer_by = end_of_day(command.answer_by_on, event.zone)
    if command.answer_by_on >= event.starts_at.date():
        raise PlanUnsound({"answer_by_on": "Die Frist muss vor dem Tag des Konzerts enden."})
    if answer_by <= await events.clock(transaction):
        raise PlanUnsound({"answer_by_on": "Die Frist muss in der Zukunft liegen."})
    wave_id = await waves.add(transaction, event.honouring_event_id, answer_by, command.sent_by)
    invited = await waves.invite(
        transaction, wave_id, _categories(command.audience), event.most_seats
    )
    if not invited or len(invited) != command.expected:
        raise WaveDiffers(command.expected, len(invited))
    await events.enter(transaction, event.honouring_event_id, "inviting")
    await outbox.record(transaction, *_facts(event.honouring_event_id, wave_id, invited))
    return wave_id


def _facts(event_id: UUID, wave_id: UUID, invited: Sequence[Invited]) -> list[Fact]:
    guests: list[Fact] = [
        GuestInvited(
            invitation_id=guest.invitation_id,
            version=guest.version,
            honouring_event_id=event_id,
            invitation_wave_id=wave_id,
            person_id=guest.person_id,
        )
        for guest in invited
    ]
    sent = InvitationWaveSent(
        invitation_wave_id=wave_id, version=1, honouring_event_id=event_id, invited=len(invited)
    )
    return [*guests, sent]


def _categories(audience: Audience) -> list[GuestCategory]:
    return ["volunteer", "protocol"] if audience == "all" else [audience]
