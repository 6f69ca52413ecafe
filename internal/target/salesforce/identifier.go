package salesforce

import (
	"errors"
	"regexp"
)

// organizationPattern matches an id of 15 characters, or of 18: the last three encode the letter case, for programs that ignore
// case (Salesforce, SOAP API developer guide, "ID field type"). The ids of organizations begin with 00D.
var organizationPattern = regexp.MustCompile(`^00D[0-9A-Za-z]{12}([0-9A-Z]{3})?$`)

func checkOrganizationID(value string) error {
	if !organizationPattern.MatchString(value) {
		return errors.New("must be the id of an organization: 15 or 18 letters and digits that begin with 00D")
	}
	return nil
}

// shortID returns the form of 15 characters, which is case-sensitive.
func shortID(id string) string {
	const short, long = 15, 18
	if len(id) == long {
		return id[:short]
	}
	return id
}
