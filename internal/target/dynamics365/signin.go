package dynamics365

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// session is a signed-in application user. One goroutine uses it at a time.
type session struct {
	oauth.Session

	base string // the address of the environment
	app  entra.Application
}

// signIn gets a token, or uses the stored one, and reads the identity from the environment.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(a)
	if err != nil {
		return nil, err
	}
	return call.CloseOnError(ctx, s, entra.WithoutSecret(s.identify(ctx)))
}

// open makes a session; it sends nothing yet.
func open(a target.Account) (*session, error) {
	base, err := oauth.NewSession(a, apiClassifier())
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(target.CanonicalURL(a.Setting(address)))
	if err != nil {
		return nil, &target.Fault{
			Code: target.Misconfigured, Field: address, Message: target.Say("The address is invalid."), Cause: err,
		}
	}
	s := &session{Session: base, base: u.String()}
	s.app = entra.Application{
		Account: a, Client: s.Client, Scope: u.Scheme + "://" + u.Host + "/.default", Resource: address,
	}
	s.Bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	return s, nil
}

// fetch requests an access token, after it has checked that the environment exists and belongs to the tenant.
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

// discover returns the tenant of the environment; empty if the environment does not report it. A Web API rejects a call without
// a token, and names the tenant in that response.
func (s *session) discover(ctx context.Context) (tenant string, err error) {
	response, err := s.send(ctx, nil, "", nil)
	if err != nil {
		return "", err
	}
	if response.Status != http.StatusUnauthorized {
		if fault := s.Classifier.FaultOf(response, parseError(response)); fault != nil {
			return "", fault
		}
		return "", s.Classifier.UnusableResponse(response, "not the rejection that the Web API returns for a call without a token")
	}
	tenant = parseChallenge(response.Header).tenant
	expected := s.Account.Setting(entra.TenantID)
	if entra.IsGUID(expected) && tenant != "" && !strings.EqualFold(tenant, expected) {
		return "", otherTenantFault(tenant)
	}
	return tenant, nil
}

func otherTenantFault(tenant string) *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, Field: entra.TenantID,
		Message: target.Say("The environment belongs to the tenant %s, not to the tenant in tenant_id.", tenant),
	}
}

// whoAmI is the response of the function WhoAmI.
type whoAmI struct {
	UserID         string `json:"UserId"`
	OrganizationID string `json:"OrganizationId"`
}

// identify reads the identity of the token. It must be the application user of client_id.
func (s *session) identify(ctx context.Context) error {
	var who whoAmI
	response, err := s.get(ctx, "WhoAmI", &who)
	if err != nil {
		return err
	}
	if !entra.IsGUID(who.UserID) || !entra.IsGUID(who.OrganizationID) {
		return s.Classifier.UnusableResponse(response, "without the ids of the user and the organization that signed in")
	}
	var own user
	if response, err = s.get(ctx, "systemusers("+who.UserID+")?$select="+userColumns, &own); err != nil {
		return err
	}
	if own == (user{}) {
		return s.Classifier.UnusableResponse(response, "not that of a user")
	}
	s.Self = target.Identity{
		Username: own.name(), UserID: who.UserID, OrganizationID: who.OrganizationID, Host: target.HostOf(s.base),
	}
	if expected := s.Account.Setting(entra.ClientID); !strings.EqualFold(own.ApplicationID, expected) {
		return &target.Fault{
			Code: target.WrongIdentity, Field: entra.ClientID,
			Message: target.Say("Signed in as %q with the application id %q, but the connection expects that of client_id.",
				own.name(), own.ApplicationID),
		}
	}
	s.Self.OrganizationName = s.organizationName(ctx)
	return nil
}

// organizationName reads the display name of the organization; empty if it cannot be read.
func (s *session) organizationName(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var found struct {
		Name string `json:"name"`
	}
	if _, err := s.get(ctx, "organizations("+s.Self.OrganizationID+")?$select=name", &found); err != nil {
		return ""
	}
	return found.Name
}
