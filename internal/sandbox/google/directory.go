package google

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// getUser finds a user of the caller's customer by primary address, alias or id.
func (c *caller) getUser() (sandbox.Response, *apiError) {
	if err := c.requireAdmin(); err != nil {
		return sandbox.Response{}, err
	}
	found := c.server.state.user(c.pathParameters[0])
	switch {
	case found == nil || found.Deleted:
		return sandbox.Response{}, newAPIError("notFound").withMessage("Resource Not Found: userKey")
	case found.CustomerID != c.user.CustomerID:
		return sandbox.Response{}, newAPIError("forbidden")
	}
	return jsonResponse(http.StatusOK, directoryUser(*found)), nil
}

// listUsers lists the users of the caller's customer.
func (c *caller) listUsers() (sandbox.Response, *apiError) {
	if err := c.requireAdmin(); err != nil {
		return sandbox.Response{}, err
	}
	query := c.call.Request.URL.Query()
	customerID, domain := query.Get("customer"), query.Get("domain")
	if customerID == "my_customer" {
		customerID = c.user.CustomerID
	}
	if customerID == "" && domain == "" {
		return sandbox.Response{}, newAPIError("badRequest")
	}
	var entries []map[string]any
	for _, u := range c.server.state.users {
		if u.CustomerID == c.user.CustomerID && !u.Deleted &&
			(u.CustomerID == customerID || strings.EqualFold(u.Domain(), domain)) {
			entries = append(entries, directoryUser(u))
		}
	}
	return jsonResponse(http.StatusOK, map[string]any{"kind": "admin#directory#users", "etag": `"u1"`, "users": entries}), nil
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
