package ews

import (
	"strconv"
	"strings"
)

// resolveNames finds users of the directory. An entry that begins with smtp: is one address; any other entry is the
// beginning of names and addresses.
func resolveNames(r *request) *element {
	const name = "ResolveNamesResponseMessage"
	if r.failed != nil {
		return response("ResolveNames", failure(name, r.failed))
	}
	found := r.service.directory.resolve(r.body.child("UnresolvedEntry").value())
	set := el("m:ResolutionSet").with("TotalItemsInView", strconv.Itoa(len(found))).with("IncludesLastItemInRange", "true")
	for _, account := range found {
		who := person{account.DisplayName, account.Email}
		resolution := el("t:Resolution", who.mailbox())
		if r.body.attr("ReturnFullContactData") == "true" {
			resolution.add(el("t:Contact",
				text("t:DisplayName", who.name), text("t:GivenName", who.given()),
				el("t:EmailAddresses", text("t:Entry", "SMTP:"+who.email).with("Key", "EmailAddress1")),
				text("t:ContactSource", "ActiveDirectory"), text("t:Surname", who.family())))
		}
		set.add(resolution)
	}
	switch len(found) {
	case 0:
		return response("ResolveNames", failure(name, newSOAPError("ErrorNameResolutionNoResults")))
	case 1:
		return response("ResolveNames", success(name, set))
	default:
		multiple := newSOAPError("ErrorNameResolutionMultipleResults")
		return response("ResolveNames", outcome("Warning", name, multiple, set))
	}
}

// resolve returns the accounts with a mailbox that match an entry.
func (d *Directory) resolve(entry string) []Account {
	var found []Account
	address, exact := strings.CutPrefix(strings.ToLower(entry), "smtp:")
	for _, account := range d.Users() {
		if !account.Mailbox {
			continue
		}
		if exact && account.hasAddress(address) || !exact && account.startsWith(address) {
			found = append(found, account)
		}
	}
	return found
}

func (a Account) startsWith(entry string) bool {
	for _, name := range append([]string{a.Name, a.Email, a.DisplayName}, strings.Fields(a.DisplayName)...) {
		if strings.HasPrefix(strings.ToLower(name), entry) {
			return true
		}
	}
	return false
}
