package tfdiag

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// LimitError is the cause of a context that ended because an operation took too long. It is a [context.DeadlineExceeded].
type LimitError struct {
	Limit time.Duration
	// Setting is the attribute of the timeouts block that sets the limit, such as "create"; empty if the limit is fixed.
	Setting string
	// Default means that the setting is absent, so that the default applies.
	Default bool
}

func (e *LimitError) Error() string { return fmt.Sprintf("the limit of %s has passed", e.Limit) }

// Is makes it a context.DeadlineExceeded.
func (e *LimitError) Is(err error) bool { return err == context.DeadlineExceeded }

// Timeout is true: the operation took too long.
func (e *LimitError) Timeout() bool { return true }

// hint says how to change the limit.
func (e *LimitError) hint() string {
	switch {
	case e.Setting == "":
		return "The limit cannot be changed."
	case e.Default:
		return fmt.Sprintf("This is the default limit. To change it, set %s in the timeouts block, such as %[1]s = \"15m\".", e.Setting)
	}
	return fmt.Sprintf("The limit is %s in the timeouts block. It includes retries and connection tests.", e.Setting)
}

// reportTimeout names what did not respond and the limit. Without a [LimitError], the limit of one call has passed.
func (o Operation) reportTimeout(diags *diag.Diagnostics, err error) {
	limit, hint := "", "The limit is request_timeout of the provider, for one call."
	if known, ok := errors.AsType[*LimitError](err); ok {
		limit, hint = " within "+known.Limit.String(), known.hint()
	}
	text := fmt.Sprintf("Could not %s%s.", o.Name, limit)
	if o.WaitsFor != "" {
		text += fmt.Sprintf(" %s did not respond in time.", capitalized(o.WaitsFor))
	}
	diags.AddError(TitleTimeout, strings.TrimSpace(text+" "+o.AfterTimeout)+"\n\n"+hint)
}

func capitalized(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
