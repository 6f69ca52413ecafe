package office365

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// ewsSession is a session that calls Exchange Web Services.
type ewsSession struct {
	*connection
	ews *ews.Client
}

// signInToEWS opens a mailbox: the validation mailbox, which the app impersonates because every call of an app must impersonate,
// or that of the user who signed in. A user acts for others as their delegate: Exchange Online no longer allows users to
// impersonate (https://techcommunity.microsoft.com/blog/exchange/
// retirement-of-rbac-application-impersonation-in-exchange-online/4062671).
func signInToEWS(ctx context.Context, c *connection) (target.Session, error) {
	address := target.CanonicalURL(c.Account.Setting(ewsURL))
	s := &ewsSession{connection: c}
	s.ews = &ews.Client{
		URL: address, Send: s.send, ResponseFault: c.responseFault, Classifier: c.Classifier, AccountField: validationEmail,
		Access: ews.Delegate,
	}
	if !c.isUser() {
		s.ews.Access, s.ews.Anchor = ews.Impersonation, c.Account.Setting(validationEmail)
	}
	c.setBearer()
	if err := c.loadClaims(ctx); err != nil {
		return nil, err
	}
	mailbox, err := s.ews.SignIn(ctx)
	if err != nil {
		return nil, withMailboxField(err, "")
	}
	if c.isUser() {
		c.Self.Username, c.Self.UserID = matchingName(expectedUser(c.Account), mailbox, c.claims.Username), c.claims.ObjectID
	} else {
		c.setAppIdentity()
	}
	c.Self.Host, c.Self.OrganizationID = target.HostOf(address), c.claims.TenantID
	return s, nil
}

// errTokenRejected is the error of a response that rejects the token; the call is repeated with another one.
var errTokenRejected = errors.New("the access token was rejected")

// send adds the access token to a call and sends it. The last response counts.
func (s *ewsSession) send(req *http.Request) (call.Response, error) {
	var response call.Response
	err := s.Bearer.Do(req.Context(), func(token *oauth2.Token) error {
		s.readClaims(token)
		body, err := req.GetBody()
		if err != nil {
			return fmt.Errorf("repeat request: %w", err)
		}
		forwarded := req.Clone(req.Context())
		forwarded.Body = body
		forwarded.Header.Set("Authorization", "Bearer "+token.AccessToken)
		if response, err = call.Send(s.Client, forwarded); err == nil && response.Status == http.StatusUnauthorized {
			return errTokenRejected
		}
		return err
	}, func(err error) bool { return errors.Is(err, errTokenRejected) })
	if errors.Is(err, errTokenRejected) {
		return response, nil
	}
	return response, err
}

// Run runs a test: in the mailbox of the user if there is one, else in that of the user who signed in, or in the validation
// mailbox.
func (s *ewsSession) Run(ctx context.Context, test target.Test, user string) (target.Text, error) {
	message, err := s.ews.Run(ctx, test, user)
	switch {
	case err != nil:
		return target.Text{}, entra.WithoutSecret(withMailboxField(err, user))
	case user == "" && test == target.General:
		return target.Say("Signed in as %s, with the mailbox %s.", s.displayName(), s.mailbox()), nil
	}
	return message, nil
}

// mailbox returns the address of the mailbox that was opened to sign in.
func (s *ewsSession) mailbox() string {
	if s.ews.Anchor != "" {
		return s.ews.Anchor
	}
	return s.Self.Username
}
