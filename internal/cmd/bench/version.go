package main

import (
	"context"
	"encoding/json"
	"os/exec"
	"strings"
)

// terraformVersion returns the product and its version, such as Terraform 1.11.4.
func terraformVersion(ctx context.Context, terraform string) string {
	out, err := exec.CommandContext(ctx, terraform, "version", "-json").Output()
	var version struct {
		Version string `json:"terraform_version"`
	}
	if err != nil || json.Unmarshal(out, &version) != nil {
		return "an unknown version of Terraform"
	}
	product := "Terraform"
	if strings.Contains(terraform, "tofu") {
		product = "OpenTofu"
	}
	return product + " " + version.Version
}
