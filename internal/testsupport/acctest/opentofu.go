package acctest

import "os"

// OpenTofu reports whether the tests run with tofu, from the registry in the environment. Tests expect the same of tofu and
// Terraform, except for the functions in this file and for features that OpenTofu does not have (see [RequireVersion]).
func OpenTofu() bool { return os.Getenv("TF_ACC_PROVIDER_HOST") == "registry.opentofu.org" }

// CrashReport is the message after the provider's process has crashed in a call. Terraform also shows the stack; OpenTofu 1.12
// has it only in its log.
func CrashReport() string {
	if OpenTofu() {
		return "Plugin did not respond"
	}
	return "The terraform-provider-riva plugin crashed!"
}
