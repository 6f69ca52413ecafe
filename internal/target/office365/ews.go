package office365

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// ewsSession is a session that asks Exchange Web Services.
type ewsSession struct {
	*connection
	ews *ews.Client
}

// signInToEWS opens a mailbox: the one that stands for all, which the app impersonates as every call of an app has to, or
// that of the user who signed in. A user acts for others as their delegate: Exchange Online no longer lets users
// impersonate (https://techcommunity.microsoft.com/blog/exchange/
// retirement-of-rbac-application-impersonation-in-exchange-online/4062671).
func signInToEWS(ctx context.Context, c *connection) (target.Session, error) {
	at := target.CanonicalURL(c.account.Setting(ewsURL))
	s := &ewsSession{connection: c}
	s.ews = &ews.Client{
		URL: at, Send: s.send, ResponseFault: responseFault, Classifier: ews.Classifier(ewsURL), AccountField: validationEmail,
		Access: ews.Delegate,
	}
	if !c.isUser() {
		s.ews.Access, s.ews.Anchor = ews.Impersonation, c.account.Setting(validationEmail)
	}
	c.setAPI(ewsURL, func(c cloud) string { return c.outlook })
	if err := c.loadClaims(ctx); err != nil {
		return nil, err
	}
	mailbox, err := s.ews.SignIn(ctx)
	if err != nil {
		return nil, withMailboxField(err)
	}
	if c.isUser() {
		c.identity.Username, c.identity.UserID = matchingName(expectedUser(c.account), mailbox, c.claims.Username), c.claims.ObjectID
	} else {
		c.setAppIdentity()
	}
	c.identity.Host, c.identity.OrganizationID = target.HostOf(at), c.claims.TenantID
	return s, nil
}

// errTokenRejected is an answer that does not take the token; it asks for another one.
var errTokenRejected = errors.New("the access token is refused")

// send puts the access token on a call. The answer to the last one stands.
func (s *ewsSession) send(req *http.Request) (call.Response, error) {
	var response call.Response
	err := s.bearer.Do(req.Context(), func(token *oauth2.Token) error {
		s.readClaims(token)
		body, err := req.GetBody()
		if err != nil {
			return fmt.Errorf("repeat request: %w", err)
		}
		forwarded := req.Clone(req.Context())
		forwarded.Body = body
		forwarded.Header.Set("Authorization", "Bearer "+token.AccessToken)
		if response, err = call.Send(s.http, forwarded); err == nil && response.Status == http.StatusUnauthorized {
			return errTokenRejected
		}
		return err
	}, func(err error) bool { return errors.Is(err, errTokenRejected) })
	if errors.Is(err, errTokenRejected) {
		return response, nil
	}
	return response, err
}

// diagnosticsPattern is what Exchange says of a token in a header, such as
// 2000003;reason="The token has expired.";error_category="invalid_lifetime"
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/
// instrumenting-client-requests-for-ews-and-rest-in-exchange).
var diagnosticsPattern = regexp.MustCompile(`reason="([^"]*)"(?:.*error_category="([^"]*)")?`)

// responseFault is the fault of an answer that is not EWS's own. That EWS is switched off has no words of its own: the answer is
// an empty 403 (not documented; seen by those who switched it off).
func responseFault(r call.Response) *target.Fault {
	if r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden {
		return nil
	}
	match := diagnosticsPattern.FindStringSubmatch(r.Header.Get("X-Ms-Diagnostics"))
	switch {
	case match == nil && r.Status == http.StatusForbidden:
		return &target.Fault{
			Code: target.InsufficientPermission, Field: api,
			Message: "Exchange Web Services are switched off for this tenant, mailbox or app, or the app is not on the tenant's list of " +
				"those that may use them (HTTP 403).",
		}
	case match == nil:
		return nil
	}
	systemErr := &call.SystemError{Code: strings.ToLower(match[2]), Message: match[1]}
	fault := &target.Fault{Code: target.GivenCredentials, Message: systemErr.Error(), Cause: systemErr}
	switch systemErr.Code {
	case "invalid_resource":
		fault.Code, fault.Field = target.Misconfigured, ewsURL
	case "invalid_grant", "invalid_scope":
		fault.Code = target.InsufficientPermission
	}
	return fault
}

// Run runs a test: in the mailbox of the user if there is one, else in that of the user who signed in, or in the one that
// stands for all.
func (s *ewsSession) Run(ctx context.Context, test target.Test, user string) (string, error) {
	message, err := s.ews.Run(ctx, test, user)
	switch {
	case err != nil && user == "":
		err = withMailboxField(err)
	case err == nil && user == "" && test == target.General:
		return "Signed in as " + s.displayName() + ", with the mailbox " + s.mailbox() + ".", nil
	}
	return message, s.withField(err)
}

// mailbox is whose mailbox was opened to sign in.
func (s *ewsSession) mailbox() string {
	if s.ews.Anchor != "" {
		return s.ews.Anchor
	}
	return s.identity.Username
}
