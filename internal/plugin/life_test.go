//go:build unix

package plugin_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// maxLife is how long a process may live on after Terraform was killed.
const maxLife = 20 * time.Second

// startSlowApply starts an apply that waits for the target system, and returns it with the process of its provider.
func startSlowApply(t *testing.T, w *acctest.Environment, c *acctest.Command) (*acctest.Running, int) {
	t.Helper()
	if err := w.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	terraform := c.Start("apply", "-auto-approve")
	acctest.Eventually(t, "a sign-in arrives", func() bool { return len(w.Exchange.Requests()) > 0 })
	providers := c.Providers()
	if len(providers) != 1 {
		t.Fatalf("%d processes of the provider run, want one", len(providers))
	}
	return terraform, providers[0]
}

// wantEnded waits until all processes of the provider have ended, and checks that the database file is complete.
func wantEnded(t *testing.T, w *acctest.Environment, c *acctest.Command) {
	t.Helper()
	began := time.Now()
	acctest.Eventually(t, "the provider ends", func() bool { return len(c.Providers()) == 0 })
	if took := time.Since(began); took > maxLife {
		t.Errorf("the provider ended after %s", took)
	}
	log := filepath.Join(w.DataDir, "riva.db-wal")
	if info, err := os.Stat(log); !errors.Is(err, fs.ErrNotExist) && (err != nil || info.Size() > 0) {
		t.Errorf("the write-ahead log was left: %v, %v", info, err)
	}
}

func TestProviderEndsWithTerraform(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(terraform, provider int) error{
		"Terraform killed":    func(terraform, _ int) error { return syscall.Kill(terraform, syscall.SIGKILL) },
		"provider terminated": func(_, provider int) error { return syscall.Kill(provider, syscall.SIGTERM) },
		"terminal closed":     func(_, provider int) error { return syscall.Kill(provider, syscall.SIGHUP) },
		"both ended by the job": func(terraform, provider int) error {
			return errors.Join(syscall.Kill(terraform, syscall.SIGKILL), syscall.Kill(provider, syscall.SIGTERM))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			c := w.Command(acctest.Mail(""))
			terraform, provider := startSlowApply(t, w, c)
			if err := kill(terraform.Process.Pid, provider); err != nil {
				t.Fatal(err)
			}
			wantEnded(t, w, c)
			if out, err := terraform.End(); err == nil {
				t.Errorf("the apply succeeded:\n%s", out)
			}
			w.Exchange.Clear()
			c.Must("apply", "-auto-approve") // nothing is in its way
			wantEnded(t, w, c)
		})
	}
}

// Terraform and the provider get the interrupt of the keyboard. Terraform decides what happens.
func TestInterruptIsLeftToTerraform(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	terraform, provider := startSlowApply(t, w, c)
	if err := errors.Join(syscall.Kill(provider, syscall.SIGINT), syscall.Kill(terraform.Process.Pid, syscall.SIGINT)); err != nil {
		t.Fatal(err)
	}
	out, err := terraform.End()
	if err == nil || !strings.Contains(out, "Interrupt received") || strings.Contains(out, "did not respond") ||
		!strings.Contains(out, `Could not create the connection "Exchange"`) {
		t.Errorf("%v\n%s", err, out)
	}
	wantEnded(t, w, c)
}

func TestKilledTerraformInterruptsCycle(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	w := acctest.New(t)
	c := w.Command(cycleConfiguration)
	c.Must("apply", "-auto-approve")
	if err := w.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	before := len(w.Exchange.Requests())
	terraform := c.Start("apply", "-auto-approve", "-invoke=action.riva_run_sync_cycle.mail")
	acctest.Eventually(t, "the cycle signs in", func() bool { return len(w.Exchange.Requests()) > before })
	if err := terraform.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wantEnded(t, w, c)
	policy, err := w.Client().PolicyByName(t.Context(), "Mail")
	if err != nil || policy.LastCycle == nil || policy.LastCycle.State != api.CycleInterrupted {
		t.Errorf("the policy is %+v (error %v), want its last cycle interrupted", policy, err)
	}
}

var cycleConfiguration = acctest.Mail("") + acctest.CRM(acctest.RefreshToken, "") + `
resource "riva_user" "ada" {
  email = "ada@example.com"
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "30m"
}

action "riva_run_sync_cycle" "mail" {
  config {
    policy_id = riva_sync_policy.mail.id
  }
}
`
