package netsuite

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Account is a company's account with NetSuite.
type Account struct {
	// ID names it, with an underscore for a sandbox: 1234567_SB1.
	ID string `json:"id"`
	// CompanyID is what NetSuite says of the token whose company it is; empty means the ID.
	CompanyID string `json:"company_id,omitempty"`
	// Name is the company's.
	Name string `json:"name"`
	// TokenBased and REST are the features Token-based Authentication and REST Web Services.
	TokenBased bool `json:"token_based"`
	REST       bool `json:"rest"`
	// Detailed has refused sign-ins say why. NetSuite usually tells the Login Audit Trail only.
	Detailed bool `json:"detailed"`
}

// Integration is an integration record: the application that signs in.
type Integration struct {
	Name        string `json:"name"`
	ConsumerKey string `json:"consumer_key"`
	Secret      string `json:"-"`
	// Enabled is the state of the record; otherwise it is blocked.
	Enabled bool `json:"enabled"`
}

// Token is an access token: an application, a user and a role together.
type Token struct {
	ID     string `json:"id"`
	Secret string `json:"-"`
	// User is the name of the employee whom the token is for.
	User    string `json:"user"`
	Revoked bool   `json:"revoked"`
}

// Role is a role with the permissions that matter here.
type Role struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	// WebServicesOnly keeps the role from everything but web services, RESTlets included.
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
	// Name is the entity id, by which people find the record.
	Name     string `json:"name"`
	Email    string `json:"email"`
	Inactive bool   `json:"inactive"`
	// Locked is a user who is locked out for a while.
	Locked bool `json:"locked"`
}

// Seed is what there is at the start.
type Seed struct {
	Account     Account
	Integration Integration
	Token       Token
	Role        Role
	// Employees begin with the service user.
	Employees []Employee
}

// NewSeed is an account of a sandbox with an integration, a token of the service user, three people, two who share an
// address and one who left. Keys and secrets are random.
func NewSeed() Seed {
	seed := Seed{
		Account:     Account{ID: "1234567_SB1", Name: "Example", TokenBased: true, REST: true},
		Integration: Integration{Name: "Riva", ConsumerKey: random(), Secret: random(), Enabled: true},
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
	seed.Token = Token{ID: random(), Secret: random(), User: seed.Employees[0].Name}
	return seed
}

// check says what is wrong with a seed.
func (s Seed) check() error {
	if s.Account.ID == "" || s.Integration.ConsumerKey == "" || s.Token.ID == "" {
		return errors.New("account id, consumer key and token id are needed")
	}
	if !slices.ContainsFunc(s.Employees, func(e Employee) bool { return e.Name == s.Token.User }) {
		return fmt.Errorf("%w: %q", ErrNoEmployee, s.Token.User)
	}
	return nil
}

// random is a text of 64 hexadecimal digits, as NetSuite's keys and secrets are.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// state is everything that changes. It needs the server's lock.
type state struct {
	account     Account
	integration Integration
	token       Token
	role        Role
	employees   []Employee
	types       []string
	// nonces are those that were used, with their time, of signatures that were good.
	nonces map[string]bool
}

func newState(seed Seed) *state {
	return &state{
		account: seed.Account, integration: seed.Integration, token: seed.Token, role: seed.Role,
		employees: slices.Clone(seed.Employees), types: standardTypes(), nonces: map[string]bool{},
	}
}

func (s *state) employee(name string) *Employee {
	return sandbox.Find(s.employees, func(e Employee) bool { return e.Name == name })
}
