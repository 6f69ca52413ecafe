package store_test

import (
	"errors"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

func TestCheckReady(t *testing.T) {
	t.Parallel()
	eachOwnDatabase(t, func(t *testing.T, d storetest.Database) {
		s := d.Open(t, testSystems())
		want := func(what string, want error) {
			t.Helper()
			if err := s.CheckReady(t.Context()); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}
		want("as it was opened", nil)
		asNextVersion(t, d, expand)
		want("migrated by a newer version that this one can go on with", nil)
		asNextVersion(t, d, []string{`UPDATE schema_compatibility SET oldest_version = 1000`})
		want("migrated by one that it cannot go on with", store.ErrNewer)
		asNextVersion(t, d, []string{
			`UPDATE schema_compatibility SET oldest_version = 0`,
			`UPDATE instance SET id = '019aa000-0000-7000-8000-000000000000'`,
		})
		want("another database", store.ErrKeyset)
		asNextVersion(t, d, []string{`DELETE FROM instance`})
		want("an emptied database", store.ErrKeyset)
	})
}
