package hclnotes

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Person is a Person document of the Domino Directory.
type Person struct {
	// ID is the document's universal ID.
	ID string `json:"unid"`
	// Name is the hierarchical name in its abbreviated form, such as "Ada Lovelace/Example".
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	// Aliases are further names that can sign in and that lookups find.
	Aliases []string `json:"aliases,omitempty"`
	Email   string   `json:"email"`
	// Password is the Internet password.
	Password string `json:"-" patch:"password"`
	// MailFile is the path of the mail file below the data directory; empty for a person without mail.
	MailFile string `json:"mail_file"`
	// Elsewhere is set if the mail file is on another server, MailServer.
	Elsewhere  bool   `json:"elsewhere"`
	MailServer string `json:"mail_server"`
	// LockedOut is a person who is locked out after too many wrong passwords (inetlockout.nsf).
	LockedOut bool `json:"locked_out"`
	// Access is the access control list of the mail file: levels by person's name, see [Levels]. The owner is Manager.
	Access map[string]string `json:"access"`
}

// Levels are the levels of access control lists, the lowest first.
func Levels() []string {
	return []string{"No Access", "Depositor", "Reader", "Author", "Editor", "Designer", "Manager"}
}

// commonName returns the common name.
func (p Person) commonName() string {
	name, _, _ := strings.Cut(p.Name, "/")
	return name
}

// canonicalName returns the name with its labels.
func (p Person) canonicalName() string {
	parts := strings.Split(p.Name, "/")
	for i := range parts {
		switch i {
		case 0:
			parts[i] = "CN=" + parts[i]
		case len(parts) - 1:
			parts[i] = "O=" + parts[i]
		default:
			parts[i] = "OU=" + parts[i]
		}
	}
	return strings.Join(parts, "/")
}

// names are the names that find the person.
func (p Person) names() []string {
	return append([]string{p.Name, p.canonicalName(), p.commonName(), p.ShortName, p.Email}, p.Aliases...)
}

// Setup contains the settings of the server: the Server document, and the access to the Domino Directory.
type Setup struct {
	// Session is session authentication. Without it, the server requires Basic.
	Session bool `json:"session"`
	// SingleSignOn makes the session cookie valid for several servers.
	SingleSignOn bool `json:"single_sign_on"`
	// AccessServices is set if Domino Access Services are installed.
	AccessServices bool `json:"access_services"`
	// Services are the enabled services of Domino Access Services: Calendar, Mail.
	Services []string `json:"services"`
	// Directory is the default level of access to names.nsf.
	Directory string `json:"directory"`
	// AbsoluteURLs makes the Calendar service return absolute addresses (CalendarServiceAbsoluteUrls=1).
	AbsoluteURLs bool `json:"absolute_urls"`
}

func (s Setup) clone() Setup {
	s.Services = slices.Clone(s.Services)
	return s
}

// Seed is the state of a stand-in at the start.
type Seed struct {
	// People are the persons of the Domino Directory. The first is the service account. A person without a password
	// gets a random one.
	People []Person
	Setup  Setup
}

// NewSeed returns the default seed: the service account Riva Sync/Example, which is Editor of all mail files; Ada,
// Grace and Alan; two persons who share an address, and one who has left and has no mail file. The server requires
// Basic.
func NewSeed() Seed {
	one, two := NewPerson("Team One", "team1"), NewPerson("Team Two", "team2")
	one.Email, two.Email = "team@example.com", "team@example.com"
	left := NewPerson("Left Already", "left")
	left.MailFile = ""
	return Seed{
		People: []Person{
			NewPerson("Riva Sync", "rivasync"),
			NewPerson("Ada Lovelace", "ada"), NewPerson("Grace Hopper", "grace"), NewPerson("Alan Turing", "alan"),
			one, two, left,
		},
		Setup: Setup{AccessServices: true, Services: []string{"Calendar", "Mail"}, Directory: "Reader"},
	}
}

// serviceName is the name of the service account in a new seed.
const serviceName = "Riva Sync/Example"

// NewPerson returns a normal person of the organization Example, with a mail file and the address <short
// name>@example.com.
func NewPerson(commonName, shortName string) Person {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // documented to never fail
	return Person{
		ID: strings.ToUpper(hex.EncodeToString(id)), Name: commonName + "/Example", ShortName: shortName,
		Email: shortName + "@example.com", MailFile: "mail/" + shortName + ".nsf", MailServer: "Mail1/Example",
		Access: map[string]string{serviceName: "Editor"},
	}
}

// check returns an error for an invalid person.
func (p Person) check() error {
	if p.Name == "" || p.ShortName == "" || p.ID == "" {
		return errors.New("a person requires a name, a short name and an id")
	}
	for name, level := range p.Access {
		if !slices.Contains(Levels(), level) {
			return fmt.Errorf("%q cannot have the level %q; there are %q", name, level, Levels())
		}
	}
	return nil
}

func (p Person) clone() Person {
	p.Aliases, p.Access = slices.Clone(p.Aliases), maps.Clone(p.Access)
	return p
}
