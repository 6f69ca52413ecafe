package connection_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// expectVisible fails the test if a terminal would obey the output of Terraform.
func expectVisible(t *testing.T, out string) {
	t.Helper()
	if i := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && r != '\t' && unicode.Is(unicode.C, r) }); i >= 0 {
		t.Errorf("a terminal obeys what Terraform shows: %q", out[max(i-60, 0):min(i+60, len(out))])
	}
}

// A control plane, or a proxy before it, repeats the request and colors it.
func TestHostileControlPlaneShowsNoSecret(t *testing.T) {
	t.Parallel()
	const canary = "canary-Kx2-password-88d0"
	env := acctest.New(t)
	env.SetPassword(canary)
	text := "It got \x1b]0;owned\a\u202e" + canary + "."
	env.Serve(func(resp *http.Response) error {
		if resp.Request.Method != http.MethodPost {
			return nil
		}
		return acctest.ReplaceResponse(resp, http.StatusUnprocessableEntity, "application/problem+json", api.Problem{
			Type: api.ProblemTypePrefix + api.ProblemFault, Title: text, Detail: text, RequestID: text,
			Fault: &api.Fault{Code: text, Title: text, Message: text, Help: []string{text}, Field: text},
		})
	})
	c := env.Command(acctest.Mail(""))
	log := filepath.Join(t.TempDir(), "trace.log")
	c.Env = append(c.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
	out, err := c.Run("apply", "-auto-approve")
	if err == nil || !strings.Contains(out, "It got") {
		t.Fatalf("%v:\n%s", err, out)
	}
	expectVisible(t, out)
	if strings.Contains(out, canary) {
		t.Errorf("the password is shown:\n%s", out)
	}
	acctest.ExpectAbsent(t, log, canary)
}

func TestTerraformShowsNoControlCharacters(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(`
resource "riva_sync_policy" "mail" {
  name     = "Mail \u001b[2J"
  interval = "\u001b]0;owned\u0007"
}

data "riva_sync_logs" "all" {
  since = "\u009b31m\u202e2026"
}
`)
	out, err := c.Run("plan")
	if err == nil || !strings.Contains(out, `\x1b]0;owned\a`) || !strings.Contains(out, `\u009b31m\u202e2026`) {
		t.Errorf("%v:\n%s", err, out)
	}
	expectVisible(t, out)
}

// SECURITY.md and the guide about secrets say so: the library that speaks Terraform's protocol writes the files.
func TestProtocolDataHasSecrets(t *testing.T) {
	t.Parallel()
	const canary = "canary-Pd7-password-12ab"
	env := acctest.New(t)
	env.SetPassword(canary)
	env.Serve(nil)
	c := env.Command(acctest.Mail(""))
	dir := t.TempDir()
	c.Must("plan")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Fatalf("without the variable, there are %d files (error %v)", len(entries), err)
	}
	c.Env = append(c.Env, "TF_LOG_SDK_PROTO_DATA_DIR="+dir)
	c.Must("plan")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	with, token := 0, false
	for _, entry := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(entry.Name(), "_ConfigureProvider_Request_Config.msgpack") {
			token = token || strings.Contains(string(raw), "static")
		}
		if !strings.Contains(string(raw), canary) {
			continue
		}
		with++
		if !strings.Contains(entry.Name(), "_Request_") {
			t.Errorf("%s has the password, which the pages do not say", entry.Name())
		}
	}
	if with == 0 || !token {
		t.Errorf("of %d files, %d have the password (the token: %v), although the pages say so", len(entries), with, token)
	}
}
