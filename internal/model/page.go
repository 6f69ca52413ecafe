package model

// Page is a place in a list. Lists are in the order of creation (ids are UUIDv7).
type Page struct {
	// After is the id of the last item seen; empty starts at the beginning.
	After string
	// Limit is the largest number of items, at least 1. The engine keeps it below the limit of the contract.
	Limit int
}
