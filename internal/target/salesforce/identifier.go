package salesforce

import (
	"errors"
	"regexp"
)

// organizationPattern is an id of 15 characters, or with the three that make its letter case known to programs that do not
// tell it (Salesforce, SOAP API developer guide, "ID field type"). Organisations' ids begin with 00D.
var organizationPattern = regexp.MustCompile(`^00D[0-9A-Za-z]{12}([0-9A-Z]{3})?$`)

func checkOrganizationID(value string) error {
	if !organizationPattern.MatchString(value) {
		return errors.New("must be the id of an organisation: 15 or 18 letters and digits that begin with 00D")
	}
	return nil
}

// shortID is the form of 15 characters, whose letter case counts.
func shortID(id string) string {
	const short, long = 15, 18
	if len(id) == long {
		return id[:short]
	}
	return id
}
