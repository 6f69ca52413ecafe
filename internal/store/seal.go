package store

import (
	"encoding/json"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sealCredentials encrypts the credentials of a connection. The associated data ties them to the database, the connection and
// what they were given for: a row that is copied elsewhere, or whose settings were edited, does not open.
func (s *Store) sealCredentials(connectionID, binding string, c target.Credentials) ([]byte, error) {
	plain, err := json.Marshal(map[string]string(c))
	if err != nil {
		return nil, fmt.Errorf("encode credentials: %w", err)
	}
	sealed, err := s.keyset.seal.Encrypt(plain, s.associatedData(connectionID, binding))
	if err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	return sealed, nil
}

// openCredentials opens what seal made; the error is engine.ErrSealed and says no more than that.
func (s *Store) openCredentials(connectionID, binding string, sealed []byte) (target.Credentials, error) {
	plain, err := s.keyset.seal.Decrypt(sealed, s.associatedData(connectionID, binding))
	if err != nil {
		return nil, model.ErrSealed
	}
	var c target.Credentials
	if err := json.Unmarshal(plain, &c); err != nil {
		return nil, model.ErrSealed
	}
	return c, nil
}

func (s *Store) associatedData(connectionID, binding string) []byte {
	return lengthPrefixed("credentials", s.instanceID, connectionID, binding)
}
