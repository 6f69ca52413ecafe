package office365

import (
	"net/http"
	"slices"
	"strings"
	"time"

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
	case "calendarview":
		return c.calendarView(content.events, base)
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
		return c.settings(owner, base, key)
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
	if err := c.query.sortBy(values); err != nil {
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
	if defaults == nil {
		for name := range i.value {
			defaults = append(defaults, name)
		}
	}
	value, err := c.query.selectProperties(i.value, kind, defaults)
	if err != nil {
		return nil, err
	}
	value["id"] = i.value["id"]
	return value, nil
}

// calendarView lists the events of a time span, which is required.
func (c *caller) calendarView(events []item, base string) (sandbox.Response, *graphError) {
	var ends [2]time.Time
	for n, name := range []string{"startDateTime", "endDateTime"} {
		at, err := parseTime(c.query.values.Get(name))
		if err != nil {
			return sandbox.Response{}, newGraphError("ErrorInvalidParameter",
				"This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.")
		}
		ends[n] = at
	}
	var found []item
	for _, e := range events {
		if e.until.After(ends[0]) && e.at.Before(ends[1]) {
			found = append(found, e)
		}
	}
	return c.list(found, "event", base+"calendarView", nil)
}

func parseTime(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	return time.Parse("2006-01-02T15:04:05.9999999", text) // no zone means UTC
}

// settings returns the settings of a mailbox, or one of them.
func (c *caller) settings(owner *user, base, key string) (sandbox.Response, *graphError) {
	all := object{
		"archiveFolder": newID(owner, "archive", 0), "timeZone": "UTC", "dateFormat": "dd/MM/yyyy", "timeFormat": "HH:mm",
		"userPurpose": owner.purpose(), "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
	}
	if key != "" {
		name, ok := property(all, key)
		if !ok {
			return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", key)
		}
		return jsonResponse(http.StatusOK, object{
			"@odata.context": c.context(base + "mailboxSettings/" + name), "value": all[name],
		}), nil
	}
	var defaults []string
	for name := range all {
		defaults = append(defaults, name)
	}
	value, err := c.query.selectProperties(all, "mailboxSettings", defaults)
	if err != nil {
		return sandbox.Response{}, err
	}
	value["@odata.context"] = c.context(base + "mailboxSettings")
	return jsonResponse(http.StatusOK, value), nil
}
