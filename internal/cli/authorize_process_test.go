//go:build unix

package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
)

// authorizeProcess prepares the command in a process of its own, without the variables of a graphical session.
func (f *pendingFixture) authorizeProcess(t *testing.T, args ...string) (*exec.Cmd, *transcript) {
	t.Helper()
	said := newTranscript()
	command := exec.CommandContext(t.Context(), os.Args[0], append([]string{
		"authorize", "Pending", "--data-dir", f.dataDir, "--keyset", f.keyset,
	}, args...)...)
	command.Env = append(os.Environ(), servetest.AsCommand+"=1", "RIVA_ENDPOINT=", "RIVA_DATABASE_URL=", "DISPLAY=",
		"WAYLAND_DISPLAY=", "BROWSER=")
	command.Stdout, command.Stderr = said, said
	return command, said
}

// start starts the process and returns its link.
func startAndRead(t *testing.T, command *exec.Cmd, said *transcript) (link string) {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	link, _ = said.next(t, 0, linkPattern)
	return link
}

// waitInterrupted waits for a command that ends because it was interrupted.
func waitInterrupted(t *testing.T, command *exec.Cmd, said *transcript) {
	t.Helper()
	err := command.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Errorf("the command ended with %v, want exit status 1:\n%s", err, said)
	}
}

func TestAuthorizeLeavesNothingPendingOnSignal(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]os.Signal{
		"terminate": syscall.SIGTERM, "interrupt": os.Interrupt, "terminal closed": syscall.SIGHUP,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startGoogle(t)
			command, said := f.authorizeProcess(t)
			link := startAndRead(t, command, said)
			if !strings.Contains(said.String(), link) || f.stored(t).AuthorizationID == "" {
				t.Fatalf("no sign-in is pending:\n%s", said)
			}
			said.next(t, 0, `(no browser was opened \(this session has no display\))`)
			if err := command.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
			waitInterrupted(t, command, said)
			if !strings.Contains(said.String(), "Error: interrupted: the sign-in for the connection") {
				t.Errorf("the command said\n%s", said)
			}
			if found := f.stored(t); found.AuthorizationID != "" || found.Status != api.StatusBlank {
				t.Errorf("a sign-in is pending: %+v", found)
			}
		})
	}
}

// A killed command changes nothing: the stored credentials work, and the next command replaces the sign-in that it left.
func TestAuthorizeAfterKill(t *testing.T) {
	t.Parallel()
	f := startSalesforce(t)
	a := f.authorize(t, nil)
	link, _ := a.said.next(t, 0, linkPattern)
	visit(t, link, f.right.username, f.right, person.Choices{})
	if err := <-a.done; err != nil {
		t.Fatal(err)
	}
	before := f.stored(t)

	command, said := f.authorizeProcess(t)
	startAndRead(t, command, said)
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err == nil {
		t.Fatalf("the command ended:\n%s", said)
	}
	left := f.stored(t)
	if left.AuthorizationID == "" || left.Revision != before.Revision || left.Status != "working" {
		t.Errorf("after the kill: %+v", left)
	}
	f.must(t, "", "connections", "test", "Pending")

	a = f.authorize(t, nil)
	link, _ = a.said.next(t, 0, linkPattern)
	visit(t, link, f.right.username, f.right, person.Choices{})
	if err := <-a.done; err != nil {
		t.Fatal(err)
	}
	f.change(t, func(client *api.Client) error {
		replaced, err := client.Revalidation(t.Context(), left.ID, left.AuthorizationID)
		if err == nil && replaced.State != api.RevalidationCanceled {
			t.Errorf("the sign-in of the killed command: %+v", replaced)
		}
		return err
	})
	if found := f.stored(t); found.AuthorizationID != "" || found.Revision != before.Revision+1 || found.Status != "working" {
		t.Errorf("at the end: %+v", found)
	}
}

func TestAuthorizeOpensBrowser(t *testing.T) {
	t.Parallel()
	f := startGoogle(t)
	dir := t.TempDir()
	opened, script := filepath.Join(dir, "opened"), filepath.Join(dir, "browser")
	text := "#!/bin/sh\nprintf '%s|%s' \"$1\" \"$2\" >" + opened + ".new && mv " + opened + ".new " + opened + "\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	command, said := f.authorizeProcess(t)
	command.Env = append(command.Env, "BROWSER=/nonexistent/browser:"+script+" --new-tab %s")
	link := startAndRead(t, command, said)
	said.next(t, 0, `(It was opened in your browser)`)
	ticker, timeout := time.NewTicker(10*time.Millisecond), time.NewTimer(30*time.Second)
	defer ticker.Stop()
	for {
		got, err := os.ReadFile(opened)
		if err == nil {
			if string(got) != "--new-tab|"+link {
				t.Errorf("opened %q", got)
			}
			break
		}
		select {
		case <-ticker.C:
		case <-timeout.C:
			t.Fatal("the browser was not started")
		}
	}
	visit(t, link, f.right.username, f.right, person.Choices{})
	if err := command.Wait(); err != nil || !strings.Contains(said.String(), "Connection has been configured successfully!") {
		t.Errorf("%v\n%s", err, said)
	}
	if page, err := sandboxtest.Browser(t).Open(t.Context(), link); err == nil {
		t.Errorf("the listener still answers: %s", page.Text)
	}
}
