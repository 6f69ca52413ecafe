package sapc4c

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// collection is a collection of the service, and its name in messages.
type collection struct {
	name string
	noun target.Own
}

// Run runs a test, about the user if there is one. The tests read a collection, always as the service user.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	return call.Tests[user, collection]{
		General: s.general,
		Find:    s.find,
		Found:   found,
		Reads: map[target.Test]collection{
			target.Contacts: {"ContactCollection", "contacts"},
			target.Calendar: {"AppointmentCollection", "appointments"},
			target.Mail:     {"EMailCollection", "e-mails"},
		},
		Read: s.readOne,
	}.Run(ctx, test, email)
}

func found(u user, email string) target.Text {
	return target.Say("The business user %s (%s) is active.", u.UserID, email)
}

// general reads the business user of the service account, and returns what it contains. A technical user is not a business user.
func (s *session) general(ctx context.Context) (target.Text, error) {
	name := s.Account.Setting(username)
	users, err := s.users(ctx, "UserID", name, strings.ToUpper(name))
	if err != nil {
		return target.Text{}, err
	}
	users = slices.DeleteFunc(users, func(u user) bool { return !strings.EqualFold(u.UserID, name) })
	message := target.Say("The password of %s was accepted, and the service has %d collections.", name, len(s.collections))
	if len(users) == 0 {
		return target.Say("%s There is no visible business user with this name; it may be the technical user of a communication "+
			"arrangement.", message), nil
	}
	own := users[0]
	if state := own.state(time.Now()); state != "" {
		return target.Text{}, &target.Fault{
			Code: target.GivenCredentials, Certain: true, Message: target.Say("The business user %s is %s.", own.UserID, state),
		}
	}
	return target.Say("%s The business user is %s, employee %s.", message, own.Name, own.EmployeeID), nil
}

// readOne reads at most one record of a collection.
func (s *session) readOne(ctx context.Context, r call.Reading[user, collection]) (target.Text, error) {
	if err := s.checkCollection(r.What.name); err != nil {
		return target.Text{}, err
	}
	var body struct {
		D struct {
			Results *[]json.RawMessage `json:"results"`
		} `json:"d"`
	}
	if err := s.get(ctx, r.What.name+"?$top=1&$select=ObjectID&$format=json", &body); err != nil {
		return target.Text{}, err
	}
	if body.D.Results == nil {
		return target.Text{}, s.Classifier.UnexpectedResponse("The response to a query of %s has no results.", r.What.name)
	}
	message := target.Say("The %s can be read by %s.", r.What.noun, s.Account.Setting(username))
	if r.User != nil {
		message = target.Say("%s %s", message, found(*r.User, r.Email))
	}
	return message, nil
}

// checkCollection checks that the service document lists a collection.
func (s *session) checkCollection(name string) error {
	if !slices.Contains(s.collections, name) {
		return s.Classifier.UnexpectedResponse("The service has no collection %s.", name)
	}
	return nil
}

// maxMetadataSize limits the description of the service, in bytes: it lists every property of some hundred collections.
const maxMetadataSize = 64 << 20

// metadata reads the collections and their description.
func (s *session) metadata(ctx context.Context) (target.Snapshot, error) {
	response, err := s.fetch(call.WithResponseLimit(ctx, maxMetadataSize), "$metadata")
	if err != nil {
		return target.Snapshot{}, err
	}
	if !bytes.Contains(response.Body, []byte("<edmx:Edmx")) {
		return target.Snapshot{}, s.Classifier.UnusableResponse(response, "not the description of an OData service")
	}
	return target.SnapshotOf(s.collections, response.Body), nil
}
