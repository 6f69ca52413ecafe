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

// RequireVersion skips a test about what came with a version of Terraform where that is too old for it, as in
// Since(t, tfversion.SkipBelow(tfversion.Version1_14_0)), and with OpenTofu, which has none of it and counts its versions by
// itself. The same is shown over the [Protocol] everywhere. Where it cannot tell the version, the test fails.
func RequireVersion(t *testing.T, check tfversion.TerraformVersionCheck) {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary(), "version") //nolint:gosec // the tests say themselves which terraform runs
	command.Env = append(command.Environ(), "CHECKPOINT_DISABLE=1")
	said, err := command.Output()
	if err != nil {
		t.Fatalf("ask Terraform for its version: %v", err)
	}
	lack, err := missingVersion(t.Context(), string(said), check)
	if err != nil {
		t.Fatal(err)
	}
	if lack != "" {
		t.Skip(lack)
	}
}

// missingVersion tells what keeps a test from running with the terraform that said its version; empty if nothing does.
func missingVersion(ctx context.Context, said string, check tfversion.TerraformVersionCheck) (string, error) {
	product, installed, err := versionIn(said)
	if err != nil {
		return "", err
	}
	if product == openTofu {
		return product + " has nothing of this", nil
	}
	var resp tfversion.CheckTerraformVersionResponse
	check.CheckTerraformVersion(ctx, tfversion.CheckTerraformVersionRequest{TerraformVersion: installed}, &resp)
	return resp.Skip, resp.Error
}

const openTofu = "OpenTofu"

// versionIn finds the line "Terraform v1.14.0" or "OpenTofu v1.11.0" in what a program said about its version.
func versionIn(said string) (product string, v *version.Version, err error) {
	for line := range strings.Lines(said) {
		product, rest, found := strings.Cut(strings.TrimSpace(line), " v")
		if found && (product == "Terraform" || product == openTofu) {
			v, err = version.NewVersion(rest)
			return product, v, err
		}
	}
	return "", nil, fmt.Errorf("there is no version of Terraform or OpenTofu in %q", said)
}
