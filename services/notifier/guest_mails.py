"""Decides what becomes of a claimed mail to a guest: written from what is known now, or ended."""

from services.notifier import gathering
from services.notifier.gathering import Gathered, Now
from services.notifier.model import reason_to_withhold, reminder_due
from services.notifier.outgoing import Ended, Outgoing, SortAgain
from services.notifier.settings import Settings
from services.notifier.store.claims import Claimed
from services.notifier.store.known import KnownEvent
from services.notifier.writing import Draft, write_mail


def prepare(
    settings: Settings, claimed: Claimed, gathered: Gathered, event: KnownEvent | None, now: Now
) -> Outgoing | Ended | SortAgain:
    """Return the mail that is to go out, or why none is."""
    guest = gathered.guest(claimed.invitation_id)
    person = gathered.person_for(guest) if guest else None
    if guest is None or person is None:
        return Ended("cancelled", "recipient_unknown")
    if reason := reason_to_withhold(claimed.purpose, guest, now.at):
        return Ended("withheld", reason)
    if not person.email:
        return SortAgain()
    draft = Draft(
        message_id=claimed.message_id,
        purpose=claimed.purpose,
        occasion=gathering.occasion(settings, claimed.purpose, guest, person, now),
        sequence=guest.version + (event.version if event else 0),
        changed_at=claimed.queued_at,
        sent_at=now.at,
        mail_from=settings.mail_from,
        fonts=settings.font_folder,
    )
    return Outgoing(
        recipient=person.email,
        write=lambda: write_mail(draft),
        remind_at=reminder_due(claimed.purpose, guest, now.at),
    )
