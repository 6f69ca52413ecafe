-- +goose Up
CREATE TABLE connection_metadata (
    connection_id  TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    objects        TEXT NOT NULL,
    digest         TEXT NOT NULL
);

CREATE TABLE revalidations (
    id                     TEXT PRIMARY KEY,
    connection_id          TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    fault                  TEXT,
    remembered             BOOLEAN NOT NULL,
    finished_at            TEXT NOT NULL,
    metadata_refreshed_at  TEXT,
    metadata_changed       BOOLEAN NOT NULL
);
CREATE INDEX revalidations_connection ON revalidations (connection_id, id);
