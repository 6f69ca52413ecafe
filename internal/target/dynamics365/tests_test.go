package dynamics365_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestTests(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	const ada = "ada@example.com"
	for _, test := range []struct {
		test target.Test
		user string
		want string
	}{
		{target.General, "", "Signed in as riva@example.com of Example. The environment has version 9.2.24104.00170."},
		{target.Contacts, "", "The contacts of riva@example.com can be read."},
		{target.Calendar, "", "The calendar of riva@example.com can be read."},
		{target.Mail, "", "The mail of riva@example.com can be read."},
		{target.Metadata, "", "The definitions of 6 tables can be read."},
		{target.General, ada, "The user ada@example.com (ada@example.com) is active."},
		{target.Impersonation, "ADA@example.com", "The application user can act as ada@example.com."},
		{target.Contacts, ada, "The contacts of ada@example.com can be read."},
		{target.Calendar, ada, "The calendar of ada@example.com can be read."},
		{target.Mail, ada, "The mail of ada@example.com can be read."},
		{target.Metadata, ada, "The definitions of 6 tables can be read."},
	} {
		if got := conformance.RequirePass(t, account(t, server, clientSecret), test.test, test.user).Message; got != test.want {
			t.Errorf("%s of %s: got %q", test.test, test.user, got)
		}
	}
}

// Tests of a user read as the user.
func TestReadsAsTheUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(t, server, clientSecret), target.Calendar, "ada@example.com")
	requests := server.Requests()
	last := requests[len(requests)-1]
	if last.User != "riva@example.com" || last.Account != "ada@example.com" || !strings.HasSuffix(last.Path, "/appointments") {
		t.Errorf("%s by %s as %s", last.Path, last.User, last.Account)
	}
	conformance.Update(t, server, "ada@example.com", func(u *sandbox.User) { u.ReadActivities = false })
	fault := conformance.RequireFault(t, account(t, server, clientSecret), target.Calendar, "ada@example.com")
	if fault.Code != target.InsufficientPermission || !fault.Message.Contains("prvReadActivity") {
		t.Errorf("got %+v", fault)
	}
	conformance.RequirePass(t, account(t, server, clientSecret), target.Contacts, "ada@example.com")
}

// A user without an id in Entra is impersonated by the id in the environment.
func TestUserWithoutEntraID(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "ada@example.com", func(u *sandbox.User) { u.ObjectID = "" })
	conformance.RequirePass(t, account(t, server, clientSecret), target.Impersonation, "ada@example.com")
	requests := server.Requests()
	last := requests[len(requests)-1]
	if ada, err := server.User("ada@example.com"); err != nil || last.Header.Get("MSCRMCallerID") != ada.ID ||
		last.Header.Get("CallerObjectId") != "" {
		t.Errorf("got %v, %v", last.Header, err)
	}
}

func TestImpersonationIsNotAllowed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		user    string
		change  func(*sandbox.User)
		fault   target.Code
		message string
	}{
		"unknown":       {"nobody@example.com", nil, target.UserNotFound, "No user has the address"},
		"several":       {"team@example.com", nil, target.UserNotFound, "2 active users match"},
		"left":          {"left@example.com", nil, target.UserNotFound, "is disabled"},
		"quote":         {"o'neil@example.com", nil, target.UserNotFound, "No user has the address o'neil@example.com"},
		"filter":        {"x' or isdisabled eq false or fullname eq '@example.com", nil, target.UserNotFound, "No user has"},
		"unlicensed":    {"ada@example.com", func(u *sandbox.User) { u.Licensed = false }, target.UserNotFound, "License"},
		"invalid id":    {"ada@example.com", func(u *sandbox.User) { u.ObjectID = "none" }, "", ""},
		"no delegation": {"ada@example.com", nil, target.InsufficientPermission, "prvActOnBehalfOfAnotherUser"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			if test.change != nil {
				conformance.Update(t, server, test.user, test.change)
			}
			if name == "no delegation" {
				conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.ActOnBehalf = false })
			}
			conformance.RequireMessage(t, account(t, server, clientSecret), target.Impersonation, test.user, test.fault, test.message)
		})
	}
}

// The application user has already signed in, so these errors are about the impersonated user: disabled, without a license, or
// removed since the lookup.
func TestUserRemovedDuringTest(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"0x80040225", "0x8004a112", "0x8004d24b", "0x80072560", "0x80040217"} {
		server := start(t, sandbox.Options{})
		session, _, err := call.SignIn(t.Context(), account(t, server, clientSecret))
		requireNoError(t, err)
		conformance.FailUntilCleared(t, server, sandbox.Error(code).ForOperation("whoami"))
		_, err = session.Run(t.Context(), target.Impersonation, "ada@example.com")
		fault, ok := target.AsFault(err)
		if !ok || fault.Code != target.UserNotFound || fault.Field != "" || !fault.Message.Contains(code) ||
			!fault.Message.Contains("acting as ada@example.com") {
			t.Errorf("%s: got %+v", code, err)
		}
		requireNoError(t, session.Close(t.Context()))
	}
}

