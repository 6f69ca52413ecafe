package suitecrm_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	conformance.RequireAllPass(t, account(server), map[string]string{"": "riva-sync", "ada@example.com": "ada"},
		map[target.Test]string{target.Metadata: "8 modules can be read"})
}

// Tests of a user read the user's records, with the service user's rights.
func TestReadsRecordsOfUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	var ada string
	for _, u := range server.Users() {
		if u.UserName == "ada" {
			ada = u.ID
		}
	}
	for test, module := range map[target.Test]string{
		target.Contacts: "Contacts", target.Calendar: "Meetings", target.Mail: "Emails",
	} {
		server.Forget()
		conformance.RequirePass(t, account(server), test, "ada@example.com")
		requests := server.Requests()
		last := requests[len(requests)-1]
		query, err := url.ParseQuery(last.Query)
		if err != nil || last.Operation != module || query.Get("filter[assigned_user_id][eq]") != ada ||
			query.Get("page[size]") != "1" || last.User != "riva-sync" {
			t.Errorf("%s: %s?%s as %s", test, last.Path, last.Query, last.User)
		}
	}
}

func TestInactiveUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	got := conformance.RequireFault(t, account(server), target.General, "left@example.com")
	if got.Code != target.UserNotFound || !got.Message.Contains("active") {
		t.Errorf("got %v", got)
	}
}

// SuiteCRM also finds users by removed addresses; a match with the current address counts.
func TestFormerAddress(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "grace", func(u *sandbox.User) { u.FormerEmail = "ada@example.com" })
	got := conformance.RequirePass(t, account(server), target.General, "ADA@example.com").Message
	if !strings.Contains(got, "The user ada@example.com ") {
		t.Errorf("got %q", got)
	}
	conformance.Update(t, server, "grace", func(u *sandbox.User) { u.FormerEmail = "second@example.com" })
	got = conformance.RequirePass(t, account(server), target.General, "second@example.com").Message
	if !strings.Contains(got, "The user grace@example.com ") {
		t.Errorf("got %q", got)
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	read := func() target.Snapshot { return conformance.Metadata(t, account(server)) }
	before := read()
	if len(before.Objects) != 8 || before.Objects[0] != "Accounts" || len(before.Digest) != 64 {
		t.Errorf("%+v", before)
	}
	if again := read(); again.Digest != before.Digest {
		t.Error("the digest changed without a change")
	}
	server.AddModule("RIVA_Sync")
	if grown := read(); grown.Digest == before.Digest || !slices.Contains(grown.Objects, "RIVA_Sync") {
		t.Errorf("%+v", grown)
	}
}

// Invalid responses are faults; some valid ones are unusual.
func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	user := func(id, name, email string) map[string]any {
		return map[string]any{"type": "User", "id": id, "attributes": map[string]string{"user_name": name, "email1": email}}
	}
	users := func(list ...map[string]any) string {
		body, err := json.Marshal(map[string]any{"data": list})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	const ada = "ada@example.com"
	for name, tc := range map[string]struct {
		responses map[string]string
		test      target.Test
		user      string
		code      target.Code // empty if it works
		message   string
	}{
		"no identity": {
			map[string]string{"/V8/current-user": `{"data":{}}`}, target.General, "", target.Misconfigured, "the account that signed in",
		},
		"no object": {map[string]string{"/V8/current-user": `[]`}, target.General, "", target.Misconfigured, "an unexpected form"},
		"no modules": {
			map[string]string{"/V8/meta/modules": `{"data":{"attributes":{}}}`}, target.Metadata, "", target.Misconfigured, "empty",
		},
		"neither name nor status": {
			map[string]string{"/V8/module/Users": users(user("1", "", ada))}, target.General, ada, "", "",
		},
		"one user twice": {
			map[string]string{"/V8/module/Users": users(user("1", "ada", ada), user("1", "ada", ada))}, target.General, ada, "", "",
		},
		"two former owners": {
			map[string]string{"/V8/module/Users": users(user("1", "ada", "x@example.com"), user("2", "eve", "y@example.com"))},
			target.General, ada, target.UserNotFound, "match",
		},
		"no status": {map[string]string{}, target.General, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			responses := map[string]string{
				"/access_token":    `{"token_type":"Bearer","expires_in":3600,"access_token":"t0ken"}`,
				"/V8/current-user": `{"data":{"id":"0","attributes":{"user_name":"riva-sync"}}}`,
			}
			maps.Copy(responses, tc.responses)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				body, ok := responses[strings.TrimPrefix(r.URL.Path, "/Api")]
				if !ok {
					w.WriteHeader(http.StatusNotFound)
				}
				_, _ = w.Write([]byte(body))
			}))
			defer server.Close()
			a := target.Account{
				System:      suitecrm.System(),
				Settings:    target.Settings{"url": server.URL, "username": "riva-sync", "client_id": "1"},
				Credentials: target.Credentials{"password": secret, "client_secret": clientSecret},
				Network:     target.Network{LoopbackHTTP: true},
			}
			conformance.RequireMessage(t, a, tc.test, tc.user, tc.code, tc.message)
		})
	}
}
