"""Says what events needs to know when it starts."""

from services.events.site import Site
from shared.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """The settings of events: nothing of its own so far."""

    @property
    def site(self) -> Site:
        """Return the public addresses."""
        return Site(self.public_url)
