// Package dynamics365 is a stand-in for Microsoft Dynamics 365: a Dataverse environment with the parts of its Web API
// (OData 4.0 with JSON) that show who signed in, find users and act as them, and read rows and table definitions. It
// fails in the ways that Dataverse does. It has no writing operations, no batch requests, no FetchXML and no $expand.
//
// It has two sites: the environment, and Microsoft Entra ID (package entra), whose tokens the environment verifies.
// Formats and errors follow https://learn.microsoft.com/power-apps/developer/data-platform/webapi/ (overview, query,
// compose-http-requests-handle-errors, impersonate-another-user-web-api), api-limits and
// reference/web-service-error-codes there. Details that are missing there follow what public clients are known to read.
package dynamics365

import (
	"cmp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// AppID is the application id of Dynamics CRM in every tenant.
const AppID = "00000007-0000-0000-c000-000000000000"

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use. Its users are found by user name; the first one
// is the application user.
type Server struct {
	sandbox.Twin[User]
	entra *entra.Directory
	state state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	s := &Server{}
	seed.Entra.Resources = s.resources
	s.entra, err = entra.New(entra.Options{
		Seed: seed.Entra, Now: options.Now, URL: func() string { return s.URLOf(entra.Site) },
	})
	if err != nil {
		return nil, err
	}
	err = sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser,
		Is: func(u User, name string) bool { return strings.EqualFold(u.Username, name) },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Sites: []string{entra.Site},
		Operation: sandbox.ByPath(func(path string) string { return cmp.Or(entra.Operation(path), operationOf(path)) }),
		Restore: func() {
			s.state = newState(seed)
			s.entra.Reset()
		},
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// resources are the APIs that Entra issues tokens for: the environment.
func (s *Server) resources() []entra.Resource {
	return []entra.Resource{{
		AppID: AppID, Name: "Dynamics CRM", URIs: []string{s.URL()}, Scopes: []string{"user_impersonation"},
	}}
}

// Entra returns the directory whose tokens the environment accepts.
func (s *Server) Entra() *entra.Directory { return s.entra }

// Organization returns the organization of the environment.
func (s *Server) Organization() Organization { return sandbox.Read(s, &s.state.organization) }

// UpdateOrganization changes the organization.
func (s *Server) UpdateOrganization(change func(*Organization)) {
	sandbox.Write(s, &s.state.organization, change)
}

// AddTable adds a custom table, which changes the metadata.
func (s *Server) AddTable(logicalName string) {
	sandbox.Write(s, &s.state.tables, func(tables *[]row) { *tables = append(*tables, customTable(logicalName)) })
}
