package acctest

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// RequireVersion skips a test that needs a newer version of Terraform, as in
// RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0)). It also skips the test with OpenTofu, which does not have
// these features and has its own version numbers. Tests over the [Protocol] cover the features with every version. If the
// version cannot be determined, the test fails.
func RequireVersion(t *testing.T, check tfversion.TerraformVersionCheck) {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary(), "version") //nolint:gosec // the tests choose the binary
	command.Env = append(command.Environ(), "CHECKPOINT_DISABLE=1")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("run terraform version: %v", err)
	}
	lack, err := missingVersion(t.Context(), string(output), check)
	if err != nil {
		t.Fatal(err)
	}
	if lack != "" {
		t.Skip(lack)
	}
}

// missingVersion returns why a test cannot run with a terraform, from its output about the version. It is empty if it can.
func missingVersion(ctx context.Context, output string, check tfversion.TerraformVersionCheck) (string, error) {
	product, installed, err := versionIn(output)
	if err != nil {
		return "", err
	}
	if product == openTofu {
		return product + " does not have this feature", nil
	}
	var resp tfversion.CheckTerraformVersionResponse
	check.CheckTerraformVersion(ctx, tfversion.CheckTerraformVersionRequest{TerraformVersion: installed}, &resp)
	return resp.Skip, resp.Error
}

const openTofu = "OpenTofu"

// versionIn finds the line "Terraform v1.14.0" or "OpenTofu v1.11.0" in the output of a program.
func versionIn(output string) (product string, v *version.Version, err error) {
	for line := range strings.Lines(output) {
		product, rest, found := strings.Cut(strings.TrimSpace(line), " v")
		if found && (product == "Terraform" || product == openTofu) {
			v, err = version.NewVersion(rest)
			return product, v, err
		}
	}
	return "", nil, fmt.Errorf("%q has no version of Terraform or OpenTofu", output)
}
