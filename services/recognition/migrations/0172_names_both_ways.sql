-- migrate:up
-- A person is found under both ways to write the name: "grit otto" and "otto, grit". One text holds
-- both, so that parts of either are found. The table is written anew: a second for 150,000 people.

set lock_timeout = '5s';

alter table known_person alter column search_name set expression as (
    lower(given_name || ' ' || family_name || ', ' || given_name)
);

create or replace view guest_line as
select
    invitation.honouring_event_id,
    invitation.invitation_id,
    coalesce(person.given_name, '') as given_name,
    coalesce(person.family_name, '') as family_name,
    coalesce(person.has_email, false) as has_email,
    coalesce(organisation.name, '') as organisation_name,
    invitation.category,
    invitation.state,
    invitation.seats,
    invitation.needs_wheelchair,
    invitation.with_access_companion,
    invitation.companion_name,
    invitation.access_needs,
    invitation.answered_at,
    invitation.answered_via,
    lower(concat_ws(
        ' ', person.search_name, invitation.companion_name, organisation.name
    )) as search_text,
    (
        invitation.needs_wheelchair or invitation.with_access_companion
        or invitation.access_needs <> '{}'
    ) as needs_access,
    coalesce(person.sort_key, '') as name_key,
    coalesce(organisation.sort_key, '') || ' ' || coalesce(person.sort_key, '') as association_key,
    coalesce(
        to_char(invitation.answered_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'), ''
    ) as answered_key
from invitation
left join known_person as person on invitation.person_id = person.person_id
left join guest_proposal as proposal
    on invitation.honouring_event_id = proposal.honouring_event_id
    and invitation.person_id = proposal.person_id
left join known_organisation as organisation
    on proposal.organisation_id = organisation.organisation_id;

-- migrate:down
