package exchange

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// session is a service account that is signed in. One goroutine uses it at a time.
type session struct {
	ews      *ews.Client
	http     *http.Client
	idle     func() // gives up connections
	username string
	password string
	scheme   string
	identity target.Identity
}

// signIn opens the service account's mailbox and asks whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	address, err := s.ews.SignIn(ctx)
	if err != nil {
		s.idle()
		return nil, err
	}
	_, domain, _ := strings.Cut(address, "@")
	s.identity.Username, s.identity.OrganizationID = address, strings.ToLower(domain)
	return s, nil
}

// open makes a session; nothing is sent yet.
func open(a target.Account) (*session, error) {
	address, err := url.Parse(a.Setting("ews_url"))
	if err != nil {
		return nil, fmt.Errorf("read ews_url: %w", err)
	}
	client, err := a.Network.Client(a.Setting(target.CACertificate))
	if err != nil {
		return nil, &target.Fault{
			Code: target.Misconfigured, Field: target.CACertificate, Message: "No certificate can be read in it.", Cause: err,
		}
	}
	s := &session{
		http: client, idle: client.CloseIdleConnections,
		username: a.Setting("username"), password: a.Credentials["password"], scheme: a.Setting("authentication"),
		identity: target.Identity{Host: address.Hostname()},
	}
	s.ews = &ews.Client{
		URL: target.CanonicalURL(address.String()), Send: s.send, Refusal: s.notOffered,
		Classifier: ews.Classifier("ews_url"), AccountField: "username",
	}
	switch {
	case s.scheme == ntlm:
		client.Transport = &handshakes{next: client.Transport}
	case strings.Contains(s.username, ":"):
		// RFC 7617, 2: the first colon ends the user name.
		return nil, &target.Fault{
			Code: target.Misconfigured, Field: "username", Message: `A user name with a colon cannot sign in with "basic".`,
		}
	}
	return s, nil
}

// send signs a call with the password; the handshakes of NTLM take it from there.
func (s *session) send(req *http.Request) (target.Answer, error) {
	req.SetBasicAuth(s.username, s.password)
	answer, err := target.Send(s.http, req)
	if errors.Is(err, errHandshake) {
		return target.Answer{}, &target.Fault{
			Code: target.Misconfigured, Field: "authentication", Cause: err,
			Message: "The server offers NTLM, but does not go through with it in a way that is known here.",
		}
	}
	return answer, err
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections; EWS knows no signing out.
func (s *session) Close() error {
	s.idle()
	return nil
}

// notOffered is the fault of a server that asks for another way to sign in than the one the connection uses; nil if it
// is not about that. Such a server has not looked at the credentials.
func (s *session) notOffered(a target.Answer) *target.Fault {
	if a.Status != http.StatusUnauthorized {
		return nil
	}
	offered := challenges(a.Header)
	accepted := []string{"basic"}
	if s.scheme == ntlm {
		accepted = []string{"ntlm", "negotiate"}
	}
	if len(offered) == 0 || slices.ContainsFunc(offered, func(o string) bool { return slices.Contains(accepted, o) }) {
		return nil
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: "authentication",
		Message: fmt.Sprintf("The server does not offer the authentication %q. It offers: %s.",
			s.scheme, strings.Join(offered, ", ")),
	}
}

// challenges names the ways to sign in that a server offers, in lower case.
func challenges(h http.Header) []string {
	var offered []string
	for _, value := range h.Values("WWW-Authenticate") {
		scheme, _, _ := strings.Cut(strings.TrimSpace(value), " ")
		if scheme = strings.ToLower(scheme); scheme != "" && !slices.Contains(offered, scheme) {
			offered = append(offered, scheme)
		}
	}
	return offered
}
