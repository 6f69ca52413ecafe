//go:build clients

package clients_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// timeout limits everything with DavMail: a Java program is slow on a busy machine.
const timeout = 2 * time.Minute

// davmail starts the gateway in front of a server and returns the address of its IMAP port.
func davmail(t *testing.T, server *exchange.Server) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil { // the port is free now, and another program is unlikely to get it
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address)
	home := t.TempDir()
	properties := filepath.Join(home, "davmail.properties")
	if err := os.WriteFile(properties, []byte(strings.Join([]string{
		"davmail.server=true", "davmail.mode=EWS", "davmail.url=" + server.URL(),
		"davmail.bindAddress=127.0.0.1", "davmail.allowRemote=false", "davmail.disableUpdateCheck=true",
		"davmail.imapPort=" + port, "davmail.popPort=", "davmail.smtpPort=", "davmail.caldavPort=", "davmail.ldapPort=",
		"davmail.logFilePath=" + filepath.Join(home, "davmail.log"), "",
	}, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, find(t, "davmail-server"), properties)
	cmd.Dir, cmd.Env = home, append(os.Environ(), "HOME="+home, "JAVA_TOOL_OPTIONS=-Duser.home="+home)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // the process was killed, and Wait returns that as an error
	})
	return address
}

// imap is one connection to the gateway.
type imap struct {
	t      *testing.T
	conn   net.Conn
	reader *bufio.Reader
	number int
}

// dial connects to the gateway as soon as it listens.
func dial(t *testing.T, address string) *imap {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	retry := time.NewTicker(100 * time.Millisecond)
	defer retry.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			t.Cleanup(func() { _ = conn.Close() })
			if err := conn.SetDeadline(time.Now().Add(timeout)); err != nil {
				t.Fatal(err)
			}
			c := &imap{t: t, conn: conn, reader: bufio.NewReader(conn)}
			if greeting := c.line(); !strings.HasPrefix(greeting, "* OK") {
				t.Fatalf("greeting %q", greeting)
			}
			return c
		}
		select {
		case <-retry.C:
		case <-ctx.Done():
			t.Fatalf("DavMail does not listen: %v", err)
		}
	}
}

func (c *imap) line() string {
	c.t.Helper()
	line, err := c.reader.ReadString('\n')
	if err != nil {
		c.t.Fatal(err)
	}
	return line
}

var literal = regexp.MustCompile(`\{(\d+)\}\r\n$`)

// command sends a command. It returns the untagged lines before the line that ends the command, and the result in that
// line.
func (c *imap) command(format string, args ...any) (output, result string) {
	c.t.Helper()
	c.number++
	tag := fmt.Sprintf("a%d ", c.number)
	if _, err := fmt.Fprintf(c.conn, tag+format+"\r\n", args...); err != nil {
		c.t.Fatal(err)
	}
	for {
		line := c.line()
		if rest, ok := strings.CutPrefix(line, tag); ok {
			return output, strings.TrimSpace(rest)
		}
		output += line
		if size := literal.FindStringSubmatch(line); size != nil {
			n, _ := strconv.Atoi(size[1])
			content := make([]byte, n)
			if _, err := io.ReadFull(c.reader, content); err != nil {
				c.t.Fatal(err)
			}
			output += string(content)
		}
	}
}

func (c *imap) login(user, password string) string {
	c.t.Helper()
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace
	_, result := c.command(`LOGIN "%s" "%s"`, quote(user), quote(password))
	return result
}

func TestDavMailReadsMessage(t *testing.T) {
	t.Parallel()
	for _, scheme := range schemes {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			server := start(t, only(scheme, false))
			service := server.Service()
			mail := dial(t, davmail(t, server))
			if result := mail.login(service.Login(), service.Password); !strings.HasPrefix(result, "OK") {
				t.Fatalf("LOGIN: %s", result)
			}
			output, result := mail.command(`LIST "" "*"`)
			if !strings.HasPrefix(result, "OK") || !strings.Contains(output, `"INBOX"`) || !strings.Contains(output, `"Sent"`) {
				t.Errorf("LIST: %s%s", output, result)
			}
			output, result = mail.command(`SELECT INBOX`)
			if !strings.HasPrefix(result, "OK") || !strings.Contains(output, "* 2 EXISTS") {
				t.Errorf("SELECT: %s%s", output, result)
			}
			output, result = mail.command(`FETCH 1 (UID FLAGS BODY.PEEK[])`)
			if !strings.HasPrefix(result, "OK") || !strings.Contains(output, `UID 1 FLAGS (\Seen)`) ||
				!strings.Contains(output, "Subject: Welcome\r\n") || !strings.Contains(output, "Your mailbox is ready.") {
				t.Errorf("FETCH: %s%s", output, result)
			}
			signedIn(t, server, scheme)
		})
	}
}

func TestDavMailRejected(t *testing.T) {
	t.Parallel()
	for _, scheme := range schemes {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			server := start(t, only(scheme, false))
			mail := dial(t, davmail(t, server))
			if result := mail.login(server.Service().Login(), "wrong"); !strings.HasPrefix(result, "NO") {
				t.Errorf("LOGIN: %s", result)
			}
			if got := server.SignIns(); got.Rejected == 0 || got.Accepted > 0 {
				t.Errorf("sign-ins: %+v", got)
			}
		})
	}
}
