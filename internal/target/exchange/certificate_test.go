package exchange_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// passwordAndCertificate is an account with the password and a certificate.
func passwordAndCertificate(server *sandbox.Server, more ...string) target.Account {
	a := account(server, more...)
	a.Credentials["certificate"], a.Credentials["private_key"] = server.Certificate()
	return a
}

func TestCertificateReachesSignIn(t *testing.T) {
	t.Parallel()
	server := secure(t)
	a := passwordAndCertificate(server, "authentication", "certificate")
	delete(a.Credentials, "password")
	conformance.RequirePass(t, a, target.Calendar, "ada@example.com")
	for _, request := range server.Requests() {
		if request.Header.Get("Authorization") != "" {
			t.Error("something was sent in addition to the certificate")
		}
	}
	signIns := server.SignInList()
	if len(signIns) == 0 || signIns[0].Scheme != "Certificate" || signIns[0].User != "svc-riva@example.com" || !signIns[0].Accepted {
		t.Errorf("got %+v", signIns)
	}
}

// A reverse proxy, or IIS itself, can require a certificate in addition to the password.
func TestPasswordWithCertificate(t *testing.T) {
	t.Parallel()
	for _, authentication := range []string{"basic", "ntlm"} {
		for name, options := range map[string]sandbox.Options{
			"IIS": {
				Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}, DemandCertificate: true, DetailedErrors: true,
				Schemes: []sandbox.Scheme{sandbox.Basic, sandbox.NTLM},
			},
			"proxy": {
				Options: sandboxcore.Options{TLS: &sandboxcore.TLS{DemandClients: true}},
				Schemes: []sandbox.Scheme{sandbox.Basic, sandbox.NTLM},
			},
		} {
			t.Run(name+" "+authentication, func(t *testing.T) {
				t.Parallel()
				server := start(t, options)
				conformance.RequirePass(t, passwordAndCertificate(server, "authentication", authentication), target.Mail, "ada@example.com")
				fault := requireFault(t, account(server, "authentication", authentication))
				if fault.Code != target.Misconfigured || fault.Field != "certificate" ||
					!fault.Message.Contains("requires a client certificate") {
					t.Errorf("without one: got %+v", fault)
				}
				untrusted := passwordAndCertificate(server, "authentication", authentication)
				pair := newCertificate(t, server, sandboxcore.ClientCertificate{Email: "svc-riva@example.com", Untrusted: true})
				untrusted.Credentials["certificate"], untrusted.Credentials["private_key"] = pair["certificate"], pair["private_key"]
				if fault := requireFault(t, untrusted); fault.Code != target.GivenCredentials || fault.Field != "certificate" ||
					!strings.Contains(strings.Join(fault.Help, " "), "netsh") {
					t.Errorf("untrusted: got %+v", fault)
				}
			})
		}
	}
}

func TestRejectedCertificates(t *testing.T) {
	t.Parallel()
	page := http.Header{"Content-Type": {"text/html"}}
	for name, test := range map[string]struct {
		status int
		header http.Header
		body   string
		want   target.Code
		field  string
	}{
		"IIS":            {403, page, "<title>403 - Forbidden: Access is denied.</title>", target.GivenCredentials, "certificate"},
		"IIS, untrusted": {403, page, "HTTP Error 403.16 - Forbidden", target.GivenCredentials, "certificate"},
		"IIS, no account for it": {
			403, page, "HTTP Error 403.12 - Forbidden", target.GivenCredentials, "certificate",
		},
		"IIS, not seen":   {403, page, "HTTP Error 403.7 - Forbidden", target.Misconfigured, "authentication"},
		"nginx, rejected": {400, page, "<title>400 The SSL certificate error</title>", target.GivenCredentials, "certificate"},
		"nginx, not seen": {
			400, page, "<title>400 No required SSL certificate was sent</title>", target.Misconfigured, "authentication",
		},
		"not signed in": {401, http.Header{"Www-Authenticate": {"Negotiate"}}, "", target.GivenCredentials, "certificate"},
		"disabled":      {403, nil, "", target.InsufficientPermission, "username"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := passwordAndCertificate(secure(t), "authentication", "certificate")
			delete(a.Credentials, "password")
			a.Settings["ews_url"] = respond(t, test.status, test.header, test.body).Settings["ews_url"]
			if got := requireFault(t, a); got.Code != test.want || got.Field != test.field {
				t.Errorf("got %+v, want %s of %q", got, test.want, test.field)
			}
		})
	}
}

// An expired certificate is not sent, since the server would reject it.
func TestExpiredCertificate(t *testing.T) {
	t.Parallel()
	server := secure(t)
	a := account(server, "authentication", "certificate")
	a.Credentials = newCertificate(t, server, sandboxcore.ClientCertificate{Email: "svc-riva@example.com", ExpiresIn: -time.Hour})
	if fault := requireFault(t, a); fault.Code != target.GivenCredentials || fault.Field != "certificate" ||
		len(server.Requests()) != 0 {
		t.Errorf("got %+v", fault)
	}
}

// Stored secrets can be for another grant after a change of the settings.
func TestSecretsOfOtherGrant(t *testing.T) {
	t.Parallel()
	server := secure(t)
	fault := requireFault(t, account(server, "authentication", "certificate"))
	if fault.Code != target.Misconfigured || fault.Field != "authentication" || len(server.Requests()) != 0 {
		t.Errorf("got %+v", fault)
	}
}

// A certificate and a key whose line breaks were written out, or lost, sign in.
func TestSpellingsOfCertificateSignIn(t *testing.T) {
	t.Parallel()
	server := secure(t)
	certificate, key := server.Certificate()
	keys := pemtest.Spellings(key)
	for spelling, text := range pemtest.Spellings(certificate) {
		a := account(server, "authentication", "certificate")
		a.Credentials = target.Credentials{"certificate": text, "private_key": keys[spelling]}
		if fieldErrs := a.System.Validate(a.Settings, a.Credentials, a.Network); len(fieldErrs) != 0 {
			t.Errorf("%s: %v", spelling, fieldErrs)
		}
		conformance.RequirePass(t, a, target.General, "")
	}
}
