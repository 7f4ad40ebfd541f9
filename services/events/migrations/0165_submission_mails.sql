-- migrate:up
-- Associations are told by mail what became of their events. Each mail brings a link of its own,
-- which goes with the one that editors have given out.
-- squawk-ignore-file adding-foreign-key-constraint
-- squawk-ignore-file constraint-missing-not-valid

set lock_timeout = '5s';

create table organiser_mail_link (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    organiser_link_id uuid not null references organiser_link on delete cascade,
    made_at timestamptz not null default now()
);

create index organiser_mail_link_held on organiser_mail_link (organiser_link_id);
create index organiser_mail_link_made on organiser_mail_link (made_at);

-- When a mail to this address was refused for good the last time.
alter table organiser add column contact_undeliverable_at timestamptz;

-- migrate:down
