package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// statusConfiguration is the exit status of a command that cannot start with its configuration, so that what restarts the
// command can leave it.
const statusConfiguration = 2

// startError means that a command cannot start with its configuration.
type startError struct{ err error }

func startErrorOf(err error) error {
	if err == nil {
		return nil
	}
	return &startError{err}
}

func (e *startError) Error() string { return e.err.Error() }
func (e *startError) Unwrap() error { return e.err }

// Report prints the error of a command, and returns the exit status. Each thing that is wrong with a configuration is a line.
func Report(to io.Writer, err error) (status int) {
	if err == nil {
		return 0
	}
	refused, ok := errors.AsType[*startError](err)
	if !ok {
		fmt.Fprintln(to, "Error:", scrub.Visible(err.Error()))
		return 1
	}
	for _, one := range leaves(refused.err) {
		fmt.Fprintln(to, "Error:", scrub.Visible(strings.ReplaceAll(one.Error(), "\n", "; ")))
	}
	return statusConfiguration
}

// leaves are the errors that [errors.Join] joined. An error around several of them is one line.
func leaves(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || strings.Count(err.Error(), "\n") == 0 {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, leaves(one)...)
	}
	return all
}
