package office365

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// item is an item of a mailbox. Its content is derived from its place, so every mailbox has some items and nothing
// needs to be stored.
type item struct {
	value object
	// name is a well-known name of the item, such as inbox; empty for most items.
	name string
}

// mailboxContent is the content of a mailbox.
type mailboxContent struct {
	folders, inbox, sent, events, calendars, contacts []item
}

// folderProperties are the properties that are returned by default. wellKnownName is only for finding folders.
var folderProperties = []string{
	"id", "displayName", "parentFolderId", "childFolderCount", "unreadItemCount", "totalItemCount", "sizeInBytes", "isHidden",
}

// newID returns an identifier that is as opaque as Exchange's.
func newID(owner *user, kind string, number int) string {
	return "AAMkA" + base64.URLEncoding.EncodeToString(fmt.Appendf(nil, "%s/%s/%d", owner.ID, kind, number))
}

// contentOf returns the content of a user's mailbox. Its times are relative to the start of the stand-in.
func contentOf(owner *user, started time.Time) mailboxContent {
	b := mailboxContent{
		inbox: []item{
			message(owner, "inbox", 1, "Welcome", "Your mailbox is ready.", started.Add(-48*time.Hour), true),
			message(owner, "inbox", 2, "Grüße aus dem Büro", "Lunch on Friday? — Mary", started.Add(-90*time.Minute), false),
		},
		sent: []item{message(owner, "sentitems", 1, "Re: Welcome", "Thank you!", started.Add(-47*time.Hour), true)},
		contacts: []item{
			contact(owner, 1, "Charles Babbage", "charles@example.com", "Analytical Engines", "+44 20 7946 0001", started),
			contact(owner, 2, "Mary Somerville", "mary@example.com", "Royal Astronomical Society", "+44 20 7946 0002", started),
		},
		calendars: []item{{name: "calendar", value: object{
			"id": newID(owner, "calendar", 0), "name": "Calendar", "color": "auto", "isDefaultCalendar": true, "canEdit": true,
			"owner": object{"name": owner.Name, "address": owner.account.Email},
		}}},
	}
	day := started.UTC().Truncate(24 * time.Hour)
	b.events = []item{
		event(owner, 1, "Weekly review", "Room 1", day.Add(33*time.Hour), time.Hour),
		event(owner, 2, "Customer call", "Phone", day.Add(62*time.Hour), 30*time.Minute),
	}
	for _, f := range []struct {
		name, title   string
		total, unread int
	}{
		{"inbox", "Inbox", len(b.inbox), 1}, {"sentitems", "Sent Items", len(b.sent), 0}, {"drafts", "Drafts", 0, 0},
		{"deleteditems", "Deleted Items", 0, 0}, {"junkemail", "Junk Email", 0, 0}, {"outbox", "Outbox", 0, 0},
	} {
		b.folders = append(b.folders, item{name: f.name, value: object{
			"id": newID(owner, f.name, 0), "displayName": f.title, "parentFolderId": newID(owner, "msgfolderroot", 0),
			"childFolderCount": 0, "unreadItemCount": f.unread, "totalItemCount": f.total, "sizeInBytes": 1024 * f.total,
			"isHidden": false,
		}})
	}
	return b
}

// messagesOf returns the messages of the folder in a path, or of all folders.
func (b mailboxContent) messagesOf(path []string) ([]item, *graphError) {
	if !strings.EqualFold(path[0], "mailFolders") || len(path) < 3 {
		return append(append([]item{}, b.inbox...), b.sent...), nil
	}
	for _, folder := range b.folders {
		if folder.value["id"] != path[1] && !strings.EqualFold(folder.name, path[1]) {
			continue
		}
		switch folder.name {
		case "inbox":
			return b.inbox, nil
		case "sentitems":
			return b.sent, nil
		}
		return nil, nil
	}
	return nil, newGraphError("ErrorItemNotFound", "")
}

func message(owner *user, folder string, number int, subject, body string, at time.Time, read bool) item {
	mary, self := address("Mary Somerville", "mary@example.com"), address(owner.Name, owner.account.Email)
	from, to := mary, self
	if folder == "sentitems" {
		from, to = self, mary
	}
	return item{value: object{
		"id": newID(owner, folder, number), "subject": subject, "bodyPreview": body,
		"body": object{"contentType": "text", "content": body}, "from": from, "sender": from,
		"toRecipients": []object{to}, "ccRecipients": []object{}, "receivedDateTime": formatTime(at), "sentDateTime": formatTime(at),
		"createdDateTime": formatTime(at), "lastModifiedDateTime": formatTime(at), "isRead": read, "isDraft": false,
		"hasAttachments": false, "importance": "normal", "parentFolderId": newID(owner, folder, 0),
		"internetMessageId": fmt.Sprintf("<%s-%d.%s@example.com>", folder, number, owner.ID),
	}}
}

func event(owner *user, number int, subject, where string, at time.Time, length time.Duration) item {
	zoned := func(t time.Time) object {
		return object{"dateTime": t.UTC().Format("2006-01-02T15:04:05.0000000"), "timeZone": "UTC"}
	}
	return item{value: object{
		"id": newID(owner, "calendar", number), "subject": subject, "bodyPreview": subject + ".",
		"body":  object{"contentType": "text", "content": subject + "."},
		"start": zoned(at), "end": zoned(at.Add(length)), "location": object{"displayName": where}, "attendees": []object{},
		"organizer": address(owner.Name, owner.account.Email), "isAllDay": false, "isCancelled": false, "isOrganizer": true,
		"showAs": "busy", "type": "singleInstance", "iCalUId": newID(owner, "uid", number),
	}}
}

func contact(owner *user, number int, name, email, company, phone string, at time.Time) item {
	given, surname, _ := strings.Cut(name, " ")
	return item{value: object{
		"id": newID(owner, "contacts", number), "displayName": name, "givenName": given, "surname": surname,
		"companyName": company, "businessPhones": []string{phone}, "createdDateTime": formatTime(at),
		"lastModifiedDateTime": formatTime(at), "emailAddresses": []object{{"name": name, "address": email}},
	}}
}

func address(name, email string) object {
	return object{"emailAddress": object{"name": name, "address": email}}
}

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
