package dynamics365

import "github.com/google/uuid"

// state is the state that changes, apart from the users.
type state struct {
	organization Organization
	rows         map[string][]row // by entity set, without those of users and the organization
	tables       []row            // EntityDefinitions
}

func newState(seed Seed) state {
	s := state{organization: seed.Organization, rows: map[string][]row{}, tables: tables()}
	for i, u := range seed.Users {
		number := string(rune('A' + i%26))
		add := func(set, key, name, value string) {
			s.rows[set] = append(s.rows[set], row{
				key: uuid.NewString(), name: value + " " + number, "_ownerid_value": u.ID, "createdon": "2026-01-05T09:00:00Z",
			})
		}
		add("contacts", "contactid", "fullname", "Contact")
		add("appointments", "activityid", "subject", "Meeting")
		add("emails", "activityid", "subject", "Message")
		add("accounts", "accountid", "name", "Account")
	}
	return s
}
