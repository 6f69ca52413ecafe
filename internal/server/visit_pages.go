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
	if visit.End == model.EndConfirm {
		p.ExpiresAt = &a.ExpiresAt
	}
	if visit.Link != "" {
		p.Action, p.ExpiresAt = pages.LinkPath+visit.Link, &a.ExpiresAt
	}
	return p
}

// statusOf is the status of the page of a visit.
func statusOf(end model.AuthorizationEnd) int {
	switch end {
	case model.EndStart, model.EndSucceeded, model.EndConfirm, model.EndDiscarded:
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
