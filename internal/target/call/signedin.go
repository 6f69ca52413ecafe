package call

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// SignedIn is a session whose faults are ready to be shown: without the account's secrets and with help.
type SignedIn struct {
	// Identity is the account that signed in.
	Identity target.Identity

	account target.Account
	session target.Session

	mu      sync.Mutex
	secrets target.Credentials // those of lastScrubber
	// lastScrubber is used until there are other secrets: a full sync cycle has a message for each of many users.
	lastScrubber scrub.Scrubber
}

// Scheme returns the authentication scheme that proved the credentials, if the offer of the server decided it, see
// [target.Account.CheckScheme].
func (s *SignedIn) Scheme() string { return s.session.Scheme() }

// Run runs one test, for the service account if user is empty. The error is a *[target.Fault] as with [SignIn].
func (s *SignedIn) Run(ctx context.Context, test target.Test, user string) (target.Check, error) {
	began := time.Now()
	message, err := s.run(ctx, test, user)
	check := target.Check{Name: string(test), Passed: err == nil, Duration: time.Since(began)}
	check.Message = s.show(message).String()
	if err != nil {
		err = s.toFault(ctx, err)
		check.Message = err.Error()
	}
	return check, err
}

func (s *SignedIn) run(ctx context.Context, test target.Test, user string) (target.Text, error) {
	if metadata := s.account.System.Metadata; test == target.Metadata && metadata != nil {
		snapshot, err := metadata.Read(ctx, s.session)
		return target.Say("The definitions of %d %s can be read.", len(snapshot.Objects), target.Own(metadata.Objects)), err
	}
	return s.session.Run(ctx, test, user)
}

// Metadata reads the object definitions of a CRM; ok is false if the system has none. The error is a *[target.Fault] as with
// [SignIn].
func (s *SignedIn) Metadata(ctx context.Context) (snapshot target.Snapshot, ok bool, err error) {
	metadata := s.account.System.Metadata
	if metadata == nil {
		return target.Snapshot{}, false, nil
	}
	if snapshot, err = metadata.Read(ctx, s.session); err != nil {
		return target.Snapshot{}, true, s.toFault(ctx, err)
	}
	return snapshot, true, nil
}

// Close ends the session, also if the context has ended.
func (s *SignedIn) Close(ctx context.Context) error {
	if err := s.session.Close(ctx); err != nil {
		return fmt.Errorf("sign out of %s: %s", s.account.System.Title, s.scrubber().Scrub(err.Error()))
	}
	return nil
}

// toFault makes a fault of any error of a system's package. What the system reported stays, even if the caller has canceled the
// call: the system has received the credentials. If it reported nothing, the fault says why the call ended.
func (s *SignedIn) toFault(ctx context.Context, err error) error {
	fault, ok := target.AsFault(err)
	switch {
	case ok && fault.Code != target.SystemNotAvailable:
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("use %s: %w", s.account.System.Title, ctx.Err())
	case ctx.Err() != nil:
		fault = &target.Fault{
			Code: target.SystemNotAvailable, Cause: err,
			Message: target.Say("There was no complete response within the timeout of a test."),
		}
	case !ok:
		fault = &target.Fault{Code: target.SystemNotAvailable, Message: target.Say("%s", err), Cause: err}
	}
	return s.completeFault(fault)
}

// completeFault adds the help and the field of the declaration, and scrubs the message.
func (s *SignedIn) completeFault(fault *target.Fault) *target.Fault {
	completed := *fault
	completed.Message = s.show(fault.Message)
	if len(completed.Help) == 0 {
		completed.Help = s.account.System.Help[completed.Code]
	}
	switch {
	case completed.Hint != "":
		completed.Help = withHint(completed.Hint, completed.Help)
	case completed.Unclear:
		completed.Help = append([]string{target.HelpUnclear}, completed.Help...)
	}
	if completed.Field == "" && !completed.NoField {
		completed.Field = s.usualField(&completed)
	}
	completed.Help = append(s.whiteSpaceHelp(&completed), completed.Help...)
	return &completed
}

// usualField is the field that the declaration names for a fault. An unclear refusal accuses no secret.
func (s *SignedIn) usualField(fault *target.Fault) string {
	name := s.account.System.FieldFor(fault.Code)
	if field, ok := s.account.System.Field(name); ok && field.Secret && fault.Unclear {
		return ""
	}
	return name
}

// whiteSpaceHelp returns a help step for each secret that was sent with outer white space or a line break, and may have been
// rejected because of it. A certain fault of one secret is not about another one.
func (s *SignedIn) whiteSpaceHelp(fault *target.Fault) []string {
	if fault.Code != target.GivenCredentials || errors.Is(fault, target.ErrNotContacted) {
		return nil
	}
	rejected, _ := s.account.System.Field(fault.Field)
	replaced := s.account.Tokens.Rotated()
	var steps []string
	for _, warning := range s.account.System.SecretWarnings(s.account.Credentials) {
		other := fault.Certain && rejected.Secret && warning.Field != fault.Field
		if _, replacedSince := replaced[warning.Field]; !other && !replacedSince {
			steps = append(steps, warning.Message)
		}
	}
	return steps
}

// show makes a message safe to show: its foreign parts are scrubbed, and it is one line of limited length.
func (s *SignedIn) show(message target.Text) target.Text {
	scrubbed := message.Scrubbed(s.scrubber().ScrubTo)
	return target.Say("%s", target.Own(scrub.New().Scrub(scrubbed.String()))) // without secrets, this only limits the length
}

// scrubber masks the account's secrets, and the secrets that the system issued for them; their number can grow with every call.
func (s *SignedIn) scrubber() scrub.Scrubber {
	secrets := s.account.Tokens.Secrets()
	maps.Copy(secrets, s.account.Credentials)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !maps.Equal(secrets, s.secrets) {
		s.secrets, s.lastScrubber = secrets, scrub.New(slices.Collect(maps.Values(secrets))...)
	}
	return s.lastScrubber
}

func (s *SignedIn) scrubIdentity(i target.Identity) target.Identity {
	scrubber := s.scrubber()
	return target.Identity{
		Username:         scrubber.Scrub(i.Username),
		UserID:           scrubber.Scrub(i.UserID),
		OrganizationID:   scrubber.Scrub(i.OrganizationID),
		OrganizationName: scrubber.Scrub(i.OrganizationName),
		Host:             scrubber.Scrub(i.Host),
	}
}
