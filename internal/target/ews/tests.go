package ews

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Run runs one of the tests General, Impersonation, Calendar, Contacts and Mail: for the account's mailbox, or the anchor's, if
// user is empty, else for the user with that primary address. SignIn must have been called: the general test of the account
// reports its result. Errors are *[target.Fault].
func (c *Client) Run(ctx context.Context, test target.Test, user string) (target.Text, error) {
	message, err := c.run(ctx, test, user)
	switch {
	case err != nil && user != "":
		return target.Text{}, c.explainUser(ctx, user, err)
	case err != nil:
		return target.Text{}, c.explainAccount(err)
	}
	return message, nil
}

func (c *Client) run(ctx context.Context, test target.Test, user string) (target.Text, error) {
	switch test {
	case target.General:
		return c.general(ctx, user)
	case target.Impersonation:
		return c.actFor(ctx, user)
	case target.Calendar:
		now := time.Now().UTC()
		view := &calendarView{Max: 1, Start: now.Format(time.RFC3339), End: now.AddDate(0, 0, 7).Format(time.RFC3339)}
		return target.Say("The calendar of %s can be read.", c.owner(user)), c.find(ctx, findItem{Calendar: view}, "calendar", user)
	case target.Contacts:
		return target.Say("The contacts of %s can be read.", c.owner(user)), c.find(ctx, findItem{Page: firstItem()}, "contacts", user)
	case target.Mail:
		return target.Say("The mail of %s can be read.", c.owner(user)), c.find(ctx, findItem{Page: firstItem()}, "inbox", user)
	case target.Metadata:
	}
	return target.Text{}, fmt.Errorf("EWS has no test %q", test)
}

// general verifies the identity: of the account by the sign-in itself, of a user by the mailbox.
func (c *Client) general(ctx context.Context, user string) (target.Text, error) {
	switch {
	case user == "":
		return target.Say("Signed in as %s.%s", c.mailbox, c.version.sentence()), nil
	case c.Access == Delegate:
		return c.actFor(ctx, user)
	}
	address, err := c.whoAmI(ctx, user)
	return target.Say("The service account may act as %s.", address), err
}

// actFor opens the user's inbox.
func (c *Client) actFor(ctx context.Context, user string) (target.Text, error) {
	inbox, impersonated := c.folderOf("inbox", user)
	_, err := c.call(ctx, getFolder{Shape: "IdOnly", Folder: inbox}, impersonated)
	if c.Access == Delegate {
		return target.Say("The service account may open the inbox of %s as a delegate.", user), err
	}
	return target.Say("The service account may act as %s.", user), err
}

// find reads at most one item of a folder.
func (c *Client) find(ctx context.Context, view findItem, name, user string) error {
	view.Traversal, view.Shape = "Shallow", "IdOnly"
	var impersonated string
	view.Folder, impersonated = c.folderOf(name, user)
	_, err := c.call(ctx, view, impersonated)
	return err
}

func firstItem() *pageView { return &pageView{Max: 1, Base: "Beginning"} }

// folderOf returns a folder of the user, or of the account if there is no user, and the user to impersonate.
func (c *Client) folderOf(name, user string) (inside folder, impersonated string) {
	if user != "" && c.Access == Delegate {
		return folder{ID: name, Mailbox: &user}, c.Anchor
	}
	return folder{ID: name}, cmp.Or(user, c.Anchor)
}

func (c *Client) owner(user string) string {
	if user != "" {
		return user
	}
	return c.mailbox
}

// PasswordExpires returns when the password of the account expires; the zero time if it never does or the server does not
// report it. It never fails: the date is additional information.
func (c *Client) PasswordExpires(ctx context.Context) time.Time {
	response, err := c.call(ctx, getPasswordExpirationDate{Mailbox: c.mailbox}, c.Anchor)
	if err != nil {
		return time.Time{}
	}
	// The date has no zone; it is UTC. Passwords that never expire have a date in the far future.
	day, _, _ := strings.Cut(strings.TrimSpace(response.ExpiresAt), "T")
	date, err := time.Parse(time.DateOnly, day)
	if err != nil || date.Year() < 2000 || date.Year() >= 9999 {
		return time.Time{}
	}
	return date
}

// sentence is a sentence about the version, after a space; empty if it is not known. Exchange 2019 and the Subscription Edition
// share 15.2.
func (v serverVersion) sentence() target.Text {
	if v == (serverVersion{}) {
		return target.Text{}
	}
	products := map[[2]int]target.Own{
		{15, 0}: "Exchange Server 2013", {15, 1}: "Exchange Server 2016", {15, 2}: "Exchange Server 2019 or SE",
		{15, 20}: "Exchange Online",
	}
	product, ok := products[[2]int{v.Major, v.Minor}]
	if !ok {
		product = "Exchange Server"
	}
	return target.Say(" The server runs %s (%d.%d.%d).", product, v.Major, v.Minor, v.Build)
}
