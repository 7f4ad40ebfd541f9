-- migrate:up
-- People, organisations and engagements. Every record has the number under which its source keeps
-- it, so that the same list can be imported again and again. `edited` names the fields that were
-- changed by hand, each with what the source said last: an import leaves those alone.

set lock_timeout = '5s';

create sequence own_number;

create table organisation (
    organisation_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    source_number text not null unique check (source_number <> ''),
    name text not null check (name <> ''),
    field text not null,
    district text not null,
    contact_name text not null,
    email text check (email like '%_@_%'),
    street text not null,
    postal_code text not null check (postal_code ~ '^([0-9]{5})?$'),
    town text not null,
    edited jsonb not null default '{}',
    registered_at timestamptz not null default now(),
    registered_by text not null,
    -- All words in folded spelling; and the name as lists are sorted by it.
    search text not null,
    sort_key text not null
);

create index organisation_search on organisation using gin (search gin_trgm_ops);

create index organisation_sorted on organisation (sort_key, organisation_id);

create table person (
    person_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    source_number text not null unique check (source_number <> ''),
    salutation text not null check (salutation in ('Frau', 'Herr', '')),
    given_name text not null check (given_name <> ''),
    family_name text not null check (family_name <> ''),
    email text check (email like '%_@_%'),
    street text not null,
    postal_code text not null check (postal_code ~ '^([0-9]{5})?$'),
    town text not null,
    born_on date,
    edited jsonb not null default '{}',
    registered_at timestamptz not null default now(),
    registered_by text not null,
    search text not null,
    sort_key text not null
);

create index person_search on person using gin (search gin_trgm_ops);

create index person_sorted on person (sort_key, person_id);

create table engagement (
    engagement_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    source_number text not null unique check (source_number <> ''),
    person_id uuid not null references person,
    organisation_id uuid not null references organisation,
    activity text not null,
    hours_per_week numeric(5, 2) check (hours_per_week > 0 and hours_per_week <= 100),
    since_on date,
    until_on date,
    edited jsonb not null default '{}',
    registered_at timestamptz not null default now(),
    registered_by text not null,
    check (until_on >= since_on)
);

create index engagement_of_person on engagement (person_id);

create index engagement_in_organisation on engagement (organisation_id);

-- What has changed in a record since it was registered: for its page, and deleted with the record.
create table change_entry (
    change_id uuid primary key default uuidv7(),
    record_id uuid not null,
    version integer not null check (version > 1),
    happened_at timestamptz not null default now(),
    made_by text not null,
    import_id uuid,
    -- By field name: what stood there before and what stands there now.
    changes jsonb not null
);

create index change_entry_of_record on change_entry (record_id, version);

-- migrate:down
