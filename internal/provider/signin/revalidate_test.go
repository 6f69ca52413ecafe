package signin_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func trigger(value string) string { return "revalidation_trigger = \"" + value + "\"" }

// Without a secret, another trigger starts a sign-in. The stored credentials are used until it has succeeded.
func TestTriggerWithoutSecretStartsSignIn(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.CRM(acctest.JWTBearer, trigger("one")))
	c.Must("apply", "-auto-approve")
	before := stored(t, env)
	c.Write(pending(trigger("two")) + acctest.CRMCheck)
	acctest.ExpectOutput(t, c.Must("plan"), willWait, "revalidation_trigger changes",
		"stay in force until a person has signed in", "authorize")
	out := c.Must("apply", "-auto-approve")
	acctest.ExpectOutput(t, out, waits, "Until then, the stored credentials stay in force.", "authorize")
	found := stored(t, env)
	if found.Status != "working" || found.AuthorizationID == "" || found.Revision != before.Revision {
		t.Fatalf("afterwards it is %+v, and was %+v", found, before)
	}
	if tested, err := env.Client().RunTest(t.Context(), found.ID, api.RunTest{}); err != nil || !tested.Passed {
		t.Errorf("while a person can sign in, the test is %+v, %v", tested, err)
	}
	expectNoChanges(t, c, true)
	env.Person().SignIn("Salesforce")
	expectNoChanges(t, c, false)
	if after := stored(t, env); after.Revision == before.Revision || after.AuthorizationID != "" {
		t.Errorf("after the sign-in, it is %+v", after)
	}

	// With a secret, as before: it is used at once, and nobody is asked.
	c.Write(acctest.CRM(acctest.JWTBearer, trigger("three")))
	c.Must("apply", "-auto-approve")
	if found := stored(t, env); found.AuthorizationID != "" || found.Status != "working" {
		t.Errorf("with a secret, it is %+v", found)
	}
	expectNoChanges(t, c, false)
}

// A sign-in makes no difference to a comparison with the configured secrets.
func TestSignInMakesNoDifferenceToConfiguredSecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	person := env.Person()
	c := env.Command(acctest.CRM(acctest.RefreshToken, ""))
	c.Must("apply", "-auto-approve")
	person.Pending("Salesforce")
	expectNoChanges(t, c, true)
	person.SignIn("Salesforce")
	expectNoChanges(t, c, false)
	token, err := env.Salesforce.Approve(env.Salesforce.Service().Username)
	if err != nil {
		t.Fatal(err)
	}
	c.Env = append(c.Env, "TF_VAR_refresh_token="+token)
	acctest.ExpectOutput(t, c.Must("plan"), `Credentials of Connection "Salesforce" Will Be Replaced`)
}

func TestLaterSecretReplacesSignIn(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]string{"compared": "", "with a version": "credentials_wo_version = 1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			c := env.Command(pending(""))
			c.Must("apply", "-auto-approve")
			c.Write(acctest.CRM(acctest.JWTBearer, more))
			out := c.Must("apply", "-auto-approve")
			acctest.ExpectOutput(t, out, `Credentials of Connection "Salesforce" Will Be Replaced`, "No person has signed in")
			if found := stored(t, env); found.Status != "working" || found.AuthorizationID != "" {
				t.Errorf("with a secret, it is %+v", found)
			}
			expectNoChanges(t, c, false)
			c.Write(pending(more)) // the secret is removed, and what is stored works on
			c.Must("apply", "-auto-approve")
			if found := stored(t, env); found.Status != "working" || found.AuthorizationID != "" {
				t.Errorf("after the secret was removed, it is %+v", found)
			}
			expectNoChanges(t, c, false)
		})
	}
}

// A secret that is configured after a person has signed in replaces what the person brought.
func TestSecretReplacesWhatPersonBrought(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(pending(""))
	c.Must("apply", "-auto-approve")
	env.Person().SignIn("Salesforce")
	before := stored(t, env)
	c.Write(acctest.CRM(acctest.JWTBearer, ""))
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), `Credentials of Connection "Salesforce" Will Be Replaced`)
	if after := stored(t, env); after.Revision == before.Revision || after.Status != "working" {
		t.Errorf("with a secret, it is %+v", after)
	}
	expectNoChanges(t, c, false)
}

// Settings that credentials are bound to can be changed as long as nothing is stored.
func TestPendingConnectionCanBeChanged(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(pending(""))
	c.Env = append(c.Env, "TF_VAR_crm_username=somebody.else@example.com")
	c.Must("apply", "-auto-approve")
	c.Env = nil
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), waits, "as "+env.Salesforce.Service().Username)
	env.Person().SignIn("Salesforce")
	expectNoChanges(t, c, false)

	// Later they cannot, since the person cannot sign in in the same step.
	c.Env = append(c.Env, "TF_VAR_crm_username=somebody.else@example.com")
	out, err := c.Run("plan")
	if err == nil {
		t.Error("the user name of a connection that works can be changed")
	}
	acctest.ExpectOutput(t, out, "Credentials Required for This Change", "username changes", "-replace=")
}
