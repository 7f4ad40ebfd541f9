"""How many places of each kind an honouring event has, and how many of them somebody holds."""

from uuid import UUID

import msgspec

from services.recognition.honouring.model import Places


class PlaceBalance(msgspec.Struct, frozen=True, kw_only=True):
    """What one honouring event has of each kind of place, and what is taken of it."""

    honouring_event_id: UUID
    volunteer_capacity: int
    volunteer_taken: int
    protocol_capacity: int
    protocol_taken: int
    standard_capacity: int
    standard_taken: int
    wheelchair_capacity: int
    wheelchair_taken: int
    companion_capacity: int
    companion_taken: int

    @property
    def capacity(self) -> Places:
        """Return all places that there are."""
        return self._places("capacity")

    @property
    def taken(self) -> Places:
        """Return the places that somebody holds."""
        return self._places("taken")

    @property
    def left(self) -> Places:
        """Return the places that nobody holds."""
        return self.capacity - self.taken

    def _places(self, kind: str) -> Places:
        return Places(
            **{name: getattr(self, f"{name}_{kind}") for name in Places.__struct_fields__}
        )
