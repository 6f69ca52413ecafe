package dynamics365

import "github.com/google/uuid"

// table describes a table of every environment.
type table struct {
	logical, schema, set, key, name string
	activity                        bool
	// mayRead reports whether a user may read the table. privilege is the required one.
	mayRead   func(User) bool
	privilege string
}

// knownTables are the tables that have rows in the stand-in.
func knownTables() []table {
	contacts := func(u User) bool { return u.ReadContacts }
	activities := func(u User) bool { return u.ReadActivities }
	return []table{
		{"systemuser", "SystemUser", "systemusers", "systemuserid", "fullname", false,
			func(u User) bool { return u.ReadUsers }, "prvReadUser"},
		{"organization", "Organization", "organizations", "organizationid", "name", false,
			func(u User) bool { return u.ReadOrganization }, "prvReadOrganization"},
		{"contact", "Contact", "contacts", "contactid", "fullname", false, contacts, "prvReadContact"},
		{"account", "Account", "accounts", "accountid", "name", false, contacts, "prvReadAccount"},
		{"appointment", "Appointment", "appointments", "activityid", "subject", true, activities, "prvReadActivity"},
		{"email", "Email", "emails", "activityid", "subject", true, activities, "prvReadActivity"},
	}
}

// tables returns the definitions of the tables.
func tables() []row {
	all := make([]row, 0, len(knownTables()))
	for i, t := range knownTables() {
		all = append(all, definition(t, i+1, false))
	}
	return all
}

func definition(t table, number int, custom bool) row {
	return row{
		"MetadataId": uuid.NewSHA1(uuid.NameSpaceOID, []byte(t.logical)).String(), "LogicalName": t.logical, "SchemaName": t.schema,
		"EntitySetName": t.set, "PrimaryIdAttribute": t.key, "PrimaryNameAttribute": t.name, "OwnershipType": "UserOwned",
		"IsActivity": t.activity, "IsCustomEntity": custom, "ObjectTypeCode": number, "IntroducedVersion": "5.0.0.0",
	}
}

func customTable(logical string) row {
	return definition(table{
		logical: logical, schema: logical, set: logical + "s", key: logical + "id", name: logical + "_name",
	}, 10000, true)
}
