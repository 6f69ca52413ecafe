package console_test

import (
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

// now is the time of all pages.
var now = time.Date(2026, time.November, 30, 21, 15, 0, 0, time.UTC)

// sample is a page of a kind as the server makes it.
type sample struct {
	name string
	page pages.Page
}

// samples are all pages, those with variants more than once.
func samples() []sample {
	var all []sample
	add := func(suffix string, page pages.Page) {
		all = append(all, sample{strings.ReplaceAll(string(page.Kind), "_", "-") + suffix, page})
	}
	for _, kind := range pages.Kinds() {
		add("", sampleOf(kind))
	}
	anybody := sampleOf(pages.KindStart)
	anybody.Connection.Username, anybody.Connection.Organization = "", ""
	add("-anybody", anybody)
	terminal := sampleOf(pages.KindConfirm)
	terminal.ConfirmAction = ""
	add("-terminal", terminal)
	asked := sampleOf(pages.KindAdminConsent)
	asked.AdminConsentURL = ""
	add("-without-link", asked)
	add("-long", long(pages.KindStart))
	add("-long", long(pages.KindTestFailed))
	return all
}

// sampleOf is a page with everything that the server knows then.
func sampleOf(kind pages.Kind) pages.Page {
	p := pages.Page{Kind: kind, RequestID: "01JDZ8M3T4V6W8X0Y2Z4A6B8C0"}
	unknown := []pages.Kind{
		pages.KindLinkUnknown, pages.KindStateUnknown, pages.KindOtherBrowser, pages.KindAdminConsented, pages.KindWrongHost,
		pages.KindNotFound, pages.KindFailed,
	}
	if slices.Contains(unknown, kind) {
		return p
	}
	expires := now.Add(22*time.Hour + 30*time.Minute)
	p.Connection = &pages.Connection{
		Name: "Sales CRM", System: "salesforce", SystemTitle: "Salesforce", Username: "riva.sync@example.com",
		Organization: "00D5g00000EXAMPLE", RequestedBy: "client terraform-prod", RequestedAt: now.Add(-90 * time.Minute),
	}
	p.Wanted = []string{"api", "refresh_token", "id"}
	ended := []pages.Kind{
		pages.KindSucceeded, pages.KindConfirm, pages.KindLinkExpired, pages.KindLinkEnded, pages.KindTooManyAttempts,
	}
	if !slices.Contains(ended, kind) {
		p.Action, p.ExpiresAt = "/authorize/example-of-a-secret", &expires
	}
	complete(&p)
	return p
}

// complete adds what came of the sign-in.
func complete(p *pages.Page) {
	right := &api.Identity{
		Username: "riva.sync@example.com", OrganizationID: "00D5g00000EXAMPLE", OrganizationName: "Example Company",
		Host: "example.my.salesforce.com",
	}
	refreshed := now.Add(-2 * time.Second)
	switch p.Kind {
	case pages.KindSucceeded:
		p.SignedIn, p.Granted, p.Test, p.MetadataRefreshedAt = right, p.Wanted, tested(true), &refreshed
	case pages.KindConfirm:
		expires := now.Add(14 * time.Minute)
		p.Connection.Username, p.Connection.Organization = "", ""
		p.SignedIn, p.Granted, p.Test, p.ConfirmAction, p.ExpiresAt = right, p.Wanted, tested(true), "/oauth/confirm", &expires
		p.ConfirmProof = "state.proof"
	case pages.KindDiscarded:
		p.Connection.Username, p.Connection.Organization, p.SignedIn = "", "", right
		p.Fault = &api.Fault{Code: "wrong_identity", Title: "Another account signed in"}
	case pages.KindSomebodyElse:
		somebody := *right
		somebody.Username, somebody.Host = "jane.doe@example.com", ""
		p.SignedIn = &somebody
		p.Fault = &api.Fault{Code: "wrong_identity", Title: "Another account signed in"}
	case pages.KindAdminConsent:
		p.Connection.System, p.Connection.SystemTitle = "office365", "Microsoft 365"
		p.AdminConsentURL = "https://login.microsoftonline.com/8f2b6c1e-3d4a-4b5c-9e6f-7a8b9c0d1e2f/v2.0/adminconsent" +
			"?client_id=0c1d2e3f-4a5b-6c7d-8e9f-0a1b2c3d4e5f&redirect_uri=https%3A%2F%2Friva.example.com%2Foauth%2Fcallback"
	case pages.KindScopeWithheld:
		p.SignedIn, p.Granted, p.Withheld = right, []string{"api", "id"}, []string{"refresh_token"}
	case pages.KindTestFailed:
		p.SignedIn, p.Test = right, tested(false)
		p.Fault = p.Test.Fault
	case pages.KindDenied:
		p.Fault = fault("access_denied: user hasn't approved this consumer")
	case pages.KindCodeRefused:
		p.Fault = fault("invalid_client: invalid client credentials")
	case pages.KindSystemError:
		p.Fault = fault("OAUTH_APP_BLOCKED: this app is blocked by admin")
	case pages.KindSystemDown:
		p.Fault = &api.Fault{
			Code: "system_not_available", Title: "Salesforce is not available", Message: "503 Service Unavailable",
			Retryable: true, RetryAfterSeconds: 120,
		}
	default: // no more is known
	}
}

func fault(message string) *api.Fault {
	return &api.Fault{
		Code: "access_denied", Title: "Salesforce rejected the sign-in", Message: message, Help: []string{
			"In Salesforce, open Setup > External Client App Manager, and choose the app of the connection.",
			"Under Policies, allow the permission set of the account: `Set-Example -User <user>`.", "Start again.",
		},
	}
}

func tested(passed bool) *api.TestResult {
	result := &api.TestResult{
		Account: "service_account", Test: "general", Passed: passed, Summary: "All 3 checks passed.", TestedAt: now,
		Checks: []api.Check{
			{Name: "sign_in", Passed: true, Message: "Signed in as riva.sync@example.com.", DurationMS: 412},
			{Name: "identity", Passed: true},
			{Name: "API access", Passed: true, Message: "API 65.0 is available.", DurationMS: 188},
		},
	}
	if !passed {
		result.Fault = fault("API_DISABLED_FOR_ORG: API is not enabled for this organization or partner")
		result.Summary = result.Fault.Title
		result.Checks[2] = api.Check{Name: "API access", Message: result.Fault.Message, DurationMS: 188}
	}
	return result
}

// long is a page with names that are as long as they may be, without a place for a line break.
func long(kind pages.Kind) pages.Page {
	p := sampleOf(pages.KindSomebodyElse)
	p.Kind = kind
	p.Test = tested(false)
	p.Test.Warnings = []string{"The certificate expires on 12 December 2026."}
	p.Connection.Name = strings.Repeat("Verbindungsname", 13)
	p.Connection.Username = strings.Repeat("very.long.name", 10) + "@example.com"
	p.Connection.Organization = strings.Repeat("0", 64)
	p.SignedIn.Username = strings.Repeat("another.long.name", 10) + "@example.com"
	p.Fault.Message = strings.Repeat("https://login.example.com/", 8)
	p.RequestID = strings.Repeat("4f", 32)
	return p
}
