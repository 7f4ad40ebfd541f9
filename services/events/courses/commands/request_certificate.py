"""Somebody who has attended asks for a certificate (Teilnahmebescheinigung)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.refusals import NotYours
from services.events.courses.store import registrations
from shared import outbox
from shared.contracts.events import CourseCertificateRequested
from shared.database import Connection


class RequestCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration."""

    course_registration_id: UUID


async def request_certificate(
    transaction: Connection, command: RequestCertificate, now: datetime
) -> None:
    """Note the wish and tell recognition, which writes certificates. A second time does nothing.

    Raises:
        RegistrationUnknown: there is no such registration.
        NotYours: nobody has noted that the person was there.
    """
    registration = await registrations.lock(transaction, command.course_registration_id)
    if registration.state != "attended":
        raise NotYours
    if registration.certificate_requested_at is not None:
        return
    version = await registrations.request_certificate(
        transaction, registration.course_registration_id, now
    )
    await outbox.record(
        transaction,
        CourseCertificateRequested(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=registration.course_run_id,
        ),
    )
