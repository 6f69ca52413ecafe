//go:build unix

package checkout_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// OpenTofu reads a .tofu file instead of the .tf file with the same name, so that file can have features of Terraform only.
// Without the .tofu file, an action is an error for versions that do not support actions.
func TestOpenTofuReadsTofuFiles(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	tofu := s.version[1] == "OpenTofu"
	action := readText(t, "examples/actions/riva_test_connection/action-after-update.tf")
	supportsActions := s.plans(t, action)
	s.seed(t, "tofu", action)
	folder := s.configure(t, "tofu", map[string]string{
		"main.tf": "output \"read_by\" {\n  value = local.reader\n}\n", "actions.tf": s.toStandIns.Replace(action),
		"reader.tf":   "locals {\n  reader = \"Terraform\"\n}\n",
		"reader.tofu": "locals {\n  reader = \"OpenTofu\"\n}\n",
		// Terraform before 1.14 and OpenTofu do not read this file.
		"connections.tfquery.hcl": readText(t, "examples/adopting/connections.tfquery.hcl"),
	})
	plan := func() (string, error) {
		out, err := s.shell(t.Context(), folder, s.values("tofu")+"terraform plan -input=false -no-color").CombinedOutput()
		return string(out), err
	}
	out, err := plan()
	if supportsActions {
		expectOutput(t, out, err, true, `read_by = "Terraform"`, "riva_connection.mail will be created")
	} else {
		expectOutput(t, out, err, false, "on actions.tf line 2")
	}
	must(t, os.WriteFile(filepath.Join(s.dir, folder, "actions.tofu"), nil, 0o600))
	out, err = plan()
	switch {
	case tofu:
		expectOutput(t, out, err, true, `read_by = "OpenTofu"`)
	case supportsActions:
		expectOutput(t, out, err, true, `read_by = "Terraform"`, "riva_connection.mail will be created")
	default:
		expectOutput(t, out, err, false, "on actions.tf line 2")
	}
}

// Moves a state as the guide says. The other product's state is this one's with the provider's name in the other registry, and
// the provider is installed only under its name in the registry of the product under test.
func TestStateMovesToOpenTofu(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	own, other := "registry.terraform.io/", "registry.opentofu.org/"
	if s.version[1] == "OpenTofu" {
		own, other = other, own
	}
	s.install(t)
	must(t, os.Remove(filepath.Join(s.home, ".terraformrc"))) // with dev_overrides, installed providers are not used
	must(t, os.RemoveAll(filepath.Join(s.home, ".terraform.d", "plugins", other)))
	text := s.toStandIns.Replace(fenced(readText(t, "templates/guides/getting-started.md"), "terraform")[0])
	folder := s.configure(t, "state", map[string]string{"main.tf": text})
	values := s.values("state")
	s.run(t, folder, values+"terraform init && terraform apply -auto-approve", "")
	file := filepath.Join(s.dir, folder, "terraform.tfstate")
	state := strings.ReplaceAll(readText(t, file), own, other)
	state = regexp.MustCompile(`"terraform_version": "[^"]*"`).ReplaceAllString(state, `"terraform_version": "1.11.0"`)
	must(t, os.WriteFile(file, []byte(state), 0o600))
	s.run(t, folder, "rm -r .terraform .terraform.lock.hcl", "")

	init := func() error { return s.shell(t.Context(), folder, values+"terraform init -no-color").Run() }
	if s.version[1] == "Terraform" {
		if err := init(); err == nil {
			t.Error("Terraform accepts a state of OpenTofu without the command that the guide shows")
		}
		commands := fenced(readText(t, "templates/guides/opentofu.md.tmpl"), "shell")
		s.run(t, folder, values+commands[len(commands)-1], "yes\n")
	}
	must(t, init())
	out := s.run(t, folder, values+"terraform plan -input=false -no-color -detailed-exitcode", "")
	if !strings.Contains(out, "No changes.") {
		t.Errorf("the plan has changes:\n%s", out)
	}
}
