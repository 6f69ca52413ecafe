package call

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// SignedIn is a session whose faults are ready to be shown: scrubbed of the account's secrets and with help.
type SignedIn struct {
	// Identity is who signed in.
	Identity target.Identity

	account target.Account
	session target.Session
}

// SignIn signs in and compares who signed in with who was expected. The checks tell what was tried. The error is a
// *[Fault], whatever went wrong, unless the caller cancelled the context before the system answered. Without an error,
// the session must be closed.
func SignIn(ctx context.Context, a target.Account) (*SignedIn, []target.Check, error) {
	if a.Tokens == nil {
		a.Tokens = new(target.Tokens)
	}
	s := &SignedIn{account: a}
	began := time.Now()
	session, err := signIn(ctx, a)
	check := target.Check{Name: "sign_in", Passed: err == nil, Duration: time.Since(began)}
	if err != nil {
		err = s.toFault(ctx, err)
		check.Message = err.Error()
		return nil, []target.Check{check}, err
	}
	s.session = session
	s.Identity = s.scrubIdentity(session.Identity())
	check.Message = "Signed in to " + a.System.Title + "."
	identity := target.Check{Name: "identity", Passed: true, Message: "Signed in as " + s.Identity.Username + "."}
	if s.Identity.Username == "" {
		identity.Message = a.System.Title + " does not tell who signed in."
	}
	if fault := s.compare(session.Identity()); fault != nil {
		identity.Passed, identity.Message = false, fault.Error()
		if err := s.Close(); err != nil {
			return nil, []target.Check{check, identity}, errors.Join(fault, err)
		}
		return nil, []target.Check{check, identity}, fault
	}
	return s, []target.Check{check, identity}, nil
}

// signIn asks the system, unless it is certain that it would refuse.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	if err := a.System.Expired(a.Credentials, time.Now()); err != nil {
		return nil, err
	}
	return a.System.SignIn(ctx, a)
}

// Run runs one test, for the service account if user is empty. The error is a *[Fault] as with [SignIn].
func (s *SignedIn) Run(ctx context.Context, test target.Test, user string) (target.Check, error) {
	began := time.Now()
	message, err := s.session.Run(ctx, test, user)
	check := target.Check{Name: string(test), Passed: err == nil, Duration: time.Since(began), Message: s.scrub(message)}
	if err != nil {
		err = s.toFault(ctx, err)
		check.Message = err.Error()
	}
	return check, err
}

// Metadata reads the object definitions of a CRM; ok is false if the system has none. The error is a *[Fault] as with
// [SignIn].
func (s *SignedIn) Metadata(ctx context.Context) (snapshot target.Snapshot, ok bool, err error) {
	reader, ok := s.session.(target.MetadataReader)
	if !ok {
		return target.Snapshot{}, false, nil
	}
	if snapshot, err = reader.Metadata(ctx); err != nil {
		return target.Snapshot{}, true, s.toFault(ctx, err)
	}
	return snapshot, true, nil
}

// Close ends the session.
func (s *SignedIn) Close() error {
	if err := s.session.Close(); err != nil {
		return fmt.Errorf("sign out of %s: %w", s.account.System.Title, err)
	}
	return nil
}

// compare decides on what the system said, before anything of it is masked.
func (s *SignedIn) compare(got target.Identity) *target.Fault {
	if s.account.System.Expected == nil {
		return nil
	}
	want := s.account.System.Expected(s.account)
	switch {
	case want.Username != "" && !strings.EqualFold(want.Username, got.Username):
		return s.completeFault(&target.Fault{
			Code:    target.WrongIdentity,
			Message: fmt.Sprintf("Signed in as %q, but the connection expects %q.", got.Username, want.Username),
		})
	case want.OrganizationID != "" && !s.sameOrganization(want, got.OrganizationID):
		return s.completeFault(&target.Fault{
			Code: target.WrongIdentity, Field: want.OrganizationField,
			Message: fmt.Sprintf("Signed in to the organization %q, but the connection expects %q.",
				got.OrganizationID, want.OrganizationID),
		})
	}
	return nil
}

// sameOrganization compares as the field that names the organisation does. A system that does not tell the organisation
// has not told the right one, whatever the field's default is.
func (s *SignedIn) sameOrganization(want target.Expected, got string) bool {
	f, _ := s.account.System.Field(want.OrganizationField)
	return got != "" && f.Same(want.OrganizationID, got)
}

// toFault makes a fault of whatever a system's package returned and makes it fit to be shown. What the system said stands,
// also if the call is no longer wanted: it has seen the credentials. Without its word, it is told why the call ended.
func (s *SignedIn) toFault(ctx context.Context, err error) error {
	fault, ok := target.AsFault(err)
	switch {
	case ok && fault.Code != target.SystemNotAvailable:
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("use %s: %w", s.account.System.Title, ctx.Err())
	case ctx.Err() != nil:
		fault = &target.Fault{Code: target.SystemNotAvailable, Message: "There was no complete answer in the time allowed for a test.", Cause: err}
	case !ok:
		fault = &target.Fault{Code: target.SystemNotAvailable, Message: err.Error(), Cause: err}
	}
	return s.completeFault(fault)
}

// completeFault adds what the declaration knows and scrubs what the system said.
func (s *SignedIn) completeFault(fault *target.Fault) *target.Fault {
	done := *fault
	done.Message = s.scrub(fault.Message)
	if len(done.Help) == 0 {
		done.Help = s.account.System.Help[done.Code]
	}
	if done.Field == "" {
		done.Field = s.account.System.FieldFor(done.Code)
	}
	return &done
}

// scrub masks the account's secrets and what the system handed out for them, which can grow with every call.
func (s *SignedIn) scrub(text string) string {
	secrets := s.account.Tokens.Secrets()
	maps.Copy(secrets, s.account.Credentials)
	return NewScrubber(secrets).Scrub(text)
}

func (s *SignedIn) scrubIdentity(i target.Identity) target.Identity {
	return target.Identity{
		Username:         s.scrub(i.Username),
		UserID:           s.scrub(i.UserID),
		OrganizationID:   s.scrub(i.OrganizationID),
		OrganizationName: s.scrub(i.OrganizationName),
		Host:             s.scrub(i.Host),
	}
}
