package model

// Page selects a part of a list. Lists are in the order of creation (ids are UUIDv7).
type Page struct {
	// After is the id of the last item of the page before; empty for the first page.
	After string
	// Limit is the largest number of items, at least 1. The engine enforces the upper limit of the contract.
	Limit int
}
