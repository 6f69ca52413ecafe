package signin_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestActionWaitsForPerson(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	created := p.Create(connectionType, pendingValues(env))
	person, ada := env.Person(), env.Salesforce.Find("ada@example.com")
	service := env.Salesforce.Service().Username
	wrong, right := false, false
	messages, diagnostics := p.Invoke(t.Context(), revalidateAction, values{"connection_id": created.ID()}, func(message string) {
		switch {
		case strings.HasPrefix(message, "A person must sign in") && !wrong:
			wrong = true
			person.SignInAs("Salesforce", ada.Username, ada.Password)
		case strings.HasPrefix(message, "The attempt has failed") && !right:
			right = true
			person.SignIn("Salesforce")
		}
	})
	p.Must(diagnostics)
	acctest.ExpectOutput(t, strings.Join(messages, "\n"),
		"A person must sign in to Salesforce as "+service, "authorize", "'Salesforce'",
		"The attempt has failed: Signed In to the Target System as Another User.", ada.Username+" signed in.",
		"The person can try again.", "The general test passed", "read the metadata", "Connection has been configured successfully!")
	if found := stored(t, env); found.Status != "working" || found.AuthorizationID != "" {
		t.Errorf("afterwards, it is %+v", found)
	}
}

// The command of the person replaces the sign-in that the action waits for: the action goes on with that one.
func TestActionFollowsSignInOfCommand(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	created := p.Create(connectionType, env.CRMValues())
	person := env.Person()
	started := false
	messages, diagnostics := p.Invoke(t.Context(), revalidateAction,
		values{"connection_id": created.ID(), "interactive": true}, func(message string) {
			if strings.HasPrefix(message, "A person must sign in") && !started {
				started = true
				person.Pending("Salesforce")
				person.SignIn("Salesforce")
			}
		})
	p.Must(diagnostics)
	acctest.ExpectOutput(t, strings.Join(messages, "\n"), "Another sign-in has replaced this one", "The general test passed")
}

// A sign-in that the action requested ends with it, and one that was open before stays. No person signs in, in a fake time.
func TestActionLeavesNothingPending(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		// open: a sign-in is open before the action.
		open, cancel bool
		want         []string
	}{
		"after a timeout": {want: []string{
			"Timeout", "within 1m30s", "A person who must sign in did not respond in time", "is canceled", "stays in force",
			"invoke in the timeouts block",
		}},
		"after a cancel":            {cancel: true, want: []string{"Canceled", `re-validate the connection "Salesforce"`}},
		"with one that was open":    {open: true, want: []string{"Timeout", "The sign-in that was open before stays open"}},
		"canceled, with an old one": {open: true, cancel: true, want: []string{"Canceled"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				env := acctest.Empty(t)
				p := env.Protocol()
				created := p.Create(connectionType, values{"name": "Salesforce", "salesforce": values{
					"username": "riva-sync@example.com", "client_id": "app",
				}})
				client := env.Client()
				before, err := client.Connection(t.Context(), created.ID())
				if err == nil && !c.open {
					err = client.CancelRevalidation(t.Context(), before.ID, before.AuthorizationID)
				}
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				began := time.Now()
				messages, diagnostics := p.Invoke(ctx, revalidateAction, values{
					"connection_id": created.ID(), "timeouts": values{"invoke": "90s"},
				}, func(message string) {
					if c.cancel && strings.HasPrefix(message, "Still waiting for a person to sign in") {
						cancel()
					}
				})
				if c.cancel {
					synctest.Wait()
				} else {
					acctest.ExpectError(t, diagnostics, c.want...)
					if lasted := time.Since(began); lasted < 90*time.Second || lasted > 95*time.Second {
						t.Errorf("the action lasted %s", lasted)
					}
				}
				if !strings.Contains(strings.Join(messages, "\n"), "Still waiting for a person to sign in before ") {
					t.Errorf("the messages are %q", messages)
				}
				<-time.After(time.Minute) // in fake time: what the action does after a cancel has ended
				after, err := client.Connection(t.Context(), created.ID())
				if err != nil || (after.AuthorizationID != "") != c.open ||
					c.open && after.AuthorizationID != before.AuthorizationID {
					t.Errorf("it was %+v, and afterwards it is %+v, %v", before, after, err)
				}
			})
		})
	}
}

func TestActionReportsCanceledSignIn(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	created := p.Create(connectionType, pendingValues(env))
	id := values{"connection_id": created.ID()}
	client := env.Client()
	_, diagnostics := p.Invoke(t.Context(), revalidateAction, id, func(message string) {
		if strings.HasPrefix(message, "A person must sign in") {
			found := stored(t, env)
			if err := client.CancelRevalidation(t.Context(), found.ID, found.AuthorizationID); err != nil {
				t.Error(err)
			}
		}
	})
	acctest.ExpectError(t, diagnostics, "No Person Has Signed In", `Could not re-validate the connection "Salesforce"`,
		"was canceled", "Invoke the action again")
	mail := p.Create(connectionType, env.MailValues())
	_, diagnostics = p.Invoke(t.Context(), revalidateAction, values{"connection_id": mail.ID(), "interactive": true}, nil)
	acctest.ExpectError(t, diagnostics, "Invalid Value", "does not support re-validation")

	// A test of a connection that waits fails, with what to do.
	_, diagnostics = p.Invoke(t.Context(), "riva_test_connection", id, nil)
	acctest.ExpectError(t, diagnostics, "Given Credentials", `The test "general" of the connection "Salesforce" did not pass`,
		"No person has signed in", "1. Sign in for the connection")
}

// With Terraform, the action is triggered by the create, and the apply ends when the person has signed in.
func TestApplyWaitsForPerson(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	env := acctest.New(t).Made()
	person := env.Person()
	c := env.Command(pending(`
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.riva_revalidate_connection.person]
    }
  }
`) + `
action "riva_revalidate_connection" "person" {
  config {
    connection_id = riva_connection.crm.id
  }
}
`)
	apply := c.Start("apply", "-auto-approve")
	acctest.Eventually(t, "the connection waits", func() bool {
		found, err := env.Client().Connections(t.Context(), api.ConnectionFilter{Name: "Salesforce"})
		return err == nil && len(found) == 1
	})
	person.SignIn("Salesforce")
	out, err := apply.End()
	if err != nil {
		t.Fatalf("the apply ends with %v\n%s", err, out)
	}
	acctest.ExpectOutput(t, out, "A person must sign in to Salesforce", "Connection has been configured successfully!")
	expectNoChanges(t, c, false)
}
