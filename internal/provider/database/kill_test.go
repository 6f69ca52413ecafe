//go:build unix

package database_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// connections are those of the control plane.
func connections(t *testing.T, env *acctest.Environment) []api.Connection {
	t.Helper()
	found, err := env.Client().Connections(t.Context(), api.ConnectionFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// startSlowApply starts an apply that waits for the target system, with further options.
func startSlowApply(t *testing.T, env *acctest.Environment, c *acctest.Command, more ...string) *acctest.Running {
	t.Helper()
	if err := env.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	running := c.Start(append([]string{"apply", "-auto-approve"}, more...)...)
	acctest.Eventually(t, "a sign-in arrives", func() bool { return len(env.Exchange.Requests()) > 0 })
	return running
}

// A machine is lost after a connection was created, and before Terraform received the response. The same apply on another
// machine, which shares nothing but the database, gets that connection.
func TestOtherMachineContinuesAfterKill(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	lost := env.Command(acctest.Mail(""))
	running := startSlowApply(t, env, lost)
	providers := lost.Providers()
	if len(providers) != 1 {
		t.Fatalf("%d processes of the provider run, want one", len(providers))
	}
	if err := syscall.Kill(running.Process.Pid, syscall.SIGSTOP); err != nil { // so that it does not read the response
		t.Fatal(err)
	}
	env.Exchange.Clear()
	acctest.Eventually(t, "the connection is stored", func() bool { return len(connections(t, env)) == 1 })

	other := env.Command(acctest.Mail(""))
	if out, err := other.Run("apply", "-auto-approve"); err == nil || !strings.Contains(out, "import {") {
		t.Errorf("while the first machine may still receive the response: %v\n%s", err, out)
	}
	err := errors.Join(syscall.Kill(providers[0], syscall.SIGKILL), syscall.Kill(running.Process.Pid, syscall.SIGKILL))
	if err != nil {
		t.Fatal(err)
	}
	other.Must("apply", "-auto-approve")
	if out, err := other.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("the next plan is not empty: %v\n%s", err, out)
	}
	if found := connections(t, env); len(found) != 1 {
		t.Errorf("the control plane has %+v", found)
	}
}
