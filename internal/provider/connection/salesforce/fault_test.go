package salesforce_test

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

// expectCRMFault expects that the connection test of [acctest.CRMCheck] found the fault.
func expectCRMFault(code target.Code) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		acctest.Expect(crmTest, "passed", knownvalue.Bool(false)),
		acctest.Expect(crmTest, "summary", knownvalue.StringExact(code.Title())),
		acctest.Expect(crmTest, "fault", knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"code": knownvalue.StringExact(string(code)),
			"help": knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.NotNull()}),
		})),
	}
}

// script makes the stand-in for Salesforce fail until that is cleared.
func script(t *testing.T, env *acctest.Environment, fault sandbox.Fault) {
	t.Helper()
	if err := env.Salesforce.Fail(fault, sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

func TestCreateRejectedBySalesforceStoresNothing(t *testing.T) {
	t.Parallel()
	misconfigured := target.Misconfigured.Title()
	localhost := func(env *acctest.Environment) string {
		return strings.Replace(env.Salesforce.LoginURL(), "127.0.0.1", "localhost", 1)
	}
	for name, c := range map[string]struct {
		lines  string
		change func(*testing.T, *acctest.Environment, config.Variables)
		want   []string
	}{
		"a key that is not the app's": {
			acctest.JWTBearer,
			func(t *testing.T, env *acctest.Environment, v config.Variables) {
				t.Helper()
				if _, err := env.Salesforce.RotateKey(); err != nil {
					t.Fatal(err)
				}
				_ = v
			},
			[]string{target.GivenCredentials.Title(), "salesforce.private_key_wo", "invalid assertion"},
		},
		"an audience that is not Salesforce's": {
			acctest.JWTBearer,
			func(_ *testing.T, env *acctest.Environment, v config.Variables) {
				v["login_url"] = config.StringVariable(localhost(env))
			},
			[]string{misconfigured, "salesforce.login_url", "Audience validation failed"},
		},
		"a consumer secret that is not the app's": {
			acctest.ClientCredentials,
			func(_ *testing.T, _ *acctest.Environment, v config.Variables) {
				v["client_secret"] = config.StringVariable("wrong")
			},
			[]string{target.GivenCredentials.Title(), "salesforce.client_secret_wo"},
		},
		"client credentials at the login host": {
			acctest.ClientCredentials,
			func(_ *testing.T, env *acctest.Environment, v config.Variables) {
				v["my_domain_url"] = config.StringVariable(env.Salesforce.LoginURL())
			},
			[]string{misconfigured, "salesforce.login_url", "request not supported on this domain", "Current My Domain URL"},
		},
		"an unknown consumer key": {
			acctest.JWTBearer,
			func(_ *testing.T, _ *acctest.Environment, v config.Variables) {
				v["client_id"] = config.StringVariable("3MVG9nobody")
			},
			[]string{target.GivenCredentials.Title(), "salesforce.client_id", "client identifier invalid"},
		},
		"a revoked refresh token": {
			acctest.RefreshToken,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				if err := env.Salesforce.RevokeTokens(""); err != nil {
					t.Fatal(err)
				}
			},
			[]string{
				target.GivenCredentials.Title(), "salesforce.refresh_token_wo",
				"expired access/refresh token", "OAuth Usage",
			},
		},
		"a user without access to the app": {
			acctest.JWTBearer,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				updateService(t, env, func(u *salesforce.User) { u.Approved = false })
			},
			[]string{target.InsufficientPermission.Title(), "pre-authorized"},
		},
		"a user without access to the API": {
			acctest.JWTBearer,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				updateService(t, env, func(u *salesforce.User) { u.APIEnabled = false })
			},
			[]string{target.InsufficientPermission.Title(), "API Enabled"},
		},
		"maintenance": {
			acctest.JWTBearer,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				script(t, env, sandbox.Maintenance())
			},
			[]string{target.SystemNotAvailable.Title(), "salesforce.login_url", "status.salesforce.com"},
		},
		"a page instead of data": {
			acctest.JWTBearer,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				script(t, env, sandbox.Page())
			},
			[]string{misconfigured, "salesforce.login_url", "instead of data", "My Domain"},
		},
		"too many requests": {
			acctest.JWTBearer,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				script(t, env, salesforce.RequestLimit(90*time.Second))
			},
			[]string{target.Throttled.Title(), "TotalRequests Limit exceeded", "asked to retry in 1m30s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step(acctest.CRM(c.lines, ""))
			c.change(t, env, step.ConfigVariables)
			step.ExpectError = acctest.MatchText(append([]string{c.want[0], "Nothing was created."}, c.want[1:]...)...)
			env.Test(step)
			env.ExpectNoConnections()
		})
	}
}

