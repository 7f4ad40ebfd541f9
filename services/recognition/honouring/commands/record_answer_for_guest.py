"""Take down an answer that a guest gave by telephone or on the reply card."""

from typing import Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.answers import Answer
from services.recognition.honouring.commands.answer_invitation import (
    AnswerInvitation,
    answer_invitation,
)
from services.recognition.honouring.model import InvitationState
from services.recognition.honouring.store.answers import Said
from shared import audit
from shared.database import Connection

ByClerk = Literal["phone", "letter"]


class RecordAnswerForGuest(msgspec.Struct, frozen=True, kw_only=True):
    """What the guest said, how, and who took it down."""

    invitation_id: UUID
    answer: Answer
    via: ByClerk
    clerk_name: str
    actor: str
    """Subject of the clerk's token."""
    request_key: str | None = None


async def record_answer_for_guest(
    transaction: Connection, command: RecordAnswerForGuest, *, in_line: bool = False
) -> InvitationState:
    """Keep the answer as if the guest had given it, with channel and clerk in its history.

    Possible until the event begins, because cards arrive after the deadline.

    Raises:
        MustStandInLine, Refused: as `answer_invitation`.
    """
    said = Said(via=command.via, by=command.clerk_name, request_key=command.request_key)
    state = await answer_invitation(
        transaction,
        AnswerInvitation(invitation_id=command.invitation_id, answer=command.answer, said=said),
        in_line=in_line,
    )
    await audit.note(
        transaction,
        actor=command.actor,
        action="record_answer_for_guest",
        concerns=f"invitation:{command.invitation_id}",
        details={"state": state, "via": command.via},
    )
    return state
