package tfdiag

import (
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// FaultDetail is a fault in many lines, below its title, which is not in it: the reason, in the target system's own words where
// it gave any, what to do next, one step a line and in order, and whether waiting can help. Diagnostics and the reports of
// connection tests have the same text, so that what to do is found in the same place everywhere.
func FaultDetail(fault *api.Fault) string {
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
		fmt.Fprintf(&text, "The target system asks to wait %s.\n\n", time.Duration(fault.RetryAfterSeconds)*time.Second)
	case fault.Retryable:
		text.WriteString("The same can succeed later without any change here.\n\n")
	}
	if fault.Remembered {
		text.WriteString("The target system was not asked again: it refused the same credentials moments ago, and asking too " +
			"often can lock the account.\n\n")
	}
	return strings.TrimSpace(text.String())
}
