// Package hclnotes is a stand-in for an HCL Domino server over HTTP. It serves Basic and session authentication with
// the Internet lockout, the REST services of Domino Access Services for calendar and mail, views of databases as XML or
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
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with the state of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks a person out after this number of rejected sign-ins in a row; 0 means never.
	LockAfter int
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	seed      Seed
	lockAfter int

	mu    sync.Mutex
	state *state
}

// state is the state that changes.
type state struct {
	people     []Person
	setup      Setup
	rejections map[string]int    // in a row, by the person's document
	sessions   map[string]string // the person's document, by cookie value
}

func newState(seed Seed) *state {
	return &state{
		people: clonePeople(seed.People), setup: seed.Setup.clone(), rejections: map[string]int{}, sessions: map[string]string{},
	}
}

// ErrNoPerson is the error for a person that is not in the Domino Directory.
var ErrNoPerson = fmt.Errorf("%w person", sandbox.ErrNotFound)

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	s := &Server{seed: *cmp.Or(options.Seed, new(NewSeed())), lockAfter: options.LockAfter}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.serve, Check: check, Operation: operationOf, Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Service returns the first person: the service account, with its Internet password.
func (s *Server) Service() Person { return s.People()[0] }

// People lists the persons of the Domino Directory, with their Internet passwords.
func (s *Server) People() []Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return clonePeople(s.state.people)
}

// Update changes a person, found by short name.
func (s *Server) Update(shortName string, change func(*Person)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	person := s.find(func(p Person) bool { return strings.EqualFold(p.ShortName, shortName) })
	return sandbox.Change(person, ErrNoPerson, shortName, change)
}

// SetPassword changes the Internet password of a person. As in Domino, sessions stay valid.
func (s *Server) SetPassword(shortName, password string) error {
	return s.Update(shortName, func(p *Person) { p.Password = password })
}

// Rename changes the name of a person. The old name becomes an alias that still signs in, as after the Administration
// Process.
func (s *Server) Rename(shortName, name string) error {
	return s.Update(shortName, func(p *Person) {
		p.Aliases = append(p.Aliases, p.Name)
		p.Name = name
	})
}

// Setup returns the settings of the server.
func (s *Server) Setup() Setup {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.setup.clone()
}

// UpdateSetup changes the settings of the server.
func (s *Server) UpdateSetup(change func(*Setup)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.setup)
}

// EndSessions ends all sessions, as a restart of the HTTP task does.
func (s *Server) EndSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.state.sessions)
}

// Sessions returns the number of live sessions.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.state.sessions)
}
