-- migrate:up
-- Calendar events, their dates, and the feeds that tell about them.

set lock_timeout = '5s';

create table category (
    code text primary key check (code ~ '^[a-z]+$'),
    slug text not null unique check (slug ~ '^[a-z]+$'),
    title text not null,
    colour text not null check (colour ~ '^#[0-9a-f]{6}$'),
    colour_name text not null,
    position integer not null unique
);

insert into category (code, slug, title, colour, colour_name, position) values
('engagement', 'ehrenamt', 'Ehrenamt und Engagement', '#b45f06', 'darkorange', 1),
('honour', 'ehrung', 'Ehrung und Dank', '#8e6b00', 'goldenrod', 2),
('culture', 'kultur', 'Kultur, Theater und Musik', '#741b47', 'mediumvioletred', 3),
('education', 'bildung', 'Bildung und Kurse', '#0b5394', 'steelblue', 4),
('sport', 'sport', 'Sport und Bewegung', '#38761d', 'forestgreen', 5),
('family', 'familie', 'Kinder, Jugend und Familie', '#a64d79', 'palevioletred', 6),
('seniors', 'senioren', 'Seniorinnen und Senioren', '#45818e', 'cadetblue', 7),
('nature', 'umwelt', 'Natur und Umwelt', '#6aa84f', 'olivedrab', 8),
('participation', 'beteiligung', 'Politik und Beteiligung', '#351c75', 'darkslateblue', 9),
('festivity', 'feste', 'Feste und Märkte', '#cc0000', 'crimson', 10);

create table calendar_event (
    calendar_event_id uuid primary key default uuidv7(),
    uid text not null unique check (length(uid) between 1 and 255),
    version integer not null check (version > 0),
    sequence integer not null check (sequence >= 0),
    state text not null check (state in ('draft', 'published', 'cancelled', 'postponed')),
    title text not null check (length(title) between 1 and 200),
    description text not null check (length(description) <= 8000),
    place_name text not null check (length(place_name) <= 300),
    place_address text not null check (length(place_address) <= 300),
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    organiser text not null check (length(organiser) <= 300),
    website text not null check (website = '' or website ~* '^https?://'),
    categories text[] not null,
    -- squawk-ignore prefer-timestamp-tz
    starts timestamp not null,
    -- squawk-ignore prefer-timestamp-tz
    ends timestamp check (ends >= starts),
    all_day boolean not null,
    zone text not null,
    recurrence text not null,
    -- squawk-ignore prefer-timestamp-tz
    excluded timestamp[] not null,
    -- squawk-ignore prefer-timestamp-tz
    added timestamp[] not null,
    previous_starts_at timestamptz,
    origin text not null check (origin in ('editor', 'honouring', 'partner')),
    origin_id uuid,
    origin_version integer not null check (origin_version >= 0),
    created_at timestamptz not null,
    changed_at timestamptz not null,
    -- Series are listed up to here in `occurrence`; null where there is nothing left to list.
    -- squawk-ignore prefer-timestamp-tz
    listed_until timestamp,
    searched text not null generated always as (
        lower(title || ' ' || description || ' ' || place_name || ' ' || organiser)
    ) stored,
    check ((origin = 'editor') = (origin_id is null)),
    check ((latitude is null) = (longitude is null)),
    check (starts >= '1970-01-01' and starts < '2100-01-01')
);

create unique index calendar_event_origin on calendar_event (origin, origin_id)
where origin_id is not null;
create index calendar_event_listed on calendar_event (listed_until) where listed_until is not null;
create index calendar_event_changed on calendar_event (changed_at);

create index calendar_event_searched on calendar_event using gin (searched gin_trgm_ops);

-- One row per date; a single event has one.
create table occurrence (
    calendar_event_id uuid not null references calendar_event on delete cascade,
    -- squawk-ignore prefer-timestamp-tz
    starts timestamp not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at >= starts_at),
    primary key (calendar_event_id, starts)
);

create index occurrence_starts on occurrence (starts_at, calendar_event_id);
create index occurrence_ends on occurrence (ends_at);

-- The bytes of what subscribers see, written with the event: feeds only join them.
create table event_ical (
    calendar_event_id uuid primary key references calendar_event on delete cascade,
    vevent bytea not null,
    zone text not null,
    categories text[] not null,
    first_at timestamptz not null,
    last_at timestamptz not null
);

create index event_ical_last on event_ical (last_at, first_at);

create table feed (
    slug text primary key check (slug ~ '^[a-z]+$'),
    title text not null,
    description text not null,
    category text unique references category,
    colour text not null,
    colour_name text not null,
    revision bigint not null default 1 check (revision > 0),
    changed_at timestamptz not null default now(),
    -- The day from which the feed's window counts, so that it moves once a day and not by itself.
    window_on date not null default current_date,
    bumped_in xid8
);

insert into feed (slug, title, description, category, colour, colour_name)
select
    'alle',
    'Veranstaltungen',
    'Alle öffentlichen Veranstaltungen rund um Ehrenamt und Stadtleben',
    null,
    '#003e6b',
    'midnightblue'
union all
select
    slug,
    'Veranstaltungen: ' || title,
    'Öffentliche Veranstaltungen aus dem Bereich ' || title,
    code,
    colour,
    colour_name
from category;

-- Whatever changes the bytes of an event makes a new revision of the feeds that it stands, or
-- stood, in. It runs at commit, so that writers hold the feeds' rows only for that moment, and
-- counts once per transaction. The feed of everything is locked first: so nobody waits in a ring.
create function bump_feeds() returns trigger language plpgsql as $$
declare
    touched text[] := coalesce(old.categories, '{}') || coalesce(new.categories, '{}');
begin
    perform from feed where category is null or category = any(touched)
    order by category nulls first for no key update;
    update feed
    set revision = revision + 1,
        changed_at = greatest(changed_at, clock_timestamp()),
        bumped_in = pg_current_xact_id()
    where (category is null or category = any(touched))
    and bumped_in is distinct from pg_current_xact_id();
    if found then
        perform pg_notify('events_feed', '');
    end if;
    return null;
end
$$;

create constraint trigger feeds_bumped after insert or update or delete on event_ical
deferrable initially deferred for each row execute function bump_feeds();

-- migrate:down
