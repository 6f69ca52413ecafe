package office365

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// defaultUserProperties are the properties of a user that are returned by default
// (https://learn.microsoft.com/graph/api/resources/user).
var defaultUserProperties = []string{
	"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage",
	"surname", "userPrincipalName", "id",
}

// basicUserProperties are the properties that the permission User.ReadBasic.All allows to read.
var basicUserProperties = []string{"displayName", "givenName", "surname", "mail", "userPrincipalName", "id"}

// The permissions to read the directory.
var (
	readUsers = []string{
		"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All",
	}
	readSelf         = append([]string{"User.Read", "User.ReadWrite"}, readUsers...)
	readOrganization = []string{
		"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
	}
)

// object returns the user in the form of Graph.
func (u *user) object() object {
	given, surname, _ := strings.Cut(u.Name, " ")
	nickname, _, _ := strings.Cut(u.UPN, "@")
	var mail any
	if u.account.Email != "" {
		mail = u.account.Email
	}
	return object{
		"id": u.ID, "userPrincipalName": u.UPN, "mail": mail, "displayName": u.Name, "givenName": given,
		"surname": surname, "accountEnabled": u.Enabled, "proxyAddresses": u.proxyAddresses(), "mailNickname": nickname,
		"userType": "Member", "businessPhones": []string{}, "jobTitle": nil, "mobilePhone": nil, "officeLocation": nil,
		"preferredLanguage": nil,
	}
}

// me returns the signed-in user.
func (c *caller) me() (sandbox.Response, *graphError) {
	if !c.hasPermission(readSelf...) {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	return c.userObject(c.user, true)
}

// directoryUser returns one user of the directory.
func (c *caller) directoryUser(key string) (sandbox.Response, *graphError) {
	found := c.server.findUser(key)
	self := found != nil && c.user != nil && found.ID == c.user.ID
	all := c.hasPermission(readUsers...) || self && c.hasPermission(readSelf...)
	if !all && !c.hasPermission("User.ReadBasic.All") {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	if found == nil {
		return sandbox.Response{}, newGraphError("Request_ResourceNotFound",
			"Resource '%s' does not exist or one of its queried reference-property objects are not present.", key)
	}
	return c.userObject(found, all)
}

func (c *caller) userObject(u *user, all bool) (sandbox.Response, *graphError) {
	c.recordUser(u)
	value, err := c.query.selectProperties(hideUnreadable(u.object(), all), "user", defaultUserProperties)
	if err != nil {
		return sandbox.Response{}, err
	}
	value["@odata.context"] = c.context("users/$entity")
	return jsonResponse(http.StatusOK, value), nil
}

// hideUnreadable sets the properties to null that the permission does not allow to read.
func hideUnreadable(u object, all bool) object {
	if all {
		return u
	}
	for name := range u {
		if !slices.Contains(basicUserProperties, name) {
			u[name] = nil
		}
	}
	return u
}

// users lists the directory.
func (c *caller) users() (sandbox.Response, *graphError) {
	all := c.hasPermission(readUsers...)
	if !all && !c.hasPermission("User.ReadBasic.All") {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	if c.query.Count && !c.query.eventual {
		return sandbox.Response{}, newGraphError("Request_BadRequest", "$count is not currently supported.")
	}
	var list []object
	for _, u := range c.server.users() {
		list = append(list, u.object())
	}
	list, err := c.query.apply(list)
	if err != nil {
		return sandbox.Response{}, err
	}
	for i := range list {
		if list[i], err = c.query.selectProperties(hideUnreadable(list[i], all), "user", defaultUserProperties); err != nil {
			return sandbox.Response{}, err
		}
	}
	return jsonResponse(http.StatusOK, c.query.page(list, 100, c.context("users"), c.self())), nil
}

// organization returns the tenant, as a list or by its id. A signed-in user may read its name.
func (c *caller) organization(rest []string) (sandbox.Response, *graphError) {
	if !c.hasPermission(readOrganization...) && (c.user == nil || !c.hasPermission(readSelf...)) {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	var domains []object
	for i, name := range c.server.Entra.Tenant().Domains {
		domains = append(domains, object{
			"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": i == 0,
			"isInitial": strings.HasSuffix(name, ".onmicrosoft.com"), "name": name, "type": "Managed",
		})
	}
	value, err := c.query.selectProperties(object{
		"id": c.tenant, "displayName": c.server.Entra.Tenant().Name, "tenantType": "AAD",
		"verifiedDomains": domains,
	}, "organization", []string{"id", "displayName", "tenantType", "verifiedDomains"})
	switch {
	case err != nil:
		return sandbox.Response{}, err
	case len(rest) == 0:
		return jsonResponse(http.StatusOK, c.query.page([]object{value}, 100, c.context("organization"), c.self())), nil
	case len(rest) == 1 && strings.EqualFold(rest[0], c.tenant):
		value["@odata.context"] = c.context("organization/$entity")
		return jsonResponse(http.StatusOK, value), nil
	}
	return sandbox.Response{}, newGraphError("Request_ResourceNotFound",
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", rest[0])
}

// recordUser records the user whose data the call reads.
func (c *caller) recordUser(u *user) {
	caller := c.app
	if c.user != nil {
		caller = c.user.UPN
	}
	account := u.account.Email
	if account == "" {
		account = u.UPN
	}
	c.call.SetUser(caller, account)
}
