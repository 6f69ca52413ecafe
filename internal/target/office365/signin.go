package office365

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// connection is an app registration, and the part of a session that both APIs share. One goroutine uses it at a time.
type connection struct {
	oauth.Session

	// claims are those of the access token.
	claims entra.Claims
}

// signIn signs in to the API of the connection.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	classifier, start := graphClassifier(a), signInToGraph
	if a.Setting(api) == webServices {
		classifier, start = ewsClassifier(a), signInToEWS
	}
	c, err := open(a, classifier)
	if err != nil {
		return nil, err
	}
	session, err := start(ctx, c)
	if err != nil {
		return nil, errors.Join(entra.WithoutSecret(err), c.Close(ctx))
	}
	return session, nil
}

// open makes a connection; it sends nothing yet.
func open(a target.Account, classifier call.Classifier) (*connection, error) {
	base, err := oauth.NewSession(a, classifier)
	if err != nil {
		return nil, err
	}
	return &connection{Session: base}, nil
}

// setBearer makes the access tokens of the API.
func (c *connection) setBearer() {
	app := entra.Application{
		Account: c.Account, Client: c.Client, Resource: apiField(c.Account), Scope: apiScope(c.Account),
	}
	if c.isUser() {
		app.Scope = personScope(c.Account)
	}
	c.Bearer = oauth.Bearer{Tokens: c.Account.Tokens, Fetch: app.Fetch}
}

// isUser reports whether a user signs in, not the app for itself.
func (c *connection) isUser() bool { return signsInUser(c.Account) }

func signsInUser(a target.Account) bool { return a.Credentials[entra.RefreshToken] != "" }

// loadClaims reads the claims of the access token in use.
func (c *connection) loadClaims(ctx context.Context) error {
	token, err := c.Bearer.Token(ctx)
	if err != nil {
		return err
	}
	c.readClaims(token)
	return nil
}

func (c *connection) readClaims(token *oauth2.Token) { c.claims = entra.ReadClaims(token.AccessToken) }

// setAppIdentity sets the identity of an app that signed in for itself. Only the token has it: the token comes from the tenant's
// own token endpoint, which has accepted the secret.
func (c *connection) setAppIdentity() {
	c.Self.Username, c.Self.UserID = c.claims.ApplicationID, c.claims.ObjectID
	if c.Self.Username == "" {
		c.Self.Username = c.Account.Setting(entra.ClientID)
	}
}

// matchingName returns the expected name if it is one of the user's names; else the first of them.
func matchingName(expected string, names ...string) string {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, expected) }) {
		return expected
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// withMailboxField sets the field of the validation mailbox, for a test without a user. The test of a user is about a mailbox
// that is in no field.
func withMailboxField(err error, user string) error {
	if user == "" {
		return target.WithField(err, validationEmail, target.UserNotFound)
	}
	fault, ok := target.AsFault(err)
	if !ok || fault.Field != validationEmail {
		return err
	}
	unnamed := *fault
	unnamed.Field, unnamed.NoField = "", true
	return &unnamed
}

// displayName is the account that signed in, for messages.
func (c *connection) displayName() target.Text {
	name := target.Say("%s", c.Self.Username)
	if !c.isUser() {
		name = target.Say("the app %s", name)
	}
	if c.Self.OrganizationName != "" {
		name = target.Say("%s of %s", name, c.Self.OrganizationName)
	}
	return name
}
