package server

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// pageOf describes the page of a visit.
func pageOf(visit *model.AuthorizationResult) pages.Page {
	a, c := &visit.Authorization, &visit.Connection
	p := pages.Page{
		Kind: pages.Kind(visit.End), SignedIn: identityOf(visit.Identity), Fault: faultOf(visit.Fault, false),
		Withheld: visit.Withheld, AdminConsentURL: visit.AdminConsentURL, MetadataRefreshedAt: visit.MetadataRefreshedAt,
	}
	if visit.Test != nil {
		test := testOf(visit.Test)
		p.Test = &test
	}
	if a.ID != "" {
		p.Wanted, p.Granted = a.Wanted, a.Granted
		p.Connection = &pages.Connection{
			Name: c.Name, System: c.System, SystemTitle: visit.SystemTitle, Username: visit.Expected.Username,
			Organization: visit.Expected.OrganizationID, RequestedBy: a.RequestedBy, RequestedAt: a.CreatedAt,
		}
	}
	if visit.Link != "" {
		p.Action, p.ExpiresAt = pages.LinkPath+visit.Link, &a.ExpiresAt
	}
	p.Title, p.Text = textsOf(&p)
	return p
}

// statusOf is the status of the page of a visit.
func statusOf(end model.AuthorizationEnd) int {
	switch end {
	case model.EndStart, model.EndSucceeded, model.EndConfirm:
		return http.StatusOK
	case model.EndLinkUnknown:
		return http.StatusNotFound
	case model.EndLinkExpired, model.EndLinkEnded, model.EndTooManyAttempts:
		return http.StatusGone
	case model.EndStateUnknown, model.EndStateExpired, model.EndReplayed, model.EndChanged:
		return http.StatusBadRequest
	case model.EndOtherBrowser, model.EndSomebodyElse, model.EndDenied:
		return http.StatusForbidden
	case model.EndCanceled, model.EndAdminConsent, model.EndScopeWithheld, model.EndCodeRefused, model.EndSystemError,
		model.EndSystemDown, model.EndTestFailed:
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// nothingStored ends the texts about a failed attempt.
const nothingStored = " Nothing was stored, and the connection is as it was."

// pageTexts are the titles and texts of the pages.
var pageTexts = map[pages.Kind]struct{ title, text string }{
	pages.KindStart: {
		"Sign in for a connection",
		"First log out of all other sessions of the system in this browser, or use a private window: otherwise another user may be " +
			"signed in without a question.",
	},
	pages.KindSucceeded: {messageRevalidated, "The sign-in was tested and stored. You can close this page."},
	pages.KindConfirm:   {"Confirm who signed in", "Go back to where the sign-in was started, and confirm it there within 15 minutes."},
	pages.KindSomebodyElse: {
		"Another account signed in", "Start again, and sign in as the expected account with its own password." + nothingStored,
	},
	pages.KindCanceled:       {"The sign-in was canceled", "It was canceled, or the access was not allowed." + nothingStored},
	pages.KindDenied:         {"The account may not use the app", "The system does not allow it." + nothingStored},
	pages.KindAdminConsent:   {"An administrator must approve the app", "Send the address below to an administrator, then start again." + nothingStored},
	pages.KindAdminConsented: {"The app is approved", "Go back to the link of the sign-in, and sign in. You can close this page."},
	pages.KindScopeWithheld:  {"A permission was not granted", "Start again, and leave every box checked." + nothingStored},
	pages.KindCodeRefused:    {"The system did not complete the sign-in", "Start again." + nothingStored},
	pages.KindSystemError:    {"The system reports an error", "The system ended the sign-in with an error." + nothingStored},
	pages.KindSystemDown:     {"The system is not available", "The system stopped responding after the sign-in. Start again later." + nothingStored},
	pages.KindTestFailed:     {"The test of the connection failed", "The sign-in worked, and the test after it did not." + nothingStored},
	pages.KindLinkUnknown:    {"This link is not valid", "Check that the address is complete, or ask for a new link."},
	pages.KindLinkExpired:    {"This link has expired", "Ask for a new link." + nothingStored},
	pages.KindLinkEnded:      {"This link is no longer valid", "The sign-in has succeeded, was canceled, or was replaced by a newer one."},
	pages.KindTooManyAttempts: {
		"Too many attempts", "Too many attempts with this link have failed. Ask for a new link." + nothingStored,
	},
	pages.KindStateUnknown: {
		"This sign-in is not known here", "Open the link of the sign-in again, and start there." + nothingStored,
	},
	pages.KindStateExpired: {"The sign-in took too long", "A sign-in must be completed within 15 minutes. Start again." + nothingStored},
	pages.KindReplayed: {
		"This page was used before", "The sign-in was completed already, or was started again since. If it did not succeed, start again.",
	},
	pages.KindOtherBrowser: {
		"The sign-in belongs to another browser", "Continue in the browser where the button was pressed, or open the link here and start again.",
	},
	pages.KindChanged:   {"The connection was changed meanwhile", "Start again." + nothingStored},
	pages.KindWrongHost: {"This is not the address of the pages", "Open the link as it was given."},
	pages.KindFailed:    {"The sign-in failed unexpectedly", "The log of the control plane has the cause, under the request ID." + nothingStored},
}

func textsOf(p *pages.Page) (title, text string) {
	texts := pageTexts[p.Kind]
	return texts.title, texts.text
}
