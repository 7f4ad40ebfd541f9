"""What editors do about a member of a committee: give a link, call it back, note that one left."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.committees.commands.dismiss_member import DismissMember, dismiss_member
from services.events.committees.commands.give_member_link import GiveMemberLink, give_member_link
from services.events.committees.commands.revoke_member_link import (
    RevokeMemberLink,
    revoke_member_link,
)
from services.events.committees.http.console import (
    COMMITTEES,
    ONE,
    known_committee,
    note,
    today,
)
from services.events.committees.http.secret import HERE, SUFFIX
from services.events.committees.model import Committee, Member, MemberUnknown
from services.events.committees.store import members
from services.events.http.acting import EDITS
from services.events.settings import Settings
from shared.database import transaction
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

MEMBER: Final = f"{ONE}/mitglieder/{{member_id:uuid}}"


@post(f"{MEMBER}/link", opt=EDITS)
async def post_member_link(
    request: Request, committee_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page:
    """Give a member a link and show it, this once; an earlier one stops working."""
    async with transaction(request.pool) as opened:
        committee = await known_committee(opened, committee_id)
        link = await give_member_link(opened, GiveMemberLink(committee_id, member_id))
        await note(request, opened, "give_member_link", committee_id)
    settings: Settings = request.app.state.settings
    address = f"{settings.public_url}{HERE}/{link.token}"
    return page(
        request,
        "konsole_gremiumslink.html",
        committee=committee,
        name=link.name,
        address=address,
        feed_url=address + SUFFIX,
    )


@get(f"{MEMBER}/sperren", opt=EDITS)
async def get_revoke_question(
    request: Request, committee_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page:
    """Ask whether a member's link is to be called back."""
    _, member = await _known(request, committee_id, member_id)
    return page(
        request,
        "confirm.html",
        question=f"Link von {member.name} sperren?",
        consequences=[
            "Die Seite und das Abonnement des Mitglieds öffnen sich ab sofort nicht mehr.",
            "Sie können jederzeit einen neuen Link ausgeben.",
        ],
        action=f"{COMMITTEES}/{committee_id}/mitglieder/{member_id}/sperren",
        yes="Sperren",
        back=f"{COMMITTEES}/{committee_id}",
        fields={},
    )


@post(f"{MEMBER}/sperren", opt=EDITS)
async def post_revoke(
    request: Request, committee_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page:
    """Call a member's link back."""
    async with transaction(request.pool) as opened:
        await revoke_member_link(opened, RevokeMemberLink(committee_id, member_id))
        await note(request, opened, "revoke_member_link", committee_id)
    return see_other(request, f"{COMMITTEES}/{committee_id}", "Der Link ist gesperrt.")


@get(f"{MEMBER}/austritt", opt=EDITS)
async def get_leaving_question(
    request: Request, committee_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page:
    """Ask whether a member has left."""
    committee, member = await _known(request, committee_id, member_id)
    return page(
        request,
        "confirm.html",
        question=f"{member.name} ist ausgeschieden?",
        consequences=[
            f"Der Link zu den Terminen von „{committee.name}“ öffnet ab sofort nichts mehr.",
            "Name und E-Mail werden ein Jahr nach dem Ausscheiden gelöscht.",
        ],
        action=f"{COMMITTEES}/{committee_id}/mitglieder/{member_id}/austritt",
        yes="Ist ausgeschieden",
        back=f"{COMMITTEES}/{committee_id}",
        fields={},
    )


@post(f"{MEMBER}/austritt", opt=EDITS)
async def post_leaving(
    request: Request, committee_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page:
    """Note that a member has left today."""
    async with transaction(request.pool) as opened:
        await dismiss_member(opened, DismissMember(committee_id, member_id, today()))
        await note(request, opened, "dismiss_member", committee_id)
    return see_other(request, f"{COMMITTEES}/{committee_id}", "Das Mitglied ist ausgeschieden.")


async def _known(request: Request, committee_id: UUID, member_id: UUID) -> tuple[Committee, Member]:
    async with request.pool.acquire() as connection:
        committee = await known_committee(connection, committee_id)
        known = await members.members(connection, committee_id)
    for member in known:
        if member.committee_member_id == member_id and member.left_on is None:
            return committee, member
    raise MemberUnknown


ROUTES: Final = [
    post_member_link,
    get_revoke_question,
    post_revoke,
    get_leaving_question,
    post_leaving,
]
