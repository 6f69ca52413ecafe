//go:build unix

package checkout_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// runImportGuide imports connections with the commands of the guide. After that, a plan has no changes.
func (s *showcase) runImportGuide(t *testing.T) {
	t.Helper()
	blocks := fenced(readText(t, "templates/guides/adopting-existing-connections.md.tmpl"), "shell")
	if len(blocks) != 2 {
		t.Fatalf("the guide has %d blocks of commands, want one with a query and one without", len(blocks))
	}
	// The second block is for versions without queries. It fails with Terraform 1.16, which has queries.
	file, commands := "connections.tfquery.hcl", blocks[0]
	text := readText(t, filepath.Join("examples", "adopting", file))
	if !s.plans(t, text) {
		file, commands = "existing.tf", blocks[1]
		text = readText(t, filepath.Join("examples", "adopting", file))
	}
	t.Run(file, func(t *testing.T) {
		t.Parallel()
		s.seed(t, file, text)
		folder := s.configure(t, file, map[string]string{file: text})
		out := s.run(t, folder, s.values(file)+strings.ReplaceAll(commands, "terraform apply", "terraform apply -auto-approve"), "")
		if want := "2 to import, 0 to add, 0 to change, 0 to destroy"; !strings.Contains(out, want) {
			t.Errorf("Terraform does not print %q:\n%s", want, out)
		}
		s.run(t, folder, s.values(file)+"terraform plan -detailed-exitcode", "") // fails if there are changes
	})
}

// importMany imports more connections than 100. At that number, Terraform ends a query without a message.
func (s *showcase) importMany(t *testing.T) {
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
			var ids []string
			for i := range 101 {
				c, err := client.CreateConnection(t.Context(), api.CreateConnection{
					Name: fmt.Sprintf("Exchange %d", i), System: "exchange", Verify: &verify,
					Settings:    map[string]string{"ews_url": s.variables["exchange_url"], "username": "svc-riva@example.com"},
					Credentials: map[string]string{"password": "not checked"},
				})
				must(t, err)
				ids = append(ids, c.ID)
			}
			out := s.run(t, s.configure(t, name, map[string]string{file: text}), s.values(name)+command, "")
			for i, id := range ids {
				if !strings.Contains(out, id) {
					t.Errorf("connection %d of %d is not found", i+1, len(ids))
				}
			}
		})
	}
}
