package provider_test

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
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// usePrivateCA replaces the world's Exchange by one that a private certificate authority vouches for.
func usePrivateCA(t *testing.T, w *acctest.Environment) {
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
	w.Exchange = server
}

// connectionWithCA is the usual connection with NTLM, or another scheme, and the authority of the world's Exchange.
func connectionWithCA(w *acctest.Environment, scheme string) string {
	return strings.Replace(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
    authentication = "`+scheme+`"
    ca_certificate = <<-PEM
`+w.Exchange.CA()+`
    PEM`, 1)
}

func TestExchangeWithNTLMAndAPrivateAuthority(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	usePrivateCA(t, w)
	untrusted := w.Step(acctest.Mail(""))
	untrusted.ExpectError = matchText("The Settings of the Connection Cannot Work", "Nothing was created.",
		"Attribute: exchange.ca_certificate", "not trusted")
	created := w.Step(connectionWithCA(w, "ntlm") + acctest.Check)
	created.ConfigStateChecks = expectTestPassed()
	rotation := resource.TestStep{
		PreConfig: func() { setPassword(t, w, rotated) },
		Config:    w.Config(connectionWithCA(w, "ntlm") + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	basic := resource.TestStep{
		Config: w.Config(connectionWithCA(w, "basic") + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	w.Test(untrusted, created, rotation, basic)

	schemes := map[string]bool{}
	for _, s := range w.Exchange.SignInList() {
		schemes[s.Scheme] = schemes[s.Scheme] || s.Accepted
	}
	if !schemes["NTLM"] || !schemes["Basic"] {
		t.Errorf("accepted sign-ins by scheme: %v, want NTLM and then Basic", schemes)
	}
}

// The address of Outlook on the web is enough. To have both addresses is an error of the plan, and to take the other one
// needs no more than the credentials, which belong to an address.
func TestExchangeByTheAddressOfOutlookOnTheWeb(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	both := w.Step(strings.Replace(acctest.Mail(""), "= var.url", `= var.url
    owa_url = "`+w.Exchange.OWA()+`"`, 1))
	both.PlanOnly, both.ExpectError = true, matchText("Invalid Value", "owa_url is for finding", "one of them only")
	found := w.Step(strings.NewReplacer("ews_url", "owa_url", "var.url", `"`+w.Exchange.OWA()+`"`).Replace(acctest.Mail("")) +
		acctest.Check)
	found.ConfigStateChecks = append(expectTestPassed(), statecheck.ExpectKnownValue("data.riva_connection_test.mail",
		tfjsonpath.New("checks").AtSliceIndex(2).AtMapKey("message"), knownvalue.StringRegexp(matchText("were found at "+w.Exchange.URL()))))
	told := w.Step(acctest.Mail("") + acctest.Check)
	told.ConfigPlanChecks, told.ConfigStateChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate), expectTestPassed()
	w.Test(both, found, told)
}

func TestExchangeAsADelegate(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	if err := w.Exchange.Update("svc-riva", func(a *ews.Account) { a.Impersonation = false }); err != nil {
		t.Fatal(err)
	}
	admit := func(folders ...string) func() {
		return func() {
			t.Helper()
			err := w.Exchange.Update("ada", func(a *ews.Account) { a.Delegates = map[string][]string{"svc-riva": folders} })
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
	refused := w.Step(delegate)
	refused.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.riva_connection_test.mail", tfjsonpath.New("fault").AtMapKey("code"),
			knownvalue.StringExact("insufficient_permission")),
	}
	admitted := w.Step(delegate)
	admitted.PreConfig, admitted.ConfigStateChecks = admit("calendar"), expectTestPassed()
	w.Test(refused, admitted)
}

func TestExchangeWithACertificate(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	usePrivateCA(t, w)
	certificate, key := w.Exchange.Certificate()
	_, another, err := w.Exchange.Authority().Issue(sandbox.ClientCertificate{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	with := func(key string) string {
		return strings.Replace(connectionWithCA(w, "certificate"), "password_wo = var.password", `certificate_wo = <<-PEM
`+certificate+`
    PEM
    private_key_wo = <<-PEM
`+key+`
    PEM`, 1)
	}
	mixed := w.Step(with(another))
	mixed.PlanOnly = true
	mixed.ExpectError = matchText("The Credentials Do Not Make", "private_key does not belong to the first certificate")
	created := w.Step(with(key) + acctest.Check)
	created.ConfigStateChecks = expectTestPassed()
	w.Test(mixed, created)
	for _, s := range w.Exchange.SignInList() {
		if s.Scheme != "Certificate" || !s.Accepted {
			t.Errorf("signed in with %+v", s)
		}
	}
}
