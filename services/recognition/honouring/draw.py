"""Draws the guests: by rule first and then by lot, so that anyone can work it out again by hand."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final, Literal
from uuid import UUID

import msgspec

ALGORITHM: Final = "sha256-lots-1"
"""Groups in the order of GROUPS; within a group by ascending lot; see `lot`."""

Group = Literal["carried_over", "first_time", "invited_before"]
GROUPS: Final[tuple[Group, ...]] = ("carried_over", "first_time", "invited_before")
"""Who comes first: those not drawn in an earlier year, then first-time guests, then the others."""

Verdict = Literal["drawn", "quota_used_up", "not_drawn"]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed person, with what the rules look at."""

    guest_proposal_id: UUID
    person_id: UUID
    organisation_id: UUID | None
    """Who proposed; None is the foundation itself, which has no quota."""
    was_carried_over: bool
    """An earlier draw has noted the person for a later event (Vormerkung)."""
    was_invited: bool
    """There is an invitation to an earlier honouring event."""

    @property
    def group(self) -> Group:
        """Return which group the person is drawn in."""
        if self.was_carried_over:
            return "carried_over"
        return "invited_before" if self.was_invited else "first_time"


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the minutes: a person's lot and what came of it."""

    guest_proposal_id: UUID
    person_id: UUID
    lot: str
    verdict: Verdict


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One group's turn, with its lots in the order in which they were looked at."""

    group: Group
    candidates: int
    places_before: int
    drawn: int
    lots: tuple[Lot, ...]


class Minutes(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decided a draw (Losprotokoll), enough to repeat it."""

    algorithm: str
    seed: str
    places: int
    steps: tuple[Step, ...]

    @property
    def drawn(self) -> tuple[UUID, ...]:
        """Return the proposals that were drawn, in the order in which they were."""
        return self._with("drawn")

    @property
    def left_over(self) -> tuple[UUID, ...]:
        """Return the proposals that were not drawn, whatever the reason."""
        return self._with("quota_used_up", "not_drawn")

    def _with(self, *verdicts: Verdict) -> tuple[UUID, ...]:
        return tuple(
            lot.guest_proposal_id
            for step in self.steps
            for lot in step.lots
            if lot.verdict in verdicts
        )


def lot(seed: str, person_id: UUID) -> str:
    """Return a person's lot: the SHA-256, in hexadecimal, of `<seed>:<person id>` in UTF-8.

    Everybody can check it with `printf '%s' '<seed>:<person id>' | sha256sum`.
    """
    return hashlib.sha256(f"{seed}:{person_id}".encode()).hexdigest()


def draw(
    candidates: Sequence[Candidate],
    *,
    places: int,
    seed: str,
    quotas: Mapping[UUID, int],
) -> Minutes:
    """Draw up to `places` guests; the order of the candidates does not matter.

    Args:
        candidates: everybody who can be drawn, each person once.
        places: how many guests are wanted, 0 or more.
        seed: what the lots are made from; the same seed gives the same result.
        quotas: how many guests of each organisation may still be drawn; one that is missing here
            has no limit.
    """
    left = dict(quotas)
    free = places
    steps = []
    for group in GROUPS:
        members = [candidate for candidate in candidates if candidate.group == group]
        step = _draw_group(group, members, seed, free, left)
        free -= step.drawn
        steps.append(step)
    return Minutes(algorithm=ALGORITHM, seed=seed, places=places, steps=tuple(steps))


def _draw_group(
    group: Group, members: Sequence[Candidate], seed: str, places: int, left: dict[UUID, int]
) -> Step:
    """Draw one group; `left` is counted down for the organisations of those drawn."""
    lots: list[Lot] = []
    drawn = 0
    numbered = [(lot(seed, member.person_id), member) for member in members]
    for number, candidate in sorted(numbered, key=itemgetter(0)):
        verdict = _verdict(candidate, left, has_place=drawn < places)
        drawn += verdict == "drawn"
        lots.append(
            Lot(
                guest_proposal_id=candidate.guest_proposal_id,
                person_id=candidate.person_id,
                lot=number,
                verdict=verdict,
            )
        )
    return Step(
        group=group,
        candidates=len(members),
        places_before=places,
        drawn=drawn,
        lots=tuple(lots),
    )


def _verdict(candidate: Candidate, left: dict[UUID, int], *, has_place: bool) -> Verdict:
    organisation_id = candidate.organisation_id
    if organisation_id is not None and left.get(organisation_id, 1) <= 0:
        return "quota_used_up"
    if not has_place:
        return "not_drawn"
    if organisation_id in left:
        left[organisation_id] -= 1
    return "drawn"


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """What a draw would do to one group, in numbers and without names."""

    group: Group
    candidates: int
    drawn: int

    @property
    def needs_lots(self) -> bool:
        """Tell whether the lot decides in this group."""
        return 0 < self.drawn < self.candidates


def rehearse(
    candidates: Sequence[Candidate], *, places: int, quotas: Mapping[UUID, int]
) -> tuple[Rehearsal, ...]:
    """Tell how many of each group a draw would take.

    No seed and no names: whoever could see a result before it counts could repeat it until it
    pleases. The numbers are the same for every seed.
    """
    left = dict(quotas)
    free = places
    rehearsals = []
    for group in GROUPS:
        members = [candidate for candidate in candidates if candidate.group == group]
        eligible = _eligible(members, left)
        drawn = min(free, eligible)
        free -= drawn
        rehearsals.append(Rehearsal(group=group, candidates=len(members), drawn=drawn))
    return tuple(rehearsals)


def _eligible(members: Sequence[Candidate], left: dict[UUID, int]) -> int:
    """Count those whom the quotas allow; `left` is counted down by all of them."""
    total = 0
    for organisation_id, count in Counter(m.organisation_id for m in members).items():
        allowed = count if organisation_id is None else min(count, left.get(organisation_id, count))
        total += max(allowed, 0)
        if organisation_id in left:
            left[organisation_id] -= allowed
    return total
