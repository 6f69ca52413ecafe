package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// A plan says for each connection that its credentials will be replaced, and why. It says so in no other case.
func TestPlanWarnsOfReplacedCredentials(t *testing.T) {
	t.Parallel()
	setting := func(of acctest.Values, name, value string) acctest.Values {
		exchange, _ := of["exchange"].(acctest.Values)
		return of.With(acctest.Values{"exchange": exchange.With(acctest.Values{name: value})})
	}
	versioned := func(version int) func(acctest.Values) acctest.Values {
		return func(of acctest.Values) acctest.Values {
			return of.With(acctest.Values{"credentials_wo_version": version})
		}
	}
	same := func(of acctest.Values) acctest.Values { return of }
	for name, test := range map[string]struct {
		before, after func(acctest.Values) acctest.Values
		reject        bool
		want          string
	}{
		"nothing": {before: same, after: same},
		"renamed": {before: same, after: func(of acctest.Values) acctest.Values { return of.With(acctest.Values{"name": "Mail"}) }},
		"another setting": {
			before: same, after: func(of acctest.Values) acctest.Values { return setting(of, "mailbox", "ada@example.com") },
		},
		"another secret": {
			before: same, after: func(of acctest.Values) acctest.Values { return setting(of, "password_wo", acctest.NewPassword) },
			want: "not the ones that were last submitted",
		},
		"another user": {
			before: same, after: func(of acctest.Values) acctest.Values { return setting(of, "username", "other@example.com") },
			want: "Changed: username.",
		},
		"another version": {before: versioned(1), after: versioned(2), want: "credentials_wo_version changes from 1 to 2."},
		"deleted":         {before: same, after: same, reject: true, want: "rejected the stored credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol()
			first := test.before(env.MailValues())
			if test.reject {
				first = setting(first, "password_wo", "wrong").With(acctest.Values{"verify_credentials": false})
			}
			created := p.Create("riva_connection", first)
			if test.reject {
				if _, err := env.Client().RunTest(t.Context(), created.ID(), api.RunTest{}); err != nil {
					t.Fatal(err)
				}
			}
			_, diagnostics := env.Protocol().Plan(created, test.after(first))
			p.Must(diagnostics)
			text := acctest.DiagnosticText(diagnostics, tfprotov6.DiagnosticSeverityWarning)
			const title = `Credentials of Connection "Exchange" Will Be Replaced`
			if test.want == "" && strings.Contains(text, "Will Be Replaced") {
				t.Errorf("got %q", text)
			}
			if test.want != "" {
				acctest.ExpectWarning(t, diagnostics, title, test.want)
			}
		})
	}
}
