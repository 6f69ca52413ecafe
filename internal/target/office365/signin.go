package office365

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// connection is an app registration that can sign in, and what both APIs share. One goroutine uses it at a time.
type connection struct {
	account  target.Account
	http     *http.Client
	bearer   oauth.Bearer
	identity target.Identity
	// claims are what the access token says.
	claims entra.Claims
}

// signIn signs in at the API that the connection is for.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	c, err := open(a)
	if err != nil {
		return nil, err
	}
	var session target.Session
	if a.Setting(api) == webServices {
		session, err = signInToEWS(ctx, c)
	} else {
		session, err = signInToGraph(ctx, c)
	}
	if err != nil {
		return nil, errors.Join(c.withField(err), c.Close())
	}
	return session, nil
}

// open makes a connection; nothing is sent yet.
func open(a target.Account) (*connection, error) {
	if _, err := a.Grant(); err != nil {
		return nil, err
	}
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	return &connection{account: a, http: client}, nil
}

// setAPI says which API the tokens are for.
func (c *connection) setAPI(field string, of func(cloud) string) {
	app := entra.Application{
		Account: c.account, Client: c.http, Resource: field,
		Scope: resource(c.account.Setting(field), c.account.Setting(entra.AuthorityURL), of) + "/.default",
	}
	if c.isUser() {
		app.Scope += " offline_access" // or no refresh token comes back
	}
	c.bearer = oauth.Bearer{Tokens: c.account.Tokens, Fetch: app.Fetch}
}

// isUser tells whether a user signs in, not the app for itself.
func (c *connection) isUser() bool { return c.account.Credentials[entra.RefreshToken] != "" }

// loadClaims keeps what the access token in use says.
func (c *connection) loadClaims(ctx context.Context) error {
	token, err := c.bearer.Token(ctx)
	if err != nil {
		return err
	}
	c.readClaims(token)
	return nil
}

func (c *connection) readClaims(token *oauth2.Token) { c.claims = entra.ReadClaims(token.AccessToken) }

// setAppIdentity fills in who signed in where the app did, for itself. Nobody but the token tells: it comes from the tenant's own
// token endpoint, to which the secret was shown.
func (c *connection) setAppIdentity() {
	c.identity.Username, c.identity.UserID = c.claims.ApplicationID, c.claims.ObjectID
	if c.identity.Username == "" {
		c.identity.Username = c.account.Setting(entra.ClientID)
	}
}

// matchingName is the name that is expected, if it is one of the user's; else the user's first.
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

// withField names the secret that was refused.
func (c *connection) withField(err error) error {
	return target.WithField(err, entra.PresentedSecret(c.account.Credentials), target.GivenCredentials)
}

// withMailboxField names the setting with the mailbox, where nobody else's was asked for.
func withMailboxField(err error) error {
	return target.WithField(err, validationEmail, target.UserNotFound)
}

// displayName names who signed in, for people.
func (c *connection) displayName() string {
	who := c.identity.Username
	if !c.isUser() {
		who = "the app " + who
	}
	if c.identity.OrganizationName != "" {
		who += " of " + c.identity.OrganizationName
	}
	return who
}

// Identity tells who signed in.
func (c *connection) Identity() target.Identity { return c.identity }

// Close gives up the connections. The token stays in use for the next session.
func (c *connection) Close() error {
	c.http.CloseIdleConnections()
	return nil
}
