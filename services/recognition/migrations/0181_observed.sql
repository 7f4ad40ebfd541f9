-- migrate:up
-- How the concerts stand that guests are invited to; shared/migrations/0180_observed.sql says what
-- a figure is. A cancelled or held concert no longer counts.

set lock_timeout = '5s';

create view own_figure as
select
    'invitations' as name,
    invitation.state as label,
    count(*)::double precision as value
from invitation
inner join honouring_event using (honouring_event_id)
where honouring_event.phase = 'inviting'
group by invitation.state
union all
select
    'places',
    kind,
    coalesce(sum(places), 0)
from place_balance
inner join honouring_event using (honouring_event_id)
cross join lateral (values
    ('taken', volunteer_taken + protocol_taken),
    ('capacity', volunteer_capacity + protocol_capacity)
) as counted (kind, places)
where honouring_event.phase = 'inviting'
group by kind
union all
-- By how much the counted places differ from those that the parties hold: never anything but 0.
select
    'place_drift',
    '',
    coalesce(sum(abs(taken - held)), 0)
from (
    select
        volunteer_taken + protocol_taken as taken,
        (
            select coalesce(sum(seats + with_access_companion::integer), 0)
            from invitation
            where
                invitation.honouring_event_id = place_balance.honouring_event_id
                and invitation.state in ('accepted', 'offered')
        ) as held
    from place_balance
    inner join honouring_event using (honouring_event_id)
    where honouring_event.phase = 'inviting'
) as counted
union all
select
    'offers_overdue_seconds',
    '',
    coalesce(extract(epoch from now() - min(offered_until)), 0)
from invitation where state = 'offered' and offered_until < now()
union all
select
    'admitted_guests',
    '',
    count(*)
from check_in where recorded_at > now() - interval '1 day';

-- migrate:down
