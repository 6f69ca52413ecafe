package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
)

// helpText is what to do about a fault, in order.
func helpText(met cycle.ConnectionFault) string {
	var text strings.Builder
	text.WriteString("\n")
	if met.Connection != "" {
		fmt.Fprintf(&text, "%s: ", met.Connection)
	}
	text.WriteString(met.Summary() + "\n")
	for i, step := range met.Help {
		fmt.Fprintf(&text, "  %d. %s\n", i+1, step)
	}
	return text.String()
}

// cycleDuration is how long the cycle ran, to the hundredth of a second.
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

// maxSuggested is how many policies are named at most where one is not found.
const maxSuggested = 10

// unknownPolicyError means that no sync policy has the id or name that was given.
type unknownPolicyError struct {
	wanted string
	// known are the names of policies that there are; one more than maxSuggested means that there may be others.
	known []string
}

func (e *unknownPolicyError) Error() string {
	if len(e.known) == 0 {
		return fmt.Sprintf("there is no sync policy %q, nor any other: apply a configuration with a riva_sync_policy, or name "+
			"another data directory with --data-dir or RIVA_DATA_DIR", e.wanted)
	}
	names, more := make([]string, 0, maxSuggested), ""
	for i, name := range e.known {
		if i == maxSuggested {
			more = ", and others"
			break
		}
		names = append(names, strconv.Quote(name))
	}
	return fmt.Sprintf("there is no sync policy %q: name one that there is (%s%s)", e.wanted, strings.Join(names, ", "), more)
}

// describeError says what could not be done and, for what the control plane refused, each reason it gave.
func describeError(doing string, err error) error {
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