// An environment that ignores the header must not pass.
func TestIgnoredImpersonation(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, clientSecret)
	server.UpdateOrganization(func(o *sandbox.Organization) { o.IgnoresCaller = true })
	for _, test := range []target.Test{target.Impersonation, target.Mail} {
		fault := conformance.RequireFault(t, a, test, "ada@example.com")
		if fault.Code != target.InsufficientPermission || !fault.Message.Contains("did not act as ada@example.com") {
			t.Errorf("%s: got %+v", test, fault)
		}
	}
}

// A missing privilege fails the test that requires it, and the fault names it.
func TestMissingPrivileges(t *testing.T) {
	t.Parallel()
	for test, change := range map[target.Test]func(*sandbox.User){
		target.General:  func(u *sandbox.User) { u.ReadUsers = false },
		target.Contacts: func(u *sandbox.User) { u.ReadContacts = false },
		target.Calendar: func(u *sandbox.User) { u.ReadActivities = false },
		target.Mail:     func(u *sandbox.User) { u.ReadActivities = false },
		target.Metadata: func(u *sandbox.User) { u.ReadEntities = false },
	} {
		server := start(t, sandbox.Options{})
		conformance.Update(t, server, server.Service().Username, change)
		fault := conformance.RequireFault(t, account(t, server, clientSecret), test, "")
		if fault.Code != target.InsufficientPermission || !fault.Message.Contains("prvRead") || len(fault.Help) == 0 {
			t.Errorf("%s: got %+v", test, fault)
		}
	}
}

// The snapshot is the same until a table changes.
func TestMetadata(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	read := func() target.Snapshot { return conformance.Metadata(t, account(t, server, clientSecret)) }
	first := read()
	want := []string{"account", "appointment", "contact", "email", "organization", "systemuser"}
	if !slices.Equal(first.Objects, want) || len(first.Digest) != 64 || read().Digest != first.Digest {
		t.Errorf("got %+v", first)
	}
	server.AddTable("cr1_project")
	if second := read(); second.Digest == first.Digest || !slices.Contains(second.Objects, "cr1_project") {
		t.Errorf("got %+v", second)
	}
}

// Unusable responses are faults.
func TestUnusableResponses(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "ada@example.com", func(u *sandbox.User) { u.ID = "../../other" })
	fault := conformance.RequireFault(t, account(t, server, clientSecret), target.Impersonation, "ada@example.com")
	if fault.Code != target.Misconfigured || fault.Field != "url" {
		t.Errorf("got %+v", fault)
	}
	conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.ID = "me)" })
	fault = conformance.RequireFault(t, account(t, server, clientSecret), target.General, "")
	if fault.Code != target.Misconfigured {
		t.Errorf("got %+v", fault)
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	f, _ := dynamics365.System().Field("url")
	for value, text := range map[string]string{
		"https://example.crm4.dynamics.com":                     "",
		"https://example.crm4.dynamics.com/":                    "",
		"https://example.crm4.dynamics.com/main.aspx":           "must have no path",
		"https://example.api.crm4.dynamics.com/api/data/v9.2/":  "must have no path",
		"https://example.crm4.dynamics.com/main.aspx?appid=123": "must not have a query",
		"http://example.crm4.dynamics.com":                      "https://",
	} {
		if err := f.Check(value, target.Network{}); (err == nil) != (text == "") || err != nil && !strings.Contains(err.Error(), text) {
			t.Errorf("%s: got %v", value, err)
		}
	}
}

// Addresses and the app bind the credentials.
func TestBinding(t *testing.T) {
	t.Parallel()
	var bound []string
	for _, f := range dynamics365.System().Fields {
		if f.Binds {
			bound = append(bound, f.Name)
		}
	}
	if want := []string{"url", "tenant_id", "client_id", "authority_url"}; !slices.Equal(bound, want) {
		t.Errorf("got %v", bound)
	}
	if s := dynamics365.System(); s.Revalidates || s.Kind != target.CRM || !s.Offers(s.UserTest) {
		t.Errorf("got %+v", s)
	}
}

// Requests set the supported version and format.
func TestHeaders(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(t, server, clientSecret), target.General, "")
	for _, request := range server.Requests() {
		want := http.Header{"Accept": {"application/json"}, "Odata-Version": {"4.0"}, "Odata-Maxversion": {"4.0"}}
		for name, value := range want {
			if request.Site == "" && !slices.Equal(request.Header[name], value) {
				t.Errorf("%s: %s is %v", request.Path, name, request.Header[name])
			}
		}
	}
}

// Users with another address are ignored, in case the environment does not filter as requested.
func TestOtherUsersAreIgnored(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	environment := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const id = "00001111-aaaa-2222-bbbb-3333cccc4444"
		row := `{"systemuserid":"` + id + `","UserId":"` + id + `","OrganizationId":"` + id + `","domainname":"grace@example.com",` +
			`"internalemailaddress":"grace@example.com","applicationid":"` + server.Entra().App().ClientID + `"}`
		if strings.HasSuffix(r.URL.Path, "/systemusers") {
			row = `{"value":[` + row + `]}`
		}
		_, _ = w.Write([]byte(row))
	}))
	t.Cleanup(environment.Close)
	a := account(t, server, clientSecret)
	a.Tokens.SetAccess(&oauth2.Token{AccessToken: "taken"})
	a.Settings["url"] = environment.URL
	conformance.RequirePass(t, a, target.General, "grace@example.com")
	conformance.RequireMessage(t, a, target.General, "ada@example.com", target.UserNotFound,
		"No user has the address ada@example.com.")
}
