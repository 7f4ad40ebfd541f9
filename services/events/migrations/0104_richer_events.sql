-- migrate:up
-- What an event says beyond title, time and place; its review; its single changed dates.
-- squawk-ignore-file constraint-missing-not-valid
-- squawk-ignore-file adding-foreign-key-constraint
-- squawk-ignore-file require-concurrent-index-creation
-- squawk-ignore-file ban-drop-constraint

set lock_timeout = '5s';

alter table calendar_event
add column audiences text[] not null default '{}',
add column place_id uuid references place,
add column organiser_id uuid references organiser,
add column price text not null default '' check (length(price) <= 300),
add column registration_url text not null default ''
check (registration_url = '' or registration_url ~* '^https?://'),
add column easy_summary text not null default '' check (length(easy_summary) <= 1000),
-- An offer of somebody else that only stands here: who makes it, and when it was looked at last.
add column provider text not null default '' check (length(provider) <= 300),
add column checked_on date,
add column event_image_id uuid references event_image,
-- Single dates of a series that are moved or cancelled, as the service's ChangedDate.
add column changed jsonb not null default '[]' check (jsonb_typeof(changed) = 'array'),
add column visibility text not null default 'public'
check (visibility in ('public', 'unlisted', 'committee')),
-- Until then a scheduled event is nobody's business.
add column public_from timestamptz,
add column submitted_by text not null default '' check (length(submitted_by) <= 300),
add column submitted_at timestamptz,
add column review_note text not null default '' check (length(review_note) <= 2000);

alter table calendar_event drop constraint calendar_event_state_check;
alter table calendar_event add constraint calendar_event_state_check check (
    state in (
        'draft', 'submitted', 'returned', 'refused', 'scheduled',
        'published', 'cancelled', 'postponed'
    )
);
alter table calendar_event add constraint calendar_event_scheduled_check
check (state <> 'scheduled' or public_from is not null);

create index calendar_event_scheduled on calendar_event (public_from) where state = 'scheduled';
create index calendar_event_submitted on calendar_event (submitted_at) where state = 'submitted';
create index calendar_event_place on calendar_event (place_id);
create index calendar_event_organiser on calendar_event (organiser_id);

-- A date that was moved is still the date that the rule names: its key is what it was.
-- squawk-ignore prefer-timestamp-tz
alter table occurrence add column original timestamp;
alter table occurrence add column is_cancelled boolean not null default false;
update occurrence set original = starts;
-- squawk-ignore adding-not-nullable-field
alter table occurrence alter column original set not null;
alter table occurrence drop constraint occurrence_pkey;
-- squawk-ignore adding-serial-primary-key-field
alter table occurrence add primary key (calendar_event_id, original);

-- What feeds are chosen by, beside the bytes; a place's district and access stand with the place.
alter table event_ical
add column audiences text[] not null default '{}',
add column place_id uuid,
add column organiser_id uuid,
add column district text,
add column is_step_free boolean not null default false,
add column visibility text not null default 'public';

-- Every state an event was ever in, by whom it came to be so.
create table event_revision (
    calendar_event_id uuid not null references calendar_event on delete cascade,
    version integer not null,
    state text not null,
    content jsonb not null,
    deed text not null,
    made_by text not null,
    made_at timestamptz not null,
    primary key (calendar_event_id, version)
);

create index event_revision_made on event_revision (made_at);

-- migrate:down
