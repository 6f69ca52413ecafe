// Package sugarcrm is a stand-in for a Sugar instance. It serves the REST API (v10 and v11, JSON) with the password and
// refresh token grants of its token endpoint, sessions that end as in Sugar, acting as another user (sudo), and the
// parts that show who signed in, find users, read records and list modules. It fails in the ways that Sugar does. It
// has no SugarIdentity, no portal, no writing operations, and only equality filters.
//
// Formats and texts follow the Sugar Developer Guide, "REST API",
// https://support.sugarcrm.com/documentation/sugar_developer/sugar_developer_guide_14.0/integration/web_services/rest_api/
// with its pages on endpoints and errors. Details that are missing there follow Sugar 7's published sources.
package sugarcrm

import (
	"cmp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is the path of the instance: on premises, Sugar usually has a folder of its own.
const Path = "/sugar"

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use. As in Sugar, sessions stay valid when a
// password is changed.
type Server struct {
	sandbox.Twin[User]
	state state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed := *cmp.Or(options.Seed, new(NewSeed()))
	s := &Server{}
	err := sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser, Password: func(u *User) *string { return &u.Password }, Check: User.check,
		// Letter case is ignored, as in Sugar's databases.
		Is: func(u User, name string) bool { return strings.EqualFold(u.UserName, name) },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Operation: sandbox.ByPath(operationOf), Restore: func() { s.state = newState(seed) },
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// URL returns the address of the instance.
func (s *Server) URL() string { return s.Host.URL() + Path }

// Instance returns the settings of the instance.
func (s *Server) Instance() Instance { return sandbox.Read(s, &s.state.instance).clone() }

// UpdateInstance changes the settings of the instance.
func (s *Server) UpdateInstance(change func(*Instance)) { sandbox.Write(s, &s.state.instance, change) }

// Sessions lists the live sessions, with their users and platforms.
func (s *Server) Sessions() []Session {
	s.Lock()
	defer s.Unlock()
	return s.liveSessions()
}

// EndSessions ends the sessions of a user, or of all users for an empty name.
func (s *Server) EndSessions(userName string) error {
	return s.ForUser(userName, func(user *User) {
		s.endSessions(func(open *session) bool { return user == nil || open.userID == user.ID })
	})
}
