package checkout_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// parsers are the packages that parse bytes of others.
func parsers() []string {
	return []string{
		"api", "names", "sandbox/ntlm", "scrub", "server", "store", "target", "target/call", "target/catalog", "target/dynamics365",
		"target/entra", "target/ews", "target/exchange", "target/google", "target/hclnotes", "target/netsuite",
		"target/ntlm", "target/oauth",
		"target/office365", "target/oraclecrmondemand", "target/salesforce", "target/sapc4c", "target/sugarcrm", "target/suitecrm",
	}
}

// Without a fuzz target, nobody notices what strange bytes do to a parser. A target that the script does not find is not run.
func TestParsersHaveFuzzTargets(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "./tools/fuzz.sh", "list", "./...")
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problems.String())
	}
	var packages []string
	for line := range strings.Lines(string(out)) {
		_, path, _ := strings.Cut(line, "/terraform-provider-riva/internal/")
		name, target, _ := strings.Cut(strings.TrimSpace(path), " ")
		if !strings.Contains(readAll(t, "internal/"+name+"/*_test.go"), "func "+target+"(f *testing.F)") {
			t.Errorf("the script lists %q, which does not exist", line)
		}
		packages = append(packages, name)
	}
	declared := strings.Count(readAll(t, "internal/*/*_test.go")+readAll(t, "internal/*/*/*_test.go"), "\nfunc Fuzz")
	if len(packages) != declared {
		t.Errorf("the script lists %d of %d fuzz targets", len(packages), declared)
	}
	if packages = slices.Compact(packages); !slices.Equal(packages, parsers()) {
		t.Errorf("fuzz targets are in the packages\n%v, want\n%v", packages, parsers())
	}
}
