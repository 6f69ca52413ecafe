//go:build clients

package clients_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
)

// domino is a stand-in for a Domino server, and where curl keeps its certificate authority and its cookies.
type domino struct {
	*testing.T
	*hclnotes.Server

	folder string
}

func startDomino(t *testing.T, viaSession bool) domino {
	t.Helper()
	server, err := hclnotes.Start(hclnotes.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	server.UpdateSetup(func(s *hclnotes.Setup) { s.Session = viaSession })
	d := domino{t, server, t.TempDir()}
	if err := os.WriteFile(filepath.Join(d.folder, "ca.pem"), []byte(server.CA()), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// curl calls a path and returns what it printed: the answer and, on a line of its own, the status.
func (d domino) curl(path string, config ...string) string {
	d.Helper()
	jar := filepath.Join(d.folder, "cookies")
	config = append(config,
		fmt.Sprintf("url = %q", d.URL()+path), fmt.Sprintf("cacert = %q", filepath.Join(d.folder, "ca.pem")),
		fmt.Sprintf("cookie = %q", jar), fmt.Sprintf("cookie-jar = %q", jar),
		`write-out = "\n%{http_code}"`, "silent", "show-error", "globoff", `noproxy = "*"`, "max-time = 30")
	cmd := exec.CommandContext(d.Context(), find(d.T, "curl"), "--config", "-")
	cmd.Stdin = strings.NewReader(strings.Join(config, "\n"))
	return run(d.T, cmd)
}

// reads reads whose calendar the caller's is, a name's, and Ada's mail file.
func (d domino) reads(config ...string) {
	d.Helper()
	for path, says := range map[string]string{
		"/api/calendar":                                                              `"distinguishedName":"Riva Sync/Example"`,
		"/api/calendar?owner=ada@example.com":                                        `"href":"/mail/ada.nsf/api/calendar/events"`,
		"/mail/ada.nsf/api/calendar/events?count=1":                                  `"summary":"Planning"`,
		"/mail/ada.nsf/api/mail/inbox?count=1":                                       `"subject":"Welcome"`,
		"/names.nsf/($Users)?ReadViewEntries&OutputFormat=JSON&StartKey=ada&Count=1": `"viewentry":[{`,
	} {
		if got := d.curl(path, config...); !strings.HasSuffix(got, "\n200") || !strings.Contains(got, says) {
			d.Errorf("%s: %s", path, got)
		}
	}
}

func TestCurlReadsDominoWithBasic(t *testing.T) {
	t.Parallel()
	d := startDomino(t, false)
	d.reads(fmt.Sprintf("user = %q", "rivasync@example.com:"+d.Service().Password))
	if got := d.curl("/api/calendar", `user = "rivasync:wrong"`); !strings.HasSuffix(got, "\n401") {
		t.Errorf("a wrong password: %s", got)
	}
}

func TestCurlReadsDominoWithASession(t *testing.T) {
	t.Parallel()
	d := startDomino(t, true)
	login := func(password string) string {
		return d.curl("/names.nsf?Login", `data-urlencode = "Username=Riva Sync/Example"`,
			fmt.Sprintf("data-urlencode = %q", "Password="+password), `data-urlencode = "RedirectTo=/api/calendar"`, "location")
	}
	if got := login("wrong"); !strings.HasSuffix(got, "\n200") || !strings.Contains(got, `name="Password"`) {
		t.Errorf("a wrong password: %s", got)
	}
	if got := login(d.Service().Password); !strings.HasSuffix(got, "\n200") || !strings.Contains(got, "Riva Sync/Example") {
		t.Errorf("a right password: %s", got)
	}
	d.reads()
	d.curl("/names.nsf?Logout")
	if got := d.curl("/api/calendar"); !strings.Contains(got, `name="Username"`) {
		t.Errorf("after logging out: %s", got)
	}
}
