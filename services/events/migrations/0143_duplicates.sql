-- migrate:up
-- Events that may be the same, what editors think of that, and where merged ones have gone.

set lock_timeout = '5s';

create table duplicate_suspicion (
    first_id uuid not null references calendar_event on delete cascade,
    second_id uuid not null references calendar_event on delete cascade,
    -- Of the titles, 0 to 1.
    likeness real not null check (likeness between 0 and 1),
    -- What an editor has dismissed stays, so that nobody is asked twice.
    state text not null default 'open' check (state in ('open', 'dismissed')),
    noted_at timestamptz not null default now(),
    primary key (first_id, second_id),
    check (first_id < second_id)
);

create index duplicate_suspicion_second on duplicate_suspicion (second_id);
create index duplicate_suspicion_open on duplicate_suspicion (noted_at) where state = 'open';

create table event_redirect (
    calendar_event_id uuid primary key,
    kept_id uuid not null references calendar_event on delete cascade,
    merged_at timestamptz not null default now(),
    check (calendar_event_id <> kept_id)
);

create index event_redirect_kept on event_redirect (kept_id);

-- How similar two titles have to be, depending on what is known of the places; 2 is never.
create function likeness_wanted(one calendar_event, other calendar_event) returns double precision
language sql stable as $$
    select case
        when one.place_name = '' or other.place_name = '' then 0.6
        when abs(one.latitude - other.latitude) < 0.001
            and abs(one.longitude - other.longitude) < 0.0015 then 0.3
        when extensions.similarity(lower(one.place_name), lower(other.place_name)) >= 0.5 then 0.3
        else 2
    end
$$;

-- migrate:down
