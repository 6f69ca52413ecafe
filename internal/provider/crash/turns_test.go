//go:build linux

package crash_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// Most systems lock an account after a few wrong passwords, whichever process sends them.
func TestConcurrentAppliesSendWrongPasswordTwice(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	createDataDir(t, w)
	commands := make([]*running, number(t, turnsVariable, defaultTurns))
	for i := range commands {
		c := w.Command(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, fmt.Sprintf(`"Exchange %d"`, i)))
		c.Env = []string{"TF_VAR_password=wrong"}
		commands[i] = start(c, "apply", "-auto-approve")
	}
	for i, command := range commands {
		out, err := command.End()
		if err == nil || !strings.Contains(out, "Cannot Connect to the Target System with Given Credentials") {
			t.Errorf("apply %d: %v\n%s", i, err, errorsIn(out))
		}
	}
	if got := w.Exchange.SignIns(); got.Rejected < 1 || got.Rejected > 2 {
		t.Errorf("%d applies sent the wrong password %d times, want at most 2", len(commands), got.Rejected)
	}
}

// createDataDir creates the control plane, so that processes that start at the same time do not wait for that.
func createDataDir(t *testing.T, w *acctest.Environment) {
	t.Helper()
	if _, err := w.Client().Connections(t.Context(), api.ConnectionFilter{}); err != nil {
		t.Fatal(err)
	}
}

// rotateTokens makes Salesforce accept each refresh token only once.
func rotateTokens(t *testing.T, w *acctest.Environment) {
	t.Helper()
	if err := w.Salesforce.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true }); err != nil {
		t.Fatal(err)
	}
}

// createCRM creates the connection to Salesforce outside of Terraform, and returns its id.
func createCRM(t *testing.T, w *acctest.Environment) string {
	t.Helper()
	app := w.Salesforce.App()
	created, err := w.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": w.Salesforce.LoginURL(), "username": w.Salesforce.Service().Username, "client_id": app.ConsumerKey,
		},
		Credentials: map[string]string{"client_secret": app.Secret, "refresh_token": w.Salesforce.RefreshToken()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return created.ID
}

// testOf is a configuration that tests a connection when it is planned.
func testOf(id string) string {
	return fmt.Sprintf(`
data "riva_connection_test" "crm" {
  connection_id = %q
  test          = "general"
}

output "passed" {
  value = data.riva_connection_test.crm.passed
}

output "report" {
  value = data.riva_connection_test.crm.report
}
`, id)
}

// expectTokensOnce expects that Salesforce got no refresh token a second time, and rejected none.
func expectTokensOnce(t *testing.T, w *acctest.Environment, atLeast int) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range w.Salesforce.SignInList() {
		if !s.Accepted || seen[s.Secret] {
			t.Errorf("Salesforce got a refresh token again, or rejected it: %s at %s", s.Reason, s.Time)
		}
		seen[s.Secret] = true
	}
	if len(seen) < atLeast {
		t.Errorf("Salesforce got %d refresh tokens, want at least %d", len(seen), atLeast)
	}
}

// Salesforce can be set to accept each refresh token only once. Processes must not use the same one.
func TestConcurrentTestsSpendTokensOnce(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	rotateTokens(t, w)
	id := createCRM(t, w)
	commands := make([]*running, number(t, turnsVariable, defaultTurns))
	for i := range commands {
		commands[i] = start(w.Command(testOf(id)), "plan")
	}
	for i, command := range commands {
		if out, err := command.End(); err != nil || !strings.Contains(out, "passed = true") {
			t.Errorf("plan %d: %v\n%s", i, err, out)
		}
	}
	expectTokensOnce(t, w, len(commands)+1)
}

// The process is killed after Salesforce has rotated the token, and before the sign-in is complete.
func TestKilledSignInKeepsRotatedToken(t *testing.T) {
	t.Parallel()
	var running sync.WaitGroup
	for name, c := range map[string]struct {
		victim string
		// prepare returns the command that is killed.
		prepare func(*testing.T, *acctest.Environment) (*acctest.Command, []string)
	}{
		"test, provider killed": {"provider", killedTest},
		"test, both killed":     {"both", killedTest},
		"create":                {"provider", killedCreate},
		"rotate":                {"both", killedRotate},
	} {
		running.Go(func() { // they wait most of the time
			t.Run(name, func(t *testing.T) {
				w := acctest.New(t)
				rotateTokens(t, w)
				command, args := c.prepare(t, w)
				killSignIn(t, w, command, c.victim, args)
				out, err := command.Run(args...)
				if err != nil {
					t.Fatalf("the same command again: %v\n%s", err, errorsIn(out))
				}
				if args[0] == "plan" && !strings.Contains(out, "passed = true") {
					t.Errorf("the test after it:\n%s", out)
				}
				if out, err := command.Run("plan", "-detailed-exitcode"); err != nil && args[0] != "plan" {
					t.Errorf("the plan after it: %v\n%s", err, out)
				}
				expectTokensOnce(t, w, 2)
			})
		})
	}
	running.Wait()
}

// killSignIn runs a command and kills the victim while Salesforce holds the call after the one that rotated the token.
func killSignIn(t *testing.T, w *acctest.Environment, command *acctest.Command, victim string, args []string) {
	t.Helper()
	w.Salesforce.Forget()
	if err := w.Salesforce.Fail(sandbox.Slow().ForOperation("userinfo"), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	killed := start(command, args...)
	acctest.Eventually(t, "Salesforce gets the call after the sign-in", func() bool { return got(w, "userinfo") })
	victims := awaitProvider(killed)
	if victim == "both" {
		victims = append(victims, killed.pid())
	}
	sigkill(t, victims...)
	if out, err := killed.End(); err == nil {
		t.Errorf("the killed command succeeded:\n%s", out)
	}
	awaitNone(t, command.Dir)
	w.Salesforce.Clear()
}

func killedTest(t *testing.T, w *acctest.Environment) (command *acctest.Command, args []string) {
	t.Helper()
	return w.Command(testOf(createCRM(t, w))), []string{"plan"}
}

func killedCreate(t *testing.T, w *acctest.Environment) (command *acctest.Command, args []string) {
	t.Helper()
	createDataDir(t, w)
	return w.Command(acctest.CRM(acctest.RefreshToken, "")), []string{"apply", "-auto-approve"}
}

func killedRotate(t *testing.T, w *acctest.Environment) (command *acctest.Command, args []string) {
	t.Helper()
	command, args = killedCreate(t, w)
	command.Must(args...)
	token, err := w.Salesforce.Approve(w.Salesforce.Service().Username)
	if err != nil {
		t.Fatal(err)
	}
	command.Env = []string{"TF_VAR_refresh_token=" + token}
	return command, args
}

// got reports whether Salesforce has got a request of an operation.
func got(w *acctest.Environment, operation string) bool {
	return slices.ContainsFunc(w.Salesforce.Requests(), func(r sandbox.Request) bool { return r.Operation == operation })
}
