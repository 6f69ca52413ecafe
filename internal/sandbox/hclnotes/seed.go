package hclnotes

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Person is one Person document of the Domino Directory.
type Person struct {
	// ID is the document's universal ID.
	ID string `json:"unid"`
	// Name is the hierarchical name in its abbreviated form, such as "Ada Lovelace/Example".
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	// Aliases are further names that sign in and are found.
	Aliases []string `json:"aliases,omitempty"`
	Email   string   `json:"email"`
	// Password is the Internet password.
	Password string `json:"-"`
	// MailFile is the path of the mail file below the data directory; empty for who has no mail here.
	MailFile string `json:"mail_file"`
	// Elsewhere tells that the mail file is on another server, MailServer.
	Elsewhere  bool   `json:"elsewhere"`
	MailServer string `json:"mail_server"`
	// LockedOut is a person who got the password wrong too often (inetlockout.nsf).
	LockedOut bool `json:"locked_out"`
	// Access is the access control list of the mail file: levels by person's name, see [Levels]. The owner is its Manager.
	Access map[string]string `json:"access"`
}

// Levels are those of access control lists, from nothing up.
func Levels() []string {
	return []string{"No Access", "Depositor", "Reader", "Author", "Editor", "Designer", "Manager"}
}

// common is the common name.
func (p Person) common() string {
	name, _, _ := strings.Cut(p.Name, "/")
	return name
}

// canonical is the name with its labels.
func (p Person) canonical() string {
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

// keys are the names under which the person is found.
func (p Person) keys() []string {
	return append([]string{p.Name, p.canonical(), p.common(), p.ShortName, p.Email}, p.Aliases...)
}

// Setup is how the server is set up: the Server document, and who may read the Domino Directory.
type Setup struct {
	// Session is session authentication; without it, the server asks for Basic.
	Session bool `json:"session"`
	// SingleSignOn makes the session's cookie one for several servers.
	SingleSignOn bool `json:"single_sign_on"`
	// AccessServices tells that Domino Access Services are there at all.
	AccessServices bool `json:"access_services"`
	// Services are those of Domino Access Services that are enabled: Calendar, Mail.
	Services []string `json:"services"`
	// Directory is the level of access that everybody has to names.nsf.
	Directory string `json:"directory"`
	// AbsoluteURLs has the Calendar service answer with whole addresses (CalendarServiceAbsoluteUrls=1).
	AbsoluteURLs bool `json:"absolute_urls"`
}

func (s Setup) clone() Setup {
	s.Services = slices.Clone(s.Services)
	return s
}

// Seed is what a stand-in starts with.
type Seed struct {
	// People are the Domino Directory; the first is the service account. One without a password gets a random one.
	People []Person
	Setup  Setup
}

// NewSeed is the seed of a stand-in that is told no other: the service account Riva Sync/Example, who is Editor of
// everybody's mail file; Ada, Grace and Alan; two persons who share an address, and one who has left and has no mail
// file. The server asks for Basic.
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

// service is the service account's name in a new seed.
const service = "Riva Sync/Example"

// NewPerson is a usual person of the organisation Example, with a mail file and the address <short name>@example.com.
func NewPerson(commonName, shortName string) Person {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // it never fails
	return Person{
		ID: strings.ToUpper(hex.EncodeToString(id)), Name: commonName + "/Example", ShortName: shortName,
		Email: shortName + "@example.com", MailFile: "mail/" + shortName + ".nsf", MailServer: "Mail1/Example",
		Access: map[string]string{service: "Editor"},
	}
}

// check says what is wrong with a seed, and gives passwords to those who have none.
func (s *Seed) check() error {
	if len(s.People) == 0 {
		return errors.New("a seed needs a person")
	}
	s.People = clonePeople(s.People)
	for i := range s.People {
		p := &s.People[i]
		if p.Name == "" || p.ShortName == "" || p.ID == "" {
			return fmt.Errorf("person %d needs a name, a short name and an id", i+1)
		}
		p.Password = cmp.Or(p.Password, rand.Text())
	}
	return nil
}

func clonePeople(people []Person) []Person {
	people = slices.Clone(people)
	for i := range people {
		people[i].Aliases, people[i].Access = slices.Clone(people[i].Aliases), maps.Clone(people[i].Access)
	}
	return people
}
