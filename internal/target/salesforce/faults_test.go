package salesforce_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// Salesforce reports a session without a scope as invalid; a new token would lack the scope too.
func TestMissingScopes(t *testing.T) {
	t.Parallel()
	for missing, scopes := range map[string][]string{"api": {"id", "refresh_token"}, "id": {"api", "refresh_token"}} {
		server := start(t, sandbox.Options{})
		updateApp(t, server, func(app *sandbox.App) { app.Scopes = scopes })
		got := conformance.RequireFault(t, account(t, server, jwtBearer), target.General, "")
		if got.Code != target.InsufficientPermission || got.Field != "client_id" {
			t.Errorf("without %s: got %+v", missing, got)
		}
		if n := len(conformance.Calls(server, "token")); n != 1 {
			t.Errorf("without %s: %d token requests", missing, n)
		}
	}
}

// Salesforce reports an app without access as an invalid session, at any call.
func TestAppNotAttachedToAgent(t *testing.T) {
	t.Parallel()
	const message = "Connected app is not attached to Agent"
	for operation, test := range map[string]target.Test{"resources": target.General, "query": target.Contacts} {
		for _, code := range []string{"INVALID_SESSION_ID", "NEVER_HEARD_OF"} {
			server := start(t, sandbox.Options{})
			fault := sandbox.APIError(code).WithMessage(message).ForOperation(operation)
			fault.Status = http.StatusUnauthorized
			conformance.FailUntilCleared(t, server, fault)
			got := conformance.RequireFault(t, account(t, server, jwtBearer), test, "")
			if got.Code != target.InsufficientPermission || got.Field != "client_id" || !got.Message.Contains(message) ||
				len(got.Help) == 0 {
				t.Errorf("%s, %s: got %+v", operation, code, got)
			}
			if n := len(conformance.Calls(server, "token")); n != 1 {
				t.Errorf("%s, %s: %d token requests, although a new token does not help", operation, code, n)
			}
		}
	}
}

// instance is an account of a server that accepts the sign-in and then has the test's responses.
func instance(t *testing.T, tokens, rest func(w http.ResponseWriter, r *http.Request, base string)) target.Account {
	t.Helper()
	a := account(t, start(t, sandbox.Options{}), clientCredentials)
	a.Settings["login_url"] = serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		response := rest
		if r.URL.Path == "/services/oauth2/token" {
			response = tokens
		}
		response(w, r, "http://"+r.Host)
	})
	return a
}

func withText(text string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, base string) {
		_, _ = io.WriteString(w, strings.ReplaceAll(text, "AT", base))
	}
}

// paths returns a handler with a text for each path, and an empty object for all others.
func paths(texts map[string]string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, base string) {
		text, ok := texts[r.URL.Path]
		if !ok {
			text = "{}"
		}
		withText(text)(w, r, base)
	}
}

const (
	token = `{"access_token":"t","instance_url":"AT","token_type":"Bearer"}`
	who   = `{"preferred_username":"riva-sync@example.com","organization_id":"00D5g000004SimA","user_id":"0055g00000Sim01"}`
)

func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	const userInfo = "/services/oauth2/userinfo"
	for name, test := range map[string]struct {
		token   string
		rest    map[string]string
		want    target.Code
		message string
	}{
		"token: no object":        {`[]`, nil, target.Misconfigured, "of an unexpected form"},
		"token: nothing":          {``, nil, target.Misconfigured, "empty"},
		"token: no JSON":          {`access_token=t`, nil, target.Misconfigured, "not JSON"},
		"token: two documents":    {token + token, nil, target.Misconfigured, "more than one"},
		"token: half":             {`{"access_token":"t`, nil, target.SystemNotAvailable, "incomplete"},
		"token: none":             {`{"instance_url":"AT"}`, nil, target.Misconfigured, "without a usable access token"},
		"token: number":           {`{"access_token":1}`, nil, target.Misconfigured, "of an unexpected form"},
		"token: endless":          {`{"access_token":"` + strings.Repeat("t", 1<<20) + `"}`, nil, target.Misconfigured, "without a"},
		"token: line break":       {`{"access_token":"t\r\nx: y","instance_url":"AT"}`, nil, target.Misconfigured, "without a usable"},
		"token: error with a 200": {`{"error":"invalid_client"}`, nil, target.GivenCredentials, "invalid_client"},
		"token: no instance":      {`{"access_token":"t"}`, nil, target.Misconfigured, "has no instance_url"},
		"token: odd instance":     {`{"access_token":"t","instance_url":["AT"]}`, nil, target.Misconfigured, "has no instance_url"},
		"token: deep":             {strings.Repeat("[", 1<<20), nil, target.Misconfigured, "64 levels deep"},
		"userinfo: no user":       {token, nil, target.Misconfigured, "does not name the account"},
		"userinfo: list":          {token, map[string]string{userInfo: `[]`}, target.Misconfigured, "of an unexpected form"},
		"userinfo: another user": {
			`{"access_token":"t","instance_url":"AT","id":"AT/id/00D5g000004SimB/0055g00000Sim01"}`,
			map[string]string{userInfo: who}, target.Misconfigured, "another user or organization",
		},
		"versions: none": {
			token, map[string]string{userInfo: who, "/services/data": `[]`}, target.Misconfigured, "no known version",
		},
		"versions: unknown": {
			token, map[string]string{
				userInfo:         who,
				"/services/data": `[{"version":"99.0"},{"version":"20.0"},{"version":"66.0/../../x"},{"version":"66"},{}]`,
			}, target.Misconfigured, "no known version",
		},
		"resources: list": {
			token, map[string]string{
				userInfo: who, "/services/data": `[{"version":"60.0"}]`, "/services/data/v60.0/": `[]`,
			}, target.Misconfigured, "of an unexpected form",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := instance(t, withText(test.token), paths(test.rest))
			conformance.RequireMessage(t, a, target.General, "", test.want, test.message)
		})
	}
}

// The newest known version is used, in any order of the list; newer ones are ignored.
func TestAPIVersion(t *testing.T) {
	t.Parallel()
	for offered, want := range map[string]string{
		`{"version":"59.0"},{"version":"64.0","label":"Summer '25"},{"version":"9.0"}`: "64.0 (Summer '25)",
		`{"version":"70.0","label":"later"},{"version":"66.0"},{"version":"65.0"}`:     "66.0",
	} {
		number, _, _ := strings.Cut(want, " ")
		a := instance(t, withText(token), paths(map[string]string{
			"/services/oauth2/userinfo": who, "/services/data": "[" + offered + "]",
			fmt.Sprintf("/services/data/v%s/query", number): `{"records":[]}`,
		}))
		if got := conformance.RequirePass(t, a, target.General, "").Message; !strings.Contains(got, "The API has version "+want+".") {
			t.Errorf("got %q, want %s", got, want)
		}
	}
}
