package netsuite

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Account is a company's account with NetSuite.
type Account struct {
	// ID is the account id, with an underscore for a sandbox: 1234567_SB1.
	ID string `json:"id"`
	// CompanyID is the company in NetSuite's description of the token; empty means the ID.
	CompanyID string `json:"company_id,omitempty"`
	// Name is the name of the company.
	Name string `json:"name"`
	// TokenBased and REST are the features Token-based Authentication and REST Web Services.
	TokenBased bool `json:"token_based"`
	REST       bool `json:"rest"`
	// Detailed returns the reason of a rejected sign-in. Normally only NetSuite's Login Audit Trail has it.
	Detailed bool `json:"detailed"`
}

// Integration is an integration record: the application that signs in.
type Integration struct {
	Name        string `json:"name"`
	ConsumerKey string `json:"consumer_key"`
	Secret      string `json:"-" patch:"secret"`
	// Enabled is the state of the record. A record that is not enabled is blocked.
	Enabled bool `json:"enabled"`
}

// Token is an access token, which belongs to an application, a user and a role.
type Token struct {
	ID     string `json:"id"`
	Secret string `json:"-" patch:"secret"`
	// User is the name of the token's employee.
	User    string `json:"user"`
	Revoked bool   `json:"revoked"`
}

// Role is a role with the permissions that are used here.
type Role struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	// WebServicesOnly denies the role everything except web services, RESTlets included.
	WebServicesOnly bool `json:"web_services_only"`
	// AccessTokens and REST are the permissions Log in using Access Tokens and REST Web Services.
	AccessTokens bool `json:"access_tokens"`
	REST         bool `json:"rest"`
	// Contacts, Calendar, Mail and Employees are the permissions Contacts, Events, Track Messages and Employees.
	Contacts  bool `json:"contacts"`
	Calendar  bool `json:"calendar"`
	Mail      bool `json:"mail"`
	Employees bool `json:"employees"`
}

// Employee is an employee, who may be a user.
type Employee struct {
	ID int `json:"id"`
	// Name is the entity id, which users search for.
	Name     string `json:"name"`
	Email    string `json:"email"`
	Inactive bool   `json:"inactive"`
	// Locked is a user who is temporarily locked out.
	Locked bool `json:"locked"`
}

// Seed is the state at the start.
type Seed struct {
	Account     Account
	Integration Integration
	Token       Token
	Role        Role
	// Employees are the employees, the service user first.
	Employees []Employee
}

// NewSeed returns the default seed: a sandbox account with an integration, a token of the service user, three
// employees, two who share an address and one who left. Keys and secrets are random.
func NewSeed() Seed {
	seed := Seed{
		Account:     Account{ID: "1234567_SB1", Name: "Example", TokenBased: true, REST: true},
		Integration: Integration{Name: "Riva", ConsumerKey: randomHex(), Secret: randomHex(), Enabled: true},
		Role: Role{
			ID: 1042, Name: "Riva Integration", AccessTokens: true, REST: true,
			Contacts: true, Calendar: true, Mail: true, Employees: true,
		},
		Employees: []Employee{
			{ID: 11, Name: "Riva Sync", Email: "riva-sync@example.com"},
			{ID: 12, Name: "Ada Lovelace", Email: "ada@example.com"},
			{ID: 13, Name: "Grace Hopper", Email: "grace@example.com"},
			{ID: 14, Name: "Alan Turing", Email: "alan@example.com"},
			{ID: 15, Name: "Team One", Email: "team@example.com"},
			{ID: 16, Name: "Team Two", Email: "team@example.com"},
			{ID: 17, Name: "Left Behind", Email: "left@example.com", Inactive: true},
		},
	}
	seed.Token = Token{ID: randomHex(), Secret: randomHex(), User: seed.Employees[0].Name}
	return seed
}

// check returns an error for an invalid seed.
func (s Seed) check() error {
	if s.Account.ID == "" || s.Integration.ConsumerKey == "" || s.Token.ID == "" {
		return errors.New("account id, consumer key and token id are required")
	}
	if !slices.ContainsFunc(s.Employees, func(e Employee) bool { return e.Name == s.Token.User }) {
		return fmt.Errorf("%w: %q", ErrNoEmployee, s.Token.User)
	}
	return nil
}

// randomHex returns 64 hexadecimal digits, like NetSuite's keys and secrets.
func randomHex() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // documented to never fail
	return hex.EncodeToString(b)
}

// permits reports whether the role may view the records of a type, and returns the required permission.
func (r Role) permits(record string) (permission string, permitted bool) {
	required := map[string]struct {
		permission string
		has        bool
	}{
		"contact": {"Contacts", r.Contacts}, "calendarEvent": {"Events", r.Calendar}, "message": {"Track Messages", r.Mail},
		"employee": {"Employees", r.Employees},
	}[record]
	return required.permission, required.permission == "" || required.has
}
