package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

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

	content, err := os.ReadFile(keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keys, storetest.RotateKeyset(t, content), 0o600); err != nil {
		t.Fatal(err)
	}
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
