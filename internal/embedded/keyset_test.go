package embedded_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// setConfigDir sets a configuration directory of the user for the test, and returns the directory of keysets in it.
func setConfigDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, variable := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} {
		t.Setenv(variable, dir)
	}
	config, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(config, "terraform-provider-riva")
}

// openAndClose creates a control plane with a connection and closes it.
func openAndClose(t *testing.T, o embedded.Options) {
	t.Helper()
	control, client := open(t, o)
	if _, err := client.CreateConnection(t.Context(), connection()); err != nil {
		t.Fatal(err)
	}
	if err := control.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestKeysetIsInConfigurationDirectory(t *testing.T) { //nolint:paralleltest // it sets environment variables
	config := setConfigDir(t)
	o := embedded.Options{DataDir: filepath.Join(t.TempDir(), "data")}
	openAndClose(t, o)
	keysets, err := os.ReadDir(config)
	if err != nil || len(keysets) != 1 {
		t.Fatalf("keysets %v, %v", keysets, err)
	}
	info, err := keysets[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("keyset %v, %v", info, err)
	}

	moved := embedded.Options{DataDir: filepath.Join(t.TempDir(), "elsewhere")}
	if err := os.Rename(o.DataDir, moved.DataDir); err != nil {
		t.Fatal(err)
	}
	open(t, moved) // the keyset is found although the directory has moved

	open(t, embedded.Options{DataDir: filepath.Join(t.TempDir(), "another")})
	if keysets, err := os.ReadDir(config); err != nil || len(keysets) != 2 {
		t.Errorf("keysets of two control planes: %v, %v", keysets, err)
	}
}

func TestMissingKeyset(t *testing.T) { //nolint:paralleltest // it sets environment variables
	config := setConfigDir(t)
	o := embedded.Options{DataDir: filepath.Join(t.TempDir(), "data")}
	openAndClose(t, o)
	if err := os.Rename(config, config+"-lost"); err != nil {
		t.Fatal(err)
	}
	err := openError(t, o)
	var lost *storage.KeysetNotFoundError
	if !errors.As(err, &lost) || !strings.HasPrefix(lost.Path, config) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{o.DataDir, lost.Path, "backup", "RIVA_KEYSET", "import"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not contain %q: %v", want, err)
		}
	}
	if _, err := os.Stat(config); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a new keyset was created: %v", err)
	}
	found := o
	found.Keyset = filepath.Join(config+"-lost", filepath.Base(lost.Path))
	open(t, found)
}

func TestConfiguredKeyset(t *testing.T) { //nolint:paralleltest // it sets environment variables
	setConfigDir(t)
	o := newOptions(t)
	openAndClose(t, o)
	open(t, o)

	unset := o
	unset.Keyset = ""
	var lost *storage.KeysetNotFoundError
	if err := openError(t, unset); !errors.As(err, &lost) || lost.Path != "" ||
		!strings.Contains(err.Error(), "the file keyset-id of the data directory "+o.DataDir+" is missing") {
		t.Errorf("error %v", err)
	}
	missing := o
	missing.Keyset += ".bak"
	if err := openError(t, missing); !errors.As(err, &lost) || lost.Path != missing.Keyset {
		t.Errorf("error %v", err)
	}
	other := newOptions(t)
	openAndClose(t, other)
	other.DataDir = o.DataDir
	if err := openError(t, other); !errors.Is(err, store.ErrKeyset) || !strings.Contains(err.Error(), o.DataDir) {
		t.Errorf("error %v", err)
	}
}

func TestInvalidKeysets(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, o *embedded.Options){
		"in the data directory": func(_ *testing.T, o *embedded.Options) { o.Keyset = filepath.Join(o.DataDir, "keyset.json") },
		"the data directory":    func(_ *testing.T, o *embedded.Options) { o.Keyset = o.DataDir },
		"a directory": func(t *testing.T, o *embedded.Options) {
			t.Helper()
			o.Keyset = t.TempDir()
		},
		"another file": func(t *testing.T, o *embedded.Options) { t.Helper(); write(t, o.Keyset, "canary{}") },
		"readable by everyone": func(t *testing.T, o *embedded.Options) {
			t.Helper()
			write(t, o.Keyset, "{}")
			if err := os.Chmod(o.Keyset, 0o644); err != nil {
				t.Fatal(err)
			}
		},
		"below a file": func(t *testing.T, o *embedded.Options) {
			t.Helper()
			write(t, o.Keyset, "")
			o.Keyset = filepath.Join(o.Keyset, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOptions(t)
			prepare(t, &o)
			err := openError(t, o)
			if !strings.Contains(err.Error(), o.Keyset) || strings.Contains(err.Error(), "canary") {
				t.Errorf("error %v", err)
			}
			if _, err := os.Stat(filepath.Join(o.DataDir, "riva.db")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a database was created without a keyset: %v", err)
			}
		})
	}
}

func TestInvalidKeysetID(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"", "../../etc/passwd", "x"} {
		write(t, filepath.Join(dir, "keyset-id"), content)
		var dataDir *storage.DataDirError
		if err := openError(t, embedded.Options{DataDir: dir}); !errors.As(err, &dataDir) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%q: %v", content, err)
		}
	}
}
