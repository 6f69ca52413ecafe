package provider_test

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

// keyring is a CRM whose accounts have a certificate, and a way of calling it that is on its way out.
func keyring() *target.System {
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
		SignIn: func(context.Context, target.Account) (target.Session, error) { return session{}, nil },
	}
}

// ring is a connection to Keyring, and all data sources about it.
func ring(api string) string {
	return fmt.Sprintf(`
variable "certificate" {
  type      = string
  ephemeral = true
}

resource "riva_connection" "ring" {
  name = "Ring"
  keyring = {
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

// endsIn makes a certificate that ends within a time.
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

// plain takes away frames and line breaks.
func plain(out string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(out, "│", "")), " ")
}

func TestExpiryAndDeprecationWarn(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	w := acctest.New(t)
	c := w.Command(ring("old"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, 10*day+time.Hour))
	c.Must("apply", "-auto-approve")
	out := plain(c.Must("plan", "-detailed-exitcode"))
	for want, times := range map[string]int{
		`The Connection "Ring" Needs Attention Soon: api`:            1,
		`The Connection "Ring" Needs Attention Soon: certificate_wo`: 1,
		`The Connection "Ring" Needs Attention Soon with`:            1,
		`The control plane says of the connection "Ring"`:            1,
		`api "old" ends in October: use "new".`:                      2, // configured, and stored
		"certificate expires on":                                     2,
	} {
		if got := strings.Count(out, want); got != times {
			t.Errorf("%q is said %d times, want %d, in:\n%s", want, got, times, out)
		}
	}
	if got := plain(c.Must("output")); !strings.Contains(got, `warnings = "2|2|2"`) || !strings.Contains(got, `ends = "20`) {
		t.Errorf("got the outputs %s", got)
	}

	c.Write(ring("new"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, 365*day))
	if out := c.Must("apply", "-auto-approve"); strings.Contains(out, "Attention") {
		t.Errorf("warned of nothing:\n%s", out)
	}
	if got := plain(c.Must("output")); !strings.Contains(got, `warnings = "0|0|0"`) {
		t.Errorf("got the outputs %s", got)
	}
}

// A test that is done has its result, also if what is only looked up for a warning cannot be.
func TestWarningOfATestWithoutTheName(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Systems = append(catalog.All(), keyring())
	var lost atomic.Bool
	w.Serve(func(resp *http.Response) error {
		if lost.Load() && resp.Request.Method == http.MethodGet && strings.HasPrefix(resp.Request.URL.Path, "/v1/connections") {
			resp.StatusCode = http.StatusForbidden
		}
		return nil
	})
	c := w.Command(ring("old"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, 10*24*time.Hour+time.Hour))
	c.Must("apply", "-auto-approve")
	found, err := w.Client().ConnectionByName(t.Context(), "Ring")
	if err != nil {
		t.Fatal(err)
	}
	// Not by a removed block: OpenTofu asks for the connection once more before it forgets it.
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
	out := plain(c.Must("apply", "-auto-approve"))
	for _, want := range []string{
		fmt.Sprintf("The Connection %q Needs Attention Soon", found.ID), `api "old" ends in October: use "new".`, `tested = "true 2"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said in:\n%s", want, out)
		}
	}
}

func TestEndedCertificateIsRefusedBeforeAnyCall(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(ring("new"))
	c.Env = append(c.Env, "TF_VAR_certificate="+endsIn(t, -time.Hour))
	out, err := c.Run("apply", "-auto-approve")
	said := plain(out)
	for _, want := range []string{
		"Cannot Connect to the Target System with Given Credentials", "Reason: certificate expired on", "The system was not contacted.",
		`The Connection "Ring" Needs Attention Soon: certificate_wo`,
	} {
		if err == nil || !strings.Contains(said, want) {
			t.Errorf("%q is not said (%v) in:\n%s", want, err, out)
		}
	}
}
