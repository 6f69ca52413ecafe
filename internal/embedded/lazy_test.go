package embedded_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// lazy opens a data directory that need not have a control plane.
func lazy(t *testing.T, o embedded.Options) (*embedded.Lazy, *api.Client) {
	t.Helper()
	o.Systems = systems(nil)
	control, err := embedded.OpenLazy(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return control, clientOf(t, control)
}

func TestReadsNeverMakeControlPlane(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.DataDir = filepath.Join(o.DataDir, "data")
	control, client := lazy(t, o)
	_, err := client.Connections(t.Context(), api.ConnectionFilter{})
	missing, ok := errors.AsType[*api.NoControlPlaneError](err)
	if !ok || missing.DataDir != o.DataDir || control.Exists() {
		t.Fatalf("got %v", err)
	}
	for _, path := range []string{o.DataDir, o.Keyset} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was made (%v)", path, err)
		}
	}
}

func TestMakeReportsNewControlPlaneOnce(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	control, client := lazy(t, o)
	for _, want := range []bool{true, false} {
		keyset, made, err := control.Make(t.Context())
		if err != nil || made != want || keyset != o.Keyset {
			t.Errorf("got %q, %t, %v", keyset, made, err)
		}
	}
	if _, err := client.Instance(t.Context()); err != nil {
		t.Error(err)
	}
}

// A process that opened the directory too early uses the control plane that another one has made.
func TestControlPlaneOfAnotherProcessIsUsed(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	early, client := lazy(t, o)
	other, _ := lazy(t, o)
	if _, _, err := other.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Instance(t.Context()); err != nil || !early.Exists() {
		t.Errorf("got %v", err)
	}
	if _, made, err := early.Make(t.Context()); made || err != nil {
		t.Errorf("made again: %t, %v", made, err)
	}
}

func TestPlacesAreCheckedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	below := embedded.Options{DataDir: filepath.Join(dir, "a"), Keyset: filepath.Join(dir, "a", "k")}
	for name, test := range map[string]struct {
		options embedded.Options
		want    string
	}{
		"parent is a file":     {embedded.Options{DataDir: filepath.Join(file, "data")}, "not a directory"},
		"keyset below":         {below, "must not be in"},
		"keyset is damaged":    {embedded.Options{DataDir: filepath.Join(dir, "b"), Keyset: file}, "is damaged"},
		"text is not a keyset": {embedded.Options{DataDir: filepath.Join(dir, "c"), KeysetJSON: "{}"}, "RIVA_KEYSET_JSON"},
	} {
		if _, err := embedded.OpenLazy(t.Context(), test.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory has %v, %v", entries, err)
	}
}
