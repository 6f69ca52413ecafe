-- +goose Up
-- The oldest schema version whose programs can use this schema. A migration that programs of the version before it cannot go on
-- with, since it removes, renames or restricts something, sets the column to its own version. Programs older than this table
-- refuse every newer schema.
CREATE TABLE schema_compatibility (
    singleton       BIGINT PRIMARY KEY CHECK (singleton = 1),
    oldest_version  BIGINT NOT NULL
);
INSERT INTO schema_compatibility (singleton, oldest_version) VALUES (1, 12);

CREATE INDEX answers_run ON answers (run_id);
CREATE INDEX audit_events_at ON audit_events (at);
CREATE INDEX audit_events_action ON audit_events (action, id);
CREATE INDEX audit_events_outcome ON audit_events (outcome, id);
