package connection_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// The places where Crasher can crash: the control plane recovers in the first, and nothing can in the second.
const (
	crashInTheCall       = "in the call"
	crashInTheBackground = "in the background"
)

// panickingSystem is a target system whose sign-in crashes with its settings and secrets in the message.
func panickingSystem() *target.System {
	return &target.System{
		Name: "crasher", Title: "Crasher", Kind: target.Email, Description: "Crashes.",
		Fields: []target.Field{
			{Name: "place", Required: true, Binds: true, Help: "Where to crash."},
			{Name: "password", Secret: true, Help: "A canary."},
		},
		Grants: []target.Grant{{Name: "password", Secrets: []string{"password"}}},
		Tests:  []target.Test{target.General}, UserTest: target.General,
		SignIn: func(ctx context.Context, a target.Account) (target.Session, error) {
			message := fmt.Sprintf("crashed with %v, %+v, %#v and %q", a, a, a, a.Credentials)
			if a.Settings["place"] == crashInTheCall {
				panic(message) //nolint:forbidigo // a crash is what is tested
			}
			go panic(message) //nolint:forbidigo // where nothing can recover it
			<-ctx.Done()
			return nil, ctx.Err()
		},
	}
}

// crasher is a connection to the system, with a password from a variable.
func crasher(place string) string {
	return fmt.Sprintf(`
resource "riva_connection" "mail" {
  name = "Crasher"
  crasher {
    place       = %q
    password_wo = var.password
  }
}
`, place)
}

// Without a configured log, the provider writes warnings and errors only. OpenTofu has the stack in its log, see CrashReport.
func TestCrashWithoutLogShowsStack(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(crasher(crashInTheBackground))
	out, err := c.Run("apply", "-auto-approve")
	hasStack := acctest.OpenTofu() || strings.Contains(out, "crash_test.go")
	if err == nil || !strings.Contains(out, acctest.CrashReport()) || !hasStack {
		t.Errorf("the crash gave %v:\n%s", err, out)
	}
}

func TestCrashMessagesHoldNoSecret(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]string{
		crashInTheCall:       "Request id:",
		crashInTheBackground: acctest.CrashReport(),
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			const canary = "canary-Crash-77d0"
			c := env.Command(crasher(place))
			log := filepath.Join(t.TempDir(), "trace.log")
			c.Env = append(c.Env, "TF_VAR_password="+canary, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
			out, err := c.Run("apply", "-auto-approve")
			if err == nil || !strings.Contains(out, want) {
				t.Fatalf("the crash gave %v and not %q:\n%s", err, want, out)
			}
			if strings.Contains(out, canary) {
				t.Errorf("the crash message holds the password:\n%s", out)
			}
			acctest.ExpectAbsent(t, log, canary)
			if !strings.Contains(acctest.Contents(t, log)[log], "crash_test.go") {
				t.Error("the log has no stack of the crash, so the absence of the password shows nothing")
			}
		})
	}
}
