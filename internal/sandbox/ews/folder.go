package ews

import (
	"encoding/base64"
	"errors"
	"strings"
)

// folder is a folder of a mailbox. All mailboxes have the same folders.
type folder struct {
	id      string // the distinguished name
	element string // Folder, CalendarFolder …
	class   string
	display string
	parent  string
	allows  func(Account) bool // the right to open it; nil means no right is required
}

// folders are the folders in the order of FindFolder.
var folders = []folder{
	{id: "root", element: "Folder", display: "Root"},
	{id: "msgfolderroot", element: "Folder", display: "Top of Information Store", parent: "root"},
	{id: "calendar", element: "CalendarFolder", class: "IPF.Appointment", display: "Calendar", parent: "msgfolderroot",
		allows: func(a Account) bool { return a.Calendar }},
	{id: "contacts", element: "ContactsFolder", class: "IPF.Contact", display: "Contacts", parent: "msgfolderroot",
		allows: func(a Account) bool { return a.Contacts }},
	mailFolder("deleteditems", "Deleted Items"), mailFolder("drafts", "Drafts"), mailFolder("inbox", "Inbox"),
	mailFolder("junkemail", "Junk Email"), mailFolder("outbox", "Outbox"), mailFolder("sentitems", "Sent Items"),
	{id: "tasks", element: "TasksFolder", class: "IPF.Task", display: "Tasks", parent: "msgfolderroot"},
}

func mailFolder(id, display string) folder {
	return folder{
		id: id, element: "Folder", class: "IPF.Note", display: display, parent: "msgfolderroot",
		allows: func(a Account) bool { return a.Mail },
	}
}

func folderNamed(id string) (folder, bool) {
	for _, f := range folders {
		if strings.EqualFold(f.id, id) {
			return f, true
		}
	}
	return folder{}, false
}

// location is a folder in a mailbox, or an item in it.
type location struct {
	owner  Account
	folder folder
	item   string // empty for the folder itself
}

// id is the identifier for clients. It is opaque.
func (p location) id() string {
	raw := strings.Join([]string{"\x00\x00SIM", p.owner.SID, p.folder.id, p.item}, "\x1f")
	return "AAMk" + base64.StdEncoding.EncodeToString([]byte(raw))
}

// parentID is the identifier of the parent folder.
func (p location) parentID() string {
	if p.item == "" {
		p.folder.id = p.folder.parent
	}
	p.item = ""
	return p.id()
}

var errMalformedID = errors.New("malformed id")

// parseID returns the location of an identifier.
func (s *Service) parseID(id string) (location, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(id, "AAMk"))
	if err != nil {
		return location{}, errMalformedID
	}
	parts := strings.Split(string(raw), "\x1f")
	if len(parts) != 4 {
		return location{}, errMalformedID
	}
	owner, known := s.directory.lookup(func(a Account) bool { return a.SID == parts[1] })
	f, ok := folderNamed(parts[2])
	if !known || !ok {
		return location{}, errMalformedID
	}
	return location{owner: owner, folder: f, item: parts[3]}, nil
}

// resolveFolder returns the folder that a request names by identifier or by distinguished name, and checks the rights.
func (r *request) resolveFolder(id *node) (location, *soapError) {
	if id.name == "FolderId" {
		p, err := r.service.parseID(id.attr("Id"))
		if err != nil || p.item != "" {
			return location{}, newSOAPError("ErrorInvalidIdMalformed")
		}
		return p, r.checkAccess(p)
	}
	f, ok := folderNamed(id.attr("Id"))
	if !ok {
		return location{}, newSOAPError("ErrorFolderNotFound")
	}
	p := location{owner: r.caller, folder: f}
	if mailbox := id.child("Mailbox", "EmailAddress"); mailbox != nil {
		owner, found := r.service.directory.mailbox(mailbox.value())
		if !found {
			return location{}, newSOAPError("ErrorNonExistentMailbox")
		}
		p.owner = owner
	}
	return p, r.checkAccess(p)
}

// checkAccess returns an error if the caller may not open the location. For folders of other users Exchange reports
// that they do not exist, not that access is denied.
func (r *request) checkAccess(p location) *soapError {
	own := p.owner.SID == r.caller.SID
	switch {
	case !p.owner.Mailbox && own:
		return newSOAPError("ErrorMissingEmailAddress")
	case !p.owner.Mailbox:
		return newSOAPError("ErrorNonExistentMailbox")
	case !own && !p.owner.allowsDelegate(r.caller, p.folder.id):
		return newSOAPError("ErrorFolderNotFound")
	case p.folder.allows == nil:
		return nil
	case !p.folder.allows(p.owner), !p.folder.allows(r.caller), r.actor.Application == "" && !p.folder.allows(r.actor.Account):
		return newSOAPError("ErrorAccessDenied")
	}
	return nil
}
