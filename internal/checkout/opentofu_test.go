//go:build unix

package checkout_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What only Terraform knows is in a file in whose place OpenTofu reads another one. Where it does not, the action is a
// mistake to those who know none, and there to the others.
func TestOpenTofuReadsAnotherFileInstead(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	tofu := s.version[1] == "OpenTofu"
	action := readText(t, "examples/actions/riva_test_connection/action-after-update.tf")
	knowsActions := s.plans(t, action)
	s.seed(t, "tofu", action)
	folder := s.configure(t, "tofu", map[string]string{
		"main.tf": "output \"read_by\" {\n  value = local.reader\n}\n", "actions.tf": s.real.Replace(action),
		"reader.tf":   "locals {\n  reader = \"Terraform\"\n}\n",
		"reader.tofu": "locals {\n  reader = \"OpenTofu\"\n}\n",
		// Terraform before 1.14 and OpenTofu know nothing of this one, and do not look at it.
		"connections.tfquery.hcl": readText(t, "examples/adopting/connections.tfquery.hcl"),
	})
	plan := func() (string, error) {
		out, err := s.shell(t.Context(), folder, s.values("tofu")+"terraform plan -input=false -no-color").CombinedOutput()
		return string(out), err
	}
	out, err := plan()
	if knowsActions {
		expect(t, out, err, true, `read_by = "Terraform"`, "riva_connection.mail will be created")
	} else {
		expect(t, out, err, false, "on actions.tf line 2")
	}
	must(t, os.WriteFile(filepath.Join(s.dir, folder, "actions.tofu"), nil, 0o600))
	out, err = plan()
	switch {
	case tofu:
		expect(t, out, err, true, `read_by = "OpenTofu"`)
	case knowsActions:
		expect(t, out, err, true, `read_by = "Terraform"`, "riva_connection.mail will be created")
	default:
		expect(t, out, err, false, "on actions.tf line 2")
	}
}

// A state changes hands as the guide says. The other's state is this one's with the name that its registry gives the provider,
// and only the own registry's provider is installed.
func TestStateMovesToOpenTofu(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	mine, others := "registry.terraform.io/", "registry.opentofu.org/"
	if s.version[1] == "OpenTofu" {
		mine, others = others, mine
	}
	s.install(t)
	must(t, os.Remove(filepath.Join(s.home, ".terraformrc"))) // with dev_overrides nothing asks what is installed
	must(t, os.RemoveAll(filepath.Join(s.home, ".terraform.d", "plugins", others)))
	text := s.real.Replace(fenced(readText(t, "templates/guides/getting-started.md"), "terraform")[0])
	folder := s.configure(t, "state", map[string]string{"main.tf": text})
	values := s.values("state")
	s.run(t, folder, values+"terraform init && terraform apply -auto-approve", "")
	file := filepath.Join(s.dir, folder, "terraform.tfstate")
	taken := strings.ReplaceAll(readText(t, file), mine, others)
	taken = regexp.MustCompile(`"terraform_version": "[^"]*"`).ReplaceAllString(taken, `"terraform_version": "1.11.0"`)
	must(t, os.WriteFile(file, []byte(taken), 0o600))
	s.run(t, folder, "rm -r .terraform .terraform.lock.hcl", "")

	init := func() error { return s.shell(t.Context(), folder, values+"terraform init -no-color").Run() }
	if s.version[1] == "Terraform" {
		if err := init(); err == nil {
			t.Error("Terraform takes a state of OpenTofu as it is, and the guide says that it is told first")
		}
		commands := fenced(readText(t, "templates/guides/opentofu.md.tmpl"), "shell")
		s.run(t, folder, values+commands[len(commands)-1], "yes\n")
	}
	must(t, init())
	out := s.run(t, folder, values+"terraform plan -input=false -no-color -detailed-exitcode", "")
	if !strings.Contains(out, "No changes.") {
		t.Errorf("the state is not taken over as it is:\n%s", out)
	}
}
