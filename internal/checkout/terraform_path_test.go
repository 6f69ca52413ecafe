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

// The programs that a machine has which can build this project, but for Terraform and Go.
var machine = []string{
	"awk", "bash", "cat", "dirname", "env", "head", "make", "mkdir", "realpath", "sed", "seq", "sh", "sort", "touch",
}

// newMachine is a checkout on a machine with these programs and, by their names, others that are scripts.
func newMachine(t *testing.T, scripts map[string]string) *checkout {
	t.Helper()
	c := newCheckout(t)
	c.path = filepath.Join(filepath.Dir(c.dir), "machine")
	must(t, os.Mkdir(c.path, 0o700))
	for _, name := range machine {
		program, err := exec.LookPath(name)
		must(t, err)
		must(t, os.Symlink(program, filepath.Join(c.path, name)))
	}
	for name, script := range scripts {
		must(t, os.WriteFile(filepath.Join(c.path, name), []byte("#!/bin/sh\n"+script), 0o700))
	}
	return c
}

func TestTheNewestEnoughTerraformIsTaken(t *testing.T) {
	t.Parallel()
	const newest, never = "echo a warning; echo Terraform v1.14.3; echo on linux_amd64\n", "exit 1\n"
	says := func(product, version string) string { return fmt.Sprintf("echo '%s v%s'\n", product, version) }
	const built, building = "checkout/bin/tofu", "No terraform or tofu 1.11.0 or newer is on PATH: building OpenTofu 1."
	for name, c := range map[string]struct {
		terraform, tofu string
		// TERRAFORM of the environment, unless it is empty
		chosen string
		// takes is what is taken, and says what is said with it
		takes string
		says  []string
	}{
		"terraform":             {terraform: newest, takes: "machine/terraform"},
		"terraform before tofu": {terraform: says("Terraform", "1.11.0"), tofu: newest, takes: "machine/terraform"},
		"a prerelease":          {terraform: says("Terraform", "1.15.0-alpha20260204"), takes: "machine/terraform"},
		"tofu alone":            {tofu: says("OpenTofu", "1.11.0"), takes: "machine/tofu"},
		"an old terraform":      {terraform: says("Terraform", "1.9.8"), tofu: says("OpenTofu", "1.11.4"), takes: "machine/tofu"},
		"a terraform that ends": {terraform: never, tofu: newest, takes: "machine/tofu"},
		"none":                  {takes: built, says: []string{"terraform: not found", "tofu: not found", building}},
		"both too old": {
			terraform: says("Terraform", "1.10.5"), tofu: says("OpenTofu", "1.10.9"),
			takes: built, says: []string{"terraform: 1.10.5", "tofu: 1.10.9", building},
		},
		"something of the same name": {
			terraform: "echo hello\n", takes: built, says: []string{"terraform: says no version", building},
		},
		"chosen": {terraform: newest, tofu: says("OpenTofu", "1.11.0"), chosen: "tofu", takes: "machine/tofu"},
		"chosen and too old": {
			terraform: newest, tofu: says("OpenTofu", "1.10.9"), chosen: "tofu", says: []string{"TERRAFORM is none", "tofu: 1.10.9"},
		},
		"chosen and not there": {
			terraform: newest, chosen: "/nowhere/tofu", says: []string{"TERRAFORM is none", "/nowhere/tofu: not found"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scripts := map[string]string{"go": goInstalls(150)}
			if c.terraform != "" {
				scripts["terraform"] = c.terraform
			}
			if c.tofu != "" {
				scripts["tofu"] = c.tofu
			}
			m := newMachine(t, scripts)
			taken, said, err := m.terraform(t, c.chosen)
			if (err == nil) != (c.takes != "") || !strings.HasSuffix(taken, c.takes) {
				t.Errorf("taken is %q (%v), want %q; it says\n%s", taken, err, c.takes, said)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %q but\n%s", want, said)
				}
			}
			if len(c.says) == 0 && said != "" {
				t.Errorf("there is nothing to say, but it says\n%s", said)
			}
		})
	}
}

func TestOpenTofuBuildProgress(t *testing.T) {
	t.Parallel()
	m := newMachine(t, map[string]string{"go": goInstalls(250)})
	taken, said, err := m.terraform(t, "")
	must(t, err)
	for _, want := range []string{
		"about five minutes", "building tofu (once)", "  100 packages compiled", "  200 packages compiled",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("does not say %q but\n%s", want, said)
		}
	}
	if again, said, err := m.terraform(t, ""); err != nil || again != taken || said != "" {
		t.Errorf("the second time %q is taken (%v), want %q and no words, not\n%s", again, err, taken, said)
	}
}

// terraform asks for the one to be used.
func (c *checkout) terraform(t *testing.T, chosen string) (path, said string, err error) {
	t.Helper()
	command := c.shell(t.Context(), "", "exec tools/terraform-path.sh")
	command.Env = append(command.Env, "TERRAFORM="+chosen)
	var words strings.Builder
	command.Stderr = &words
	out, err := command.Output()
	return strings.TrimSpace(string(out)), words.String(), err
}

// goInstalls is a go that says as much as the real one while it compiles packages, and gives something that can be run.
func goInstalls(packages int) string {
	return fmt.Sprintf(`case $1 in
install)
  for i in $(seq %d); do echo "example.com/package$i" >&2; done
  echo '#!/bin/sh' >"$GOBIN/tofu"
  ;;
esac
`, packages)
}
