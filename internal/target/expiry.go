package target

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// expiryWarningPeriod is how long before its expiry a certificate causes a warning.
const expiryWarningPeriod = 30 * 24 * time.Hour

// ErrNotContacted is the cause of a fault that was certain before any call: the system received nothing, so it counted no
// failed sign-in.
var ErrNotContacted = errors.New("the system was not contacted")

// Warning reports a setting or secret of a connection that works today but not for long.
type Warning struct {
	// Field is the name of the field.
	Field string
	// Message is one or two sentences that name the field.
	Message string
}

// CredentialsExpireAt is when the account's own certificate expires: no sign-in is possible from then on. It is zero if the
// credentials contain no certificate.
func (s *System) CredentialsExpireAt(c Credentials) time.Time {
	_, end := s.ownCertificate(c)
	return end
}

// Warnings lists what works today but not for long, in the order of the declaration: deprecated values, and certificates
// that have expired or expire within 30 days. The expiry of the account's own certificate is the result of
// [System.CredentialsExpireAt], so the credentials are not needed here.
func (s *System) Warnings(settings Settings, credentialsExpireAt, now time.Time) []Warning {
	var warnings []Warning
	add := func(f Field, message string) {
		warnings = append(warnings, Warning{Field: f.Name, Message: f.Name + " " + message + "."})
	}
	for _, f := range s.Fields {
		switch {
		case f.Secret && f.Type != Certificates:
		case f.Secret:
			if !credentialsExpireAt.IsZero() && credentialsExpireAt.Before(now.Add(expiryWarningPeriod)) {
				add(f, expiryText(credentialsExpireAt, now)+": provide a new one, since no sign-in is possible without a valid one")
			}
		case f.Deprecated[settings[f.Name]] != "":
			warnings = append(warnings, Warning{Field: f.Name, Message: f.Deprecated[settings[f.Name]]})
		case f.Type == Certificates:
			for _, c := range certificates(settings[f.Name]) {
				if c.NotAfter.Before(now.Add(expiryWarningPeriod)) {
					add(f, fmt.Sprintf(
						"contains the certificate of %q, which %s: add its successor", c.Subject, expiryText(c.NotAfter, now)))
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

// Expired returns a *[Fault] if the account's own certificate has expired: the system would reject it, so it is not
// contacted.
func (s *System) Expired(c Credentials, now time.Time) error {
	field, end := s.ownCertificate(c)
	if end.IsZero() || now.Before(end) {
		return nil
	}
	return &Fault{
		Code: GivenCredentials, Field: field, Cause: ErrNotContacted, Certain: true,
		Message: Say("%s %s. The system was not contacted.", Own(field), Own(expiryText(end, now))),
	}
}

// ownCertificate returns the field with the account's own certificate, and its expiry.
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

// certificates reads certificates in PEM form, up to the first block that is not a certificate: values are validated
// elsewhere.
func certificates(value string) []*x509.Certificate {
	var all []*x509.Certificate
	blocks, _ := decodeBlocks(RepairPEM(value))
	for _, block := range blocks {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return all
		}
		all = append(all, c)
	}
	return all
}