// updateService changes the service user in the target system.
func updateService(t *testing.T, env *acctest.Environment, change func(*salesforce.User)) {
	t.Helper()
	if err := env.Salesforce.Update(env.Salesforce.Service().Username, change); err != nil {
		t.Fatal(err)
	}
}

func TestWrongClockIsReported(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	ahead, err := salesforce.Start(salesforce.Options{Now: func() time.Time { return time.Now().Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ahead.Close(); err != nil {
			t.Error(err)
		}
	})
	step := env.Step(acctest.CRM(acctest.JWTBearer, ""))
	step.ConfigVariables["login_url"] = config.StringVariable(ahead.LoginURL())
	step.ConfigVariables["client_id"] = config.StringVariable(ahead.App().ConsumerKey)
	step.ConfigVariables["private_key"] = config.StringVariable(ahead.App().PrivateKey)
	step.ExpectError = acctest.MatchText(target.GivenCredentials.Title(), "clock of this machine")
	env.Test(step)
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
			append(expectCRMFault(target.Throttled), acctest.Expect(crmTest, "fault", knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"message":             knownvalue.StringRegexp(acctest.MatchText("TotalRequests Limit exceeded")),
				"retry_after_seconds": knownvalue.Int64Exact(90),
			}))),
		},
		"too many sign-ins":           {salesforce.LoginRate(), expectCRMFault(target.Throttled)},
		"maintenance, with a page":    {sandbox.Maintenance(), expectCRMFault(target.SystemNotAvailable)},
		"maintenance, with an error":  {salesforce.Unavailable(), expectCRMFault(target.SystemNotAvailable)},
		"a page":                      {sandbox.Page(), expectCRMFault(target.Misconfigured)},
		"a redirect":                  {sandbox.Redirect("https://elsewhere.example.com/"), expectCRMFault(target.Misconfigured)},
		"an expired token":            {salesforce.ExpiredToken(), expectCRMFault(target.GivenCredentials)},
		"a login at a forbidden hour": {salesforce.IPRestricted(), expectCRMFault(target.InsufficientPermission)},
		"an inactive organization":    {salesforce.TokenError("inactive_org"), expectCRMFault(target.SystemNotAvailable)},
		"no API":                      {salesforce.APIError("API_DISABLED_FOR_ORG"), expectCRMFault(target.InsufficientPermission)},
		"a scope that is missing":     {salesforce.NoAPIScope(), expectCRMFault(target.InsufficientPermission)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			body := acctest.CRM(acctest.JWTBearer, "") + acctest.CRMCheck
			fails := env.Step(body)
			fails.PreConfig = func() {
				env.EndSessions()
				script(t, env, c.fault)
			}
			fails.ConfigStateChecks = c.want
			again := env.Step(body)
			again.PreConfig = func() { env.Salesforce.Clear() }
			env.Test(env.Step(acctest.CRM(acctest.JWTBearer, "")), fails, again)
		})
	}
}

// otherServer is the address of a server that counts as another host than the stand-ins, and whether it was called.
func otherServer(t *testing.T) (address string, reached *atomic.Bool) {
	t.Helper()
	reached = new(atomic.Bool)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1), reached
}

func TestForeignInstanceGetsNoToken(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	address, reached := otherServer(t)
	env.Salesforce.SetInstanceURL(address)
	step := env.Step(acctest.CRM(acctest.JWTBearer, ""))
	step.ExpectError = acctest.MatchText(
		"Nothing was created.", "salesforce.login_url", "returned the instance", "No token is sent there")
	env.Test(step)
	if reached.Load() {
		t.Error("a token was sent to another host")
	}
}

func TestLoginRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, env *acctest.Environment, g grant) {
		address, reached := otherServer(t)
		script(t, env, sandbox.Redirect(address+"/services/oauth2/token").ForOperation("token"))
		step := env.Step(acctest.CRM(g.lines, ""))
		step.ExpectError = acctest.MatchText("Nothing was created.", "salesforce.login_url")
		env.Test(step)
		if reached.Load() {
			t.Error("credentials were sent to another host")
		}
	})
}

func TestAnotherLoginHostNeedsTheSecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	address, reached := otherServer(t)
	moved := env.Step(acctest.CRM(`login_url = "`+address+`"`, ""))
	moved.ExpectError = acctest.MatchText("Credentials Required for This Change", "login_url", "private_key_wo")
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, "")), moved)
	if reached.Load() {
		t.Error("stored credentials were sent to another host")
	}
}
