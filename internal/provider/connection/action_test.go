package connection_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const (
	testAction       = "riva_test_connection"
	revalidateAction = "riva_revalidate_connection"
)

func TestTestActionReportsChecks(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	id := p.Create("riva_connection", env.MailValues()).ID()
	messages := p.MustInvoke(testAction, values{"connection_id": id})
	acctest.ExpectOutput(t, messages, `Testing the connection "Exchange" (exchange): general, as the service account.`,
		"Checks: sign_in, identity, general.",
		"sign_in: passed in", " ms")
	messages = p.MustInvoke(testAction, values{
		"connection_id": id, "account": "user", "user_email": "ada@example.com", "test": "calendar",
	})
	acctest.ExpectOutput(t, messages, "calendar, as the user ada@example.com.", "sign_in: passed", "calendar: passed")
}

func TestTestActionReportsFault(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	id := p.Create("riva_connection", env.MailValues()).ID()
	env.SetPassword(acctest.NewPassword)
	ask := values{"connection_id": id}
	messages, diagnostics := p.Invoke(t.Context(), testAction, ask, nil)
	acctest.ExpectOutput(t, strings.Join(messages, "\n"), "sign_in: failed")
	acctest.ExpectError(t, diagnostics, "Given Credentials", `The test "general" of the connection "Exchange" did not pass.`,
		"What to do next:", "1. ")

	// The same credentials are sent twice, and then only with force.
	_, diagnostics = p.Invoke(t.Context(), testAction, ask, nil)
	acctest.ExpectError(t, diagnostics, "Given Credentials")
	before := len(env.Exchange.Requests())
	_, diagnostics = p.Invoke(t.Context(), testAction, ask, nil)
	acctest.ExpectError(t, diagnostics, "was not called again")
	if now := len(env.Exchange.Requests()); now != before {
		t.Errorf("the target system was called %d times with rejected credentials", now-before)
	}
	_, diagnostics = p.Invoke(t.Context(), testAction, ask.With(values{"force": true}), nil)
	acctest.ExpectError(t, diagnostics, "Given Credentials")
	if now := len(env.Exchange.Requests()); now == before {
		t.Error("the target system was not called in spite of force")
	}
}

func TestRevalidateActionUsesStoredCredentials(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	id := p.Create("riva_connection", env.CRMValues()).ID()
	env.Salesforce.Forget()
	messages := p.MustInvoke(revalidateAction, values{"connection_id": id})
	acctest.ExpectOutput(t, messages,
		`Re-validating the connection "Salesforce" (salesforce): signing in with the stored credentials.`,
		"Steps: sign_in, identity, general, metadata.", "read the metadata, which has not changed",
		"Connection has been configured successfully!")
	if env.Salesforce.SignIns().Attempts == 0 {
		t.Error("it did not sign in")
	}
}

func TestRevalidateActionReportsFault(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	id := p.Create("riva_connection", env.CRMValues()).ID()
	if err := env.Salesforce.Down(); err != nil {
		t.Fatal(err)
	}
	_, diagnostics := p.Invoke(t.Context(), revalidateAction, values{"connection_id": id}, nil)
	acctest.ExpectError(t, diagnostics, target.SystemNotAvailable.Title(), `re-validate the connection "Salesforce"`,
		"What was stored before stays in force", "1. ")
}
