//go:build unix

package plugin_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// applyAndKill has an apply create the connection, and kills Terraform and the provider before Terraform can read the response:
// it is stopped while the provider works.
func applyAndKill(t *testing.T, w *acctest.Environment, c *acctest.Command, kill func(terraform, provider int) error) {
	t.Helper()
	terraform, provider := startSlowApply(t, w, c)
	if err := syscall.Kill(terraform.Process.Pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	w.Exchange.Clear()
	acctest.Eventually(t, "the connection is stored", func() bool {
		found, err := w.Client().Connections(t.Context(), api.ConnectionFilter{})
		return err == nil && len(found) == 1
	})
	if err := kill(terraform.Process.Pid, provider); err != nil {
		t.Fatal(err)
	}
	if out, err := terraform.End(); err == nil {
		t.Fatalf("the apply succeeded:\n%s", out)
	}
	acctest.Eventually(t, "the provider ends", func() bool { return len(c.Providers()) == 0 })
	if state, _ := c.Run("state", "list"); strings.Contains(state, "riva_connection") {
		t.Fatalf("the state has\n%s", state)
	}
}

func TestApplyAfterKilledCreate(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(terraform, provider int) error{
		"both killed": func(terraform, provider int) error {
			return errors.Join(syscall.Kill(provider, syscall.SIGKILL), syscall.Kill(terraform, syscall.SIGKILL))
		},
		"Terraform killed": func(terraform, _ int) error { return syscall.Kill(terraform, syscall.SIGKILL) },
		"provider terminated": func(terraform, provider int) error {
			return errors.Join(syscall.Kill(provider, syscall.SIGTERM), syscall.Kill(terraform, syscall.SIGKILL))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			c := w.Command(acctest.Mail(""))
			applyAndKill(t, w, c, kill)
			c.Must("apply", "-auto-approve")
			if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
				t.Errorf("the next plan is not empty: %v\n%s", err, out)
			}
			found, err := w.Client().Connections(t.Context(), api.ConnectionFilter{})
			if err != nil || len(found) != 1 {
				t.Errorf("there are %+v, %v", found, err)
			}
			// The apply has ended regularly: its connection belongs to it.
			other := w.Command(acctest.Mail(""))
			if out, err := other.Run("apply", "-auto-approve"); err == nil || !strings.Contains(out, "import {") {
				t.Errorf("the same create of another configuration: %v\n%s", err, out)
			}
		})
	}
}

func TestOtherCreateAfterKilledCreateIsError(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	applyAndKill(t, w, c, func(terraform, provider int) error {
		return errors.Join(syscall.Kill(provider, syscall.SIGKILL), syscall.Kill(terraform, syscall.SIGKILL))
	})
	c.Write(acctest.Mail("verify_credentials = false"))
	if out, err := c.Run("apply", "-auto-approve"); err == nil || !strings.Contains(out, "import {") {
		t.Errorf("another request: %v\n%s", err, out)
	}
}

func TestTwoCreatesInOneRunAreError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ provider, want string }{
		"of one provider": {"", "Two Resources Create the Same Name"},
		// Terraform starts a process for each of them.
		"of two providers": {`
provider "riva" {
  alias    = "second"
  data_dir = %q
  keyset   = %q
}
`, "The Name Is Already Taken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			twin, provider := acctest.Mail(""), test.provider
			if provider != "" {
				provider, twin = fmt.Sprintf(provider, w.DataDir, w.Keyset), acctest.Mail("provider = riva.second")
			}
			c := w.Command(acctest.Mail("") + provider + strings.Replace(twin, `"mail"`, `"twin"`, 1))
			if out, err := c.Run("apply", "-auto-approve"); err == nil || !strings.Contains(out, test.want) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
