"""Holds tickets in front of a scanner at a door."""

from typing import Any
from uuid import UUID, uuid4

from services.recognition.honouring.commands.check_in_guest import CheckInGuest, check_in_guest
from services.recognition.honouring.doors import Admission
from services.recognition.honouring.store.doors import Scan
from shared.database import Connection
from tests.recognition.honouring.keys import KEYS


async def shows(opened: Connection, event_id: UUID, shown: str, **differs: Any) -> Admission:
    """Hold something in front of the scanner at a door."""
    scan = Scan(
        **{
            "scan_id": uuid4(),
            "honouring_event_id": event_id,
            "door": "Eingang B",
            "device": "Gerät 1",
            "checked_by": "Ida Einlass",
            **differs,
        }
    )
    return await check_in_guest(opened, CheckInGuest(scan=scan, shown=shown), KEYS)
