package office365

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// usualUser are the properties of a user that come without being selected
// (https://learn.microsoft.com/graph/api/resources/user).
var usualUser = []string{
	"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage",
	"surname", "userPrincipalName", "id",
}

// basicUser are those that everybody in the organisation may see: the permission User.ReadBasic.All.
var basicUser = []string{"displayName", "givenName", "surname", "mail", "userPrincipalName", "id"}

// The permissions to read the directory.
var (
	readUsers = []string{
		"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All",
	}
	readOneself      = append([]string{"User.Read", "User.ReadWrite"}, readUsers...)
	readOrganization = []string{
		"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
	}
)

// object is a user as Graph tells of it.
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

// me is who signed in.
func (c *caller) me() (sandbox.Response, *graphError) {
	if !c.has(readOneself...) {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	return c.userObject(c.user, true)
}

// directoryUser is one user of the directory.
func (c *caller) directoryUser(key string) (sandbox.Response, *graphError) {
	found := c.server.named(key)
	self := found != nil && c.user != nil && found.ID == c.user.ID
	all := c.has(readUsers...) || self && c.has(readOneself...)
	if !all && !c.has("User.ReadBasic.All") {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	if found == nil {
		return sandbox.Response{}, newGraphError("Request_ResourceNotFound",
			"Resource '%s' does not exist or one of its queried reference-property objects are not present.", key)
	}
	return c.userObject(found, all)
}

func (c *caller) userObject(u *user, all bool) (sandbox.Response, *graphError) {
	c.about(u)
	told, err := c.query.pick(visible(u.object(), all), "user", usualUser)
	if err != nil {
		return sandbox.Response{}, err
	}
	told["@odata.context"] = c.context("users/$entity")
	return jsonResponse(http.StatusOK, told), nil
}

// visible hides what a permission does not show: such properties are null.
func visible(u object, all bool) object {
	if all {
		return u
	}
	for name := range u {
		if !slices.Contains(basicUser, name) {
			u[name] = nil
		}
	}
	return u
}

// users lists the directory.
func (c *caller) users() (sandbox.Response, *graphError) {
	all := c.has(readUsers...)
	if !all && !c.has("User.ReadBasic.All") {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	if c.query.count && !c.query.eventual {
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
	if err := c.query.sortBy(list); err != nil {
		return sandbox.Response{}, err
	}
	for i := range list {
		if list[i], err = c.query.pick(visible(list[i], all), "user", usualUser); err != nil {
			return sandbox.Response{}, err
		}
	}
	return jsonResponse(http.StatusOK, c.query.page(list, 100, c.context("users"), c.self())), nil
}

// organization is the tenant, as a list of one or by its id. A user who signed in may see its name.
func (c *caller) organization(rest []string) (sandbox.Response, *graphError) {
	if !c.has(readOrganization...) && (c.user == nil || !c.has(readOneself...)) {
		return sandbox.Response{}, newGraphError("Authorization_RequestDenied", "")
	}
	var domains []object
	for i, name := range c.server.Entra.Tenant().Domains {
		domains = append(domains, object{
			"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": i == 0,
			"isInitial": strings.HasSuffix(name, ".onmicrosoft.com"), "name": name, "type": "Managed",
		})
	}
	told, err := c.query.pick(object{
		"id": c.tenant, "displayName": c.server.Entra.Tenant().Name, "tenantType": "AAD",
		"verifiedDomains": domains,
	}, "organization", []string{"id", "displayName", "tenantType", "verifiedDomains"})
	switch {
	case err != nil:
		return sandbox.Response{}, err
	case len(rest) == 0:
		return jsonResponse(http.StatusOK, c.query.page([]object{told}, 100, c.context("organization"), c.self())), nil
	case len(rest) == 1 && strings.EqualFold(rest[0], c.tenant):
		told["@odata.context"] = c.context("organization/$entity")
		return jsonResponse(http.StatusOK, told), nil
	}
	return sandbox.Response{}, newGraphError("Request_ResourceNotFound",
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", rest[0])
}

// about records whose data the call is about.
func (c *caller) about(u *user) {
	who := c.app
	if c.user != nil {
		who = c.user.UPN
	}
	whose := u.account.Email
	if whose == "" {
		whose = u.UPN
	}
	c.call.SetUser(who, whose)
}
