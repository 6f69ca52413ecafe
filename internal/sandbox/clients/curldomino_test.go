//go:build clients

package clients_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// domino is a stand-in for a Domino server, with the files in which curl stores the certificate authority and the
// cookies.
type domino struct {
	*testing.T
	*hclnotes.Server

	ca, cookies string
}

func startDomino(t *testing.T, viaSession bool) domino {
	t.Helper()
	server := sandboxtest.Start(t, hclnotes.Start, hclnotes.Options{Options: secure()})
	server.UpdateSetup(func(s *hclnotes.Setup) { s.Session = viaSession })
	return domino{t, server, authority(t, server.CA()), filepath.Join(t.TempDir(), "cookies")}
}

// curl calls a path and returns its output: the response and, in a last line, the status.
func (d domino) curl(path string, config ...string) string {
	d.Helper()
	config = append(config, fmt.Sprintf("cookie = %q", d.cookies), fmt.Sprintf("cookie-jar = %q", d.cookies))
	return curlText(d.T, d.ca, d.URL()+path, config...)
}

// reads reads the service document of the caller, that of another user, Ada's events and messages, and the directory.
func (d domino) reads(config ...string) {
	d.Helper()
	for path, want := range map[string]string{
		"/api/calendar":                                                              `"distinguishedName":"Riva Sync/Example"`,
		"/api/calendar?owner=ada@example.com":                                        `"href":"/mail/ada.nsf/api/calendar/events"`,
		"/mail/ada.nsf/api/calendar/events?count=1":                                  `"summary":"Planning"`,
		"/mail/ada.nsf/api/mail/inbox?count=1":                                       `"subject":"Welcome"`,
		"/names.nsf/($Users)?ReadViewEntries&OutputFormat=JSON&StartKey=ada&Count=1": `"viewentry":[{`,
	} {
		if got := d.curl(path, config...); !strings.HasSuffix(got, "\n200") || !strings.Contains(got, want) {
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

func TestCurlReadsDominoWithSession(t *testing.T) {
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
