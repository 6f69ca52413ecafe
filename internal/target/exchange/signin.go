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
)

// longestID bounds an identifier that is sent back to the server that made it up. Real ones have about 150 characters.
const longestID = 2000

// session is a service account that is signed in. One goroutine uses it at a time.
type session struct {
	http       *http.Client
	idle       func() // gives up connections
	url        string
	username   string
	password   string
	scheme     string
	classifier target.Classifier
	version    serverVersion
	identity   target.Identity
}

// signIn opens the root folder of the service account's mailbox and asks whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	address, err := s.whoAmI(ctx, "")
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
		http: client, idle: client.CloseIdleConnections, url: target.CanonicalURL(address.String()),
		username: a.Setting("username"), password: a.Credentials["password"], scheme: a.Setting("authentication"),
		classifier: target.Classifier{Address: "ews_url", Codes: codes()},
		identity:   target.Identity{Host: address.Hostname()},
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

// whoAmI finds the primary address of the mailbox that calls are about: the service account's or, acting as a user, that
// user's. The identifier of a folder tells it.
func (s *session) whoAmI(ctx context.Context, user string) (string, error) {
	root, err := s.call(ctx, getFolder{Shape: "IdOnly", Folder: folderID{ID: "root"}}, user)
	if err != nil {
		return "", err
	}
	if len(root.Folders.Folders) == 0 || len(root.Folders.Folders[0].ID.ID) > longestID {
		return "", s.unexpected("The answer names no folder.")
	}
	id := alternateID{Format: "EwsId", ID: root.Folders.Folders[0].ID.ID, Mailbox: "anybody@example.com"}
	converted, err := s.call(ctx, convertID{Destination: "EwsId", Source: id}, user)
	if err != nil {
		return "", err
	}
	if converted.AlternateID.Mailbox == "" {
		return "", s.unexpected("The answer names no mailbox.")
	}
	return converted.AlternateID.Mailbox, nil
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections; EWS knows no signing out.
func (s *session) Close() error {
	s.idle()
	return nil
}

func (s *session) unexpected(message string) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: "ews_url", Message: message}
}

// unreachable is the fault of a call without an answer.
func (s *session) unreachable(err error) *target.Fault {
	if errors.Is(err, errHandshake) {
		return &target.Fault{
			Code: target.Misconfigured, Field: "authentication", Cause: err,
			Message: "The server offers NTLM, but does not go through with it in a way that is known here.",
		}
	}
	return s.classifier.Unreachable(err)
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
