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

// startText is the text that is printed when everything runs.
type startText struct {
	strings.Builder
	tfvars string // the file with the variables, or empty
	below  []sandbox.Variable
}

// printStartText prints the addresses and credentials, and what can be done with the stand-ins.
func printStartText(out io.Writer, s *runningServers, tfvars string) error {
	t := &startText{tfvars: tfvars}
	t.printf("Stand-ins for target systems are running. They are for tests: nothing in them is real.")
	for i, server := range s.servers {
		t.system(server, s.systems[i].Sites, s.control.URL())
	}
	for _, v := range t.below {
		t.printf("\n%s\n\n%s", v.Name, strings.TrimSpace(v.Value))
	}
	control := s.control.URL() + "/" + s.systems[0].Name
	t.printf("\nEach has the users %s. All have these control endpoints, shown for the first:", strings.Join(standins.Users(), ", "))
	t.printf("  curl %s                  # overview", control)
	t.printf("  curl %s/sign-ins         # sign-ins, successful and rejected", control)
	t.printf("  curl -X POST %s/down     # then up", control)
	t.printf("  curl -X POST %s/reset    # everything as at the start", control)
	if tfvars != "" {
		t.printf("\nTerraform's variables are in %s until this program stops. %s", tfvars, applyText(tfvars))
	}
	t.printf("\nMore: internal/sandbox/README.md. Ctrl-C stops it.")
	_, err := io.WriteString(out, t.String())
	return err
}

// applyText says how to use the file with Terraform, which reads terraform.tfvars in its directory automatically.
func applyText(tfvars string) string {
	if filepath.Base(tfvars) == "terraform.tfvars" {
		return "In its directory:\n\n  terraform init\n  terraform apply"
	}
	if absolute, err := filepath.Abs(tfvars); err == nil {
		tfvars = absolute
	}
	return "In examples/target-systems/ and the name of a system (Terraform warns about the variables of the other systems):\n\n" +
		"  terraform apply -compact-warnings -var-file=" + tfvars
}

func (t *startText) printf(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

// system adds the text for one stand-in.
func (t *startText) system(s standins.Server, sites []string, control string) {
	t.printf("\n━━ %s", s.Title())
	t.printf("  %-32s %s", "address", s.URL())
	for _, site := range sites {
		t.printf("  %-32s %s", "address of "+site, s.URLOf(site))
	}
	for _, v := range s.Variables() {
		t.variable(v)
	}
	t.printf("")
	for _, o := range s.Examples() {
		t.printf("  # %s\n  %s", o.What, curl(o, control))
	}
}

// variable adds one of the settings and credentials. Secrets are printed only if there is no file with them.
func (t *startText) variable(v sandbox.Variable) {
	lines := strings.Contains(strings.TrimSpace(v.Value), "\n")
	value := v.Value
	switch {
	case value == "":
		return
	case v.Secret && t.tfvars != "":
		value = "in " + t.tfvars
	case v.Secret && lines:
		value = "several lines; use -tfvars to write them to a file"
	case lines && t.tfvars != "":
		value = "in " + t.tfvars
	case lines:
		value = "below"
		t.below = append(t.below, v)
	}
	if v.Alternative {
		value += "   (for another grant)"
	}
	t.printf("  %-32s %s", v.Name, value)
}

// curl returns the command line of a control request.
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
