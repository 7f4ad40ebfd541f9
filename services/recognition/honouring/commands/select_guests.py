"""Select the guests of an honouring event: by rule first, then by lot."""

import secrets
from typing import Annotated
from uuid import UUID

import msgspec

from services.recognition.honouring.draw import draw
from services.recognition.honouring.model import Phase
from services.recognition.honouring.planning import MOST_PLACES, PhaseForbids, demand
from services.recognition.honouring.store import draws, events, proposals, quotas
from shared import outbox
from shared.contracts.recognition import GuestSelectionDrawn
from shared.database import Connection
from shared.errors import Malformed

SEED_BYTES = 8


class NobodyToSelect(PhaseForbids):
    """Nobody is proposed who has not been selected."""

    def __init__(self) -> None:
        super().__init__("Es gibt keine Vorschläge, aus denen ausgewählt werden könnte.")


class SeedUnfit(Malformed):
    """The seed could not be read out or typed in again without a mistake."""

    def __init__(self) -> None:
        super().__init__(
            "Bitte nehmen Sie bis zu 64 Buchstaben, Ziffern, Leerzeichen oder Striche.", "seed"
        )


class SelectGuests(msgspec.Struct, frozen=True, kw_only=True):
    """How many guests are drawn, and from what the lots are made."""

    honouring_event_id: UUID
    places: Annotated[int, msgspec.Meta(ge=1, le=MOST_PLACES)]
    seed: str
    """Something that nobody here can choose, such as numbers drawn elsewhere; empty: made here."""
    drawn_by: str
    """Name of who draws, for the minutes."""


async def select_guests(transaction: Connection, command: SelectGuests) -> UUID:
    """Draw, keep the minutes, note those left over for next time; returns the draw's id.

    Can be done again later, among those who were left over and those proposed since.

    Raises:
        PhaseForbids: associations can still propose.
        NobodyToSelect, SeedUnfit: there is nothing to draw from, or not with this seed.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(
        event,
        "nomination_closed",
        "guests_selected",
        "inviting",
        sentence="Bitte schließen Sie zuerst die Vorschläge.",
    )
    event_id = event.honouring_event_id
    candidates = await proposals.candidates(transaction, event_id)
    if not candidates:
        raise NobodyToSelect
    minutes = draw(
        candidates,
        places=command.places,
        seed=_seed(command.seed),
        quotas=await quotas.left_to_select(transaction, event_id),
    )
    lottery_draw_id = await draws.add(transaction, event_id, minutes, command.drawn_by)
    await draws.select(transaction, minutes.drawn)
    await draws.carry_over(transaction, lottery_draw_id, minutes.left_over)
    phase: Phase = "inviting" if event.phase == "inviting" else "guests_selected"
    fact = GuestSelectionDrawn(
        honouring_event_id=event_id,
        version=await events.enter(transaction, event_id, phase),
        lottery_draw_id=lottery_draw_id,
        selected=len(minutes.drawn),
        carried_over=len(minutes.left_over),
    )
    await outbox.record(transaction, fact)
    return lottery_draw_id


def _seed(given: str) -> str:
    seed = " ".join(given.split())
    if len(seed) > 64 or not all(letter.isalnum() or letter in " -" for letter in seed):  # noqa: PLR2004 - as the sentence says
        raise SeedUnfit
    return seed or secrets.token_hex(SEED_BYTES)
