// Package sapc4c is a stand-in for a tenant of SAP Cloud for Customer. It serves the standard OData 2 service
// c4codataapi (JSON, and records as Atom) with Basic authentication, and business users who are locked, expire and lose
// work centers. It fails in the ways that SAP does. It has no OAuth, no certificates, no SOAP services, no writing
// operations, and no functions in filters.
//
// Formats follow SAP's "SAP Cloud for Customer OData API Developer's Guide",
// https://github.com/SAP-archive/C4CODATAAPIDEVGUIDE (service document, formats, query options), and the
// OData protocol version 2, https://www.odata.org/documentation/odata-version-2-0/ (JSON, errors). The properties
// of business users are those that public clients of the service read. SAP publishes no list of error codes: the codes
// here are placeholders, so no client should depend on them.
package sapc4c

import (
	"cmp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is the path of the standard service. The trailing slash is required.
const Path = "/sap/c4c/odata/v1/c4codataapi/"

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	sandbox.Twin[User]
	fields []string // custom fields of contacts
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed := *cmp.Or(options.Seed, new(NewSeed()))
	s := &Server{}
	err := sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser, Password: func(u *User) *string { return &u.Password }, Check: User.check,
		// Letter case is ignored, as in a sign-in.
		Is: func(u User, name string) bool { return strings.EqualFold(u.UserID, name) },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Operation: sandbox.ByPath(operationOf), Restore: func() { s.fields = nil },
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// AddField adds a custom field to contacts, which changes the metadata.
func (s *Server) AddField(name string) {
	sandbox.Write(s, &s.fields, func(fields *[]string) { *fields = append(*fields, name) })
}
