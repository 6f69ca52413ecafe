package netsuite

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// recordType is a type of records, and its name in messages.
type recordType struct{ name, noun string }

// Run runs a test, about the user if there is one. The tests read a record type. A token sees what its role sees,
// whichever user the test is about.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	message, err := call.Tests[employee, recordType]{
		General: func(context.Context) (string, error) { return s.general(), s.permissionErr },
		Find:    s.find,
		Found: func(e employee, email string) string {
			return fmt.Sprintf("The employee %s (%s) is active.", e.Name, email)
		},
		Reads: map[target.Test]recordType{
			target.Contacts: {"contact", "contacts"},
			target.Calendar: {"calendarEvent", "calendar events"},
			target.Mail:     {"message", "messages"},
		},
		Read: func(ctx context.Context, r call.Reading[employee, recordType]) (string, error) {
			reader := s.reader()
			if r.User != nil {
				reader += ", and the employee " + r.User.Name + " (" + r.Email + ") is active"
			}
			return fmt.Sprintf("The %s can be read by %s.", r.What.noun, reader), s.readOne(ctx, r.What.name)
		},
	}.Run(ctx, test, email)
	return message, s.withField(err)
}

// reader is the user of the token, for messages.
func (s *session) reader() string {
	if s.Self.Username == "" {
		return "the user of the token"
	}
	return s.Self.Username
}

// general returns the result of the sign-in.
func (s *session) general() string {
	if s.Self.Username == "" {
		return "Signed in to the account " + s.Self.OrganizationID + ", and records can be read. The user is unknown: roles for web " +
			"services only may not read it."
	}
	signedIn := "Signed in as " + s.Self.Username
	if s.role != "" {
		signedIn += " with the role " + s.role
	}
	account := s.Self.OrganizationID
	if s.Self.OrganizationName != "" {
		account = s.Self.OrganizationName + " (" + account + ")"
	}
	return signedIn + ". The account is " + account + ", and records can be read."
}

// employee is the part of an employee that the tests read. SuiteQL returns texts; booleans are T or F.
type employee struct {
	Name     string `json:"entityid"`
	Email    string `json:"email"`
	Inactive string `json:"isinactive"`
}

func (e employee) match() call.MatchedUser {
	m := call.MatchedUser{Name: e.Name, Address: e.Email}
	if e.Inactive != "F" {
		m.State = "not active"
	}
	return m
}

// maxEmployees limits how many employees with one address are read.
const maxEmployees = 20

// find returns the one active employee with an address.
func (s *session) find(ctx context.Context, email string) (employee, error) {
	var found struct {
		Items []employee `json:"items"`
	}
	query := "SELECT entityid, email, isinactive FROM employee WHERE LOWER(email) = " + call.Literal(strings.ToLower(email))
	if err := s.query(ctx, query, maxEmployees, &found); err != nil {
		return employee{}, err
	}
	return call.SingleActiveUser("employee", email, found.Items, employee.match)
}
