package fault

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Title is the title of a fault. That of a known code is this provider's own: users search for it, and no control plane, nor a
// secret that is a word of it, can change it.
func Title(fault *api.Fault) string {
	if code := target.Code(fault.Code); slices.Contains(target.Codes(), code) {
		return code.Title()
	}
	return fault.Title
}

// Detail is the text of a fault below its title: the reason in the target system's own words, if there are any, the next steps
// as a numbered list, and whether waiting can help. Diagnostics and the reports of connection tests have the same text, so
// that the next steps are in the same place everywhere.
func Detail(fault *api.Fault) string {
	var text strings.Builder
	if fault.Message != "" {
		fmt.Fprintf(&text, "Reason: %s\n\n", fault.Message)
	}
	if len(fault.Help) > 0 {
		text.WriteString("What to do next:\n")
		for i, step := range fault.Help {
			fmt.Fprintf(&text, "%d. %s\n", i+1, step)
		}
		text.WriteString("\n")
	}
	switch {
	case fault.RetryAfterSeconds > 0:
		fmt.Fprintf(&text, "The target system asked to retry in %s.\n\n", time.Duration(fault.RetryAfterSeconds)*time.Second)
	case fault.Retryable:
		text.WriteString("The same can succeed later without any change here.\n\n")
	}
	if fault.Remembered {
		text.WriteString("The target system was not called again: it refused the same credentials moments ago, and too many " +
			"attempts can lock the account.\n\n")
	}
	return strings.TrimSpace(text.String())
}
