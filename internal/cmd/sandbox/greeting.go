package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// greeting is what is said when everything runs.
type greeting struct {
	strings.Builder
	tfvars string // the file with the variables; empty: there is none
	below  []sandbox.Variable
}

// greet says where everything is and what to do with it.
func greet(out io.Writer, s *running, tfvars string) error {
	g := &greeting{tfvars: tfvars}
	g.say("Stand-ins for target systems are running. They are for trying things out: nothing in them is real.")
	for i, server := range s.servers {
		g.system(server, s.systems[i].Sites, s.control.URL())
	}
	for _, v := range g.below {
		g.say("\n%s\n\n%s", v.Name, strings.TrimSpace(v.Value))
	}
	control := s.control.URL() + "/" + s.systems[0].Name
	g.say("\nEach has the users %s. All can do this, such as the first:", strings.Join(standins.Users(), ", "))
	g.say("  curl %s                  # everything at a glance", control)
	g.say("  curl %s/sign-ins         # who signed in, and who was refused", control)
	g.say("  curl -X POST %s/down     # then up", control)
	g.say("  curl -X POST %s/reset    # everything as at the start", control)
	if tfvars != "" {
		g.say("\nTerraform's variables are in %s until this program stops. %s", tfvars, apply(tfvars))
	}
	g.say("\nMore: internal/sandbox/README.md. Ctrl-C stops it.")
	_, err := io.WriteString(out, g.String())
	return err
}

// apply says how Terraform is given the file: it reads terraform.tfvars by itself, where it runs.
func apply(tfvars string) string {
	if filepath.Base(tfvars) == "terraform.tfvars" {
		return "In its directory:\n\n  terraform apply"
	}
	if absolute, err := filepath.Abs(tfvars); err == nil {
		tfvars = absolute
	}
	return "In examples/target-systems/ and the name of a system (variables of the others are warned of):\n\n" +
		"  terraform apply -compact-warnings -var-file=" + tfvars
}

func (g *greeting) say(format string, args ...any) { fmt.Fprintf(g, format+"\n", args...) }

// system tells about one of them.
func (g *greeting) system(s standins.Server, sites []string, control string) {
	g.say("\n━━ %s", s.Title())
	g.say("  %-32s %s", "address", s.URL())
	for _, site := range sites {
		g.say("  %-32s %s", "address of "+site, s.URLOf(site))
	}
	for _, v := range s.Variables() {
		g.variable(v)
	}
	g.say("")
	for _, o := range s.Examples() {
		g.say("  # %s\n  %s", o.What, curl(o, control))
	}
}

// variable tells what to sign in with. Secrets are told only where there is no file to read them from.
func (g *greeting) variable(v sandbox.Variable) {
	lines := strings.Contains(strings.TrimSpace(v.Value), "\n")
	value := v.Value
	switch {
	case value == "":
		return
	case v.Secret && g.tfvars != "":
		value = "in " + g.tfvars
	case v.Secret && lines:
		value = "several lines, which -tfvars writes to a file"
	case lines && g.tfvars != "":
		value = "in " + g.tfvars
	case lines:
		value = "below"
		g.below = append(g.below, v)
	}
	if v.Alternative {
		value += "   (another way to sign in)"
	}
	g.say("  %-32s %s", v.Name, value)
}

// curl is an order as a person types it.
func curl(o sandbox.ControlExample, control string) string {
	line := "curl "
	if o.Method != http.MethodGet {
		line += "-X " + o.Method + " "
	}
	line += control + o.Path
	if o.Body != "" {
		line += " -d '" + o.Body + "'"
	}
	return line
}
