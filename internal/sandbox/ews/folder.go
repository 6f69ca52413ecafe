package ews

import (
	"encoding/base64"
	"errors"
	"strings"
)

// folder is one folder of a mailbox; every mailbox has the same ones.
type folder struct {
	id      string // the distinguished name
	element string // Folder, CalendarFolder …
	class   string
	display string
	parent  string
	right   func(Account) bool // what it takes to open it; nil: nothing
}

// folders are in the order in which FindFolder lists them.
var folders = []folder{
	{id: "root", element: "Folder", display: "Root"},
	{id: "msgfolderroot", element: "Folder", display: "Top of Information Store", parent: "root"},
	{id: "calendar", element: "CalendarFolder", class: "IPF.Appointment", display: "Calendar", parent: "msgfolderroot",
		right: func(a Account) bool { return a.Calendar }},
	{id: "contacts", element: "ContactsFolder", class: "IPF.Contact", display: "Contacts", parent: "msgfolderroot",
		right: func(a Account) bool { return a.Contacts }},
	mailFolder("deleteditems", "Deleted Items"), mailFolder("drafts", "Drafts"), mailFolder("inbox", "Inbox"),
	mailFolder("junkemail", "Junk Email"), mailFolder("outbox", "Outbox"), mailFolder("sentitems", "Sent Items"),
	{id: "tasks", element: "TasksFolder", class: "IPF.Task", display: "Tasks", parent: "msgfolderroot"},
}

func mailFolder(id, display string) folder {
	return folder{
		id: id, element: "Folder", class: "IPF.Note", display: display, parent: "msgfolderroot",
		right: func(a Account) bool { return a.Mail },
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

// place is a folder in somebody's mailbox, or an item in it.
type place struct {
	owner  Account
	folder folder
	item   string // empty: the folder itself
}

// id is the identifier that clients are given; they must not look into it.
func (p place) id() string {
	raw := strings.Join([]string{"\x00\x00SIM", p.owner.SID, p.folder.id, p.item}, "\x1f")
	return "AAMk" + base64.StdEncoding.EncodeToString([]byte(raw))
}

// parentID is the identifier of the folder around.
func (p place) parentID() string {
	if p.item == "" {
		p.folder.id = p.folder.parent
	}
	p.item = ""
	return p.id()
}

var errMalformedID = errors.New("malformed id")

// locate finds the place of an identifier.
func (s *Service) locate(id string) (place, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(id, "AAMk"))
	if err != nil {
		return place{}, errMalformedID
	}
	parts := strings.Split(string(raw), "\x1f")
	if len(parts) != 4 {
		return place{}, errMalformedID
	}
	owner, known := s.directory.lookup(func(a *Account) bool { return a.SID == parts[1] })
	f, ok := folderNamed(parts[2])
	if !known || !ok {
		return place{}, errMalformedID
	}
	return place{owner: owner, folder: f, item: parts[3]}, nil
}

// folderPlace finds the folder that a request names, by identifier or by distinguished name, and checks the rights.
func (r *request) folderPlace(id *node) (place, *soapError) {
	if id.name == "FolderId" {
		p, err := r.service.locate(id.attr("Id"))
		if err != nil || p.item != "" {
			return place{}, newSOAPError("ErrorInvalidIdMalformed")
		}
		return p, r.open(p)
	}
	f, ok := folderNamed(id.attr("Id"))
	if !ok {
		return place{}, newSOAPError("ErrorFolderNotFound")
	}
	p := place{owner: r.caller, folder: f}
	if mailbox := id.child("Mailbox", "EmailAddress"); mailbox != nil {
		owner, found := r.service.directory.mailbox(mailbox.value())
		if !found {
			return place{}, newSOAPError("ErrorNonExistentMailbox")
		}
		p.owner = owner
	}
	return p, r.open(p)
}

// open tells why the caller may not open the place; nil if it may. Of somebody else's folders Exchange says that they
// do not exist rather than that they are forbidden.
func (r *request) open(p place) *soapError {
	own := p.owner.SID == r.caller.SID
	switch {
	case !p.owner.Mailbox && own:
		return newSOAPError("ErrorMissingEmailAddress")
	case !p.owner.Mailbox:
		return newSOAPError("ErrorNonExistentMailbox")
	case !own && !p.owner.admits(r.caller, p.folder.id):
		return newSOAPError("ErrorFolderNotFound")
	case p.folder.right == nil:
		return nil
	case !p.folder.right(p.owner), !p.folder.right(r.caller), r.actor.Application == "" && !p.folder.right(r.actor.Account):
		return newSOAPError("ErrorAccessDenied")
	}
	return nil
}
