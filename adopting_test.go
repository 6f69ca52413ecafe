//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// adopt adopts the seeded connections as the guide says, with the commands that it shows: then there is nothing to do.
func (c *checkout) adopt(t *testing.T, values string) {
	t.Helper()
	ways := fenced(readText(t, "templates/guides/adopting-existing-connections.md.tmpl"), "shell")
	if len(ways) != 2 {
		t.Fatalf("the guide has %d ways, want one with a query and one for those who have none", len(ways))
	}
	file, commands := "connections.tfquery.hcl", ways[0]
	text := readText(t, filepath.Join("examples", "adopting", file))
	if !c.plans(t, text) {
		file, commands = "existing.tf", ways[1]
		text = readText(t, filepath.Join("examples", "adopting", file))
	}
	folder := c.configure(t, "adopting", map[string]string{file: text})
	out := c.run(t, folder, values+strings.ReplaceAll(commands, "terraform apply", "terraform apply -auto-approve"), "")
	if want := "2 to import, 0 to add, 0 to change, 0 to destroy"; !strings.Contains(out, want) {
		t.Errorf("Terraform does not say %q:\n%s", want, out)
	}
	c.run(t, folder, values+"terraform plan -detailed-exitcode", "") // nothing to do
}
