-- migrate:up
-- How lists are sorted: as in a German telephone book, umlauts beside their vowels (DIN 5007-1),
-- since the database itself sorts by code point. The tables are small copies of registry's.
-- squawk-ignore-file adding-field-with-default, adding-required-field
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion

set lock_timeout = '5s';

alter table known_person add column sort_key text not null generated always as (
    replace(
        translate(
            lower(family_name || ' ' || given_name),
            'äöüéèêëáàâåãóòôõøúùûíìîïçčćñńřšśžźżýěłđğ',
            'aoueeeeaaaaaooooouuuiiiicccnnrsszzzyeldg'
        ),
        'ß', 'ss'
    )
) stored;

drop index known_person_by_name;
create index known_person_by_name on known_person (sort_key, person_id);

alter table known_organisation add column sort_key text not null generated always as (
    replace(
        translate(
            lower(name),
            'äöüéèêëáàâåãóòôõøúùûíìîïçčćñńřšśžźżýěłđğ',
            'aoueeeeaaaaaooooouuuiiiicccnnrsszzzyeldg'
        ),
        'ß', 'ss'
    )
) stored;

drop index known_organisation_by_name;
create index known_organisation_by_name on known_organisation (sort_key, organisation_id);

-- An invitation with the names that a list of guests shows and is searched by.
create view guest_line as
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
        ' ', person.given_name, person.family_name, invitation.companion_name, organisation.name
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
