"""An editor says how far a partner is trusted; it counts for everything that comes from now on."""

import msgspec

from services.events.category import require_known
from services.events.ingest.model import Partner
from services.events.ingest.trust import TrustRules
from services.events.store import events, partners, trust
from shared.database import Connection


class TrustPartner(msgspec.Struct, frozen=True):
    """Which partner, and how far."""

    partner: Partner
    rules: TrustRules


async def trust_partner(transaction: Connection, command: TrustPartner) -> None:
    """Write how far a partner is trusted, in all and with single categories.

    Raises:
        Malformed: a rule is for a category that does not exist.
    """
    partner_id, rules = command.partner.partner_id, command.rules
    require_known(list(rules.by_category), await events.categories(transaction))
    await partners.save_trust(transaction, partner_id, rules.otherwise)
    await trust.forget_rules(transaction, partner_id)
    await trust.save_rules(transaction, partner_id, rules.by_category)
