package connection_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// certificateSystem is a CRM whose accounts have a certificate, and with a deprecated API.
func certificateSystem() *target.System {
	return &target.System{
		Name: "keyring", Title: "Keyring", Kind: target.CRM, Description: "A CRM.",
		Fields: []target.Field{
			{
				Name: "api", Required: true, Binds: true, Allowed: []string{"new", "old"}, Help: "How to call it.",
				Deprecated: map[string]string{"old": `api "old" ends in October: use "new".`},
			},
			{Name: "certificate", Type: target.Certificates, Secret: true, Help: "Who calls."},
		},
		Grants: []target.Grant{{Name: "certificate", Secrets: []string{"certificate"}}},
		Tests:  []target.Test{target.General}, UserTest: target.General,
		SignIn: func(context.Context, target.Account) (target.Session, error) { return acctest.Session{}, nil },
	}
}

// certificateConnection is a connection to Keyring, with all data sources about it.
func certificateConnection(api string) string {
	return fmt.Sprintf(`
variable "certificate" {
  type      = string
  ephemeral = true
}

resource "riva_connection" "ring" {
  name = "Ring"
  keyring {
    api            = %q
    certificate_wo = var.certificate
  }
}

data "riva_connection" "ring" {
  id = riva_connection.ring.id
}

data "riva_connections" "crm" {
  system     = "keyring"
  depends_on = [riva_connection.ring]
}

data "riva_connection_test" "ring" {
  connection_id = riva_connection.ring.id
}

output "ends" {
  value = data.riva_connection.ring.credentials_expire_at
}

output "warnings" {
  value = join("|", [
    length(data.riva_connection.ring.warnings), length(data.riva_connections.crm.connections[0].warnings),
    length(data.riva_connection_test.ring.warnings),
  ])
}
`, api)
}

// endsIn creates a certificate that expires after a time.
func endsIn(t *testing.T, d time.Duration) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(d)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestExpiryAndDeprecationWarn(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	env := acctest.New(t)
	c := env.Command(certificateConnection("old"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, 10*day+time.Hour))
	c.Must("apply", "-auto-approve")
	out := acctest.OneLine(c.Must("plan", "-detailed-exitcode"))
	for want, times := range map[string]int{
		`Connection "Ring" Expires or Is Deprecated Soon: api`:            1,
		`Connection "Ring" Expires or Is Deprecated Soon: certificate_wo`: 1,
		`Connection "Ring" Expires or Is Deprecated Soon with`:            1,
		`The control plane warns about the connection "Ring"`:             1,
		`api "old" ends in October: use "new".`:                           2, // configured, and stored
		"certificate expires on":                                          2,
	} {
		if got := strings.Count(out, want); got != times {
			t.Errorf("%q is there %d times, want %d, in:\n%s", want, got, times, out)
		}
	}
	got := acctest.OneLine(c.Must("output"))
	if !strings.Contains(got, `warnings = "2|2|2"`) || !strings.Contains(got, `ends = "20`) {
		t.Errorf("got the outputs %s", got)
	}

	c.Write(certificateConnection("new"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, 365*day))
	if out := c.Must("apply", "-auto-approve"); strings.Contains(out, "Deprecated Soon") {
		t.Errorf("warned without a reason:\n%s", out)
	}
	if got := acctest.OneLine(c.Must("output")); !strings.Contains(got, `warnings = "0|0|0"`) {
		t.Errorf("got the outputs %s", got)
	}
}

// A test has its result even if the name for a warning cannot be read.
func TestTestWarningWithoutConnectionName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Systems = append(catalog.All(), certificateSystem())
	var lost atomic.Bool
	env.Serve(func(resp *http.Response) error {
		if lost.Load() && resp.Request.Method == http.MethodGet && strings.HasPrefix(resp.Request.URL.Path, "/v1/connections") {
			resp.StatusCode = http.StatusForbidden
		}
		return nil
	})
	c := env.Command(certificateConnection("old"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, 10*24*time.Hour+time.Hour))
	c.Must("apply", "-auto-approve")
	found, err := env.Client().ConnectionByName(t.Context(), "Ring")
	if err != nil {
		t.Fatal(err)
	}
	// Not with a removed block: OpenTofu reads the connection again before it removes it.
	c.Must("state", "rm", "riva_connection.ring")
	c.Write(fmt.Sprintf(`
data "riva_connection_test" "ring" {
  connection_id = %q
}

output "tested" {
  value = "${data.riva_connection_test.ring.passed} ${length(data.riva_connection_test.ring.warnings)}"
}
`, found.ID))
	lost.Store(true)
	out := acctest.OneLine(c.Must("apply", "-auto-approve"))
	for _, want := range []string{
		fmt.Sprintf("Connection %q Expires or Is Deprecated Soon", found.ID), `api "old" ends in October: use "new".`,
		`tested = "true 2"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}
}

func TestExpiredCertificateMakesNoCall(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(certificateConnection("new"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, -time.Hour))
	out, err := c.Run("apply", "-auto-approve")
	line := acctest.OneLine(out)
	for _, want := range []string{
		target.GivenCredentials.Title(), "Reason: certificate expired on", "The system was not contacted.",
		`Connection "Ring" Expires or Is Deprecated Soon: certificate_wo`,
	} {
		if err == nil || !strings.Contains(line, want) {
			t.Errorf("%q is not there (%v) in:\n%s", want, err, out)
		}
	}
}

// A password with outer white space is sent as it is, after a warning at its attribute. A line break is an error, as in any text.
func TestWhiteSpaceInSecretWarns(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Env = append(c.Env, "TF_VAR_password=canary-7f3e ")
	out := c.Must("plan")
	line := acctest.OneLine(out)
	for _, want := range []string{
		`Connection "Exchange" Has White Space in a Secret: password_wo`,
		"password ends with white space, which is sent as a part of it.",
	} {
		if !strings.Contains(line, want) || strings.Contains(out, "canary") {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}
	c.Env = append(c.Env, "TF_VAR_password=canary-7f3e\n")
	out, err := c.Run("plan")
	if err == nil || !acctest.MatchText("Attribute: exchange.password_wo", "line break at the end of a file").MatchString(out) ||
		strings.Contains(out, "canary") {
		t.Errorf("got %v:\n%s", err, out)
	}
}
