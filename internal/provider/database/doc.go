// Package database has the acceptance tests of the provider with its control plane in a PostgreSQL database (database_url), with
// processes of their own on several "machines": working directories that share nothing but the database and the keyset.
package database
