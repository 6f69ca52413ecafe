package sapc4c_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// bench is a stand-in with a client.
type bench struct {
	*sapc4c.Server
	t      *testing.T
	client *http.Client
}

func start(t *testing.T, options sapc4c.Options) *bench {
	t.Helper()
	return &bench{Server: sandboxtest.Start(t, sapc4c.Start, options), t: t, client: sandboxtest.Client()}
}

type response = sandboxtest.Response

// send sends a call, as a user if there is one.
func (b *bench) send(method, address, user, password string) response {
	b.t.Helper()
	req := sandboxtest.Request(b.t, method, address, "")
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	return sandboxtest.Send(b.t, b.client, req)
}

// get reads from the service as the service user.
func (b *bench) get(path string) response {
	b.t.Helper()
	service := b.Service()
	return b.send(http.MethodGet, b.URL()+sapc4c.Path+path, service.UserID, service.Password)
}

// filter reads the business users that match a filter.
func (b *bench) filter(filter string) response {
	b.t.Helper()
	return b.get("BusinessUserCollection?$format=json&$filter=" + url.QueryEscape(filter))
}

func (b *bench) update(user string, change func(*sapc4c.User)) {
	b.t.Helper()
	if err := b.Update(user, change); err != nil {
		b.t.Fatal(err)
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	const asJSON = "application/json"
	for path, want := range map[string]struct {
		status     int
		kind, text string
	}{
		"":                                       {200, "application/atom+xml", "<feed"},
		"?$format=json":                          {200, asJSON, `{"d":{"EntitySets":["AppointmentCollection",`},
		"$metadata":                              {200, "application/xml", `<EntityType Name="Contact">`},
		"ContactCollection?$top=1":               {200, "application/atom+xml", "<d:LastName>Babbage<"},
		"ContactCollection?$format=json&$skip=1": {200, asJSON, `"LastName":"Somerville"`},
		"LeadCollection":                         {404, "application/atom+xml", "<feed"},
		"LeadCollection?$format=json":            {404, asJSON, `"error":{"code":`},
		"ContactCollection?$format=json&$top=x":  {400, asJSON, "for $top"},
		"ContactCollection?$format=json&$select=ContactID":                         {200, asJSON, `{"ContactID":"1000001","__meta`},
		"EmployeeCollection?$format=json&$filter=Email%20eq%20'ada@example.com'":   {200, asJSON, "Ada Lovelace"},
		"BusinessUserCollection?$format=json&$filter=UserID%20eq%20'_INTEGRATION'": {200, asJSON, `"results":[]`},
	} {
		got := b.get(path)
		if got.Status != want.status || !strings.HasPrefix(got.Header.Get("Content-Type"), want.kind) ||
			!strings.Contains(got.Body, want.text) {
			t.Errorf("%s: %d %s %s", path, got.Status, got.Header.Get("Content-Type"), got.Body)
		}
	}
	service := b.Service()
	noSlash := strings.TrimSuffix(b.URL()+sapc4c.Path, "/")
	if got := b.send(http.MethodGet, noSlash, service.UserID, service.Password); got.Status != http.StatusNotFound {
		t.Errorf("without the slash at the end: %d", got.Status)
	}
}

// TestFilter checks that "or" works on one property only, and that there are no functions.
func TestFilter(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	b.update("ALAN", func(u *sapc4c.User) { u.Email = "o'hara@example.com" })
	for filter, found := range map[string]int{
		"EmailURI eq 'ada@example.com'":                                                      1,
		"EmailURI eq 'ADA@example.com'":                                                      0,
		"EmailURI eq 'o''hara@example.com'":                                                  1,
		"EmailURI eq 'team@example.com'":                                                     2,
		"UserLockedIndicator eq true":                                                        1,
		"UserID eq 'ADA' or UserID eq 'GRACE' or UserID eq 'nobody'":                         2,
		"EmailURI eq 'team@example.com' and UserID ne 'TEAM.ONE'":                            1,
		"UserID eq 'ADA' or EmailURI eq 'ada@example.com'":                                   -1,
		"substringof('ada',EmailURI)":                                                        -1,
		"UserID eq 'ADA' or UserID eq 'GRACE' and EmailURI eq 'grace@example.com'":           -1,
		"NoSuchProperty eq 'x'":                                                              -1,
		"UserID eq 'ADA' or":                                                                 -1,
		"EmailURI eq 'ada@example.com' and UserLockedIndicator eq false and UserID eq 'ADA'": 1,
	} {
		got := b.filter(filter)
		if found < 0 {
			if got.Status != http.StatusBadRequest || !strings.Contains(got.Body, "Invalid filter") {
				t.Errorf("%s: %d %s", filter, got.Status, got.Body)
			}
			continue
		}
		if n := strings.Count(got.Body, `"UserID"`); got.Status != http.StatusOK || n != found {
			t.Errorf("%s: %d, %d users, want %d", filter, got.Status, n, found)
		}
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{LockAfter: 2})
	at, service := b.URL()+sapc4c.Path, b.Service()
	rejected := func(what, user, password string) {
		t.Helper()
		got := b.send(http.MethodGet, at, user, password)
		if got.Status != http.StatusUnauthorized || !strings.HasPrefix(got.Header.Get("WWW-Authenticate"), "Basic ") ||
			!strings.Contains(got.Body, "Logon Error Message") {
			t.Errorf("%s: %d %s", what, got.Status, got.Body)
		}
	}
	rejected("no credentials", "", "")
	rejected("unknown", "nobody", "x")
	rejected("wrong password", service.UserID, "x")
	if got := b.get(""); got.Status != http.StatusOK {
		t.Errorf("correct password: %d", got.Status)
	}
	rejected("wrong once", service.UserID, "x")
	rejected("wrong twice", service.UserID, "x")
	rejected("locked", service.UserID, service.Password)
	for what, change := range map[string]func(*sapc4c.User){
		"locked by an administrator": func(u *sapc4c.User) { u.Locked = true },
		"expired password":           func(u *sapc4c.User) { u.PasswordExpired = true },
		"no longer valid":            func(u *sapc4c.User) { u.ValidUntil = time.Now().Add(-48 * time.Hour) },
	} {
		if err := b.Reset(); err != nil {
			t.Fatal(err)
		}
		b.update(service.UserID, change)
		rejected(what, service.UserID, service.Password)
	}
	if got := b.SignIns(); got.Attempts != 1 || got.Rejected != 1 {
		t.Errorf("%+v", got)
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	for path, change := range map[string]func(*sapc4c.User){
		"ContactCollection":      func(u *sapc4c.User) { u.Contacts = false },
		"AppointmentCollection":  func(u *sapc4c.User) { u.Calendar = false },
		"EMailCollection":        func(u *sapc4c.User) { u.Mail = false },
		"BusinessUserCollection": func(u *sapc4c.User) { u.Users = false },
		"":                       func(u *sapc4c.User) { u.API = false },
	} {
		if err := b.Reset(); err != nil {
			t.Fatal(err)
		}
		if got := b.get(path); got.Status != http.StatusOK {
			t.Errorf("%q: %d", path, got.Status)
		}
		b.update(b.Service().UserID, change)
		if got := b.get(path + "?$format=json"); got.Status != http.StatusForbidden || !strings.Contains(got.Body, "OData/00") {
			t.Errorf("%q without the right: %d %s", path, got.Status, got.Body)
		}
	}
}

func TestChangesRequireCSRFToken(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	service := b.Service()
	got := b.send(http.MethodPost, b.URL()+sapc4c.Path+"ContactCollection", service.UserID, service.Password)
	if got.Status != http.StatusForbidden || got.Header.Get("X-Csrf-Token") != "Required" ||
		!strings.Contains(got.Body, "CSRF token") {
		t.Errorf("%d %v %s", got.Status, got.Header, got.Body)
	}
}
