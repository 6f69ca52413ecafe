package exchange

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// session is a signed-in service account. One goroutine uses it at a time.
type session struct {
	call.Session

	ews *ews.Client
	// required is the authentication of the connection; empty if the offer of the server decides.
	required string
	// password is the transport that signs in with NTLM, or with what the server offers; nil for every other authentication.
	password *passwordTransport
	// hasCertificate reports that the connections have a client certificate.
	hasCertificate bool
	// found is the discovered address of EWS; empty if the connection has the address.
	found string
}

// signIn finds EWS, opens the service account's mailbox and reads its owner.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	return call.CloseOnError(ctx, s, s.withField(s.begin(ctx)))
}

// open makes a session; it sends nothing yet.
func open(a target.Account) (*session, error) {
	if _, err := a.Grant(); err != nil {
		return nil, err
	}
	certificates, err := pairOf(a.Credentials)
	if err != nil {
		return nil, &target.Fault{
			Code: target.Misconfigured, Field: clientPrivateKey, Cause: err,
			Message: target.Say("It cannot be read with the certificate."),
		}
	}
	classifier := call.Classifier{Address: addressField(a), Errors: ews.Errors().Rename(fieldNames(a))}
	if a.Setting(authentication) != certificate {
		classifier.Challenges = append([]string{"basic"}, ntlmSchemes...)
	}
	base, err := call.NewSession(a, classifier, certificates...)
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, required: a.Setting(authentication), hasCertificate: len(certificates) > 0}
	s.ews = &ews.Client{
		URL: target.CanonicalURL(a.Setting(ewsURL)), Send: s.send, ResponseFault: s.responseFault,
		Classifier: s.Classifier, AccountField: accountField(a), Access: ews.Access(a.Setting(access)),
	}
	if s.required == ntlm || s.required == "" {
		s.password = &passwordTransport{next: s.Client.Transport, basic: s.required == "" && s.basicFault() == nil}
		signed := *s.Client
		signed.Transport = s.password
		s.Client = &signed
	}
	return s, nil
}

// begin signs in.
func (s *session) begin(ctx context.Context) error {
	var err error
	if addressField(s.Account) == owaURL {
		if s.found, err = s.discover(ctx); err != nil {
			return err
		}
		s.ews.URL = s.found
	}
	address, err := s.ews.SignIn(ctx)
	if err != nil {
		return err
	}
	if s.required == "" {
		s.Proven = s.scheme()
	}
	s.Self.Host = target.HostOf(s.ews.URL)
	_, domain, _ := strings.Cut(address, "@")
	s.Self.Username, s.Self.OrganizationID = address, domain
	return nil
}

// addressField returns the field with the address of the calls.
func addressField(a target.Account) string {
	if a.Setting(ewsURL) == "" {
		return owaURL
	}
	return ewsURL
}

// accountField returns the field that names the mailbox of the service account.
func accountField(a target.Account) string {
	if a.Setting(mailbox) == "" {
		return username
	}
	return mailbox
}

// fieldNames returns the account's fields for those of the errors of EWS.
func fieldNames(a target.Account) map[string]string {
	names := map[string]string{ews.URLField: addressField(a), ews.MailboxField: accountField(a)}
	if a.Setting(authentication) == certificate {
		names[ews.PasswordField] = username // the account's password in the directory is not in the connection
	}
	return names
}

// withField sets the field to correct, and the help for the account's grant.
func (s *session) withField(err error) error {
	fault, ok := target.AsFault(err)
	if !ok {
		return err
	}
	completed := *fault
	switch {
	case fault.Field != "" || fault.NoField:
	case fault.Code == target.SystemNotAvailable || fault.Code == target.Misconfigured:
		completed.Field = addressField(s.Account)
	case fault.Code == target.GivenCredentials && s.required == certificate:
		completed.Field = clientCertificate
	}
	completed.Help = s.helpFor(completed)
	return &completed
}

// helpFor returns the help for a fault of the account's grant.
func (s *session) helpFor(fault target.Fault) []string {
	switch {
	case fault.Code == target.GivenCredentials && fault.Field == clientCertificate:
		return certificateHelp()
	case fault.Code == target.InsufficientPermission && s.ews.Access == ews.Delegate:
		return delegateHelp()
	case fault.Code == target.GivenCredentials && s.scheme() == ntlm:
		steps := help()[target.GivenCredentials]
		return slices.Insert(steps, len(steps)-1, helpExtendedProtection)
	}
	return fault.Help
}

// send authenticates a call and sends it.
func (s *session) send(req *http.Request) (call.Response, error) { return s.sendWith(s.Client, req) }

// sendWith adds the password to a call, if the account signs in with one, and sends it. The transport may turn it into NTLM, see
// [passwordTransport].
func (s *session) sendWith(client *http.Client, req *http.Request) (call.Response, error) {
	if s.required != certificate {
		req.SetBasicAuth(s.Account.Setting(username), s.Account.Credentials[password])
	}
	return s.transmit(client, req)
}

// transmit sends a call unchanged. Its errors are faults if the authentication caused them.
func (s *session) transmit(client *http.Client, req *http.Request) (call.Response, error) {
	response, err := call.Send(client, req)
	if errors.Is(err, errHandshake) {
		return call.Response{}, &target.Fault{
			Code: target.Misconfigured, Field: authentication, Cause: err,
			Message: target.Say("The server offers NTLM, but its handshake is not supported."),
		}
	}
	if fault := s.handshakeFault(err); fault != nil {
		return call.Response{}, fault
	}
	return response, err
}
