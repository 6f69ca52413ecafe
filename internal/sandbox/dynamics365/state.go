package dynamics365

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// state is the state that changes. Reading and writing it requires the server's lock.
type state struct {
	organization Organization
	users        []User
	rows         map[string][]row // by entity set, without those of users and the organization
	tables       []row            // EntityDefinitions
}

func newState(seed Seed) *state {
	s := &state{organization: seed.Organization, users: slices.Clone(seed.Users), rows: map[string][]row{}, tables: tables()}
	for i, u := range s.users {
		number := string(rune('A' + i%26))
		created := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC).Format(time.RFC3339)
		s.rows["contacts"] = append(s.rows["contacts"], row{
			"contactid": uuid.NewString(), "fullname": "Contact " + number, "emailaddress1": "contact@example.org",
			"_ownerid_value": u.ID, "createdon": created,
		})
		s.rows["appointments"] = append(s.rows["appointments"], row{
			"activityid": uuid.NewString(), "subject": "Meeting " + number, "_ownerid_value": u.ID, "createdon": created,
		})
		s.rows["emails"] = append(s.rows["emails"], row{
			"activityid": uuid.NewString(), "subject": "Message " + number, "_ownerid_value": u.ID, "createdon": created,
		})
		s.rows["accounts"] = append(s.rows["accounts"], row{
			"accountid": uuid.NewString(), "name": "Account " + number, "_ownerid_value": u.ID, "createdon": created,
		})
	}
	return s
}

func (s *state) user(name string) *User {
	return s.findUser(func(u User) bool { return strings.EqualFold(u.Username, name) })
}

func (s *state) findUser(matches func(User) bool) *User {
	return sandbox.Find(s.users, matches)
}
