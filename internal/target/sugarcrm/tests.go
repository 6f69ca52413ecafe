package sugarcrm

import (
	"context"
	"net/http"
	"slices"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// Run runs a test, acting as the user if there is one. The tests read a module.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	return call.Tests[user, string]{
		General: s.general,
		Find:    s.find,
		Found: func(u user, email string) target.Text {
			return target.Say("The user %s (%s) is active.", u.UserName, email)
		},
		ActAs: func(ctx context.Context, u user) (target.Text, error) {
			return target.Say("The service user may act as %s.", u.UserName), s.actAs(ctx, u, nil)
		},
		Reads: map[target.Test]string{target.Contacts: "Contacts", target.Calendar: "Meetings", target.Mail: "Emails"},
		Read:  s.readOne,
	}.Run(ctx, test, email)
}

// readOne reads at most one record of a module.
func (s *session) readOne(ctx context.Context, r call.Reading[user, string]) (target.Text, error) {
	read := func(token string) error {
		return s.send(ctx, token, request{
			method: http.MethodGet, path: "/" + r.What + "?max_num=1&fields=id", into: &struct {
				Records []user `json:"records"`
			}{},
		})
	}
	message := target.Say("The %s of %s can be read.", r.Test, r.Owner(s.Self.Username))
	if r.User != nil {
		return message, s.actAs(ctx, *r.User, read)
	}
	return message, s.Bearer.Do(ctx, func(token *oauth2.Token) error { return read(token.AccessToken) }, oauth.IsTokenRejected)
}

// general verifies that the instance is available: during maintenance, or with an invalid license, it still returns the identity,
// but rejects all other calls.
func (s *session) general(ctx context.Context) (target.Text, error) {
	var pong string
	if err := s.get(ctx, "/ping", &pong); err != nil {
		return target.Text{}, err
	}
	sentences := []target.Text{target.Say("Signed in as %s.", s.Self.Username), s.version(ctx), s.expired}
	return target.Join(slices.DeleteFunc(sentences, target.Text.IsZero), " "), nil
}

// version returns a sentence about the version, if the instance reports it. It never fails: the version is additional
// information.
func (s *session) version(ctx context.Context) target.Text {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var public struct {
		Server struct {
			Version string `json:"version"`
			Flavor  string `json:"flavor"`
		} `json:"server_info"`
	}
	if err := s.get(ctx, "/metadata/public?type_filter=server_info", &public); err != nil || public.Server.Version == "" {
		return target.Text{}
	}
	return target.Say("The server runs Sugar %s (%s).", public.Server.Version, public.Server.Flavor)
}
