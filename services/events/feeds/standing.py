"""Knows the feeds that stand by themselves, and the revisions of all that is cut from them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.events.need import NEEDS, needs_of
from services.events.selection import EVERYTHING, Selection, canonical, needing

ALL: Final = "alle"
AUDIENCE, DISTRICT, PLACE, ORGANISER = "zielgruppe-", "stadtteil-", "ort-", "veranstalter-"
"""What the slugs of standing feeds begin with; categories and needs have slugs of their own."""


class Moment(msgspec.Struct, frozen=True, order=True):
    """A revision and when it came to be; later ones are greater in both."""

    revision: int
    changed_at: datetime


NEVER: Final = Moment(0, datetime(2026, 1, 1, tzinfo=UTC))
"""What no event has ever been in."""


class Standing(msgspec.Struct, frozen=True):
    """A standing feed's last change, and the last change of the name of what it is about."""

    slug: str
    changed: Moment
    renamed: Moment
    follows: str | None = None
    """The feed that has taken its place, where two places or organisers turned out to be one."""


class Slugs(msgspec.Struct, frozen=True):
    """The slugs of the controlled lists, by code."""

    categories: dict[str, str]
    audiences: dict[str, str]

    def groups(self, selection: Selection) -> list[list[str]]:
        """Return the standing feeds that a selection is cut from.

        An event of the selection is in at least one feed of each group.
        """
        groups = [
            [self.categories[code] for code in selection.categories],
            [AUDIENCE + self.audiences[code] for code in selection.audiences],
            [DISTRICT + slug for slug in selection.districts],
            [f"{PLACE}{place_id}" for place_id in selection.places],
            [f"{ORGANISER}{organiser_id}" for organiser_id in selection.organisers],
            *([need.slug] for need in needs_of(selection)),
        ]
        return [group for group in groups if group]

    def standing(self, selection: Selection) -> str | None:
        """Return the slug of the standing feed of exactly this selection, None if there is none."""
        if selection.is_everything:
            return ALL
        groups = self.groups(selection)
        is_alone = len(groups) == 1 and len(groups[0]) == 1
        if not is_alone or selection.words or selection.hides_cancelled:
            return None
        return groups[0][0]

    def selection(self, slug: str) -> Selection | None:
        """Return what stands in the standing feed of this name, None if none could be named so."""
        if slug == ALL:
            return EVERYTHING
        needs = [need for need in NEEDS if need.slug == slug]
        if needs:
            return needing(EVERYTHING, needs)
        for prefix, chosen in _CHOSEN_BY.items():
            if slug.startswith(prefix):
                return chosen(self, slug.removeprefix(prefix))
        codes = [code for code, known in self.categories.items() if known == slug]
        return Selection(categories=(codes[0],)) if codes else None


def followed(selection: Selection, standing: Mapping[str, Standing]) -> Selection:
    """Return a selection with those places and organisers that others have become."""
    if not selection.places and not selection.organisers:
        return selection
    return canonical(
        msgspec.structs.replace(
            selection,
            places=_present(PLACE, selection.places, standing),
            organisers=_present(ORGANISER, selection.organisers, standing),
        )
    )


def moment_of(groups: Sequence[Sequence[str]], standing: Mapping[str, Standing]) -> Moment:
    """Return the revision of a feed that is cut from these groups of standing feeds.

    Whatever changes an event of the feed, or moves one into it or out of it, gives its number to a
    standing feed of every group, so the least of the groups' greatest numbers is then that number.
    """
    if not groups:
        return standing[ALL].changed
    known = [[standing.get(slug) for slug in group] for group in groups]
    changed = min(max(each.changed if each else NEVER for each in group) for group in known)
    renamed = max(each.renamed if each else NEVER for group in known for each in group)
    return max(changed, renamed)


def _present(
    prefix: str, ids: Sequence[UUID], standing: Mapping[str, Standing]
) -> tuple[UUID, ...]:
    known = [standing.get(f"{prefix}{each}") for each in ids]
    return tuple(
        UUID(now.follows.removeprefix(prefix)) if now and now.follows else each
        for each, now in zip(ids, known, strict=True)
    )


def _audience(slugs: Slugs, rest: str) -> Selection | None:
    codes = [code for code, known in slugs.audiences.items() if known == rest]
    return Selection(audiences=(codes[0],)) if codes else None


def _place(_: Slugs, rest: str) -> Selection | None:
    place_id = _uuid(rest)
    return Selection(places=(place_id,)) if place_id else None


def _organiser(_: Slugs, rest: str) -> Selection | None:
    organiser_id = _uuid(rest)
    return Selection(organisers=(organiser_id,)) if organiser_id else None


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


_CHOSEN_BY: Final = {
    AUDIENCE: _audience,
    DISTRICT: lambda _, rest: Selection(districts=(rest,)),
    PLACE: _place,
    ORGANISER: _organiser,
}
