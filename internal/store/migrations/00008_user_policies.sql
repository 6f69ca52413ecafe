-- +goose Up
-- The one sync policy whose cycles check the user; NULL: every policy's. A policy with users cannot be deleted.
ALTER TABLE users ADD COLUMN sync_policy_id TEXT REFERENCES sync_policies (id);
CREATE INDEX users_sync_policy ON users (sync_policy_id, id);
