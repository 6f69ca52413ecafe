package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/cycle"
)

// helpText is what to do about a fault, in order.
func helpText(met cycle.Fault) string {
	var text strings.Builder
	text.WriteString("\n")
	if met.Connection != "" {
		fmt.Fprintf(&text, "%s: ", met.Connection)
	}
	text.WriteString(met.Line() + "\n")
	for i, step := range met.Help {
		fmt.Fprintf(&text, "  %d. %s\n", i+1, step)
	}
	return text.String()
}

// lasted is how long the cycle ran, to the hundredth of a second.
func lasted(c *api.Cycle) time.Duration {
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

// explained says what could not be done and, for what the control plane refused, each reason it gave.
func explained(doing string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted: could not %s", doing)
	}
	problem, ok := api.AsProblem(err)
	if !ok || len(problem.Errors) == 0 {
		return fmt.Errorf("could not %s: %w", doing, err)
	}
	reasons := make([]string, 0, len(problem.Errors))
	for _, e := range problem.Errors {
		reasons = append(reasons, e.Path+" "+e.Message)
	}
	return fmt.Errorf("could not %s: %w: %s", doing, err, strings.Join(reasons, "; "))
}
