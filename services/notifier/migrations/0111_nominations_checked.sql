-- migrate:up
-- Checks the rows that stood there before, without keeping others from writing. The index has no
-- rows yet; one look through the ledger takes milliseconds.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

alter table message validate constraint message_purpose_check;

alter table message validate constraint message_recipient_check;

create index message_nomination on message (nomination_request_id)
where nomination_request_id is not null;

-- migrate:down
