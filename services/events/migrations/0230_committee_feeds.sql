-- migrate:up
-- What a committee's feed holds has a revision, as that of public feeds has, and a date that never
-- goes back: decision 0230. A default that is computed once for all rows rewrites no table.
-- squawk-ignore-file adding-field-with-default

set lock_timeout = '5s';

alter table committee
add column feed_revision bigint not null default 0,
add column feed_changed_at timestamptz not null default now(),
add column feed_window_on date not null default current_date;

create function bump_committee_feed(bumped uuid) returns void language sql begin atomic
update committee
set feed_revision = feed_revision + 1,
    feed_changed_at = greatest(feed_changed_at, clock_timestamp())
where committee_id = bumped;
end;

create function bump_feed_of_meeting() returns trigger language plpgsql as $$
begin
    perform bump_committee_feed(committee_id)
    from committee_event where calendar_event_id = new.calendar_event_id;
    return null;
end
$$;

-- They run at commit, so that writers hold a committee's row only for that moment. Public events,
-- nearly all there are, are not queued for it.
create constraint trigger committee_feed_bumped after insert or update on event_ical
deferrable initially deferred
for each row when (new.visibility = 'committee') execute function bump_feed_of_meeting();

create function bump_feed_of_committee() returns trigger language plpgsql as $$
begin
    perform bump_committee_feed(old.committee_id);
    return null;
end
$$;

-- A meeting that is deleted takes its bytes with it.
create constraint trigger committee_feed_bumped after delete on committee_event
deferrable initially deferred for each row execute function bump_feed_of_committee();

-- migrate:down
