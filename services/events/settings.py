"""Says what events needs to know when it starts."""

from services.events.site import Site
from shared.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """The settings of events."""

    operator_name: str = "Stadt Beispielstadt und Bürgerstiftung Beispielstadt"
    """Who is responsible for the site, as the legal notices name it."""
    operator_address: str = "Rathausplatz 1, 01067 Beispielstadt"
    operator_email: str = "ehrenamt@example.de"
    operator_phone: str = "0351 0000000"
    pulls_private_addresses: bool = False
    """Whether partners' calendars may be fetched from private networks, and links of offers looked
    at there; any service in there could be asked by whoever enters an address."""

    embedding_sites: str = "*"
    """Who may show the list in a frame, as in CSP's frame-ancestors: `https://verein.example.de`."""
    packs_feeds: bool = True
    """Whether feeds are sent packed to whoever asks for it; some proxies get that wrong."""

    @property
    def site(self) -> Site:
        """Return the public addresses."""
        return Site(self.public_url)
