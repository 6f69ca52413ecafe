package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// The client must not believe that something was stored which is in no file.
func TestReplacedDatabaseIsProblem(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(t *testing.T, o embedded.Options) error{
		"directory deleted": func(_ *testing.T, o embedded.Options) error { return os.RemoveAll(o.DataDir) },
		"database moved": func(_ *testing.T, o embedded.Options) error {
			return os.Rename(filepath.Join(o.DataDir, "riva.db"), filepath.Join(o.DataDir, "old.db"))
		},
		"another database": func(t *testing.T, o embedded.Options) error {
			t.Helper()
			other := newOptions(t)
			other.Keyset = o.Keyset
			openAndClose(t, other)
			return os.Rename(filepath.Join(other.DataDir, "riva.db"), filepath.Join(o.DataDir, "riva.db"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOptions(t)
			o.Systems = systems(func(context.Context) error { return replace(t, o) }) // between the check of the name and the write
			_, client := open(t, o)
			_, err := client.CreateConnection(t.Context(), connection())
			if !api.IsProblem(err, api.ProblemDatabaseReplaced) || !strings.Contains(err.Error(), filepath.Join(o.DataDir, "riva.db")) ||
				!strings.Contains(err.Error(), "put the file back") {
				t.Errorf("error %v", err)
			}
		})
	}
}
