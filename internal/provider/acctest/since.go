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

// Since skips a test about what came with a version of Terraform where that is too old for it, as in
// Since(t, tfversion.SkipBelow(tfversion.Version1_14_0)), and with OpenTofu, which has none of it and counts its versions by
// itself. The same is shown over the [Protocol] everywhere.
func Since(t *testing.T, check tfversion.TerraformVersionCheck) {
	t.Helper()
	product, installed, err := installedTerraform(t.Context())
	if err != nil {
		t.Fatalf("ask Terraform for its version: %v", err)
	}
	if product != "Terraform" {
		t.Skipf("%s has nothing of this", product)
	}
	var resp tfversion.CheckTerraformVersionResponse
	check.CheckTerraformVersion(t.Context(), tfversion.CheckTerraformVersionRequest{TerraformVersion: installed}, &resp)
	if resp.Error != nil {
		t.Fatal(resp.Error)
	}
	if resp.Skip != "" {
		t.Skip(resp.Skip)
	}
}

// installedTerraform is what says "Terraform v1.14.0" or "OpenTofu v1.11.0" of itself.
func installedTerraform(ctx context.Context) (product string, v *version.Version, err error) {
	command := exec.CommandContext(ctx, binary(), "version") //nolint:gosec // the tests say themselves which terraform runs
	command.Env = append(command.Environ(), "CHECKPOINT_DISABLE=1")
	out, err := command.Output()
	if err != nil {
		return "", nil, err
	}
	for line := range strings.Lines(string(out)) {
		product, rest, found := strings.Cut(strings.TrimSpace(line), " v")
		if found && (product == "Terraform" || product == "OpenTofu") {
			v, err = version.NewVersion(rest)
			return product, v, err
		}
	}
	return "", nil, fmt.Errorf("there is no version in %q", out)
}
