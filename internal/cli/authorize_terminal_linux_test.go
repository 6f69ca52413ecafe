package cli_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
)

// startOnTerminal starts a process on a terminal of its own, as a shell would, and returns the side where a person types.
func startOnTerminal(t *testing.T, command *exec.Cmd, said *transcript) (keys io.Writer) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	fd := int(keyboard.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	command.Stdin, command.Stdout, command.Stderr = screen, screen, screen
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := errors.Join(command.Start(), screen.Close()); err != nil {
		t.Fatal(err)
	}
	go func() { // ends when the process closes the terminal
		_, _ = io.Copy(said, keyboard)
		said.end()
	}()
	return keyboard
}

func typeText(t *testing.T, keys io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(keys, text); err != nil {
		t.Fatal(err)
	}
}

const linkOnTerminal = `\n  (http://\S+)\r\n`

func TestAuthorizeCountsDownOnTerminal(t *testing.T) {
	t.Parallel()
	f := startGoogle(t)
	command, said := f.authorizeProcess(t, "--no-browser", "--timeout", "10m")
	keys := startOnTerminal(t, command, said)
	said.next(t, 0, `(\r\x1b\[KWaiting for the sign-in: 9m\d+s left\.)`)
	typeText(t, keys, "\x03")
	said.next(t, 0, `\r\x1b\[K(Error: interrupted)`)
	waitInterrupted(t, command, said)
	if f.stored(t).AuthorizationID != "" {
		t.Errorf("a sign-in is pending:\n%s", said)
	}
}

// A terminal cuts lines at 4096 bytes. Codes of some systems are longer, so that the command reads a line of any length, and
// neither shows it nor leaves the terminal without an echo.
func TestAuthorizeReadsLongPasteOnTerminal(t *testing.T) {
	t.Parallel()
	f := startOffice365(t)
	command, said := f.authorizeProcess(t, "--paste")
	keys := startOnTerminal(t, command, said)
	const asked = `(and press Enter: )`
	link, at := said.next(t, 0, linkOnTerminal)
	_, at = said.next(t, at, asked)
	callback := redirected(t, link, f.right, person.Choices{})
	typeText(t, keys, callback+"&padding="+strings.Repeat("x", 6000)+"\r")
	said.next(t, at, `Signed in as (`+f.right.username+`)`)
	if err := command.Wait(); err != nil || strings.Contains(said.String(), "xxxx") || f.stored(t).Status != "working" {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestAuthorizePasteIsInterruptedOnTerminal(t *testing.T) {
	t.Parallel()
	f := startOffice365(t)
	command, said := f.authorizeProcess(t, "--paste")
	keys := startOnTerminal(t, command, said)
	_, at := said.next(t, 0, `(and press Enter: )`)
	typeText(t, keys, "half of an address\x03")
	said.next(t, at, `(Error: interrupted)`)
	waitInterrupted(t, command, said)
	if f.stored(t).AuthorizationID != "" || f.stored(t).Status != api.StatusBlank {
		t.Errorf("a sign-in is pending:\n%s", said)
	}
}
