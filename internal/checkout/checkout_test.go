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

// checkout is a copy of this repository, so that the commands of the documentation change nothing in the repository itself. It
// has links to files that are only read, its own folders for files that are written, and its own home directory.
type checkout struct {
	dir, home string
	path      string
	caches    []string
	// version is the first line of terraform version, the name in it, and the minor version.
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
		if name := entry.Name(); name != "bin" && name != "dist" && name != "examples" && !strings.HasPrefix(name, ".") {
			must(t, os.Symlink(filepath.Join(here, name), filepath.Join(c.dir, name)))
		}
	}
	must(t, os.CopyFS(filepath.Join(c.dir, "examples"), os.DirFS("examples")))

	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		terraform, err = exec.LookPath("terraform")
		must(t, err)
	}
	// The documentation uses the name terraform, so tofu gets that name as well.
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

// shell prepares a shell that runs lines in a folder of the checkout, without the user's settings.
func (c *checkout) shell(ctx context.Context, folder, lines string) *exec.Cmd {
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", lines)
	command.Dir = filepath.Join(c.dir, folder)
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(name, "TF_"), strings.HasPrefix(name, "RIVA_"), strings.HasPrefix(name, "XDG_"),
			strings.HasPrefix(name, "MAKE"), name == "CI", name == "MFLAGS", name == "TERRAFORM":
		default:
			command.Env = append(command.Env, pair)
		}
	}
	command.Env = append(append(command.Env, c.caches...),
		"HOME="+c.home, "PATH="+c.path, "PWD="+command.Dir, "CHECKPOINT_DISABLE=1", "CGO_ENABLED=0",
		"GOFLAGS=-trimpath") // without their paths, all copies share the compiled packages
	return command
}

// run runs lines and returns their output. They must succeed.
func (c *checkout) run(t *testing.T, folder, lines, input string) string {
	t.Helper()
	command := c.shell(t.Context(), folder, lines)
	command.Stdin = strings.NewReader(input)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", lines, err, out)
	}
	return string(out)
}

// useProvider builds the provider and configures Terraform to use it without init.
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
