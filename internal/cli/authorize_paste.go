package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

const (
	// maxPastes is how many addresses a person can paste in one run.
	maxPastes = 10
	// pastePort is the port of the callback address where the target system accepts every port. Nothing listens there.
	pastePort = 47100
)

// remoteSignIn lets a person sign in whose browser cannot reach this machine. The embedded control plane implements it.
type remoteSignIn interface {
	StartSignIn(ctx context.Context, revalidationID, redirect string) (pages.Started, error)
	FinishSignIn(ctx context.Context, browser string, callback url.Values) (pages.Page, error)
}

// byPaste has the person sign in on another machine, and read the address where the browser ends.
func (s *signIn) byPaste(ctx context.Context, control remoteSignIn, pending api.Revalidation) (api.Revalidation, error) {
	grant := s.system.Authorize
	port := pastePort
	if len(grant.RedirectPorts) > 0 {
		port = grant.RedirectPorts[0]
	}
	redirect := callbackAddress(grant.RedirectHost, port)
	var started pages.Started
	for range maxPastes {
		if started.URL == "" {
			var err error
			if started, err = control.StartSignIn(ctx, pending.ID, redirect); err != nil {
				return pending, err
			}
			if started.URL == "" { // too many attempts, or replaced
				return s.api.Revalidation(ctx, s.connection.ID, pending.ID)
			}
			s.showRemote(&started, redirect)
		}
		pasted, err := s.dialog.askHidden(ctx, "Paste the address here (it is not shown), and press Enter: ")
		if err != nil {
			return pending, describePaste(ctx, err)
		}
		query, reason := readCallback(pasted, redirect)
		if reason != "" {
			s.dialog.printf("%s\n", reason)
			continue
		}
		page, err := control.FinishSignIn(ctx, started.Browser, query)
		if err != nil {
			return pending, err
		}
		switch page.Kind {
		case pages.KindSucceeded, pages.KindConfirm, pages.KindLinkExpired, pages.KindLinkEnded, pages.KindTooManyAttempts:
			found, err := s.api.Revalidation(ctx, s.connection.ID, pending.ID)
			if err != nil {
				return pending, err
			}
			s.attempts = found.Attempts
			return s.untilEnd(ctx, found, cycle.PollInterval)
		case pages.KindStateUnknown, pages.KindOtherBrowser, pages.KindReplayed:
			s.dialog.printf("This address belongs to another sign-in, or was used before. Use the link above, and paste the address " +
				"where that sign-in ends.\n")
		default:
			s.showPage(&page)
			started = pages.Started{}
		}
	}
	return pending, fmt.Errorf("%d pasted addresses did not complete the sign-in: run the command again", maxPastes)
}

// describePaste says why no address was read.
func describePaste(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, errInterrupted) {
		return err
	}
	return fmt.Errorf("no address was pasted: %w", err)
}

// showRemote prints what the person must know, since no page of the control plane says it, and the link to the target system.
func (s *signIn) showRemote(started *pages.Started, redirect string) {
	expected, who := started.Page.Connection, "any account"
	if expected != nil {
		who = cmp.Or(expected.Username, who)
		if expected.Organization != "" {
			who += " of the organization " + expected.Organization
		}
	}
	s.dialog.printf(`%s

Sign in to %s as %s for the connection %q, in a browser on any machine.

First log out of other sessions of the target system in that browser, or use a private window. Otherwise the account of such a
session may sign in instead; then nothing is stored.

  %s

At the end, the browser shows that it cannot open a page: this is expected. Copy the whole address of that page from the
address bar. It begins with %s. It is a secret until it is used.

`, callbackHint(s.system.Authorize, redirect), s.system.Title, who, s.connection.Name, string(started.URL), redirect)
}

// showPage prints how an attempt ended. The next one needs a new link.
func (s *signIn) showPage(page *pages.Page) {
	switch page.Kind { //nolint:exhaustive // the others have a fault
	case pages.KindStateExpired:
		s.dialog.printf("This sign-in was started too long ago.\n")
	case pages.KindChanged:
		s.dialog.printf("The connection was changed during the sign-in.\n")
	}
	s.showFailure(page.Fault, page.SignedIn)
	if len(page.Withheld) > 0 {
		s.dialog.printf("Scopes that were not granted: %s.\n", strings.Join(page.Withheld, ", "))
	}
	if page.AdminConsentURL != "" {
		s.dialog.printf("An administrator approves the app here:\n\n  %s\n", page.AdminConsentURL)
	}
	s.dialog.printf("\nStart again with a new link:\n\n")
}

// readCallback reads the parameters of a pasted address, or says why it is not the right one. The reason does not repeat the
// address, which may have a secret.
func readCallback(pasted, redirect string) (query url.Values, reason string) {
	again := " Copy the whole address from the address bar, after the browser shows that it cannot open the page."
	pasted = strings.Trim(strings.TrimSpace(pasted), `"'<>`)
	if pasted == "" {
		return nil, "Nothing was pasted."
	}
	address, err := url.Parse(pasted)
	if err != nil || address.Host == "" {
		return nil, "This is not an address." + again
	}
	query = address.Query()
	address.RawQuery, address.Fragment = "", ""
	switch {
	case !strings.EqualFold(address.String(), redirect):
		return nil, "This is another address: the right one begins with " + redirect + "." + again
	case query.Get("state") == "" || query.Get("code") == "" && query.Get("error") == "":
		return nil, "This address has no code of a sign-in." + again
	}
	return query, ""
}
