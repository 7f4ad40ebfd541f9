-- migrate:up
-- Pictures of events: who names one, so that what nobody names can go.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

create index calendar_event_image on calendar_event (event_image_id)
where event_image_id is not null;
create index event_revision_image on event_revision ((content ->> 'event_image_id'))
where content ->> 'event_image_id' is not null;
create index event_image_added on event_image (added_at);

-- migrate:down
