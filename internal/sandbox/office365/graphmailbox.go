package office365

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// mailbox serves the content of a mailbox. key is the name of the user in the path.
func (c *caller) mailbox(owner *user, key string, path []string) (sandbox.Response, *graphError) {
	permission, ok := permissionFor(mailboxOperation(path))
	if !ok {
		return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", path[0])
	}
	if err := c.checkMailboxAccess(owner, key, permission); err != nil {
		return sandbox.Response{}, err
	}
	return c.content(owner, path)
}

// checkMailboxAccess checks whether the caller may access the mailbox with a permission.
func (c *caller) checkMailboxAccess(owner *user, key, permission string) *graphError {
	own := owner != nil && c.user != nil && owner.ID == c.user.ID
	if !c.mayAccess(permission, own) {
		return newGraphError("ErrorAccessDenied", "")
	}
	if owner == nil {
		return newGraphError("ErrorInvalidUser", "The requested user '%s' is invalid.", key)
	}
	c.recordUser(owner)
	switch {
	case !owner.account.Mailbox:
		return newGraphError("MailboxNotEnabledForRESTAPI", "")
	case !owner.allows(permission):
		return newGraphError("ErrorAccessDenied", "")
	case owner.mailbox.Blocked && c.user == nil:
		return newGraphError("ErrorAccessDenied",
			"%s", accessPolicy)
	case c.user != nil && !own && !c.user.account.FullAccess:
		return newGraphError("ErrorItemNotFound", "")
	}
	return nil
}

// permissionFor returns the permission that an operation on a mailbox requires, such as Mail for Mail.Read.
func permissionFor(operation string) (string, bool) {
	permission, ok := map[string]string{
		opFolders: "Mail", opMessages: "Mail", opCalendar: "Calendars", opEvents: "Calendars", opContacts: "Contacts",
		opSettings: "MailboxSettings",
	}[operation]
	return permission, ok
}

// mayAccess reports whether the token, or the role of an app in Exchange, has the permission for the user's own mailbox
// or for any mailbox.
func (c *caller) mayAccess(required string, own bool) bool {
	own = own || c.user == nil // an app's permissions are for all mailboxes
	granted := c.permissions
	if c.user == nil {
		granted = append(slices.Clone(granted), c.server.Tenant().ExchangeRoles...)
	}
	for _, permission := range granted {
		kind, access, _ := strings.Cut(permission, ".")
		shared := strings.HasSuffix(access, ".Shared")
		access = strings.TrimSuffix(access, ".Shared")
		readable := access == "Read" || access == "ReadWrite" || kind == "Calendars" && access == "ReadBasic" && required != "Mail"
		if strings.EqualFold(kind, required) && readable && (own || shared) {
			return true
		}
	}
	return false
}

// content serves a path in a mailbox after the access check.
func (c *caller) content(owner *user, path []string) (sandbox.Response, *graphError) {
	base := "users('" + owner.ID + "')/"
	last, key := path[len(path)-1], ""
	if operation := mailboxOperation([]string{last}); operation == "" && len(path) > 1 {
		last, key = path[len(path)-2], last
	}
	content := contentOf(owner, c.server.started)
	switch strings.ToLower(last) {
	case "mailfolders":
		return c.items(content.folders, key, "mailFolder", base+"mailFolders", folderProperties)
	case "messages":
		messages, err := content.messagesOf(path)
		if err != nil {
			return sandbox.Response{}, err
		}
		return c.items(messages, key, "message", base+"messages", nil)
	case "events":
		return c.items(content.events, key, "event", base+"events", nil)
	case "calendar":
		if key != "" {
			return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", key)
		}
		return c.items(content.calendars, "calendar", "calendar", base+"calendar", nil)
	case "calendars":
		return c.items(content.calendars, key, "calendar", base+"calendars", nil)
	case "contacts":
		return c.items(content.contacts, key, "contact", base+"contacts", nil)
	case "mailboxsettings":
		return c.setting(owner, base, key)
	}
	return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", last)
}

// items serves a list of a mailbox, or the item with an id or a well-known name.
func (c *caller) items(list []item, key, kind, context string, defaults []string) (sandbox.Response, *graphError) {
	if key == "" {
		return c.list(list, kind, context, defaults)
	}
	for _, i := range list {
		if i.value["id"] != key && (i.name == "" || !strings.EqualFold(i.name, key)) {
			continue
		}
		value, err := c.render(i, kind, defaults)
		if err != nil {
			return sandbox.Response{}, err
		}
		value["@odata.context"] = c.context(context + "/$entity")
		return jsonResponse(http.StatusOK, value), nil
	}
	return sandbox.Response{}, newGraphError("ErrorItemNotFound", "")
}

func (c *caller) list(list []item, kind, context string, defaults []string) (sandbox.Response, *graphError) {
	values := make([]object, 0, len(list))
	for _, i := range list {
		values = append(values, i.value)
	}
	values, err := c.query.apply(values)
	if err != nil {
		return sandbox.Response{}, err
	}
	for n, value := range values {
		value, err := c.render(item{value: value}, kind, defaults)
		if err != nil {
			return sandbox.Response{}, err
		}
		values[n] = value
	}
	return jsonResponse(http.StatusOK, c.query.page(values, 10, c.context(context), c.self())), nil
}

// render returns an item with the requested properties. The id is always included.
func (c *caller) render(i item, kind string, defaults []string) (object, *graphError) {
	value, err := c.query.selectProperties(i.value, kind, defaults)
	if err != nil {
		return nil, err
	}
	value["id"] = i.value["id"]
	return value, nil
}

// setting returns one of the settings of a mailbox.
func (c *caller) setting(owner *user, base, key string) (sandbox.Response, *graphError) {
	if !strings.EqualFold(key, "userPurpose") {
		return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", key)
	}
	return jsonResponse(http.StatusOK, object{
		"@odata.context": c.context(base + "mailboxSettings/userPurpose"), "value": owner.purpose(),
	}), nil
}
