-- migrate:up
-- How far a partner is trusted with each category, and what of its items waits for an editor.

set lock_timeout = '5s';

-- The new checks allow all that the old ones did.
-- squawk-ignore ban-drop-constraint
alter table partner drop constraint partner_trust_check;
alter table partner add constraint partner_trust_check
check (trust in ('publish', 'publish_and_review', 'review')) not valid;

create table partner_trust (
    partner_id uuid not null references partner on delete cascade,
    category text not null references category,
    trust text not null check (trust in ('publish', 'publish_and_review', 'review')),
    primary key (partner_id, category)
);

-- squawk-ignore ban-drop-constraint
alter table partner_item drop constraint partner_item_status_check;
alter table partner_item add constraint partner_item_status_check
check (status in ('published', 'cancelled', 'postponed', 'withdrawn')) not valid;

-- A cancellation or withdrawal that an editor has to release; null where none waits.
alter table partner_item add column held text;
alter table partner_item add constraint partner_item_held_check
check (held in ('cancelled', 'withdrawn')) not valid;
-- When its partner called it off and nobody had to be asked.
alter table partner_item add column cancelled_at timestamptz;
-- Since when it stands in the calendar without that an editor has looked at it.
alter table partner_item add column to_review_since timestamptz;

-- squawk-ignore require-concurrent-index-creation
create index partner_item_held on partner_item (partner_id) where held is not null;
-- squawk-ignore require-concurrent-index-creation
create index partner_item_to_review on partner_item (partner_id, to_review_since)
where to_review_since is not null;
-- squawk-ignore require-concurrent-index-creation
create index partner_item_cancelled on partner_item (partner_id, cancelled_at)
where cancelled_at is not null;

-- migrate:down
