package store

import (
	"encoding/json"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sealCredentials encrypts credentials. The associated data says what they are bound to.
func (s *Store) sealCredentials(associatedData []byte, c target.Credentials) ([]byte, error) {
	plain, err := json.Marshal(map[string]string(c))
	if err != nil {
		return nil, fmt.Errorf("encode credentials: %w", err)
	}
	sealed, err := s.keyset.seal.Encrypt(plain, associatedData)
	if err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	return sealed, nil
}

// openCredentials decrypts what sealCredentials encrypted with the same associated data. The only error is model.ErrSealed,
// without details.
func (s *Store) openCredentials(associatedData, sealed []byte) (target.Credentials, error) {
	plain, err := s.keyset.seal.Decrypt(sealed, associatedData)
	if err != nil {
		return nil, model.ErrSealed
	}
	var c target.Credentials
	if err := json.Unmarshal(plain, &c); err != nil {
		return nil, model.ErrSealed
	}
	return c, nil
}

// associatedData binds the credentials of a connection to this database and to the binding, see [model.Binding].
func (s *Store) associatedData(b model.Binding) []byte {
	parts := []string{s.instanceID, b.ConnectionID, b.SetID, b.Settings}
	if b.Scheme != "" { // without one, the seal is the same as before version 7
		parts = append(parts, b.Scheme)
	}
	return target.LengthPrefixed("credentials", parts...)
}
