package dynamics365

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// session is an application user who is signed in. One goroutine uses it at a time.
type session struct {
	account    target.Account
	base       string // the address of the environment
	http       *http.Client
	app        entra.Application
	bearer     oauth.Bearer
	classifier call.Classifier
	identity   target.Identity
}

// signIn gets a token, or takes the one in use, and asks the environment whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	if err := s.identify(ctx); err != nil {
		s.http.CloseIdleConnections()
		return nil, s.withField(err)
	}
	s.identity.OrganizationName = s.organizationName(ctx)
	return s, nil
}

// open makes a session; nothing is sent yet.
func open(a target.Account) (*session, error) {
	if _, err := a.Grant(); err != nil {
		return nil, err
	}
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	at, err := url.Parse(target.CanonicalURL(a.Setting(address)))
	if err != nil {
		return nil, &target.Fault{Code: target.Misconfigured, Field: address, Message: "It is no address.", Cause: err}
	}
	s := &session{account: a, base: at.String(), http: client, classifier: apiClassifier()}
	s.app = entra.Application{
		Account: a, Client: client, Scope: at.Scheme + "://" + at.Host + "/.default", Resource: address,
	}
	s.bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	return s, nil
}

// fetch gets an access token, once the environment is known to be there and to belong to the tenant.
func (s *session) fetch(ctx context.Context) (*oauth2.Token, error) {
	owner, err := s.discover(ctx)
	if err != nil {
		return nil, err
	}
	token, err := s.app.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	if tenant := entra.ReadClaims(token.AccessToken).TenantID; owner != "" && tenant != "" && !strings.EqualFold(owner, tenant) {
		return nil, otherTenantFault(owner)
	}
	return token, nil
}

// discover asks the environment, without a token, for the tenant that it belongs to; empty if it does not tell. The
// answer of a Web API is a refusal that tells where to sign in.
func (s *session) discover(ctx context.Context) (tenant string, err error) {
	response, err := s.send(ctx, nil, "", nil)
	if err != nil {
		return "", err
	}
	if response.Status != http.StatusUnauthorized {
		if fault := s.classifier.FaultOf(response, parseError(response)); fault != nil {
			return "", fault
		}
		return "", s.classifier.UnusableResponse(response, "not the refusal that the Web API has for a call without a token")
	}
	tenant = parseChallenge(response.Header).tenant
	if expected := s.account.Setting(entra.TenantID); entra.IsGUID(expected) && tenant != "" && !strings.EqualFold(tenant, expected) {
		return "", otherTenantFault(tenant)
	}
	return tenant, nil
}

func otherTenantFault(tenant string) *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, Field: entra.TenantID,
		Message: "The environment belongs to the tenant " + tenant + ", not to that of tenant_id.",
	}
}

// whoAmI is the answer to the function WhoAmI.
type whoAmI struct {
	UserID         string `json:"UserId"`
	OrganizationID string `json:"OrganizationId"`
}

// identify asks whose the token is. It has to be the application user of client_id.
func (s *session) identify(ctx context.Context) error {
	var who whoAmI
	response, err := s.get(ctx, "WhoAmI", &who)
	if err != nil {
		return err
	}
	if !entra.IsGUID(who.UserID) || !entra.IsGUID(who.OrganizationID) {
		return s.classifier.UnusableResponse(response, "without the ids of who signed in, and where")
	}
	var own user
	if _, err := s.get(ctx, "systemusers("+who.UserID+")?$select="+userColumns, &own); err != nil {
		return err
	}
	s.identity = target.Identity{
		Username: own.name(), UserID: who.UserID, OrganizationID: who.OrganizationID, Host: target.HostOf(s.base),
	}
	if expected := s.account.Setting(entra.ClientID); !strings.EqualFold(own.ApplicationID, expected) {
		return &target.Fault{
			Code: target.WrongIdentity, Field: entra.ClientID,
			Message: fmt.Sprintf("Signed in as %q with the application id %q, but the connection expects that of client_id.",
				own.name(), own.ApplicationID),
		}
	}
	return nil
}

// organizationName asks for the organisation's name for people; empty if that is not told.
func (s *session) organizationName(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var found struct {
		Name string `json:"name"`
	}
	if _, err := s.get(ctx, "organizations("+s.identity.OrganizationID+")?$select=name", &found); err != nil {
		return ""
	}
	return found.Name
}

// withField names the secret that was refused.
func (s *session) withField(err error) error {
	return target.WithField(err, entra.PresentedSecret(s.account.Credentials), target.GivenCredentials)
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections. The token stays in use for the next session.
func (s *session) Close() error {
	s.http.CloseIdleConnections()
	return nil
}
