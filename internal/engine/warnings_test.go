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

// eachCertificateFixture runs a test on a fixture whose email system accepts certificates. Its clock starts at the system time,
// which decides whether a certificate has expired.
func eachCertificateFixture(t *testing.T, run func(*testing.T, *fixture)) {
	t.Helper()
	eachFixture(t, func(t *testing.T, w *fixture) {
		w.clock.now = time.Now()
		w.mail.Fields = append(w.mail.Fields,
			target.Field{Name: "certificate", Type: target.Certificates, Secret: true, Fixes: []target.Code{target.GivenCredentials}},
		)
		w.mail.Grants = append(w.mail.Grants, target.Grant{Name: "certificate", Secrets: []string{"certificate"}})
		w.mail.set(func(f *fake) { f.password = "" })
		run(t, w)
	})
}

// certificate returns a certificate that expires after a time.
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

// newCertificateMail is a request for a connection with a certificate.
func (w *fixture) newCertificateMail(within time.Duration, verify bool) model.NewConnection {
	n := newMail("Certificate")
	n.Credentials, n.Verify = w.certificate(within), verify
	return n
}

// wantWarning checks that there is exactly one warning with the text, or no warning if the text is empty.
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
	eachCertificateFixture(t, func(t *testing.T, w *fixture) {
		made := w.create(w.newCertificateMail(40*day, true))
		if end := made.CredentialsExpireAt; end == nil || end.Sub(w.clock.Now()).Round(day) != 40*day {
			t.Fatalf("the certificate expires at %v", end)
		}
		wantWarning(t, "created", made.Warnings, "")
		wantWarning(t, "verification", made.LastTest.Warnings, "")
		w.clock.advance(20 * day)
		tested := w.test(made.ID)
		wantWarning(t, "test", tested.Warnings, "certificate expires on")
		now := w.read(made.ID)
		wantWarning(t, "connection", now.Warnings, "certificate expires on")
		wantWarning(t, "last test", now.LastTest.Warnings, "in 19 days")
		w.clock.advance(21 * day)
		now = w.read(made.ID)
		wantWarning(t, "connection, later", now.Warnings, "certificate expired on")
		wantWarning(t, "last test, later", now.LastTest.Warnings, "in 19 days") // as it was at the time of the test
		if !now.LastModifiedAt.Equal(made.LastModifiedAt) {
			t.Error("a test modified the connection")
		}
		change := model.ConnectionChange{Credentials: w.certificate(365 * day), Verify: true}
		renewed := must(w.UpdateConnection(w.ctx, made.ID, change))(t)
		wantWarning(t, "renewed", renewed.Warnings, "")
		w.mail.set(func(f *fake) { f.password = "right" })
		must(w.UpdateConnection(w.ctx, made.ID, model.ConnectionChange{Credentials: password("right"), Verify: true}))(t)
		if end := w.read(made.ID).CredentialsExpireAt; end != nil {
			t.Errorf("a password expires at %s", end)
		}
	})
}

func TestWarningsOfSettings(t *testing.T) {
	t.Parallel()
	eachCertificateFixture(t, func(t *testing.T, w *fixture) {
		n := w.newCertificateMail(365*day, true)
		n.Settings["ca_certificate"] = w.certificate(-day)["certificate"]
		made := w.create(n)
		wantWarning(t, "created", made.Warnings, "ca_certificate contains the certificate of")
		wantWarning(t, "verification", made.LastTest.Warnings, "ca_certificate contains the certificate of")
	})
}

// Nothing is sent, so nothing is remembered, and repeated attempts do not lock the account.
func TestExpiredCertificateFailsWithoutCall(t *testing.T) {
	t.Parallel()
	eachCertificateFixture(t, func(t *testing.T, w *fixture) {
		n := w.newCertificateMail(-day, true)
		for range 4 {
			_, err := w.CreateConnection(w.ctx, n)
			fault := wantFault(t, err, target.GivenCredentials)
			if fault.Remembered || fault.Fault.Field != "certificate" ||
				!strings.HasPrefix(fault.Fault.Message, "certificate expired on") {
				t.Fatalf("got %+v", fault)
			}
		}
		if w.mail.calls() != 0 {
			t.Error("the system was contacted")
		}
	})
}

// It was not rejected, so it is not blanked, even if it is unverified.
func TestExpiredCertificateStaysStored(t *testing.T) {
	t.Parallel()
	eachCertificateFixture(t, func(t *testing.T, w *fixture) {
		made := w.create(w.newCertificateMail(-day, false))
		for range 4 {
			if got := w.test(made.ID); got.Passed || got.Remembered || got.Fault.Code != target.GivenCredentials {
				t.Fatalf("got %+v", got)
			}
		}
		now := w.read(made.ID)
		if now.Status() != model.StatusFailing || now.CredentialsExpireAt == nil || w.mail.calls() != 0 {
			t.Errorf("got %s, %v, %d calls", now.Status(), now.CredentialsExpireAt, w.mail.calls())
		}
	})
}

func TestBlankClearsExpiry(t *testing.T) {
	t.Parallel()
	eachCertificateFixture(t, func(t *testing.T, w *fixture) {
		made := w.create(w.newCertificateMail(5*day, false))
		wantWarning(t, "unverified", made.Warnings, "expires")
		w.mail.set(func(f *fake) { f.password = "another" })
		w.test(made.ID)
		now := w.read(made.ID)
		if now.Status() != model.StatusBlank || now.CredentialsExpireAt != nil {
			t.Errorf("got %s, expires at %v", now.Status(), now.CredentialsExpireAt)
		}
		wantWarning(t, "blank", now.Warnings, "")
	})
}

func TestCycleWithExpiredCertificate(t *testing.T) {
	t.Parallel()
	eachCertificateFixture(t, func(t *testing.T, w *fixture) {
		w.crm.set(func(f *fake) { f.password = "right" })
		crm, mail := w.create(newCRM("CRM")), w.create(w.newCertificateMail(-day, false))
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
	})
}
