package salesforce_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const tokenPath = "/services/oauth2/token"

// bench is a stand-in with an HTTP client for one test.
type bench struct {
	*salesforce.Server
	t    *testing.T
	http *http.Client
}

func start(t *testing.T, options salesforce.Options) *bench {
	t.Helper()
	return &bench{Server: sandboxtest.Start(t, salesforce.Start, options), t: t, http: sandboxtest.Client()}
}

// clock is a clock that advances only in calls of advance.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type reply struct{ sandboxtest.Response }

// code is the error code of the REST API.
func (r reply) code() string {
	var list []struct{ ErrorCode, Message string }
	if json.Unmarshal([]byte(r.Body), &list) != nil || len(list) != 1 || list[0].Message == "" {
		return ""
	}
	return list[0].ErrorCode
}

func (b *bench) try(method, address, body string, header ...string) (reply, error) {
	b.t.Helper()
	if body != "" {
		header = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)
	}
	response, err := sandboxtest.Try(b.http, sandboxtest.Request(b.t, method, address, body, header...))
	return reply{response}, err
}

func (b *bench) do(method, address, body string, header ...string) reply {
	b.t.Helper()
	response, err := b.try(method, address, body, header...)
	if err != nil {
		b.t.Fatal(err)
	}
	return response
}

// form posts pairs of names and values to an address.
func (b *bench) form(address string, pairs ...string) reply {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, address, values.Encode())
}

// get calls the API with a token.
func (b *bench) get(address, token string, header ...string) reply {
	b.t.Helper()
	return b.do(http.MethodGet, address, "", append(header, "Authorization", "Bearer "+token)...)
}

// data returns an address of the REST API.
func (b *bench) data(path string) string { return b.MyDomainURL() + "/services/data/v68.0" + path }

func (b *bench) context() context.Context {
	return context.WithValue(b.t.Context(), oauth2.HTTPClient, b.http)
}

// clientCredentials returns x/oauth2's client for the flow.
func (b *bench) clientCredentials(site string) *clientcredentials.Config {
	app := b.App()
	return &clientcredentials.Config{
		ClientID: app.ConsumerKey, ClientSecret: app.Secret, TokenURL: site + tokenPath, AuthStyle: oauth2.AuthStyleInParams,
	}
}

// token signs in as the service user.
func (b *bench) token() string {
	b.t.Helper()
	token, err := b.clientCredentials(b.MyDomainURL()).Token(b.context())
	if err != nil {
		b.t.Fatal(err)
	}
	return token.AccessToken
}

func (b *bench) fail(fault sandbox.Fault, times int) {
	b.t.Helper()
	if err := b.Fail(fault, times); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) update(username string, change func(*salesforce.User)) {
	b.t.Helper()
	b.must(b.Update(username, change))
}

func (b *bench) updateApp(change func(*salesforce.App)) {
	b.t.Helper()
	b.must(b.UpdateApp(change))
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// lastSignIn returns the newest recorded sign-in.
func (b *bench) lastSignIn() sandbox.SignIn {
	b.t.Helper()
	list := b.SignInList()
	if len(list) == 0 {
		b.t.Fatal("there was no sign-in")
	}
	return list[len(list)-1]
}

func TestInvalidSeed(t *testing.T) {
	t.Parallel()
	for name, modify := range map[string]func(*salesforce.Seed){
		"no user":              func(s *salesforce.Seed) { s.Users = nil },
		"no organization":      func(s *salesforce.Seed) { s.Organizations = nil },
		"another organization": func(s *salesforce.Seed) { s.Users[0].OrganizationID = "00D000000000000AAA" },
		"no consumer key":      func(s *salesforce.Seed) { s.App.ConsumerKey = "" },
		"no certificate":       func(s *salesforce.Seed) { s.App.Certificate = "" },
		"another PEM":          func(s *salesforce.Seed) { s.App.Certificate = s.App.PrivateKey },
		"a broken PEM block": func(s *salesforce.Seed) {
			s.App.Certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
		},
	} {
		seed, err := salesforce.NewSeed()
		if err != nil {
			t.Fatal(err)
		}
		modify(&seed)
		if server, err := salesforce.Start(salesforce.Options{Seed: &seed}); err == nil {
			_ = server.Close()
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestInvalidUpdates(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	nothing := func(*salesforce.User) {}
	for name, err := range map[string]error{
		"unknown user":                 b.Update("nobody@example.com", nothing),
		"unknown organization":         b.UpdateOrganization("00D000000000000", func(*salesforce.Organization) {}),
		"into no organization":         b.Update("ada@example.com", func(u *salesforce.User) { u.OrganizationID = "x" }),
		"app without a key":            b.UpdateApp(func(a *salesforce.App) { a.ConsumerKey = "" }),
		"tokens of unknown user":       b.RevokeTokens("nobody@example.com"),
		"sessions of unknown user":     b.ExpireSessions("nobody@example.com"),
		"fault of no kind":             b.Fail(sandbox.Fault{Kind: "flood"}, 1),
		"fault without a code":         b.Fail(sandbox.Fault{Kind: salesforce.KindTokenError}, 1),
		"fault with an invalid status": b.Fail(sandbox.Fault{Kind: salesforce.KindAPIError, Code: "X", Status: 200}, 1),
		"account too early":            b.Fail(salesforce.ExpiredToken().ForAccount("ada@example.com"), 1),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := b.Approve("nobody@example.com"); err == nil {
		t.Error("an unknown user approved the app")
	}
	if _, err := b.User("nobody@example.com"); err == nil {
		t.Error("an unknown user was found")
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	app, token := b.App(), b.token()
	b.must(b.SetSecret("another"))
	b.update("ada@example.com", func(u *salesforce.User) { u.Active = false })
	b.must(b.UpdateOrganization(b.Organization().ID, func(o *salesforce.Organization) { o.ID = "00D000000000099EAA" }))
	b.SetInstanceURL("https://elsewhere.example.com")
	b.AddObject("Riva_Sync__c", "Riva Sync")
	b.fail(salesforce.Unavailable(), sandbox.UntilCleared)
	b.must(b.Down())
	b.must(b.Reset())
	ada, err := b.User("ada@example.com")
	if err != nil || !ada.Active || b.App().Secret != app.Secret || b.InstanceURL() != b.MyDomainURL() ||
		b.Organization().ID == "00D000000000099EAA" || len(b.Pending()) != 0 || len(b.SignInList()) != 0 {
		t.Error("the state at the start was not restored")
	}
	if got := b.get(b.data("/"), token); got.Status != http.StatusUnauthorized {
		t.Errorf("a session outlived the reset: %d", got.Status)
	}
	if got := b.get(b.data("/sobjects"), b.token()); got.Status != http.StatusOK || strings.Contains(got.Body, "Riva_Sync__c") {
		t.Errorf("metadata: %d %s", got.Status, got.Body)
	}
}
