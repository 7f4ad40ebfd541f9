-- migrate:up
-- The bytes of an event for those who want more of it, or nothing of what is cancelled.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

alter table event_ical
-- With RFC 9073 and RFC 9253; null until our present writer has written the event.
add column rich bytea,
-- Without cancelled dates: null where that makes no difference, empty where nothing is left.
add column going bytea,
add column going_rich bytea,
-- The version of our writer that has written the bytes.
add column writer integer not null default 0;

create index event_ical_writer on event_ical (writer);

-- migrate:down
