package oraclecrmondemand

import (
	"context"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

const (
	// pageSize is the size of the page that shows that records can be read.
	pageSize = 2
	// maxUsers limits how many users with one address are read.
	maxUsers = 20
)

// page is what a test reads: the records of an object that a search finds, and their name in messages.
type page struct{ object, search, noun string }

// Run runs a test, about the user if there is one. The tests read a page, always as the service user. Appointments and
// e-mails are both activities.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	return call.Tests[record, page]{
		General: func(context.Context) (target.Text, error) { return s.general(), nil },
		Find:    s.find,
		Found:   foundUser,
		Reads: map[target.Test]page{
			target.Contacts: {"Contact", "", "contacts"},
			target.Calendar: {"Activity", "[Activity] = 'Appointment'", "appointments"},
			target.Mail:     {"Activity", "[Type] = 'Email'", "e-mail activities"},
		},
		Read: s.readPage,
	}.Run(ctx, test, email)
}

func foundUser(r record, email string) target.Text {
	return target.Say("The user %s (%s) is active.", r.SignInID, email)
}

// general returns the result of the sign-in: a login, and a call of a web service.
func (s *session) general() target.Text {
	signedIn := target.Say("Signed in as %s.", s.Self.Username)
	if s.Self.OrganizationID == "" {
		return signedIn
	}
	return target.Say("%s The company is %s.", signedIn, s.Self.OrganizationID)
}

// readPage reads a small page.
func (s *session) readPage(ctx context.Context, r call.Reading[record, page]) (target.Text, error) {
	q := service(r.What.object)
	q.fields, q.search, q.rows = "Id", r.What.search, pageSize
	if _, err := s.records(ctx, q); err != nil {
		return target.Text{}, err
	}
	message := target.Say("The %s can be read by %s.", r.What.noun, s.Self.Username)
	if r.User != nil {
		message = target.Say("%s %s", message, foundUser(*r.User, r.Email))
	}
	return message, nil
}

// service is the query of an object in the version 2.0 of web services.
func service(object string) query {
	operation := object + "QueryPage"
	return query{
		operation: operation, input: operation, urn: "urn:crmondemand/ws/ecbs/" + strings.ToLower(object) + "/", object: object,
	}
}

// find returns the one active user with an address. Searches may be case-sensitive, so the address is tried as entered and in
// lower case.
func (s *session) find(ctx context.Context, email string) (record, error) {
	spellings := slices.Compact([]string{email, strings.ToLower(email)})
	conditions := make([]string, 0, len(spellings))
	for _, spelling := range spellings {
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
