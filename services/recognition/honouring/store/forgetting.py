"""Forgets what was only needed for the evening itself, some time after it is over.

Who was invited to what and came stays: the draw asks who was never invited, and the figures of
past concerts count people.
"""

from typing import Final

from shared.database import Connection

NEEDS_DAYS: Final = 14
"""After the event: what guests need is data about health and prepares one evening only."""
NAMES_DAYS: Final = 120
"""After the event: names of companions, on tickets too, single answers, and refused scans."""


async def forget_needs(transaction: Connection, most: int) -> int:
    """Clear what guests of up to `most` invitations needed; return how many.

    That somebody came with them stays, without a name, since it counts as a person.
    """
    cleared: str = await transaction.execute(
        """
        with cleared as (
            update invitation set needs_wheelchair = false, access_needs = '{}'
            where invitation_id in (
                select invitation_id from invitation
                inner join honouring_event as event using (honouring_event_id)
                where
                    event.ends_at at time zone event.zone < now() - make_interval(days => $2)
                    and (needs_wheelchair or access_needs <> '{}')
                limit $1
                for update of invitation skip locked
            )
            returning invitation_id
        ),
        answer as (
            update answer_history set needs_wheelchair = false
            where invitation_id in (select invitation_id from cleared) and needs_wheelchair
        )
        update ticket set admission = 'standard'
        where invitation_id in (select invitation_id from cleared) and admission = 'wheelchair'
        """,
        most,
        NEEDS_DAYS,
    )
    return int(cleared.rsplit(maxsplit=1)[-1])


async def forget_answers(transaction: Connection, most: int) -> int:
    """Delete up to `most` single answers; what each guest said last stays with the invitation."""
    deleted: str = await transaction.execute(
        """
        delete from answer_history where answer_history_id in (
            select answer_history_id from answer_history
            inner join invitation using (invitation_id)
            inner join honouring_event as event using (honouring_event_id)
            where event.ends_at at time zone event.zone < now() - make_interval(days => $2)
            limit $1
            for update of answer_history skip locked
        )
        """,
        most,
        NAMES_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def forget_companions(transaction: Connection, most: int) -> int:
    """Clear the names of up to `most` companions, whom we know from their guests only."""
    cleared: str = await transaction.execute(
        """
        update invitation set companion_name = ''
        where invitation_id in (
            select invitation_id from invitation
            inner join honouring_event as event using (honouring_event_id)
            where
                event.ends_at at time zone event.zone < now() - make_interval(days => $2)
                and companion_name <> ''
            limit $1
            for update of invitation skip locked
        )
        """,
        most,
        NAMES_DAYS,
    )
    return int(cleared.rsplit(maxsplit=1)[-1])


async def forget_holders(transaction: Connection, most: int) -> int:
    """Clear the names on up to `most` tickets."""
    cleared: str = await transaction.execute(
        """
        update ticket set holder_name = ''
        where ticket_id in (
            select ticket_id from ticket
            inner join honouring_event as event using (honouring_event_id)
            where
                event.ends_at at time zone event.zone < now() - make_interval(days => $2)
                and holder_name <> ''
            limit $1
            for update of ticket skip locked
        )
        """,
        most,
        NAMES_DAYS,
    )
    return int(cleared.rsplit(maxsplit=1)[-1])


async def forget_refused_scans(transaction: Connection, most: int) -> int:
    """Delete up to `most` scans that belonged to no ticket."""
    deleted: str = await transaction.execute(
        """
        delete from refused_scan where scan_id in (
            select scan_id from refused_scan
            inner join honouring_event as event using (honouring_event_id)
            where event.ends_at at time zone event.zone < now() - make_interval(days => $2)
            limit $1
            for update of refused_scan skip locked
        )
        """,
        most,
        NAMES_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])
