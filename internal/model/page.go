package model

// Page is a place in a list. Lists are in the order of creation (ids are UUIDv7).
type Page struct {
	// After is the id of the last item seen; empty starts at the beginning.
	After string
	// Limit bounds the page; 1 to MaxPage.
	Limit int
}

// MaxPage is the largest page of a list.
const MaxPage = 500
