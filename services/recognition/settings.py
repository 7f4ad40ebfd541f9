"""Says what recognition needs to know when it starts."""

from services.recognition.honouring.tickets import TicketKeys, ticket_keys
from shared.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """The settings of recognition: the keys of its tickets."""

    ticket_private_key: str
    """Ed25519 private key in PEM that signs tickets."""
    retired_ticket_public_keys: str = ""
    """Public keys in PEM, one after the other, of tickets that were signed earlier."""

    @property
    def ticket_keys(self) -> TicketKeys:
        """Return the keys that sign and verify tickets."""
        return ticket_keys(self.ticket_private_key, *_blocks(self.retired_ticket_public_keys))


def _blocks(pem: str) -> list[str]:
    end = "-----END PUBLIC KEY-----"
    return [block.strip() + "\n" + end for block in pem.split(end) if block.strip()]
