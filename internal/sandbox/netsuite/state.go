package netsuite

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// state is the state that changes. Reading and writing it requires the server's lock.
type state struct {
	account     Account
	integration Integration
	token       Token
	role        Role
	employees   []Employee
	types       []string
	// nonces are the used nonces of valid signatures, with their time.
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

// hasType reports whether the record type exists.
func (s *state) hasType(record string) bool { return slices.Contains(s.types, record) }
