package office365

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// graphSession is a session that calls Microsoft Graph.
type graphSession struct {
	*connection
	base string
	// own is the user who signed in; nil if the app signed in.
	own *user
}

// signInToGraph reads the identity: from Graph with a refresh token, else from the token's claims. If the tenant may be read,
// Graph's response about it counts.
func signInToGraph(ctx context.Context, c *connection) (target.Session, error) {
	address := target.CanonicalURL(c.Account.Setting(graphURL))
	s := &graphSession{connection: c, base: address + "/v1.0"}
	c.setBearer()
	if err := c.loadClaims(ctx); err != nil {
		return nil, err
	}
	if c.isUser() {
		if err := s.me(ctx); err != nil {
			return nil, err
		}
	} else {
		c.setAppIdentity()
	}
	c.Self.Host, c.Self.OrganizationID = target.HostOf(address), c.claims.TenantID
	if err := s.organization(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// me reads the user who signed in.
func (s *graphSession) me(ctx context.Context) error {
	var who struct {
		user
		Proxies []string `json:"proxyAddresses"`
	}
	if err := s.get(ctx, "/me", url.Values{"$select": {"id,displayName,userPrincipalName,mail,proxyAddresses"}}, &who); err != nil {
		return err
	}
	if who.ID == "" || who.Principal == "" {
		return s.Classifier.UnexpectedResponse("The response does not name the account that signed in.")
	}
	names := []string{who.Principal, who.Mail}
	for _, proxy := range who.Proxies {
		if kind, address, ok := strings.Cut(proxy, ":"); ok && strings.EqualFold(kind, "smtp") {
			names = append(names, address)
		}
	}
	s.own = &who.user
	s.own.addresses = names
	s.Self.Username, s.Self.UserID = matchingName(expectedUser(s.Account), names...), who.ID
	return nil
}

// organization reads the tenant and its name. A user may read them; an app needs a permission. Without it, the tenant in the
// token's claims counts.
func (s *graphSession) organization(ctx context.Context) error {
	known := s.claims.TenantID != ""
	if known && !s.isUser() && !s.claims.HasPermission("Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All",
		"Directory.ReadWrite.All") {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var found struct {
		Value []struct {
			ID   string `json:"id"`
			Name string `json:"displayName"`
		} `json:"value"`
	}
	err := s.get(ctx, "/organization", url.Values{"$select": {"id,displayName"}}, &found)
	fault, failed := target.AsFault(err)
	switch {
	case failed && fault.Code == target.GivenCredentials:
		return err // the token was rejected, so the session cannot continue
	case err == nil && len(found.Value) == 1 && found.Value[0].ID != "":
		s.Self.OrganizationID, s.Self.OrganizationName = found.Value[0].ID, found.Value[0].Name
	case !known && err == nil:
		return s.Classifier.UnexpectedResponse("The response does not name the tenant.")
	case !known:
		return err
	}
	return nil
}

// get calls Graph and reads the response. Errors are *[target.Fault].
func (s *graphSession) get(ctx context.Context, path string, query url.Values, into any) error {
	return s.Bearer.Do(ctx, func(token *oauth2.Token) error {
		s.readClaims(token)
		return s.send(ctx, token, path, query, into)
	}, isTokenRejected)
}

// isTokenRejected reports whether Graph rejected the token: because it has expired, or because it is for another API, like a
// stored token from before a change of the connection.
func isTokenRejected(err error) bool {
	systemErr, ok := errors.AsType[*call.SystemError](err)
	fault, failed := target.AsFault(err)
	return failed && fault.Code == target.GivenCredentials || ok && systemErr.Code == invalidToken
}

func (s *graphSession) send(ctx context.Context, token *oauth2.Token, path string, query url.Values, into any) error {
	address := s.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := oauth.NewRequest(ctx, token, address)
	if err != nil {
		return err
	}
	if query.Has("$count") {
		req.Header.Set("ConsistencyLevel", "eventual") // the directory's index, which finds users by any property
	}
	_, err = s.Classifier.SendJSON(s.Client, req, parseGraphError, into)
	return err
}
