package netsuite

import "slices"

// state is the state that changes, apart from the employees.
type state struct {
	account     Account
	integration Integration
	token       Token
	role        Role
	types       []string
	// nonces are the used nonces of valid signatures, with their time.
	nonces map[string]bool
}

func newState(seed Seed) state {
	return state{
		account: seed.Account, integration: seed.Integration, token: seed.Token, role: seed.Role, types: standardTypes(),
		nonces: map[string]bool{},
	}
}

// hasType reports whether the record type exists.
func (s *state) hasType(record string) bool { return slices.Contains(s.types, record) }
