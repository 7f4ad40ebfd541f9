-- migrate:up

-- The table is small, and the migration runs while nobody works; the version before ours does not
-- know the view that the way back drops.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion, ban-drop-view

set lock_timeout = '5s';

-- What lasts longer than a day may go on though it began months ago. There is little of it, so it is
-- found by itself, and the statistics tell PostgreSQL so.
create index occurrence_lasting on occurrence (starts_at, calendar_event_id)
where ends_at - starts_at > interval '1 day';

create statistics occurrence_duration on (ends_at - starts_at) from occurrence;

-- What the public calendar lists: each date with what its line shows and what it is found by.
create view public_date as
select calendar_event_id, title, case when is_cancelled then 'cancelled' else state end as state,
    place_name, organiser, calendar_event.categories, occurrence.starts, starts_at, ends_at,
    all_day, calendar_event.zone, recurrence <> '' as is_series, previous_starts_at, is_step_free,
    ends_at - starts_at > interval '1 day' as lasts, searched, event_ical
from occurrence
join calendar_event using (calendar_event_id)
join event_ical using (calendar_event_id)
where event_ical.visibility = 'public';

-- migrate:down

drop view public_date;
drop statistics occurrence_duration;
drop index occurrence_lasting;
