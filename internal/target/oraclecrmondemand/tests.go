package oraclecrmondemand

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

const (
	// pageSize is the size of the page that shows that records can be read.
	pageSize = 2
	// maxUsers bounds how many users with one address are looked at.
	maxUsers = 20
)

// Run runs a test, about the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	if email == "" {
		if test == target.General {
			return s.general(), nil
		}
		return s.readPage(ctx, test, "")
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	who := fmt.Sprintf("The user %s (%s) is active.", found.SignInID, email)
	if test == target.General {
		return who, nil
	}
	return s.readPage(ctx, test, " "+who)
}

// general tells what the sign-in has shown: a login, and a web service that answers.
func (s *session) general() string {
	signedIn := "Signed in as " + s.identity.Username + "."
	if s.identity.OrganizationID == "" {
		return signedIn
	}
	return signedIn + " The company is " + s.identity.OrganizationID + "."
}

// readPage reads a small page of what a test is about, as the service user. Appointments and e-mails are both activities.
func (s *session) readPage(ctx context.Context, test target.Test, suffix string) (string, error) {
	activities := service("Activity")
	searched := map[target.Test]struct {
		noun   string
		query  query
		search string
	}{
		target.Contacts: {"contacts", service("Contact"), ""},
		target.Calendar: {"appointments", activities, "[Activity] = 'Appointment'"},
		target.Mail:     {"e-mail activities", activities, "[Type] = 'Email'"},
	}
	selected, ok := searched[test]
	if !ok {
		return "", fmt.Errorf("oracle_crm_on_demand has no test %q", test)
	}
	q := selected.query
	q.fields, q.search, q.rows = "Id", selected.search, pageSize
	if _, err := s.records(ctx, q); err != nil {
		return "", err
	}
	return fmt.Sprintf("The %s can be read by %s.%s", selected.noun, s.identity.Username, suffix), nil
}

// service is the query of an object in the version 2.0 of web services.
func service(object string) query {
	operation := object + "QueryPage"
	return query{
		operation: operation, input: operation, urn: "urn:crmondemand/ws/ecbs/" + strings.ToLower(object) + "/", object: object,
	}
}

// find finds the one active user who has an address. Searches may regard letter case: so that of what people write is tried,
// and small letters.
func (s *session) find(ctx context.Context, email string) (record, error) {
	var conditions []string
	for _, spelling := range slices.Compact([]string{email, strings.ToLower(email)}) {
		conditions = append(conditions, "[EMailAddr] = "+call.Literal(spelling))
	}
	q := service("User")
	q.fields, q.search, q.rows = "UserSignInId EMailAddr Status", strings.Join(conditions, " OR "), maxUsers
	found, err := s.records(ctx, q)
	if err != nil {
		return record{}, err
	}
	return call.SingleActiveUser("user", email, found, record.match)
}
