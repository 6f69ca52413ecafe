package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// private replaces the world's Exchange by one that a private certificate authority vouches for.
func private(t *testing.T, w *acctest.World) {
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

// trusting is the usual connection with NTLM, or another scheme, and the authority of the world's Exchange.
func trusting(w *acctest.World, scheme string) string {
	return strings.Replace(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
    authentication = "`+scheme+`"
    ca_certificate = <<-PEM
`+w.Exchange.CA()+`
    PEM`, 1)
}

func TestExchangeWithNTLMAndAPrivateAuthority(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	private(t, w)
	untrusted := w.Step(acctest.Mail(""))
	untrusted.ExpectError = says("The Settings of the Connection Cannot Work", "Nothing was created.",
		"Attribute: exchange.ca_certificate", "not trusted")
	created := w.Step(trusting(w, "ntlm") + acctest.Check)
	created.ConfigStateChecks = passing()
	rotation := resource.TestStep{
		PreConfig: func() { setPassword(t, w, rotated) },
		Config:    w.Config(trusting(w, "ntlm") + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
		ConfigStateChecks: passing(),
	}
	basic := resource.TestStep{
		Config: w.Config(trusting(w, "basic") + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
		ConfigStateChecks: passing(),
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
