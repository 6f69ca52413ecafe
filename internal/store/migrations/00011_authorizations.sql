-- +goose Up
-- Requests that a person signs in for a connection. The secret of the link is sealed, and found by its keyed digest. sealed are
-- the credentials that wait to be confirmed.
CREATE TABLE authorizations (
    id             TEXT PRIMARY KEY,
    connection_id  TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    state          TEXT NOT NULL,
    any_person     BOOLEAN NOT NULL,
    requested_by   TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    expires_at     TEXT NOT NULL,
    finished_at    TEXT,
    link_digest    TEXT NOT NULL UNIQUE,
    attempts       BIGINT NOT NULL,
    fault          TEXT,
    identity       TEXT,
    wanted         TEXT,
    granted        TEXT,
    link           TEXT NOT NULL,
    sealed         TEXT
);
CREATE INDEX authorizations_connection ON authorizations (connection_id, id);
CREATE UNIQUE INDEX authorizations_open ON authorizations (connection_id) WHERE state IN ('pending', 'confirm');

-- Attempts of a person, from the button until the target system sends the browser back. The verifier is sealed, and deleted once
-- the attempt is used.
CREATE TABLE authorization_attempts (
    state_digest      TEXT PRIMARY KEY,
    authorization_id  TEXT NOT NULL REFERENCES authorizations (id) ON DELETE CASCADE,
    browser_digest    TEXT NOT NULL,
    redirect_uri      TEXT NOT NULL,
    revision          BIGINT NOT NULL,
    expires_at        TEXT NOT NULL,
    used_at           TEXT,
    verifier          TEXT
);
CREATE INDEX authorization_attempts_authorization ON authorization_attempts (authorization_id);
