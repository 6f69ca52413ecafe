package store

import (
	"encoding/json"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sealCredentials encrypts the credentials of a connection. The associated data binds them to the database, to the
// connection, and to the address and user name they were saved with: a row that was copied, or whose settings were edited,
// cannot be opened.
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

// openCredentials decrypts what sealCredentials encrypted. The only error is model.ErrSealed, without details.
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
