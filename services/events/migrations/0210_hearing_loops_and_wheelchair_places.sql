-- migrate:up
-- Lists and feeds are narrowed to places with a hearing loop and with wheelchair places, as they are
-- to those without steps: decision 0200. The worker fills the columns, and once more what a process
-- of the version before writes, whose rows have an older writer.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

alter table event_ical
add column has_hearing_loop boolean not null default false,
add column has_wheelchair_places boolean not null default false;

-- Few places may have what somebody needs, among years of events.
create index event_ical_step_free on event_ical (last_at) where is_step_free;
create index event_ical_hearing_loop on event_ical (last_at) where has_hearing_loop;
create index event_ical_wheelchair_places on event_ical (last_at) where has_wheelchair_places;

-- The version before asks with its type `selection` and by `is_chosen`. Its statements do not name
-- the type, so a second function of that name would leave PostgreSQL to guess which is meant. Both go
-- when no version asks with them any more.
create type event_selection as (
    categories text[],
    audiences text[],
    districts text[],
    places uuid[],
    organisers uuid[],
    is_step_free boolean,
    has_hearing_loop boolean,
    has_wheelchair_places boolean
);

-- One expression, so that the planner puts it into the statement.
create function is_selected(listed event_ical, wanted event_selection) returns boolean
language sql stable
return
(cardinality((wanted).categories) = 0 or (listed).categories && (wanted).categories)
and (cardinality((wanted).audiences) = 0 or (listed).audiences && (wanted).audiences)
and (cardinality((wanted).districts) = 0 or (listed).district = any((wanted).districts))
and (cardinality((wanted).places) = 0 or (listed).place_id = any((wanted).places))
and (cardinality((wanted).organisers) = 0 or (listed).organiser_id = any((wanted).organisers))
and ((listed).is_step_free or not (wanted).is_step_free)
and ((listed).has_hearing_loop or not (wanted).has_hearing_loop)
and ((listed).has_wheelchair_places or not (wanted).has_wheelchair_places);

create or replace function standing_feeds_of(listed event_ical) returns text[]
language sql stable begin atomic
select array(
    select slug from category where code = any((listed).categories)
    union all
    select 'zielgruppe-' || slug from audience where code = any((listed).audiences)
    union all
    select 'stadtteil-' || (listed).district where (listed).district is not null
    union all
    select 'ort-' || (listed).place_id where (listed).place_id is not null
    union all
    select 'veranstalter-' || (listed).organiser_id where (listed).organiser_id is not null
    union all
    select 'stufenlos' where (listed).is_step_free
    union all
    select 'hoeranlage' where (listed).has_hearing_loop
    union all
    select 'rollstuhlplaetze' where (listed).has_wheelchair_places
);
end;

create or replace view public_date as
select calendar_event_id, title, case when is_cancelled then 'cancelled' else state end as state,
    place_name, organiser, calendar_event.categories, occurrence.starts, starts_at, ends_at,
    all_day, calendar_event.zone, recurrence <> '' as is_series, previous_starts_at, is_step_free,
    ends_at - starts_at > interval '1 day' as lasts, searched, event_ical, has_hearing_loop,
    has_wheelchair_places
from occurrence
join calendar_event using (calendar_event_id)
join event_ical using (calendar_event_id)
where event_ical.visibility = 'public';

insert into feed (slug, revision, changed_at)
select made.slug, feed.revision, feed.changed_at
from feed, (values ('hoeranlage'), ('rollstuhlplaetze')) as made (slug)
where feed.slug = 'alle';

-- migrate:down
