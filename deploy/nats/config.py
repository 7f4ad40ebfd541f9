"""Writes the NATS server's configuration."""

from pathlib import Path

import msgspec

from deploy.nats.accounts import Accounts

TEMPLATE = """\
# Written by `ehrensache`; changes are overwritten. One key on a line: the server's parser wants it.
server_name: {place.name}
listen: "{place.host}:{place.port}"
http: "{place.monitoring_host}:{place.monitoring_port}"
max_payload: 256KB
max_pending: 64MB
max_connections: 2000
lame_duck_duration: 30s
ping_interval: "30s"

# Acknowledged means written to the disk: sync_interval is two minutes if it is left out.
jetstream {{
  store_dir: "{place.store}/jetstream"
  sync_interval: always
  max_memory_store: 64MB
  max_file_store: {place.store_gigabytes}GB
}}

# Accounts come as signed claims, so that a partner is added without a restart.
operator: "{accounts.operator_token}"
system_account: "{accounts.system_account}"
resolver {{
  type: full
  dir: "{place.store}/accounts"
  allow_delete: true
  interval: "2m"
}}
resolver_preload {{
{preload}
}}
"""

TLS = """
# The handshake comes before anything else, so that nobody in between can talk a client out of it.
tls {{
  cert_file: "{tls.certificate}"
  key_file: "{tls.key}"
  handshake_first: true
  timeout: 5
}}
"""

WEBSOCKET = """
# For partners outside: the gateway ends TLS and passes this on.
websocket {{
  listen: "{place.host}:{place.websocket_port}"
  no_tls: true
}}
"""


CLUSTER = """
# The servers of a cluster find each other here; whoever else comes is sent away.
cluster {{
  name: ehrensache
  listen: "{place.host}:{ROUTES_PORT}"
  authorization {{
    user: node
    password: "{place.cluster_password}"
  }}
  routes: [
{routes}
  ]
{tls}}}
"""
CLUSTER_TLS = """\
  tls {{
    cert_file: "{tls.certificate}"
    key_file: "{tls.key}"
    ca_file: "{tls.authority}"
    verify: true
    timeout: 5
  }}
"""
ROUTES_PORT = 6222


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """Files by which a server proves who it is, where it reads them."""

    certificate: Path
    key: Path
    authority: Path
    """Of whoever vouches for the other servers of a cluster."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server listens and keeps its data."""

    store: Path
    host: str = "127.0.0.1"
    port: int = 4222
    monitoring_host: str = "127.0.0.1"
    monitoring_port: int = 8222
    websocket_port: int | None = None
    """For clients behind the gateway; none listens there where it is left out."""
    store_gigabytes: int = 16
    name: str = "ehrensache"
    """Of the server; `$VARIABLE` is read when it starts."""
    nodes: tuple[str, ...] = ()
    """Names of all servers of a cluster in the network; none for a server that stands alone."""
    cluster_password: str = ""
    tls: Tls | None = None
    """Clients and other servers are spoken to over TLS only; None: without."""


def render(place: Place, accounts: Accounts) -> str:
    """Return the text of nats.conf.

    The claims in it are signed, not hidden; the password of a cluster is its only secret.
    """
    preload = "\n".join(f'  {key}: "{token}"' for key, token in accounts.preload.items())
    text = TEMPLATE.format(place=place, accounts=accounts, preload=preload)
    if place.tls is not None:
        text += TLS.format(tls=place.tls)
    if place.websocket_port is not None:
        text += WEBSOCKET.format(place=place)
    if place.nodes:
        login = f"node:{place.cluster_password}"
        routes = "\n".join(f'    "nats-route://{login}@{at}:{ROUTES_PORT}"' for at in place.nodes)
        tls = CLUSTER_TLS.format(tls=place.tls) if place.tls is not None else ""
        text += CLUSTER.format(place=place, routes=routes, ROUTES_PORT=ROUTES_PORT, tls=tls)
    return text
