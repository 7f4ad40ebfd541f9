-- migrate:up
-- One feed stands for each category, audience, district, place and organiser, and for access
-- without steps. What citizens compose is cut from these, and so is its revision: decision 0053.
-- squawk-ignore-file ban-drop-column
-- squawk-ignore-file ban-drop-constraint
-- squawk-ignore-file constraint-missing-not-valid
-- squawk-ignore-file ban-drop-not-null
-- squawk-ignore-file ban-drop-default
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

alter table feed drop constraint feed_slug_check;
alter table feed add constraint feed_slug_check
check (slug ~ '^[a-z][a-z0-9-]*$' and length(slug) <= 80);
-- Titles and colours are those of what the feed is about; they are read where they stand.
alter table feed drop column title;
alter table feed drop column description;
alter table feed drop column category;
alter table feed drop column colour;
alter table feed drop column colour_name;
-- When the name of what it is about changed last, counted as revisions are.
alter table feed add column renamed_revision bigint not null default 0;
alter table feed add column renamed_at timestamptz not null default 'epoch';
alter table feed alter column revision drop default;
-- The window of all feeds counts from one day, which stands with the feed of everything.
alter table feed alter column window_on drop not null;
alter table feed alter column window_on drop default;
update feed set window_on = null where slug <> 'alle';
alter table feed add constraint feed_window_check check ((window_on is null) = (slug <> 'alle'));

create index feed_revision on feed (revision);

create table composed_feed (
    slug text primary key check (slug ~ '^k-[a-z2-7]{16}$'),
    -- As the service's Selection, in its canonical form.
    selection jsonb not null unique check (jsonb_typeof(selection) = 'object'),
    composed_at timestamptz not null default now()
);

-- What lists and feeds choose by, besides words; an empty list chooses everything.
create type selection as (
    categories text[],
    audiences text[],
    districts text[],
    places uuid[],
    organisers uuid[],
    is_step_free boolean
);

-- One expression, so that the planner puts it into the statement.
create function is_chosen(listed event_ical, chosen selection) returns boolean
language sql stable
return
(cardinality((chosen).categories) = 0 or (listed).categories && (chosen).categories)
and (cardinality((chosen).audiences) = 0 or (listed).audiences && (chosen).audiences)
and (cardinality((chosen).districts) = 0 or (listed).district = any((chosen).districts))
and (cardinality((chosen).places) = 0 or (listed).place_id = any((chosen).places))
and (cardinality((chosen).organisers) = 0 or (listed).organiser_id = any((chosen).organisers))
and ((listed).is_step_free or not (chosen).is_step_free);

-- The slugs of the standing feeds that an event is in, whatever the day.
create function standing_feeds_of(listed event_ical) returns text[]
language sql stable begin atomic
select array(
    select slug from category where code = any((listed).categories)
    union all
    select 'zielgruppe-' || slug from audience where code = any((listed).audiences)
    union all
    select 'stadtteil-' || (listed).district where (listed).district is not null
    union all
    select 'ort-' || (listed).place_id where (listed).place_id is not null
    union all
    select 'veranstalter-' || (listed).organiser_id where (listed).organiser_id is not null
    union all
    select 'stufenlos' where (listed).is_step_free
);
end;

-- Gives these standing feeds, and that of everything, the next revision. All revisions are numbers
-- of one count, which stands with the feed of everything: its row is locked first and until the
-- commit, so a number is never seen before a smaller one. A transaction counts once.
create function bump_standing_feeds(slugs text[], are_renamed boolean) returns void
language plpgsql as $$
declare
    present feed;
begin
    update feed
    set revision = revision + 1,
        changed_at = greatest(changed_at, clock_timestamp()),
        bumped_in = pg_current_xact_id()
    where slug = 'alle' and bumped_in is distinct from pg_current_xact_id();
    select * into strict present from feed where slug = 'alle';
    insert into feed as known (slug, revision, changed_at)
    select distinct touched, present.revision, present.changed_at from unnest(slugs) as touched
    on conflict (slug) do update
    set revision = excluded.revision, changed_at = excluded.changed_at
    where known.revision < excluded.revision;
    if are_renamed then
        update feed set renamed_revision = revision, renamed_at = changed_at
        where slug = any(slugs);
    end if;
    perform pg_notify('events_feed', '');
end
$$;

-- It runs at commit, so that writers hold the feeds' rows only for that moment. What is not public
-- stands in no feed, before or after.
create or replace function bump_feeds() returns trigger language plpgsql as $$
declare
    touched text[] := '{}';
begin
    if old.visibility = 'public' then
        touched := touched || standing_feeds_of(old);
    end if;
    if new.visibility = 'public' then
        touched := touched || standing_feeds_of(new);
    end if;
    if 'public' in (old.visibility, new.visibility) then
        perform bump_standing_feeds(touched, false);
    end if;
    return null;
end
$$;

-- A feed's title tells what it is about. Arguments: prefix of the slug; columns of key and name.
create function bump_renamed() returns trigger language plpgsql as $$
declare
    before jsonb := to_jsonb(old);
    after jsonb := to_jsonb(new);
begin
    if before -> tg_argv[2] is distinct from after -> tg_argv[2] then
        perform bump_standing_feeds(array[tg_argv[0] || (after ->> tg_argv[1])], true);
    end if;
    return null;
end
$$;

create constraint trigger feed_renamed after insert or update on category
deferrable initially deferred for each row execute function bump_renamed('', 'slug', 'title');
create constraint trigger feed_renamed after insert or update on audience
deferrable initially deferred
for each row execute function bump_renamed('zielgruppe-', 'slug', 'title');
create constraint trigger feed_renamed after insert or update on district
deferrable initially deferred
for each row execute function bump_renamed('stadtteil-', 'slug', 'title');
create constraint trigger feed_renamed after insert or update on place
deferrable initially deferred
for each row execute function bump_renamed('ort-', 'place_id', 'name');
create constraint trigger feed_renamed after insert or update on organiser
deferrable initially deferred
for each row execute function bump_renamed('veranstalter-', 'organiser_id', 'name');

insert into feed (slug, revision, changed_at)
select made.slug, feed.revision, feed.changed_at
from feed,
    (
        select 'zielgruppe-' || slug as slug from audience
        union all
        select 'stadtteil-' || slug from district
        union all
        select 'ort-' || place_id from place
        union all
        select 'veranstalter-' || organiser_id from organiser
        union all
        select 'stufenlos'
    ) as made
where feed.slug = 'alle';

-- migrate:down
