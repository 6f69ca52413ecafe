package sugarcrm

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// Run runs a test, acting as the user if there is one. The tests read a module.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	return call.Tests[user, string]{
		General: s.general,
		Find:    s.find,
		Found: func(u user, email string) string {
			return fmt.Sprintf("The user %s (%s) is active.", u.UserName, email)
		},
		ActAs: func(ctx context.Context, u user) (string, error) {
			return "The service user may act as " + u.UserName + ".", s.actAs(ctx, u, nil)
		},
		Reads: map[target.Test]string{target.Contacts: "Contacts", target.Calendar: "Meetings", target.Mail: "Emails"},
		Read:  s.readOne,
	}.Run(ctx, test, email)
}

// readOne reads at most one record of a module.
func (s *session) readOne(ctx context.Context, r call.Reading[user, string]) (string, error) {
	read := func(token string) error {
		return s.send(ctx, token, request{
			method: http.MethodGet, path: "/" + r.What + "?max_num=1&fields=id", into: &struct {
				Records []user `json:"records"`
			}{},
		})
	}
	message := fmt.Sprintf("The %s of %s can be read.", r.Test, r.Owner(s.Self.Username))
	if r.User != nil {
		return message, s.actAs(ctx, *r.User, read)
	}
	return message, s.Bearer.Do(ctx, func(token *oauth2.Token) error { return read(token.AccessToken) }, oauth.IsTokenRejected)
}

// general verifies that the instance is available: during maintenance, or with an invalid license, it still returns the identity,
// but rejects all other calls.
func (s *session) general(ctx context.Context) (string, error) {
	var pong string
	if err := s.get(ctx, "/ping", &pong); err != nil {
		return "", err
	}
	sentences := []string{"Signed in as " + s.Self.Username + "."}
	if version := s.version(ctx); version != "" {
		sentences = append(sentences, version)
	}
	if s.expired != "" {
		sentences = append(sentences, s.expired)
	}
	return strings.Join(sentences, " "), nil
}

// version returns a sentence about the version, if the instance reports it. It never fails: the version is additional
// information.
func (s *session) version(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var public struct {
		Server struct {
			Version string `json:"version"`
			Flavor  string `json:"flavor"`
		} `json:"server_info"`
	}
	if err := s.get(ctx, "/metadata/public?type_filter=server_info", &public); err != nil || public.Server.Version == "" {
		return ""
	}
	return fmt.Sprintf("The server runs Sugar %s (%s).", public.Server.Version, public.Server.Flavor)
}
