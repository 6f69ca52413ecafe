-- The SQL here and in the queries is the common part of SQLite and PostgreSQL. Times are UTC RFC 3339 text of fixed
-- width, so that they sort correctly; lists and objects are JSON text; digests and sealed credentials are base64 text. A
-- column <name>_folded contains the folded form of <name>: spellings that differ only in letter case are equal there.

-- +goose Up
CREATE TABLE instance (
    singleton   BIGINT PRIMARY KEY CHECK (singleton = 1),
    id          TEXT NOT NULL,
    key_check   TEXT NOT NULL
);

CREATE TABLE connections (
    id                      TEXT PRIMARY KEY,
    name                    TEXT NOT NULL,
    name_folded             TEXT NOT NULL UNIQUE,
    system                  TEXT NOT NULL,
    kind                    TEXT NOT NULL,
    settings                TEXT NOT NULL,
    revision                BIGINT NOT NULL,
    created_at              TEXT NOT NULL,
    last_modified_at        TEXT NOT NULL,
    credentials_updated_at  TEXT,
    metadata_refreshed_at   TEXT,
    trust                   TEXT NOT NULL CHECK (trust IN ('verified', 'unverified', 'blank')),
    submitted               TEXT,
    fault                   TEXT,
    identity                TEXT
);

CREATE TABLE credentials (
    connection_id  TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    sealed         TEXT NOT NULL
);

CREATE TABLE connection_tests (
    id             TEXT PRIMARY KEY,
    connection_id  TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    account        TEXT NOT NULL,
    user_email     TEXT NOT NULL,
    test           TEXT NOT NULL,
    forced         BOOLEAN NOT NULL,
    passed         BOOLEAN NOT NULL,
    summary        TEXT NOT NULL,
    fault          TEXT,
    identity       TEXT,
    checks         TEXT NOT NULL,
    tested_at      TEXT NOT NULL,
    remembered     BOOLEAN NOT NULL
);
CREATE INDEX connection_tests_connection ON connection_tests (connection_id, id);

CREATE TABLE comparison_misses (
    connection_id  TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    candidate      TEXT NOT NULL,
    at             TEXT NOT NULL,
    PRIMARY KEY (connection_id, candidate)
);
CREATE INDEX comparison_misses_at ON comparison_misses (at);

CREATE TABLE sync_policies (
    id                   TEXT PRIMARY KEY,
    name                 TEXT NOT NULL,
    name_folded          TEXT NOT NULL UNIQUE,
    crm_connection_id    TEXT REFERENCES connections (id) ON DELETE SET NULL,
    email_connection_id  TEXT REFERENCES connections (id) ON DELETE SET NULL,
    enabled              BOOLEAN NOT NULL,
    interval_ns          BIGINT NOT NULL,
    revision             BIGINT NOT NULL,
    created_at           TEXT NOT NULL,
    last_modified_at     TEXT NOT NULL
);
CREATE INDEX sync_policies_crm ON sync_policies (crm_connection_id);
CREATE INDEX sync_policies_email ON sync_policies (email_connection_id);

-- No reference to the policy: the use is kept when the policy is deleted.
CREATE TABLE connection_uses (
    connection_id  TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    policy_id      TEXT NOT NULL,
    policy_name    TEXT NOT NULL,
    first_at       TEXT NOT NULL,
    last_at        TEXT NOT NULL,
    PRIMARY KEY (connection_id, policy_id)
);
CREATE INDEX connection_uses_policy ON connection_uses (policy_id);

-- No reference to the policy: its cycles can be read after it is deleted.
CREATE TABLE sync_cycles (
    id            TEXT PRIMARY KEY,
    policy_id     TEXT NOT NULL,
    policy_name   TEXT NOT NULL,
    state         TEXT NOT NULL,
    started_at    TEXT NOT NULL,
    seen_at       TEXT NOT NULL,
    finished_at   TEXT,
    users_total   BIGINT NOT NULL,
    users_done    BIGINT NOT NULL,
    users_faulty  BIGINT NOT NULL,
    fault         TEXT
);
CREATE INDEX sync_cycles_policy ON sync_cycles (policy_id, id);
CREATE INDEX sync_cycles_started ON sync_cycles (started_at);

CREATE TABLE sync_logs (
    id                 TEXT PRIMARY KEY,
    cycle_id           TEXT NOT NULL REFERENCES sync_cycles (id) ON DELETE CASCADE,
    policy_id          TEXT NOT NULL,
    policy_name        TEXT NOT NULL,
    user_id            TEXT NOT NULL,
    user_email         TEXT NOT NULL,
    user_email_folded  TEXT NOT NULL,
    connection_id      TEXT NOT NULL,
    connection_name    TEXT NOT NULL,
    at                 TEXT NOT NULL,
    passed             BOOLEAN NOT NULL,
    message            TEXT NOT NULL,
    fault              TEXT
);
CREATE INDEX sync_logs_cycle ON sync_logs (cycle_id, id);
CREATE INDEX sync_logs_policy ON sync_logs (policy_id, id);
CREATE INDEX sync_logs_connection ON sync_logs (connection_id, id);
CREATE INDEX sync_logs_user ON sync_logs (user_email_folded, id);

CREATE TABLE users (
    id                TEXT PRIMARY KEY,
    email             TEXT NOT NULL,
    email_folded      TEXT NOT NULL UNIQUE,
    display_name      TEXT NOT NULL,
    enabled           BOOLEAN NOT NULL,
    revision          BIGINT NOT NULL,
    created_at        TEXT NOT NULL,
    last_modified_at  TEXT NOT NULL
);

CREATE TABLE attempts (
    id      TEXT PRIMARY KEY,
    digest  TEXT NOT NULL,
    at      TEXT NOT NULL,
    fault   TEXT NOT NULL
);
CREATE INDEX attempts_digest ON attempts (digest, at);
CREATE INDEX attempts_at ON attempts (at);

CREATE TABLE answers (
    caller           TEXT NOT NULL,
    idempotency_key  TEXT NOT NULL,
    digest           TEXT NOT NULL,
    body             TEXT NOT NULL,
    at               TEXT NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);
CREATE INDEX answers_at ON answers (at);

CREATE TABLE audit_events (
    id          TEXT PRIMARY KEY,
    at          TEXT NOT NULL,
    actor       TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    detail      TEXT NOT NULL
);
CREATE INDEX audit_events_object ON audit_events (object_id, id);
