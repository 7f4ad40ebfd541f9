-- migrate:up
-- What several statements ask about associations, said once.

set lock_timeout = '5s';

-- How many guests an association has proposed for an event, and still does.
create view proposal_count as
select
    honouring_event_id,
    organisation_id,
    count(*) as people
from guest_proposal
where state in ('proposed', 'selected', 'carried_over')
group by honouring_event_id, organisation_id;

-- How many people volunteer in an association today.
create view engaged_count as
select
    organisation_id,
    count(distinct person_id) as people
from known_engagement
where until_on is null or until_on >= current_date
group by organisation_id;

-- A request with what its event's clock says about it.
create view nomination_standing as
select
    request.*,
    (coalesce(request.reminded_at, request.asked_at) at time zone event.zone)::date
    = (now() at time zone event.zone)::date as is_written_today,
    event.phase = 'nomination_open'
    and (event.nominate_by_on + 1)::timestamp at time zone event.zone > now() as is_open
from nomination_request as request
inner join honouring_event as event using (honouring_event_id);

-- migrate:down
