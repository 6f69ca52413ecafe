package call

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Session is the part that the sessions of all systems share. A system's own session embeds it and adds the tests.
type Session struct {
	// Account is the account that signs in, and Grant is what its credentials make.
	Account target.Account
	Grant   target.Grant
	// Client sends the calls. A system may replace it by a client that signs them.
	Client *http.Client
	// Classifier decides the faults of failed calls.
	Classifier Classifier
	// Self is the account that signed in. The sign-in sets it.
	Self target.Identity
	// Proven is the authentication scheme that proved the credentials, if the offer of the server decided it. The sign-in sets it.
	Proven string

	transport *http.Client // the client with the connections
}

// NewSession makes a session of an account. It sends nothing yet. The client trusts the certificates of the setting
// [target.CACertificate] too, and has the account's own certificates (see [NewClient]). What it signs requests in with is
// masked in messages. The error is a *[target.Fault].
func NewSession(a target.Account, c Classifier, certificates ...tls.Certificate) (Session, error) {
	grant, err := a.Grant()
	if err != nil {
		return Session{}, err
	}
	client, err := NewClient(a.Network, a.Setting(target.CACertificate), certificates...)
	if err != nil {
		return Session{}, &target.Fault{
			Code: target.Misconfigured, Field: target.CACertificate, Cause: err,
			Message: target.Say("It contains no readable certificate."),
		}
	}
	masking := *client
	masking.Transport = &maskingTransport{next: client.Transport, tokens: a.Tokens}
	return Session{Account: a, Grant: grant, Client: &masking, Classifier: c, transport: client}, nil
}

// CloseOnError returns a session, or the error of its sign-in. If there is an error, it closes the session.
func CloseOnError(ctx context.Context, s target.Session, err error) (target.Session, error) {
	if err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

// Identity returns the account that signed in.
func (s *Session) Identity() target.Identity { return s.Self }

// Scheme returns the authentication scheme that proved the credentials, if the offer of the server decided it.
func (s *Session) Scheme() string { return s.Proven }

// Close closes the connections. Access tokens stay in use for the next session.
func (s *Session) Close(context.Context) error {
	s.transport.CloseIdleConnections()
	return nil
}
