-- +goose Up
-- The sealed comparison key of the set of credentials that was submitted last; NULL for sets from before this version.
ALTER TABLE credentials ADD COLUMN comparison_key TEXT;
