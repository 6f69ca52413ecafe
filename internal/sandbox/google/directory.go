package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// getUser finds a user of the caller's customer by primary address, alias or id.
func (c *caller) getUser() (sandbox.Response, *apiError) {
	if err := c.requireAdmin(); err != nil {
		return sandbox.Response{}, err
	}
	found := c.server.Find(c.pathParameters[0])
	switch {
	case found == nil || found.Deleted:
		return sandbox.Response{}, newAPIError("notFound").withMessage("Resource Not Found: userKey")
	case found.CustomerID != c.user.CustomerID:
		return sandbox.Response{}, newAPIError("forbidden")
	}
	return jsonResponse(http.StatusOK, directoryUser(*found)), nil
}

// requireAdmin checks that the caller is an administrator: a scope alone does not grant access to the directory.
func (c *caller) requireAdmin() *apiError {
	if !c.user.Admin {
		return newAPIError("forbidden")
	}
	return nil
}

// directoryUser is a user in the form of the Directory API.
func directoryUser(u User) map[string]any {
	aliases := u.Aliases
	if aliases == nil {
		aliases = []string{}
	}
	return map[string]any{
		"kind": "admin#directory#user", "id": u.ID, "etag": `"e1"`, "primaryEmail": u.Email, "customerId": u.CustomerID,
		"name":    map[string]string{"givenName": u.GivenName, "familyName": u.FamilyName, "fullName": u.Name()},
		"isAdmin": u.Admin, "isDelegatedAdmin": false, "suspended": u.Suspended, "archived": u.Archived, "aliases": aliases,
		"isMailboxSetup": u.Mail, "orgUnitPath": "/", "changePasswordAtNextLogin": false, "agreedToTerms": true,
	}
}
