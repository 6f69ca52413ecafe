package google

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// lookUp finds a user of the caller's customer: by the primary address, an alias, or the id.
func (c *caller) lookUp() (sandbox.Response, *apiError) {
	if err := c.administers(); err != nil {
		return sandbox.Response{}, err
	}
	found := c.server.state.user(c.named[0])
	switch {
	case found == nil || found.Deleted:
		return sandbox.Response{}, newAPIError("notFound").saying("Resource Not Found: userKey")
	case found.CustomerID != c.user.CustomerID:
		return sandbox.Response{}, newAPIError("forbidden")
	}
	return jsonResponse(http.StatusOK, entry(*found)), nil
}

// list lists the users of the caller's customer.
func (c *caller) list() (sandbox.Response, *apiError) {
	if err := c.administers(); err != nil {
		return sandbox.Response{}, err
	}
	query := c.call.Request.URL.Query()
	asked, domain := query.Get("customer"), query.Get("domain")
	if asked == "my_customer" {
		asked = c.user.CustomerID
	}
	if asked == "" && domain == "" {
		return sandbox.Response{}, newAPIError("badRequest")
	}
	var entries []map[string]any
	for _, u := range c.server.state.users {
		if u.CustomerID == c.user.CustomerID && !u.Deleted &&
			(u.CustomerID == asked || strings.EqualFold(u.Domain(), domain)) {
			entries = append(entries, entry(u))
		}
	}
	return jsonResponse(http.StatusOK, map[string]any{"kind": "admin#directory#users", "etag": `"u1"`, "users": entries}), nil
}

// administers checks the administrator's role: a scope alone does not open the directory.
func (c *caller) administers() *apiError {
	if !c.user.Admin {
		return newAPIError("forbidden")
	}
	return nil
}

// entry is the directory's view of a user.
func entry(u User) map[string]any {
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
