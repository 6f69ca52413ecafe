package suitecrm

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// issuedToken is an issued access token with its refresh token.
type issuedToken struct {
	userID  string
	expires time.Time
	revoked bool
	refresh string
}

// state is the state that changes.
type state struct {
	instance Instance
	users    []User
	client   Client
	tokens   map[string]*issuedToken // by the id in the token
}

func newState(seed Seed) *state {
	return &state{
		instance: seed.Instance.clone(), users: slices.Clone(seed.Users), client: seed.Client, tokens: map[string]*issuedToken{},
	}
}

// user finds a user by name. Letter case is ignored, as in SuiteCRM's databases.
func (s *state) user(userName string) *User {
	return s.findUser(func(u User) bool { return strings.EqualFold(u.UserName, userName) })
}

func (s *state) findUser(matches func(User) bool) *User {
	return sandbox.Find(s.users, matches)
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
