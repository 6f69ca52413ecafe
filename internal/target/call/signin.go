package call

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// SignIn signs in and compares the identity with the expected one. The checks describe the steps. The error is a
// *[target.Fault], whatever failed, unless the caller canceled the context before the system responded. Without an error, the
// session must be closed.
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
	if scheme := s.Scheme(); scheme != "" {
		check.Message = fmt.Sprintf("Signed in to %s with the authentication %q.", a.System.Title, scheme)
	}
	identity := target.Check{Name: "identity", Passed: true, Message: "Signed in as " + s.Identity.Username + "."}
	if s.Identity.Username == "" {
		identity.Message = a.System.Title + " does not report who signed in."
	}
	if fault := s.compare(session.Identity()); fault != nil {
		identity.Passed, identity.Message = false, fault.Error()
		if err := s.Close(ctx); err != nil {
			return nil, []target.Check{check, identity}, errors.Join(fault, err)
		}
		return nil, []target.Check{check, identity}, fault
	}
	return s, []target.Check{check, identity}, nil
}

// signIn calls the system, unless it is certain that the system would reject the credentials.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	if err := a.System.Expired(a.Credentials, time.Now()); err != nil {
		return nil, err
	}
	return a.System.SignIn(ctx, a)
}

// compare compares the identity as the system reported it, before anything of it is masked.
func (s *SignedIn) compare(got target.Identity) *target.Fault {
	if s.account.System.Expected == nil {
		return nil
	}
	want := s.account.System.Expected(s.account)
	switch {
	case want.Username != "" && !strings.EqualFold(want.Username, got.Username):
		return s.completeFault(&target.Fault{
			Code: target.WrongIdentity, Identity: &s.Identity,
			Message: target.Say("Signed in as %q, but the connection expects %q.", got.Username, want.Username),
		})
	case want.OrganizationID != "" && !s.sameOrganization(want, got.OrganizationID):
		return s.completeFault(&target.Fault{
			Code: target.WrongIdentity, Field: want.OrganizationField, Identity: &s.Identity,
			Message: target.Say("Signed in to the organization %q, but the connection expects %q.",
				got.OrganizationID, want.OrganizationID),
		})
	}
	return nil
}

// sameOrganization compares like the field that names the organization. If the system does not report the organization, it
// is not the expected one, whatever the field's default is.
func (s *SignedIn) sameOrganization(want target.Expected, got string) bool {
	f, _ := s.account.System.Field(want.OrganizationField)
	return got != "" && f.Same(want.OrganizationID, got)
}
