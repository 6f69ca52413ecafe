package office365

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// mailbox serves what is in somebody's mailbox. The key is how the call named the user.
func (c *caller) mailbox(owner *user, key string, path []string) (sandbox.Response, *graphError) {
	right, ok := rightTo(mailboxOperation(path))
	if !ok {
		return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", path[0])
	}
	if err := c.open(owner, key, right); err != nil {
		return sandbox.Response{}, err
	}
	return c.content(owner, path)
}

// open checks whether the caller may open the mailbox for something.
func (c *caller) open(owner *user, key, right string) *graphError {
	own := owner != nil && c.user != nil && owner.ID == c.user.ID
	if !c.may(right, own) {
		return newGraphError("ErrorAccessDenied", "")
	}
	if owner == nil {
		return newGraphError("ErrorInvalidUser", "The requested user '%s' is invalid.", key)
	}
	c.about(owner)
	switch {
	case !owner.account.Mailbox:
		return newGraphError("MailboxNotEnabledForRESTAPI", "")
	case !owner.allows(right):
		return newGraphError("ErrorAccessDenied", "")
	case owner.mailbox.Blocked && c.user == nil:
		return newGraphError("ErrorAccessDenied",
			"%s", accessPolicy)
	case c.user != nil && !own && !c.user.account.FullAccess:
		return newGraphError("ErrorItemNotFound", "")
	}
	return nil
}

// rightTo is the permission that an operation on a mailbox needs, as in Mail.Read.
func rightTo(operation string) (string, bool) {
	right, ok := map[string]string{
		opFolders: "Mail", opMessages: "Mail", opCalendar: "Calendars", opEvents: "Calendars", opContacts: "Contacts",
		opSettings: "MailboxSettings",
	}[operation]
	return right, ok
}

// may tells whether the token, or for an app its role in Exchange, gives the right: to the user's own mailbox, or to any.
func (c *caller) may(right string, own bool) bool {
	own = own || c.user == nil // an app's permissions are for all mailboxes
	given := c.rights
	if c.user == nil {
		given = append(slices.Clone(given), c.server.Tenant().ExchangeRoles...)
	}
	for _, permission := range given {
		kind, access, _ := strings.Cut(permission, ".")
		shared := strings.HasSuffix(access, ".Shared")
		access = strings.TrimSuffix(access, ".Shared")
		readable := access == "Read" || access == "ReadWrite" || kind == "Calendars" && access == "ReadBasic" && right != "Mail"
		if strings.EqualFold(kind, right) && readable && (own || shared) {
			return true
		}
	}
	return false
}

// content serves a path in a mailbox that is open.
func (c *caller) content(owner *user, path []string) (sandbox.Response, *graphError) {
	base := "users('" + owner.ID + "')/"
	last, key := path[len(path)-1], ""
	if operation := mailboxOperation([]string{last}); operation == "" && len(path) > 1 {
		last, key = path[len(path)-2], last
	}
	box := mailboxOf(owner, c.server.started)
	switch strings.ToLower(last) {
	case "mailfolders":
		return c.items(box.folders, key, "mailFolder", base+"mailFolders", folderProperties)
	case "messages":
		messages, err := box.messagesOf(path)
		if err != nil {
			return sandbox.Response{}, err
		}
		return c.items(messages, key, "message", base+"messages", nil)
	case "events":
		return c.items(box.events, key, "event", base+"events", nil)
	case "calendarview":
		return c.calendarView(box.events, base)
	case "calendar":
		if key != "" {
			return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", key)
		}
		return c.items(box.calendars, "calendar", "calendar", base+"calendar", nil)
	case "calendars":
		return c.items(box.calendars, key, "calendar", base+"calendars", nil)
	case "contacts":
		return c.items(box.contacts, key, "contact", base+"contacts", nil)
	case "mailboxsettings":
		return c.settings(owner, base, key)
	}
	return sandbox.Response{}, newGraphError("BadRequest", "Resource not found for the segment '%s'.", last)
}

// items serves a list of a mailbox, or the one of it with an id or a well-known name.
func (c *caller) items(list []item, key, kind, context string, usual []string) (sandbox.Response, *graphError) {
	if key == "" {
		return c.list(list, kind, context, usual)
	}
	for _, i := range list {
		if i.value["id"] != key && (i.name == "" || !strings.EqualFold(i.name, key)) {
			continue
		}
		told, err := c.present(i, kind, usual)
		if err != nil {
			return sandbox.Response{}, err
		}
		told["@odata.context"] = c.context(context + "/$entity")
		return jsonResponse(http.StatusOK, told), nil
	}
	return sandbox.Response{}, newGraphError("ErrorItemNotFound", "")
}

func (c *caller) list(list []item, kind, context string, usual []string) (sandbox.Response, *graphError) {
	values := make([]object, 0, len(list))
	for _, i := range list {
		values = append(values, i.value)
	}
	if err := c.query.sortBy(values); err != nil {
		return sandbox.Response{}, err
	}
	for n, value := range values {
		told, err := c.present(item{value: value}, kind, usual)
		if err != nil {
			return sandbox.Response{}, err
		}
		values[n] = told
	}
	return jsonResponse(http.StatusOK, c.query.page(values, 10, c.context(context), c.self())), nil
}

// present is an item with the properties that were asked for; its id always comes with them.
func (c *caller) present(i item, kind string, usual []string) (object, *graphError) {
	if usual == nil {
		for name := range i.value {
			usual = append(usual, name)
		}
	}
	told, err := c.query.pick(i.value, kind, usual)
	if err != nil {
		return nil, err
	}
	told["id"] = i.value["id"]
	return told, nil
}

// calendarView lists the events of a span of time, which has to be given.
func (c *caller) calendarView(events []item, base string) (sandbox.Response, *graphError) {
	var ends [2]time.Time
	for n, name := range []string{"startDateTime", "endDateTime"} {
		at, err := readTime(c.query.values.Get(name))
		if err != nil {
			return sandbox.Response{}, newGraphError("ErrorInvalidParameter", "This request requires a time window specified by the query "+
				"string parameters StartDateTime and EndDateTime.")
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

func readTime(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	return time.Parse("2006-01-02T15:04:05.9999999", text) // UTC without a zone
}

// settings are those of a mailbox, or one of them.
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
	var usual []string
	for name := range all {
		usual = append(usual, name)
	}
	told, err := c.query.pick(all, "mailboxSettings", usual)
	if err != nil {
		return sandbox.Response{}, err
	}
	told["@odata.context"] = c.context(base + "mailboxSettings")
	return jsonResponse(http.StatusOK, told), nil
}
