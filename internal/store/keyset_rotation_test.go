package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// rotate adds a key to each part of a keyset file and sets it as the primary key.
func rotate(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(content, &parts); err != nil {
		t.Fatal(err)
	}
	for name, template := range map[string]*tinkpb.KeyTemplate{
		"seal": aead.AES256GCMKeyTemplate(), "digest": mac.HMACSHA256Tag256KeyTemplate(),
	} {
		handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(parts[name])))
		if err != nil {
			t.Fatal(err)
		}
		manager := keyset.NewManagerFromHandle(handle)
		id, err := manager.Add(template)
		if err != nil {
			t.Fatal(err)
		}
		if err := manager.SetPrimary(id); err != nil {
			t.Fatal(err)
		}
		if handle, err = manager.Handle(); err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
			t.Fatal(err)
		}
		parts[name] = text.Bytes()
	}
	if content, err = json.Marshal(parts); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	keys, path := filepath.Join(t.TempDir(), "keyset.json"), filepath.Join(t.TempDir(), "riva.db")
	open := func() *store.Store {
		k, _, err := store.OpenKeyset(keys)
		if err != nil {
			t.Fatal(err)
		}
		return openAt(t, path, k)
	}
	s := open()
	c := plainConnection(t, "mail")
	insertConnections(t, s, c)
	putCredentials(t, s, c.ID, "there", target.Credentials{"password": "p"})
	before, err := s.Digest("submitted", "p")
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)

	rotate(t, keys)
	s = open()
	if got, err := readCredentials(t, s, c.ID, "there"); err != nil || got["password"] != "p" {
		t.Errorf("credentials sealed before: %v", err)
	}
	if !s.Matches(before, "submitted", "p") || s.Matches(before, "submitted", "q") {
		t.Error("a digest of the old key does not match as it should")
	}
	now, err := s.Digest("submitted", "p")
	if err != nil || bytes.Equal(now, before) || !s.Matches(now, "submitted", "p") {
		t.Errorf("digests do not use the new key: %v", err)
	}
	putCredentials(t, s, c.ID, "there", target.Credentials{"password": "new"})
	if got, err := readCredentials(t, s, c.ID, "there"); err != nil || got["password"] != "new" {
		t.Errorf("credentials sealed after: %v", err)
	}
}
