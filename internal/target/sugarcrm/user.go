package sugarcrm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// user is a user of the instance, as far as the tests ask.
type user struct {
	ID       string `json:"id"`
	UserName string `json:"user_name"`
	Status   string `json:"status"`
}

// find finds the one active user who has an address.
func (s *session) find(ctx context.Context, email string) (user, error) {
	var found struct {
		Records []user `json:"records"`
	}
	query := url.Values{
		"filter[0][email_addresses.email_address]": {email}, "fields": {"id,user_name,status"}, "max_num": {"20"},
	}
	if err := s.get(ctx, "/Users?"+query.Encode(), &found); err != nil {
		return user{}, err
	}
	one, err := call.SingleActiveUser("user", email, found.Records, func(u user) call.MatchedUser {
		m := call.MatchedUser{Name: u.UserName, Address: email} // one of several, of which the answer tells none
		if u.Status != "Active" {
			m.State = "not active"
		}
		return m
	})
	if err == nil && one.UserName == "" {
		return user{}, s.classifier.UnexpectedResponse("The answer does not tell the user's name.")
	}
	return one, err
}

// actAs gets a token for a user, proves that it is theirs, does something with it, and ends it. The token is for the
// platform of the connection: on that of browsers, it would end the user's own session.
func (s *session) actAs(ctx context.Context, u user, do func(token string) error) error {
	token, err := s.sudo(ctx, u)
	if err != nil {
		return err
	}
	defer s.endActing(ctx, token)
	var who me
	if err := s.send(ctx, token, request{method: http.MethodGet, path: "/me", into: &who}); err != nil {
		return asUserFault(u, err)
	}
	if !strings.EqualFold(who.User.UserName, u.UserName) {
		return &target.Fault{
			Code: target.WrongIdentity, Field: username,
			Message: fmt.Sprintf("Acting as %q, Sugar says that it is %q.", u.UserName, who.User.UserName),
		}
	}
	if do == nil {
		return nil
	}
	return asUserFault(u, do(token))
}

// asUserFault keeps a refusal of the user's token from being taken for one of the service user's credentials.
func asUserFault(u user, err error) error {
	if !oauth.IsTokenRejected(err) {
		return err
	}
	return &target.Fault{
		Code: target.InsufficientPermission, Cause: err,
		Message: "Sugar gave a token to act as " + u.UserName + ", and refused it.",
	}
}

// sudo gets an access token for a user (POST /oauth2/sudo/:user_name).
func (s *session) sudo(ctx context.Context, u user) (string, error) {
	var response struct {
		Token string `json:"access_token"`
	}
	sudo := request{
		method: http.MethodPost, path: "/oauth2/sudo/" + url.PathEscape(u.UserName), into: &response,
		body: map[string]string{"client_id": client, "platform": s.account.Setting(platform)},
	}
	var rejected error
	err := s.bearer.Do(ctx, func(token *oauth2.Token) error {
		rejected = s.send(ctx, token.AccessToken, sudo)
		return rejected
	}, oauth.IsTokenRejected)
	switch {
	case err != nil && errors.Is(err, rejected):
		return "", notActableFault(u, err)
	case err != nil:
		return "", err
	case !oauth.IsToken(response.Token):
		return "", s.classifier.UnexpectedResponse("The answer to acting as a user is without an access token that can be used.")
	}
	s.account.Tokens.Mask(response.Token)
	return response.Token, nil
}

// notActableFault tells a user whom nobody can act as, such as a group, from other failures. Versions before 8 say that a login
// is needed, though the service user has just signed in once more.
func notActableFault(u user, err error) error {
	systemErr, _ := errors.AsType[*call.SystemError](err)
	if systemErr == nil || !slices.Contains([]string{"not_found", "need_login", "request_failure"}, systemErr.Code) {
		return err
	}
	return &target.Fault{
		Code: target.UserNotFound, Cause: err,
		Message: "Sugar lets nobody act as " + u.UserName + ": " + systemErr.Error(),
	}
}

// endActing ends a user's token. If that fails, it ends by itself within the hour, so nobody is told.
func (s *session) endActing(ctx context.Context, token string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), call.OptionalCallTimeout)
	defer cancel()
	_ = s.send(ctx, token, request{method: http.MethodPost, path: "/oauth2/logout", body: struct{}{}, into: &struct{}{}})
}
