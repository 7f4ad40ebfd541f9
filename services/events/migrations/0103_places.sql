-- migrate:up
-- Where events are, who holds them, whom they are for, and what they look like.

set lock_timeout = '5s';

create table audience (
    code text primary key check (code ~ '^[a-z]+$'),
    slug text not null unique check (slug ~ '^[a-z-]+$'),
    title text not null,
    position integer not null unique
);

insert into audience (code, slug, title, position) values
('children', 'kinder', 'Kinder', 1),
('youth', 'jugendliche', 'Jugendliche', 2),
('families', 'familien', 'Familien', 3),
('older', 'aeltere-menschen', 'Ältere Menschen', 4),
('volunteers', 'engagierte', 'Engagierte und Vereine', 5),
('newcomers', 'zugewanderte', 'Zugewanderte und Geflüchtete', 6),
('disabled', 'menschen-mit-behinderung', 'Menschen mit Behinderung', 7),
('professionals', 'fachleute', 'Fachleute aus Verwaltung und Verbänden', 8);

create table district (
    slug text primary key check (slug ~ '^[a-z0-9-]+$' and length(slug) <= 60),
    title text not null unique check (length(title) between 1 and 100)
);

create table place (
    place_id uuid primary key default uuidv7(),
    version integer not null check (version > 0),
    name text not null check (length(name) between 1 and 300),
    address text not null check (length(address) <= 300),
    district text references district,
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    -- What nobody has looked at is null, and not false.
    is_step_free boolean,
    has_hearing_loop boolean,
    has_accessible_toilet boolean,
    wheelchair_places integer check (wheelchair_places between 0 and 10000),
    access_note text not null check (length(access_note) <= 1000),
    changed_at timestamptz not null,
    check ((latitude is null) = (longitude is null))
);

create unique index place_named on place (lower(name), lower(address));

create table organiser (
    organiser_id uuid primary key default uuidv7(),
    version integer not null check (version > 0),
    name text not null check (length(name) between 1 and 300),
    website text not null check (website = '' or website ~* '^https?://'),
    -- The association in registry's words, if it is one.
    organisation_id uuid unique,
    changed_at timestamptz not null
);

create unique index organiser_named on organiser (lower(name));

create table event_image (
    event_image_id uuid primary key default uuidv7(),
    media_type text not null check (media_type in ('image/webp', 'image/jpeg', 'image/png')),
    width integer not null check (width between 1 and 4000),
    height integer not null check (height between 1 and 4000),
    body bytea not null check (length(body) <= 1000000),
    alt text not null check (length(alt) between 1 and 300),
    licence text not null check (length(licence) between 1 and 100),
    credit text not null check (length(credit) <= 300),
    added_at timestamptz not null default now()
);

-- migrate:down
