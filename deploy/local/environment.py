"""Says which environment variables each process of the local run is given."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from deploy.local.addresses import Addresses
from deploy.local.keys import Keys
from deploy.local.ports import HOST
from deploy.nats.accounts import Accounts
from deploy.postgres.roles import DATABASE
from shared.settings import PREFIX

CLIENT_ID = "ehrensache"
SENDER = {
    "mail_from": "einladung@ehrensache.example",
    "sender_organisation": "Bürgerstiftung Elbstadt",
    "sender_street": "Am Markt 1",
    "sender_town": "01099 Elbstadt",
    "sender_phone": "0351 000000",
    "sender_email": "stiftung@ehrensache.example",
    "sender_signatory": "Marlene Voss",
}
"""The made-up foundation that signs the demo's mails and letters."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """All that a service's process must be told."""

    addresses: Addresses
    keys: Keys
    accounts: Accounts
    passwords: Mapping[str, str]
    """Of the database roles, by role."""


def inherited() -> dict[str, str]:
    """Return our own variables without settings of Ehrensache, and with no proxy in between."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, "NO_PROXY": "localhost,127.0.0.1", "PYTHONUNBUFFERED": "1"}


def of_service(service: str, around: Surroundings) -> dict[str, str]:
    """Return the variables of a service's two processes."""
    ports = around.addresses.ports
    role = f"{service}_app"
    database = f"{HOST}:{ports['postgres']}/{DATABASE}"
    common: dict[str, str | int | Path] = {
        "database_url": f"postgres://{role}:{around.passwords[role]}@{database}",
        "nats_url": f"nats://{HOST}:{ports['nats']}",
        "nats_credentials_file": around.accounts.credentials_file(service),
        "public_url": around.addresses.gateway,
        "staff_token_public_key_file": around.keys.staff_token_public,
        "http_port": ports[f"{service}-api"],
        "health_port": ports[f"{service}-worker"],
    }
    own = {
        "registry": _registry,
        "recognition": _recognition,
        "events": _events,
        "notifier": _notifier,
    }
    whole = common | own[service](around)
    named = {PREFIX + name.upper(): str(value) for name, value in whole.items()}
    return {**inherited(), **named}


def of_gateway(around: Surroundings, pages: Path, state: Path) -> dict[str, str]:
    """Return the variables of the gateway; the Caddyfile explains them."""
    ports = around.addresses.ports
    services = ("registry", "recognition", "events", "notifier")
    return {
        **inherited(),
        "XDG_DATA_HOME": str(state),
        "XDG_CONFIG_HOME": str(state),
        "EHRENSACHE_GATEWAY_SITE": f"http://:{ports['gateway']}",
        "EHRENSACHE_GATEWAY_BIND": HOST,
        "EHRENSACHE_GATEWAY_PAGES": str(pages),
        "EHRENSACHE_NATS_WEBSOCKET": f"{HOST}:{ports['nats_websocket']}",
        **{
            f"EHRENSACHE_{service.upper()}_API": f"{HOST}:{ports[f'{service}-api']}"
            for service in services
        },
    }


def _registry(around: Surroundings) -> dict[str, str | int | Path]:
    return {
        "staff_token_private_key_file": around.keys.staff_token_private,
        "oidc_issuer": around.addresses.openid,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret_file": around.keys.openid_client,
    }


def _recognition(around: Surroundings) -> dict[str, str | int | Path]:
    return {"ticket_private_key_file": around.keys.ticket_private}


def _events(_around: Surroundings) -> dict[str, str | int | Path]:
    return {
        "operator_name": f"Stadt Elbstadt und {SENDER['sender_organisation']}",
        "operator_address": f"{SENDER['sender_street']}, {SENDER['sender_town']}",
        "operator_email": SENDER["sender_email"],
        "operator_phone": SENDER["sender_phone"],
    }


def _notifier(around: Surroundings) -> dict[str, str | int | Path]:
    return {
        "smtp_host": HOST,
        "smtp_port": around.addresses.ports["smtp"],
        "smtp_tls": "none",
        "opt_out_key_file": around.keys.opt_out,
        **SENDER,
    }
