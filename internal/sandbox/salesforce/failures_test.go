package salesforce_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// TestTokenErrors checks each documented error of the token endpoint, with two grants. A rejected request must not
// change the tokens.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault       sandbox.Fault
		error, text string
	}{
		"authentication failure": {salesforce.TokenError("invalid_grant"), "invalid_grant", "authentication failure"},
		"expired":                {salesforce.ExpiredToken(), "invalid_grant", "expired access/refresh token"},
		"IP restricted":          {salesforce.IPRestricted(), "invalid_grant", "ip restricted or invalid login hours"},
		"not approved":           {salesforce.NotApproved(), "invalid_grant", "user hasn't approved this consumer"},
		"login rate":             {salesforce.LoginRate(), "invalid_grant", "login rate exceeded"},
		"wrong domain": {
			salesforce.InvalidGrant("request not supported on this domain"), "invalid_grant",
			"request not supported on this domain",
		},
		"client":        {salesforce.TokenError("invalid_client"), "invalid_client", "invalid client credentials"},
		"client id":     {salesforce.TokenError("invalid_client_id"), "invalid_client_id", "client identifier invalid"},
		"inactive user": {salesforce.TokenError("inactive_user"), "inactive_user", "user is inactive"},
		"inactive org": {
			salesforce.TokenError("inactive_org"), "inactive_org", "organization is locked, closed, or suspended",
		},
		"rate limit": {
			salesforce.TokenError("rate_limit_exceeded"), "rate_limit_exceeded", "number of logins exceeded",
		},
		"not admin approved": {
			salesforce.TokenError("invalid_app_access"), "invalid_app_access",
			"user is not admin approved to access this app",
		},
		"app not found": {
			salesforce.TokenError("app_not_found"), "app_not_found", "External client app is not installed in this org",
		},
		"scope": {salesforce.TokenError("invalid_scope"), "invalid_scope", "the requested scope is not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, salesforce.Options{})
			b.updateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true })
			refreshToken := b.approve("riva-sync@example.com")
			b.fail(tc.fault, 2)
			_, err := b.refresh(refreshToken, b.App().Secret)
			if code, text := tokenError(t, err); code != tc.error || text != tc.text {
				t.Errorf("%s: %s", code, text)
			}
			_, err = b.clientCredentials(b.MyDomainURL()).Token(b.context())
			if code, text := tokenError(t, err); code != tc.error || text != tc.text {
				t.Errorf("%s: %s", code, text)
			}
			if got := b.SignIns(); got.Rejected != 2 || b.lastSignIn().Reason != "scripted" {
				t.Errorf("recorded %+v", b.SignInList())
			}
			if _, err := b.refresh(refreshToken, b.App().Secret); err != nil {
				t.Errorf("after the faults: %v", err)
			}
		})
	}
}

func TestAPIErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		status int
		body   string
	}{
		"session": {
			salesforce.APIError("INVALID_SESSION_ID"), 401,
			`[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`,
		},
		"scope": {
			salesforce.NoAPIScope(), 401,
			`[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]`,
		},
		"agent": {
			salesforce.APIError("INVALID_SESSION_ID").WithMessage("Connected app is not attached to Agent"), 401,
			`[{"message":"Connected app is not attached to Agent","errorCode":"INVALID_SESSION_ID"}]`,
		},
		"request limit": {
			salesforce.RequestLimit(0), 403,
			`[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`,
		},
		"no API": {
			salesforce.APIError("API_DISABLED_FOR_ORG"), 403,
			`[{"message":"The REST API is not enabled for this Organization.","errorCode":"API_DISABLED_FOR_ORG"}]`,
		},
		"no API now": {
			salesforce.APIError("API_CURRENTLY_DISABLED"), 403,
			`[{"message":"API is disabled for this User","errorCode":"API_CURRENTLY_DISABLED"}]`,
		},
		"maintenance": {
			salesforce.Unavailable(), 503,
			`[{"message":"server is unavailable for maintenance","errorCode":"SERVER_UNAVAILABLE"}]`,
		},
		"type": {
			salesforce.APIError("INVALID_TYPE"), 400,
			`[{"message":"sObject type is not supported.","errorCode":"INVALID_TYPE"}]`,
		},
		"version": {
			salesforce.APIError("UNSUPPORTED_API_VERSION"), 404,
			`[{"message":"The requested API version is not supported","errorCode":"UNSUPPORTED_API_VERSION"}]`,
		},
		"another": {
			sandbox.Fault{Kind: salesforce.KindAPIError, Code: "SOMETHING_NEW", Status: 429, Message: "Too many."}, 429,
			`[{"message":"Too many.","errorCode":"SOMETHING_NEW"}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, salesforce.Options{})
			token := b.token()
			b.fail(tc.fault, 1)
			got := b.get(b.data("/sobjects"), token)
			if got.Status != tc.status || got.Body != tc.body || !strings.HasPrefix(got.Header.Get("Sforce-Limit-Info"), "api-usage=") {
				t.Errorf("%d %s", got.Status, got.Body)
			}
			if got := b.get(b.data("/sobjects"), token); got.Status != http.StatusOK {
				t.Errorf("after the fault: %d", got.Status)
			}
		})
	}
}

func TestThrottlingSendsRetryAfter(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token := b.token()
	b.fail(salesforce.RequestLimit(1500*time.Millisecond), 1)
	b.fail(salesforce.RequestLimit(0), 1)
	for _, want := range []string{"2", ""} {
		if got := b.get(b.data("/"), token); got.code() != "REQUEST_LIMIT_EXCEEDED" || got.Header.Get("Retry-After") != want {
			t.Errorf("%d, wait %q, want %q", got.Status, got.Header.Get("Retry-After"), want)
		}
	}
}

func TestFaultOfOperationAndUser(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token := b.token()
	b.fail(salesforce.APIError("INSUFFICIENT_ACCESS").ForOperation("query").ForAccount("ada@example.com"), sandbox.UntilCleared)
	query := func(email string) string {
		return b.data("/query?q=" + url.QueryEscape("SELECT Id FROM User WHERE Email='"+email+"'"))
	}
	for address, status := range map[string]int{
		b.data("/"): 200, b.data("/sobjects"): 200, query("grace@example.com"): 200, query("ada@example.com"): 403,
	} {
		if got := b.get(address, token); got.Status != status {
			t.Errorf("%s: %d, want %d", address, got.Status, status)
		}
	}
	b.Clear(salesforce.KindAPIError)
	b.fail(sandbox.Page().ForOperation("userinfo"), 1)
	if got := b.get(b.LoginURL()+"/services/oauth2/userinfo", token); got.Status != 200 || !strings.Contains(got.Body, "<html>") {
		t.Errorf("a page instead of data: %d %s", got.Status, got.Body)
	}
	if got := b.get(b.data("/"), token); got.Status != http.StatusOK {
		t.Errorf("after the fault: %d", got.Status)
	}
}

func TestEchoedSecrets(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.fail(salesforce.Echo(), 1)
	got := b.form(b.LoginURL()+tokenPath, "grant_type", "refresh_token", "refresh_token", "a/b+c", "client_secret", "s3cret&")
	for _, form := range []string{"a/b+c", url.QueryEscape("a/b+c"), base64.StdEncoding.EncodeToString([]byte("s3cret&"))} {
		if got.Status != http.StatusInternalServerError || !strings.Contains(got.Text("error_description"), form) {
			t.Errorf("%d without %s: %s", got.Status, form, got.Body)
		}
	}
}
