package suitecrm

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// session is a service user who is signed in. One goroutine uses it at a time.
type session struct {
	account    target.Account
	api        string
	http       *http.Client
	bearer     oauth.Bearer
	classifier call.Classifier
	identity   target.Identity
}

// signIn gets a token, or takes the one in use, and asks whose it is.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, api: apiOf(a.Setting(instanceURL)), http: client, classifier: classifier()}
	s.bearer = oauth.Bearer{Tokens: a.Tokens, Fetch: s.fetch}
	if err := s.whoAmI(ctx); err != nil {
		s.http.CloseIdleConnections()
		return nil, err
	}
	return s, nil
}

// fetch signs in with the password. It is sent as a form, which SuiteCRM cleans as it cleaned what was typed when the password
// and the client's secret were set; JSON it would take as it is. The refresh token that comes with the access token is left
// alone: it is worth no more than the password, and would be one more secret to keep.
func (s *session) fetch(ctx context.Context) (*oauth2.Token, error) {
	endpoint := oauth.Endpoint{
		URL: s.api + "/access_token", Client: s.http, Classifier: classifier(), ParseError: parseError,
		ClientID: s.account.Setting(clientID), ClientSecret: s.account.Credentials[clientSecret],
	}
	return endpoint.Password(ctx, s.account.Setting(username), s.account.Credentials[password])
}

// whoAmI asks whose the token is. Somebody whose status is not Active is kept out here: SuiteCRM asks for it when people sign
// in, but not when programs do.
func (s *session) whoAmI(ctx context.Context) error {
	var who struct {
		Data struct {
			ID         string `json:"id"`
			Attributes struct {
				UserName string `json:"user_name"`
				Status   string `json:"status"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := s.get(ctx, "/V8/current-user", &who); err != nil {
		return err
	}
	user := who.Data.Attributes
	switch {
	case user.UserName == "":
		return s.classifier.UnexpectedResponse("The answer does not tell who signed in.")
	case user.Status != "" && user.Status != "Active":
		return &target.Fault{
			Code: target.GivenCredentials,
			Message: "The status of the user " + user.UserName + " is " + user.Status +
				". SuiteCRM's API lets such users in; this program does not use them.",
		}
	}
	s.identity = target.Identity{Username: user.UserName, UserID: who.Data.ID, Host: target.HostOf(s.api)}
	return nil
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections. The token stays in use for the next session.
func (s *session) Close() error {
	s.http.CloseIdleConnections()
	return nil
}
