package acctest

import "os"

// OpenTofu says whether the tests run with tofu, whose registry the test runner names. What tests expect of tofu and of
// Terraform is the same but for what is said here, and what [RequireVersion] says is not in OpenTofu.
func OpenTofu() bool { return os.Getenv("TF_ACC_PROVIDER_HOST") == "registry.opentofu.org" }

// CrashReport is what people read when the provider's process ends in the middle of a call. Terraform also shows the
// stack; OpenTofu 1.12 has it in its log only.
func CrashReport() string {
	if OpenTofu() {
		return "Plugin did not respond"
	}
	return "The terraform-provider-riva plugin crashed!"
}
