-- migrate:up

set lock_timeout = '5s';

-- Thousands of events of one transaction are in the same few feeds: each feed is bumped once. What
-- was bumped is kept as a setting of the transaction, which ends, or is rolled back, with it.
create or replace function bump_feeds() returns trigger language plpgsql as $$
declare
    bumped text[] := coalesce(nullif(current_setting('events.bumped', true), ''), '{}');
    touched text[] := '{alle}';
begin
    if old.visibility = 'public' then
        touched := touched || standing_feeds_of(old);
    end if;
    if new.visibility = 'public' then
        touched := touched || standing_feeds_of(new);
    end if;
    if 'public' in (old.visibility, new.visibility) and not touched <@ bumped then
        perform bump_standing_feeds(array_remove(touched, 'alle'), false);
        perform set_config('events.bumped', (bumped || touched)::text, true);
    end if;
    return null;
end
$$;

-- migrate:down
