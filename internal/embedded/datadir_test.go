package embedded_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

func TestNewDataDirectory(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.DataDir = filepath.Join(o.DataDir, "below", "data")
	control, client := open(t, o)
	if !control.Created() {
		t.Error("this Open did not create it")
	}
	if _, err := client.CreateConnection(t.Context(), connection()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{
		o.DataDir: 0o700, filepath.Join(o.DataDir, "riva.db"): 0o600, o.Keyset: 0o600,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want mode %o", path, info, err, want)
		}
	}
	if ignored, err := os.ReadFile(filepath.Join(o.DataDir, ".gitignore")); err != nil || string(ignored) != "*\n" {
		t.Errorf(".gitignore %q, %v", ignored, err)
	}
	entries, err := os.ReadDir(o.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(o.DataDir, entry.Name()))
		if err != nil || bytes.Contains(content, []byte(canary)) {
			t.Errorf("%s contains the password, or the error %v", entry.Name(), err)
		}
	}
}

func TestExistingDataDirectory(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	first, client := open(t, o)
	before, err := client.Instance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateConnection(t.Context(), connection())
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, client := open(t, o)
	if again.Created() {
		t.Error("the second Open created it")
	}
	after, err := client.Instance(t.Context())
	if err != nil || after.ID != before.ID {
		t.Errorf("instance %q, then %q, %v", before.ID, after.ID, err)
	}
	if equal, err := client.Compare(t.Context(), api.Comparison{
		ConnectionID: created.ID, Credentials: map[string]string{"password": canary},
	}); err != nil || equal != api.Equal {
		t.Errorf("compared: %q, %v", equal, err)
	}
}

func TestForeignDirectoryIsUnchanged(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	if err := os.MkdirAll(o.DataDir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.DataDir, "main.tf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, o)
	if _, err := os.Stat(filepath.Join(o.DataDir, ".gitignore")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a .gitignore hides the directory's files: %v", err)
	}
}

func TestGitignoreIsNotOverwritten(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	control, _ := open(t, o)
	if err := control.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.DataDir, ".gitignore")
	if err := os.WriteFile(path, []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, o)
	if content, err := os.ReadFile(path); err != nil || string(content) != "mine\n" {
		t.Errorf(".gitignore %q, %v", content, err)
	}
}

func TestInvalidDataDirectories(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, dir string) string{
		"a file": func(t *testing.T, dir string) string {
			t.Helper()
			write(t, filepath.Join(dir, "x"), "")
			return filepath.Join(dir, "x")
		},
		"below a file": func(t *testing.T, dir string) string {
			t.Helper()
			write(t, filepath.Join(dir, "x"), "")
			return filepath.Join(dir, "x", "data")
		},
		"with another database": func(t *testing.T, dir string) string {
			t.Helper()
			write(t, filepath.Join(dir, "riva.db"), strings.Repeat("not a database ", 100))
			return dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOptions(t)
			scratch := t.TempDir()
			o.DataDir = prepare(t, scratch)
			err := openError(t, o)
			if !strings.Contains(err.Error(), scratch) {
				t.Errorf("the error does not name the path: %v", err)
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Terraform starts the plugin several times, and users may run Terraform twice at the same time.
func TestConcurrentProcessesShareControlPlane(t *testing.T) {
	t.Parallel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	const processes = 6
	type result struct {
		output string
		err    error
	}
	results := make(chan result, processes)
	for range processes {
		go func() {
			command := exec.CommandContext(t.Context(), binary)
			command.Env = append(os.Environ(), otherProcess+"="+data, "XDG_CONFIG_HOME="+dir, "HOME="+dir, "AppData="+dir)
			var stderr bytes.Buffer
			command.Stderr = &stderr
			output, err := command.Output()
			results <- result{strings.TrimSpace(string(output)) + stderr.String(), err}
		}()
	}
	ids := map[string]int{}
	for range processes {
		r := <-results
		if r.err != nil {
			t.Errorf("%v: %s", r.err, r.output)
		}
		ids[r.output]++
	}
	if len(ids) != 1 {
		t.Errorf("instances %v", ids)
	}
	keysets, err := filepath.Glob(filepath.Join(dir, "*", "terraform-provider-riva", "*"))
	more, _ := filepath.Glob(filepath.Join(dir, "terraform-provider-riva", "*"))
	if keysets = append(keysets, more...); err != nil || len(keysets) != 1 {
		t.Errorf("keysets %v, %v", keysets, err)
	}
	if drafts, err := filepath.Glob(filepath.Join(data, ".*-*")); err != nil || len(drafts) != 0 {
		t.Errorf("temporary files were not removed: %v, %v", drafts, err)
	}
}

func TestOpenNeedsDataDir(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.DataDir = ""
	var dataDir *storage.DataDirError
	if err := openError(t, o); !errors.As(err, &dataDir) {
		t.Errorf("error %v", err)
	}
}
