package sugarcrm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// user is the part of a user that the tests read.
type user struct {
	ID       string `json:"id"`
	UserName string `json:"user_name"`
	Status   string `json:"status"`
}

// find returns the one active user with an address.
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
		m := call.MatchedUser{Name: u.UserName, Address: email} // one of several, which the response does not contain
		if u.Status != "Active" {
			m.State = "not active"
		}
		return m
	})
	if err == nil && one.UserName == "" {
		return user{}, s.Classifier.UnexpectedResponse("The response does not contain the user's name.")
	}
	return one, err
}

// actAs requests a token for a user, verifies its identity, calls do with it, and ends it. The token is for the platform of the
// connection: on that of browsers, it would end the user's own session.
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
			Message: target.Say("Acting as %q, Sugar names the user %q.", u.UserName, who.User.UserName),
		}
	}
	if do == nil {
		return nil
	}
	return asUserFault(u, do(token))
}

// asUserFault makes a fault about a missing right of a rejected user token, so it does not count as a rejection of the service
// user's credentials.
func asUserFault(u user, err error) error {
	if !oauth.IsTokenRejected(err) {
		return err
	}
	return &target.Fault{
		Code: target.InsufficientPermission, Cause: err,
		Message: target.Say("Sugar issued a token to act as %s, and rejected it.", u.UserName),
	}
}

// sudo requests an access token for a user (POST /oauth2/sudo/:user_name).
func (s *session) sudo(ctx context.Context, u user) (string, error) {
	var answer json.RawMessage
	sudo := request{
		method: http.MethodPost, path: "/oauth2/sudo/" + url.PathEscape(u.UserName), into: &answer,
		body: map[string]string{"client_id": client, "platform": s.Account.Setting(platform)},
	}
	var rejected error
	err := s.Bearer.Do(ctx, func(token *oauth2.Token) error {
		rejected = s.send(ctx, token.AccessToken, sudo)
		return rejected
	}, oauth.IsTokenRejected)
	s.Account.Tokens.MaskIssued(answer)
	var response struct {
		Token string `json:"access_token"`
	}
	unreadable := json.Unmarshal(answer, &response)
	switch {
	case err != nil && errors.Is(err, rejected):
		return "", notActableFault(u, err)
	case err != nil:
		return "", err
	case unreadable != nil, !oauth.IsToken(response.Token):
		return "", s.Classifier.UnexpectedResponse("The response to acting as a user has no usable access token.")
	}
	return response.Token, nil
}

// notActableFault returns the fault of a user that Sugar does not allow to act as, such as a group; other errors are returned
// unchanged. Versions before 8 report that a login is required, although the service user has just signed in again.
func notActableFault(u user, err error) error {
	systemErr, _ := errors.AsType[*call.SystemError](err)
	if systemErr == nil || !slices.Contains([]string{"not_found", "need_login", "request_failure"}, systemErr.Code) {
		return err
	}
	return &target.Fault{
		Code: target.UserNotFound, Cause: err,
		Message: target.Say("Sugar does not allow acting as %s: %s", u.UserName, systemErr.Text()),
	}
}

// endActing ends a user's token. It ignores errors: the token expires within the hour.
func (s *session) endActing(ctx context.Context, token string) {
	ctx, cancel := call.WithCleanUp(ctx)
	defer cancel()
	_ = s.send(ctx, token, request{method: http.MethodPost, path: "/oauth2/logout", body: struct{}{}, into: &struct{}{}})
}
