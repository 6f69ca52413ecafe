-- +goose Up
ALTER TABLE connections ADD COLUMN credentials_expire_at TEXT;
ALTER TABLE connection_tests ADD COLUMN warnings TEXT;
