-- +goose Up
CREATE TABLE leases (
    key         TEXT PRIMARY KEY,
    holder      TEXT NOT NULL,
    epoch       BIGINT NOT NULL,
    expires_at  TEXT NOT NULL
);
CREATE INDEX leases_expires_at ON leases (expires_at);

-- Credentials that were submitted and that the target system rotated before they could be stored with a connection.
CREATE TABLE rotated_credentials (
    digest  TEXT PRIMARY KEY,
    sealed  TEXT NOT NULL,
    at      TEXT NOT NULL
);
CREATE INDEX rotated_credentials_at ON rotated_credentials (at);

ALTER TABLE sync_cycles ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sync_cycles ADD COLUMN lease_holder TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_cycles ADD COLUMN lease_until TEXT;
ALTER TABLE sync_cycles ADD COLUMN cursor_user_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_cycles ADD COLUMN cancel_requested_at TEXT;
UPDATE sync_cycles SET state = 'interrupted', finished_at = seen_at WHERE state = 'running';
CREATE UNIQUE INDEX sync_cycles_running ON sync_cycles (policy_id) WHERE state = 'running';

-- Which run of a client asked, what was made, and whether the client is known to have received the answer.
ALTER TABLE answers ADD COLUMN run_id TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN object_id TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN delivered BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX answers_digest ON answers (caller, digest);
CREATE INDEX answers_object ON answers (object_id);
