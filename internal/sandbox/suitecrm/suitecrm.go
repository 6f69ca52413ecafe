// Package suitecrm is a stand-in for SuiteCRM. It serves the V8 API (JSON:API) with the password, client credentials
// and refresh token grants of its token endpoint, which it verifies, signed access tokens that can be revoked, and the
// parts that show who signed in, find users, read records and list modules. It fails in the ways that SuiteCRM does. It
// has no authorization code grant, no writing operations, no relationships, no sorting, and only the filter operators
// eq and neq.
//
// It follows the pages of SuiteCRM's developer guide on the API
// (https://docs.suitecrm.com/developer/api/developer-setup-guide/json-api/). Details that are missing there, such as
// errors, follow the sources of SuiteCRM 7.14 (Api/V8) and of its library league/oauth2-server 8.
package suitecrm

import (
	"cmp"
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use. As in SuiteCRM, tokens stay valid when a
// password is changed.
type Server struct {
	sandbox.Twin[User]
	state state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed := *cmp.Or(options.Seed, new(NewSeed()))
	if seed.Client.ID == "" || seed.Client.Secret == "" {
		return nil, errors.New("a seed requires an OAuth2 client with a secret")
	}
	s := &Server{}
	err := sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser, Password: func(u *User) *string { return &u.Password }, Check: User.check,
		// Letter case is ignored, as in SuiteCRM's databases.
		Is: func(u User, name string) bool { return strings.EqualFold(u.UserName, name) },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Operation: sandbox.ByPath(operationOf), Restore: func() { s.state = newState(seed) },
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Client returns the OAuth2 client, with its secret.
func (s *Server) Client() Client { return sandbox.Read(s, &s.state.client) }

// UpdateClient changes the OAuth2 client.
func (s *Server) UpdateClient(change func(*Client)) { sandbox.Write(s, &s.state.client, change) }

// Instance returns the settings of the instance.
func (s *Server) Instance() Instance { return sandbox.Read(s, &s.state.instance).clone() }

// UpdateInstance changes the settings of the instance.
func (s *Server) UpdateInstance(change func(*Instance)) { sandbox.Write(s, &s.state.instance, change) }

// RevokeTokens revokes all tokens of a user, or of all users for an empty name, as an administrator does.
func (s *Server) RevokeTokens(userName string) error {
	return s.ForUser(userName, func(user *User) {
		for _, issued := range s.state.tokens {
			issued.revoked = issued.revoked || user == nil || issued.userID == user.ID
		}
	})
}
