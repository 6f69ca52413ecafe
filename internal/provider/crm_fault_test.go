package provider_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// failingCRM expects that the connection test of [acctest.CRMCheck] found the fault.
func failingCRM(code target.Code) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		acctest.Expect(crmTest, "passed", knownvalue.Bool(false)),
		acctest.Expect(crmTest, "summary", knownvalue.StringExact(code.Title())),
		acctest.Expect(crmTest, "fault", knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"code": knownvalue.StringExact(string(code)),
			"help": knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.NotNull()}),
		})),
	}
}

// script makes the stand-in for Salesforce fail until it is told otherwise.
func script(t *testing.T, w *acctest.World, fault sandbox.Fault) {
	t.Helper()
	if err := w.Salesforce.Fail(fault, sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

func TestCreateThatSalesforceRefusesStoresNothing(t *testing.T) {
	t.Parallel()
	misconfigured := target.Misconfigured.Title()
	localhost := func(w *acctest.World) string {
		return strings.Replace(w.Salesforce.LoginURL(), "127.0.0.1", "localhost", 1)
	}
	for name, c := range map[string]struct {
		lines  string
		change func(*testing.T, *acctest.World, config.Variables)
		want   []string
	}{
		"a key that is not the app's": {
			acctest.JWTBearer,
			func(t *testing.T, w *acctest.World, v config.Variables) {
				t.Helper()
				if _, err := w.Salesforce.RotateKey(); err != nil {
					t.Fatal(err)
				}
				_ = v
			},
			[]string{"Cannot Connect to the Target System with Given Credentials", "salesforce.private_key_wo", "invalid assertion"},
		},
		"an audience that is not Salesforce's": {
			acctest.JWTBearer,
			func(_ *testing.T, w *acctest.World, v config.Variables) {
				v["login_url"] = config.StringVariable(localhost(w))
			},
			[]string{misconfigured, "salesforce.login_url", "Audience validation failed"},
		},
		"a consumer secret that is not the app's": {
			acctest.ClientCredentials,
			func(_ *testing.T, _ *acctest.World, v config.Variables) {
				v["client_secret"] = config.StringVariable("wrong")
			},
			[]string{"Cannot Connect to the Target System with Given Credentials", "salesforce.client_secret_wo"},
		},
		"client credentials at the login host": {
			acctest.ClientCredentials,
			func(_ *testing.T, w *acctest.World, v config.Variables) {
				v["my_domain_url"] = config.StringVariable(w.Salesforce.LoginURL())
			},
			[]string{misconfigured, "salesforce.login_url", "request not supported on this domain", "Current My Domain URL"},
		},
		"a consumer key that nobody has": {
			acctest.JWTBearer,
			func(_ *testing.T, _ *acctest.World, v config.Variables) {
				v["client_id"] = config.StringVariable("3MVG9nobody")
			},
			[]string{"Cannot Connect to the Target System with Given Credentials", "salesforce.client_id", "client identifier invalid"},
		},
		"a revoked refresh token": {
			acctest.RefreshToken,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				if err := w.Salesforce.RevokeTokens(""); err != nil {
					t.Fatal(err)
				}
			},
			[]string{
				"Cannot Connect to the Target System with Given Credentials", "salesforce.refresh_token_wo",
				"expired access/refresh token", "OAuth Usage",
			},
		},
		"a user who may not use the app": {
			acctest.JWTBearer,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				updateService(t, w, func(u *salesforce.User) { u.Approved = false })
			},
			[]string{"The Service Account Lacks a Permission in the Target System", "pre-authorized"},
		},
		"a user who may not use the API": {
			acctest.JWTBearer,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				updateService(t, w, func(u *salesforce.User) { u.APIEnabled = false })
			},
			[]string{"The Service Account Lacks a Permission in the Target System", "API Enabled"},
		},
		"maintenance": {
			acctest.JWTBearer,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				script(t, w, sandbox.Maintenance())
			},
			[]string{"Cannot Connect to the Target System - System Not Available", "salesforce.login_url", "status.salesforce.com"},
		},
		"a page instead of data": {
			acctest.JWTBearer,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				script(t, w, sandbox.Page())
			},
			[]string{misconfigured, "salesforce.login_url", "instead of data", "My Domain"},
		},
		"too many requests": {
			acctest.JWTBearer,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				script(t, w, salesforce.RequestLimit(90*time.Second))
			},
			[]string{"The Target System Asks to Slow Down", "TotalRequests Limit exceeded", "asks to wait 1m30s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			step := w.Step(acctest.CRM(c.lines, ""))
			c.change(t, w, step.ConfigVariables)
			step.ExpectError = says(append([]string{c.want[0], "Nothing was created."}, c.want[1:]...)...)
			w.Test(step)
			expectNone(t, w)()
		})
	}
}

