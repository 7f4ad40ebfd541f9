-- migrate:up
-- What waits in events; shared/migrations/0180_observed.sql says what a figure is.

set lock_timeout = '5s';

create view own_figure as
select
    'receipts_unsent' as name,
    '' as label,
    count(*)::double precision as value
from receipt where sent_at is null
union all
select
    'receipts_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(recorded_at)), 0)
from receipt where sent_at is null
union all
select
    'events_to_rewrite',
    '',
    count(*)
from event_to_rewrite
union all
select
    'releases_overdue_seconds',
    '',
    coalesce(extract(epoch from now() - min(public_from)), 0)
from calendar_event where state = 'scheduled' and public_from < now()
union all
select
    'pulls_overdue_seconds',
    '',
    coalesce(extract(epoch from now() - min(partner_pull.next_at)), 0)
from partner_pull
inner join partner using (partner_id)
where partner_pull.next_at < now() and partner.suspended_at is null
union all
select
    'reviews_waiting',
    '',
    count(*)
from calendar_event where state = 'submitted'
union all
select
    'reviews_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(submitted_at)), 0)
from calendar_event where state = 'submitted'
union all
select
    'partner_items',
    state,
    count(*)
from partner_item group by state
union all
select
    'partner_items_held',
    '',
    count(*)
from partner_item where held is not null
union all
select
    'calendar_changed_seconds',
    '',
    extract(epoch from now() - max(changed_at))
from feed having count(*) > 0
union all
-- By how much the counted places of courses differ from those that people hold.
select
    'course_place_drift',
    '',
    coalesce(sum(abs(taken - held)), 0)
from (
    select
        course_place_balance.taken,
        (
            select count(*) from course_registration
            where
                course_registration.course_run_id = course_run.course_run_id
                and course_registration.state in ('registered', 'offered', 'attended', 'absent')
        ) as held
    from course_place_balance
    inner join course_run using (course_run_id)
    where course_run.state in ('open', 'confirmed')
) as counted;

-- migrate:down
