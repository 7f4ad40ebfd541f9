-- migrate:up
-- Imports: each file, how far it is, and what there is to say about its lines. The file itself and
-- the findings are personal data and go when they are no longer needed.

set lock_timeout = '5s';

create table import_job (
    import_id uuid primary key default uuidv7(),
    kind text not null check (kind in ('organisations', 'people', 'engagements')),
    file_name text not null,
    content bytea,
    state text not null check (state in (
        'waiting', 'checking', 'checked', 'confirmed', 'importing', 'imported', 'refused',
        'cancelled', 'failed'
    )),
    -- Confirmed although some lines are wrong: those are left out.
    only_valid boolean not null default false,
    -- Why it was refused or has failed, as a sentence.
    problem text not null default '',
    encoding text not null default '',
    separator text not null default '',
    ignored_columns text [] not null default '{}',
    lines integer not null default 0 check (lines >= 0),
    lines_done integer not null default 0 check (lines_done >= 0),
    new_rows integer not null default 0 check (new_rows >= 0),
    changed_rows integer not null default 0 check (changed_rows >= 0),
    unchanged_rows integer not null default 0 check (unchanged_rows >= 0),
    rejected_rows integer not null default 0 check (rejected_rows >= 0),
    hints integer not null default 0 check (hints >= 0),
    attempts integer not null default 0 check (attempts >= 0),
    created_at timestamptz not null default now(),
    created_by text not null,
    created_by_subject text not null,
    started_at timestamptz,
    finished_at timestamptz,
    cancel_asked_at timestamptz,
    check (content is not null or state in ('imported', 'refused', 'cancelled', 'failed'))
);

create index import_job_to_do on import_job (import_id)
where state in ('waiting', 'checking', 'confirmed', 'importing');

create table import_finding (
    import_id uuid not null references import_job on delete cascade,
    position integer not null check (position > 0),
    line integer not null check (line > 0),
    severity text not null check (severity in ('rejected', 'hint', 'changed')),
    column_title text not null,
    reason text not null,
    value text not null,
    primary key (import_id, position)
);

-- migrate:down
