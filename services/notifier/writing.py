"""Writes the mail to one recipient: prose, tickets and calendar file, as bytes for SMTP."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from services.notifier import mail, prose
from services.notifier.gathering import MailOccasion
from services.notifier.invitation_ics import invitation_ics
from services.notifier.mail import Attachment, Mail
from services.notifier.model import WITH_TICKETS, Purpose
from services.notifier.occasion import Occasion
from services.notifier.ticket_pdf import ticket_pdf


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail is written from."""

    message_id: UUID
    purpose: Purpose
    occasion: MailOccasion
    sequence: int
    """For the calendar file: grows with every change of the answer and of the event."""
    changed_at: datetime
    """When the message was queued: stays the same however often it is sent."""
    sent_at: datetime
    mail_from: str
    fonts: Path


def write_mail(draft: Draft) -> bytes:
    """Return the mail as it goes over SMTP. Takes some hundredths of a second with tickets.

    Raises:
        Unmailable: the recipient's address is not one that mails can be sent to.
    """
    occasion = draft.occasion
    name, address = occasion.recipient
    written = prose.write(draft.purpose, occasion.words(by_letter=False))
    return mail.compose(
        Mail(
            message_id=draft.message_id,
            sender_name=occasion.sender.organisation,
            sender_address=draft.mail_from,
            recipient_name=name,
            recipient_address=address,
            subject=written.subject,
            text=prose.as_text(written),
            html=prose.as_html(written),
            attachments=_attachments(draft),
            opt_out_url=occasion.opt_out_url,
            sent_at=draft.sent_at,
        )
    )


def _attachments(draft: Draft) -> tuple[Attachment, ...]:
    occasion = draft.occasion
    if not isinstance(occasion, Occasion):
        return ()
    comes = draft.purpose in WITH_TICKETS and occasion.guest.tickets
    if not comes and not (draft.purpose == "cancelled" and occasion.guest.state == "accepted"):
        return ()
    calendar = invitation_ics(occasion, draft.sequence, draft.changed_at)
    event = Attachment("Termin.ics", "text/calendar", calendar)
    if not comes:
        return (event,)
    tickets = ticket_pdf(occasion, draft.fonts)
    return (Attachment("Eintrittskarten.pdf", "application/pdf", tickets), event)
