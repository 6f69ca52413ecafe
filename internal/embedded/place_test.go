package embedded_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

func makeDir(t *testing.T, path string, mode fs.FileMode) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(path, 0o700), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
	return path
}

func link(t *testing.T, target, path string) string {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func wantRefused(t *testing.T, o embedded.Options, says string) {
	t.Helper()
	var place *storage.KeysetPlaceError
	err := openError(t, o)
	if !errors.As(err, &place) || o.Keyset != "" && place.Path != o.Keyset || !strings.Contains(err.Error(), says) {
		t.Errorf("error %v, want that the place of the keyset is refused: %s", err, says)
	}
	if _, err := os.Lstat(filepath.Join(o.DataDir, "riva.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a database was created: %v", err)
	}
}

func TestLinksDoNotHideKeysetInDataDirectory(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, dir string) embedded.Options{
		"link to the data directory": func(t *testing.T, dir string) embedded.Options {
			t.Helper()
			data := makeDir(t, filepath.Join(dir, "data"), 0o700)
			return embedded.Options{DataDir: data, Keyset: filepath.Join(link(t, data, filepath.Join(dir, "keys")), "keyset.json")}
		},
		"link to a directory in it": func(t *testing.T, dir string) embedded.Options {
			t.Helper()
			below := makeDir(t, filepath.Join(dir, "data", "below"), 0o700)
			keys := link(t, below, filepath.Join(dir, "keys"))
			return embedded.Options{DataDir: filepath.Dir(below), Keyset: filepath.Join(keys, "new", "keyset.json")}
		},
		"linked data directory": func(t *testing.T, dir string) embedded.Options {
			t.Helper()
			data := makeDir(t, filepath.Join(dir, "data"), 0o700)
			return embedded.Options{DataDir: link(t, data, filepath.Join(dir, "link")), Keyset: filepath.Join(data, "keyset.json")}
		},
		"link to a file in it": func(t *testing.T, dir string) embedded.Options {
			t.Helper()
			data := makeDir(t, filepath.Join(dir, "data"), 0o700)
			write(t, filepath.Join(data, "k"), "{}")
			return embedded.Options{DataDir: data, Keyset: link(t, filepath.Join(data, "k"), filepath.Join(dir, "keyset.json"))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, prepare(t, t.TempDir()), "must not be in the data directory")
		})
	}
}

func TestDefaultKeysetInDataDirectoryIsRefused(t *testing.T) { //nolint:paralleltest // it sets environment variables
	wantRefused(t, embedded.Options{DataDir: makeDir(t, setConfigDir(t), 0o700)}, "must not be in the data directory")
}

func TestDirectoriesOfOthersAreWarnings(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return
	}
	for name, c := range map[string]struct {
		data, keys fs.FileMode
		says       []string
	}{
		"safe":                       {0o755, 0o755, nil},
		"data directory for all":     {0o777, 0o700, []string{"The data directory, ", "mode 0777", "run chmod go-w"}},
		"data directory for a group": {0o770, 0o700, []string{"The data directory, ", "mode 0770", "run chmod go-w"}},
		"directory of the keyset":    {0o700, 0o733, []string{"The directory of the keyset, ", "mode 0733", "run chmod go-w"}},
		"directory for everyone":     {0o777 | fs.ModeSticky, 0o700, []string{"use a directory that only this user can write"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var log bytes.Buffer
			control, _ := open(t, embedded.Options{
				DataDir: makeDir(t, filepath.Join(dir, "data"), c.data),
				Keyset:  filepath.Join(makeDir(t, filepath.Join(dir, "keys"), c.keys), "keyset.json"),
				Logger:  slog.New(slog.NewTextHandler(&log, nil)),
			})
			warnings := strings.Join(control.Warnings(), "\n")
			if len(c.says) == 0 && warnings != "" || len(c.says) > 0 && len(control.Warnings()) != 1 {
				t.Errorf("warnings %q", warnings)
			}
			for _, says := range c.says {
				if !strings.Contains(warnings, says) || !strings.Contains(log.String(), says) {
					t.Errorf("%q is not in the warnings %q and in the log %s", says, warnings, &log)
				}
			}
		})
	}
}
