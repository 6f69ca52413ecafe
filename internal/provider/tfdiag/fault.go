package tfdiag

import (
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// FaultText is the body of a diagnostic about a fault: the reason, in the target system's own words where it gave any,
// what to do next in order, and whether waiting can help. The title is not in it.
func FaultText(fault *api.Fault) string {
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
