package office365

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// graphSession is a session that asks Microsoft Graph.
type graphSession struct {
	*connection
	base       string
	classifier call.Classifier
	// own is the user who signed in; nil if the app did.
	own *user
}

// signInToGraph finds out who signed in: with a refresh token by asking, else from the token. Where the tenant may be read,
// Graph's word on it counts.
func signInToGraph(ctx context.Context, c *connection) (target.Session, error) {
	at := target.CanonicalURL(c.account.Setting(graphURL))
	s := &graphSession{connection: c, base: at + "/v1.0", classifier: graphFaults()}
	c.setAPI(graphURL, func(c cloud) string { return c.graph })
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
	c.identity.Host, c.identity.OrganizationID = target.HostOf(at), c.claims.TenantID
	if err := s.organization(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// me asks who signed in.
func (s *graphSession) me(ctx context.Context) error {
	var who struct {
		user
		Proxies []string `json:"proxyAddresses"`
	}
	if err := s.get(ctx, "/me", url.Values{"$select": {"id,displayName,userPrincipalName,mail,proxyAddresses"}}, &who); err != nil {
		return err
	}
	if who.ID == "" || who.Principal == "" {
		return s.classifier.UnexpectedResponse("The answer does not tell who signed in.")
	}
	names := []string{who.Principal, who.Mail}
	for _, proxy := range who.Proxies {
		if kind, address, ok := strings.Cut(proxy, ":"); ok && strings.EqualFold(kind, "smtp") {
			names = append(names, address)
		}
	}
	s.own = &who.user
	s.own.addresses = names
	s.identity.Username, s.identity.UserID = matchingName(expectedUser(s.account), names...), who.ID
	return nil
}

// organization asks for the tenant and its name. A user may read them; an app needs a permission for it, without which what
// its token says has to do.
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
		return err // of the token, so that there is no use in going on with it
	case err == nil && len(found.Value) == 1 && found.Value[0].ID != "":
		s.identity.OrganizationID, s.identity.OrganizationName = found.Value[0].ID, found.Value[0].Name
	case !known && err == nil:
		return s.classifier.UnexpectedResponse("The answer does not tell which tenant it is of.")
	case !known:
		return err
	}
	return nil
}

// get calls Graph and reads its answer. Errors are *[target.Fault].
func (s *graphSession) get(ctx context.Context, path string, query url.Values, into any) error {
	return s.bearer.Do(ctx, func(token *oauth2.Token) error {
		s.readClaims(token)
		return s.send(ctx, token, path, query, into)
	}, isTokenRejected)
}

// isTokenRejected tells whether Graph does not take the token: because it has ended, or is for another API, as one is that is
// left from before the connection changed.
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
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	req.Header.Set("Accept", "application/json")
	if query.Has("$count") {
		req.Header.Set("ConsistencyLevel", "eventual") // the directory's index, which finds users by any property
	}
	_, err = s.classifier.SendJSON(s.http, req, parseGraphError, into)
	return err
}
