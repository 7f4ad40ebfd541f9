-- migrate:up transaction:false
-- Finds what was written about a request, without keeping others from writing meanwhile.

create index concurrently if not exists message_nomination
on message (nomination_request_id) where nomination_request_id is not null;

-- migrate:down