// updateService changes the service user in the target system.
func updateService(t *testing.T, w *acctest.World, change func(*salesforce.User)) {
	t.Helper()
	if err := w.Salesforce.Update(w.Salesforce.Service().Username, change); err != nil {
		t.Fatal(err)
	}
}

func TestClockThatIsWrong(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	ahead, err := salesforce.Start(salesforce.Options{Now: func() time.Time { return time.Now().Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ahead.Close(); err != nil {
			t.Error(err)
		}
	})
	step := w.Step(acctest.CRM(acctest.JWTBearer, ""))
	step.ConfigVariables["login_url"] = config.StringVariable(ahead.LoginURL())
	step.ConfigVariables["client_id"] = config.StringVariable(ahead.App().ConsumerKey)
	step.ConfigVariables["private_key"] = config.StringVariable(ahead.App().PrivateKey)
	step.ExpectError = says("Cannot Connect to the Target System with Given Credentials", "clock of this machine")
	w.Test(step)
	if ahead.SignIns().Rejected == 0 {
		t.Error("no sign-in reached the system with the other clock")
	}
}

func TestSalesforceFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault sandbox.Fault
		want  []statecheck.StateCheck
	}{
		"throttled, with the wait": {
			salesforce.RequestLimit(90 * time.Second),
			append(failingCRM(target.Throttled), acctest.Expect(crmTest, "fault", knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"message":             knownvalue.StringRegexp(says("TotalRequests Limit exceeded")),
				"retry_after_seconds": knownvalue.Int64Exact(90),
			}))),
		},
		"too many sign-ins":            {salesforce.LoginRate(), failingCRM(target.Throttled)},
		"maintenance, with a page":     {sandbox.Maintenance(), failingCRM(target.SystemNotAvailable)},
		"maintenance, with an error":   {salesforce.Unavailable(), failingCRM(target.SystemNotAvailable)},
		"a page":                       {sandbox.Page(), failingCRM(target.Misconfigured)},
		"a redirect":                   {sandbox.Redirect("https://elsewhere.example.com/"), failingCRM(target.Misconfigured)},
		"an expired token":             {salesforce.ExpiredToken(), failingCRM(target.GivenCredentials)},
		"a login at a forbidden hour":  {salesforce.IPRestricted(), failingCRM(target.InsufficientPermission)},
		"an organisation that is shut": {salesforce.TokenError("inactive_org"), failingCRM(target.SystemNotAvailable)},
		"no API":                       {salesforce.APIError("API_DISABLED_FOR_ORG"), failingCRM(target.InsufficientPermission)},
		"a scope that is missing":      {salesforce.NoAPIScope(), failingCRM(target.InsufficientPermission)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			body := acctest.CRM(acctest.JWTBearer, "") + acctest.CRMCheck
			fails := w.Step(body)
			fails.PreConfig = func() {
				endSessions(t, w)
				script(t, w, c.fault)
			}
			fails.ConfigStateChecks = c.want
			again := w.Step(body)
			again.PreConfig = func() { w.Salesforce.Clear() }
			w.Test(w.Step(acctest.CRM(acctest.JWTBearer, "")), fails, again)
		})
	}
}

// elsewhere is the address of a server that counts as another host than the stand-ins, and whether anything came there.
func elsewhere(t *testing.T) (address string, reached *atomic.Bool) {
	t.Helper()
	reached = new(atomic.Bool)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1), reached
}

func TestForeignInstanceGetsNoToken(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	address, reached := elsewhere(t)
	w.Salesforce.SetInstanceURL(address)
	step := w.Step(acctest.CRM(acctest.JWTBearer, ""))
	step.ExpectError = says("Nothing was created.", "salesforce.login_url", "returned the instance", "No token is sent there")
	w.Test(step)
	if reached.Load() {
		t.Error("a token was sent elsewhere")
	}
}

func TestLoginRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, w *acctest.World, g grant) {
		address, reached := elsewhere(t)
		script(t, w, sandbox.Redirect(address+"/services/oauth2/token").On("token"))
		step := w.Step(acctest.CRM(g.lines, ""))
		step.ExpectError = says("Nothing was created.", "salesforce.login_url")
		w.Test(step)
		if reached.Load() {
			t.Error("credentials were sent elsewhere")
		}
	})
}

func TestAnotherLoginHostNeedsTheSecret(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	address, reached := elsewhere(t)
	moved := w.Step(acctest.CRM(`login_url = "`+address+`"`, ""))
	moved.ExpectError = says("Stored Credentials Belong to Where They Were Given For", "login_url", "private_key_wo")
	w.Test(w.Step(acctest.CRM(acctest.JWTBearer, "")), moved)
	if reached.Load() {
		t.Error("stored credentials were sent elsewhere")
	}
}
