package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
)

// authorizedConnection is a result with the name of the connection.
type authorizedConnection struct {
	ConnectionName string `json:"connection_name"`
	api.Revalidation
}

// testMetadata is the test of systems with metadata, which a sign-in reads.
const testMetadata = "metadata"

// showAttempts prints that the person started to sign in, and why that failed. The link stays valid.
func (s *signIn) showAttempts(r *api.Revalidation) {
	if r.Attempts > s.attempts {
		s.attempts = r.Attempts
		s.dialog.printf("The person has started to sign in (attempt %d).\n", r.Attempts)
	}
	if r.Fault == nil {
		return
	}
	failure := r.Fault.Code + r.Fault.Message + signedInAs(r.Identity)
	if failure == s.failure {
		return
	}
	s.failure = failure
	s.showFailure(r.Fault, r.Identity)
	s.dialog.printf("The person can start again with the same link.\n\n")
}

// showFailure prints why an attempt failed, with help.
func (s *signIn) showFailure(fault *api.Fault, who *api.Identity) {
	if who != nil {
		s.dialog.printf("%s\n", signedInAs(who))
	}
	if fault != nil {
		s.dialog.printf("%s", helpText(cycle.ConnectionFault{Fault: fault}))
	}
	s.dialog.printf("Nothing was stored.\n")
}

// signedInAs says who signed in.
func signedInAs(who *api.Identity) string {
	if who == nil {
		return ""
	}
	text := "Signed in as " + who.Username
	switch {
	case who.OrganizationName != "" && who.OrganizationID != "":
		text += fmt.Sprintf(" (organization %s, %s)", who.OrganizationName, who.OrganizationID)
	case who.OrganizationName+who.OrganizationID != "":
		text += fmt.Sprintf(" (organization %s)", who.OrganizationName+who.OrganizationID)
	}
	return text + "."
}

// finish prints the result. The error says why the connection does not work.
func (s *signIn) finish(r *api.Revalidation) error {
	if s.output.json {
		if err := printList(s.out, s.output, []authorizedConnection{{s.connection.Name, *r}}, "", nil); err != nil {
			return err
		}
		return s.verdict(r)
	}
	if r.State != api.RevalidationSucceeded {
		if r.Fault != nil {
			s.showFailure(r.Fault, r.Identity)
		}
		return s.verdict(r)
	}
	out := visibleWriter{s.out}
	fmt.Fprintf(out, "%s\n%s\n", r.Message, signedInAs(r.Identity))
	if len(r.GrantedScopes) > 0 {
		fmt.Fprintf(out, "Granted scopes: %s.\n", strings.Join(r.GrantedScopes, ", "))
	}
	if r.Connection.LastTest != nil {
		printTest(out, r.Connection.Name, r.Connection.LastTest)
	}
	for _, warning := range r.Connection.Warnings {
		fmt.Fprintf(out, "Warning: %s: %s\n", r.Connection.Name, warning)
	}
	return s.verdict(r)
}

// verdict is nil only if the connection works.
func (s *signIn) verdict(r *api.Revalidation) error {
	name := s.connection.Name
	switch r.State {
	case api.RevalidationSucceeded:
	case api.RevalidationFailed:
		return fmt.Errorf("too many attempts to sign in for the connection %q failed: the link has become invalid", name)
	case api.RevalidationExpired:
		return fmt.Errorf("the sign-in for the connection %q was not completed in time: the link has expired", name)
	default:
		return fmt.Errorf("the sign-in for the connection %q has ended: %s", name, r.Message)
	}
	switch {
	case r.Connection.LastTest == nil || !r.Connection.LastTest.Passed:
		return fmt.Errorf("the sign-in was stored, but the test failed: %q", name)
	case r.MetadataRefreshedAt == nil && slices.Contains(s.system.Tests, testMetadata):
		return errors.New("the sign-in was stored, but the metadata could not be read")
	}
	return nil
}
