package plugin

import (
	"fmt"
	"os"
	"strings"
)

// limitLog limits the log of this process to warnings and errors if the user has not configured a log. Terraform drops the log in
// that case, but it parses each line first, and the plugin libraries write dozens of lines for each call: together, that is
// nearly half of the time of a plan. The libraries take their levels from the environment, at each call.
func limitLog() error {
	if logConfigured(os.Environ()) {
		return nil
	}
	// TF_LOG_SDK is the level of terraform-plugin-go. The libraries check the levels of its two parts before they prepare a line.
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_RIVA"} {
		if err := os.Setenv(name, "WARN"); err != nil {
			return fmt.Errorf("limit the log: %w", err)
		}
	}
	return nil
}

// logConfigured reports whether an environment has one of the variables that configure the log of Terraform or of a provider,
// such as TF_LOG, TF_LOG_PATH and TF_LOG_SDK. Empty ones do not count: Terraform ignores them.
func logConfigured(environment []string) bool {
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if (name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_")) && value != "" {
			return true
		}
	}
	return false
}
