package acctest

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

func TestRequireVersion(t *testing.T) {
	t.Parallel()
	const runs, skips, fails = "runs", "is skipped", "fails"
	for name, c := range map[string]struct{ output, want string }{
		"the version":         {"Terraform v1.14.0\non linux_amd64\n", runs},
		"a later one":         {"Terraform v1.15.9\r\non windows_amd64\r\n", runs},
		"one with two digits": {"Terraform v1.100.0\n", runs},
		"a pre-release of it": {"Terraform v1.14.0-beta3\non linux_amd64\n", runs},
		"of a later one":      {"Terraform v1.16.0-rc2\n", runs},
		"a warning before":    {"\nWarning: Unable to open CLI configuration file\n\nTerraform v1.14.9\n", runs},
		"news after": {
			"Terraform v1.14.9\non linux_amd64\n\nYour version of Terraform is out of date! The latest version\nis 1.13.0.", runs,
		},
		"an older one":          {"Terraform v1.13.5\n", skips},
		"a pre-release of that": {"Terraform v1.13.0-rc1\n", skips},
		"OpenTofu":              {"OpenTofu v1.11.0\non linux_amd64\n", skips},
		"a later OpenTofu":      {"OpenTofu v1.14.0\n", skips},
		"no number":             {"Terraform vnext\n", fails},
		"another program":       {"Packer v1.14.0\n", fails},
		"nothing":               {"", fails},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lack, err := missingVersion(t.Context(), c.output, tfversion.SkipBelow(tfversion.Version1_14_0))
			got := runs
			switch {
			case err != nil:
				got = fails
			case lack != "":
				got = skips
			}
			if got != c.want {
				t.Errorf("a test since 1.14 %s with %q, want that it %s: %q, %v", got, c.output, c.want, lack, err)
			}
		})
	}
}

// Terraform has the command query since 1.14, as it has actions. So the command shows, independently of the version in the
// output, whether the tests of both can be skipped.
func TestRequireVersionRunsSupported(t *testing.T) {
	t.Parallel()
	help, err := exec.CommandContext(t.Context(), binary(), "-help").Output()
	if err != nil {
		t.Fatal(err)
	}
	can, skipped := strings.Contains(string(help), "\n  query "), false
	t.Run("since 1.14", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	})
	if can == skipped {
		t.Errorf("it has the features of 1.14: %v; their tests are skipped: %v", can, skipped)
	}
}
