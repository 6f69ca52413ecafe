-- +goose Up
-- Programs that may call a shared control plane. Lists are JSON.
CREATE TABLE clients (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    name_folded   TEXT NOT NULL UNIQUE,
    scopes        TEXT,
    jwks          TEXT,
    created_at    TEXT NOT NULL,
    last_used_at  TEXT,
    disabled_at   TEXT
);

-- Only the keyed digest of a secret is stored.
CREATE TABLE client_secrets (
    id          TEXT PRIMARY KEY,
    client_id   TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    digest      TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    expires_at  TEXT
);
CREATE INDEX client_secrets_client ON client_secrets (client_id, id);

-- Tokens of outside issuers that authenticate a client.
CREATE TABLE client_trusts (
    id          TEXT PRIMARY KEY,
    client_id   TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    issuer      TEXT NOT NULL,
    audience    TEXT NOT NULL,
    subject     TEXT NOT NULL,
    claims      TEXT NOT NULL,
    scopes      TEXT,
    created_at  TEXT NOT NULL
);
CREATE INDEX client_trusts_client ON client_trusts (client_id, id);

-- The ids of assertions that were used, as keyed digests: each is used once.
CREATE TABLE used_assertions (
    digest      TEXT PRIMARY KEY,
    expires_at  TEXT NOT NULL
);
CREATE INDEX used_assertions_expires_at ON used_assertions (expires_at);

-- The keys that sign access tokens, sealed.
CREATE TABLE token_keys (
    id          TEXT PRIMARY KEY,
    created_at  TEXT NOT NULL,
    signs_at    TEXT NOT NULL,
    sealed      TEXT NOT NULL
);
