package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// usePrivateCA replaces Exchange by one with a certificate of a private authority.
func usePrivateCA(t *testing.T, env *acctest.Environment) {
	t.Helper()
	server, err := exchange.Start(exchange.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	if err != nil {
		t.Fatalf("start the stand-in for Exchange: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop the stand-in for Exchange: %v", err)
		}
	})
	env.Exchange = server
}

// connectionWithCA is the usual connection with NTLM or another scheme, and the authority of Exchange.
func connectionWithCA(env *acctest.Environment, scheme string) string {
	return connectionTrusting(scheme, env.Exchange.CA())
}

// connectionTrusting is the usual connection with a scheme and authorities.
func connectionTrusting(scheme string, authorities ...string) string {
	return strings.Replace(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
    authentication = "`+scheme+`"
    ca_certificate = <<-PEM
`+strings.Join(authorities, "\n")+`
    PEM`, 1)
}

func TestExchangeWithNTLMAndAPrivateAuthority(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	usePrivateCA(t, env)
	untrusted := env.Step(acctest.Mail(""))
	untrusted.ExpectError = acctest.MatchText(target.Misconfigured.Title(), "Nothing was created.",
		"Attribute: exchange.ca_certificate", "not trusted")
	created := env.Step(connectionWithCA(env, "ntlm") + acctest.Check)
	created.ConfigStateChecks = expectTestPassed()
	rotation := resource.TestStep{
		PreConfig: func() { env.SetPassword(acctest.NewPassword) },
		Config:    env.Config(connectionWithCA(env, "ntlm") + acctest.Check), ConfigVariables: env.Variables(acctest.NewPassword),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	basic := resource.TestStep{
		Config: env.Config(connectionWithCA(env, "basic") + acctest.Check), ConfigVariables: env.Variables(acctest.NewPassword),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	env.Test(untrusted, created, rotation, basic)

	schemes := map[string]bool{}
	for _, s := range env.Exchange.SignInList() {
		schemes[s.Scheme] = schemes[s.Scheme] || s.Accepted
	}
	if !schemes["NTLM"] || !schemes["Basic"] {
		t.Errorf("accepted sign-ins by scheme: %v, want NTLM and then Basic", schemes)
	}
}

// Without the setting, the server's offer decides. A server that drops NTLM later gets nothing until the password is given again.
func TestExchangeThatDropsNTLMGetsNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := func(version string) string { return acctest.Mail("credentials_wo_version = "+version) + acctest.Check }
	created := env.Step(config("1"))
	created.ConfigStateChecks = expectTestPassed()
	dropped := env.Step(config("1"))
	dropped.PreConfig = func() {
		env.Exchange.Offer(exchange.Basic)
		env.Exchange.Forget()
	}
	dropped.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(mailTest, "passed", knownvalue.Bool(false)),
		statecheck.ExpectKnownValue(mailTest, tfjsonpath.New("fault").AtMapKey("code"),
			knownvalue.StringExact(string(target.Misconfigured))),
	}
	again := env.Step(config("2"))
	again.PreConfig = func() {
		for _, request := range env.Exchange.Requests() {
			if request.Header.Get("Authorization") != "" {
				t.Error("something was sent to sign in")
			}
		}
		if len(env.Exchange.Requests()) == 0 {
			t.Error("the server was not called")
		}
	}
	again.ConfigPlanChecks, again.ConfigStateChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate), expectTestPassed()
	env.Test(created, dropped, again)
}

// The address of Outlook on the web is enough. Both addresses together fail the plan, and a change to the other one
// requires only the credentials, which are bound to an address.
func TestExchangeByTheAddressOfOutlookOnTheWeb(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	both := env.Step(strings.Replace(acctest.Mail(""), "= var.url", `= var.url
    owa_url = "`+env.Exchange.OWA()+`"`, 1))
	both.PlanOnly, both.ExpectError = true, acctest.MatchText("Invalid Value", "owa_url is for finding", "Set only one of them")
	found := env.Step(strings.NewReplacer("ews_url", "owa_url", "var.url", `"`+env.Exchange.OWA()+`"`).Replace(acctest.Mail("")) +
		acctest.Check)
	found.ConfigStateChecks = append(expectTestPassed(), statecheck.ExpectKnownValue("data.riva_connection_test.mail",
		tfjsonpath.New("checks").AtSliceIndex(2).AtMapKey("message"),
		knownvalue.StringRegexp(acctest.MatchText("were found at "+env.Exchange.URL()))))
	byEWS := env.Step(acctest.Mail("") + acctest.Check)
	byEWS.ConfigPlanChecks, byEWS.ConfigStateChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate), expectTestPassed()
	env.Test(both, found, byEWS)
}

func TestExchangeAsADelegate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	if err := env.Exchange.Update("svc-riva", func(a *ews.Account) { a.Impersonation = false }); err != nil {
		t.Fatal(err)
	}
	admit := func(folders ...string) func() {
		return func() {
			t.Helper()
			err := env.Exchange.Update("ada", func(a *ews.Account) { a.Delegates = map[string][]string{"svc-riva": folders} })
			if err != nil {
				t.Error(err)
			}
		}
	}
	delegate := strings.Replace(acctest.Mail(""), "password_wo", `access      = "delegate"
    password_wo`, 1) + `
data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  account       = "user"
  test          = "calendar"
  user_email    = "ada@example.com"
}
`
	rejected := env.Step(delegate)
	rejected.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.riva_connection_test.mail", tfjsonpath.New("fault").AtMapKey("code"),
			knownvalue.StringExact("insufficient_permission")),
	}
	admitted := env.Step(delegate)
	admitted.PreConfig, admitted.ConfigStateChecks = admit("calendar"), expectTestPassed()
	env.Test(rejected, admitted)
}

func TestExchangeWithACertificate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	usePrivateCA(t, env)
	certificate, key := env.Exchange.Certificate()
	_, another, err := env.Exchange.Authority().Issue(sandbox.ClientCertificate{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	with := func(key string) string {
		return strings.Replace(connectionWithCA(env, "certificate"), "password_wo = var.password", `certificate_wo = <<-PEM
`+certificate+`
    PEM
    private_key_wo = <<-PEM
`+key+`
    PEM`, 1)
	}
	mixed := env.Step(with(another))
	mixed.PlanOnly = true
	mixed.ExpectError = acctest.MatchText("Incomplete Credentials", "private_key does not belong to the first certificate")
	created := env.Step(with(key) + acctest.Check)
	created.ConfigStateChecks = expectTestPassed()
	env.Test(mixed, created)
	for _, s := range env.Exchange.SignInList() {
		if s.Scheme != "Certificate" || !s.Accepted {
			t.Errorf("signed in with %+v", s)
		}
	}
}
