//go:build unix

package checkout_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// checkout is a copy of this repository in which commands of the documentation can be run without touching anything:
// links to what is only read, own folders for what is built or written, a home of its own.
type checkout struct {
	dir, home string
	path      string
	caches    []string
	// version is all of what the terraform at hand says first, what it calls itself, and its minor version.
	version []string
}

func newCheckout(t *testing.T) *checkout {
	t.Helper()
	root := t.TempDir()
	c := &checkout{dir: filepath.Join(root, "checkout"), home: filepath.Join(root, "home")}
	programs := filepath.Join(root, "programs")
	for _, dir := range []string{c.home, programs, filepath.Join(c.dir, "bin")} {
		must(t, os.MkdirAll(dir, 0o700))
	}
	here, err := os.Getwd()
	must(t, err)
	entries, err := os.ReadDir(here)
	must(t, err)
	for _, entry := range entries {
		if name := entry.Name(); name != "bin" && name != "examples" && !strings.HasPrefix(name, ".") {
			must(t, os.Symlink(filepath.Join(here, name), filepath.Join(c.dir, name)))
		}
	}
	must(t, os.CopyFS(filepath.Join(c.dir, "examples"), os.DirFS("examples")))

	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		terraform, err = exec.LookPath("terraform")
		must(t, err)
	}
	// The documentation says terraform; tofu answers to that name as well.
	must(t, os.Symlink(terraform, filepath.Join(programs, "terraform")))
	c.path = programs + string(os.PathListSeparator) + os.Getenv("PATH")
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		must(t, err)
		c.caches = append(c.caches, name+"="+strings.TrimSpace(string(value)))
	}
	c.version = regexp.MustCompile(`^(\w+) v1\.(\d+)`).FindStringSubmatch(c.run(t, "", "terraform version", ""))
	return c
}

// shell prepares lines as a person would type them, in a folder of the checkout and with the settings of nobody.
func (c *checkout) shell(ctx context.Context, folder, lines string) *exec.Cmd {
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", lines)
	command.Dir = filepath.Join(c.dir, folder)
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(name, "TF_"), strings.HasPrefix(name, "RIVA_"), strings.HasPrefix(name, "XDG_"),
			strings.HasPrefix(name, "MAKE"), name == "CI", name == "MFLAGS":
		default:
			command.Env = append(command.Env, pair)
		}
	}
	command.Env = append(append(command.Env, c.caches...),
		"HOME="+c.home, "PATH="+c.path, "PWD="+command.Dir, "CHECKPOINT_DISABLE=1", "CGO_ENABLED=0")
	return command
}

// run runs lines to their end and returns all that was said.
func (c *checkout) run(t *testing.T, folder, lines, typed string) string {
	t.Helper()
	command := c.shell(t.Context(), folder, lines)
	command.Stdin = strings.NewReader(typed)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", lines, err, out)
	}
	return string(out)
}

// useProvider builds the provider and lets Terraform find it without init.
func (c *checkout) useProvider(t *testing.T) {
	t.Helper()
	c.run(t, "", "make build", "")
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"terraform-provider-riva/riva\" = %q\n  }\n  direct {}\n}\n",
		filepath.Join(c.dir, "bin"))
	must(t, os.WriteFile(filepath.Join(c.home, ".terraformrc"), []byte(rc), 0o600))
}

// configure writes a configuration into a new folder of the checkout and returns the folder.
func (c *checkout) configure(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	folder := filepath.Join("configurations", name)
	must(t, os.MkdirAll(filepath.Join(c.dir, folder), 0o700))
	all := ""
	for file, text := range files {
		all += text
		must(t, os.WriteFile(filepath.Join(c.dir, folder, file), []byte(text), 0o600))
	}
	if !strings.Contains(all, "required_providers") {
		must(t, os.WriteFile(filepath.Join(c.dir, folder, "versions.tf"), []byte(
			"terraform {\n  required_providers {\n    riva = {\n      source = \"terraform-provider-riva/riva\"\n    }\n  }\n}\n"), 0o600))
	}
	return folder
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	return string(text)
}
