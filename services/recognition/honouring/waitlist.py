"""Decides whose turn it is when places become free, in an order that can be explained to anyone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from services.recognition.honouring.model import Places

RULE: Final = (
    "Wer am längsten wartet, ist zuerst an der Reihe. Wer zu zweit kommen möchte, bekommt beide "
    "Plätze oder keinen. Ist nur ein einzelner Platz frei, geht er an die nächste Person, für die "
    "er reicht; wer dabei übersprungen wird, behält seine Stelle auf der Liste."
)
"""The rule of `turns` in the words in which guests and staff read it."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One party on the waiting list (Warteliste)."""

    invitation_id: UUID
    waits_since: datetime
    places: Places
    """What it needs, all or nothing; never negative and never nothing."""


class Turns(msgspec.Struct, frozen=True):
    """Who is offered places now."""

    offered: tuple[Waiting, ...] = ()
    passed_over: tuple[Waiting, ...] = ()
    """Who waits longer than somebody offered, and needs more than there was."""


class Prospect(msgspec.Struct, frozen=True):
    """What somebody who answers now can expect."""

    left: Places = Places()
    somebody_waits: bool = False


class Position(msgspec.Struct, frozen=True):
    """Where a party stands on the waiting list, counted from 1."""

    place: int
    parties: int
    """How many parties wait."""


def in_words(position: Position | None) -> str:
    """Return a position as a person tells another; empty for who does not wait."""
    if position is None:
        return ""
    before = position.place - 1
    if before == 0:
        return "Sie sind als Nächste oder Nächster an der Reihe."
    if before == 1:
        return "Vor Ihnen wartet noch eine andere Einladung."
    return f"Vor Ihnen warten noch {before} andere Einladungen."


def turns(waiting: Iterable[Waiting], left: Places) -> Turns:
    """Offer what is left to those who wait, the longest first, each party whole.

    A party that does not fit is passed over and keeps its position, so that no place stays empty
    that somebody waits for. The order of the input does not matter.
    """
    offered: list[Waiting] = []
    short: list[Waiting] = []
    passed: list[Waiting] = []
    for party in sorted(waiting, key=_position):
        if fits(party.places, left):
            left = left - party.places
            offered.append(party)
            passed += short
            short = []
        else:
            short.append(party)
    return Turns(tuple(offered), tuple(passed))


def fits(wanted: Places, left: Places) -> bool:
    """Tell whether there is enough of each kind of place."""
    available = msgspec.structs.asdict(left)
    return all(n <= available[kind] for kind, n in msgspec.structs.asdict(wanted).items() if n > 0)


def total(parties: Iterable[Waiting]) -> Places:
    """Return the places that these parties need together."""
    return summed(party.places for party in parties)


def summed(several: Iterable[Places]) -> Places:
    """Return all these places together."""
    sums = dict.fromkeys(Places.__struct_fields__, 0)
    for places in several:
        for kind, number in msgspec.structs.asdict(places).items():
            sums[kind] += number
    return Places(**sums)


def offered_until(now: datetime, offer_hours: int, doors_open: datetime) -> datetime | None:
    """Return how long an offer made now is held; None once the doors are open: too late to come."""
    if now >= doors_open:
        return None
    return min(now + timedelta(hours=offer_hours), doors_open)


def _position(party: Waiting) -> tuple[datetime, UUID]:
    return (party.waits_since, party.invitation_id)
