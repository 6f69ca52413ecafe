package netsuite

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Run runs a test, about the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	message, err := s.run(ctx, test, email)
	return message, s.withField(err)
}

func (s *session) run(ctx context.Context, test target.Test, email string) (string, error) {
	if test == target.Metadata {
		snapshot, err := s.readCatalog(ctx)
		return fmt.Sprintf("The definitions of %d record types can be read.", len(snapshot.Objects)), err
	}
	if email == "" {
		if test == target.General {
			return s.general(), s.permissionErr
		}
		return s.readNamed(ctx, test, s.reader())
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	if test == target.General {
		return fmt.Sprintf("The employee %s (%s) is active.", found.Name, email), nil
	}
	return s.readNamed(ctx, test, s.reader()+", and the employee "+found.Name+" ("+email+") is active")
}

// readNamed reads at most one record of the type that a test is named after. A token sees what its role sees, whoever it
// is about.
func (s *session) readNamed(ctx context.Context, test target.Test, by string) (string, error) {
	record, ok := map[target.Test]string{
		target.Contacts: "contact", target.Calendar: "calendarEvent", target.Mail: "message",
	}[test]
	if !ok {
		return "", fmt.Errorf("netsuite has no test %q", test)
	}
	noun := map[target.Test]string{target.Contacts: "contacts", target.Calendar: "calendar events", target.Mail: "messages"}[test]
	return fmt.Sprintf("The %s can be read by %s.", noun, by), s.readOne(ctx, record)
}

// reader names who reads.
func (s *session) reader() string {
	if s.identity.Username == "" {
		return "the user of the token"
	}
	return s.identity.Username
}

// general tells what the sign-in has shown.
func (s *session) general() string {
	if s.identity.Username == "" {
		return "Signed in to the account " + s.identity.OrganizationID + ", and records can be read. Who signed in is not told: " +
			"roles that are for web services only may not ask."
	}
	signedIn := "Signed in as " + s.identity.Username
	if s.role != "" {
		signedIn += " with the role " + s.role
	}
	account := s.identity.OrganizationID
	if s.identity.OrganizationName != "" {
		account = s.identity.OrganizationName + " (" + account + ")"
	}
	return signedIn + ". The account is " + account + ", and records can be read."
}

// employee is an employee, as far as the tests ask. SuiteQL answers texts; booleans are T or F.
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

// maxEmployees bounds how many employees with one address are looked at.
const maxEmployees = 20

// find finds the one active employee who has an address.
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
