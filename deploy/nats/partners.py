"""Takes partners in and lets them go, on the running server."""

import re
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from nats.aio.client import Client

from deploy.nats import permissions, retirement, streams
from deploy.nats.accounts import (
    SYSTEM_USER,
    Standing,
    new_credentials,
    partner_account_token,
    read_standing,
)
from deploy.nats.identity import Identity, keep_identity, read_claims, write_secret
from deploy.nats.push import delete_account, push_account
from deploy.nats.retirement import Retirement
from deploy.nats.session import sign_in

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 32


class PartnerNameUnusable(ValueError):
    """The name cannot name a stream."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot name a partner: use lower-case letters, digits and single hyphens, "
            f"a letter first, {LONGEST_NAME} at most"
        )


class PartnerExists(ValueError):
    """A partner of this name was taken in before."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a partner {name} already; `rotate` gives it new credentials")


class PartnerUnknown(LookupError):
    """No partner of this name was taken in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no partner {name}")


class Partner(msgspec.Struct, frozen=True):
    """A system that publishes items into the calendar over its own account."""

    name: str
    account_key: str
    """Public key of its account; part of the subjects that its items and receipts travel on."""
    is_suspended: bool
    old_credentials_until: int | None = None
    """Unix time up to which replaced credentials count, None where there are none."""


class Admission(msgspec.Struct, frozen=True):
    """What a partner is given: it signs in with the credentials and is known by the key."""

    account_key: str
    credentials: str
    """The text of a .creds file. It is kept nowhere else: hand it over and forget it."""


class PartnerDesk:
    """Where partners are taken in: knows the keys' directory and is connected to the server."""

    def __init__(self, directory: Path, system: Client, provisioner: Client) -> None:
        """Keep the connections, which the caller closes."""
        self.directory = directory
        self.system = system
        self.provisioner = provisioner

    def account_key(self, name: str) -> str:
        """Return the public key of the account that a partner of this name has, or will get.

        Raises:
            PartnerNameUnusable: the name cannot name a stream.
        """
        if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise PartnerNameUnusable(name)
        return self._account(name).public_key

    async def add(self, name: str) -> Admission:
        """Take a partner in: its account, its stream, and credentials for its one user.

        An `add` that was cut short is simply repeated.

        Raises:
            PartnerNameUnusable: the name cannot name a stream.
            PartnerExists: the partner was taken in before.
        """
        account_key = self.account_key(name)
        if self._token_file(name).exists():
            raise PartnerExists(name)
        account = self._account(name)
        await streams.provision_partner(self.provisioner, name, account_key)
        await self._announce(name, account, Standing())
        return _admission(name, account, int(time.time()))

    async def suspend(self, name: str) -> None:
        """Shut a partner out: its connections end and none is let in until `resume`.

        What it has published stays in its stream and is worked on.

        Raises:
            PartnerUnknown: no partner has this name.
        """
        await self._change(name, is_suspended=True)

    async def resume(self, name: str) -> None:
        """Let a suspended partner in again, with the credentials that it has.

        Raises:
            PartnerUnknown: no partner has this name.
        """
        await self._change(name, is_suspended=False)

    async def rotate(self, name: str, grace_seconds: int = 0) -> Admission:
        """Give a partner new credentials; the old ones end at once, or after a time of grace.

        The end of a grace comes with the first `settle` after it.

        Raises:
            PartnerUnknown: no partner has this name.
        """
        account, folder, now = self._known(name), self._folder(name), int(time.time())
        # Two rotations within a second: the first one's credentials must not outlive the second.
        earlier = [each.revoked_until for each in retirement.planned(folder)]
        revoked_until = max(now, 1 + max([self._standing(name).revoked_until, *earlier]))
        if grace_seconds > 0:
            retirement.plan(folder, Retirement(revoked_until, now + grace_seconds))
        else:
            await self._revoke(name, revoked_until)
        return _admission(name, account, revoked_until + 1)

    async def settle(self, now: float) -> list[str]:
        """End old credentials whose time of grace is over by the Unix time `now`.

        Returns the names of the partners whose old credentials have ended.
        """
        settled = []
        for partner in known_partners(self.directory):
            due = [
                each.revoked_until
                for each in retirement.planned(self._folder(partner.name))
                if each.due_at <= now
            ]
            if due:
                await self._revoke(partner.name, max(due))
                settled.append(partner.name)
        return settled

    async def remove(self, name: str) -> None:
        """Forget a partner, its account and all that is in its stream; there is no way back.

        Raises:
            PartnerUnknown: no partner has this name.
        """
        account = self._known(name)
        operator = keep_identity(self.directory / "operator.seed", "operator")
        await delete_account(self.system, operator, account.public_key)
        await streams.remove_partner(self.provisioner, name)
        shutil.rmtree(self._token_file(name).parent)

    async def restore(self) -> None:
        """Make every partner known again on a server that has lost its data."""
        for partner in known_partners(self.directory):
            await streams.provision_partner(self.provisioner, partner.name, partner.account_key)
            await push_account(self.system, self._token_file(partner.name).read_text())

    async def _revoke(self, name: str, revoked_until: int) -> None:
        await self._change(name, revoked_until=revoked_until)
        retirement.forget(self._folder(name), revoked_until)

    async def _change(self, name: str, **changed: bool | int) -> None:
        account = self._known(name)
        standing = msgspec.structs.replace(self._standing(name), **changed)
        await self._announce(name, account, standing)

    def _standing(self, name: str) -> Standing:
        return read_standing(self._token_file(name).read_text())

    async def _announce(self, name: str, account: Identity, standing: Standing) -> None:
        token = partner_account_token(self.directory, name, account, standing)
        await push_account(self.system, token)
        write_secret(self._token_file(name), token)

    def _account(self, name: str) -> Identity:
        return keep_identity(self._folder(name) / "account.seed", "account")

    def _known(self, name: str) -> Identity:
        if not NAME.fullmatch(name) or not self._token_file(name).exists():
            raise PartnerUnknown(name)
        return self._account(name)

    def _token_file(self, name: str) -> Path:
        return self._folder(name) / "account.jwt"

    def _folder(self, name: str) -> Path:
        return _folder(self.directory) / name


@asynccontextmanager
async def open_desk(
    nats_url: str, directory: Path, authority: str = ""
) -> AsyncIterator[PartnerDesk]:
    """Connect as system user and as provisioner, with the credentials in the keys' directory."""
    system = await sign_in(nats_url, directory, SYSTEM_USER, authority)
    try:
        provisioner = await sign_in(nats_url, directory, permissions.PROVISIONER, authority)
        try:
            yield PartnerDesk(directory, system, provisioner)
        finally:
            await provisioner.close()
    finally:
        await system.close()


def known_partners(directory: Path) -> list[Partner]:
    """Return all partners in alphabetical order, from the keys' directory alone."""
    return [_partner(file) for file in sorted(_folder(directory).glob("*/account.jwt"))]


def _partner(file: Path) -> Partner:
    token = file.read_text()
    retiring = retirement.planned(file.parent)
    return Partner(
        name=file.parent.name,
        account_key=read_claims(token)["sub"],
        is_suspended=read_standing(token).is_suspended,
        old_credentials_until=retiring[-1].due_at if retiring else None,
    )


def _admission(name: str, account: Identity, issued_at: int) -> Admission:
    allowed = permissions.of_partner().claims()
    return Admission(account.public_key, new_credentials(account, name, allowed, issued_at))


def _folder(directory: Path) -> Path:
    return directory / "partners"
