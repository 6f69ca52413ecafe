package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	writeSteps(&text, fault.Help)
	return text.String()
}

// writeSteps writes what to do next, in order.
func writeSteps(to io.Writer, help []string) {
	for i, step := range help {
		fmt.Fprintf(to, "  %d. %s\n", i+1, step)
	}
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
