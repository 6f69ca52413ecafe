package suitecrm

import (
	"maps"
	"time"
)

// issuedToken is an issued access token with its refresh token.
type issuedToken struct {
	userID  string
	expires time.Time
	revoked bool
	refresh string
}

// state is the state that changes, apart from the users.
type state struct {
	instance Instance
	client   Client
	tokens   map[string]*issuedToken // by the id in the token
}

func newState(seed Seed) state {
	return state{instance: seed.Instance.clone(), client: seed.Client, tokens: map[string]*issuedToken{}}
}

func (s *Server) userByID(id string) *User {
	return s.FindFunc(func(u User) bool { return u.ID == id })
}

// refreshableToken returns the access token of a refresh token.
func (s *state) refreshableToken(token string) *issuedToken {
	for issued := range maps.Values(s.tokens) {
		if token != "" && issued.refresh == token && !issued.revoked {
			return issued
		}
	}
	return nil
}
