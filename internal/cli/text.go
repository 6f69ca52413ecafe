package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// visibleWriter writes text that is safe for a terminal: names and words of the control plane are foreign.
type visibleWriter struct{ to io.Writer }

func (w visibleWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.to, scrub.Visible(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// helpText returns a fault with its help: what to do, in order.
func helpText(fault cycle.ConnectionFault) string {
	var text strings.Builder
	text.WriteString("\n")
	if fault.Connection != "" {
		fmt.Fprintf(&text, "%s: ", fault.Connection)
	}
	text.WriteString(fault.Summary() + "\n")
	for i, step := range fault.Help {
		fmt.Fprintf(&text, "  %d. %s\n", i+1, step)
	}
	return text.String()
}

// cycleDuration returns how long the cycle ran, in hundredths of a second.
func cycleDuration(c *api.Cycle) time.Duration {
	if c.FinishedAt == nil {
		return 0
	}
	return c.FinishedAt.Sub(c.StartedAt).Round(10 * time.Millisecond)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// maxSuggested is the maximum number of policies in the error for one that does not exist.
const maxSuggested = 10

// unknownPolicyError means that no sync policy has the id or name.
type unknownPolicyError struct {
	idOrName string
	// known has the names of existing policies. One more than maxSuggested means that there may be others.
	known []string
}

func (e *unknownPolicyError) Error() string {
	if len(e.known) == 0 {
		return fmt.Sprintf("the sync policy %q does not exist, and there are no others: apply a configuration with a "+
			"riva_sync_policy, or specify another data directory with --data-dir or RIVA_DATA_DIR", e.idOrName)
	}
	names, more := make([]string, 0, maxSuggested), ""
	for i, name := range e.known {
		if i == maxSuggested {
			more = ", and others"
			break
		}
		names = append(names, strconv.Quote(name))
	}
	return fmt.Sprintf("the sync policy %q does not exist: specify an existing one (%s%s)", e.idOrName,
		strings.Join(names, ", "), more)
}

// describeError returns an error that says which operation failed. For a problem of the control plane, it adds the invalid
// fields.
func describeError(operation string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted: could not %s", operation)
	}
	problem, ok := api.AsProblem(err)
	if !ok || len(problem.Errors) == 0 {
		return fmt.Errorf("could not %s: %w", operation, err)
	}
	reasons := make([]string, 0, len(problem.Errors))
	for _, e := range problem.Errors {
		reasons = append(reasons, e.Path+" "+e.Message)
	}
	return fmt.Errorf("could not %s: %w: %s", operation, err, strings.Join(reasons, "; "))
}
