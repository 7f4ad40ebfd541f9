-- migrate:up

-- The table is small, and the migration runs while nobody works.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion

set lock_timeout = '5s';

-- Each item of a partner is compared with what else begins at the same time; without this, with all
-- events that there are.
create index calendar_event_begin on calendar_event (starts);

-- migrate:down

drop index calendar_event_begin;
