package netsuite

import (
	"context"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// recordType is a type of records, and its name in messages.
type recordType struct {
	name string
	noun target.Own
}

// Run runs a test, about the user if there is one. The tests read a record type. A token sees what its role sees,
// whichever user the test is about.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	message, err := call.Tests[employee, recordType]{
		General: func(context.Context) (target.Text, error) { return s.general(), s.permissionErr },
		Find:    s.find,
		Found: func(e employee, email string) target.Text {
			return target.Say("The employee %s (%s) is active.", e.Name, email)
		},
		Reads: map[target.Test]recordType{
			target.Contacts: {"contact", "contacts"},
			target.Calendar: {"calendarEvent", "calendar events"},
			target.Mail:     {"message", "messages"},
		},
		Read: func(ctx context.Context, r call.Reading[employee, recordType]) (target.Text, error) {
			reader := s.reader()
			if r.User != nil {
				reader = target.Say("%s, and the employee %s (%s) is active", reader, r.User.Name, r.Email)
			}
			return target.Say("The %s can be read by %s.", r.What.noun, reader), s.readOne(ctx, r.What.name)
		},
	}.Run(ctx, test, email)
	return message, s.withField(err)
}

// reader is the user of the token, for messages.
func (s *session) reader() target.Text {
	if s.Self.Username == "" {
		return target.Say("the user of the token")
	}
	return target.Say("%s", s.Self.Username)
}

// general returns the result of the sign-in.
func (s *session) general() target.Text {
	if s.Self.Username == "" {
		return target.Say("Signed in to the account %s, and records can be read. The user is unknown: roles for web services only may "+
			"not read it.", s.Self.OrganizationID)
	}
	signedIn := target.Say("Signed in as %s", s.Self.Username)
	if s.role != "" {
		signedIn = target.Say("%s with the role %s", signedIn, s.role)
	}
	account := target.Say("%s", s.Self.OrganizationID)
	if s.Self.OrganizationName != "" {
		account = target.Say("%s (%s)", s.Self.OrganizationName, account)
	}
	return target.Say("%s. The account is %s, and records can be read.", signedIn, account)
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
