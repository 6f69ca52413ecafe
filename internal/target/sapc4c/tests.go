package sapc4c

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Run runs a test, about the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	if test == target.Metadata {
		snapshot, err := s.Metadata(ctx)
		return fmt.Sprintf("The definitions of %d collections can be read.", len(snapshot.Objects)), err
	}
	if email == "" {
		if test == target.General {
			return s.general(ctx)
		}
		return s.readOne(ctx, test, "")
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	who := fmt.Sprintf("The business user %s (%s) is active.", found.UserID, email)
	if test == target.General {
		return who, nil
	}
	return s.readOne(ctx, test, " "+who)
}

// general reads a row, and tells what there is to tell of the service user. A technical user is no business user.
func (s *session) general(ctx context.Context) (string, error) {
	name := s.account.Setting(username)
	found, err := s.users(ctx, "UserID", name, strings.ToUpper(name))
	if err != nil {
		return "", err
	}
	found = slices.DeleteFunc(found, func(u user) bool { return !strings.EqualFold(u.UserID, name) })
	message := fmt.Sprintf("The password of %s was taken, and the service has %d collections.", name, len(s.collections))
	if len(found) == 0 {
		return message + " It is no business user that can be seen here, but may be the technical user of a communication " +
			"arrangement.", nil
	}
	own := found[0]
	if state := own.state(time.Now()); state != "" {
		return "", &target.Fault{
			Code: target.GivenCredentials, Message: fmt.Sprintf("The business user %s is %s.", own.UserID, state),
		}
	}
	return fmt.Sprintf("%s The business user is %s, employee %s.", message, own.Name, own.EmployeeID), nil
}

// readOne reads at most one record of the collection that a test is about, as the service user.
func (s *session) readOne(ctx context.Context, test target.Test, suffix string) (string, error) {
	collection, ok := map[target.Test]string{
		target.Contacts: "ContactCollection", target.Calendar: "AppointmentCollection", target.Mail: "EMailCollection",
	}[test]
	if !ok {
		return "", fmt.Errorf("sap_c4c has no test %q", test)
	}
	if err := s.checkCollection(collection); err != nil {
		return "", err
	}
	var found struct {
		D struct {
			Results *[]json.RawMessage `json:"results"`
		} `json:"d"`
	}
	if err := s.get(ctx, collection+"?$top=1&$select=ObjectID&$format=json", &found); err != nil {
		return "", err
	}
	if found.D.Results == nil {
		return "", s.classifier.UnexpectedResponse("The answer to a query of " + collection + " has no results.")
	}
	noun := map[target.Test]string{target.Contacts: "contacts", target.Calendar: "appointments", target.Mail: "e-mails"}[test]
	return fmt.Sprintf("The %s can be read by %s.%s", noun, s.account.Setting(username), suffix), nil
}

// checkCollection looks for a collection in the service document.
func (s *session) checkCollection(collection string) error {
	if !slices.Contains(s.collections, collection) {
		return s.classifier.UnexpectedResponse("The service has no collection " + collection + ".")
	}
	return nil
}

// maxMetadataSize bounds the description of the service, in bytes: it names every property of some hundred collections.
const maxMetadataSize = 64 << 20

// Metadata reads which collections there are, and digests their description.
func (s *session) Metadata(ctx context.Context) (target.Snapshot, error) {
	response, err := s.fetch(call.WithResponseLimit(ctx, maxMetadataSize), "$metadata")
	if err != nil {
		return target.Snapshot{}, err
	}
	if !bytes.Contains(response.Body, []byte("<edmx:Edmx")) {
		return target.Snapshot{}, s.classifier.UnusableResponse(response, "no description of an OData service")
	}
	return target.SnapshotOf(s.collections, response.Body), nil
}
