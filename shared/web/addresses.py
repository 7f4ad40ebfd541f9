"""Finds out where a request comes from when proxies stand in between."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from litestar.types import Scope

IPV6_CUSTOMER_PREFIX: Final = 64


class Proxies:
    """The proxies whose word about the visitor's address is believed."""

    def __init__(self, trusted: str) -> None:
        self._networks = [
            ip_network(entry.strip(), strict=False) for entry in trusted.split(",") if entry.strip()
        ]

    def client(self, scope: Scope, headers: Mapping[bytes, bytes]) -> str:
        """Return the visitor's address: the rightmost in X-Forwarded-For that is no proxy of ours.

        What stands left of it was sent by the visitor and could be anything.
        """
        client = scope.get("client")
        peer = client[0] if client else ""
        hops = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        address = peer
        for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
            if not self.trusts(address):
                break
            address = hop
        return address

    def trusts(self, address: str) -> bool:
        """Whether an address is one of the proxies."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)


def customer(address: str) -> str:
    """Return what visitors are counted by: an IPv4 address, or the /64 that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_CUSTOMER_PREFIX), strict=False))
    return str(parsed)
