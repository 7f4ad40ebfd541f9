-- migrate:up
-- Events whose place or organiser has changed and that are still to be written again.

set lock_timeout = '5s';

-- No foreign key: it would lock the event while its place is locked, and editors lock the event
-- first and its place then. What is not there any more is left out when its turn comes.
create table event_to_rewrite (
    calendar_event_id uuid primary key,
    deed text not null,
    made_by text not null
);

-- migrate:down
