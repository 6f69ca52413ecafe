package person

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Choices are what a person does on the pages of an authorization server, apart from entering the user name and the
// password. The zero value approves everything.
type Choices struct {
	// Another starts a sign-in with a different account at the account chooser, even if the account is listed.
	Another bool
	// Withhold are the scopes whose check boxes are cleared.
	Withhold []string
	// Organization checks the box to approve for all users.
	Organization bool
	// Cancel presses the button to cancel on the first page, Deny the button to deny on the consent page, Return the button to
	// return to the client from a page without a choice.
	Cancel, Deny, Return bool
}

// ErrStuck is wrapped by the errors for a page that the person cannot continue on: a rejected password, a page with an
// error. The error contains the text of the page.
var ErrStuck = errors.New("the sign-in stops at a page")

// maxPages is more than any sign-in has.
const maxPages = 8

// SignIn opens an address that leads to the pages of an authorization server, and signs in. It returns the address at the
// client that the browser is sent back to, with a code or an error.
func (b *Browser) SignIn(
	ctx context.Context, address, username, password string, choices Choices,
) (callback string, err error) {
	page, err := b.Open(ctx, address)
	if err != nil {
		return "", err
	}
	return page.SignIn(ctx, username, password, choices)
}

// SignIn is [Browser.SignIn] from a page that is open already.
func (p *Page) SignIn(ctx context.Context, username, password string, choices Choices) (callback string, err error) {
	for range maxPages {
		if p.Callback != "" {
			return p.Callback, nil
		}
		button := ""
		if p.Alert == "" {
			button = p.answer(username, password, choices)
		}
		if button == "" {
			return "", fmt.Errorf("%w: %s", ErrStuck, p.Text)
		}
		if p, err = p.Press(ctx, button); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%w: too many pages", ErrStuck)
}

// answer fills in the form of a page, and returns the button to press; empty for a page without a way to go on.
func (p *Page) answer(username, password string, choices Choices) (button string) {
	signIn := p.fillSignIn(username, password)
	switch {
	case choices.Return && p.Button("return") != nil:
		return "return"
	case choices.Cancel && p.Button("cancel") != nil:
		return "cancel"
	case choices.Deny && p.Button("deny") != nil:
		return "deny"
	case signIn:
		return p.Buttons[0].Value
	case p.Button("allow") != nil:
		for _, scope := range choices.Withhold {
			p.Check(scope, false)
		}
		p.Check("true", choices.Organization)
		return "allow"
	}
	return p.chooseAccount(username, choices.Another)
}

// fillSignIn fills in the fields for the user name and the password, as a password manager finds them. It reports whether
// the page has one.
func (p *Page) fillSignIn(username, password string) bool {
	found := false
	fill := func(hint, value string) {
		p.Fill(func(f Field) bool {
			matches := f.Autocomplete == hint
			found = found || matches
			return matches
		}, value)
	}
	fill("username", username)
	fill("current-password", password)
	return found && len(p.Buttons) > 0
}

// chooseAccount returns the button of an account in the chooser, or of a different account; empty for a page that is no
// chooser.
func (p *Page) chooseAccount(username string, another bool) string {
	chooser := false
	for _, b := range p.Buttons {
		isAccount := b.Name == "account"
		if isAccount && !another && strings.Contains(b.Label, "("+username+")") {
			return b.Value
		}
		chooser = chooser || isAccount
	}
	if chooser {
		return "another"
	}
	return ""
}
