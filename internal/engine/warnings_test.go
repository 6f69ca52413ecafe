package engine_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const day = 24 * time.Hour

// newKeyed is a world whose email system is signed in to with certificates, at the machine's own time: whether a
// certificate has ended is decided by that.
func newKeyed(t *testing.T) *fixture {
	t.Helper()
	w := newFixture(t)
	w.clock.now = time.Now()
	w.mail.Fields = append(w.mail.Fields,
		target.Field{Name: "certificate", Type: target.Certificates, Secret: true, Fixes: []target.Code{target.GivenCredentials}},
		target.Field{Name: "ca_certificate", Type: target.Certificates},
	)
	w.mail.Grants = append(w.mail.Grants, target.Grant{Name: "certificate", Secrets: []string{"certificate"}})
	w.mail.set(func(f *fake) { f.password = "" })
	return w
}

// certificate makes a set of credentials that ends within a time.
func (w *fixture) certificate(within time.Duration) target.Credentials {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: w.clock.Now().Add(within)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	return target.Credentials{"certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// keyed asks for a connection with a certificate.
func (w *fixture) keyed(within time.Duration, verify bool) model.NewConnection {
	n := newMail("Keyed")
	n.Credentials, n.Verify = w.certificate(within), verify
	return n
}

// wantWarning checks that there is one warning, or none.
func wantWarning(t *testing.T, where string, got []string, says string) {
	t.Helper()
	if says == "" && len(got) == 0 {
		return
	}
	if len(got) != 1 || says == "" || !strings.Contains(got[0], says) {
		t.Errorf("%s: got the warnings %q, want %q", where, got, says)
	}
}

func TestExpiringCertificateWarns(t *testing.T) {
	t.Parallel()
	w := newKeyed(t)
	made := w.create(w.keyed(40*day, true))
	if end := made.CredentialsExpireAt; end == nil || end.Sub(w.clock.Now()).Round(day) != 40*day {
		t.Fatalf("the certificate ends at %v", end)
	}
	wantWarning(t, "created", made.Warnings, "")
	wantWarning(t, "proof", made.LastTest.Warnings, "")
	w.clock.advance(20 * day)
	tested := w.test(made.ID)
	wantWarning(t, "test", tested.Warnings, "certificate expires on")
	now := w.read(made.ID)
	wantWarning(t, "connection", now.Warnings, "certificate expires on")
	wantWarning(t, "last test", now.LastTest.Warnings, "in 19 days")
	w.clock.advance(21 * day)
	now = w.read(made.ID)
	wantWarning(t, "connection, later", now.Warnings, "certificate expired on")
	wantWarning(t, "last test, later", now.LastTest.Warnings, "in 19 days") // what was true then
	if !now.LastModifiedAt.Equal(made.LastModifiedAt) {
		t.Error("a test modified the connection")
	}
	change := model.ConnectionChange{Credentials: w.certificate(365 * day), Verify: true}
	renewed := must(w.UpdateConnection(w.ctx, made.ID, change))(t)
	wantWarning(t, "renewed", renewed.Warnings, "")
	w.mail.set(func(f *fake) { f.password = "right" })
	must(w.UpdateConnection(w.ctx, made.ID, model.ConnectionChange{Credentials: password("right"), Verify: true}))(t)
	if end := w.read(made.ID).CredentialsExpireAt; end != nil {
		t.Errorf("a password ends at %s", end)
	}
}

func TestWarningsOfSettings(t *testing.T) {
	t.Parallel()
	w := newKeyed(t)
	n := w.keyed(365*day, true)
	n.Settings["ca_certificate"] = w.certificate(-day)["certificate"]
	made := w.create(n)
	wantWarning(t, "created", made.Warnings, "ca_certificate contains the certificate of")
	wantWarning(t, "proof", made.LastTest.Warnings, "ca_certificate contains the certificate of")
}

// Nothing was sent, so nothing is remembered, and however often it is tried, no account is locked.
func TestExpiredCertificateFailsWithoutCall(t *testing.T) {
	t.Parallel()
	w := newKeyed(t)
	n := w.keyed(-day, true)
	for range 4 {
		_, err := w.CreateConnection(w.ctx, n)
		fault := wantFault(t, err, target.GivenCredentials)
		if fault.Remembered || fault.Fault.Field != "certificate" || !strings.HasPrefix(fault.Fault.Message, "certificate expired on") {
			t.Fatalf("got %+v", fault)
		}
	}
	if w.mail.calls() != 0 {
		t.Error("the system was asked")
	}
}

// Nobody refused it, so it is not wiped, not even when it was never tried.
func TestEndedCertificateStaysStored(t *testing.T) {
	t.Parallel()
	w := newKeyed(t)
	made := w.create(w.keyed(-day, false))
	for range 4 {
		if got := w.test(made.ID); got.Passed || got.Remembered || got.Fault.Code != target.GivenCredentials {
			t.Fatalf("got %+v", got)
		}
	}
	now := w.read(made.ID)
	if now.Status() != model.StatusFailing || now.CredentialsExpireAt == nil || w.mail.calls() != 0 {
		t.Errorf("got %s, %v, %d calls", now.Status(), now.CredentialsExpireAt, w.mail.calls())
	}
}

func TestBlankClearsExpiry(t *testing.T) {
	t.Parallel()
	w := newKeyed(t)
	made := w.create(w.keyed(5*day, false))
	wantWarning(t, "untested", made.Warnings, "expires")
	w.mail.set(func(f *fake) { f.password = "another" })
	w.test(made.ID)
	now := w.read(made.ID)
	if now.Status() != model.StatusBlank || now.CredentialsExpireAt != nil {
		t.Errorf("got %s, ends at %v", now.Status(), now.CredentialsExpireAt)
	}
	wantWarning(t, "blank", now.Warnings, "")
}

func TestCycleMeetsAnEndedCertificateAsAnyFault(t *testing.T) {
	t.Parallel()
	w := newKeyed(t)
	w.crm.set(func(f *fake) { f.password = "right" })
	crm, mail := w.create(newCRM("CRM")), w.create(w.keyed(-day, false))
	p := must(w.CreatePolicy(w.ctx, model.NewPolicy{
		Name: "All", CRMConnectionID: crm.ID, EmailConnectionID: mail.ID, Enabled: true, Interval: time.Hour,
	}))(t)
	w.user("ada@example.com", true)
	c := w.cycle(p.ID)
	if c.State != model.CycleFinished || c.UsersFaulty != 1 || c.Fault == nil || c.Fault.Field != "certificate" {
		t.Errorf("got %+v", c)
	}
	if logs := w.logs(c); len(logs) != 2 || logs[1].Passed || !strings.Contains(logs[1].Message, "certificate expired on") {
		t.Errorf("got %+v", logs)
	}
}
