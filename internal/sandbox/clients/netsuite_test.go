//go:build clients

package clients_test

import (
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// signed is what netsuite.mjs prints.
type signed struct {
	Error                        string
	Company, User, Role, Contact string
	More                         bool
	Employees                    []string
}

// signer runs the library. The pairs in more override the environment.
func signer(t *testing.T, server *netsuite.Server, more ...string) signed {
	t.Helper()
	integration, token := server.Integration(), server.Token()
	env := []string{
		"NS_URL=" + server.URL(), "NS_ACCOUNT=" + server.Account().ID, "NS_CONSUMER_KEY=" + integration.ConsumerKey,
		"NS_CONSUMER_SECRET=" + integration.Secret, "NS_TOKEN_ID=" + token.ID, "NS_TOKEN_SECRET=" + token.Secret,
		"NS_EMAIL=team@example.com", "NS_METHOD=HMAC-SHA256",
	}
	return library[signed](t, "netsuite.mjs", "oauth-1.0a", server.CA(), append(env, more...)...)
}

func TestSignerReadsFromNetSuite(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]netsuite.Options{
		"http": {}, "https": {Options: secure()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := sandboxtest.Start(t, netsuite.Start, options)
			server.UpdateIntegration(func(i *netsuite.Integration) { i.Secret = "has to + be/encoded=é" })
			got := signer(t, server)
			if got.Error != "" || got.Company != "1234567_SB1" || got.User != "Riva Sync" || got.Role != "Riva Integration" ||
				got.Contact != "Charles Babbage" || !got.More || !slices.Equal(got.Employees, []string{"Team One", "Team Two"}) {
				t.Errorf("it read %+v", got)
			}
			if attempts := server.SignIns(); attempts.Accepted != 4 || attempts.Rejected != 0 {
				t.Errorf("sign-ins: %+v", attempts)
			}
		})
	}
}

func TestSignerRejectedByNetSuite(t *testing.T) {
	t.Parallel()
	for name, changed := range map[string]string{
		"token's secret": "NS_TOKEN_SECRET=wrong", "consumer's secret": "NS_CONSUMER_SECRET=wrong", "account": "NS_ACCOUNT=1234567",
		"SHA-1": "NS_METHOD=HMAC-SHA1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := sandboxtest.Start(t, netsuite.Start, netsuite.Options{})
			if got := signer(t, server, changed); got.Error != "INVALID_LOGIN_ATTEMPT" {
				t.Errorf("got %+v", got)
			}
		})
	}
}
