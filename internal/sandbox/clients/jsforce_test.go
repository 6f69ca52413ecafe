//go:build clients

package clients_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// integration is what salesforce.mjs prints.
type integration struct {
	Error, Message string
	Username       string
	Organization   string
	Name           string
	Objects, Users []string
	Fields         int
	Instance       string
	Used, Limit    int
}

// jsforce runs the library. The pairs in more override the environment.
func jsforce(t *testing.T, server *salesforce.Server, grant, site string, more ...string) integration {
	t.Helper()
	app, service := server.App(), server.Service()
	env := []string{
		"SF_GRANT=" + grant, "SF_LOGIN_URL=" + site, "SF_INSTANCE_URL=" + server.MyDomainURL(),
		"SF_CLIENT_ID=" + app.ConsumerKey, "SF_CLIENT_SECRET=" + app.Secret, "SF_PRIVATE_KEY=" + app.PrivateKey,
		"SF_USERNAME=" + service.Username, "SF_REFRESH_TOKEN=" + server.RefreshToken(), "SF_EMAIL=team@example.com",
		"SF_PERSON=" + signsIn(t, server.CA(), service.Username, service.Password, person.Choices{}),
	}
	return library[integration](t, "salesforce.mjs", "jsforce", server.CA(), append(env, more...)...)
}

func TestSalesforceLibraryReads(t *testing.T) {
	t.Parallel()
	for _, grant := range []string{
		salesforce.GrantClientCredentials, salesforce.GrantJWTBearer, salesforce.GrantRefreshToken, salesforce.GrantCode,
	} {
		t.Run(grant, func(t *testing.T) {
			t.Parallel()
			var options salesforce.Options
			if grant == salesforce.GrantJWTBearer {
				options.TLS = &sandbox.TLS{}
			}
			server := sandboxtest.Start(t, salesforce.Start, options)
			if err := server.UpdateApp(func(a *salesforce.App) { a.PKCE = true }); err != nil {
				t.Fatal(err)
			}
			site := server.LoginURL()
			if grant == salesforce.GrantClientCredentials {
				site = server.MyDomainURL()
			}
			got := jsforce(t, server, grant, site)
			if got.Error != "" || got.Username != server.Service().Username || got.Organization != server.Organization().ID ||
				got.Name != "Example" || got.Instance != server.MyDomainURL() || got.Fields < 5 ||
				got.Used != 4 || got.Limit != 15000 {
				t.Errorf("it read %+v", got)
			}
			team := []string{"team.one@example.com", "team.two@example.com"}
			if !slices.Contains(got.Objects, "Contact") || !slices.Equal(got.Users, team) {
				t.Errorf("objects %q, users %q", got.Objects, got.Users)
			}
			attempts := server.SignInList()
			if last := attempts[len(attempts)-1]; !last.Accepted || last.Scheme != grant {
				t.Errorf("sign-ins: %+v", attempts)
			}
		})
	}
}

func TestSalesforceLibraryErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		grant         string
		login         bool
		env           string
		fault         sandbox.Fault
		want, message string
	}{
		"on the login host": {
			grant: salesforce.GrantClientCredentials, login: true,
			want: "invalid_grant", message: "request not supported on this domain",
		},
		"wrong secret": {
			grant: salesforce.GrantClientCredentials, env: "SF_CLIENT_SECRET=wrong",
			want: "invalid_client", message: "invalid client credentials",
		},
		"another user": {
			grant: salesforce.GrantJWTBearer, env: "SF_USERNAME=nobody@example.com",
			want: "invalid_grant", message: "user hasn't approved this consumer",
		},
		"revoked": {
			grant: salesforce.GrantRefreshToken, env: "SF_REFRESH_TOKEN=5Aep861",
			want: "Error", message: "Unable to refresh session due to: expired access/refresh token", // the library hides the code
		},
		"too many requests": {
			grant: salesforce.GrantClientCredentials, fault: salesforce.RequestLimit(0),
			want: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests Limit exceeded.",
		},
		"no API scope": {
			grant: salesforce.GrantClientCredentials, fault: salesforce.NoAPIScope(),
			want: "INVALID_SESSION_ID", message: "This session is not valid for use with the REST API",
		},
		"an unescaped query": {
			grant: salesforce.GrantClientCredentials, env: "SF_EMAIL=o'brien@example.com",
			want: "MALFORMED_QUERY", message: "no viable alternative",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
			if tc.fault.Kind != "" {
				if err := server.Fail(tc.fault, sandbox.UntilCleared); err != nil {
					t.Fatal(err)
				}
			}
			site := server.MyDomainURL()
			if tc.login {
				site = server.LoginURL()
			}
			var more []string
			if tc.env != "" {
				more = append(more, tc.env)
			}
			got := jsforce(t, server, tc.grant, site, more...)
			if got.Error != tc.want || !strings.Contains(got.Message, tc.message) {
				t.Errorf("error %s: %q", got.Error, got.Message)
			}
		})
	}
}
