// Package hclnotes is a stand-in for an HCL Domino server over HTTP. It serves Basic and session authentication with
// the Internet lockout, the REST services of Domino Access Services for calendar and mail, views of databases as
// JSON (the URL command ReadViewEntries), and access control lists. It fails in the ways that Domino does. It has no
// writing operations, no Notes protocol, and none of the services Core, Data and Freebusy. It represents Domino's own
// interfaces, not the Riva Sync Connector.
//
// Formats follow the specifications of Domino Access Services, https://github.com/OpenNTF/das-api-specs, and the URL
// commands of HCL Domino Designer's documentation,
// https://help.hcl-software.com/dom_designer/14.5.1/basic/H_ABOUT_DOMINO_URL_COMMANDS_4332.html. Details that are
// missing there, such as error texts, follow the services' published sources in
// https://github.com/OpenNTF/XPagesExtensionLibrary.
package hclnotes

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use. Its accounts are the persons of the Domino
// Directory, found by short name. As in Domino, sessions stay valid when a password is changed.
type Server struct {
	sandbox.Twin[Person]
	state state
}

// state is the state that changes, apart from the persons.
type state struct {
	setup    Setup
	sessions map[string]string // the person's document, by cookie value
}

// ErrNoPerson is the error for a person that is not in the Domino Directory.
var ErrNoPerson = fmt.Errorf("%w person", sandbox.ErrNotFound)

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed := *cmp.Or(options.Seed, new(NewSeed()))
	s := &Server{}
	err := sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[Person]{
		Seed: seed.People, Label: "people", Missing: ErrNoPerson, Clone: Person.clone, Check: Person.check,
		Is:       func(p Person, name string) bool { return strings.EqualFold(p.ShortName, name) },
		Password: func(p *Person) *string { return &p.Password },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Operation: operationOf,
		Restore: func() { s.state = state{setup: seed.Setup.clone(), sessions: map[string]string{}} },
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// People lists the persons of the Domino Directory, with their Internet passwords.
func (s *Server) People() []Person { return s.Users() }

// Rename changes the name of a person. The old name becomes an alias that still signs in, as after the Administration
// Process.
func (s *Server) Rename(shortName, name string) error {
	return s.Update(shortName, func(p *Person) {
		p.Aliases = append(p.Aliases, p.Name)
		p.Name = name
	})
}

// Setup returns the settings of the server.
func (s *Server) Setup() Setup { return sandbox.Read(s, &s.state.setup).clone() }

// UpdateSetup changes the settings of the server.
func (s *Server) UpdateSetup(change func(*Setup)) { sandbox.Write(s, &s.state.setup, change) }

// EndSessions ends all sessions, as a restart of the HTTP task does.
func (s *Server) EndSessions() {
	s.Lock()
	defer s.Unlock()
	clear(s.state.sessions)
}

// Sessions returns the number of live sessions.
func (s *Server) Sessions() int {
	s.Lock()
	defer s.Unlock()
	return len(s.state.sessions)
}
