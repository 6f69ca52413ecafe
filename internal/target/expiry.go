package target

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

// expiryWarningPeriod is how long before its end a certificate is worth a warning.
const expiryWarningPeriod = 30 * 24 * time.Hour

// ErrNotContacted is the cause of a fault that was certain before any call: the system has seen nothing and counted nothing.
var ErrNotContacted = errors.New("the system was not asked")

// CredentialsExpireAt is when the account's own certificate ends, with which no sign-in is possible from then on; zero if
// the credentials hold none.
func (s *System) CredentialsExpireAt(c Credentials) time.Time {
	_, end := s.ownCertificate(c)
	return end
}

// Warnings lists what works today and will not for long, in the order of the declaration: deprecated values, and
// certificates that end within 30 days, those that have ended included. The end of the account's own certificate is what
// [System.CredentialsExpireAt] gave, so that it can be told without the credentials.
func (s *System) Warnings(settings Settings, credentialsExpireAt, now time.Time) []FieldError {
	var warnings []FieldError
	for _, f := range s.Fields {
		switch {
		case f.Secret && f.Type != Certificates:
		case f.Secret:
			if !credentialsExpireAt.IsZero() && credentialsExpireAt.Before(now.Add(expiryWarningPeriod)) {
				warnings = append(warnings, f.fieldError(
					expiryText(credentialsExpireAt, now)+": give a new one, since no sign-in is possible without a valid one"))
			}
		case f.Deprecated[settings[f.Name]] != "":
			warnings = append(warnings, FieldError{Field: f.Name, Message: f.Deprecated[settings[f.Name]]})
		case f.Type == Certificates:
			for _, c := range certificates(settings[f.Name]) {
				if c.NotAfter.Before(now.Add(expiryWarningPeriod)) {
					warnings = append(warnings, f.fieldError(fmt.Sprintf(
						"holds the certificate of %q, which %s: add its successor", c.Subject, expiryText(c.NotAfter, now))))
				}
			}
		}
	}
	return warnings
}

// expiryText completes a sentence about a certificate.
func expiryText(end, now time.Time) string {
	day := end.UTC().Format(time.DateOnly)
	if !now.Before(end) {
		return "expired on " + day
	}
	switch days := int(end.Sub(now) / (24 * time.Hour)); days {
	case 0:
		return "expires on " + day + ", in less than a day"
	case 1:
		return "expires on " + day + ", in one day"
	default:
		return fmt.Sprintf("expires on %s, in %d days", day, days)
	}
}

// Expired is the fault of an own certificate that has ended: the system would refuse it, so it is not asked.
func (s *System) Expired(c Credentials, now time.Time) error {
	field, end := s.ownCertificate(c)
	if end.IsZero() || now.Before(end) {
		return nil
	}
	return &Fault{
		Code: GivenCredentials, Field: field, Cause: ErrNotContacted,
		Message: fmt.Sprintf("%s %s. The system was not asked.", field, expiryText(end, now)),
	}
}

// ownCertificate finds the field with the account's own certificate, and when that ends.
func (s *System) ownCertificate(c Credentials) (field string, end time.Time) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Secret && f.Type == Certificates })
	if i < 0 {
		return "", time.Time{}
	}
	chain := certificates(c[s.Fields[i].Name])
	if len(chain) == 0 {
		return "", time.Time{}
	}
	return s.Fields[i].Name, chain[0].NotAfter
}

// certificates reads certificates in PEM form, up to the first thing that is none: what is wrong with a value is said
// where values are checked.
func certificates(value string) []*x509.Certificate {
	var all []*x509.Certificate
	rest := []byte(value)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return all
		}
		all = append(all, c)
	}
}
