//go:build unix

package checkout_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// machinePrograms has the programs that are required to build this project, except Terraform and Go.
var machinePrograms = []string{
	"awk", "bash", "cat", "dirname", "env", "head", "make", "mkdir", "realpath", "sed", "seq", "sh", "sort", "touch",
}

// newMachine is a checkout on a machine with these programs, and with scripts by the names of other programs.
func newMachine(t *testing.T, scripts map[string]string) *checkout {
	t.Helper()
	c := newCheckout(t)
	c.path = filepath.Join(filepath.Dir(c.dir), "machine")
	must(t, os.Mkdir(c.path, 0o700))
	for _, name := range machinePrograms {
		program, err := exec.LookPath(name)
		must(t, err)
		must(t, os.Symlink(program, filepath.Join(c.path, name)))
	}
	for name, script := range scripts {
		must(t, os.WriteFile(filepath.Join(c.path, name), []byte("#!/bin/sh\n"+script), 0o700))
	}
	return c
}

func TestTerraformPath(t *testing.T) {
	t.Parallel()
	const newest, failing = "echo a warning; echo Terraform v1.14.3; echo on linux_amd64\n", "exit 1\n"
	prints := func(product, version string) string { return fmt.Sprintf("echo '%s v%s'\n", product, version) }
	const built, building = "checkout/bin/tofu", "No terraform or tofu 1.11.0 or newer is on PATH: building OpenTofu 1."
	for name, c := range map[string]struct {
		terraform, tofu string
		// variable is the environment variable TERRAFORM.
		variable string
		// path is the result, and messages what the script prints.
		path     string
		messages []string
	}{
		"terraform":              {terraform: newest, path: "machine/terraform"},
		"terraform before tofu":  {terraform: prints("Terraform", "1.11.0"), tofu: newest, path: "machine/terraform"},
		"a prerelease":           {terraform: prints("Terraform", "1.15.0-alpha20260204"), path: "machine/terraform"},
		"tofu alone":             {tofu: prints("OpenTofu", "1.11.0"), path: "machine/tofu"},
		"an old terraform":       {terraform: prints("Terraform", "1.9.8"), tofu: prints("OpenTofu", "1.11.4"), path: "machine/tofu"},
		"a terraform that fails": {terraform: failing, tofu: newest, path: "machine/tofu"},
		"none":                   {path: built, messages: []string{"terraform: not found", "tofu: not found", building}},
		"both too old": {
			terraform: prints("Terraform", "1.10.5"), tofu: prints("OpenTofu", "1.10.9"),
			path: built, messages: []string{"terraform: 1.10.5", "tofu: 1.10.9", building},
		},
		"another program of that name": {
			terraform: "echo hello\n", path: built, messages: []string{"terraform: says no version", building},
		},
		"TERRAFORM": {terraform: newest, tofu: prints("OpenTofu", "1.11.0"), variable: "tofu", path: "machine/tofu"},
		"TERRAFORM is too old": {
			terraform: newest, tofu: prints("OpenTofu", "1.10.9"), variable: "tofu",
			messages: []string{"TERRAFORM does not name one", "tofu: 1.10.9"},
		},
		"TERRAFORM does not exist": {
			terraform: newest, variable: "/nowhere/tofu", messages: []string{"TERRAFORM does not name one", "/nowhere/tofu: not found"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scripts := map[string]string{"go": fakeGo(150)}
			if c.terraform != "" {
				scripts["terraform"] = c.terraform
			}
			if c.tofu != "" {
				scripts["tofu"] = c.tofu
			}
			m := newMachine(t, scripts)
			path, printed, err := m.terraformPath(t, c.variable)
			if (err == nil) != (c.path != "") || !strings.HasSuffix(path, c.path) {
				t.Errorf("the path is %q (%v), want %q; it prints\n%s", path, err, c.path, printed)
			}
			for _, want := range c.messages {
				if !strings.Contains(printed, want) {
					t.Errorf("it does not print %q but\n%s", want, printed)
				}
			}
			if len(c.messages) == 0 && printed != "" {
				t.Errorf("it must print nothing, but prints\n%s", printed)
			}
		})
	}
}

func TestOpenTofuBuildProgress(t *testing.T) {
	t.Parallel()
	m := newMachine(t, map[string]string{"go": fakeGo(250)})
	path, printed, err := m.terraformPath(t, "")
	must(t, err)
	for _, want := range []string{
		"about five minutes", "building tofu (once)", "  100 packages compiled", "  200 packages compiled",
	} {
		if !strings.Contains(printed, want) {
			t.Errorf("it does not print %q but\n%s", want, printed)
		}
	}
	if second, printed, err := m.terraformPath(t, ""); err != nil || second != path || printed != "" {
		t.Errorf("the second time, the path is %q (%v), want %q and no output, not\n%s", second, err, path, printed)
	}
}

// terraformPath runs the script that selects terraform or tofu. It returns the path and the messages.
func (c *checkout) terraformPath(t *testing.T, variable string) (path, printed string, err error) {
	t.Helper()
	command := c.shell(t.Context(), "", "exec tools/terraform-path.sh")
	command.Env = append(command.Env, "TERRAFORM="+variable)
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	return strings.TrimSpace(string(out)), stderr.String(), err
}

// fakeGo is a stand-in for go. It prints packages as go does while it compiles them, and creates an executable file.
func fakeGo(packages int) string {
	return fmt.Sprintf(`case $1 in
install)
  for i in $(seq %d); do echo "example.com/package$i" >&2; done
  echo '#!/bin/sh' >"$GOBIN/tofu"
  ;;
esac
`, packages)
}
