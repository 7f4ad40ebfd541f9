"""Decides what becomes of a partner's item: taken, unchanged, held for an editor, or refused."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from services.events.category import Terms, codes_of
from services.events.ingest.item import Item, SeriesChange, Status, Withdrawal
from services.events.ingest.model import Outcome, PartnerItem
from services.events.ingest.reasons import ItemRefused, Refusal
from services.events.ingest.trust import Brake, TrustRules
from services.events.model import CalendarEvent, with_content, with_state
from services.events.moving import fitting
from services.events.naming import Naming


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision depends on besides the item and its event."""

    naming: Naming
    rules: TrustRules
    brake: Brake
    """Counts what is called off."""
    now: datetime


class Known(msgspec.Struct, frozen=True):
    """What stands in the tables before a batch."""

    items: Sequence[PartnerItem]
    events: Sequence[CalendarEvent]
    terms: Terms
    naming: Naming
    rules: TrustRules
    brake: Brake

    def around(self, now: datetime) -> Around:
        """Return what a decision depends on besides the item and its event."""
        return Around(naming=self.naming, rules=self.rules, brake=self.brake, now=now)

    def coded(self, item: Item) -> Item:
        """Return an item with the codes that its words mean instead of these."""
        content = msgspec.structs.replace(
            item.content,
            categories=codes_of(item.content.categories, self.terms.categories),
            audiences=codes_of(item.content.audiences, self.terms.audiences),
        )
        return msgspec.structs.replace(item, content=content)


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What an arrival does."""

    outcome: Outcome
    item: PartnerItem
    event: CalendarEvent | None
    """The event as it now stands, None where none came of the item or it is to go."""
    reason: str = ""
    field: str = ""


def require_newer(known: PartnerItem, item: Item | SeriesChange | Withdrawal) -> None:
    """Stop an item that its partner has since replaced: count of changes, then time of change.

    Where both are equal or missing the arrival decides: later is newer.

    Raises:
        ItemRefused: older than what was taken.
    """
    if known.source is None:
        return
    if known.revision is not None and item.revision is not None and known.revision != item.revision:
        if item.revision < known.revision:
            raise ItemRefused("older_version", "version")
        return
    long_ago = datetime.min.replace(tzinfo=UTC)
    if (item.modified_at or known.modified_at or long_ago) < (known.modified_at or long_ago):
        raise ItemRefused("older_version", "modified")


def refused(known: PartnerItem, event: CalendarEvent | None, refusal: Refusal) -> Decision:
    """Return the decision on an item that is not taken; what was taken before stays.

    An old state that comes again is told to its partner and changes nothing here.
    """
    item = known
    if refusal.reason != "older_version":
        item = msgspec.structs.replace(
            known, state="quarantined", reason=refusal.reason, field=refusal.field
        )
    return Decision(
        outcome="quarantined",
        item=_counted(known, item),
        event=event,
        reason=refusal.reason,
        field=refusal.field,
    )


def taken(known: PartnerItem, event: CalendarEvent, item: Item, around: Around) -> Decision:
    """Return the decision on an item that is no older than what was taken before.

    Args:
        known: the item as it was; version 0 if it is new.
        event: the event as it was; the new one if there was none.
        item: what has arrived, with codes.
        around: what else counts.
    """
    content = fitting(around.naming.named(item.content, known.override, event))
    after = with_content(event, content, around.now)
    wanted: Status = known.override.get("state") or item.status
    held = wanted == "cancelled" and _has_to_wait(known, event, around)
    if event.is_public and not held:
        after = with_state(after, wanted, around.now)
    cancelled_at = known.cancelled_at if after.state == "cancelled" else None
    if after.state == "cancelled" and _is_coming(event, around.now):
        around.brake.cancelled += 1
        cancelled_at = around.now
    kept = _kept(
        known,
        item,
        cancelled_at=cancelled_at,
        source=msgspec.to_builtins(item.content),
        status=known.status if held else item.status,
        held="cancelled" if held else None,
        calendar_event_id=event.calendar_event_id,
        to_review_since=_to_review(known, event, after, around),
    )
    if held:
        return _decided("held", known, kept, after, "many_cancellations")
    if _says(kept) == _says(known):
        return _decided("unchanged", known, kept, after, item.remark)
    if not after.is_public:
        reason = "refused_by_editors" if after.state == "refused" else "held_for_review"
        return _decided("held", known, kept, after, reason)
    return _decided("accepted", known, kept, after, item.remark)


def taken_beside(known: PartnerItem, item: Item) -> Decision:
    """Return the decision on an item whose event was merged into another, which it cannot change.

    What it says is kept, so that nothing is lost if the other goes.
    """
    kept = _kept(known, item, source=msgspec.to_builtins(item.content), status=item.status)
    is_same = kept.source == known.source and kept.status == known.status
    return _decided("unchanged" if is_same else "accepted", known, kept, None, "merged")


def withdrawn(
    known: PartnerItem, event: CalendarEvent | None, withdrawal: Withdrawal, around: Around
) -> Decision:
    """Return the decision on an event that its partner takes back; no event stays if it is taken.

    Raises:
        ItemRefused: its partner never told us of it.
    """
    if known.source is None:
        raise ItemRefused("not_known", "id")
    if known.status == "withdrawn":
        return _decided("unchanged", known, _kept(known, withdrawal), event)
    if "state" in known.override:
        return _decided("unchanged", known, _kept(known, withdrawal), event, "kept_by_editors")
    if event is not None and _has_to_wait(known, event, around):
        kept = _kept(known, withdrawal, held="withdrawn")
        return _decided("held", known, kept, event, "many_cancellations")
    kept = _kept(known, withdrawal, status="withdrawn", held=None, calendar_event_id=None)
    if event is not None and _is_coming(event, around.now):
        around.brake.cancelled += 1
        kept = msgspec.structs.replace(kept, cancelled_at=around.now)
    return _decided("accepted", known, kept, None)


def _says(item: PartnerItem) -> tuple[object, ...]:
    return item.source, item.status, item.held, item.calendar_event_id


def _has_to_wait(known: PartnerItem, event: CalendarEvent, around: Around) -> bool:
    """Say whether an editor has to release that an event is called off."""
    is_held = known.held is not None or around.brake.is_pulled
    return is_held and _is_coming(event, around.now)


def _is_coming(event: CalendarEvent, now: datetime) -> bool:
    """Say whether people may still be planning to go there."""
    is_on = event.state in ("published", "postponed")
    return is_on and (event.ends_at >= now or bool(event.recurrence or event.added))


def _to_review(
    known: PartnerItem, event: CalendarEvent, after: CalendarEvent, around: Around
) -> datetime | None:
    """Return since when an editor should look at a public event."""
    is_new = known.source is None or after != event
    if not after.is_public or around.rules.of(after.categories) == "publish" or not is_new:
        return known.to_review_since
    return known.to_review_since or around.now


def _kept(known: PartnerItem, arrived: Item | Withdrawal, **changes: Any) -> PartnerItem:
    """Return the item with an arrival's version noted."""
    taken: dict[str, Any] = {"state": "accepted", "reason": "", "field": ""}
    taken |= {"revision": arrived.revision, "modified_at": arrived.modified_at}
    return msgspec.structs.replace(known, **taken | changes)


def _decided(
    outcome: Outcome,
    known: PartnerItem,
    kept: PartnerItem,
    event: CalendarEvent | None,
    reason: str = "",
) -> Decision:
    return Decision(outcome=outcome, item=_counted(known, kept), event=event, reason=reason)


def _counted(before: PartnerItem, after: PartnerItem) -> PartnerItem:
    return before if after == before else msgspec.structs.replace(after, version=before.version + 1)
