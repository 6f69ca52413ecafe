//go:build unix

package checkout_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// adopt adopts connections as the guide says, with the commands that it shows: then there is nothing to do.
func (s *showcase) adopt(t *testing.T) {
	t.Helper()
	ways := fenced(readText(t, "templates/guides/adopting-existing-connections.md.tmpl"), "shell")
	if len(ways) != 2 {
		t.Fatalf("the guide has %d ways, want one with a query and one for those who have none", len(ways))
	}
	// The second way is for those who have no query; Terraform 1.16 has one, and errors that the second way meets.
	file, commands := "connections.tfquery.hcl", ways[0]
	text := readText(t, filepath.Join("examples", "adopting", file))
	if !s.plans(t, text) {
		file, commands = "existing.tf", ways[1]
		text = readText(t, filepath.Join("examples", "adopting", file))
	}
	t.Run(file, func(t *testing.T) {
		t.Parallel()
		s.seed(t, file, text)
		folder := s.configure(t, file, map[string]string{file: text})
		out := s.run(t, folder, s.values(file)+strings.ReplaceAll(commands, "terraform apply", "terraform apply -auto-approve"), "")
		if want := "2 to import, 0 to add, 0 to change, 0 to destroy"; !strings.Contains(out, want) {
			t.Errorf("Terraform does not say %q:\n%s", want, out)
		}
		s.run(t, folder, s.values(file)+"terraform plan -detailed-exitcode", "") // nothing to do
	})
}

// adoptMany finds more connections than the hundred at which Terraform ends a query by itself, without a word.
func (s *showcase) adoptMany(t *testing.T) {
	t.Helper()
	for file, command := range map[string]string{
		"connections.tfquery.hcl": "terraform query -no-color",
		"existing.tf":             "terraform apply -auto-approve >log && terraform output -raw imports",
	} {
		text, name := readText(t, filepath.Join("examples", "adopting", file)), filepath.Join("many", file)
		if !s.plans(t, text) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, verify := s.controlPlane(t, name), false
			var made []string
			for i := range 101 {
				c, err := client.CreateConnection(t.Context(), api.CreateConnection{
					Name: fmt.Sprintf("Exchange %d", i), System: "exchange", Verify: &verify,
					Settings:    map[string]string{"ews_url": s.variables["exchange_url"], "username": "svc-riva@example.com"},
					Credentials: map[string]string{"password": "not looked at"},
				})
				must(t, err)
				made = append(made, c.ID)
			}
			out := s.run(t, s.configure(t, name, map[string]string{file: text}), s.values(name)+command, "")
			for i, id := range made {
				if !strings.Contains(out, id) {
					t.Errorf("connection %d of %d is not found", i+1, len(made))
				}
			}
		})
	}
}
