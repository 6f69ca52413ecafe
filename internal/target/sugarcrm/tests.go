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

// Run runs a test, acting as the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	switch {
	case test == target.Metadata:
		snapshot, err := s.Metadata(ctx)
		return fmt.Sprintf("The definitions of %d modules can be read.", len(snapshot.Objects)), err
	case email == "" && test == target.General:
		return s.general(ctx)
	case email == "":
		path, err := records(test)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("The %s of %s can be read.", test, s.identity.Username), s.readOne(ctx, path)
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	return s.ofUser(ctx, test, email, found)
}

// ofUser runs a test about a user.
func (s *session) ofUser(ctx context.Context, test target.Test, email string, found user) (string, error) {
	switch test {
	case target.General:
		return fmt.Sprintf("The user %s (%s) is active.", found.UserName, email), nil
	case target.Impersonation:
		return "The service user may act as " + found.UserName + ".", s.actAs(ctx, found, nil)
	case target.Contacts, target.Calendar, target.Mail, target.Metadata:
	}
	path, err := records(test)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("The %s of %s can be read.", test, email), s.actAs(ctx, found, func(token string) error {
		return s.send(ctx, token, read(path))
	})
}

// records are the path to one record of the module that a test is about.
func records(test target.Test) (string, error) {
	module, ok := map[target.Test]string{
		target.Contacts: "Contacts", target.Calendar: "Meetings", target.Mail: "Emails",
	}[test]
	if !ok {
		return "", fmt.Errorf("sugarcrm has no test %q here", test)
	}
	return "/" + module + "?max_num=1&fields=id", nil
}

// read is a call that reads records.
func read(path string) request {
	return request{method: http.MethodGet, path: path, into: &struct {
		Records []user `json:"records"`
	}{}}
}

// readOne reads at most one record as the service user.
func (s *session) readOne(ctx context.Context, path string) error {
	return s.bearer.Do(ctx, func(token *oauth2.Token) error { return s.send(ctx, token.AccessToken, read(path)) }, oauth.IsTokenRejected)
}

// general proves that the instance serves: while it is closed, by maintenance or by its license, it still tells who is
// signed in, but answers no other call.
func (s *session) general(ctx context.Context) (string, error) {
	var pong string
	if err := s.get(ctx, "/ping", &pong); err != nil {
		return "", err
	}
	sentences := []string{"Signed in as " + s.identity.Username + "."}
	if version := s.version(ctx); version != "" {
		sentences = append(sentences, version)
	}
	if s.expired != "" {
		sentences = append(sentences, s.expired)
	}
	return strings.Join(sentences, " "), nil
}

// version names the version for people, if the instance tells. It never fails: this is a hint, not a test.
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
