package exchange

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// session is a service account that is signed in. One goroutine uses it at a time.
type session struct {
	account        target.Account
	ews            *ews.Client
	http           *http.Client
	idle           func() // gives up connections
	scheme         string
	hasCertificate bool // a client certificate
	// found is where EWS were found; empty if the connection says where they are.
	found    string
	identity target.Identity
}

// signIn finds EWS, opens the service account's mailbox and asks whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		s.idle()
		return nil, s.withField(err)
	}
	return s, nil
}

// open makes a session; nothing is sent yet.
func open(a target.Account) (*session, error) {
	if _, err := a.Grant(); err != nil {
		return nil, err
	}
	certificates, err := pairOf(a.Credentials)
	if err != nil {
		return nil, &target.Fault{
			Code: target.Misconfigured, Field: clientPrivateKey, Message: "It cannot be read with the certificate.", Cause: err,
		}
	}
	client, err := call.Client(a, certificates...)
	if err != nil {
		return nil, err
	}
	s := &session{
		account: a, http: client, idle: client.CloseIdleConnections, scheme: a.Setting(authentication), hasCertificate: len(certificates) > 0,
	}
	s.ews = &ews.Client{
		URL: target.CanonicalURL(a.Setting(ewsURL)), Send: s.send, ResponseFault: s.responseFault,
		Classifier: ews.Classifier(s.addressField()), AccountField: username, Access: ews.Access(a.Setting(access)),
	}
	if s.scheme == ntlm {
		client.Transport = &ntlmTransport{next: client.Transport}
	}
	return s, nil
}

// begin signs in.
func (s *session) begin(ctx context.Context) error {
	var err error
	if s.addressField() == owaURL {
		if s.found, err = s.discover(ctx); err != nil {
			return err
		}
		s.ews.URL = s.found
	}
	address, err := s.ews.SignIn(ctx)
	if err != nil {
		return err
	}
	s.identity.Host = target.HostOf(s.ews.URL)
	_, domain, _ := strings.Cut(address, "@")
	s.identity.Username, s.identity.OrganizationID = address, strings.ToLower(domain)
	return nil
}

// addressField is the field that says where the calls go.
func (s *session) addressField() string {
	if s.account.Setting(ewsURL) == "" {
		return owaURL
	}
	return ewsURL
}

// withField completes a fault with what the connection's settings say about it.
func (s *session) withField(err error) error {
	fault, ok := target.AsFault(err)
	if !ok {
		return err
	}
	named := *fault
	switch {
	case fault.Field == "" && (fault.Code == target.SystemNotAvailable || fault.Code == target.Misconfigured):
		named.Field = s.addressField()
	case fault.Code == target.GivenCredentials && s.scheme == certificate:
		named.Field = clientCertificate
	}
	switch {
	case fault.Code == target.GivenCredentials && named.Field == clientCertificate:
		named.Help = certificateHelp()
	case fault.Code == target.InsufficientPermission && s.ews.Access == ews.Delegate:
		named.Help = delegateHelp()
	}
	return &named
}

// send signs a call and sends it.
func (s *session) send(req *http.Request) (call.Response, error) { return s.sendWith(s.http, req) }

// sendWith signs a call with the password, if that is how to sign in, and sends it; the handshakes of NTLM take it from there.
func (s *session) sendWith(client *http.Client, req *http.Request) (call.Response, error) {
	if s.scheme != certificate {
		req.SetBasicAuth(s.account.Setting(username), s.account.Credentials[password])
	}
	return s.transmit(client, req)
}

// transmit sends a call as it is. Its errors are faults where the way of signing in is to blame.
func (s *session) transmit(client *http.Client, req *http.Request) (call.Response, error) {
	response, err := call.Send(client, req)
	if errors.Is(err, errHandshake) {
		return call.Response{}, &target.Fault{
			Code: target.Misconfigured, Field: authentication, Cause: err,
			Message: "The server offers NTLM, but does not go through with it in a way that is known here.",
		}
	}
	if fault := s.handshakeFault(err); fault != nil {
		return call.Response{}, fault
	}
	return response, err
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections; EWS knows no signing out.
func (s *session) Close() error {
	s.idle()
	return nil
}

// responseFault is the fault of an answer about the way of signing in; nil if it is not about that.
func (s *session) responseFault(r call.Response) *target.Fault {
	if fault := s.certificateResponseFault(r); fault != nil {
		return fault
	}
	return s.notOfferedFault(r)
}

// notOfferedFault is the fault of a server that asks for another way to sign in than the one the connection uses; nil if it
// is not about that. Such a server has not looked at the credentials.
func (s *session) notOfferedFault(r call.Response) *target.Fault {
	if r.Status != http.StatusUnauthorized {
		return nil
	}
	offered := challenges(r.Header)
	accepted := []string{"basic"}
	if s.scheme == ntlm {
		accepted = ntlmSchemes
	}
	if len(offered) == 0 || slices.ContainsFunc(offered, func(o string) bool { return slices.Contains(accepted, o) }) {
		return nil
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: authentication,
		Message: fmt.Sprintf("The server does not offer the authentication %q. It offers: %s.",
			s.scheme, strings.Join(offered, ", ")),
	}
}

// quotedText is a text in a challenge, which can hold commas.
var quotedText = regexp.MustCompile(`"[^"]*"`)

// challenges names the ways to sign in that a server offers, in lower case. One header can list several, with their
// parameters in between (RFC 9110, 11.6.1).
func challenges(h http.Header) []string {
	var offered []string
	for _, value := range h.Values("WWW-Authenticate") {
		for part := range strings.SplitSeq(quotedText.ReplaceAllString(value, ""), ",") {
			scheme, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			scheme = strings.ToLower(scheme)
			if scheme != "" && !strings.Contains(scheme, "=") && !slices.Contains(offered, scheme) {
				offered = append(offered, scheme)
			}
		}
	}
	return offered
}
