package sugarcrm_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestSignInRequests(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(server), target.Contacts, "ada@example.com")
	var token string
	for i, r := range server.Requests() {
		if i == 0 {
			form, err := url.ParseQuery(string(r.Body))
			want := url.Values{
				"grant_type": {"password"}, "username": {"riva-sync"}, "password": {secret}, "client_id": {"sugar"},
				"platform": {"riva"},
			}
			if err != nil || form.Encode() != want.Encode() || r.Path != "/sugar/rest/v10/oauth2/token" {
				t.Errorf("%s %v (%v), want %v", r.Path, form, err, want)
			}
			continue
		}
		if token = r.Header.Get("OAuth-Token"); token == "" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s: headers %v", r.Operation, r.Header)
		}
		for _, hidden := range []string{secret, url.QueryEscape(secret), token} {
			if strings.Contains(string(r.Body)+r.Query+r.Path, hidden) {
				t.Errorf("%s contains a secret", r.Operation)
			}
		}
	}
	if list := server.SignInList(); len(list) != 1 || list[0].Secret != secret || !list[0].Accepted {
		t.Errorf("sign-ins: %+v", list)
	}
}

// The address can be that of the instance, or of its REST API.
func TestAddressForms(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	system := sugarcrm.System()
	given := target.Settings{"url": server.URL(), "username": "riva-sync"}
	for suffix, version := range map[string]string{
		"": "v10", "/": "v10", "/rest": "v10", "/rest/": "v10", "/rest10": "v10", "/rest/v10": "v10", "/rest/v11": "v11",
		"/rest/v11_24": "v11_24", "/rest/v11.24/": "v11_24", "/rest11_4": "v11_4", "/rest/11": "v11",
	} {
		server.Forget()
		a := account(server, "url", server.URL()+suffix)
		conformance.RequirePass(t, a, target.General, "")
		if got := server.Requests()[0].Path; got != "/sugar/rest/"+version+"/oauth2/token" {
			t.Errorf("%q leads to %s", suffix, got)
		}
		if system.Binding(a.Settings) != system.Binding(given) {
			t.Errorf("%q names another instance", suffix)
		}
	}
	for _, other := range []string{"/restaurant", "/other", "/rest/v10/more"} {
		a := account(server, "url", server.URL()+other)
		if got := conformance.RequireFault(t, a, target.General, ""); got.Code != target.Misconfigured || got.Field != "url" {
			t.Errorf("%q: got %v", other, got)
		}
		if system.Binding(a.Settings) == system.Binding(given) {
			t.Errorf("%q names the same instance", other)
		}
	}
}

func TestPlatform(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	server.UpdateInstance(func(i *sandbox.Instance) { i.Platforms = append(i.Platforms, "riva-2") })
	conformance.RequirePass(t, account(server, "platform", "riva-2"), target.General, "")
	if got := server.Sessions(); len(got) != 1 || got[0].Platform != "riva-2" {
		t.Errorf("sessions %+v", got)
	}
	system := sugarcrm.System()
	for value, message := range map[string]string{
		"riva": "", "riva-2_x": "", "a b": "letters, digits", "../x": "letters, digits", strings.Repeat("a", 128): "letters, digits",
		"base": "browsers", "Base": "browsers", "mobile": "mobile app", "portal": "portal", "base2": "",
	} {
		settings := target.Settings{"url": "https://crm.example.com", "username": "riva-sync", "platform": value}
		fieldErrs := system.Validate(settings, nil, target.Network{})
		if (len(fieldErrs) == 0) != (message == "") || len(fieldErrs) > 0 && !strings.Contains(fieldErrs[0].Message, message) {
			t.Errorf("%q: %v", value, fieldErrs)
		}
	}
}

func TestTokenIsReused(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequireTokenReuse(t, server, account(server), func() error { return server.EndSessions("") })
}

// Another sign-in on the same platform ends the session.
func TestSessionEndedBetweenCalls(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session := conformance.SignIn(t, account(server))
	signInAs(t, server, "riva-sync", "riva")
	if _, err := session.Run(t.Context(), target.Impersonation, "ada@example.com"); err != nil {
		t.Error(err)
	}
}

func TestTokenRejectedTwice(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandbox.APIError("invalid_grant").ForOperation("me"))
	got := conformance.RequireFault(t, account(server), target.General, "")
	if got.Code != target.GivenCredentials || got.Field != "" || server.SignIns().Attempts != 2 {
		t.Errorf("got %v after %d sign-ins", got, server.SignIns().Attempts)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	want := target.Identity{Username: "riva-sync", UserID: server.Service().ID, Host: "127.0.0.1"}
	conformance.RequireIdentity(t, account(server, "username", "RIVA-Sync"), want) // letter case is ignored
}

// Invalid responses are faults.
func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	const (
		token = `{"access_token":"t0ken","expires_in":3600,"token_type":"bearer"}`
		who   = `{"current_user":{"id":"1","user_name":"riva-sync"}}`
		found = `{"records":[{"id":"2","user_name":"ada","status":"Active"}]}`
	)
	for name, tc := range map[string]struct {
		responses map[string]string
		test      target.Test
		user      string
		message   string
	}{
		"no identity": {map[string]string{"/me": `{"current_user":{}}`}, target.General, "", "the account that signed in"},
		"no object":   {map[string]string{"/me": `[]`}, target.General, "", "an unexpected form"},
		"no modules":  {map[string]string{"/metadata": `{"modules":{}}`}, target.Metadata, "", "empty"},
		"user without a name": {
			map[string]string{"/Users": `{"records":[{"id":"2","status":"Active"}]}`}, target.Mail, "a@example.com", "name",
		},
		"unfit token": {
			map[string]string{"/Users": found, "/oauth2/sudo/ada": `{"access_token":"to ken"}`}, target.Mail, "a@example.com", "token",
		},
		"no token": {map[string]string{"/Users": found, "/oauth2/sudo/ada": `{}`}, target.Mail, "a@example.com", "token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			responses := map[string]string{"/oauth2/token": token, "/me": who, "/ping": `"pong"`}
			maps.Copy(responses, tc.responses)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				body, ok := responses[strings.TrimPrefix(r.URL.Path, "/rest/v10")]
				if !ok {
					w.WriteHeader(http.StatusNotFound)
				}
				_, _ = w.Write([]byte(body))
			}))
			defer server.Close()
			a := target.Account{
				System: sugarcrm.System(), Settings: target.Settings{"url": server.URL, "username": "riva-sync"},
				Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
			}
			conformance.RequireMessage(t, a, tc.test, tc.user, target.Misconfigured, tc.message)
		})
	}
}

// The name of a user is escaped in a path.
func TestUserNamesAreEscaped(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "ada", func(u *sandbox.User) { u.UserName = "../../logout?x=#" })
	got := conformance.RequireFault(t, account(server), target.Impersonation, "ada@example.com")
	if got.Code == target.SystemNotAvailable {
		t.Errorf("got %v", got)
	}
	for _, r := range server.Requests() {
		if r.Operation == "sudo" && r.Query != "" {
			t.Errorf("%s?%s", r.Path, r.Query)
		}
	}
}
